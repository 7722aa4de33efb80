"""``vectors`` and ``compare-notices``: figures without a book."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli.options import Number
from coopledger.cli.options import format_option
from coopledger.domain.amounts import unit_of
from coopledger.domain.notices import compare_notices as compare
from coopledger.errors import CoopledgerError
from coopledger.services.vectors import play
from coopledger.services.vectors import read_vectors

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.notices import Notice


class OutOfRangeError(CoopledgerError):
    """A number is outside what it can mean."""

    def __init__(self, option: str, value: Decimal, range_: str) -> None:
        """Name the option and what it takes."""
        super().__init__(f"{option} is {value}; it takes {range_}.")


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@format_option("text", "json")
def vectors(files: tuple[Path, ...], form: str) -> None:
    """Work out the vectors of some files and compare, to the last unit.

    \b
    Example: coopledger vectors vectors/interest.toml vectors/us-worker-ica.toml
    """
    played = [(path, play(read_vectors(path))) for path in files]
    failed = [o for _, outcomes in played for o in outcomes if o.differences]
    if form == "json":
        rendering.as_json(shapes.vectors_shape(played))
    else:
        for path, outcomes in played:
            bad = [one for one in outcomes if one.differences]
            for one in bad:
                rendering.say(f"{path}: {one.kind}: {one.name}")
                for difference in one.differences:
                    rendering.say(f"    {difference}")
            word = "agree" if not bad else f"agree, {len(bad)} do not"
            rendering.say(f"{path}: {len(outcomes) - len(bad)} {word}")
    sys.exit(1 if failed else 0)


@click.command("compare-notices")
@click.option("--amount", type=Number(), required=True, help="The dividend.")
@click.option(
    "--cash-share",
    type=Number(),
    required=True,
    help="Part of it in money under a qualified notice.",
)
@click.option("--tax-rate", type=Number(), required=True, help="The co-op's tax rate.")
@click.option("--currency", default="USD", show_default=True, help="Its currency.")
@format_option("text", "json")
def compare_notices(
    amount: Decimal, cash_share: Decimal, tax_rate: Decimal, currency: str, form: str
) -> None:
    """Find the nonqualified notice that leaves a co-op as much as a qualified one.

    \b
    Example: coopledger compare-notices --amount 100 --cash-share 0.40 --tax-rate 0.25
    """
    _refuse_strange(amount, cash_share, tax_rate)
    unit = unit_of(currency)
    both = compare(amount.quantize(unit), cash_share, tax_rate, unit)
    if form == "json":
        rendering.as_json(shapes.notices_shape(currency, both))
        return
    rendering.table(
        ("notice", "in money", "on paper", "tax now", "kept"),
        [
            ("qualified", *_row(both.qualified)),
            ("nonqualified", *_row(both.nonqualified)),
        ],
    )
    if not both.is_neutral:
        rendering.say(
            "\nEven without any money the nonqualified notice leaves less: the tax on "
            "its paper is more than what the qualified notice pays out."
        )


def _refuse_strange(amount: Decimal, cash_share: Decimal, tax_rate: Decimal) -> None:
    for option, value, is_sound, range_ in (
        ("--amount", amount, amount >= 0, "nothing or more"),
        ("--cash-share", cash_share, 0 <= cash_share <= 1, "a part of one, 0 to 1"),
        ("--tax-rate", tax_rate, 0 <= tax_rate < 1, "a part of one, less than 1"),
    ):
        if not is_sound:
            raise OutOfRangeError(option, value, range_)


def _row(notice: Notice) -> tuple[Decimal, ...]:
    return (notice.cash, notice.paper, notice.tax, notice.kept)
