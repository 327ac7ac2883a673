"""What a request asks for, shown as the pages of needs show it: lines, quantities, requirements, as of the version that is quoted for."""

from __future__ import annotations

from copy import copy

from tashbik.exchange.models import Rfq
from tashbik.exchange.need_sheet import in_force
from tashbik.web.needs.showing import ShownLine, shown_lines
from tashbik.web.needs.working import digits_of
from tashbik.web.request import Request


def lines_of(request: Request, rfq: Rfq) -> list[ShownLine]:
    """The lines of a request with their requirements."""
    need = copy(rfq.need)
    need.record, need.details = rfq.record, rfq.details
    return shown_lines(in_force(need), digits_of(request))
