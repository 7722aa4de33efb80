"""What has to agree in a workbook: each check with both of its sides."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.arithmetic import literal
from coopledger.services.exporting.comparing import borne_by
from coopledger.services.exporting.comparing import given_by
from coopledger.services.exporting.comparing import received_by
from coopledger.services.exporting.comparing import received_of
from coopledger.services.exporting.description import CHECK
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.naming import amount_name
from coopledger.services.exporting.naming import fact_name
from coopledger.services.exporting.naming import parts_name
from coopledger.services.exporting.naming import slug
from coopledger.services.exporting.subject import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.stepping import Stepping
    from coopledger.services.exporting.subject import Subject


class Check(NamedTuple):
    """Two figures that have to agree."""

    what: str
    here: Cell
    there: Cell
    form: Form = "difference"


def _money(formula: str, value: Decimal) -> Cell:
    return live(formula, value, "money")


def _count(formula: str, value: int) -> Cell:
    return live(formula, Decimal(value), "whole")


def _size_of(differences: str) -> str:
    """Add differences up whatever their sign, so that none hides another."""
    return f'SUMIF({differences},">0")-SUMIF({differences},"<0")'


_NONE = fact(ZERO, "whole")
_NIL = fact(ZERO, "money")


def checks_of(subject: Subject, sheets: Sequence[Sheet]) -> Iterator[Check]:
    """Return everything that has to agree.

    Args:
        subject: The year.
        sheets: The sheets made so far; their cells say what holds now.
    """
    yield from _of_inputs(subject, sheets)
    yield from _of_earlier_years(subject)
    yield from _of_work(subject)
    yield from _of_capital(subject)
    yield from _of_steps(subject)
    for one in subject.steppings.values():
        if one.has_parts:
            is_loss = one.applied.step.kind == MEMBERS
            yield from (_of_loss if is_loss else _of_parts)(one)
    yield from _of_destinations(subject)
    for what, here, there, form in subject.ties:
        shown: Form = "difference" if form == "money" else form
        yield Check(what, live(*here, form), live(*there, form), shown)


def _of_inputs(subject: Subject, sheets: Sequence[Sheet]) -> Iterator[Check]:
    outside = sum(
        1
        for sheet in sheets
        for _, _, cell in sheet.marked()
        if cell.form == "status"
        and isinstance(cell.content, Formula)
        and cell.content.value == CHECK
    )
    places = subject.arithmetic.rate_decimals
    yield Check(
        Phrase(
            "Parameters outside the bounds that the law or the federation sets, or "
            "with more than {places} decimals",
            places=places,
        )
        if places
        else Phrase(
            "Parameters outside the bounds that the law or the federation sets"
        ),
        _count(f'COUNTIF(inputs_within,"{CHECK}")', outside),
        _NONE,
        "whole",
    )
    yield Check(
        Phrase("Parameters that were changed on Inputs and differ from the book"),
        _count("SUMPRODUCT(--(inputs_values<>inputs_in_book))", 0),
        _NONE,
        "whole",
    )


def _of_earlier_years(subject: Subject) -> Iterator[Check]:
    before = [
        label
        for label, figures in subject.books.years.items()
        if label < subject.fiscal.label and figures.has_activity
    ]
    open_years = [label for label in before if not _is_distributed(subject, label)]
    yield Check(
        Phrase(
            "Earlier years that are not distributed yet ({years})",
            years=", ".join(map(str, open_years)),
        )
        if open_years
        else Phrase("Earlier years that are not distributed yet"),
        fact(Decimal(len(open_years)), "whole"),
        _NONE,
        "whole",
    )


def _of_work(subject: Subject) -> Iterator[Check]:
    people = subject.figures.members.values()
    hours = sum((one.hours for one in people), ZERO)
    pay = sum((one.amount for one in people), ZERO)
    net = subject.arithmetic.net
    yield Check(
        Phrase("Hours of members: Members and Inputs"),
        live("SUM(members_hours)", hours, "quantity"),
        live(fact_name("hours.members"), hours, "quantity"),
    )
    yield Check(
        Phrase("Pay of members: Members and Inputs"),
        _money(net("SUM(members_pay)"), pay),
        _money(fact_name("pay.members"), pay),
    )


def _is_distributed(subject: Subject, label: int) -> bool:
    pool = subject.book.case.facts(label).pool
    return pool == 0 or bool(subject.books.appropriations(label))


def _of_capital(subject: Subject) -> Iterator[Check]:
    closing = subject.closing
    ledger = sum(subject.figures.capital.values(), ZERO)
    apart = sum(
        (
            abs(closing.get(member, ZERO) - subject.figures.capital.get(member, ZERO))
            for member in closing.keys() | subject.figures.capital.keys()
        ),
        ZERO,
    )
    net = subject.arithmetic.net
    total = _money(net("SUM(capital_closing)"), sum(closing.values(), ZERO))
    yield Check(
        Phrase("Capital: all closing balances, and the control balance in the books"),
        total,
        fact(ledger, "money"),
    )
    yield Check(
        Phrase(
            "Capital: differences of members' closing balances from the books, added up"
        ),
        _money(net(_size_of("capital_differences")), apart),
        _NIL,
    )
    # What the year's own distribution added by its last day is no fact of the year.
    own = ledger - subject.facts.terms["capital"]
    added = f"+{literal(own)}" if own else ""
    yield Check(
        Phrase(
            "Capital: all closing balances, and the capital on Inputs with {amount} of "
            "distributions booked beside it",
            amount=own.normalize(),
        )
        if own
        else Phrase("Capital: all closing balances, and the capital on Inputs"),
        total,
        _money(net(f"{fact_name('capital')}{added}"), ledger),
    )


def _of_steps(subject: Subject) -> Iterator[Check]:
    whole = subject.loss if subject.is_loss else subject.facts.pool
    spent = sum((subject.taking(one.step) * one.amount for one in subject.steps), ZERO)
    word = "loss" if subject.is_loss else "pool"
    charged = [f"{amount_name(step)}" for step in subject.charging]
    named = fact_name(word)
    if subject.is_loss and charged:
        # Charges have enlarged the loss and stand among the steps with a minus.
        whole -= subject.appropriation.charges
        named = subject.arithmetic.net("-".join([named, *charged]))
    yield Check(
        Phrase(
            "Appropriation: all steps together use up the {what}", what=Phrase(word)
        ),
        _money("steps_total", spent),
        _money(named, whole),
    )
    yield Check(
        Phrase("Appropriation: nothing remains after the last step"),
        _money("steps_remaining", subject.appropriation.remaining),
        _NIL,
    )


def _of_parts(one: Stepping) -> Iterator[Check]:
    step, net = one.applied.step, one.subject.arithmetic.net
    tag, parts = slug(step.id), parts_name(step.id)
    amount = one.applied.amount
    given = sum((sum(own, ZERO) for own in given_by(one.applied).values()), ZERO)
    given += sum((line.withheld for line in one.applied.lines), ZERO)
    if one.is_split:
        yield Check(
            Phrase(
                "{step}: the pool, and the sum of all members' amounts",
                step=wording.ours(step.title),
            ),
            _money(f"pool_{tag}", one.applied.divided),
            _money(net(f"SUM({parts})"), amount),
        )
    yield Check(
        Phrase(
            "{step}: each member's paid and retained parts, less the amount",
            step=wording.ours(step.title),
        ),
        _money(net(_size_of(f"gaps_{tag}")), amount - given),
        _NIL,
    )
    yield _against(
        one, Phrase("{step}: every member's parts", step=wording.ours(step.title))
    )


def _of_loss(one: Stepping) -> Iterator[Check]:
    step, net = one.applied.step, one.subject.arithmetic.net
    tag, pool = slug(step.id), one.applied.divided
    yield Check(
        Phrase(
            "{step}: the pool, and the sum of all parts", step=wording.ours(step.title)
        ),
        _money(f"pool_{tag}", pool),
        _money(net(f"SUM(shares_{tag})"), pool),
    )
    yield Check(
        Phrase(
            "{step}: what is borne and what is not covered make up the pool",
            step=wording.ours(step.title),
        ),
        _money(net(f"SUM({parts_name(step.id)})+SUM(uncovered_{tag})"), pool),
        _money(f"pool_{tag}", pool),
    )
    yield _against(
        one, Phrase("{step}: what every member bears", step=wording.ours(step.title))
    )


def _against(one: Stepping, what: str) -> Check:
    """Compare members' amounts with the books, or with the proposal."""
    subject = one.subject
    apart = ZERO
    if one.applied.step.kind == MEMBERS:
        for member, borne in borne_by(one).items():
            apart += abs(one.applied.parts[member] - borne)
    else:
        there = received_by(one)
        for who, here in given_by(one.applied).items():
            pairs = zip(here, there[who], strict=True)
            apart += sum((abs(a - b) for a, b in pairs), ZERO)
    differences = f"differences_{slug(one.applied.step.id)}"
    return Check(
        Phrase(
            "{what}, {where}: differences, added up",
            what=what,
            where=subject.compared_with,
        ),
        _money(subject.arithmetic.net(f"SUM({differences})"), apart),
        _NIL,
    )


def _of_destinations(subject: Subject) -> Iterator[Check]:
    received = received_of(subject)
    for role in subject.roles:
        steps = [s.step.id for s in subject.steps if s.step.role == role]
        added = "+".join(amount_name(step) for step in steps)
        yield Check(
            Phrase(
                "To {role}: amount here, and as {where}",
                role=wording.of_role(role),
                where=subject.compared_with,
            ),
            _money(subject.arithmetic.net(added), subject.appropriation.to_role(role)),
            fact(received[role], "money"),
        )
