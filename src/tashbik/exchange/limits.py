"""How often something may be done in a time: fixed windows, counted in Django's cache. Not who may do it (permissions.py)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import TooManyError


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` acts in each window of `seconds`, for each key (an address, an account)."""

    name: str
    most: int
    seconds: int


SEARCH = Limit("search", most=30, seconds=60)
"""Searches by words of one visitor: more than a person types, less than copying a register takes."""


def take(limit: Limit, key: str) -> int:
    """Count one act; returns how many are left in this window. Raises TooManyError where none was left.

    The key is kept only as a digest, and no longer than the window. Two processes that count at the very same moment may count
    once: a limit keeps off floods, it is no lock.
    """
    now = time.time()
    window = int(now // limit.seconds)
    digest = salted_hmac("tashbik.limits", f"{limit.name}:{key}", algorithm="sha256").hexdigest()[:32]
    place = f"limit:{limit.name}:{window}:{digest}"
    used = 1 if cache.add(place, 1, limit.seconds + 1) else _one_more(place)
    if used > limit.most:
        wait = max(1, int((window + 1) * limit.seconds - now))
        raise TooManyError(_("Too many requests in a short time; nothing was lost."), mend=_wait(wait))
    return limit.most - used


def _one_more(place: str) -> int:
    try:
        return int(cache.incr(place))
    except ValueError:  # its time ran out between the two
        return 1


def _wait(seconds: int) -> str:
    text = ngettext("Try again in %(count)d second.", "Try again in %(count)d seconds.", seconds)
    return str(text % {"count": seconds})
