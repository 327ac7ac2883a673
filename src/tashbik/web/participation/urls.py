"""Addresses under /forum/ of the public pages, the participants' own, the halls and the door, papers and report. Not the organiser's (editions/urls.py)."""

from __future__ import annotations

from django.urls import path

from tashbik.web.participation import halls, mine, papers, printed, public, reporting

app_name = "participation"
urlpatterns = [
    path("public/<slug:code>/", public.edition, name="public"),
    path("public/<slug:code>/programme/", public.programme, name="programme"),
    path("public/<slug:code>/programme.pdf", papers.programme, name="programme-pdf"),
    path("public/<slug:code>/apply/", public.apply, name="apply"),
    path("public/<slug:code>/apply/<str:token>/", public.apply_by_link, name="apply-by-link"),
    path("public/<slug:code>/link/", public.link_again, name="link-again"),
    path("link/<str:token>/", mine.link, name="link"),
    path("calendar/<str:token>/agenda.ics", papers.subscribed, name="subscribed"),
    path("me/all/", mine.index, name="mine"),
    path("me/leave/", mine.leave, name="leave"),
    path("me/<slug:badge>/", mine.agenda, name="agenda"),
    path("me/<slug:badge>/partners/", mine.partners, name="partners"),
    path("me/<slug:badge>/wish/<int:about>/", mine.wish, name="wish"),
    path("me/<slug:badge>/absence/", mine.absence, name="absence"),
    path("me/<slug:badge>/papers/", mine.papers, name="papers"),
    path("me/<slug:badge>/meeting/<int:number>/", mine.feedback, name="feedback"),
    path("me/<slug:badge>/agenda.pdf", papers.agenda, name="agenda-pdf"),
    path("me/<slug:badge>/agenda.ics", papers.calendar, name="calendar"),
    path("me/<slug:badge>/invitation.pdf", papers.letter, name="letter"),
    path("screens/<slug:code>/", halls.screens, name="screens"),
    path("screen/<str:token>/", halls.screen, name="screen"),
    path("screen/<str:token>/<int:hall>/", halls.screen, name="screen-of"),
    path("door/<slug:code>/", halls.door, name="door"),
    path("door/<slug:code>/at/", halls.at_session, name="at"),
    path("badge/<slug:badge>/", halls.badge, name="badge"),
    path("printed/<slug:code>/<slug:what>.pdf", printed.printed, name="printed"),
    path("report/<slug:code>/", reporting.page, name="report"),
    path("report/<slug:code>/report.pdf", reporting.printed, name="report-pdf"),
    path("report/<slug:code>/file/<slug:ending>/", reporting.file, name="report-file"),
]
