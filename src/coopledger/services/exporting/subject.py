"""What a workbook is about: one year of one book, looked up once."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CapitalLine
from coopledger.domain.kinds import CHARGES
from coopledger.domain.steps import split_term
from coopledger.errors import YearUnknownError
from coopledger.phrases import Phrase
from coopledger.services.exporting.arithmetic import Arithmetic
from coopledger.services.exporting.drafting import Draft
from coopledger.services.exporting.wishing import Wish
from coopledger.services.exporting.wishing import sheet_id
from coopledger.services.stating import capital_of_year

if TYPE_CHECKING:
    import datetime

    from coopledger.domain.books import Books
    from coopledger.domain.books import YearFigures
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import Step
    from coopledger.journal.loading import Book
    from coopledger.law.case import Posted
    from coopledger.law.policy import Policy
    from coopledger.law.policy import Setting
    from coopledger.services.exporting.drafting import Place
    from coopledger.services.exporting.stepping import Stepping
    from coopledger.services.exporting.wishing import Tie
    from coopledger.services.stating import CapitalTable

#: The role that every distribution is taken from.
CONTRA = "surplus-appropriated"

#: Kinds of step that go to members.
PATRONAGE = "patronage"
MEMBERS = "members"


#: The column of members' closing balances, in the order of their accounts.
CLOSINGS = "closings"


@dataclass(frozen=True)
class Subject:
    """One year of one book.

    Attributes:
        book: The book.
        figures: The year as the books have it.
        facts: What the steps ask about the year.
        appropriation: The steps.
        posted: What was booked of it, if anything.
        settings: The parameters that the year uses, by name.
        arithmetic: How formulas reckon.
        places: Columns of sheets that are made already, by a key.
        steppings: The steps with the addresses of their rows, once they are made.
        ties: What has to agree on sheets that are made already, in order.
        wish: How the workbook is wanted.
    """

    book: Book
    figures: YearFigures
    facts: Facts
    appropriation: Appropriation
    posted: Posted
    settings: dict[str, Setting]
    arithmetic: Arithmetic
    places: dict[str, Place] = field(default_factory=dict)
    steppings: dict[str, Stepping] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    wish: Wish = field(default_factory=Wish)

    def draft(self, name: str, purpose: str, fixed: int = 0, number: int = 1) -> Draft:
        """Begin a sheet.

        Args:
            name: What it is called in English; layouts call it by an id made of that.
            purpose: What it holds, in a sentence.
            fixed: How many columns stay in sight.
            number: Which of several sheets of that kind it is.
        """
        id_, layout = sheet_id(name), self.wish.layout
        named = layout.names.get(id_, {}).get(self.wish.language)
        called = named or self.wish.wording(name)
        return Draft(
            called if number == 1 else f"{called} {number}",
            purpose,
            fixed,
            id=id_,
            layout=layout,
            language=self.wish.language,
        )

    def shows(self, name: str) -> bool:
        """Say whether the layout shows a sheet, by its English name."""
        return self.wish.layout.shows(sheet_id(name))

    @property
    def books(self) -> Books:
        """The cooperative side of the book."""
        return self.book.case.books

    @property
    def policy(self) -> Policy:
        """What governs the book."""
        return self.book.case.policy

    @property
    def fiscal(self) -> FiscalYear:
        """The fiscal year."""
        return self.figures.fiscal

    @property
    def end(self) -> datetime.date:
        """Its last day."""
        return self.fiscal.end

    @property
    def steps(self) -> tuple[AppliedStep, ...]:
        """The steps with their figures."""
        return self.appropriation.steps

    @property
    def is_loss(self) -> bool:
        """Whether the year ended in a loss."""
        return self.appropriation.is_loss

    @property
    def loss(self) -> Decimal:
        """The whole loss, with what was fixed before the result was known."""
        return max(ZERO, self.appropriation.charges - self.facts.pool)

    @property
    def charging(self) -> list[str]:
        """Steps that come off the result whatever it is."""
        return [one.step.id for one in self.steps if one.step.kind in CHARGES]

    def taking(self, step: Step) -> int:
        """Say how often a step's amount is taken from what remains: 1, 0 or -1."""
        if step.treatment == "transfer":
            return 0
        return -1 if self.is_loss and step.kind in CHARGES else 1

    @property
    def roles(self) -> list[str]:
        """Roles that steps give to, in order."""
        return list(dict.fromkeys(applied.step.role for applied in self.steps))

    @property
    def is_booked(self) -> bool:
        """Whether the result was distributed in the books."""
        return self.posted.is_decided

    @cached_property
    def capital(self) -> CapitalTable:
        """How members' capital rolled forward over the year."""
        return capital_of_year(self.books, self.fiscal.label)

    @property
    def closing(self) -> dict[str, Decimal]:
        """Each member's closing balance by the movements of capital; not kept."""
        return {line.member: line.closing for line in self.capital.lines}

    @cached_property
    def accounts(self) -> list[CapitalLine]:
        """Members' capital accounts, those on which nothing ever moved as well."""
        moved = {line.member for line in self.capital.lines}
        still = sorted(self.figures.capital.keys() - moved)
        return [*self.capital.lines, *map(CapitalLine, still)]

    @cached_property
    def closing_cells(self) -> dict[str, str]:
        """The cell of each member's closing balance, once its sheet is made."""
        place = self.places[CLOSINGS]
        return {one.member: place.at(row) for row, one in enumerate(self.accounts)}

    @property
    def subtitle(self) -> Phrase:
        """The line below the title of each sheet."""
        return Phrase(
            "{title} · {period} · {start} to {end} · amounts in {currency}",
            title=self.title,
            period=self.period,
            start=self.fiscal.start,
            end=self.fiscal.end,
            currency=self.books.currency,
        )

    @property
    def title(self) -> str:
        """Name of the enterprise."""
        return self.books.title or self.books.enterprise or self.book.path.stem

    @property
    def period(self) -> Phrase:
        """The fiscal year in words."""
        return Phrase("fiscal year {year}", year=self.fiscal.label)

    @cached_property
    def compared_with(self) -> Phrase:
        """What the workbook's amounts are compared with."""
        return Phrase("in the books") if self.is_booked else Phrase("proposed")

    def units(self, amount: Decimal) -> int:
        """Return an amount in whole units."""
        return int(amount / self.facts.unit)

    @property
    def state(self) -> Phrase:
        """Whether the result was distributed in the books, as a sentence."""
        if not self.is_booked:
            return Phrase("Not booked yet: amounts are compared with the proposal.")
        decided = (b for b, leg in self.posted.legs() if leg.role == CONTRA)
        first = next(decided)
        if not first.links:
            return Phrase(
                "Booked on {day}: amounts are compared with the books.", day=first.date
            )
        return Phrase(
            "Booked on {day} by {decision}: amounts are compared with the books.",
            day=first.date,
            decision=", ".join(sorted(first.links)),
        )


def subject_of(book: Book, year: int, wish: Wish | None = None) -> Subject:
    """Look up a year.

    Raises:
        YearUnknownError: The book does not reach that year.
        CoopledgerError: A parameter that a step needs is not to be had.
    """
    case = book.case
    if year not in case.books.years:
        raise YearUnknownError(year, case.books.years)
    figures, facts = case.books.years[year], case.facts(year)
    appropriation = case.appropriation(year)
    settings = _settings(case.policy, appropriation, figures.fiscal.end)
    rates = [one.value for one in settings.values() if isinstance(one.value, Decimal)]
    amounts = [facts.pool, *facts.terms.values(), *facts.capital.values()]
    used = used_terms(appropriation)
    bases = [facts.pool, *(facts.terms.get(term, ZERO) for term in used)]
    return Subject(
        book=book,
        figures=figures,
        facts=facts,
        appropriation=appropriation,
        posted=case.posted(year),
        settings=settings,
        arithmetic=Arithmetic.for_amounts(facts.unit, amounts, bases, rates),
        wish=wish or Wish(),
    )


#: Parameters that shape a year without being named by a step.
_BACKGROUND = (
    "labour.measure",
    "patronage.combination",
    "patronage.minimum-hours",
    "interest.method",
    "interest.balance",
    "interest.day-count",
)


def _settings(
    policy: Policy, appropriation: Appropriation, on: datetime.date
) -> dict[str, Setting]:
    steps = [applied.step for applied in appropriation.steps]
    pays = any(
        one.step.kind == "interest" and one.amount for one in appropriation.steps
    )
    background = _BACKGROUND if pays else _BACKGROUND[:3]
    names = [name for step in steps for name in step.parameters]
    found = {
        name: policy.find(name, on) for name in dict.fromkeys([*names, *background])
    }
    return {name: setting for name, setting in found.items() if setting}


def used_terms(appropriation: Appropriation) -> list[str]:
    """Return the facts that steps name, in order, without the running ones."""
    found: list[str] = []
    for applied in appropriation.steps:
        step = applied.step
        found += step.terms
        if step.excess:
            found += [f"balance:{step.role}", "balance:entry-fees", "capital"]
    plain = (split_term(term)[2] for term in found)
    return [
        term
        for term in dict.fromkeys(plain)
        if term != "remaining" and not term.startswith(("step:", "spill:"))
    ]
