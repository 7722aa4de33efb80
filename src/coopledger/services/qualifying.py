"""Whether retained patronage is a qualified written notice, and what follows.

Only for books under Subchapter T of the United States.  A notice is qualified where
enough of the dividend is paid in money, in time, and where the member has consented to
count the paper as income (26 U.S.C. 1382(d), 1388(c)).  What the book does not say is
not made up: a consent that it names nowhere stays unknown.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple
from typing import Self

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.forms import terms_of
from coopledger.law.standing import consent_of
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.rules.tax import payment_deadline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.policy import Setting

#: Whether a condition holds: ``open`` may still come, ``unknown`` is in no book.
State = Literal["met", "open", "failed", "unknown"]
#: What a notice is: qualified, or what stands in the way.
Verdict = Literal["qualified", "open", "unknown", "nonqualified"]

_CONSENT = "26 U.S.C. § 1388(c)(2)"
#: Where the law says what a notice means for the member.
SOURCES = ("26 U.S.C. § 1385", "26 U.S.C. § 1388")


class Paid(NamedTuple):
    """What was paid of a member's part in money.

    Attributes:
        date: The day.
        amount: How much of it, with what was withheld.
        is_money: Whether it left the co-op, and did not become capital.
        withheld: What of the amount went to the tax office.
        cleared: Day on which the bank paid the check, where the book says it.
        counts: Whether it counts as money paid: not what a reserve got.
        is_dividend: Whether it is patronage, and not interest.
    """

    date: datetime.date
    amount: Decimal
    is_money: bool
    withheld: Decimal
    cleared: datetime.date | None
    counts: bool
    is_dividend: bool


@dataclass(frozen=True, slots=True)
class Dividend:
    """One member's patronage dividend of a year.

    Attributes:
        member: Member id.
        whole: All of it.
        money: What of it is declared in money, with what is withheld of it.
        paper: What of it is retained as qualified.
        nonqualified: What of it is retained as nonqualified.
        retains: What was kept back per unit of deliveries, beside the dividend.
        payments: What was paid of the money, in order.
    """

    member: str
    whole: Decimal
    money: Decimal
    paper: Decimal
    nonqualified: Decimal
    retains: Decimal
    payments: Sequence[Paid]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a qualified notice needs.

    Attributes:
        key: ``money``, ``time`` or ``consent``.
        question: What is needed, in words.
        state: Whether it is so.
        answer: How it stands, in words.
        sources: The texts behind it.
    """

    key: str
    question: Phrase
    state: State
    answer: Phrase
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Qualification:
    """Whether the paper of a member's dividend is qualified.

    Attributes:
        conditions: What it needs, one by one; none where it was booked as nonqualified.
    """

    conditions: tuple[Condition, ...]

    @property
    def verdict(self) -> Verdict:
        """What the notice is; one condition that fails is enough."""
        states = {one.state for one in self.conditions}
        if "failed" in states or not states:
            return "nonqualified"
        if "unknown" in states:
            return "unknown"
        return "open" if "open" in states else "qualified"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a qualified notice needs in one fiscal year.

    Attributes:
        case: The book under its law.
        figures: The year.
        least: Smallest part in money.
        deadline: Last day of the payment period.
        consent: How members consent; None where nothing says it.
        cashed_by: Last day on which a cashed check is a consent; None without.
        redeemable: For how many days a notice can be redeemed in cash, where that
            stands in the place of a consent; None where it does not.
        today: The last day that the book knows.
        is_proposed: Whether nothing of it is booked yet.
    """

    case: Case
    figures: YearFigures
    least: Setting
    deadline: datetime.date
    consent: Setting | None
    cashed_by: datetime.date | None
    redeemable: Setting | None
    today: datetime.date
    is_proposed: bool

    @classmethod
    def of(cls, case: Case, figures: YearFigures, *, is_proposed: bool) -> Self | None:
        """Return the terms of a year; None where the co-op is not under them."""
        end, policy = figures.fiscal.end, case.policy
        if not is_under_subchapter_t(policy, end):
            return None
        deadline = payment_deadline(case, figures)
        days = policy.find_number("qualified-check.days", end)
        consent = policy.find("patronage.consent", end)
        is_redeemable = consent is not None and consent.value == "redeemable"
        return cls(
            case=case,
            figures=figures,
            least=policy.setting("patronage.cash-minimum", end),
            deadline=deadline,
            consent=consent,
            redeemable=policy.setting("redeemable-notice.days", end)
            if is_redeemable
            else None,
            cashed_by=None
            if days is None
            else deadline + datetime.timedelta(days=int(days)),
            today=case.books.last,
            is_proposed=is_proposed,
        )

    @property
    def cash_right(self) -> Phrase | None:
        """The right to have the paper in cash, as the member is told of it, or None."""
        if self.redeemable is None:
            return None
        return Phrase(
            "You may have it paid out in cash, at that amount, within {days} days from "
            "the day on which you get this notice.",
            days=str(self.redeemable.value),
        )

    def qualify(self, dividend: Dividend) -> Qualification | None:
        """Say whether a member's paper is qualified; None where there is none."""
        if dividend.paper > 0:
            needed = self._needed(dividend)
            return Qualification(
                (
                    self._in_money(dividend, needed),
                    self._in_time(dividend, needed),
                    self._consented(dividend),
                )
            )
        return Qualification(()) if dividend.nonqualified > 0 else None

    def _needed(self, dividend: Dividend) -> Decimal:
        least, unit = self.least.value, self.case.books.unit
        assert isinstance(least, Decimal)  # noqa: S101 - a ratio, as its unit says
        return portion(dividend.whole, least, unit, "up")

    def _in_money(self, dividend: Dividend, needed: Decimal) -> Condition:
        is_met = dividend.money >= needed
        return Condition(
            key="money",
            question=Phrase(
                "At least {rate} of your patronage dividend is in money",
                rate=Rate(str(self.least.value)),
            ),
            state="met" if is_met else "failed",
            answer=Phrase(
                "{paid} is in money; at least {needed} has to be.",
                paid=dividend.money,
                needed=needed,
            ),
            sources=self.least.sources,
        )

    def _in_time(self, dividend: Dividend, needed: Decimal) -> Condition:
        paid = sum(
            (
                one.amount
                for one in dividend.payments
                if one.counts and one.date <= self.deadline
            ),
            ZERO,
        )
        left = dividend.money - sum((one.amount for one in dividend.payments), ZERO)
        may_come = self.is_proposed or self.today <= self.deadline
        state: State = "failed"
        if paid >= needed:
            state = "met"
        elif may_come and paid + left >= needed:
            state = "open"
        return Condition(
            key="time",
            question=Phrase(
                "That much of it is paid by {day}, within the payment period",
                day=self.deadline,
            ),
            state=state,
            answer=Phrase("{paid} was paid by then.", paid=paid)
            if state != "open"
            else Phrase("{paid} is paid so far.", paid=paid),
            sources=self._sources_of_period(),
        )

    def _sources_of_period(self) -> tuple[str, ...]:
        end = self.figures.fiscal.end
        return self.case.policy.setting("payment-period.month", end).sources

    def _consented(self, dividend: Dividend) -> Condition:
        state, answer, sources = self._consent_of(dividend)
        question = Phrase(
            "You have agreed to count the retained part as income of yours"
        )
        return Condition("consent", question, state, answer, sources)

    def _consent_of(self, dividend: Dividend) -> tuple[State, Phrase, tuple[str, ...]]:
        end = self.figures.fiscal.end
        day = consent_of(self.case.books, dividend.member, end)
        if day:
            words = Phrase("Your consent of {day} is on record.", day=day)
            return "met", words, (_CONSENT,)
        how = self.consent
        if how is None or (how.value == "bylaw" and how.level == "law"):
            words = Phrase(
                "The book names none: no consent of yours, and no by-law that makes "
                "membership one."
            )
            return "unknown", words, (_CONSENT,)
        if self.redeemable:
            words = Phrase("No consent is needed: you may have it in cash instead.")
            return "met", words, (*how.sources, *self.redeemable.sources)
        if how.value == "bylaw":
            words = Phrase("The by-laws say that whoever is a member has agreed.")
            return "met", words, how.sources
        if how.value == "check":
            return *self._by_check(dividend), how.sources
        words = Phrase("No consent of yours of {day} or earlier is on record.", day=end)
        return "failed", words, how.sources

    def _by_check(self, dividend: Dividend) -> tuple[State, Phrase]:
        """Say whether the check was cashed in time, which is the consent."""
        last = self.cashed_by or self.deadline
        cashed = [one.cleared for one in dividend.payments if one.cleared]
        if cashed and min(cashed) <= last:
            words = Phrase("You cashed the check on {day}.", day=min(cashed))
            return "met", words
        if self.is_proposed or (not cashed and self.today <= last):
            words = Phrase("Cashing the check by {day} is your consent.", day=last)
            return "open", words
        return "failed", Phrase("The check was not cashed by {day}.", day=last)


#: What a notice is, to the member.
VERDICTS: dict[Verdict, Phrase] = {
    "qualified": Phrase(
        "The retained part is a qualified written notice of allocation."
    ),
    "open": Phrase(
        "The retained part becomes a qualified written notice of allocation once "
        "everything below is so."
    ),
    "unknown": Phrase(
        "The retained part was booked as qualified. Whether it is depends on a consent "
        "that the book does not name: ask for it."
    ),
    "nonqualified": Phrase(
        "The retained part is a nonqualified written notice of allocation."
    ),
}


#: Whether something that a notice needs is so.
STATES: dict[State, Phrase] = {
    "met": Phrase("yes"),
    "open": Phrase("not yet"),
    "failed": Phrase("no"),
    "unknown": Phrase("not known"),
}

#: What a partnership says of tax instead.
PARTNERSHIP = Phrase(
    "The co-operative is taxed as a partnership (Subchapter K). This is no written "
    "notice of allocation: what you declare stands on the Schedule K-1 that you get."
)


def tax_words(
    terms: Terms, dividend: Dividend, verdict: Verdict | None, day: datetime.date
) -> Iterator[Phrase]:
    """Say in plain words what a dividend means for the member's own tax.

    Args:
        terms: The year's terms.
        dividend: The member's part.
        verdict: What the notice is; None where nothing is retained.
        day: The day of the distribution, in whose calendar year it is reported.
    """
    if dividend.money:
        yield Phrase(
            "The part in money, {amount}, is income of the year in which you get it.",
            amount=dividend.money,
        )
    paper = dividend.paper if verdict != "nonqualified" else ZERO
    later = dividend.nonqualified + dividend.paper - paper
    if paper and verdict == "qualified":
        yield Phrase(
            "The retained part, {amount}, is income of the year in which you get this "
            "notice, at that amount, although it stays in the co-operative. When it is "
            "paid out later, it is not taxed again.",
            amount=paper,
        )
    elif paper:
        yield Phrase(
            "If the notice is qualified, the retained part, {amount}, is income of the "
            "year in which you get it, and not again when it is paid out; if it is "
            "not, it is income only of the year in which it is paid out.",
            amount=paper,
        )
    if later:
        yield Phrase(
            "The nonqualified part, {amount}, is no income now. It is ordinary income "
            "of the year in which it is paid out to you.",
            amount=later,
        )
    if dividend.retains:
        yield Phrase(
            "What was kept back per unit, {amount}, is income now if you agreed to "
            "that in writing or by the by-laws, and otherwise once it is paid out.",
            amount=dividend.retains,
        )
    yield Phrase(
        "What rests on things that you bought for personal, living or family use is "
        "no income."
    )
    yield from _form(terms, dividend.member, day)


def _form(terms: Terms, member: str, day: datetime.date) -> Iterator[Phrase]:
    case = terms.case
    form = terms_of(case.policy, day.year)
    if (
        form
        and not form.is_exempt
        and not case.books.register.is_exempt_payee(member, day)
    ):
        yield Phrase(
            "What the co-operative reports of you for a calendar year stands on Form "
            "1099-PATR. For {year} you get it by {due}, if it comes to {least} or more "
            "or tax was withheld.",
            year=day.year,
            due=form.due,
            least=form.minimum,
        )
