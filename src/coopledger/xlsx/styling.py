"""How cells look: a named style for each form and each look, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal
from typing import get_args

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment
from openpyxl.styles import Border
from openpyxl.styles import Font
from openpyxl.styles import NamedStyle
from openpyxl.styles import PatternFill
from openpyxl.styles import Protection
from openpyxl.styles import Side
from openpyxl.styles.differential import DifferentialStyle

from coopledger.services.exporting.description import CHECK
from coopledger.services.exporting.description import OK
from coopledger.services.exporting.description import Form
from coopledger.services.exporting.description import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.services.exporting.description import Workbook

_FACE = "Calibri"

_HAIR = Side(style="thin", color="D9D9D9")
_LINE = Side(style="thin", color="7F7F7F")

#: How nothing is shown.
_NIL = "\N{EN DASH}"

#: How amounts below zero are shown.
_BELOW = {"red": "[Red]-{}", "minus": "-{}", "brackets": "({})"}

#: Colour of the letters and of the ground, by look.
_INK = {"plain": "000000", "input": "1F3FBF", "fact": "3B3B6D", "total": "000000"}
_GROUND = {"input": "FFF7CC", "total": "EEF1F5"}

_GREEN, _RED = "D7EFDB", "F8D0CC"

#: Where a form's cells stand, if not to the right as numbers do.
_SIDES: dict[Form, Literal["left", "center"]] = {
    "text": "left",
    "wrapped": "left",
    "strong": "left",
    "code": "left",
    "date": "left",
    "status": "center",
}

_LINES = {
    "title": Font(name=_FACE, size=16, bold=True, color="1F2A44"),
    "subtitle": Font(name=_FACE, size=11, color="404040"),
    "note": Font(name=_FACE, size=10, italic=True, color="595959"),
    "caption": Font(name=_FACE, size=12, bold=True, color="1F2A44"),
}


def name_of(form: Form, look: Look) -> str:
    """Return the name of the style of a cell."""
    return f"coop {form} {look}"


def name_of_line(level: str) -> str:
    """Return the name of the style of a line of text."""
    return f"coop {level}"


def styles(workbook: Workbook) -> Iterator[NamedStyle]:
    """Return every style of a workbook."""
    formats = number_formats(workbook)
    for form in get_args(Form):
        for look in get_args(Look):
            yield _cell_style(form, look, formats.get(form, "General"))
    yield from text_styles()


def text_styles() -> Iterator[NamedStyle]:
    """Return the styles of headers and of lines of text."""
    yield _header_style("text")
    yield _header_style("money")
    for level, font in _LINES.items():
        yield NamedStyle(
            name=name_of_line(level),
            font=font,
            alignment=Alignment(wrap_text=level == "note", vertical="top"),
        )


def number_formats(workbook: Workbook) -> dict[str, str]:
    """Return the number format by form; text has the format for text."""
    decimals = workbook.decimals
    # Parts of a unit show where there are any, so that no sum seems wrong.
    money = f"#,##0.{'0' * decimals}####" if decimals else "#,##0"
    texts = dict.fromkeys(("text", "wrapped", "strong", "code"), "@")
    below = _BELOW[workbook.negatives]
    amount = f'{money};{below.format(money)};"{_NIL}"'
    return {
        **texts,
        "money": amount,
        "difference": amount,
        "whole": "#,##0",
        "quantity": f'#,##0.00##;-#,##0.00##;"{_NIL}"',
        "rate": "0.00##%",
        "date": workbook.days,
    }


def _cell_style(form: Form, look: Look, number_format: str) -> NamedStyle:
    side = _SIDES.get(form, "right")
    top = _LINE if look == "total" else _HAIR
    return NamedStyle(
        name=name_of(form, look),
        number_format=number_format,
        font=Font(
            name="Consolas" if form == "code" else _FACE,
            size=9 if form == "code" else 11,
            bold=look == "total" or form in {"strong", "status"},
            color=_INK[look],
        ),
        fill=_fill(_GROUND[look]) if look in _GROUND else PatternFill(),
        border=Border(top=top, bottom=_HAIR),
        alignment=Alignment(
            horizontal=side,
            vertical="center",
            wrap_text=form == "wrapped",
            indent=1 if side == "left" else 0,
        ),
        protection=Protection(locked=look != "input"),
    )


def name_of_header(form: Form) -> str:
    """Return the name of the style of a header above cells of a form."""
    return f"coop header {'left' if form in _SIDES else 'right'}"


def _header_style(form: Form) -> NamedStyle:
    side: Literal["left", "right"] = "left" if form in _SIDES else "right"
    return NamedStyle(
        name=name_of_header(form),
        number_format="@",
        font=Font(name=_FACE, size=11, bold=True, color="FFFFFF"),
        fill=_fill("35466B"),
        alignment=Alignment(
            horizontal=side,
            vertical="center",
            wrap_text=True,
            indent=1 if side == "left" else 0,
        ),
        border=Border(bottom=_LINE),
    )


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def status_rules(first: str) -> Iterator[Rule]:
    """Return the colours of a status: green, red, and red for an error.

    Args:
        first: Address of the first cell they hold for.
    """
    good, bad = _coloured(_GREEN, "1E6B34"), _coloured(_RED, "9C1C1C")
    yield Rule(type="cellIs", operator="equal", formula=[f'"{OK}"'], dxf=good)
    yield Rule(type="cellIs", operator="equal", formula=[f'"{CHECK}"'], dxf=bad)
    yield Rule(type="expression", formula=[f"ISERROR({first})"], dxf=bad)


def difference_rules() -> Iterator[Rule]:
    """Return the colour of a difference that is not nil."""
    bad = _coloured(_RED, "9C1C1C")
    yield Rule(type="cellIs", operator="notEqual", formula=["0"], dxf=bad)


def _coloured(ground: str, ink: str) -> DifferentialStyle:
    fill = PatternFill("solid", start_color=ground, end_color=ground)
    return DifferentialStyle(font=Font(color=ink), fill=fill)
