"""One member's statement as text: what the page says, in the words of the page."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from coopledger.cli import rendering
from coopledger.domain.words import seen
from coopledger.phrases import Phrase
from coopledger.services import titles
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable

    from coopledger.services.showing import Payable
    from coopledger.services.telling import Telling
    from coopledger.services.wording import Wording

#: How wide running text is.
_WIDTH = 88


def statement(told: Telling) -> None:
    """Print a member's statement in the member's language."""
    say = wording_of(told.language)
    _head(told, say)
    _holdings(told, say)
    _changes(told, say)
    _workings(told, say)
    _payments(told, say)
    _rest(told, say)


def _head(told: Telling, say: Wording) -> None:
    found = told.statement
    who = found.membership
    rendering.heading(told.title)
    rendering.say(say("Member's statement") + f": {seen(who.name)}")
    rendering.say(say("{start} to {end}", start=found.start, end=found.end))
    about = (who.member, who.member_class and say(who.member_class), say(told.standing))
    rendering.say(" · ".join(seen(one) for one in about if one))


def _holdings(told: Telling, say: Wording) -> None:
    end = told.statement.end
    rendering.heading(say("How much is mine, and what does it consist of?"))
    rendering.say(
        say(
            "{amount} {currency} on {day}",
            amount=told.statement.line.closing,
            currency=told.currency,
            day=end,
        )
    )
    _columns(
        (
            say(titles.COMPONENTS[one.role]) + (f", {one.year}" if one.year else ""),
            say.number(one.amount),
            say(titles.COMPONENT_NOTES[one.role]),
        )
        for one in told.account.holdings
    )
    if not told.account.holdings:
        rendering.say(say("Nothing on {day}", day=end))


def _changes(told: Telling, say: Wording) -> None:
    line = told.statement.line
    rendering.heading(say("Why did it change?"))
    rendering.say(say(told.change))
    _columns(
        (say(name), say.number(getattr(line, column)), say(titles.COLUMN_NOTES[column]))
        for column, name in told.columns.items()
    )
    rendering.say(f"\n{say('Every movement of the account')}")
    _columns(_movements(told, say), numbers={3, 4})


def _movements(told: Telling, say: Wording) -> Iterable[tuple[str, ...]]:
    found = told.statement
    yield (*map(say, ("Date", "What", "Component", "Amount", "Balance")), "")
    start, end = say.day(found.start), say.day(found.end)
    opening, closing = say.number(found.line.opening), say.number(found.line.closing)
    yield start, say("Opening balance"), "", "", opening, ""
    for row, words, text in zip(
        found.rows, told.account.words, told.texts, strict=True
    ):
        yield (
            say.day(row.movement.date),
            say(words),
            say(titles.COMPONENTS[row.role]),
            say.number(row.movement.amount),
            say.number(row.balance),
            text,
        )
    yield end, say("Closing balance"), "", "", closing, ""


def _workings(told: Telling, say: Wording) -> None:
    rendering.heading(say("Who worked out my part, and how?"))
    _prose(say(told.who))
    for one in told.reckonings:
        rendering.say(f"\n{say(one.title)}")
        _prose(" ".join(map(say, one.decided)))
        for name, lines in one.steps:
            rendering.say(say(name))
            _columns(
                (say(line.words), say.value(line.value), line.note and say(line.note))
                for line in lines
            )
        if not one.steps:
            _prose(
                say(
                    "How this was worked out does not follow from the book; ask for "
                    "the reckoning."
                )
            )
    if not told.reckonings:
        _prose(say("No year's surplus or loss was distributed to you in the period."))


def _payments(told: Telling, say: Wording) -> None:
    account = told.account
    rendering.heading(say("When do I get money, and do I still owe any?"))
    _columns(
        (
            *(_payment("To you: {what}", one, say) for one in account.to_get),
            *(_payment("From you: {what}", one, say) for one in account.to_pay),
        ),
        numbers={2},
    )
    if not (account.to_get or account.to_pay):
        rendering.say(say("Nothing is to be paid now, on either side."))
    if told.later:
        _prose(say(told.later))


def _payment(words: str, one: Payable, say: Wording) -> tuple[str, ...]:
    what = say(words, what=one.words)
    if one.interest:
        what += " " + say("and {amount} interest", amount=one.interest)
    day = say.day(one.date) if one.date else say("no day agreed")
    return what, day, say.number(one.amount)


def _rest(told: Telling, say: Wording) -> None:
    rendering.heading(say("What happens to it when I leave?"))
    _prose(" ".join(map(say, told.parting)))
    _prose(say("Law and by-laws decide; this is what the book knows of them."))
    rendering.heading(say("Whom do I ask?"))
    asked = (
        "Whoever keeps the co-operative's books: every figure here stands in them, and "
        "you may ask to see how it came about."
    )
    _prose(seen(told.contact) or say(asked))
    rendering.say()
    currency, end = told.currency, told.statement.end
    _prose(
        say(
            "All amounts are in {currency}, as the books have them for {day}.",
            currency=currency,
            day=end,
        )
    )
    origin = Phrase(
        "Made by {program}. Digest of the book (SHA-256): {digest}",
        program=told.program,
        digest=told.digest,
    )
    _prose(say(origin))


def _prose(text: str) -> None:
    rendering.say(textwrap.fill(text, _WIDTH, break_long_words=False))


def _columns(
    rows: Iterable[Iterable[str]], numbers: Collection[int] = frozenset({1})
) -> None:
    """Print rows of cells below each other, numbers to the right, the last as it is."""
    shown = [[seen(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (
            cell.rjust(width) if place in numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        rendering.say(f"  {'  '.join(cells)}".rstrip())
