"""The pictures of docs/screenshots, and the page that lists them. `python -m tests.browser.screenshots [NAME …]`. Not what a page must be (test_pages.py).

The officer's day is played in Arabic first, so that the pages have something to show; then a file waits in its dry run and a change for moderation.
With names (of SHOWN) those pictures alone are taken anew.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tests.browser.pages import PAGES, ROOMS
from tests.browser.rooms import FORUM
from tests.browser.site import Site, demonstration

if TYPE_CHECKING:
    from tests.browser import script

TARGET = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES = {"desktop": (1280, 900), "mobile": (390, 844)}
TALLEST = {"desktop": 1500, "mobile": 1700}
"""Pixels of a picture's height; what is below is cut off."""
COMMON, FAR = 32, 96
"""Colours of a picture's palette: the most common ones as they are, and some that are far from each other, so that no hue is lost; the files stay below 200 kB."""
MACHINE = "مخرطة بالتحكم الرقمي بخمسة محاور"
SEARCH = quote("صب الألمنيوم تحت الضغط")
SHOWN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "home": ("What waits for an officer", "home", ("ar-desktop-light", "fr-mobile-dark", "en-mobile-light")),
    "register": (
        "The register, searched by meaning",
        "register",
        ("ar-desktop-light", "fr-desktop-dark", "en-mobile-light"),
    ),
    "profile": ("An enterprise", "profile", ("ar-mobile-dark", "fr-desktop-light", "en-mobile-light")),
    "editing": ("A section of a profile, edited", "editing", ("ar-desktop-light", "fr-mobile-light")),
    "import": ("A register file in its dry run", "dry-run", ("ar-desktop-light", "en-mobile-dark")),
    "moderation": ("A change, before and after", "moderation", ("ar-desktop-dark", "fr-mobile-light")),
    "need": ("A need, checked before its release", "check", ("ar-mobile-light", "en-desktop-light")),
    "matches": (
        "The matches of a need",
        "matches",
        ("ar-desktop-light", "ar-mobile-dark", "fr-desktop-dark", "en-desktop-light"),
    ),
    "cell": ("One verdict, opened", "cell", ("ar-desktop-light", "fr-mobile-light")),
    "comparison": ("Quotes compared", "comparison", ("ar-desktop-light", "fr-desktop-light", "en-mobile-dark")),
    "report": ("The report of the exchange", "report", ("ar-desktop-light", "fr-mobile-dark", "en-desktop-light")),
    "settings": ("Settings of an exchange", "settings", ("ar-mobile-light", "en-desktop-dark")),
    "pair": ("Two records that may be one enterprise", "pair", ("ar-desktop-light", "fr-mobile-dark")),
    "group": (
        "A group for an order that no enterprise can make alone",
        "composer",
        ("ar-desktop-light", "ar-mobile-light", "fr-desktop-dark"),
    ),
    "network": ("What the network shows", "network", ("ar-desktop-light", "en-mobile-light")),
    "explorer": ("The network explored", "explorer", ("ar-desktop-dark", "fr-desktop-light", "en-mobile-light")),
    "clusters": ("Clusters and specialised places", "clusters", ("ar-desktop-light", "fr-mobile-dark")),
    "edition": ("An edition of the forum, for its organiser", "edition", ("ar-desktop-light", "en-desktop-dark")),
    "plan": (
        "A plan of business meetings, with what is proven of it",
        "plan",
        ("ar-desktop-light", "fr-desktop-light"),
    ),
    "agenda": ("A participant's agenda", "agenda", ("ar-mobile-light", "fr-mobile-dark", "en-mobile-light")),
    "recommendations": (
        "What became of recommendations",
        "recommendations",
        ("ar-desktop-light", "en-mobile-dark", "fr-desktop-light"),
    ),
    "hall": ("The screen of a hall", "screen", ("ar-desktop-light", "fr-desktop-light")),
}
"""First part of a picture's name: what it shows, the page of pages.PAGES or ROOMS, and the looks it is taken in; the hall comes last."""


def main(names: list[str]) -> None:
    """Serve the demonstration, play the day, take the pictures and write their page; pictures of earlier versions go."""
    from tests.browser import script

    chosen = {name: SHOWN[name] for name in SHOWN if not names or name in names}
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tashbik-pictures-") as folder,
        demonstration(Path(folder) / "site") as site,
        script.stage(site, Path(folder)) as stage,
    ):
        places = _places(stage, {page for _text, page, _looks in chosen.values()})
        for name, (_text, page, looks) in chosen.items():
            for old in TARGET.glob(f"{name}-*.png"):
                old.unlink()
            if page == "screen":
                _meet_now(site)
            for look in looks:
                _take(stage, places, page, f"{name}-{look}")
    for old in TARGET.glob("*.png"):
        if old.name.split("-")[0] not in SHOWN:
            old.unlink()
    (TARGET / "README.md").write_text(_listed(), encoding="utf-8")


def _places(stage: script.Stage, pages: set[str]) -> dict[str, str]:
    """What the addresses of these pages have places for; the day is played where one of them needs it."""
    played = asdict(_prepare(stage)) if pages & set(PAGES) else {}
    return {**played, **(asdict(stage.rooms()) if pages & set(ROOMS) else {})}


def _meet_now(site: Site) -> None:
    """Move the first two times of the coming edition to this hour: on another day the screen of the halls is empty."""
    now = datetime.now(ZoneInfo("Africa/Algiers"))
    hour = min(now.hour, 22)
    with closing(sqlite3.connect(site.folder / "exchange.sqlite3", timeout=60)) as database, database:
        for number, starts, ends in ((1, time(hour), time(hour, 59, 59)), (2, time(hour + 1), time(hour + 1, 59))):
            database.execute(
                "UPDATE exchange_meetingslot SET day = ?, starts = ?, ends = ? WHERE number = ? AND edition_id = "
                "(SELECT id FROM exchange_edition WHERE code = ?)",
                (now.date().isoformat(), starts.isoformat(), ends.isoformat(), number, FORUM),
            )


def _prepare(stage: script.Stage) -> script.Played:
    """A file that waits in its dry run, the day, and a change that waits for moderation."""
    from tests.browser import day as steps
    from tests.browser.phrases import ARABIC

    officer, member = stage.person("officer", "ar"), stage.person("member", "ar")
    waiting = steps.import_register(officer, ARABIC, stage.folder)
    played = stage.day("ar")
    steps.propose_change(member, ARABIC, MACHINE)
    officer.go_to("Moderation")
    officer.follow("Begin with the oldest")
    officer.sees_heading("Before and after")
    return replace(played, dry_run=waiting, submission=officer.path())


def _take(stage: script.Stage, places: dict[str, str], page: str, name: str) -> None:
    """One picture: the page in the look that its name ends with."""
    language, device, colours = name.split("-")[-3:]
    role, address = (PAGES | ROOMS)[page]
    window = stage.window(language, size=SIZES[device], dark=colours == "dark", role=role)
    window.goto(stage.site.url + address.format(**places) + (f"?q={SEARCH}" if page == "register" else ""))
    window.wait_for_load_state("networkidle")
    file = TARGET / f"{name}.png"
    window.screenshot(path=str(file), full_page=True)
    window.context.close()
    _shrink(file, TALLEST[device])


def _shrink(file: Path, tallest: int) -> None:
    """Cut a picture at its tallest and keep it in few colours."""
    from PIL import Image

    with Image.open(file) as picture:
        cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, tallest)))
    counted = cut.getcolors(cut.width * cut.height) or []
    common = b"".join(bytes(colour) for _count, colour in sorted(counted, reverse=True)[:COMMON])
    palette = Image.new("P", (1, 1))
    far = cut.quantize(FAR, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette.putpalette(common + bytes(far))
    cut.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)


def _listed() -> str:
    """The page of the pictures."""
    lines = [
        "# Pictures of the pages",
        "",
        "Taken by `make screenshots` from the demonstration, after the officer's day of the browser tests was played on it.",
        "All enterprises, people and needs in them are fictitious. The names say language, width and colours.",
        "For the screen of a hall the first two times of the coming edition were moved to the hour of the picture.",
    ]
    for name, (text, _page, looks) in SHOWN.items():
        first = f"{name}-{looks[0]}"
        links = " · ".join(f"[{one}]({name}-{one}.png)" for one in looks)
        lines += ["", f"## {text}", "", links, "", f"![{text}: {looks[0]}]({first}.png)"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.django_settings")
    import django

    django.setup()
    main(sys.argv[1:])
