"""Every text for people exists in the three languages, with the same placeholders; documentation names all that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tashbik.errors
from tashbik.cli import texts
from tashbik.cli.main import main
from tashbik.linkage import explain
from tashbik.linkage.judges import JUDGES
from tashbik.settings import SETTINGS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tashbik"
TABLES = {"commands": texts.texts(), "wording": explain._wording()}


@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for name, table in TABLES.items() for key in table], ids=lambda value: str(value)
)
def test_texts_have_the_same_placeholders_in_three_languages(name, key):
    row = TABLES[name][key]
    assert set(row) == {"ar", "fr", "en"} and all(row.values())
    placeholders = [set(re.findall(r"{(\w+)", text)) for text in row.values()]
    assert placeholders[0] == placeholders[1] == placeholders[2]


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, table in TABLES.items() for key in table])
def test_arabic_texts_are_in_arabic_script(name, key):
    latin = re.sub(r"{[^}]*}", "", TABLES[name][key]["fr"])
    if re.search("[A-Za-z]{3}", latin):
        assert re.search("[\u0621-\u064a]", TABLES[name][key]["ar"])


def test_every_text_of_the_commands_is_used():
    code = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "cli").glob("*.py"))
    used = set(re.findall(r"""text\(\s*["']([a-z._-]+)["']""", code))
    assert set(TABLES["commands"]) == used


def test_every_reason_that_a_judge_gives_is_worded():
    code = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "linkage" / "judges").glob("*.py"))
    reasons = set(re.findall(r'(?:passed|failed|unknown)\(\s*requirement,\s*"([a-z-]+)"', code))
    assert len(reasons) > 20
    for reason in reasons:
        assert any(key == f"reason.{reason}" or key.endswith(f".{reason}") for key in TABLES["wording"]), reason


def test_every_kind_of_requirement_has_a_name_and_a_question():
    for kind in JUDGES:
        assert f"kind.{kind}" in TABLES["wording"] and f"question.{kind}" in TABLES["wording"]


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"`{setting.name}`" in page and setting.variable in page and setting.help in page


def test_every_command_is_documented():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        for full in [f"{name} {sub}" for sub in command.commands] if hasattr(command, "commands") else [name]:
            assert f"`tashbik {full}" in page, full


def test_every_error_is_exported_and_drawn():
    drawn = tashbik.errors.__doc__
    for name in tashbik.errors.__all__:
        assert name in drawn
        assert getattr(tashbik.errors, name).code


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_links_between_pages_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target
