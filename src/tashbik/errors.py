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
    ├── ExchangeError       something the exchange does not do
    │   ├── NotPermittedError   the actor's role does not allow it
    │   ├── NotFoundError       no such record, or none that the actor may know of
    │   ├── ConflictError       the record was changed by someone else meanwhile
    │   ├── StateError          the record is in a state that does not allow it
    │   ├── InvalidError        values that cannot be taken, named by field
    │   └── TooManyError        more requests than are allowed in a time
    ├── PrintingError       a PDF that cannot be made: a library or a font with Arabic letters is missing on the machine
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
        return ": ".join(part for part in (place, str(self.message)) if part) + (f" ({self.mend})" if self.mend else "")

    def as_json(self) -> dict[str, object]:
        """The one JSON shape of an error."""
        return {
            "error": self.code,
            "message": str(self.message),
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


class PrintingError(TashbikError):
    """The machine lacks what a PDF needs; `mend` names the package to install."""

    code = "cannot-print"


class ExchangeError(TashbikError):
    """Something the exchange does not do; the message may be a lazy translation."""

    code = "exchange"


class NotPermittedError(ExchangeError):
    """The actor's role does not allow it."""

    code = "not-permitted"


class NotFoundError(ExchangeError):
    """No such record, or none that the actor may know of."""

    code = "not-found"


class ConflictError(ExchangeError):
    """The record was changed by someone else meanwhile; nothing was overwritten."""

    code = "conflict"


class StateError(ExchangeError):
    """The record is in a state that does not allow it."""

    code = "wrong-state"


class InvalidError(ExchangeError):
    """Values that cannot be taken: `fields` maps a field (or "" for the whole) to its messages."""

    code = "invalid"

    def __init__(self, fields: dict[str, list[str]], message: str = "some values cannot be taken") -> None:
        super().__init__(message, field=next(iter(fields), ""))
        self.fields = fields

    def as_json(self) -> dict[str, object]:
        """The one JSON shape, with the messages by field beside it."""
        return {
            **super().as_json(),
            "fields": {name: [str(one) for one in texts] for name, texts in self.fields.items()},
        }


class TooManyError(ExchangeError):
    """More requests than are allowed in a time."""

    code = "too-many"


__all__ = [
    "BusyError",
    "ConflictError",
    "ExchangeError",
    "FileError",
    "HostileInputError",
    "IndexStateError",
    "InputError",
    "InvalidError",
    "NotFoundError",
    "NotPermittedError",
    "PrintingError",
    "SettingError",
    "StaleIndexError",
    "StateError",
    "TashbikError",
    "TooManyError",
    "WeightsError",
]
