"""The sheet of the appropriation: every step with its base, rate and amount, live."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.division import is_divided
from coopledger.domain.kinds import surplus_of
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.averaging import average_name
from coopledger.services.exporting.averaging import average_value
from coopledger.services.exporting.averaging import average_years
from coopledger.services.exporting.comparing import received_of
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.naming import amount_name
from coopledger.services.exporting.naming import fact_name
from coopledger.services.exporting.naming import parts_name
from coopledger.services.exporting.naming import slug
from coopledger.services.exporting.stepping import Stepping
from coopledger.services.exporting.wanting import VALUED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import PastYear
    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject

APPROPRIATION = "Appropriation"


def _columns(subject: Subject) -> Columns:
    """Return the columns of the steps, without those that no step uses."""
    steps = [applied.step for applied in subject.steps]
    has_less = any(step.less for step in steps)
    has_limit = any(step.limits for step in steps)
    return Columns.of(
        Column("step", "Step", 32),
        Column("kind", "How", 22),
        Column("words", "Base, in words", 22),
        Column("base", "Base", 14),
        Column("rate", "Rate", 11),
        Column("less", "Already counted", 17) if has_less else None,
        Column("limit", "Never above", 14) if has_limit else None,
        Column("amount", "Amount", 15, "steps_amounts"),
        Column("remaining", "Remaining", 15),
        Column("role", "To", 36),
        Column("source", "Rests on", 44),
    )


def appropriation_sheet(subject: Subject) -> Sheet:
    """Make the waterfall from the year's result down to nothing."""
    draft = subject.draft(
        APPROPRIATION, "The result, step by step, down to nothing", fixed=1
    )
    draft.begin(
        Phrase("Appropriation of the loss")
        if subject.is_loss
        else Phrase("Appropriation of the surplus"),
        subject.subtitle,
        subject.state,
        Phrase(
            "Rates come from Inputs. No step takes more than what remains above it; "
            "[name] stands for what an earlier step took."
        ),
    )
    before = first_before(subject)

    def row(applied: AppliedStep, at: Addresses) -> Row:
        nonlocal before
        stepping = Stepping(subject, applied, at, before)
        before = at["remaining"]
        subject.steppings[applied.step.id] = stepping.elsewhere(draft)
        return _step_row(stepping)

    draft.table(
        "steps",
        _columns(subject),
        subject.steps,
        row,
        total=lambda over: _steps_total(subject, over),
    )
    _destinations(subject, draft)
    for stepping in subject.steppings.values():
        if stepping.applied.step.kind == "average":
            _history(stepping, draft)
    return draft.done


def first_before(subject: Subject) -> str:
    """Return what is there before the first step, as formulas call it."""
    if not subject.is_loss:
        return fact_name("pool")
    # Charges come first and bring the loss to its whole.
    charged = "".join(f"-{amount_name(step)}" for step in subject.charging)
    return f"({fact_name('loss')}{charged})" if charged else fact_name("loss")


# --- steps ----------------------------------------------------------------------------


def _step_row(one: Stepping) -> Row:
    step, applied, at = one.applied.step, one.applied, one.at
    templates = one.subject.book.chart.templates.get(step.role, ("",))
    how = wording.TREATMENTS[step.treatment]
    optional = {
        "rate": _rate(one),
        "less": _sum(one, step.less) if step.less else Cell(),
        "limit": _least(one, step.limits),
    }
    return {
        "step": text(wording.ours(step.title), "wrapped"),
        "kind": text(_how(one), "wrapped"),
        "words": text(wording.sum_in_words(step.base), "wrapped"),
        "base": _base(one),
        **{key: cell for key, cell in optional.items() if key in at},
        "amount": _amount(one),
        "remaining": _remaining(one),
        "role": text(
            Phrase(
                "{role}{how}\n{account}",
                role=wording.of_role(step.role),
                how=wording.ours(how),
                account=templates[-1],
            ),
            "wrapped",
        ),
        "source": text(wording.of_sources(applied.sources), "wrapped"),
    }


def _how(one: Stepping) -> Phrase:
    step = one.applied.step
    what = wording.ours(wording.KINDS.get(step.kind, step.kind))
    rounding = wording.ours(wording.ROUNDINGS[step.round])
    note = Phrase("" if one.is_exact else ". A value: no formula is exact here")
    return Phrase("{what}{how}{note}", what=what, how=rounding, note=note)


def _base(one: Stepping) -> Cell:
    if not one.is_live:
        return fact(one.applied.base, "money")
    if one.applied.step.kind in VALUED:
        return fact(one.value(one.applied.step.base), "money")
    return _reckoned(one, one.total(one.applied.step.base), one.applied.base)


def _remaining(one: Stepping) -> Cell:
    """Return what is left: a transfer takes nothing, a charge enlarges a loss."""
    sign = {1: "-", -1: "+"}.get(one.taking)
    less = f"{sign}{one.at['amount']}" if sign else ""
    formula = one.subject.arithmetic.net(f"{one.before}{less}")
    return _reckoned(one, formula, one.applied.remaining, live_always=True)


def _reckoned(  # noqa: PLR0913 - what a cell may have
    one: Stepping,
    formula: str,
    value: Decimal,
    form: Form = "money",
    name: str = "",
    *,
    live_always: bool = False,
) -> Cell:
    """Return a formula, or its value where formulas cannot be exact."""
    if one.is_live or (live_always and one.subject.arithmetic.is_exact):
        return live(formula, value, form, name)
    return fact(value, form, name)


def _rate(one: Stepping) -> Cell:
    if one.applied.rate is None:
        return Cell()
    return _reckoned(one, one.rate(), one.applied.rate, "rate")


def _sum(one: Stepping, terms: Sequence[str]) -> Cell:
    if not one.is_decided:
        return Cell()
    return _reckoned(one, one.total(terms), one.value(terms))


def _least(one: Stepping, limits: Sequence[Sequence[str]]) -> Cell:
    if not limits or not one.is_decided:
        return Cell()
    sums = [one.total(terms) for terms in limits]
    least = f"MIN({','.join(sums)})" if len(sums) > 1 else sums[0]
    return _reckoned(one, least, min(map(one.value, limits)))


def _amount(one: Stepping) -> Cell:
    """Return what a step takes; what members get is added up on their own sheet."""
    step, amount = one.applied.step, one.applied.amount
    name = amount_name(step.id)
    if one.has_parts:
        added = one.subject.arithmetic.net(f"SUM({parts_name(step.id)})")
        return live(added, amount, "money", name)
    if is_divided(step) or not one.is_exact:
        return fact(amount, "money", name)
    return live(one.allowed(), amount, "money", name)


def _steps_total(subject: Subject, over: Addresses) -> Row:
    whole = ZERO
    apart = ""
    for applied in subject.steps:
        times = subject.taking(applied.step)
        whole += times * applied.amount
        # A transfer is not taken from the result; a charge has enlarged the loss.
        apart += {1: "", 0: "-{0}", -1: "-2*{0}"}[times].format(
            amount_name(applied.step.id)
        )
    added = subject.arithmetic.net(f"SUM({over['amount']}){apart}")
    last = over["remaining"].rpartition(":")[2]
    left = subject.appropriation.remaining
    return {
        "step": Cell(Phrase("All steps"), "strong", "total"),
        "amount": summed(added, whole, "money", "steps_total"),
        "remaining": summed(last, left, "money", "steps_remaining"),
    }


# --- by destination -------------------------------------------------------------------


def _destinations(subject: Subject, draft: Draft) -> None:
    columns = Columns.of(
        Column("role", "Destination", 34),
        Column("amount", "Amount here", 22),
        Column("compared", Phrase("Amount {where}", where=subject.compared_with), 28),
        Column("difference", "Difference", 14, "destinations_differences"),
    )
    net = subject.arithmetic.net
    own = {role: subject.appropriation.to_role(role) for role in subject.roles}
    received = received_of(subject)

    def row(one: tuple[str, Decimal], at: Addresses) -> Row:
        role, compared = one
        steps = [s.step.id for s in subject.steps if s.step.role == role]
        added = "+".join(amount_name(step) for step in steps)
        return {
            "role": text(wording.of_role(role)),
            "amount": live(net(added), own[role], "money"),
            "compared": fact(compared, "money"),
            "difference": live(
                net(f"{at['amount']}-{at['compared']}"),
                own[role] - compared,
                "difference",
            ),
        }

    def total(over: Addresses) -> Row:
        here, there = sum(own.values(), ZERO), sum(received.values(), ZERO)
        return {
            "role": Cell(Phrase("All destinations"), "strong", "total"),
            "amount": summed(net(f"SUM({over['amount']})"), here, "money"),
            "compared": summed(net(f"SUM({over['compared']})"), there, "money"),
        }

    draft.table(
        "destinations",
        columns,
        received.items(),
        row,
        total=total,
        caption="By destination",
    )


# --- the recent average ---------------------------------------------------------------

_HISTORY = Columns.of(
    Column("year", "Earlier year with a surplus", 34),
    Column("surplus", "Surplus", 22),
    Column("allocated", "Put into the funds that count", 28),
    Column("share", "Share", 14),
    Column("back", "Years back", 10),
)


def _history(one: Stepping, draft: Draft) -> None:
    step = one.applied.step
    years = average_years(one.subject, step)
    if not years:
        draft.say("No earlier year has a surplus: the average share is nil.")
        return
    mean = average_value(one.subject, step)
    limit = slug(step.years)

    def row(item: tuple[int, PastYear], at: Addresses) -> Row:
        back, year = item
        roles = step.counts or (step.role,)
        allocated = sum((year.allocated.get(role, ZERO) for role in roles), ZERO)
        surplus = surplus_of(year, step.against)
        share = f"{at['allocated']}/{at['surplus']}"
        return {
            "year": fact(str(year.label), "text"),
            "surplus": fact(surplus, "money"),
            "allocated": fact(allocated, "money"),
            "share": live(share, allocated / surplus, "rate"),
            "back": fact(Decimal(back), "whole"),
        }

    def total(over: Addresses) -> Row:
        counted = f'SUMIF({over["back"]},"<="&{limit},{over["share"]})'
        formula = f"MIN(1,{counted}/MIN({limit},{len(years)}))"
        value = Decimal(mean.numerator) / mean.denominator
        return {
            "year": Cell(Phrase("Average over the last years"), "strong", "total"),
            "share": summed(formula, value, "rate", average_name(step.id)),
        }

    counted = enumerate(years)
    draft.table(
        f"history_{slug(step.id)}",
        _HISTORY,
        [(len(years) - index, year) for index, year in counted],
        row,
        total=total,
        caption=Phrase(
            "{step}: the recent average share", step=wording.ours(step.title)
        ),
    )
