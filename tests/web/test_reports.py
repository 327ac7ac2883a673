"""The page of the report and its files; the drawings of its figures."""

from __future__ import annotations

import io
from collections.abc import Callable
from xml.etree import ElementTree

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tashbik.web.charts.bars import WIDTH, Bar, bars, funnel
from tests.exchange.test_reports import cycle
from tests.world import World

Browse = Callable[..., Client]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_shows_figures_with_tables_behind(world: World, browse: Browse, language: str) -> None:
    cycle(world)
    text = browse("officer", language).get(reverse("reports:overview")).content.decode()
    assert {"ar": "أرسلت عرضًا", "fr": "ont envoyé une offre", "en": "sent a quote"}[language] in text
    assert text.count('<svg class="chart"') == text.count("<figure") >= 4
    assert text.count('<details class="more">') == text.count("<figure")
    assert "DZD" in text


def test_a_period_that_cannot_be_is_said(world: World, browse: Browse) -> None:
    client, address = browse("analyst"), reverse("reports:overview")
    wrong = client.get(address, {"start": "2026-05-01", "end": "2026-04-01"})
    assert wrong.status_code == 422 and "before the start" in wrong.content.decode()
    cycle(world)
    past = client.get(address, {"start": "2020-01-01", "end": "2020-12-31"}).content.decode()
    assert "Nothing was awarded" in past


def test_files(world: World, browse: Browse) -> None:
    cycle(world)
    client = browse("officer", "ar")
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("reports:file", args=["xlsx"])).content))
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    assert ["DZD", 1, 1000] in [[cell.value for cell in row] for row in book.worksheets[1].rows]
    text = client.get(reverse("reports:file", args=["csv"])).content.decode("utf-8-sig")
    assert "DZD,1,1000" in text
    assert client.get(reverse("reports:file", args=["pdf"])).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 200), ("analyst", 200), ("administrator", 200), ("member", 403), ("buyer", 403), ("visitor", 302)],
)
def test_who_may_open_it(world: World, browse: Browse, role: str, status: int) -> None:
    assert browse(role).get(reverse("reports:overview")).status_code == status
    assert browse(role).get(reverse("reports:file", args=["csv"])).status_code == status


ROWS = [Bar("A & <b>", 10, "10"), Bar("صب", 5, "5"), Bar("none", 0, "0")]


@pytest.mark.parametrize("rtl", [False, True])
def test_bars_are_as_long_as_their_values(rtl: bool) -> None:
    drawing = ElementTree.fromstring(bars(ROWS, title="T", rtl=rtl))
    widths = [float(one.get("width", "")) for one in drawing.iter("rect")]
    assert widths[0] == 2 * widths[1] and widths[2] == 0
    ends = {float(one.get("x", "")) + (float(one.get("width", "")) if rtl else 0) for one in drawing.iter("rect")}
    assert ends == {float(WIDTH) if rtl else 0.0}
    assert next(one.text for one in drawing.iter("text")) == "A & <b>"
    assert not bars([], title="T")


def test_the_last_step_of_a_funnel_stands_out() -> None:
    drawing = ElementTree.fromstring(funnel(ROWS, title="T"))
    assert [one.get("class") for one in drawing.iter("rect")] == ["bar-1", "bar-1", "bar-2"]
