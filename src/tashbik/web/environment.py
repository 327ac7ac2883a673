"""The settings of the application that come from the environment, in one documented table. Not what Django makes of them (settings.py)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tashbik.errors import SettingError


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable: name, default and what it does."""

    name: str
    default: str
    help: str


VARIABLES = (
    Variable("TASHBIK_DATA", "data", "Folder of the database (SQLite), the index, uploaded files and sent messages."),
    Variable(
        "TASHBIK_SECRET_KEY",
        "",
        "Secret that signs sessions and links; at least 50 random characters. Needed unless TASHBIK_DEBUG is 1.",
    ),
    Variable("TASHBIK_DEBUG", "0", "1 for development: detailed errors, plain http."),
    Variable("TASHBIK_HOSTS", "localhost,127.0.0.1,[::1]", "Host names that the site answers to, with commas."),
    Variable("TASHBIK_HTTPS", "1", "0 where the site is reached by plain http, as in a demonstration on one machine."),
    Variable("TASHBIK_PROXY", "0", "1 where a proxy in front sets X-Forwarded-Proto."),
    Variable(
        "DATABASE_URL",
        "",
        "Database address, e.g. postgres://user:password@host/name; empty for SQLite in TASHBIK_DATA.",
    ),
    Variable(
        "TASHBIK_EMAIL_URL",
        "file",
        "Where e-mail goes: file (into TASHBIK_DATA/mail), console, or smtp://user:password@host:587 (smtps:// for TLS from the start).",
    ),
    Variable(
        "TASHBIK_SITE",
        "",
        "Address of the site, for links in messages, e.g. https://exchange.example.org; empty: messages have no links.",
    ),
    Variable("TASHBIK_EMAIL_FROM", "Tashbik <exchange@localhost>", "Sender of e-mail."),
    Variable("TASHBIK_LOG", "text", "Form of the log: text or json."),
    Variable(
        "TASHBIK_DEMONSTRATION",
        "0",
        "1 shows on each page that the data are fictitious, and lists the ready accounts on the sign-in page.",
    ),
    Variable("TASHBIK_METRICS_TOKEN", "", "Token that /metrics asks for; empty allows it from this machine only."),
    Variable(
        "TASHBIK_OCDS_PREFIX",
        "ocds-tashbik",
        "Prefix of open contracting ids, as registered with the Open Contracting Partnership.",
    ),
    Variable("TASHBIK_UPLOAD_MB", "50", "Largest file that may be uploaded, in megabytes."),
)
_BY_NAME = {one.name: one for one in VARIABLES}


def value(name: str) -> str:
    """A variable's value or default; KeyError for one that the table does not have."""
    return os.environ.get(name, _BY_NAME[name].default)


def flag(name: str) -> bool:
    """A variable that is 0 or 1. Raises SettingError for anything else."""
    found = value(name)
    if found not in ("0", "1"):
        raise SettingError(f"{name} is {found!r}", field=name, mend="set it to 0 or 1")
    return found == "1"


def number(name: str) -> int:
    """A variable that is a positive whole number. Raises SettingError for anything else."""
    found = value(name)
    if not found.isdigit() or int(found) == 0:
        raise SettingError(f"{name} is {found!r}", field=name, mend="set it to a positive whole number")
    return int(found)


def secret_key(debug: bool) -> str:
    """The secret key; in development one that is good for nothing else. Raises SettingError where it is missing or short."""
    key = value("TASHBIK_SECRET_KEY")
    if key and len(key) < 50:
        raise SettingError("TASHBIK_SECRET_KEY is short", field="TASHBIK_SECRET_KEY", mend="use 50 random characters")
    if not key and not debug:
        raise SettingError(
            "TASHBIK_SECRET_KEY is not set",
            field="TASHBIK_SECRET_KEY",
            mend="set it to 50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
        )
    return key or "for-development-only-" + "0" * 50


def data_folder() -> Path:
    """The folder of the installation's data, absolute; it need not exist yet."""
    return Path(value("TASHBIK_DATA")).resolve()
