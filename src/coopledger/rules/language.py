"""Rules on the words of a book: a typo must never switch a rule off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.rules.rule import Breach
from coopledger.rules.rule import is_off
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.law.case import Case

LANGUAGE_REFERENCE = ("coopledger language reference, docs/language.md",)


def remarks_as_breaches(case: Case, about: str) -> Iterator[Breach]:
    """Return what the reader of the book remarked about one subject."""
    for remark in case.books.remarks:
        if remark.about == about:
            yield Breach(
                remark.found,
                remark.fix,
                remark.origin,
                remark.date,
                suggestion=remark.suggestion,
            )


@rule(
    "COOP-LANG-01",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("vocabulary",),
)
def words_are_known(case: Case) -> Iterator[Breach]:
    """Every cooperative directive, metadata key and word is one that is known.

    Holds::

        2024-06-01 custom "coop-resolution" "GA-2024-06" "Two new members"

    Breaks::

        2024-06-01 custom "coop-resolutoin" "GA-2024-06" "Two new members"
    """
    return remarks_as_breaches(case, "vocabulary")


@rule(
    "COOP-LANG-02",
    basis="practice",
    sources=("Beancount: only the top-level file's options and plugins count",),
    catalogue=("top-level",),
)
def top_level_lines_stand_at_the_top(case: Case) -> Iterator[Breach]:
    """Plugin lines and options stand in the top-level file, where they count.

    Holds::

        2024-06-01 * "The plugin line stands at the top of this very book"
          Expenses:Rent    10.00 USD
          Assets:Bank     -10.00 USD

    Breaks::

        include "included.beancount"
    """
    return remarks_as_breaches(case, "included")


@rule(
    "COOP-LANG-04",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("accounts",),
)
def accounts_and_templates_meet(case: Case) -> Iterator[Breach]:
    """Every account stands under a root of the book, every basis measures an account.

    Holds::

        2020-01-01 custom "coop-patronage" "milk" "Expenses:Milk:{member}"
        2025-06-30 * "Milk of June"
          Expenses:Milk:Ana    30.00 USD
          Assets:Bank         -30.00 USD

    Breaks::

        2020-01-01 custom "coop-patronage" "milk" "Expenses:Mlik:{member}"
        2025-06-30 * "Milk of June"
          Expenses:Milk:Ana    30.00 USD
          Assets:Bank         -30.00 USD
    """
    return remarks_as_breaches(case, "accounts")


@rule(
    "COOP-LANG-05",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("contradiction",),
)
def a_day_says_one_thing(case: Case) -> Iterator[Breach]:
    """No two directives of one day say different things of the same.

    Holds::

        2024-01-01 custom "coop-parameter" "collective.share" 0.30
        2024-01-02 custom "coop-parameter" "collective.share" 0.40

    Breaks::

        2024-01-01 custom "coop-parameter" "collective.share" 0.30
        2024-01-01 custom "coop-parameter" "collective.share" 0.40
    """
    return remarks_as_breaches(case, "contradiction")


@rule(
    "COOP-LANG-06",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    severity="warning",
    catalogue=("tax-number",),
)
def no_tax_number_stands_in_the_book(case: Case) -> Iterator[Breach]:
    """No tax number of a person stands in the book.

    Holds::

        2024-06-01 custom "coop-resolution" "GA-2024-06" "Invoice 24-0001234 is paid"

    Breaks::

        2024-06-01 custom "coop-resolution" "GA-2024-06" "Admits Cleo, 219-09-9999"
    """
    return remarks_as_breaches(case, "tax-number")


@rule(
    "COOP-LANG-03",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("measure",),
)
def patronage_is_measurable(case: Case) -> Iterator[Breach]:
    """Every posting that counts as patronage carries its measure, as a number.

    Holds::

        2024-06-30 * "June advances"
          Expenses:Advances:Ana    30.00 USD
            hours: 3
          Assets:Bank             -30.00 USD

    Breaks::

        2024-06-30 * "June advances"
          Expenses:Advances:Ana    30.00 USD
            hours: "three"
          Assets:Bank             -30.00 USD
    """
    return remarks_as_breaches(case, "measure")


def unmeasured_years(case: Case) -> set[int]:
    """Return the fiscal years of which a measure is missing, and the rule says so."""
    return {
        case.books.year_end.year_of(remark.date).label
        for remark in case.books.remarks
        if remark.about == "measure"
        and remark.date
        and not is_off("COOP-LANG-03", remark.date, case)
    }
