"""PDF of a template, with an embedded Arabic font; nothing is fetched but the own static files. Not the templates.

    return pdf_response(request, "matches/paper.html", {...}, name="matches-dz-N-1")

The template extends `printing/paper.html`. WeasyPrint lays it out with Pango, and embeds the fonts that fontconfig knows; where Pango
or a font with Arabic letters is missing, PrintingError names the package to install.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tashbik.errors import PrintingError

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

STATIC = "static:/"
"""Start of the addresses that a printed template may name: `static:/tashbik/icons/icons.svg`."""
_PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_FONT = "fonts-noto-core"
_LAYOUT = "weasyprint"


def pdf(template: str, context: dict[str, Any], *, language: str, request: HttpRequest | None = None) -> bytes:
    """The PDF of a template in a language. Raises PrintingError where Pango or an Arabic font is missing."""
    weasyprint = _weasyprint()
    if not has_arabic_font():
        raise PrintingError(
            _(
                "PDFs cannot be made: there is no font with Arabic letters on the server, for example Noto Naskh Arabic."
            ),
            mend=_("Ask who runs it to install the package %(package)s.") % {"package": _FONT},
        )
    with translation.override(language):
        text = render_to_string(template, {**context, "language": language}, request=request)
    document = weasyprint.HTML(string=text, base_url=STATIC, url_fetcher=_own_files(), media_type="print")
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=False)
    return made


def pdf_response(
    request: HttpRequest, template: str, context: dict[str, Any], *, name: str, language: str = ""
) -> HttpResponse:
    """The PDF as a file of that name (letters, digits, dots and hyphens are kept)."""
    made = pdf(template, context, language=language or translation.get_language() or "ar", request=request)
    return attachment(made, "application/pdf", f"{name}.pdf")


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """Content as a file to be saved."""
    safe = "".join(one if one.isascii() and (one.isalnum() or one in ".-_") else "-" for one in name)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _weasyprint() -> Any:
    try:
        import weasyprint
    except ImportError as error:
        raise PrintingError(
            _("PDFs cannot be made: the program that lays out pages (WeasyPrint) is missing on the server."),
            mend=_("Ask who runs it to install the package %(package)s.") % {"package": _LAYOUT},
        ) from error
    except OSError as error:  # its libraries are looked for at import
        raise PrintingError(
            _("PDFs cannot be made: a library for laying out text (Pango) is missing on the server."),
            mend=_("Ask who runs it to install the package %(package)s.") % {"package": _PANGO},
        ) from error
    return weasyprint


@cache
def _own_files() -> URLFetcher:
    """A fetcher that hands out own static files and refuses everything else: no network, no other file."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Own static files only."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The file of a `static:/` address; ValueError for any other."""
            path = static_file(url)
            return URLFetcherResponse(url, path.read_bytes())

    return OwnFiles()


def static_file(url: str) -> Path:
    """The own static file that a `static:/` address names. Raises ValueError for any other address, or where there is none."""
    parts = urlsplit(url)
    if parts.scheme != "static" or parts.netloc:
        raise ValueError(f"{url} is not one of the project's own static files")
    name = unquote(parts.path).lstrip("/")
    found = finders.find(name) if ".." not in Path(name).parts else None
    collected = Path(settings.STATIC_ROOT or "") / name
    if isinstance(found, str):
        return Path(found)
    if ".." not in Path(name).parts and collected.is_file():
        return collected
    raise ValueError(f"there is no static file {name}")


class _FontSet(ctypes.Structure):
    """FcFontSet of fontconfig."""

    _fields_: ClassVar = [("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p)]


@cache
def has_arabic_font() -> bool:
    """Whether fontconfig knows a font that covers Arabic (the pattern `:lang=ar`)."""
    library = ctypes.util.find_library("fontconfig")
    if library is None:
        return False
    font = ctypes.CDLL(library)
    font.FcNameParse.restype = font.FcObjectSetCreate.restype = ctypes.c_void_p
    font.FcFontList.restype = ctypes.POINTER(_FontSet)
    pattern, wanted = ctypes.c_void_p(font.FcNameParse(b":lang=ar")), ctypes.c_void_p(font.FcObjectSetCreate())
    font.FcObjectSetAdd(wanted, b"family")
    found = font.FcFontList(None, pattern, wanted)
    try:
        return bool(found) and int(found.contents.count) > 0
    finally:
        font.FcFontSetDestroy(found)
        font.FcObjectSetDestroy(wanted)
        font.FcPatternDestroy(pattern)
