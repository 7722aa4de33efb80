"""The workbook of a year: live formulas that come to the ledger's own figures."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING

import openpyxl
import pytest

from coopledger import xlsx
from coopledger.errors import CoopledgerError
from coopledger.errors import YearUnknownError
from coopledger.journal.loading import load_book
from coopledger.services import provenance
from coopledger.services.exporting import export
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.drafting import letter
from coopledger.services.provenance import digests_of
from tests.services import coops
from tests.services.workbooks import DEMO
from tests.services.workbooks import LEDGER
from tests.services.workbooks import YEARS
from tests.services.workbooks import appropriated
from tests.services.workbooks import closed
from tests.services.workbooks import copied
from tests.services.workbooks import demo
from tests.services.workbooks import parts_in
from tests.services.workbooks import parts_of
from tests.services.workbooks import reckoned
from tests.services.workbooks import slugged
from tests.services.workbooks import steps_in
from tests.services.workbooks import with_more

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book
    from coopledger.services.exporting.description import Workbook

# --- the ledger's own cents -----------------------------------------------------------


@pytest.mark.parametrize("name", DEMO)
@pytest.mark.parametrize("year", YEARS)
def test_every_formula_of_the_demonstration_comes_to_the_books_figure(
    name: str, year: int
) -> None:
    workbook = reckoned(demo(name), year)
    assert len(workbook.formulas()) > 80
    assert workbook.disagreements() == []
    assert (workbook.flag, workbook.failing) == ("OK", [])


@pytest.mark.parametrize("name", DEMO)
def test_what_members_get_is_what_the_books_say_to_the_cent(name: str) -> None:
    book = demo(name)
    for year, posted in book.case.distributed_years():
        workbook = reckoned(book, year.fiscal.label)
        for member, amount in posted.patronage.items():
            got = workbook.amounts("Patronage", "members_patronage", "amount")
            assert got[member] == float(amount)
        for member, amount in posted.losses.items():
            got = workbook.amounts("Loss by member", "members_members", "amount")
            assert got[member] == float(amount)


def basque_loss(folder: Path) -> Book:
    """The Basque demonstration with a third year that ends in a loss."""
    main = copied("basque", folder)
    return with_more(
        main,
        '2025-12-30 * "Avería de la prensa, sin seguro"\n'
        "  Expenses:Reparaciones  190,432.17 EUR\n"
        "  Assets:Banco\n",
    )


@pytest.fixture
def losing(tmp_path: Path) -> Book:
    return basque_loss(tmp_path)


def test_a_basque_loss_comes_to_the_books_figures(losing: Book) -> None:
    workbook = reckoned(losing)
    assert losing.case.facts(2025).pool < 0
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


def test_a_loss_that_is_booked_is_compared_with_the_books(losing: Book) -> None:
    workbook = reckoned(closed(losing, 2025, "GA-2026-01"))
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"
    assert "the books." in workbook.workbook.sheet("Checks").lines[2].text


def test_a_fiscal_year_to_30_june_bears_its_own_dates() -> None:
    sheet = workbook_of(demo("community-production"), 2025).sheet("Checks")
    assert "2024-07-01 to 2025-06-30" in sheet.lines[1].text


# --- a changed rate -------------------------------------------------------------------

CHANGES: list[tuple[str, int, str, Decimal | str]] = [
    ("freedom-farms", 2025, "collective.share", Decimal("0.417523")),
    ("freedom-farms", 2025, "collective.share", Decimal(0)),
    ("freedom-farms", 2025, "collective.share", Decimal(1)),
    ("freedom-farms", 2025, "collective.profit-share", Decimal("0.5")),
    ("freedom-farms", 2025, "patronage.cash-share", Decimal("0.333333")),
    ("freedom-farms", 2025, "patronage.notice", "nonqualified"),
    ("freedom-farms", 2024, "collective.share", Decimal("0.31")),
    ("community-production", 2025, "collective.share", Decimal("0.255")),
    ("community-production", 2024, "patronage.cash-share", Decimal("0.2")),
    ("basque", 2025, "reserves.mandatory.rate", Decimal("0.45")),
    ("basque", 2025, "education.rate", Decimal("0.05")),
    ("basque", 2025, "reserves.combined-minimum", Decimal("0.5")),
    ("basque", 2024, "reserves.voluntary.rate", Decimal("0.125")),
    ("nubias-cafe", 2024, "loss.collective-share", Decimal("0.3")),
    ("nubias-cafe", 2024, "loss.grace-years", Decimal(9)),
]


@pytest.mark.parametrize(("name", "year", "parameter", "value"), CHANGES)
def test_a_changed_rate_moves_every_step_and_member_as_the_engine_does(
    name: str, year: int, parameter: str, value: Decimal | str
) -> None:
    book = demo(name)
    workbook = reckoned(book, year)
    assert workbook.flag == "OK"
    workbook.change(slugged(parameter), value)
    expected = appropriated(book, year, parameter, value)
    assert steps_in(workbook) == [float(s.amount) for s in expected.steps]
    assert parts_in(workbook) == parts_of(expected)
    assert workbook.flag == "CHECK"
    compared = [c for c in workbook.failing if "as " in c or "added up" in c]
    assert bool(compared) == differs(book, year, expected)


def differs(book: Book, year: int, expected: Appropriation) -> bool:
    """Say whether a changed rate gives anybody anything else than it was."""
    old = book.case.appropriation(year)
    roles = {step.step.role for step in old.steps}
    return parts_of(old) != parts_of(expected) or any(
        old.to_role(role) != expected.to_role(role) for role in roles
    )


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("loss.carry-share", Decimal("0.2")),
        ("loss.voluntary-share", Decimal("0.5")),
        ("loss.average-years", Decimal(1)),
        ("loss.excess-over-capital", Decimal("0.123456")),
    ],
)
def test_a_changed_rate_moves_a_basque_loss_as_the_engine_does(
    losing: Book, parameter: str, value: Decimal
) -> None:
    workbook = reckoned(losing)
    workbook.change(slugged(parameter), value)
    expected = appropriated(losing, 2025, parameter, value)
    assert steps_in(workbook) == [float(s.amount) for s in expected.steps]
    assert parts_in(workbook) == parts_of(expected)
    assert workbook.flag == "CHECK"
    assert any("changed on Inputs" in check for check in workbook.failing)


def test_a_rate_outside_its_bound_is_a_check_of_its_own() -> None:
    workbook = reckoned(demo("basque"), 2025)
    workbook.change("reserves_mandatory_rate", Decimal("0.1"))
    assert any("outside the bounds" in check for check in workbook.failing)


def test_a_rate_finer_than_formulas_take_is_a_check_of_its_own() -> None:
    workbook = reckoned(demo("basque"), 2025)
    workbook.change("reserves_mandatory_rate", Decimal("0.30000001"))
    assert any("outside the bounds" in check for check in workbook.failing)


def test_a_rate_that_is_no_number_is_no_agreement() -> None:
    workbook = reckoned(demo("basque"), 2025)
    workbook.change("reserves_mandatory_rate", "thirty")
    assert workbook.flag == "CHECK"


# --- what does not agree --------------------------------------------------------------


def test_a_cent_moved_between_members_in_the_books_is_found(tmp_path: Path) -> None:
    main = copied("freedom-farms", tmp_path)
    closing = main.parent / "closings" / "closing-2024.beancount"
    text = closing.read_text("utf-8")
    for member, cent in (("Amara", 1), ("Desmond", -1)):
        pattern = re.compile(rf"(Equity:Members:{member}:Patronage +)(-[\d,.]+)")
        old = pattern.search(text)
        assert old is not None
        new = Decimal(old[2].replace(",", "")) + Decimal(cent) / 100
        text = pattern.sub(rf"\g<1>{new}", text, count=1)
    closing.write_text(text, "utf-8")
    workbook = reckoned(load_book(main), 2024)
    assert workbook.flag == "CHECK"
    assert workbook.failing == [
        "Patronage dividends: every member's parts, in the books: differences, added up"
    ]
    assert workbook.disagreements() == []


def test_an_earlier_year_that_is_not_distributed_is_named(tmp_path: Path) -> None:
    coop = replace(
        coops.of_hours("10", "20"),
        more='2024-12-31 * "Sales"\n  Assets:Bank  100 USD\n  Income:Sales  -100 USD\n',
    )
    workbook = reckoned(coop.write(tmp_path))
    assert workbook.failing == ["Earlier years that are not distributed yet (2024)"]


def test_somebody_who_is_paid_and_not_in_the_register_is_listed(
    tmp_path: Path,
) -> None:
    coop = coops.of_hours("10", "20")
    pay = '2025-06-30 * "Pay"\n  Expenses:Advances:Zed  90 USD\n  Assets:Bank\n'
    workbook = reckoned(replace(coop, more=pay).write(tmp_path))
    assert workbook.column("Members", "register", "member") == ["M00", "M01", "Zed"]
    assert workbook.column("Members", "register", "pay") == [100, 100, 90]
    assert workbook.flag == "OK"


def test_a_member_whose_capital_is_less_than_the_loss_bears_no_more(
    tmp_path: Path,
) -> None:
    coop = coops.of_hours("10", "30", result="-400.00")
    paid = (
        '2025-01-02 * "Paid in"\n'
        "  Assets:Bank  500 USD\n"
        "  Equity:Members:M00:Contribution  -450 USD\n"
        "  Equity:Members:M01:Contribution  -50 USD\n"
    )
    workbook = reckoned(replace(coop, more=paid).write(tmp_path))
    table = ("Loss by member", "members_members")
    assert workbook.column(*table, "part") == [75, 225]
    assert workbook.column(*table, "amount") == [75, 50]
    assert workbook.column(*table, "uncovered") == [0, 175]
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


def test_a_balance_that_no_movement_explains_is_found() -> None:
    book = load_book(LEDGER / "freedom-farms")
    book.case.books.years[2025].capital["Amara"] += Decimal("0.01")
    workbook = reckoned(book, 2025)
    assert workbook.failing == [
        "Capital: all closing balances, and the control balance in the books",
        "Capital: differences of members' closing balances from the books, added up",
        "Capital: all closing balances, and the capital on Inputs",
    ]
    assert workbook.disagreements() == []


# --- text is text ---------------------------------------------------------------------

NASTY = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "\\t=1",
    "#REF!",
    '=HYPERLINK(\\"http://example.com\\")',
    "01234",
    "{=1+1}",
    "_x003D_1",
)


def test_no_text_of_a_book_can_become_a_formula(tmp_path: Path) -> None:
    coop = coops.of_hours(*["10"] * len(NASTY))
    names = dict(zip(coop.work, NASTY, strict=True))
    nasty = replace(coop, names=names, title="=1+1")
    workbook = reckoned(nasty.write(tmp_path))
    assert workbook.disagreements() == []
    got = workbook.column("Members", "register", "name")
    said = [name.replace("\\t", "\t").replace('\\"', '"') for name in NASTY]
    assert got == said


def test_formulas_are_made_of_nothing_that_stands_in_a_book(tmp_path: Path) -> None:
    coop = coops.of_hours(*["10"] * len(NASTY))
    nasty = replace(coop, names=dict(zip(coop.work, NASTY, strict=True)))
    workbook = workbook_of(nasty.write(tmp_path), 2025)
    literals = {
        literal
        for sheet in workbook.sheets
        for _, _, cell in sheet.cells()
        if isinstance(cell.content, Formula)
        for literal in re.findall(r'"[^"]*"', cell.content.text)
    }
    assert literals <= {'"OK"', '"CHECK"', '"nonqualified"', '">0"', '"<0"', '"<="'}


# --- what it is and where it comes from -----------------------------------------------


def about(workbook: Workbook) -> dict[str, object]:
    rows = workbook.sheet("Read me").table("about").rows
    return {str(what.content): value.content for what, value in rows}


def test_the_first_sheet_says_where_the_workbook_comes_from() -> None:
    said = about(workbook_of(demo("freedom-farms"), 2025))
    assert said["Co-operative"] == "Freedom Farms"
    assert said["Currency"] == "USD"
    assert said["Book"] == "freedom-farms/main.beancount"
    assert "us-worker-ica" in str(said["Law and by-laws"])
    assert re.fullmatch(r"[0-9a-f]{64}", str(said["Digest of the book"]))


@pytest.mark.parametrize("name", DEMO)
def test_the_first_sheet_is_printed_upright_on_one_page(name: str) -> None:
    raw = xlsx.as_bytes(workbook_of(demo(name), 2025))
    native = openpyxl.load_workbook(io.BytesIO(raw))
    first, *others = (native[sheet] for sheet in ("Read me", "Inputs", "Journal"))
    setup = first.page_setup
    assert (setup.orientation, setup.fitToWidth) == ("portrait", 1)
    assert setup.fitToHeight == 1
    assert {sheet.page_setup.orientation for sheet in others} == {"landscape"}


def test_the_digest_changes_with_any_file_of_the_book(tmp_path: Path) -> None:
    main = copied("freedom-farms", tmp_path)
    before = about(workbook_of(load_book(main), 2025))["Digest of the book"]
    shared = main.parents[1] / "federation" / "parameters.beancount"
    shared.write_text(shared.read_text("utf-8") + "; a remark\n", "utf-8")
    assert before != about(workbook_of(load_book(main), 2025))["Digest of the book"]


def test_the_digest_is_the_same_wherever_the_book_lies(tmp_path: Path) -> None:
    main = copied("freedom-farms", tmp_path)
    assert digests_of(load_book(main)) == digests_of(demo("freedom-farms"))


def test_the_same_book_gives_the_same_workbook() -> None:
    assert workbook_of(demo("basque"), 2025) == workbook_of(demo("basque"), 2025)


def test_a_program_that_is_not_installed_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(provenance, "version", missing)
    said = about(workbook_of(demo("basque"), 2025))
    assert said["Made by"] == "coopledger (not installed)"


def test_a_year_the_book_does_not_reach_is_refused() -> None:
    with pytest.raises(YearUnknownError):
        workbook_of(demo("basque"), 2031)


def test_a_parameter_that_is_not_decided_is_named(tmp_path: Path) -> None:
    book = replace(coops.of_hours("10"), preset="us-worker-ica").write(tmp_path)
    book.case.policy.policies = []
    with pytest.raises(CoopledgerError, match="coop-policy"):
        workbook_of(book, 2025)


def test_exporting_hands_the_workbook_to_the_writer(tmp_path: Path) -> None:
    seen: list[tuple[Workbook, Path, bool]] = []

    def writer(workbook: Workbook, path: Path, *, force: bool = False) -> None:
        seen.append((workbook, path, force))

    target = tmp_path / "year.xlsx"
    made = export(demo("basque"), 2025, target, writer, force=True)
    assert seen == [(made, target, True)]


def test_a_row_with_a_cell_for_no_column_is_refused() -> None:
    columns = Columns.of(Column("a", "A", 10), None)
    assert columns.lay({"a": text("x")}) == (text("x"),)
    with pytest.raises(KeyError, match="no such column: b"):
        columns.lay({"b": text("x")})


def test_columns_beyond_z_have_two_letters() -> None:
    assert [letter(number) for number in (1, 26, 27, 703)] == ["A", "Z", "AA", "AAA"]
