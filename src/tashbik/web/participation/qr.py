"""QR codes (ISO/IEC 18004) as SVG, and the absolute addresses that stand in them. Not what stands on the paper around them."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, title: str = "") -> SafeString:
    """The code of a text, error correction M or better, black on white with the quiet zone of four modules; sized by what it stands on."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, title=title or None)
    return mark_safe(str(drawn))  # segno escapes the title; nothing else is text


def address_of(request: HttpRequest, page: str, *arguments: Any) -> str:
    """The absolute address of a page: on the site's own name where it is set, so that what is printed stays right."""
    path = reverse(f"participation:{page}", args=arguments)
    site = str(getattr(settings, "TASHBIK_SITE", "")).rstrip("/")
    return site + path if site else request.build_absolute_uri(path)
