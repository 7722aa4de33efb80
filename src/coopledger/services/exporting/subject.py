"""What a workbook is about: one year of one book, looked up once."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
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
    from coopledger.domain.division import Person
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import Step
    from coopledger.journal.loading import Book
    from coopledger.law.case import Posted
    from coopledger.law.policy import Policy
    from coopledger.law.policy import Setting
    from coopledger.services.exporting.stepping import Stepping
    from coopledger.services.exporting.wishing import Tie

#: The role that every distribution is taken from.
_CONTRA = "surplus-appropriated"

#: Kinds of step that go to members.
PATRONAGE = "patronage"
MEMBERS = "members"


@dataclass(frozen=True, slots=True)
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
        places: Address of cells on sheets that are made already, by a key.
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
    places: dict[str, str] = field(default_factory=dict)
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
    def is_booked(self) -> bool:
        """Whether the result was distributed in the books."""
        return self.posted.is_decided

    @property
    def closing(self) -> dict[str, Decimal]:
        """Each member's closing balance by the movements of capital."""
        table = capital_of_year(self.books, self.fiscal.label)
        return {line.member: line.closing for line in table.lines}

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

    @property
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
        decided = (b for b, leg in self.posted.legs() if leg.role == _CONTRA)
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

    # --- what the workbook's amounts are compared with --------------------------------

    @property
    def roles(self) -> list[str]:
        """Roles that steps give to, in order."""
        return list(dict.fromkeys(applied.step.role for applied in self.steps))

    @property
    def received(self) -> dict[str, Decimal]:
        """What each role received: as booked, or as proposed."""
        if self.is_booked:
            return {role: self._booked_to(role) for role in self.roles}
        return {role: self.appropriation.to_role(role) for role in self.roles}

    def _booked_to(self, role: str) -> Decimal:
        if self._names_steps:
            steps = [one.step for one in self.steps if one.step.role == role]
            return sum(map(self._booked_by, steps), ZERO)
        if role == "patronage":
            return sum(self.posted.patronage.values(), ZERO)
        if role == "member-loss":
            return sum(self.posted.losses.values(), ZERO)
        received = self.posted.to_role(role)
        return -received if self.is_loss else received

    @property
    def _names_steps(self) -> bool:
        """Whether every posting of the distribution says which step it belongs to."""
        known = {one.step.id for one in self.steps}
        return all(leg.step in known for _, leg in self.posted.legs())

    def _booked_by(self, step: Step) -> Decimal:
        """Add up what a step's own postings gave, whatever account they went to."""
        charged = {_CONTRA, step.expense_role} if step.expense_role else {_CONTRA}
        given = sum(
            (
                leg.amount
                for _, leg in self.posted.legs()
                if leg.step == step.id and leg.role not in charged
            ),
            ZERO,
        )
        is_borne = self.is_loss and step.treatment == "appropriation"
        return -given if is_borne else given

    def received_by(self, one: Stepping) -> dict[Person, tuple[Decimal, ...]]:
        """Return what everybody got by a step: paid, retained, nonqualified, made good.

        What is withheld goes to the tax office and is no part of what is paid.
        """
        if not self.is_booked:
            return given_by(one.applied)
        roles = (one.applied.step.role, "nonqualified", "member-loss")
        paid = self._booked(one, "member-payable")
        kept = [self._booked(one, role) for role in roles]
        hired = self._booked(one, "worker-payable")
        found: dict[Person, tuple[Decimal, ...]] = {}
        for is_hired, name in people_of(one.applied):
            money = (hired if is_hired else paid).get(name, ZERO)
            held = [ZERO if is_hired else c.get(name, ZERO) for c in kept]
            found[is_hired, name] = (money, *held)
        return found

    def borne_by(self, one: Stepping) -> dict[str, Decimal]:
        """Return what each member bears of a loss by a step."""
        if not self.is_booked:
            return dict(one.applied.parts)
        booked = self._booked(one, one.applied.step.role)
        return {member: -booked.get(member, ZERO) for member in one.applied.parts}

    def _booked(self, one: Stepping, role: str) -> dict[str, Decimal]:
        """Add up what was booked; only where steps share a kind does the id count."""
        step = one.applied.step
        alike = [s for s in self.steps if s.step.kind == step.kind and s.parts]
        is_only = len(alike) == 1 and not self._names_steps
        sums: dict[str, Decimal] = {}
        for _, leg in self.posted.legs():
            name = leg.member or (leg.name if role == "worker-payable" else "")
            if leg.role == role and name and (is_only or leg.step == step.id):
                sums[name] = sums.get(name, ZERO) + leg.amount
        return sums


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


def people_of(applied: AppliedStep) -> list[Person]:
    """Return everybody who divides a step: members, then hired workers."""
    hired = [(True, name) for name in applied.hired]
    return [*((False, name) for name in applied.parts), *hired]


def given_by(applied: AppliedStep) -> dict[Person, tuple[Decimal, ...]]:
    """Return what a step gives each: paid, retained, nonqualified, made good."""
    members = {
        (False, line.member): (
            line.cash - line.withheld,
            line.retained,
            line.nonqualified,
            line.replenished,
        )
        for line in applied.lines
    }
    hired = {(True, n): (part, ZERO, ZERO, ZERO) for n, part in applied.hired.items()}
    return {**members, **hired}


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


def slug(name: str) -> str:
    """Turn a dotted name into one that formulas may use."""
    return "".join(char if char.isalnum() else "_" for char in name)


def fact_name(term: str) -> str:
    """Return the name of a fact in formulas."""
    return f"fact_{slug(term)}"


def amount_name(step: str) -> str:
    """Return the name of a step's amount in formulas."""
    return f"amount_{slug(step)}"


def parts_name(step: str) -> str:
    """Return the name of what members get by a step, in formulas."""
    return f"parts_{slug(step)}"
