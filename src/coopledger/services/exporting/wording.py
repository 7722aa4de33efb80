"""The words of a workbook: what terms, roles, kinds and levels are called."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

from coopledger.domain.steps import split_term
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import enumerated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.domain.books import Value
    from coopledger.law.parameter import Bound
    from coopledger.law.parameter import Unit

_TERMS = {
    "result": "Result of the year, before tax",
    "result.cooperative": "Co-operative result, before tax",
    "result.extra-cooperative": "Extra-co-operative result, before tax",
    "result.extraordinary": "Extraordinary result, before tax",
    "tax": "Tax on income",
    "tax.cooperative": "Tax on the co-operative result",
    "tax.extra-cooperative": "Tax on the extra-co-operative result",
    "tax.extraordinary": "Tax on the extraordinary result",
    "pool": "Result after tax: what there is to distribute",
    "loss": "Loss of the year",
    "surplus": "Surplus: the co-operative result that is due to members' labour",
    "profit": "Profit: the rest of the result after tax",
    "prior-losses": "Losses of earlier years that are still carried",
    "interest": "Interest on capital, inside the result",
    "capital": "Members' capital on the last day",
    "capital.highest": "Members' capital, its highest so far",
    "capital.by-time": "Members' capital by the part of the year that it stood",
    "debts": "Debts on the last day",
    "equity": "Net worth on the last day: assets less debts",
    "turnover": "All income",
    "payroll": "Pay of members and of others",
    "payroll.members": "Pay of members",
    "payroll.hired": "Pay of others",
    "members": "Number of members on the last day",
    "workers": "Number of others who were paid",
    "units": "Quantity of patronage",
    "hours.members": "Hours of members",
    "hours.others": "Hours of others",
    "pay.members": "Pay of members (advances)",
    "pay.others": "Pay of others (wages)",
    "index": "Number of this fiscal year, counted from the foundation",
}


def ours(text: str) -> Phrase:
    """Return a text of ours, or of the law, which catalogues say in other languages."""
    return Phrase(text.replace("{", "{{").replace("}", "}}"))


def of_term(term: str) -> Phrase:
    """Say what a fact is."""
    kind, _, role = term.partition(":")
    if kind == "balance":
        return Phrase("Balance of {role} on the last day", role=of_role(role))
    if kind == "highest":
        return Phrase("Balance of {role}, its highest so far", role=of_role(role))
    if kind == "capital.by-time" and role:
        return Phrase("{what}: {role}", what=ours(_TERMS[kind]), role=of_role(role))
    return ours(_TERMS.get(term, term))


def of_role(role: str) -> Phrase:
    """Say what a role is."""
    return ours(role.replace("-", " "))


#: What a kind of step does, with its rate.
KINDS = {
    "share": "a share of the base",
    "top-up": "tops up to a share of the base",
    "slice": "a first slice, then a share of the rest",
    "alpha": "base times base, by base and what it is weighed against",
    "offset": "makes losses good",
    "patronage": "to members, by patronage",
    "rest": "all that remains",
    "average": "the recent average share",
    "members": "members, each up to own capital",
    "carry": "all that remains, carried on",
    "interest": "the rate of each member's capital by time",
    "per-unit": "an amount for each unit of patronage",
}

#: What becomes of an amount that is not simply appropriated.
TREATMENTS = {
    "appropriation": "",
    "expense": " (an expense of the year)",
    "transfer": " (a transfer; not taken from the result)",
}

#: How amounts are rounded.
ROUNDINGS = {
    "nearest": "",
    "up": ", rounded up",
    "down": ", rounded down",
}

LEVELS = {
    "law": "law or preset",
    "federation": "federation",
    "statutes": "by-laws",
}

CONFIDENCE = {
    "seen": "the text was read",
    "secondary": "from a secondary text",
    "background": "background knowledge",
    "derived": "derived from the text",
}


def sum_in_words(terms: Sequence[str]) -> str:
    """Write signed terms as a sum: ``result - tax - prior losses``."""
    words = ""
    for term in terms:
        sign = "\N{MINUS SIGN}" if term.startswith("-") else "+"
        one = _term_in_words(term)
        if words:
            words = Phrase(f"{{some}} {sign} {{one}}", some=words, one=one)
        else:
            words = one if sign == "+" else Phrase(f"{sign} {{one}}", one=one)
    return words


def _term_in_words(term: str) -> Phrase:
    _, factor, name = split_term(term)
    kind, _, what = name.partition(":")
    told = {
        "step": Phrase("[{step}]", step=of_role(what)),
        "spill": Phrase("what [{step}] leaves", step=of_role(what)),
        "balance": Phrase("{role} balance", role=of_role(what)),
    }
    plain = ours(name.replace("-", " ").replace(".", " ").replace(":", " "))
    said = told.get(kind, plain)
    times = "{factor} \N{MULTIPLICATION SIGN} {term}"
    return Phrase(times, factor=factor, term=said) if factor else said


def of_sources(sources: Sequence[str]) -> str:
    """Name texts one after the other; names of laws stay as they are."""
    return reduce(
        lambda some, more: Phrase("{some}; {more}", some=some, more=more),
        sources or [""],
    )


def percent(rate: Decimal) -> Phrase:
    """Write a rate as a percentage."""
    return Phrase(
        "{number}\N{NO-BREAK SPACE}%", number=Figure((rate * 100).normalize())
    )


def number(value: Decimal, unit: Unit) -> Decimal | Phrase:
    """Write a number of a parameter."""
    return percent(value) if unit == "ratio" else Figure(value.normalize())


def of_value(value: Value, unit: Unit) -> Decimal | str:
    """Write the value of a parameter."""
    return number(value, unit) if isinstance(value, Decimal) else str(value)


def of_bounds(bounds: Sequence[Bound], unit: Unit) -> str:
    """Say what bounds allow."""
    sides: list[Phrase] = []
    for bound in bounds:
        if bound.fixed is not None:
            fixed = of_value(bound.fixed, unit)
            sides.append(Phrase("exactly {value}", value=fixed))
        if bound.minimum is not None:
            least = number(bound.minimum, unit)
            sides.append(Phrase("at least {value}", value=least))
        if bound.maximum is not None:
            most = number(bound.maximum, unit)
            sides.append(Phrase("at most {value}", value=most))
    return enumerated([*dict.fromkeys(sides)]) if sides else Phrase("free")
