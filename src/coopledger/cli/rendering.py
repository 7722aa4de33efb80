"""The only printer: tables, findings, waterfalls and JSON."""

from __future__ import annotations

import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from coopledger.domain.amounts import round_to
from coopledger.domain.capital import COLUMNS
from coopledger.domain.findings import joined
from coopledger.domain.words import has_unseen
from coopledger.domain.words import seen
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import RuleSwitch
    from coopledger.domain.findings import Finding
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.services.explaining import Explanation
    from coopledger.services.stating import CapitalTable

    #: Says a phrase in the reader's language; `str` says it as it stands in the code.
    Say = Callable[[Phrase], str]

_COLOURS = {"error": "red", "warning": "yellow"}

#: Weights are shown with two decimals; they are exact where they count.
_SHOWN = Decimal("0.01")


#: Up to so many enterprises have columns of their own on a terminal.
FEW = 5


def program() -> str:
    """Say how this program is called: by its path where its name is not enough."""
    name = "coopledger"
    called = sys.argv[0]
    is_by_path = Path(called).name == name and shutil.which(name) is None
    return called if is_by_path else name


def say(text: str = "") -> None:
    """Print a line, or several."""
    _put(text)


def warn(text: str) -> None:
    """Print a line where errors go, beside what was asked for."""
    click.secho(seen(text), err=True, fg=_COLOURS["warning"])


def heading(text: str) -> None:
    """Print a heading."""
    _put(f"\n{seen(text)}", bold=True)


def _put(text: str = "", **style: Any) -> None:
    """Print text in which nothing but the ends of its lines steers the terminal."""
    lines = "\n".join(seen(line) for line in text.split("\n"))
    click.secho(lines, **style)


def as_json(shape: dict[str, Any]) -> None:
    """Print a shape as JSON."""
    text = json.dumps(shape, ensure_ascii=False, indent=2)
    # JSON itself lets some characters through that steer terminals.
    for char in {char for char in text if char != "\n" and has_unseen(char)}:
        text = text.replace(char, f"\\u{ord(char):04x}")
    click.echo(text)


def money(amount: Decimal) -> str:
    """Write an amount with thousands separators and all its decimals."""
    return f"{amount:,f}"


def percent(rate: Decimal) -> str:
    """Write a rate as a percentage."""
    return f"{(rate * 100).normalize():f} %"


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right."""
    listed = [list(row) for row in rows]
    columns = list(zip(*listed, strict=True)) or [() for _ in names]
    numeric = [all(_is_number(value) for value in column) for column in columns]
    unit = _finest(value for row in listed for value in row)
    lines = [[_cell(value, unit) for value in row] for row in listed]
    widths = [
        max(len(line[index]) for line in (names, *lines)) for index in range(len(names))
    ]

    def laid_out(line: Iterable[str]) -> str:
        return "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, numeric, strict=True)
        ).rstrip()

    _put(laid_out(names), bold=True)
    for line in lines:
        _put(laid_out(line))


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal | int | None) or value == ""


def _finest(values: Iterable[object]) -> Decimal:
    """Return the smallest unit among amounts, so that all get as many decimals."""
    exponents = [
        int(value.as_tuple().exponent) for value in values if isinstance(value, Decimal)
    ]
    return Decimal(1).scaleb(min(0, *exponents)) if exponents else Decimal(1)


def _cell(value: object, unit: Decimal) -> str:
    if isinstance(value, Decimal):
        return money(value.quantize(unit))
    return "" if value is None else seen(str(value))


def counted(number: int, say: Say = str) -> str:
    """Say how many findings there are."""
    if number == 0:
        return say(Phrase("clean"))
    several = Phrase("{count} findings", count=number)
    return say(Phrase("1 finding") if number == 1 else several)


def findings(found: Iterable[Finding], say: Say = str) -> None:
    """Print findings, each with its place first, as compilers do."""
    for finding in found:
        place = seen(f"{finding.origin.file}:{finding.origin.line}:")
        _put(f"{place} ", nl=False)
        _put(finding.severity, fg=_COLOURS.get(finding.severity), nl=False)
        _put(seen(f": {finding.rule}: {finding.found}"))
        why = joined(finding.why, finding.reason)
        for label, text in ((Phrase("why"), why), (Phrase("do"), finding.fix)):
            if text:
                _put(f"    {say(label)}: {seen(text)}")
        if finding.sources:
            _put(f"    {say(Phrase('source'))}: {'; '.join(finding.sources)}")
        begin = f"{say(Phrase('write'))}:"
        for line in finding.suggestion.splitlines():
            _put(f"    {begin} {line}")
            begin = " " * len(begin)


def counts(by_rule: Mapping[str, int], say: Say = str) -> None:
    """Print how often each rule was broken, where any was broken more than once."""
    if any(count > 1 for count in by_rule.values()):
        heads = (say(Phrase("rule")), say(Phrase("findings")))
        table(heads, list(by_rule.items()))


def switched_off(switches: Iterable[RuleSwitch], say: Say = str) -> None:
    """Print which rules a book has switched off, and why: silence would mislead."""
    for switch in switches:
        since = f"{say(Phrase('off since'))} {switch.date}"
        _put(f"    {since}: {switch.rule} ({seen(switch.reason)})")


def workflow_commands(found: Iterable[Finding]) -> None:
    """Print findings as workflow commands, which GitHub shows beside the lines."""
    for finding in found:
        place = f"file={_property(finding.origin.file)},line={finding.origin.line}"
        text = _escaped(joined(*finding.words, "; ".join(finding.sources)))
        _put(f"::{finding.severity} {place},title={_property(finding.rule)}::{text}")


def _escaped(text: str) -> str:
    """Write a message so that it stays on one line of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Write a property of a workflow command, which ends at a comma or colon."""
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def waterfall(appropriation: Appropriation, result_word: str) -> None:
    """Print the steps, from the result down to nothing."""
    table(
        ("step", "base", "rate", "amount", "remaining"),
        [
            (result_word, "", "", abs(appropriation.pool), abs(appropriation.pool)),
            *(_step_row(step) for step in appropriation.steps if step.amount),
        ],
    )


def _step_row(step: AppliedStep) -> tuple[object, ...]:
    rate = "" if step.rate is None else percent(step.rate)
    # Otherwise base times rate would seem to be another amount.
    limited = "limited" if step.amount < step.wanted else ""
    words = ", ".join(word for word in (rate, limited) if word)
    return (step.step.title, step.base, words, step.amount, step.remaining)


def explanation(appropriation: Appropriation) -> None:
    """Print each step's own sentence."""
    for number, step in enumerate(appropriation.steps, start=1):
        _put(f"{number}. {step.sentence}")


def parts_explained(explained: Iterable[Explanation], names: dict[str, str]) -> None:
    """Print the arithmetic behind each member's part."""
    for one in explained:
        is_hired, name = one.person
        who = f"{name} (hired)" if is_hired else names.get(name, name)
        _put(f"{who}, {one.step.step.title}: {one.sentence}")


def parts(appropriation: Appropriation, names: dict[str, str]) -> None:
    """Print the members' parts of a surplus step by step, or of a loss."""
    shown = [step for step in appropriation.steps if _has_parts(step)]
    for step in shown:
        if len(shown) > 1:
            say(f"{step.step.title}:")
        _parts_of(step, names)
        if step is not shown[-1]:
            say()
    if shown:
        return
    borne: list[Sequence[object]] = [
        (names.get(member, member), -part)
        for step in appropriation.steps
        for member, part in step.parts.items()
    ]
    if borne:
        table(("member", "part of the loss"), borne)


def _has_parts(step: AppliedStep) -> bool:
    is_patronage = step.step.kind == "patronage"
    return bool(step.lines or step.hired) and (is_patronage or step.amount > 0)


#: What stands beside a name, where it is no patronage.
_COUNTED = {"interest": "capital by time", "per-unit": "units"}

#: Fields of a line that are shown only where somebody has any.
_RARE = {"withheld": "withheld of it", "replenished": "makes good"}


def _parts_of(step: AppliedStep, names: dict[str, str]) -> None:
    rare = [name for name in _RARE if any(getattr(one, name) for one in step.lines)]
    rows: list[Sequence[object]] = [
        (
            names.get(line.member, line.member),
            round_to(step.key[False, line.member], _SHOWN),
            line.amount,
            line.cash,
            line.retained,
            line.nonqualified,
            *(getattr(line, name) for name in rare),
        )
        for line in step.lines
    ]
    zeros = [Decimal(0)] * (2 + len(rare))
    rows += [
        (
            f"{worker} (hired)",
            round_to(step.key[True, worker], _SHOWN),
            part,
            part,
            *zeros,
        )
        for worker, part in step.hired.items()
    ]
    rows.append(("total", "", *_totals(rows)))
    by = "capital" if step.step.by == "capital" else "patronage"
    columns = ("amount", "in money", "to capital", "nonqualified")
    counted = _COUNTED.get(step.step.kind, by)
    table(("member", counted, *columns, *(_RARE[name] for name in rare)), rows)


def _totals(rows: Sequence[Sequence[Any]]) -> list[Decimal]:
    last = len(rows[0])
    return [sum((row[index] for row in rows), Decimal(0)) for index in range(2, last)]


def capital(data: CapitalTable, names: dict[str, str]) -> None:
    """Print all members' capital over a period."""
    rows = [
        (names.get(line.member, line.member), *(getattr(line, c) for c in COLUMNS))
        for line in (*data.lines, data.total)
    ]
    rows[-1] = ("total", *rows[-1][1:])
    table(("member", *COLUMNS), rows)
