"""The one tree of errors. Every message names the cause, the place and the way out, and can be rendered in three languages.

::

    TashbikError
    ├── InputError          bad input from outside: a file, a row, a field, an option (exit code 2)
    │   ├── FileError       a file that cannot be read at all
    │   └── HostileInputError   a file refused because it would exhaust the machine or carries active content
    ├── SettingError        a setting with an impossible value
    ├── IndexStateError     an index folder that is not usable as it is
    │   └── StaleIndexError     built by another version of the engine, the encoder or the vocabulary
    ├── BusyError           another process writes in the same folder
    └── WeightsError        encoder weights that are missing or not those that were pinned
"""

from __future__ import annotations


class TashbikError(Exception):
    """Root of all errors raised on purpose.

    `code` is a stable kebab-case name for programs; `message` English prose for people; `place` says where
    (`file`, `row`, `field`), and `mend` what to do.
    """

    code = "error"

    def __init__(
        self, message: str, *, file: str = "", row: int | None = None, field: str = "", mend: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.row = row
        self.field = field
        self.mend = mend

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (self.file, f"row {self.row}" if self.row is not None else "", self.field) if part
        )
        return ": ".join(part for part in (place, self.message) if part) + (f" ({self.mend})" if self.mend else "")

    def as_json(self) -> dict[str, object]:
        """The one JSON shape of an error."""
        return {
            "error": self.code,
            "message": self.message,
            "file": self.file,
            "row": self.row,
            "field": self.field,
            "mend": self.mend,
        }


class InputError(TashbikError):
    """Bad input from outside."""

    code = "bad-input"


class FileError(InputError):
    """A file that cannot be read at all."""

    code = "bad-file"


class HostileInputError(InputError):
    """A file refused because reading it would exhaust the machine or because it carries active content."""

    code = "hostile-input"


class SettingError(TashbikError):
    """A setting with an impossible value."""

    code = "bad-setting"


class IndexStateError(TashbikError):
    """An index folder that is not usable as it is."""

    code = "index-state"


class StaleIndexError(IndexStateError):
    """An index built by another version of the engine, the encoder or the vocabulary; rebuild it."""

    code = "index-stale"


class BusyError(TashbikError):
    """Another process writes in the same folder."""

    code = "busy"


class WeightsError(TashbikError):
    """Encoder weights that are missing or not those that were pinned."""

    code = "bad-weights"


__all__ = [
    "BusyError",
    "FileError",
    "HostileInputError",
    "IndexStateError",
    "InputError",
    "SettingError",
    "StaleIndexError",
    "TashbikError",
    "WeightsError",
]
