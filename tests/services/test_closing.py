"""Closing a year: when it is refused, what is proposed, and when nothing is left."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import NoPolicyError
from coopledger.errors import ResolutionUnknownError
from coopledger.errors import YearNotClosableError
from coopledger.errors import YearNotSealableError
from coopledger.journal.loading import load_book
from coopledger.services.checking import check_path
from coopledger.services.closing import close_year
from coopledger.services.closing import seal_year
from coopledger.services.closing import write_closing
from tests import books

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopledger.services.closing import Closing

RESOLUTION = "GA-2025-01"
BASIS = '"coop-patronage" "labour" "Expenses:Advances:{member}"\n  measure: "hours"\n'


def write(folder: Path, change: Callable[[str], str] = str, preset: str = "") -> Path:
    """Write a preset's small book after a change of its text."""
    return books.write(folder, change(books.preamble(preset or "us-worker-ica")))


def close(
    folder: Path,
    change: Callable[[str], str] = str,
    *,
    year: int = 2024,
    resolution: str = RESOLUTION,
) -> Closing:
    """Write a book after a change of its text, and close a year."""
    return close_year(load_book(write(folder, change)), year, resolution)


def with_more(more: str) -> Callable[[str], str]:
    """Return the change that adds something at a book's end."""
    return lambda text: f"{text}\n{more}\n"


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Return the change that replaces something that is there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


# --- years that cannot be closed ------------------------------------------------------


def test_a_year_without_activity_is_refused_with_the_years_that_have_some(
    tmp_path: Path,
) -> None:
    with pytest.raises(YearNotClosableError, match=r"activity: 2024\."):
        close(tmp_path, year=2023)


def test_a_book_without_any_activity_says_so(tmp_path: Path) -> None:
    def opening_only(text: str) -> str:
        return text[: text.index("2024-06-30")]

    with pytest.raises(YearNotClosableError, match=r"activity: none\."):
        close(tmp_path, opening_only)


def test_a_year_that_came_out_even_has_nothing_to_distribute(tmp_path: Path) -> None:
    closing = close(tmp_path, replaced("1,400.00", "400.00"))
    assert closing.is_booked
    assert closing.text == ""


def test_a_year_is_closed_after_its_last_day_and_not_on_it(tmp_path: Path) -> None:
    book = load_book(write(tmp_path))
    last = datetime.date(2024, 12, 31)
    with pytest.raises(YearNotClosableError, match="close it after that day"):
        close_year(book, 2024, today=last)
    assert close_year(book, 2024, today=last + datetime.timedelta(days=1)).planned


def test_the_earlier_year_is_closed_first(tmp_path: Path) -> None:
    sale = '2023-06-30 * "Sale"\n  Assets:Bank  5.00 USD\n  Income:Sales  -5.00 USD\n'
    with pytest.raises(YearNotClosableError, match="Close 2023 first"):
        close(tmp_path, with_more(sale))


def test_an_earlier_year_that_came_out_even_needs_no_closing(tmp_path: Path) -> None:
    even = (
        '2023-06-30 * "As much as was earned was spent"\n'
        "  Income:Sales  -5.00 USD\n  Expenses:Rent  5.00 USD\n"
    )
    assert close(tmp_path, with_more(even)).planned


def test_years_before_the_co_op_was_one_need_no_closing(tmp_path: Path) -> None:
    before = (
        '2019-06-30 * "The company it was before"\n'
        "  Assets:Bank  5.00 USD\n  Income:Sales  -5.00 USD\n"
        '2019-12-31 * "Closed by the company"\n'
        "  Income:Sales  5.00 USD\n  Equity:Collective  -5.00 USD\n"
        '2018-06-30 * "Sale"\n  Assets:Bank  5.00 USD\n  Income:Sales  -5.00 USD\n'
    )
    assert close(tmp_path, with_more(before)).planned


def test_an_earlier_year_with_its_education_fund_only_is_still_open(
    tmp_path: Path,
) -> None:
    more = (
        '2023-06-30 * "Ventas de 2023"\n'
        "  Assets:Banco  100.00 EUR\n  Income:Ventas  -100.00 EUR\n"
        '2023-12-31 * "COFIP de 2023" #coop-appropriation ^GA-2025-01\n'
        '  coop-kind: "appropriation"\n  coop-year: "2023"\n'
        "  Expenses:DotacionEducacion  10.00 EUR\n"
        "  Liabilities:Fondos:EducacionPromocion  -10.00 EUR\n"
    )
    book = load_book(write(tmp_path, with_more(more), "es-basque-worker"))
    with pytest.raises(YearNotClosableError, match="Close 2023 first"):
        close_year(book, 2024, RESOLUTION)
    with pytest.raises(YearNotSealableError, match="its result is not distributed yet"):
        seal_year(book, 2023)


# --- resolutions ----------------------------------------------------------------------


def test_a_resolution_that_is_not_on_file_is_refused_with_the_nearest(
    tmp_path: Path,
) -> None:
    with pytest.raises(ResolutionUnknownError, match="did you mean 'GA-2025-01'"):
        close(tmp_path, resolution="GA-2025-1")


def test_a_resolution_of_the_year_itself_cannot_have_approved_its_accounts(
    tmp_path: Path,
) -> None:
    early = '2024-12-31 custom "coop-resolution" "GA-2024-09" "Budget"\n'
    with pytest.raises(YearNotClosableError, match="before the year ended"):
        close(tmp_path, with_more(early), resolution="GA-2024-09")


# --- books that cannot be trusted -----------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced("hours: 30", 'hours: "thirty"'), "says 'thirty' for 'hours'"),
        (replaced("    hours: 30\n", ""), "has no 'hours'"),
        (replaced('"coop-patronage"', '"coop-patronge"'), "did you mean"),
        (
            with_more('2020-01-01 custom "coop-parameter" "colective.share" 0.5'),
            "colective.share",
        ),
        (
            with_more('2020-01-01 custom "coop-parameter" "patronage.notice" "none"'),
            "patronage.notice",
        ),
        (
            with_more('2020-01-01 custom "coop-parameter" "collective.share" 30'),
            "lies between 0 and 1",
        ),
        (
            with_more('2020-01-01 custom "coop-parameter" "patronage.cash-share" -0.1'),
            "lies between 0 and 1",
        ),
        (
            with_more(
                '2024-05-01 * "Euro"\n  Assets:Bank  9.00 EUR\n'
                "  Equity:Members:Ana:Contribution  -9.00 EUR"
            ),
            "kept in USD",
        ),
        (replaced("-1,400.00 USD", "-1,300.00 USD"), "does not balance"),
        (with_more("2024-12-31 balance Assets:Bank 1.00 USD"), "Balance failed"),
        (
            with_more(
                "2024-05-01 pad Assets:Till Equity:Collective\n"
                "2024-05-02 balance Assets:Till  9.00 USD"
            ),
            "is padded",
        ),
    ],
    ids=[
        "hours-in-words",
        "no-hours",
        "misspelt-directive",
        "misspelt-parameter",
        "unknown-word",
        "percent-for-share",
        "negative-share",
        "second-currency",
        "unbalanced",
        "bank-differs",
        "padded",
    ],
)
def test_a_year_is_not_closed_on_figures_that_are_known_to_be_wrong(
    tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    with pytest.raises(YearNotClosableError, match=words) as caught:
        close(tmp_path, change)
    assert "main.beancount:" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "later",
    [
        "2025-02-01 balance Assets:Bank 1.00 USD",
        '2025-02-01 custom "coop-resolutoin" "GA-2025-07" "Misspelt"',
    ],
    ids=["error", "finding"],
)
def test_what_is_wrong_in_a_later_year_does_not_stop_a_closing(
    tmp_path: Path, later: str
) -> None:
    assert close(tmp_path, with_more(later)).planned


def test_a_finding_that_touches_no_figure_does_not_stop_a_closing(
    tmp_path: Path,
) -> None:
    (tmp_path / "more.beancount").write_text('option "title" "Unheard"\n', "utf-8")
    changed = with_more('include "more.beancount"')
    assert close(tmp_path, changed).planned
    found = check_path(tmp_path).findings
    assert {finding.rule for finding in found} == {"COOP-LANG-02"}


def test_a_book_that_no_preset_governs_is_not_closed(tmp_path: Path) -> None:
    with pytest.raises(NoPolicyError):
        close(tmp_path, replaced('2020-01-01 custom "coop-policy" "us-worker-ica"', ""))


# --- results without a destination ----------------------------------------------------


def test_without_a_patronage_basis_nothing_is_divided(tmp_path: Path) -> None:
    with pytest.raises(YearNotClosableError, match="Declare it with coop-patronage"):
        close(tmp_path, replaced(f"2020-01-01 custom {BASIS}", ""))


def test_a_basis_that_was_chosen_during_the_year_does_not_divide_it(
    tmp_path: Path,
) -> None:
    late = replaced(f"2020-01-01 custom {BASIS}", f"2024-02-01 custom {BASIS}")
    with pytest.raises(YearNotClosableError, match="2024-02-01"):
        close(tmp_path, late)


def test_a_member_with_negative_patronage_is_named(tmp_path: Path) -> None:
    back = (
        '2024-12-31 * "Pay taken back"\n'
        "  Expenses:Advances:Bea  -150.00 USD\n    hours: -15\n"
        "  Assets:Bank  150.00 USD"
    )
    with pytest.raises(YearNotClosableError, match="patronage of Bea is negative"):
        close(tmp_path, with_more(back))


# --- what is proposed -----------------------------------------------------------------


def test_the_base_shows_tax_as_a_deduction(tmp_path: Path) -> None:
    tax = '2024-12-31 * "Tax"\n  Expenses:Tax  90.00 USD\n  Assets:Bank  -90.00 USD'
    closing = close(tmp_path, with_more(tax))
    assert closing.base == {"cooperative": Decimal(1000), "tax": Decimal(-90)}
    assert closing.appropriation.pool == Decimal(910)


def test_a_closing_takes_todays_date_when_none_is_given(tmp_path: Path) -> None:
    assert close(tmp_path).appropriation.pool == Decimal(1000)


def test_fractions_of_a_cent_from_foreign_money_stay_in_the_result(
    tmp_path: Path,
) -> None:
    guest = (
        '2024-07-01 * "A guest pays in euro, which the bank changes"\n'
        "  Assets:Bank      11.12 USD\n  Income:Sales  -10.00 EUR @ 1.1123 USD"
    )
    closing = close(tmp_path, with_more(guest))
    assert closing.appropriation.pool == Decimal("1011.12")
    write_closing(load_book(tmp_path), closing)
    assert check_path(tmp_path).findings == ()
    assert close_year(load_book(tmp_path), 2024, RESOLUTION).is_booked


# --- what is booked already -----------------------------------------------------------


def booked(folder: Path, preset: str = "us-worker-ica") -> Path:
    """Close a book's year and write it."""
    main = write(folder, preset=preset)
    book = load_book(main)
    write_closing(book, close_year(book, 2024, RESOLUTION))
    return main


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_distribution_that_no_longer_fits_is_refused_with_its_place(
    tmp_path: Path,
) -> None:
    main = booked(tmp_path)
    edit(main, "1,400.00", "1,500.00")
    with pytest.raises(YearNotClosableError, match=r"closing-2024\.beancount:[0-9]+"):
        close_year(load_book(main), 2024, RESOLUTION)


def test_of_two_transactions_only_the_missing_one_is_proposed(tmp_path: Path) -> None:
    main = booked(tmp_path, "es-basque-worker")
    path = tmp_path / "closings" / "closing-2024.beancount"
    text = path.read_text("utf-8")
    distribution = text.index('2025-03-31 * "')
    path.write_text(text[:distribution], "utf-8")
    closing = close_year(load_book(main), 2024, RESOLUTION)
    assert [plan.date for plan in closing.planned] == [datetime.date(2025, 3, 31)]
    assert " open " not in closing.text


# --- seals ----------------------------------------------------------------------------


def test_a_distributed_year_is_sealed_with_a_directive_that_the_rules_accept(
    tmp_path: Path,
) -> None:
    main = booked(tmp_path)
    seal = seal_year(load_book(main), 2024)
    assert seal.startswith('2025-03-31 custom "coop-seal" "2024" "')
    main.write_text(f"{main.read_text('utf-8')}{seal}\n", "utf-8")
    assert check_path(main).findings == ()
    edit(main, '"Sales of 2024"', '"Sales of 2024, told anew"')
    assert {one.rule for one in check_path(main).findings} == {"COOP-BOOK-04"}


@pytest.mark.parametrize("year", [2024, 1999])
def test_a_year_that_is_not_distributed_is_not_sealed(
    tmp_path: Path, year: int
) -> None:
    with pytest.raises(YearNotSealableError, match="its result is not distributed yet"):
        seal_year(load_book(write(tmp_path)), year)


# --- half a closing, a draft, another figure ------------------------------------------

EXPENSE = """
2024-12-31 * "COFIP" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Expenses:DotacionEducacion              100.00 EUR
  Liabilities:Fondos:EducacionPromocion  -100.00 EUR
"""


def test_the_rest_of_a_year_is_written_into_the_next_free_file(tmp_path: Path) -> None:
    first = tmp_path / "closings" / "closing-2024.beancount"
    first.parent.mkdir()
    first.write_text(EXPENSE, "utf-8")
    main = write(
        tmp_path,
        with_more(
            'include "closings/closing-2024.beancount"\n'
            "2000-01-01 open Expenses:DotacionEducacion"
        ),
        "es-basque-worker",
    )
    assert [one.rule for one in check_path(main).findings] == ["COOP-APP-11"]
    closing = close_year(load_book(main), 2024, RESOLUTION)
    assert [plan.narration for plan in closing.planned] == [
        "Distribution of the surplus of fiscal year 2024"
    ]
    written = write_closing(load_book(main), closing)
    assert written.name == "closing-2024-2.beancount"
    assert first.read_text("utf-8") == EXPENSE
    assert check_path(main).is_clean
    assert close_year(load_book(main), 2024, RESOLUTION).is_booked


def test_a_draft_that_was_booked_is_not_taken_for_the_distribution(
    tmp_path: Path,
) -> None:
    draft = close(tmp_path, resolution="").text
    with pytest.raises(YearNotClosableError, match=r"is a draft of its distribution"):
        close(tmp_path, with_more(draft))


def test_what_was_booked_otherwise_is_named_by_account(tmp_path: Path) -> None:
    booked = close(tmp_path).text
    for account in ("Ana", "Bea"):
        assert f":{account}:" in booked
    other = booked.replace("-250.00 USD", "-260.00 USD").replace(
        "  250.00 USD", "  260.00 USD"
    )
    assert other != booked
    with pytest.raises(
        YearNotClosableError, match=r"Equity:Collective -260\.00, not -250\.00"
    ):
        close(tmp_path, with_more(other))


# --- accounts that are not open on the day --------------------------------------------


def with_life(line: str) -> Callable[[str], str]:
    """Return the change after which a line alone says when the reserve is open."""

    def change(text: str) -> str:
        kept = [one for one in text.splitlines() if "  Equity:Collective " not in one]
        bare = "\n".join(kept).replace("2,520.00", "2,020.00")
        first = "" if " open " in line else "2000-01-01 open Equity:Collective\n"
        return f"{bare}\n{first}{line}\n"

    return change


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2025-03-30 close Equity:Collective", "is closed on 2025-03-30"),
        ("2025-04-01 open Equity:Collective", "is opened on 2025-04-01 only"),
    ],
)
def test_an_account_that_is_not_open_on_the_day_is_named(
    tmp_path: Path, line: str, why: str
) -> None:
    with pytest.raises(YearNotClosableError, match=rf"Equity:Collective, .* {why}"):
        close(tmp_path, with_life(line))


@pytest.mark.parametrize("what", ["open", "close"])
def test_an_account_is_open_on_its_first_and_its_last_day(
    tmp_path: Path, what: str
) -> None:
    change = with_life(f"2025-03-31 {what} Equity:Collective")
    assert close(tmp_path, change).planned


# --- a loss after somebody was repaid -------------------------------------------------

LOSS_OF_2025 = """
2025-06-30 * "A fire, and the work of the year"
  Expenses:Repairs      2,700.00 USD
  Expenses:Advances:Ana    75.00 USD
    hours: 15
  Expenses:Advances:Bea    25.00 USD
    hours: 15
  Assets:Bank          -2,800.00 USD
2026-02-01 * "Bea is repaid most of her capital"
  coop-kind: "redemption"
  Equity:Members:Bea:Contribution  900.00 USD
  Assets:Bank                     -900.00 USD
"""


def test_who_was_repaid_before_the_resolution_bears_what_is_left(
    tmp_path: Path,
) -> None:
    def book(text: str) -> str:
        return (
            text.replace("2024-06-30", "2020-06-30")
            .replace("2024-12-31", "2020-12-31")
            .replace("1,400.00", "400.00")
            + LOSS_OF_2025
        )

    main = write(tmp_path, book)
    closing = close_year(load_book(main), 2025, "GA-2026-01")
    borne = {
        line.account: line.amount
        for plan in closing.planned
        for line in plan.legs
        if ":Members:" in line.account
    }
    assert borne["Equity:Members:Bea:Losses"] == 100
    assert borne["Equity:Members:Ana:Losses"] == 1000
    write_closing(load_book(main), closing)
    # Bea was repaid out of what the creditors are owed, and nothing else is wrong.
    assert {one.rule for one in check_path(main).findings} == {"COOP-RED-03"}
    assert close_year(load_book(main), 2025, "GA-2026-01").is_booked


# --- years before the law -------------------------------------------------------------

OF_2018 = """
2018-06-30 * "Ventas de 2018"
  Assets:Banco      50.00 EUR
  Income:Ventas    -50.00 EUR
"""
OF_2021 = OF_2018.replace("2018", "2021")


def test_years_to_which_the_law_on_file_does_not_reach_are_not_asked_for(
    tmp_path: Path,
) -> None:
    def early(text: str) -> str:
        return text.replace("2020-01-01 custom", "2017-01-01 custom") + OF_2018

    main = write(tmp_path, early, "es-basque-worker")
    assert close_year(load_book(main), 2024, RESOLUTION).planned


def test_earlier_years_under_the_law_are_closed_first(tmp_path: Path) -> None:
    main = write(tmp_path, with_more(OF_2021), "es-basque-worker")
    with pytest.raises(YearNotClosableError, match=r"Close 2021 first"):
        close_year(load_book(main), 2024, RESOLUTION)


def test_an_earlier_year_that_cannot_be_worked_out_is_asked_for_all_the_same(
    tmp_path: Path,
) -> None:
    def taken_back(text: str) -> str:
        back = '2021-06-30 * "Taken back"\n  Expenses:Anticipos:Ana  -5.00 EUR\n'
        return f"{text}{OF_2021}{back}  Assets:Banco  5.00 EUR\n"

    main = write(tmp_path, taken_back, "es-basque-worker")
    with pytest.raises(YearNotClosableError, match=r"Close 2021 first"):
        close_year(load_book(main), 2024, RESOLUTION)
