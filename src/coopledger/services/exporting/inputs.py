"""The sheet of inputs: the parameters that the year uses, and the year's facts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import ORIGINS
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.arithmetic import LIMIT
from coopledger.services.exporting.arithmetic import decimals_of
from coopledger.services.exporting.arithmetic import literal
from coopledger.services.exporting.description import CHECK
from coopledger.services.exporting.description import OK
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Entry
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.naming import amount_name
from coopledger.services.exporting.naming import fact_name
from coopledger.services.exporting.naming import slug
from coopledger.services.exporting.stepping import planned
from coopledger.services.exporting.subject import used_terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.domain.books import Value
    from coopledger.law.parameter import Bound
    from coopledger.law.parameter import Parameter
    from coopledger.law.policy import Setting
    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.description import Look
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject

INPUTS = "Inputs"

_PARAMETERS = Columns.of(
    Column("name", "Parameter", 28),
    Column("title", "What it is", 44),
    Column("value", "Value", 15, "inputs_values"),
    Column("book", "In the book", 15, "inputs_in_book"),
    Column("level", "Decided by", 19),
    Column("bound", "Bound", 22),
    Column("within", "Within bound", 10, "inputs_within"),
    Column("source", "Rests on", 48),
    Column("confidence", "Source was", 20),
)

_FACTS = Columns.of(
    Column("name", "Fact", 28),
    Column("title", "What it is", 44),
    Column("value", "Value", 16),
    Column("how", "Comes from", 16),
)


def inputs_sheet(subject: Subject) -> Sheet:
    """Make the sheet that all others reckon from."""
    draft = subject.draft(
        INPUTS, "The rates, with their source, and the year's figures", fixed=1
    )
    draft.begin(
        "Inputs",
        subject.subtitle,
        "Yellow cells may be changed: every member's amount and every check follows. "
        "The other cells come from the book and from the law. Formulas call a cell by "
        "its name in the first column, with _ for each dot and hyphen, and with fact_ "
        "before the name of a fact.",
    )
    draft.table(
        "parameters",
        _PARAMETERS,
        subject.settings.values(),
        lambda setting, at: _parameter_row(subject, setting, at),
    )
    draft.table(
        "facts",
        _FACTS,
        facts_of(subject),
        lambda one, _: _fact_row(one),
        caption="What the book says of the year",
    )
    return draft.done


# --- parameters -----------------------------------------------------------------------

#: Units of parameters that are counted, not measured.
_WHOLE = frozenset({"years", "months", "days", "count"})

#: How a number is shown, by the unit of its parameter; others are plain.
_FORMS: dict[str, Form] = {"ratio": "rate", "amount": "money", "hours": "number"}


def _parameter_row(subject: Subject, setting: Setting, at: Addresses) -> Row:
    preset = subject.policy.preset_on(subject.end)
    parameter = preset.parameter(setting.name)
    below = "statutes" if setting.level == "law" else setting.level
    bounds = subject.policy.bounds(setting.name, subject.end, below)
    unit = parameter.unit if parameter else "text"
    confidence = Phrase(wording.CONFIDENCE[setting.dated.confidence])
    value = _value(subject, setting, parameter)
    return {
        "name": text(setting.name, "code"),
        "title": text(wording.ours(parameter.title if parameter else ""), "wrapped"),
        "value": value,
        "book": fact(_plain(setting.value), value.form),
        "level": text(Phrase(wording.LEVELS[setting.level])),
        "bound": text(wording.of_bounds(bounds, unit), "wrapped"),
        "within": _within(subject, setting, bounds, at["value"]),
        "source": text(wording.of_sources(setting.sources), "wrapped"),
        "confidence": text(
            confidence
            if setting.level == "law"
            else Phrase("decided; law: {how}", how=confidence),
            "wrapped",
        ),
    }


def _value(subject: Subject, setting: Setting, parameter: Parameter | None) -> Cell:
    name, value = slug(setting.name), setting.value
    notices = {one.applied.step.notice for one in planned(subject) if one.is_plain}
    if not isinstance(value, Decimal):
        choices = parameter.choices if parameter else ()
        if setting.name in notices and choices:
            return Cell(str(value), "text", "input", name, Entry("word", choices))
        return fact(_plain(value), "text", name)
    form = _FORMS.get(parameter.unit if parameter else "count", "number")
    if setting.name not in _live_parameters(subject):
        return fact(value, form, name)
    is_whole = parameter is not None and parameter.unit in _WHOLE
    entry = Entry("whole" if is_whole else "number")
    return Cell(value, form, "input", name, entry)


def _plain(value: Value) -> Decimal | str:
    return value if isinstance(value, Decimal) else str(value)


def _live_parameters(subject: Subject) -> set[str]:
    """Return the parameters that formulas of the steps call."""
    if not subject.arithmetic.is_exact:
        return set()
    return {name for one in planned(subject) for name in one.called}


def _within(
    subject: Subject, setting: Setting, bounds: Sequence[Bound], at: str
) -> Cell:
    if not isinstance(setting.value, Decimal):
        return Cell(None, "status")
    places = max(subject.arithmetic.rate_decimals or 0, decimals_of(setting.value))
    tests = [f"{at}>=0", f"ROUND({at},{places})={at}", *_limits(bounds, at)]
    within = setting.value >= 0 and all(bound.allows(setting.value) for bound in bounds)
    formula = f'IF(AND({",".join(dict.fromkeys(tests))}),"{OK}","{CHECK}")'
    return live(formula, OK if within else CHECK, "status")


def _limits(bounds: Sequence[Bound], at: str) -> Iterator[str]:
    for bound in bounds:
        if isinstance(bound.fixed, Decimal):
            yield f"{at}={literal(bound.fixed)}"
        if bound.minimum is not None:
            yield f"{at}>={literal(bound.minimum)}"
        if bound.maximum is not None:
            yield f"{at}<={literal(bound.maximum)}"


# --- facts ----------------------------------------------------------------------------


class Fact(NamedTuple):
    """A fact of the year: its term, its value or formula, and how it is shown."""

    term: str
    content: Decimal | Formula
    form: Form = "money"


def _fact_row(one: Fact) -> Row:
    is_formula = isinstance(one.content, Formula)
    look: Look = "plain" if is_formula else "fact"
    return {
        "name": text(one.term, "code"),
        "title": text(wording.of_term(one.term), "wrapped"),
        "value": Cell(one.content, one.form, look, fact_name(one.term)),
        "how": text(Phrase("formula") if is_formula else Phrase("book")),
    }


def facts_of(subject: Subject) -> list[Fact]:
    """Return the facts that the other sheets call, in order."""
    used = set(used_terms(subject.appropriation))
    facts = [*_results(subject), *_work(subject)]
    if used & {"surplus", "profit"}:
        facts += _labour_result(subject)
    if subject.is_loss:
        charged = "".join(f"+{amount_name(step)}" for step in subject.charging)
        owed = f"-{fact_name('pool')}{charged}"
        whole = subject.arithmetic.net(owed) if charged else owed
        facts.append(Fact("loss", Formula(f"MAX(0,{whole})", subject.loss)))
    if any(applied.step.grace for applied in subject.steps):
        facts.append(Fact("index", Decimal(subject.facts.index), "whole"))
    known = {one.term for one in facts}
    terms = subject.facts.terms
    always = ["prior-losses", "capital"]
    facts += [
        Fact(term, terms.get(term, ZERO))
        for term in dict.fromkeys([*always, *used_terms(subject.appropriation)])
        if term not in known
    ]
    return facts


def _results(subject: Subject) -> Iterator[Fact]:
    terms, net = subject.facts.terms, subject.arithmetic.net
    for whole in ("result", "tax"):
        parts = [f"{whole}.{origin}" for origin in ORIGINS]
        for part in parts:
            yield Fact(part, terms[part])
        added = "+".join(fact_name(part) for part in parts)
        yield Fact(whole, Formula(net(added), terms[whole]))
    after_tax = f"{fact_name('result')}-{fact_name('tax')}"
    pool = subject.arithmetic.whole(after_tax, "nearest")
    yield Fact("pool", Formula(pool, subject.facts.pool))


def _work(subject: Subject) -> Iterator[Fact]:
    sides = {"members": subject.figures.members, "others": subject.figures.hired}
    for side, people in sides.items():
        hours = sum((one.hours for one in people.values()), ZERO)
        yield Fact(f"hours.{side}", hours, "quantity")
    for side, people in sides.items():
        pay = sum((one.amount for one in people.values()), ZERO)
        yield Fact(f"pay.{side}", pay)


def _labour_result(subject: Subject) -> Iterator[Fact]:
    """Divide the co-operative result between members' labour and that of others."""
    net, terms = subject.arithmetic.net, subject.facts.terms
    formula = _labour_formula(subject)
    surplus = terms["surplus"]
    yield Fact("surplus", Formula(formula, surplus) if formula else surplus)
    rest = net(f"{fact_name('pool')}-{fact_name('surplus')}")
    yield Fact("profit", Formula(rest, terms["profit"]))


def _labour_formula(subject: Subject) -> str:
    """Return the exact division by hours or pay, or "" where floats cannot do it."""
    by = subject.policy.text("labour.measure", subject.end, "hours")
    what = "hours" if by == "hours" else "pay"
    sides = [
        sum((one.hours if by == "hours" else one.amount for one in side.values()), ZERO)
        for side in (subject.figures.members, subject.figures.hired)
    ]
    cooperative = subject.facts.terms["result.cooperative"]
    if sum(sides) == 0:
        return fact_name("result.cooperative")
    places = max(decimals_of(side) for side in sides)
    whole = int(sum(sides) * 10**places)
    arithmetic = subject.arithmetic
    grains = abs(cooperative) * 10**arithmetic.places
    largest = (2 * grains + arithmetic.grain) * whole
    if grains % 1 or min(sides) < 0 or largest > LIMIT:
        return ""
    own, others = (
        f"ROUND({fact_name(f'{what}.{side}')}*{10**places},0)"
        for side in ("members", "others")
    )
    amount, grain = fact_name("result.cooperative"), arithmetic.grain
    # Half a unit is rounded away from zero, as the engine rounds.
    twice = f"2*ABS({arithmetic.grains(amount)})*{own}"
    divided = f"INT(({twice}+{grain}*({own}+{others}))/(2*{grain}*({own}+{others})))"
    return f"SIGN({amount})*{arithmetic.money(divided)}"
