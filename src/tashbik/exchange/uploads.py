"""Checks of files that people upload: size, kind by name and by content, a safe name, the digest. Not their keeping (verbs/attachments.py).

A file is taken only if its extension is on the list and its first bytes are of that kind; what browsers or office programs would run (scripts in
PDF, macros, programs inside archives) is refused. All files are handed out as downloads only, in a sandbox.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError

HEAD = 4_096
MOST_IN_ARCHIVE = 500
MOST_UNPACKED = 20
"""An archive may unpack to at most so many times the size allowed for one file: more is a bomb or no drawing set."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was taken: its safe name, media type, size in bytes and SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


Sniff = Callable[[bytes], bool]


def _starts(*magic: bytes) -> Sniff:
    return lambda head: head.startswith(magic)


def _is_pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_dxf(head: bytes) -> bool:
    if head.startswith(b"AutoCAD Binary DXF\r\n\x1a\x00"):
        return True
    lines = [line.strip() for line in head.decode("latin-1").splitlines()]
    while len(lines) > 1 and lines[0] == "999":  # comments before the first section
        lines = lines[2:]
    return lines[:2] == ["0", "SECTION"]


def _is_step(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"ISO-10303-21;")


def _is_iges(head: bytes) -> bool:
    """Lines of 80 characters, the first of the start section: S and a number in columns 73 to 80."""
    return re.match(rb"[^\r\n]{72}S\s*\d+\s*[\r\n]", head) is not None


_ZIP = _starts(b"PK\x03\x04")
KINDS: dict[str, tuple[str, Sniff]] = {
    "pdf": ("application/pdf", _is_pdf),
    "png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "webp": ("image/webp", _is_webp),
    "tif": ("image/tiff", _starts(b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", _starts(b"II*\x00", b"MM\x00*")),
    "dxf": ("image/vnd.dxf", _is_dxf),
    "dwg": ("image/vnd.dwg", _starts(b"AC10")),
    "step": ("model/step", _is_step),
    "stp": ("model/step", _is_step),
    "igs": ("model/iges", _is_iges),
    "iges": ("model/iges", _is_iges),
    "zip": ("application/zip", _ZIP),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
}
"""Extensions that are taken, with media type and the test of the first bytes: papers, pictures, drawings and models, sets of these."""
_OFFICE = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)\b")


def checked(file: File[bytes], name: str) -> Checked:
    """Check an uploaded file by name and content. Raises InvalidError (field `file`) that says what is wrong and what is taken."""
    size = file.size or 0
    if size == 0:
        raise _refused(_("The file is empty."))
    if size > settings.TASHBIK_UPLOAD_BYTES:
        most = settings.TASHBIK_UPLOAD_BYTES // 1_000_000
        raise _refused(_("The file is larger than %(most)d MB. Reduce it, or split it.") % {"most": most})
    safe = safe_name(name)
    extension = PurePosixPath(safe).suffix.lower().lstrip(".")
    if extension not in KINDS:
        raise _refused(
            _("Files of this kind are not taken. Taken are: %(kinds)s.") % {"kinds": ", ".join(sorted(KINDS))}
        )
    media_type, sniff = KINDS[extension]
    file.seek(0)
    if not sniff(file.read(HEAD)):
        raise _refused(_("The content of the file is not what its name says (%(kind)s).") % {"kind": extension})
    _without_active_content(file, extension)
    return Checked(safe, media_type, size, _digest(file))


def _refused(text: str) -> InvalidError:
    return InvalidError({"file": [text]}, text)


def safe_name(name: str) -> str:
    """The last part of a name without control, direction-changing and reserved characters; Arabic letters stay."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(one for one in last if unicodedata.category(one)[0] != "C" and one not in '<>:"|?*%;')
    kept = re.sub(r"\s+", " ", kept).strip(" .")
    if last.startswith(".") and "." not in kept:
        kept = f"file.{kept}"
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:10]}" if stem else f"file{dot}{extension[:10]}"


def _digest(file: File[bytes]) -> str:
    found = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _without_active_content(file: File[bytes], extension: str) -> None:
    file.seek(0)
    if extension == "pdf" and _runs(file):
        raise _refused(_("The PDF contains a script or starts a program. Print it to PDF again (PDF/A) and send that."))
    if extension in ("zip", *_OFFICE):
        _check_archive(file, extension)


def _runs(file: File[bytes]) -> bool:
    """Whether the file says so in plain bytes; chunks overlap so that no name is cut in two."""
    tail = b""
    for chunk in file.chunks():
        if _ACTIVE_PDF.search(tail + chunk):
            return True
        tail = chunk[-32:]
    return False


def _check_archive(file: IO[bytes] | File[bytes], extension: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _refused(_("The archive is damaged. Make it anew.")) from error
    names = [one.filename for one in entries]
    if len(entries) > MOST_IN_ARCHIVE or sum(one.file_size for one in entries) > _most_unpacked():
        raise _refused(_("The archive holds too much. Send the drawings in several smaller ones."))
    if any(one.flag_bits & 1 for one in entries):
        raise _refused(_("The archive is locked with a password. Send it without."))
    if extension in _OFFICE:
        macros = any(PurePosixPath(one).name.lower() in ("vbaproject.bin", "vbadata.xml") for one in names)
        if macros or _OFFICE[extension] not in names:
            raise _refused(_("The document contains macros or is not a document of this kind. Save it without macros."))
        return
    for name in names:
        inner = PurePosixPath(name).suffix.lower().lstrip(".")
        if inner == "zip" or inner not in KINDS or name.startswith("/") or ".." in PurePosixPath(name).parts:
            raise _refused(_("The archive contains a file that is not taken: %(name)s.") % {"name": safe_name(name)})


def _most_unpacked() -> int:
    return int(settings.TASHBIK_UPLOAD_BYTES) * MOST_UNPACKED
