"""One documented table of settings: default → file → environment. Not command-line options (cli)."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from tashbik.errors import SettingError


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name, default and what it does. Its environment variable is `TASHBIK_` + the name in capitals."""

    name: str
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return "TASHBIK_" + self.name.upper()


SETTINGS = (
    Setting(
        "language", "", "Language of messages and explanations: ar, fr or en; empty follows the locale, then the need."
    ),
    Setting("today", "", "Day of judgement as YYYY-MM-DD, for repeatable results; empty is the current day."),
    Setting("shared", "../shared", "Folder of data for tests and benchmarks that is not part of the project."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    language: str
    today: str
    shared: str


def load(file: Path | None = None) -> Settings:
    """Settings from defaults, then `file` (TOML; `tashbik.toml` in the working folder if none is named), then the environment.

    Raises SettingError for an unknown name or a value that is not text.
    """
    values = {setting.name: setting.default for setting in SETTINGS}
    chosen = file or Path("tashbik.toml")
    if chosen.is_file():
        for name, value in _read(chosen).items():
            if name not in values or not isinstance(value, str):
                raise SettingError(
                    f"unknown setting or not a text: {name}", file=str(chosen), field=name, mend="see docs/settings.md"
                )
            values[name] = value
    values |= {setting.name: os.environ[setting.variable] for setting in SETTINGS if setting.variable in os.environ}
    if values["language"] not in ("", "ar", "fr", "en"):
        raise SettingError(f"language is {values['language']!r}", field="language", mend="choose ar, fr or en")
    return Settings(**{field.name: values[field.name] for field in fields(Settings)})


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"cannot be read: {error}", file=str(file), mend="see docs/settings.md") from error
