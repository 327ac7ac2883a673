"""The few figures of the first page, that anyone may see."""

from __future__ import annotations

from tashbik.exchange.models import Enterprise, Need


def figures() -> dict[str, int]:
    """Published enterprises, their countries, and open needs."""
    published = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED)
    released = Need.objects.filter(status=Need.Status.RELEASED, confidentiality=Need.Confidentiality.OPEN)
    return {
        "enterprises": published.count(),
        "countries": published.order_by().exclude(country="").values("country").distinct().count(),
        "needs": released.count(),
    }
