"""From directives to records: who, which law, what was decided, and what is wrong."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_book
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.books import Books

US = books.preamble("us-worker-ica")


def read(folder: Path, more: str = "", before: str = US) -> Books:
    """Write the preamble and more lines, and read the book."""
    lines = "".join(f"{line}\n" for line in more.splitlines() if line)
    return load_book(books.write(folder, f"{before}\n{lines}")).case.books


def about(found: Books, subject: str) -> list[str]:
    """Return what was remarked about a subject."""
    return [remark.found for remark in found.remarks if remark.about == subject]


# --- records --------------------------------------------------------------------------


def test_a_book_says_who_it_is(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.enterprise, found.title) == ("example", "Example Co-operative")
    assert (found.currency, found.unit) == ("USD", Decimal("0.01"))
    assert found.path == str(tmp_path / "main.beancount")
    assert found.origin.line == 1
    assert found.founded == datetime.date(2020, 1, 1)
    assert found.is_cooperative


def test_a_federation_names_the_books_it_is_made_of(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2023-01-01 custom "coop-enterprise" "green-team" "../green-team/main.beancount"
""",
    )
    assert found.enterprise == "example"
    assert [(one.id, one.path) for one in found.enterprises] == [
        ("example", ""),
        ("green-team", "../green-team/main.beancount"),
    ]


def test_a_book_that_names_only_others_has_no_id_of_its_own(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '2023-01-01 custom "coop-enterprise" "green-team" "../green-team.beancount"',
        US.replace('custom "coop-enterprise"', 'custom "example"'),
    )
    assert found.enterprise == ""


def test_a_parameter_may_be_of_any_type_and_of_two_levels(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-01 custom "coop-parameter" "collective.share" 0.30
  resolution: "GA-2025-01"
2024-01-01 custom "coop-parameter" "capital.minimum" 3000.00 USD
2024-01-01 custom "coop-parameter" "tax.regime" "sub-k"
  level: "federation"
2024-01-01 custom "coop-parameter" "any.switch" TRUE
2024-01-01 custom "coop-parameter" "any.date" 2024-05-01
""",
    )
    assert [(one.name, one.value, one.level) for one in found.choices] == [
        ("collective.share", Decimal("0.30"), "statutes"),
        ("capital.minimum", Decimal("3000.00"), "statutes"),
        ("tax.regime", "sub-k", "federation"),
        ("any.switch", True, "statutes"),
        ("any.date", datetime.date(2024, 5, 1), "statutes"),
    ]
    assert found.choices[0].resolution == "GA-2025-01"


def test_a_basis_has_all_its_properties(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-01 custom "coop-patronage" "milk" "Expenses:Milk:{member}"
  measure: "units"
  weight: 0.5
  share: 0.4
  factor: "fat"
  currency: "LITRES"
  resolution: "GA-2025-01"
""",
    )
    basis = found.bases[-1]
    assert (basis.basis, basis.measure, basis.factor) == ("milk", "units", "fat")
    assert (basis.weight, basis.share) == (Decimal("0.5"), Decimal("0.4"))
    assert basis.currency == "LITRES"
    assert found.bases[0].measure == "hours"


def test_a_member_has_a_name_a_class_a_reason_and_a_day_of_consent(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path,
        """
2024-01-01 custom "coop-member" "Cleo" "join"
  name: "Cleo Ortiz"
  class: "worker"
  consent: 2024-01-02
2024-06-30 custom "coop-member" "Cleo" "leave"
  reason: "moves away"
""",
    )
    joined, left = found.register.events["Cleo"]
    assert (joined.name, joined.member_class) == ("Cleo Ortiz", "worker")
    assert joined.consent == datetime.date(2024, 1, 2)
    assert left.reason == "moves away"


def test_resolutions_and_seals_are_on_file(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2025-06-01 custom "coop-seal" "2024" "0123456789abcdef"
""",
    )
    assert list(found.resolutions) == ["GA-2025-01", "GA-2026-01"]
    (seal,) = found.seals
    assert (seal.year, seal.digest) == (2024, "0123456789abcdef")


def test_a_book_of_its_own_chart_is_read_by_it(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "coop-account" "patronage" "Equity:Socias:{member}:Retornos"
2024-06-01 * "Retorno"
  coop-kind: "patronage"
  Assets:Bank                       10.00 USD
  Equity:Socias:Ana:Retornos       -10.00 USD
""",
    )
    movement = found.movements()[-1]
    assert (movement.member, movement.role) == ("Ana", "patronage")


def test_root_accounts_may_bear_other_names(tmp_path: Path) -> None:
    renamed = US.replace("Equity:", "Patrimonio:").replace("Income:", "Ingresos:")
    options = 'option "name_equity" "Patrimonio"\noption "name_income" "Ingresos"\n'
    path = tmp_path / "main.beancount"
    text = books.with_opens(options + renamed)
    opens = "".join(
        f"2000-01-01 open {name}\n"
        for name in (
            "Patrimonio:Members:Ana:Contribution",
            "Patrimonio:Members:Bea:Contribution",
            "Patrimonio:Collective",
            "Patrimonio:Reserves:EntryFees",
            "Ingresos:Sales",
        )
    )
    path.write_text(text + opens, "utf-8")
    book = load_book(path)
    assert book.errors == []
    year = book.case.books.years[2024]
    assert year.capital == {"Ana": 1000, "Bea": 1000}
    assert year.result == {"cooperative": 1000}


def test_a_book_without_anything_cooperative_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text('2024-01-01 custom "budget" "any"\n', "utf-8")
    found = load_book(path).case.books
    assert not found.is_cooperative
    assert found.founded is None
    assert found.years == {}


# --- what is wrong --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "padded"),
    [
        ("pad Assets:Bank Equity:Members:Ana:Contribution", True),
        ("pad Equity:Collective Assets:Bank", True),
        ("pad Liabilities:Funds:Education Assets:Bank", True),
        ("pad Assets:Cash Equity:Opening-Balances", False),
        ("pad Assets:Cash Assets:Bank", False),
        ("pad Assets:Cash Expenses:Advances:Ana", True),
    ],
)
def test_capital_reserves_and_funds_are_never_padded(
    tmp_path: Path, line: str, *, padded: bool
) -> None:
    found = read(tmp_path, f"2024-06-01 {line}\n")
    assert bool(about(found, "pad")) is padded


def test_plugins_and_options_in_included_files_count_for_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "more.beancount").write_text(
        'option "title" "Ignored"\n'
        'option "operating_currency" "EUR"\n'
        'option "name_equity" "Equity"\n'
        "\n"
        'plugin "coopledger.plugin"\n'
        ';; plugin "in.a.comment"\n',
        "utf-8",
    )
    found = read(tmp_path, 'include "more.beancount"\n')
    remarks = [remark for remark in found.remarks if remark.about == "included"]
    assert [(remark.origin.line, remark.found) for remark in remarks] == [
        (
            1,
            (
                "The line 'option \"title\"' stands in an included file, where "
                "Beancount ignores it without a word."
            ),
        ),
        (
            5,
            (
                "The line 'plugin \"coopledger.plugin\"' stands in an included file, "
                "where Beancount ignores it without a word."
            ),
        ),
    ]


def test_an_included_file_that_cannot_be_read_as_text_is_left_to_beancount(
    tmp_path: Path,
) -> None:
    (tmp_path / "more.beancount").write_bytes(b"; \xff\xfe\n")
    assert about(read(tmp_path, 'include "more.beancount"\n'), "included") == []


def test_a_second_plugin_line_at_the_top_is_no_business_of_ours(tmp_path: Path) -> None:
    found = read(tmp_path, 'plugin "beancount.plugins.leafonly"\n')
    assert about(found, "included") == []


def test_income_and_expenses_are_never_padded(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica") + (
        "2024-06-01 pad Assets:Cash Income:Sales\n"
        "2024-06-02 balance Assets:Cash 10.00 USD\n"
    )
    assert [one.found for one in books.findings_of(tmp_path, text)] == [
        "Income:Sales is padded."
    ]
