"""Numbers as pages write them: decimals of a column, and signs that stay on their side within Arabic."""

from __future__ import annotations

import pytest
from django.utils import translation

from tashbik.web import reading


@pytest.mark.parametrize(("language", "written"), [("ar", "0.240"), ("fr", "0,240"), ("en", "0.240")])
def test_a_column_has_as_many_decimals_in_each_row(language: str, written: str) -> None:
    with translation.override(language):
        assert reading.decimals(0.24, 3) == written
        assert reading.decimals(None, 3) == ""


def test_signs_stay_on_their_side_of_a_number_within_arabic() -> None:
    with translation.override("ar"):
        assert reading.percent(0.63) == "\u206663%\u2069"
        assert reading.number(-0.05) == "\u2066-0.05\u2069"
        assert reading.number(12000) == "12,000"
        assert reading.percent(0.63, "arab") == "٦٣%"
    with translation.override("en"):
        assert reading.percent(0.63) == "63%"
