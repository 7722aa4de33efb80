"""Telling members their account: one and the same on paper, screen and terminal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from coopledger.domain.amounts import round_to
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import word
from coopledger.services import titles
from coopledger.services.confiding import Confidence
from coopledger.services.parting import parting_of
from coopledger.services.provenance import digest_of
from coopledger.services.provenance import digests_of
from coopledger.services.provenance import made_by
from coopledger.services.showing import account_of
from coopledger.services.wording import SHOWN

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal
    from fractions import Fraction

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalMovement
    from coopledger.journal.loading import Book
    from coopledger.services.explaining import Explanation
    from coopledger.services.explaining import Measure
    from coopledger.services.showing import MemberAccount
    from coopledger.services.showing import Working
    from coopledger.services.stating import Statement

_LATER = (
    "Capital stays in the co-operative until it is repaid: after you leave, as is said "
    "below, or earlier where the co-operative decides so."
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beside the members.

    Attributes:
        start: First day; None for the beginning.
        end: Last day; None for the book's last.
        language: Language or locale, such as ``es`` or ``es_ES``.
        contact: Whom members ask; "" where nobody is named.
        form: What a page becomes: ``html`` or ``pdf``.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    language: str = "en"
    contact: str = ""
    form: str = "html"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One line of the arithmetic of a member's part.

    Attributes:
        words: What it is.
        value: An amount, or a `Figure` of something else.
        note: What has to be said of it; "" for nothing.
        is_sum: Whether it is what comes of the lines before.
    """

    words: str
    value: Decimal
    note: str = ""
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a member's part of one year came about, in words.

    Attributes:
        title: The year and what was booked.
        decided: When it was booked, and on which decisions.
        steps: Lines by the title of each step; none where the book does not lead to
            what was booked.
    """

    title: Phrase
    decided: tuple[Phrase, ...]
    steps: tuple[tuple[str, tuple[Reckoned, ...]], ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a member's statement tells.

    Attributes:
        title: The co-operative.
        currency: That of all amounts.
        contact: Whom to ask; "" where nobody is named.
        account: The figures.
        standing: Since when, or from when to when, somebody is or was a member.
        columns: Names of the columns of the period that have a figure.
        texts: The narration of each movement; "" where it may tell of somebody else.
        reckonings: How each year's part came about, the latest year first.
        parting: What becomes of the capital on leaving.
        later: When the capital itself is paid out; "" where there is none.
        language: That of the member, where the book knows it; else what was asked for.
        program: The program and its version.
        digest: The SHA-256 of the book, as the workbook has it.
    """

    title: str
    currency: str
    contact: str
    account: MemberAccount
    standing: Phrase
    columns: dict[str, str]
    texts: tuple[str, ...]
    reckonings: tuple[Reckoning, ...]
    parting: tuple[Phrase, ...]
    later: str
    language: str
    program: str
    digest: str

    @property
    def statement(self) -> Statement:
        """Opening, movements, closing."""
        return self.account.statement

    @property
    def change(self) -> Phrase:
        """How much the capital has grown, or shrunk, over the period."""
        more = self.statement.line.closing - self.statement.line.opening
        if not more:
            return Phrase("As much as before")
        words = "{amount} {currency} more than before"
        if more < 0:
            words = "{amount} {currency} less than before"
        return Phrase(words, amount=abs(more), currency=self.currency)

    @property
    def who(self) -> Phrase:
        """Who worked the figures out, and who decided."""
        return Phrase(
            "{program} works it out from the co-operative's books, by the rules that "
            "they name. It decides nothing: people do.",
            program=self.program,
        )


class Teller:
    """Tells the members of one book about the same period.

    Attributes:
        wishes: Period, language, and whom to ask.
    """

    def __init__(self, book: Book, wishes: Wishes) -> None:
        self.wishes = wishes
        self._book = book

    @property
    def books(self) -> Books:
        """The book as data."""
        return self._book.case.books

    @cached_property
    def _confidence(self) -> Confidence:
        return Confidence.of(self.books)

    @cached_property
    def _digest(self) -> str:
        return digest_of(digests_of(self._book))

    def account(self, member: str) -> MemberAccount:
        """Return all figures of a member.

        Raises:
            MemberUnknownError: Nobody of that id is in the register.
        """
        return account_of(self._book, member, self.wishes.start, self.wishes.end)

    def told(self, account: MemberAccount) -> Telling:
        """Put a member's figures and all that is said of them together."""
        statement = account.statement
        currency = self.books.currency
        return Telling(
            title=self.books.title,
            currency=currency,
            contact=self.wishes.contact,
            account=account,
            standing=titles.standing_of(statement.membership),
            columns=titles.columns_of(statement.line),
            texts=tuple(self._text(statement, row.movement) for row in statement.rows),
            reckonings=tuple(_reckoning(one, currency) for one in account.workings),
            parting=parting_of(self._book.case, statement),
            later=_LATER if statement.line.closing > 0 else "",
            language=self._language(statement.membership.member),
            program=made_by(),
            digest=self._digest,
        )

    def _language(self, member: str) -> str:
        return self.books.register.language(member) or self.wishes.language

    def _text(self, statement: Statement, movement: CapitalMovement) -> str:
        """Return what the book says of a movement, without the member's own name."""
        text = self._confidence.text_of(movement)
        return text.removeprefix(f"{statement.membership.name} · ")


def _reckoning(one: Working, currency: str) -> Reckoning:
    words = "Patronage of {year}: {amount} {currency}"
    if one.booked < 0:
        words = "Share of the loss of {year}: {amount} {currency}"
    return Reckoning(
        Phrase(words, year=one.year, amount=one.booked, currency=currency),
        (
            Phrase("Booked on {day}.", day=one.date),
            *(
                Phrase("Decided on {day} ({name}).", day=decision.date, name=name)
                for name, decision in sorted(one.decisions.items())
            ),
        ),
        tuple((part.step.step.title, tuple(_lines(part))) for part in one.parts),
    )


def _lines(part: Explanation) -> Iterator[Reckoned]:
    # With one other person, what is divided less the own part is the other one's.
    is_open = len(part.step.key) != 2
    if is_open:
        yield Reckoned("What there was to divide", part.step.divided)
    for measure in part.measures:
        yield Reckoned(_measured(measure), Figure(measure.quantity))
    if part.coefficient != 1:
        yield Reckoned("Times, for years of membership", _exact(part.coefficient))
    if is_open:
        yield Reckoned("Everybody's weight together", _exact(part.whole))
        formula = Phrase(
            "{divided} \N{MULTIPLICATION SIGN} {weight} ÷ {whole} = {exact}",
            divided=part.step.divided,
            weight=_exact(part.weight),
            whole=_exact(part.whole),
            exact=_exact(part.exact),
        )
        yield Reckoned(formula, part.amount, is_sum=True)
    else:
        yield Reckoned(
            "Your part",
            part.amount,
            "Two people divide this, and the whole would tell the other one's part: "
            "ask to see it.",
            is_sum=True,
        )
    for words, amount in titles.uses_of(part.line).items():
        yield Reckoned(words, amount)


def _measured(measure: Measure) -> Phrase:
    unit = word(titles.MEASURES.get(measure.unit, measure.unit))
    own = Phrase("Your own {unit}", unit=unit)
    if measure.weight == 1:
        return own
    return Phrase(
        "{what} \N{MULTIPLICATION SIGN} {weight}",
        what=own,
        weight=Figure(measure.weight),
    )


def _exact(number: Fraction) -> Figure:
    return Figure(round_to(number, SHOWN))
