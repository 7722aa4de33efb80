"""Tax numbers in a book: what looks like one is found, what only has figures is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopledger.journal.numbering import number_in
from coopledger.journal.numbering import numbers_in_files
from coopledger.services.checking import check_path
from coopledger.services.wording import said_in
from tests import books
from tests.cli.running import LEDGER
from tests.rules.ledgers import US
from tests.rules.ledgers import lines_of

RULE = "COOP-LANG-06"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Cleo Marsh, 219-09-9999", "219-09-9999"),
        ("(899-99-9999)", "899-99-9999"),
        ("SSN 219099999", "219099999"),
        ("tax id: 12-3456789", "12-3456789"),
        ("EIN=123456789", "123456789"),
        ('ssn: "219-09-9999"', "219-09-9999"),
    ],
)
def test_what_looks_like_a_tax_number_is_one(text: str, number: str) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "000-12-3456",
        "666-12-3456",
        "900-12-3456",
        "219-00-3456",
        "219-09-0000",
        "1219-09-9999",
        "219-09-99999",
        "A219-09-9999",
        "219-09-9999-1",
        "Invoice 24-0001234",
        "219099999",
        "2024-06-30",
        "Martin 12-3456789",
        "Assets:Bank  -1234567 USD",
    ],
)
def test_other_figures_are_left_alone(text: str) -> None:
    assert number_in(text) == ""


HIDDEN = """
; Ana: 219-09-9999
2025-06-30 * "Pay" "Bea, SSN 219099998"
  ssn: 219099997
  Expenses:Rent                   10.00 USD
    tin: "219-09-9996"
  Assets:Bank                    -10.00 USD
2025-07-01 note Assets:Bank "Cleo 219-09-9995"
"""
SAID = """
2024-06-01 custom "coop-resolution" "GA-2024-06" "Admits Cleo, 219-09-9999"
  reason: "a"
"""


def found(path: Path) -> list[tuple[str, str]]:
    return [
        (one.rule, one.found.partition("ending in ")[2][:4])
        for one in check_path(path).findings
        if one.rule == RULE
    ]


def written(folder: Path, ledger: str) -> Path:
    return books.write(folder, f"{books.preamble(US)}\n{lines_of(ledger)}")


def test_checking_a_book_looks_at_every_line_of_it(tmp_path: Path) -> None:
    lasts = [last for _, last in found(written(tmp_path, HIDDEN))]
    assert lasts == ["9999", "9998", "9997", "9996", "9995"]


def test_a_number_in_an_included_file_is_found_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "more.beancount").write_text("\n\n; Ana 219-09-9999\n", "utf-8")
    path = written(tmp_path, 'include "more.beancount"\n')
    (one,) = [one for one in check_path(path).findings if one.rule == RULE]
    assert (one.origin.file, one.origin.line) == (str(tmp_path / "more.beancount"), 3)
    assert one.severity == "warning"
    assert "219-09" not in f"{one.found}{one.fix}"
    assert "terminado en 9999" in said_in("es", one).found


def test_what_the_plugin_found_is_said_once(tmp_path: Path) -> None:
    path = written(tmp_path, SAID.replace('  reason: "a"\n', ""))
    assert [one.rule for one in books.findings_of(tmp_path, path.read_text())] == [RULE]
    assert found(path) == [(RULE, "9999")]


def test_who_switches_the_rule_off_is_not_told(tmp_path: Path) -> None:
    off = f'2024-01-01 custom "coop-rule" "{RULE}" "off"\n  reason: "ours are public"\n'
    assert found(written(tmp_path, off + HIDDEN)) == []


def test_a_file_that_is_gone_or_no_text_stops_nothing(tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_bytes(b"\xff 219-09-9999")
    names = [str(tmp_path / "none"), str(odd)]
    (one,) = numbers_in_files({"filename": "", "include": names})
    assert (one.origin.file, one.origin.line) == (str(odd), 1)


def test_no_demonstration_book_has_one() -> None:
    for folder in filter(Path.is_dir, LEDGER.iterdir()):
        assert found(folder) == []
