import csv
import zipfile

import openpyxl
import pytest

from tashbik.errors import FileError, HostileInputError, InputError
from tashbik.language.spoken import language_name
from tashbik.registry import tables
from tashbik.registry.encodings import detect_encoding
from tashbik.registry.export import export, neutralised
from tashbik.registry.layout import field_names, read_mapping, recognise
from tashbik.registry.readers import read_enterprises, read_needs
from tashbik.registry.records import Capability, Enterprise
from tashbik.registry.rejects import REASONS, Reject

ARABIC = "الاسم,البلد,القدرات\nمسبك الهضاب,الجزائر,مسبك لصب الألمنيوم تحت الضغط العالي\n"
FRENCH = "Raison sociale;Pays;Compétences\nDécolletage de l'Est;Algérie;Décolletage de pièces en laiton\n"


def split(items):
    found = list(items)
    return [one for one in found if not isinstance(one, Reject)], [one for one in found if isinstance(one, Reject)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_arabic_files_in_every_usual_encoding(write, encoding):
    records, rejects = split(read_enterprises(write("r.csv", ARABIC * 1, encoding)))
    assert rejects == []
    assert records[0].names == {"ar": "مسبك الهضاب"}
    assert records[0].place.country == "DZ"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_french_files_in_every_usual_encoding(write, encoding):
    path = write("r.csv", FRENCH, encoding)
    records, rejects = split(read_enterprises(path))
    assert rejects == []
    assert records[0].names["und"] == "Décolletage de l'Est"
    assert detect_encoding(path).replace("-sig", "") in (encoding, "utf-16")


def test_a_bad_row_becomes_a_reject_and_the_good_rows_go_on(write):
    path = write(
        "r.csv", "id,name,employees,as_of\n1,Alpha,40,2026-01-01\n2,Beta,many,\n3,Gamma,7,someday\n4,Delta,9,\n"
    )
    records, rejects = split(read_enterprises(path))
    assert [one.id for one in records] == ["1", "4"]
    assert [(one.row, one.field, one.value, one.reason) for one in rejects] == [
        (3, "employees", "many", "not-a-number"),
        (4, "as_of", "someday", "not-a-date"),
    ]
    assert all(one.message(language) for one in rejects for language in ("ar", "fr", "en"))


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("français", ("fr",)),
        ("العربية والفرنسية", ("ar", "fr")),
        ("Arabe, FR ; anglais", ("ar", "fr", "en")),
        ("fr-DZ; en_GB", ("fr", "en")),
        ("الأمازيغية", ("ber",)),
    ],
)
def test_languages_become_codes(write, written, codes):
    records, rejects = split(read_enterprises(write("r.csv", f'id,name,languages\n1,Alpha,"{written}"\n')))
    assert rejects == []
    assert records[0].languages == codes


def test_languages_have_a_name_in_all_three():
    assert [language_name("fr", one) for one in ("ar", "fr", "en")] == ["الفرنسية", "français", "French"]
    assert [language_name("zh", one) for one in ("ar", "fr", "en")] == ["الصينية", "chinois", "Chinese"]
    assert language_name("xx", "fr") == "xx"


def test_an_unknown_language_is_rejected_by_its_name(write):
    _, rejects = split(read_enterprises(write("r.csv", 'id,name,languages\n1,Alpha,"français, volapük"\n')))
    assert [(one.field, one.value, one.reason) for one in rejects] == [("languages", "volapük", "unknown-language")]


def test_every_reason_is_worded_in_three_languages():
    assert all(set(texts) == {"ar", "fr", "en"} and all(texts.values()) for texts in REASONS.values())


def test_rows_of_one_enterprise_become_one(write):
    path = write(
        "r.csv",
        "id,name,substance,form,dosage\nA,Alpha,PARACETAMOL,COMPRIME,500MG\nA,Alpha,IBUPROFENE,SIROP,100MG/5ML\nB,Beta,CODEINE,SIROP,1G\n",
    )
    records, _ = split(read_enterprises(path))
    assert [(one.id, len(one.capabilities)) for one in records] == [("A", 2), ("B", 1)]


def test_unknown_headers_are_an_error_that_says_so(write):
    with pytest.raises(FileError, match="none of the columns is known"):
        list(read_enterprises(write("r.csv", "foo,bar\n1,2\n")))


def test_a_mapping_file_reads_a_foreign_layout(write):
    mapping = write("m.toml", '[columns]\nname = "foo"\ncapability = "bar"\n[constants]\ncountry = "TN"\n')
    records, _ = split(read_enterprises(write("r.csv", "foo,bar\nAlpha,tournage\n"), mapping=mapping))
    assert records[0].place.country == "TN"
    with pytest.raises(InputError, match="unknown field 'nom_de_rue'"):
        list(read_enterprises(write("r2.csv", "foo\n1\n"), mapping=write("m2.toml", '[columns]\nnom_de_rue = "foo"\n')))


@pytest.mark.parametrize(
    "headers",
    [
        ["الاسم", "الولاية", "الشهادات"],
        ["Raison sociale", "Wilaya", "Certifications"],
        ["Company Name", "Governorate", "Certificates"],
    ],
)
def test_headers_are_recognised_in_three_languages(headers):
    assert list(recognise(headers).columns) == ["name", "region", "certificate"]


def test_no_header_names_two_fields():
    owners: dict[str, str] = {}
    for name, aliases in field_names().items():
        for alias in aliases:
            assert owners.setdefault(alias, name) == name


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"", "empty"),
        ("x.exe", b"MZ", "unknown kind"),
        ("x.xlsx", b"not a zip", "not an XLSX"),
        ("x.csv", b"a" * 10 + b"," * 1_000_000 + b"\n1\n", "columns"),
        ("x.csv", b"name\n" + b"x" * 30_000_000, "line is longer"),
    ],
)
def test_hostile_files_get_a_clear_error(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((FileError, HostileInputError), match=message):
        list(read_enterprises(path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileError, match=r"nowhere.csv: no such file"):
        list(read_enterprises(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2,Al\0pha", "nul"),
        (b"2,Al\xffpha \xe9t\xe9", "bad-encoding"),
        (b"2," + b"x" * 150_000, "cell-too-large"),
        (b"2,Alpha,more,cells", "too-many-cells"),
    ],
)
def test_hostile_rows_become_rejects(tmp_path, row, reason):
    path = tmp_path / "r.csv"
    path.write_bytes("id,name\n1,مؤسسة الأولى للصناعات\n".encode() * 1 + row + "\n3,مؤسسة الثالثة\n".encode())
    records, rejects = split(read_enterprises(path))
    assert [one.id for one in records] == ["1", "3"]
    assert [one.reason for one in rejects] == [reason]


def test_a_formula_cell_is_rejected(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active.append(["1", "Alpha"])
    book.active.append(["2", "=cmd|' /C calc'!A0"])
    book.save(tmp_path / "r.xlsx")
    records, rejects = split(read_enterprises(tmp_path / "r.xlsx"))
    assert [one.id for one in records] == ["1"]
    assert [(one.row, one.reason) for one in rejects] == [(3, "formula")]


def test_a_zip_bomb_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(60):
            member.write(b"0" * 1_000_000)
    with pytest.raises(HostileInputError, match="unpack"):
        list(read_enterprises(path))


def test_reading_does_not_hold_the_file(tmp_path):
    import tracemalloc

    path = tmp_path / "r.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,name,city\n")
        for number in range(60_000):
            stream.write(f"{number},Enterprise number {number} of a rather long name,Somewhere {number}\n")
    peaks = []
    for rows in (5_000, 60_000):
        tracemalloc.start()
        for count, _ in enumerate(tables.read_rows(path), 1):
            if count == rows:
                break
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
def test_what_is_exported_is_read_back_without_loss(tmp_path, write, suffix):
    source = write("r.csv", ARABIC + "=Evil,تونس,خراطة ±0.05 مم وتفريز 5000 قطعة/شهر\n")
    records, _ = split(read_enterprises(source))
    assert export(records, tmp_path / f"out{suffix}") == 2
    again, rejects = split(read_enterprises(tmp_path / f"out{suffix}", understood=False))
    assert rejects == []
    assert again == records


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_record_larger_than_a_cell_goes_on_in_the_next_row(tmp_path, suffix):
    capabilities = tuple(Capability(id=str(number), words={"ar": "خراطة " * 60}) for number in range(200))
    large = Enterprise(id="E1", names={"ar": "مؤسسة"}, employees=12, capabilities=capabilities)
    assert export([large, Enterprise(id="E2", names={"fr": "B"})], tmp_path / f"out{suffix}") > 2
    again, rejects = split(read_enterprises(tmp_path / f"out{suffix}", understood=False))
    assert (rejects, again[0]) == ([], large)


def test_exported_cells_are_no_formulas(tmp_path):
    export([Enterprise(id="=1+1", names={"fr": "@SUM(A1)", "ar": "+cmd"})], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in rows[1])
    assert neutralised("plain") == "plain"


def test_needs_as_id_and_text(write):
    needs, rejects = split(read_needs(write("n.csv", "id,text\nN1,5000 قطعة شهريا من الألمنيوم\nN2,\n")))
    assert [one.id for one in needs] == ["N1"]
    assert [one.reason for one in rejects] == ["no-text"]
    kinds = {one.kind for one in needs[0].lines[0].requirements}
    assert {"quantity", "material"} <= kinds


def test_needs_in_json_lines(write):
    needs, rejects = split(read_needs(write("n.jsonl", '{"id": "N1", "text": "tôles en acier"}\nnot json\n[1]\n')))
    assert [one.id for one in needs] == ["N1"]
    assert [one.reason for one in rejects] == ["bad-json", "bad-json"]


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf",
        b"\n\n",
        b"id,name\rE1,A\rE2,B\r",
        b"\n\nid,name\nE1,A\n",
        b"id,name,record\nE1,A,{broken\n",
        b"id,name,employees\nE1,A," + b"9" * 400 + b"\n",
    ],
)
def test_odd_files_are_read_or_refused_but_never_crash(tmp_path, raw):
    (tmp_path / "odd.csv").write_bytes(raw)
    try:
        list(read_enterprises(tmp_path / "odd.csv"))
    except FileError as error:
        assert error.file == "odd.csv"


def test_the_first_of_two_columns_of_one_name_counts(write):
    records, _ = split(read_enterprises(write("r.csv", "id,name,capability,capability\nE1,A,tournage,\n")))
    assert list(records[0].capabilities[0].words.values()) == ["tournage"]


def test_enterprises_without_id_in_two_towns_stay_two(write):
    text = "name,country,region,capability\nAtlas,DZ,Oran,tournage\nAtlas,DZ,Annaba,couture\n"
    records, _ = split(read_enterprises(write("r.csv", text)))
    assert len({record.id for record in records}) == 2


def test_the_same_row_twice_is_one_capability(write):
    text = "id,name,capability\nE1,A,tournage\nE1,A,couture\nE1,A,couture\n"
    records, _ = split(read_enterprises(write("r.csv", text)))
    assert len(records[0].capabilities) == 2


def test_a_json_line_of_unknown_fields_is_a_reject(write):
    text = '{"id": "E1", "name": "A"}\n{"x": 1}\n{"id": "E2", "name": "B"}\n'
    records, rejects = split(read_enterprises(write("r.jsonl", text)))
    assert ([one.id for one in records], [(one.row, one.reason) for one in rejects]) == (
        ["E1", "E2"],
        [(2, "unknown-columns")],
    )


def test_a_rejects_row_is_the_row_of_a_spreadsheet(write):
    _, rejects = split(read_enterprises(write("r.csv", 'id,name,employees\nE1,"A\nB\nC",3\nE2,B,many\n')))
    assert [one.row for one in rejects] == [3]


@pytest.mark.parametrize(
    "key", ['lists = ["nonsense"]', 'encoding = "klingon"', "surprise = 1", '[constants]\nnonsense = "x"']
)
def test_a_mapping_with_unknown_keys_is_an_error(write, key):
    mapping = write("m.toml", key + "\n")
    with pytest.raises(InputError, match="unknown"):
        read_mapping(mapping)
