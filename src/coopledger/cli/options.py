"""Options that several commands share."""

from __future__ import annotations

import datetime
from decimal import Decimal
from decimal import InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., object]")


def today() -> datetime.date:
    """Return the day it is where the command is run."""
    return datetime.datetime.now().astimezone().date()


def book_option(function: _F) -> _F:
    """Add ``--book``."""
    return click.option(
        "--book",
        type=click.Path(path_type=Path),
        envvar="COOPLEDGER_BOOK",
        default="ledger",
        show_default=True,
        show_envvar=True,
        help="A Beancount file, or a folder with a main.beancount; check, serve and "
        "demo also take a folder of such folders.",
    )(function)


def format_option(*formats: str) -> Callable[[_F], _F]:
    """Add ``--format`` with the given formats, the first being the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print.",
    )


def year_option(function: _F) -> _F:
    """Add ``--year``, a fiscal year by its label."""
    return click.option(
        "--year", type=int, required=True, help="Fiscal year, as Fava labels it."
    )(function)


class Number(click.ParamType[Decimal]):
    """An exact number; ``25%`` is 0.25."""

    name = "number"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Decimal:
        """Read the number, or say what is wrong with it."""
        text = str(value)
        try:
            number = Decimal(text.removesuffix("%"))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.fail(f"'{value}' is no number; write it as 0.40.", param, ctx)
        return number.scaleb(-2) if text.endswith("%") else number


class Day(click.ParamType[datetime.date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime.date:
        """Read the date, or say what is wrong with it."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is no date; write it as 2024-12-31.", param, ctx)
