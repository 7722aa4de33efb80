"""Near misses: what was meant is offered, and nothing is left out in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

PAY = """
2025-06-30 * "Pay"
  Expenses:Advances:Ana   75.00 USD
    {0}
  Assets:Bank            -75.00 USD
"""


def test_a_misspelt_hours_is_found_and_offered(tmp_path: Path) -> None:
    sentences = said(tmp_path, US, PAY.format("hour: 15"))
    assert (
        "COOP-LANG-01: The posting to Expenses:Advances:Ana says 'hour'; did you mean "
        "'hours'?"
    ) in sentences


def test_hours_in_quotes_are_told_to_lose_them(tmp_path: Path) -> None:
    (one,) = found(tmp_path, US, PAY.format('hours: "15"'))
    assert (one.rule, one.fix) == ("COOP-LANG-03", "Take the quotes off: hours: 15.")


@pytest.mark.parametrize(
    "tag", ["coop-apropriation", "coop-anything", "co-appropriation"]
)
def test_a_misspelt_tag_is_found(tmp_path: Path, tag: str) -> None:
    ledger = DISTRIBUTION.replace("coop-appropriation", tag)
    ledger += "  Equity:Surplus:Appropriated 1000.00 USD\n"
    ledger += "  Equity:Collective          -1000.00 USD\n"
    (sentence,) = said(tmp_path, US, ledger)
    assert sentence.startswith(f"COOP-LANG-01: There is no tag '#{tag}'")


def test_anybodys_own_tag_is_left_alone(tmp_path: Path) -> None:
    ledger = '2024-02-01 * "Rent" #office\n  Expenses:Rent 1.00 USD\n'
    assert said(tmp_path, US, ledger + "  Assets:Bank -1.00 USD\n") == []


def test_wages_of_a_stranger_on_a_members_account_are_found(tmp_path: Path) -> None:
    sentences = said(tmp_path, US, PAY.format("hours: 15").replace(":Ana", ":Anna"))
    assert (
        "COOP-CAP-02: 'Anna' is paid as a member and is not in the register; did you "
        "mean 'Ana'?"
    ) in sentences


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("weight: 0", "The weight of 'more' is 0."),
        ("weight: -1", "The weight of 'more' is -1."),
        ("share: 0.00", "The share of 'more' is 0.00."),
    ],
)
def test_weights_and_shares_of_a_basis_are_above_zero(
    tmp_path: Path, line: str, words: str
) -> None:
    ledger = '2020-01-01 custom "coop-patronage" "more" "Income:Sales:{member}"\n'
    assert said(tmp_path, US, f"{ledger}  {line}\n") == [f"COOP-LANG-01: {words}"]


def test_a_resolution_that_a_choice_names_has_to_be_on_file(tmp_path: Path) -> None:
    ledger = '2024-01-01 custom "coop-parameter" "collective.share" 0.30\n'
    ledger += '  resolution: "GA-2025-1"\n'
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-LAW-05: Resolution 'GA-2025-1' is not on file; did you mean "
            "'GA-2025-01'?"
        )
    ]


FEDERATION = """
{0} custom "coop-parameter" "pay.ratio-cap" 3
  level: "federation"
{1} custom "coop-parameter" "pay.ratio-cap" {2}
"""


@pytest.mark.parametrize(
    ("dates", "own", "count"),
    [
        (("2023-01-01", "2024-01-01"), "3", 0),
        (("2023-01-01", "2024-01-01"), "3.1", 1),
        (("2024-01-01", "2023-01-01"), "3.1", 1),
        (("2024-01-01", "2023-01-01"), "2", 0),
    ],
    ids=["at-the-cap", "above-it", "above-a-later-one", "below-a-later-one"],
)
def test_a_federations_choice_binds_its_co_ops_as_the_law_would(
    tmp_path: Path, dates: tuple[str, str], own: str, count: int
) -> None:
    sentences = said(tmp_path, US, FEDERATION.format(*dates, own))
    rules = [one for one in sentences if one.startswith("COOP-LAW-03")]
    assert len(rules) == count
    assert all("the federation's rules of" in one for one in rules)


def test_what_the_law_leaves_free_a_federation_only_proposes(tmp_path: Path) -> None:
    ledger = FEDERATION.replace("pay.ratio-cap", "exit.years").format(
        "2023-01-01", "2024-01-01", "4"
    )
    assert not [one for one in said(tmp_path, US, ledger) if "LAW-03" in one]


def test_a_federations_mistyped_choice_binds_nobody(tmp_path: Path) -> None:
    ledger = FEDERATION.format("2023-01-01", "2024-01-01", "9").replace(
        '"pay.ratio-cap" 3', '"pay.ratio-cap" "three"'
    )
    assert {one.partition(":")[0] for one in said(tmp_path, US, ledger)} == {
        "COOP-LAW-02"
    }


@pytest.mark.parametrize(
    ("preset", "own", "foreign"),
    [(US, "26 U.S.C.", "Ley"), (BASQUE, "Ley 11/2019", "26 U.S.C.")],
)
def test_a_finding_quotes_no_other_countrys_law(
    tmp_path: Path, preset: str, own: str, foreign: str
) -> None:
    reserve, capital = (
        ("Equity:Collective", "Equity:Members:Zoe:Patronage")
        if preset == US
        else ("Equity:Reservas:FondoReservaObligatorio", "Equity:Socias:Zoe:Retornos")
    )
    contra, unit = (
        ("Equity:Surplus:Appropriated", "USD")
        if preset == US
        else ("Equity:Resultado:Aplicado", "EUR")
    )
    ledger = '2025-02-01 custom "coop-member" "Zoe" "join"\n' + DISTRIBUTION
    ledger += f"  {contra} 1000.00 {unit}\n  {reserve} -999.99 {unit}\n"
    ledger += f"  {capital} -0.01 {unit}\n"
    sources = [
        source
        for one in found(tmp_path, preset, ledger)
        if one.rule == "COOP-APP-03"
        for source in one.sources
    ]
    assert any(source.startswith(own) for source in sources)
    assert not any(source.startswith(foreign) for source in sources)


def test_hours_are_missed_where_they_tell_members_labour_from_others(
    tmp_path: Path,
) -> None:
    wages = '2024-11-30 * "Wages"\n  Expenses:Wages:Dan 40.00 USD\n'
    assert said(tmp_path, US, wages + "  Assets:Bank -40.00 USD\n") == [
        "COOP-PAY-02: 1 of Dan's 1 payments in fiscal year 2024 say no hours."
    ]


def test_hours_are_missed_only_where_they_count(tmp_path: Path) -> None:
    pay = '2025-06-30 * "Pay"\n  Expenses:Anticipos:Ana 600.00 EUR\n'
    pay += "  Expenses:Anticipos:Ana 100.00 EUR\n    hours: 10\n"
    pay += "  Assets:Banco -700.00 EUR\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert said(tmp_path / "a", BASQUE, pay) == []
    assert said(tmp_path / "b", MONDRAGON, pay) == [
        "COOP-PAY-02: 1 of Ana's 2 payments in fiscal year 2025 say no hours."
    ]


BASES = """
2023-12-01 custom "coop-parameter" "patronage.combination" "{0}"
2023-12-01 custom "coop-patronage" "labour" "Expenses:Advances:{{member}}"
  measure: "hours"
{1}
2023-12-01 custom "coop-patronage" "pay" "Expenses:Advances:{{member}}"
  measure: "amount"
{2}
"""


@pytest.mark.parametrize(
    ("combination", "first", "second", "is_found"),
    [
        ("share-of-pool", "", "", False),
        ("share-of-pool", "  share: 0.6", "  share: 0.4", False),
        ("share-of-pool", "  share: 0.2", "  share: 0.3", False),
        ("share-of-pool", "  share: 1", "", True),
        ("weighted-sum", "  share: 0.6", "", False),
    ],
)
def test_every_basis_has_a_share_or_none_has(
    tmp_path: Path, combination: str, first: str, second: str, *, is_found: bool
) -> None:
    sentences = said(tmp_path, US, BASES.format(combination, first, second))
    assert any("COOP-LAW-07" in one for one in sentences) is is_found


def test_no_correction_is_offered_where_the_right_key_stands_there_already(
    tmp_path: Path,
) -> None:
    ledger = '2024-02-01 custom "coop-member" "Cleo" "join"\n'
    ledger += '  class: "worker"\n  clas: "worker"\n'
    (one,) = found(tmp_path, US, ledger)
    assert (one.rule, one.suggestion) == ("COOP-LANG-01", "")


@pytest.mark.parametrize(
    ("line", "words", "fix"),
    [
        ("hours:", "says nothing for 'hours'", "Add hours: NUMBER"),
        ("hours: 150 USD", "says '150 USD' for 'hours'", "Write the number alone"),
        ("hours: TRUE", "says 'True' for 'hours'", "Write hours: NUMBER"),
        (
            'hours: "\u0661\u0665"',
            "says '\u0661\u0665' for 'hours'",
            "Write hours: NUMBER",
        ),
    ],
    ids=["nothing", "an-amount", "a-switch", "digits-of-another-script"],
)
def test_what_is_no_number_of_hours_is_said_to_be_none(
    tmp_path: Path, line: str, words: str, fix: str
) -> None:
    (one,) = found(tmp_path, US, PAY.format(line))
    assert one.rule == "COOP-LANG-03"
    assert one.found.startswith(f"The posting to Expenses:Advances:Ana {words}")
    assert one.fix.startswith(fix)


def test_empty_hours_are_found_where_no_basis_counts_them(tmp_path: Path) -> None:
    ledger = PAY.format("hours:").replace("Advances:Ana", "Wages:Dan")
    assert said(tmp_path, US, ledger) == [
        "COOP-LANG-03: The posting to Expenses:Wages:Dan says nothing for 'hours'."
    ]


@pytest.mark.parametrize(
    ("preset", "choice", "words"),
    [
        (
            US,
            '"interest.rate" 0.05 USD',
            "'interest.rate' takes a number, not the amount 0.05 USD.",
        ),
        (
            US,
            '"tax.regime" 1 USD',
            "'tax.regime' takes a word in quotes, not the amount 1 USD.",
        ),
        (
            BASQUE,
            '"capital.minimum" 3000 USD',
            "'capital.minimum' is set in USD; this book is kept in EUR.",
        ),
    ],
)
def test_an_amount_is_no_number_of_a_parameter(
    tmp_path: Path, preset: str, choice: str, words: str
) -> None:
    ledger = f'2024-01-01 custom "coop-parameter" {choice}\n'
    assert said(tmp_path, preset, ledger) == [f"COOP-LAW-02: {words}"]


def test_an_amount_in_the_books_currency_is_right_where_one_is_asked(
    tmp_path: Path,
) -> None:
    ledger = '2024-01-01 custom "coop-parameter" "capital.minimum" 3000 EUR\n'
    assert said(tmp_path, BASQUE, ledger) == []


def test_a_federations_choice_of_an_amount_for_a_number_binds_nobody(
    tmp_path: Path,
) -> None:
    ledger = FEDERATION.format("2023-01-01", "2024-01-01", "9").replace(
        '"pay.ratio-cap" 3', '"pay.ratio-cap" 3 USD'
    )
    assert {one.partition(":")[0] for one in said(tmp_path, US, ledger)} == {
        "COOP-LAW-02"
    }


TWO_CHOICES = """
2024-01-01 custom "coop-parameter" "collective.share" {0}
{1} custom "coop-parameter" "collective.share" {2}
  level: "{3}"
"""


@pytest.mark.parametrize(
    ("first", "day", "second", "level", "is_found"),
    [
        ("0.30", "2024-01-01", "0.40", "statutes", True),
        ("0.30", "2024-01-01", "0.30", "statutes", False),
        ("0.30", "2024-01-02", "0.40", "statutes", False),
        ("0.30", "2024-01-01", "0.40", "federation", False),
    ],
    ids=["other-value", "same-value", "other-day", "other-level"],
)
def test_two_choices_of_one_day_contradict_each_other(
    tmp_path: Path, first: str, day: str, second: str, level: str, *, is_found: bool
) -> None:
    ledger = TWO_CHOICES.format(first, day, second, level)
    sentences = said(tmp_path, US, ledger)
    assert [one.partition(":")[0] for one in sentences] == ["COOP-LANG-05"] * is_found


@pytest.mark.parametrize(
    ("first", "second", "of_what"),
    [
        ('coop-policy" "us-worker-ica"', 'coop-policy" "us-colab"', ""),
        (
            'coop-patronage" "labour" "Expenses:Advances:{member}"',
            'coop-patronage" "labour" "Expenses:Wages:{member}"',
            " of 'labour'",
        ),
        (
            'coop-patronage" "labour" "Expenses:Advances:{member}"',
            'coop-patronage" "labour" "Expenses:Advances:{member}"\n  weight: 2',
            " of 'labour'",
        ),
        (
            'coop-rule" "COOP-PAY-02" "on"',
            'coop-rule" "COOP-PAY-02" "off"\n  reason: "lost"',
            " of 'COOP-PAY-02'",
        ),
    ],
    ids=["policies", "templates", "weights", "switches"],
)
def test_a_contradiction_names_both_lines(
    tmp_path: Path, first: str, second: str, of_what: str
) -> None:
    ledger = f'2023-12-31 custom "{first}\n2023-12-31 custom "{second}\n'
    (one,) = [x for x in found(tmp_path, US, ledger) if x.rule == "COOP-LANG-05"]
    type_ = first.partition('"')[0]
    assert one.found == (
        f"Two '{type_}'{of_what} of 2023-12-31 differ: line {one.origin.line - 1} and "
        f"this one, at line {one.origin.line}."
    )


def test_a_federation_may_choose_for_each_enterprise_of_its_own(
    tmp_path: Path,
) -> None:
    line = '2024-01-01 custom "coop-parameter" "collective.share" '
    ledger = "".join(
        f'{line}{share}\n  level: "federation"\n  enterprise: "{one}"\n'
        for one, share in (("farm", "0.30"), ("example", "0.40"))
    )
    assert not [one for one in said(tmp_path, US, ledger) if "LANG-05" in one]


def test_a_contradiction_names_the_other_file(tmp_path: Path) -> None:
    line = '2024-01-01 custom "coop-parameter" "collective.share" '
    (tmp_path / "other.beancount").write_text(f"{line}0.40\n", "utf-8")
    (one,) = found(tmp_path, US, f'include "other.beancount"\n{line}0.30\n')
    assert "other.beancount:1 and this one" in one.found


# --- accounts and templates -----------------------------------------------------------

MILK = """
2020-01-01 custom "coop-patronage" "milk" "Expenses:{0}:{{member}}"
2025-06-30 * "Milk of June"
  Expenses:Milk:Ana    30.00 USD
  Assets:Bank         -30.00 USD
"""


def test_a_basis_that_measures_no_account_is_offered_the_nearest(
    tmp_path: Path,
) -> None:
    (one,) = found(tmp_path, US, MILK.format("Mlik"))
    assert one.rule == "COOP-LANG-04"
    assert one.found == (
        "No account that is opened matches 'Expenses:Mlik:{member}', by which 'milk' "
        "is measured; did you mean 'Expenses:Milk:{member}'?"
    )


def test_a_basis_that_is_not_in_force_yet_may_wait_for_its_accounts(
    tmp_path: Path,
) -> None:
    ledger = MILK.format("Mlik").replace("2020-01-01", "2025-12-31")
    assert said(tmp_path, US, ledger) == []


def test_a_basis_may_wait_for_accounts_that_are_like_none(tmp_path: Path) -> None:
    ledger = '2020-01-01 custom "coop-patronage" "milk" "Income:Milk:{member}"\n'
    assert said(tmp_path, US, ledger) == []


def test_a_basis_that_counts_what_another_one_counts_is_offered_it_if_very_near(
    tmp_path: Path,
) -> None:
    ledger = '2020-01-01 custom "coop-patronage" "pay" "Expenses:Advnces:{member}"\n'
    (sentence,) = said(tmp_path, US, ledger)
    assert sentence.endswith("did you mean 'Expenses:Advances:{member}'?")


def test_a_basis_of_a_co_op_without_members_may_wait_for_its_accounts(
    tmp_path: Path,
) -> None:
    text = 'plugin "coopledger.plugin"\noption "operating_currency" "USD"\n'
    text += '2020-01-01 custom "coop-policy" "us-worker-ica"\n'
    assert said(tmp_path, US, MILK.format("Mlik"), text) == []


def test_a_role_whose_template_is_nearly_an_account_is_offered_it(
    tmp_path: Path,
) -> None:
    ledger = '2020-01-01 custom "coop-account" "fund" "Equity:Machnes:{fund}"\n'
    ledger += '2025-06-30 * "Set aside"\n  Equity:Collective  1 USD\n'
    ledger += "  Equity:Machines:New  -1 USD\n"
    sentences = said(tmp_path, US, ledger)
    assert (
        "COOP-LANG-04: No account that is opened matches 'Equity:Machnes:{fund}', the "
        "template of the role 'fund'; did you mean 'Equity:Machines:{fund}'?"
    ) in sentences


def test_a_role_may_wait_for_its_account(tmp_path: Path) -> None:
    ledger = '2020-01-01 custom "coop-account" "fund" "Equity:Machines:{fund}"\n'
    assert said(tmp_path, US, ledger) == []


def test_accounts_under_a_root_that_was_renamed_are_found(tmp_path: Path) -> None:
    (tmp_path / "old.beancount").write_text(
        "2020-01-01 open Equity:Members:Ana:Contribution\n"
        "2020-01-01 open Equity:Collective\n",
        "utf-8",
    )
    text = 'plugin "coopledger.plugin"\noption "operating_currency" "USD"\n'
    text += 'option "name_equity" "Capital"\ninclude "old.beancount"\n'
    text += '2020-01-01 custom "coop-policy" "us-worker-ica"\n'
    (one,) = found(tmp_path, US, "", text)
    assert (one.rule, one.origin.line) == ("COOP-LANG-04", 1)
    assert one.origin.file.endswith("old.beancount")
    assert one.found == (
        "Equity:Members:Ana:Contribution and 1 more stand under 'Equity', which is no "
        "root of this book: option 'name_equity' of the top-level file calls it "
        "'Capital'. No rule sees what is booked there."
    )


def test_accounts_under_a_root_that_nobody_renamed_at_the_top_are_found(
    tmp_path: Path,
) -> None:
    (tmp_path / "other.beancount").write_text(
        'option "name_equity" "Capital"\n2020-01-01 open Capital:Collective\n', "utf-8"
    )
    (one,) = found(tmp_path, US, 'include "other.beancount"\n')
    assert one.found.startswith(
        "Capital:Collective stands under 'Capital', which is no root of this book: its "
        "roots are Assets, Liabilities"
    )


# --- what has no price ----------------------------------------------------------------

EURO = """
2025-06-30 * "In euro"
  Assets:Bank    1000 EUR
  {0}  -1000 EUR
"""


def test_income_without_a_price_is_found_and_so_are_the_assets(tmp_path: Path) -> None:
    assert said(tmp_path, US, EURO.format("Income:Sales") * 2) == [
        (
            "COOP-BOOK-05: 2000 EUR in assets and liabilities in fiscal year 2025 have "
            "no price in USD: net worth is without them."
        ),
        (
            "COOP-BOOK-05: -2000 EUR on Income:Sales in fiscal year 2025 have no price "
            "in USD: the result is without them."
        ),
    ]


def test_each_year_without_a_price_is_found(tmp_path: Path) -> None:
    ledger = EURO.format("Income:Sales")
    ledger += ledger.replace("2025", "2026")
    assert len(said(tmp_path, US, ledger)) == 4


def test_equity_without_a_price_is_found_though_it_has_no_role(tmp_path: Path) -> None:
    sentences = said(tmp_path, US, EURO.format("Equity:Foo"))
    assert any("-1000 EUR on Equity:Foo" in one for one in sentences)


@pytest.mark.parametrize(
    "lines",
    [
        "  Assets:Bank   1000 EUR @ 1.10 USD\n  Income:Sales  -1000 EUR @ 1.10 USD\n",
        "  Assets:Bank   10 EUR {1.10 USD}\n  Income:Sales  -11.00 USD\n",
        "  Assets:Bank   1000 EUR\n  Assets:Cash  -1000 EUR\n",
        "  Assets:Bank   1000 EUR\n  Liabilities:Card  -1000 EUR\n",
        "  Assets:Bank   1000 EUR @ 0 USD\n  Income:Sales  0.00 USD\n",
    ],
    ids=["price", "cost", "moved", "owed", "price-of-nothing"],
)
def test_what_has_a_price_or_only_moves_is_in_order(tmp_path: Path, lines: str) -> None:
    assert said(tmp_path, US, f'2025-06-30 * "Euro"\n{lines}') == []


def test_goods_that_a_basis_counts_need_no_price(tmp_path: Path) -> None:
    ledger = '2020-01-01 custom "coop-patronage" "milk" "Expenses:Milk:{member}"\n'
    ledger += '  measure: "units"\n  currency: "LITRE"\n'
    ledger += '2025-06-30 * "Milk"\n  Expenses:Milk:Ana  300 LITRE\n'
    ledger += "  Income:Milk  -300 LITRE\n"
    assert said(tmp_path, US, ledger) == []


def test_an_enterprise_whose_book_is_missing_is_found(tmp_path: Path) -> None:
    line = '2024-01-01 custom "coop-enterprise" "farm" "farm/main.beancount"\n'
    assert said(tmp_path, US, line) == [
        (
            "COOP-LANG-01: There is no book at 'farm/main.beancount', where 'farm' "
            "should be."
        )
    ]
    (tmp_path / "farm").mkdir()
    (tmp_path / "farm" / "main.beancount").touch()
    assert said(tmp_path, US, line) == []
