"""The pictures of docs/screenshots: main pages of the demonstration in three languages, two widths, light and dark. `python -m tests.browser.screenshots`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.site import Site, chromium, demonstration

TARGET = Path(__file__).parents[2] / "docs" / "screenshots"
WIDTHS = {"desktop": 1280, "mobile": 390}
LOOKS = (("ar", "desktop", "light"), ("ar", "mobile", "dark"), ("fr", "desktop", "light"), ("en", "mobile", "light"))
PAGES = (
    ("home", "officer", "/"),
    ("register", "officer", "/register/?q=%D8%B5%D8%A8%20%D8%A7%D9%84%D8%A3%D9%84%D9%85%D9%86%D9%8A%D9%88%D9%85"),
    ("profile", "officer", "/register/enterprise/dz:TSB-0001"),
    ("need", "officer", "/needs/dz-N-01/"),
    ("matches", "officer", "/matches/dz-N-01/"),
    ("imports", "officer", "/imports/"),
    ("report", "officer", "/reports/"),
    ("settings", "administrator", "/settings/"),
)
TALLEST = 1600
"""Pixels of a picture's height; what is below is cut off."""
COLOURS = 128


def main() -> None:
    """Serve the demonstration and take all pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tashbik-pictures-") as folder,
        demonstration(Path(folder)) as site,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for language, width, colours in LOOKS:
            _series(browser, site, language, width, colours)
        browser.close()


def _series(browser: Browser, site: Site, language: str, width: str, colours: str) -> None:
    for role in dict.fromkeys(role for _name, role, _path in PAGES):
        context = browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900},
            color_scheme="dark" if colours == "dark" else "light",
        )
        context.add_cookies([{"name": "language", "value": language, "url": site.url}])
        page = context.new_page()
        _sign_in(page, site, role)
        for name, by, path in PAGES:
            if by == role:
                page.goto(site.url + path)
                _keep(page, TARGET / f"{name}-{language}-{width}-{colours}.png")
        context.close()


def _sign_in(page: Page, site: Site, role: str) -> None:
    from tashbik.exchange.demonstration import PASSWORD

    page.goto(f"{site.url}/accounts/login/")
    page.fill("input[name=login]", f"{role}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"{site.url}/")


def _keep(page: Page, file: Path) -> None:
    """The page as a picture of few colours, cut at its tallest."""
    page.screenshot(path=str(file), full_page=True)
    with Image.open(file) as picture:
        cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
        cut.quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("TASHBIK_DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tashbik.web.settings")
    import django

    django.setup()
    main()
