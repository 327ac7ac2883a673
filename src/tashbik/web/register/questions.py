"""The questions that a profile should answer, in words, and where each is answered. Not their weights (exchange.projection)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

QUESTIONS: dict[str, tuple[Any, str]] = {
    "capabilities": (_("What can you make or do, in your own words?"), "capabilities"),
    "place": (_("In which town or region do you work?"), "place"),
    "contacts": (_("How can a buyer reach you?"), "contacts"),
    "capacity": (_("How much can you make in a month?"), "capabilities"),
    "spare": (_("How much of your capacity is free now?"), "capabilities"),
    "envelope": (_("How large may a part be?"), "capabilities"),
    "materials": (_("Which materials and grades do you work?"), "capabilities"),
    "lead_time": (_("How many days from order to delivery?"), "capabilities"),
    "certificates": (_("Which certificates do you hold, and until when?"), "certificates"),
    "machines": (_("Which machines do you have?"), "machines"),
    "employees": (_("How many people do you employ?"), "identity"),
    "identifiers": (_("What is your number in the trade register?"), "identity"),
    "references": (_("For whom have you worked?"), "exports"),
    "exports": (_("Where do you export to, and what?"), "exports"),
}
"""By the names of exchange.projection.QUESTIONS: the question to the enterprise, and the section of the form that it is answered in."""

WHY: dict[str, Any] = {
    "capabilities": _("Without it nobody finds you."),
    "place": _("Buyers look for who is near, and freight is counted from there."),
    "contacts": _("A question that cannot be sent is not answered."),
    "capacity": _("A buyer sees at once whether you can carry the order."),
    "spare": _("Free capacity is what buyers ask for first."),
    "envelope": _("Size rules a workshop in or out before anything else."),
    "materials": _("Needs name a material; yours must be known to meet it."),
    "lead_time": _("Needs have a date; yours must be known to meet it."),
    "certificates": _("Many needs demand one."),
    "machines": _("They say what you can do better than words."),
    "employees": _("Support and finance are given by size."),
    "identifiers": _("It proves who you are, and keeps two records from being one."),
    "references": _("Who has worked with you vouches for you."),
    "exports": _("They show that you know foreign customers and rules."),
}
