"""What figures are in words: phrases, and a step's arithmetic in one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.phrases import word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.steps import AppliedStep


#: What steers a terminal or turns the direction of writing, and shows nothing itself.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def has_unseen(text: str) -> bool:
    """Say whether a text has characters that steer and show nothing, or a new line."""
    return bool(_UNSEEN.search(text))


def seen(text: str) -> str:
    r"""Write such characters out, so that they steer nothing: ``\x1b``."""
    return _UNSEEN.sub(lambda one: ascii(one[0])[1:-1], text)


def percent(rate: Decimal) -> str:
    """Write a rate as a percentage, without zeros that say nothing."""
    return f"{Rate(rate)}"


def role_in_words(role: str) -> Phrase:
    """Name a role as people read it."""
    return word(role.replace("-", " "))


def money(amount: Decimal) -> str:
    """Write an amount as people read it, with its thousands apart."""
    return f"{amount:,f}"


def listed(sources: Sequence[str]) -> str:
    """Name texts one after the other, the title of each only once.

    ``Act A, art. 1; Act A, art. 2`` becomes ``Act A, art. 1; art. 2``.
    """
    named: list[str] = []
    last = ""
    for source in sources:
        title, mark, place = source.partition(", art. ")
        named.append(f"art. {place}" if mark and title == last else source)
        last = title if mark else ""
    return "; ".join(named)


def sentence_of(step: AppliedStep) -> str:
    """Say what a step takes, of which base, at which rate, by which source."""
    source = f" ({listed(step.sources)})" if step.sources else ""
    title = step.step.title
    if step.unmet:
        why = f"{_sum_in_words(step.unmet)} is not above zero"
        return f"{title}: nothing, because {why}{source}."
    rate = "" if step.rate is None else f"{percent(step.rate)} of "
    base = _sum_in_words(step.terms) or "what remains"
    counted = any(amount for _, amount in step.less)
    less = f", less {_sum_in_words(step.less)} already counted" if counted else ""
    return (
        f"{title}: {step.how or rate}{base}{less}{_cut(step)} = {money(step.amount)}; "
        f"{money(step.remaining)} remains{source}."
    )


def _cut(step: AppliedStep) -> str:
    """Say why a step takes less than it would."""
    if step.amount >= step.wanted:
        return ""
    within = step.divided or step.amount
    if within >= step.wanted:
        return ", as far as parts may go"
    if step.cap is not None and step.cap <= within:
        return f", at most {money(max(ZERO, step.cap))}"
    return ", no more than was left"


def _sum_in_words(terms: Sequence[tuple[str, Decimal]]) -> str:
    telling = [term for term in terms if term[1]] or terms[:1]
    words = "".join(_term_in_words(*term) for term in telling)
    return words.removeprefix(" plus ").strip()


def _term_in_words(term: str, amount: Decimal) -> str:
    name = term.removeprefix("-").replace("*", " x ")
    for mark in ":.-":
        name = name.replace(mark, " ")
    # A result below zero counts as the loss that it is.
    turned = "negative " if term.startswith("-") and amount > 0 else ""
    return f" {'less' if amount < 0 else 'plus'} {turned}{name} {money(abs(amount))}"
