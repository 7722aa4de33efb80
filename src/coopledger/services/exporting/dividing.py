"""A pool divided among members in formulas, by the largest remainder.

Every weight is a whole number.  Every member first gets whole units, and the units that
are left go to the largest remainders; equal ones are served in the order of the rows,
which is join date, then member id.  Every figure on the way is reckoned here as well,
so that each formula has its value beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from coopledger.services.exporting.arithmetic import LIMB
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.drafting import one_above

if TYPE_CHECKING:
    from coopledger.services.exporting.arithmetic import Arithmetic
    from coopledger.services.exporting.arithmetic import Scaling
    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row


@dataclass(frozen=True, slots=True)
class Division:
    """A pool, the weights, and the names of the cells between.

    Attributes:
        tag: Ending of all names, one for each division of a workbook.
        pool: What is divided, in units.
        scaling: The weights as whole numbers.
        arithmetic: How formulas reckon.
    """

    tag: str
    pool: int
    scaling: Scaling
    arithmetic: Arithmetic

    def name(self, what: str) -> str:
        """Return the name of a cell or a range."""
        return f"{what}_{self.tag}"

    @property
    def is_live(self) -> bool:
        """Whether formulas divide exactly."""
        return self.arithmetic.is_exact and self.scaling.limbs > 0

    # --- the figures ------------------------------------------------------------------

    @property
    def each(self) -> int:
        """Whole units for each unit of weight."""
        return self.pool // self.scaling.total

    @property
    def rest(self) -> int:
        """Units that those leave."""
        return self.pool % self.scaling.total

    @property
    def wholes(self) -> list[int]:
        """Whole units by member."""
        return [
            weight * self.pool // self.scaling.total for weight in self.scaling.weights
        ]

    @property
    def remainders(self) -> list[int]:
        """What is left of a unit by member, in parts of the whole weight."""
        return [
            weight * self.pool % self.scaling.total for weight in self.scaling.weights
        ]

    @property
    def left(self) -> int:
        """Units that are left for the largest remainders."""
        return self.pool - sum(self.wholes)

    @property
    def cut(self) -> int:
        """The last remainder that still gets a unit."""
        if not self.left:
            return self.scaling.total
        return sorted(self.remainders, reverse=True)[self.left - 1]

    @property
    def ties(self) -> int:
        """How many remainders that equal the cut-off get a unit."""
        return self.left - sum(1 for one in self.remainders if one > self.cut)


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """One member's figures on the way."""

    weight: int
    whole: int
    remainder: int
    tied: int
    more: int

    @property
    def units(self) -> int:
        """What the member gets, in units."""
        return self.whole + self.more


def figures_of(division: Division) -> list[MemberFigures]:
    """Return the figures of every member, in the order of the rows."""
    cut, ties = division.cut, division.ties
    remainders = division.remainders
    tied = accumulate(int(one == cut) for one in remainders)
    rows = zip(division.scaling.weights, division.wholes, remainders, tied, strict=True)
    return [
        MemberFigures(
            weight,
            whole,
            remainder,
            running,
            int(remainder > cut or (remainder == cut and running <= ties)),
        )
        for weight, whole, remainder, running in rows
    ]


# --- formulas -------------------------------------------------------------------------


def columns_of(division: Division) -> list[Column]:
    """Return the columns of a table with a row for each member."""
    parted = [
        Column("upper", "Upper digits: whole units", 14),
        Column("lower", "Upper digits: remainder", 16),
    ]
    return [
        Column(
            "whole_weight", "Weight as a whole number", 16, division.name("weights")
        ),
        *(parted if division.scaling.limbs > 1 else []),
        Column("whole", "Whole units", 16, division.name("wholes")),
        Column("remainder", "Remainder", 18, division.name("remainders")),
        Column("tied", "At the cut-off, counted", 12),
        Column("more", "One unit more", 10),
        Column("units", "Units", 16),
    ]


def workings_of(
    division: Division, own: MemberFigures, at: Addresses, *, is_first: bool
) -> Row:
    """Return the cells of one member's row.

    Args:
        division: The division.
        own: The member's figures.
        at: Addresses of the row.
        is_first: Whether it is the first row, above which nothing is counted.
    """
    name = division.name
    is_more = f"AND({at['remainder']}={name('cut')},{at['tied']}<={name('ties')})"
    is_tied = f"IF({at['remainder']}={name('cut')},1,0)"
    above = one_above(at["tied"])
    divide = _in_two if division.scaling.limbs > 1 else _in_one
    return {
        "whole_weight": fact(Decimal(own.weight), "whole"),
        **divide(division, own, at),
        "tied": _whole(is_tied if is_first else f"{above}+{is_tied}", own.tied),
        "more": _whole(
            f"IF({at['remainder']}>{name('cut')},1,IF({is_more},1,0))", own.more
        ),
        "units": _whole(f"{at['whole']}+{at['more']}", own.units),
    }


def _whole(formula: str, value: int) -> Cell:
    return live(formula, Decimal(value), "whole")


def _in_one(division: Division, own: MemberFigures, at: Addresses) -> dict[str, Cell]:
    """Multiply a weight by the rest in one product."""
    total, weight = division.name("weight"), at["whole_weight"]
    product = f"{weight}*{division.name('rest')}"
    quotient = f"INT({product}/{total})"
    whole = f"{weight}*{division.name('each')}+{quotient}"
    return {
        "whole": _whole(whole, own.whole),
        "remainder": _whole(f"{product}-{total}*{quotient}", own.remainder),
    }


def _in_two(division: Division, own: MemberFigures, at: Addresses) -> dict[str, Cell]:
    """Multiply the upper and the lower digits of a weight one after the other."""
    total, rest = division.name("weight"), division.name("rest")
    weight, upper = at["whole_weight"], f"INT({at['whole_weight']}/{LIMB})"
    product = f"{upper}*{rest}"
    units, left = divmod(own.weight // LIMB * division.rest, division.scaling.total)
    lower = f"({at['lower']}*{LIMB}+({weight}-{LIMB}*{upper})*{rest})"
    quotient = f"INT({lower}/{total})"
    whole = f"{weight}*{division.name('each')}+{at['upper']}*{LIMB}+{quotient}"
    return {
        "upper": _whole(f"INT({product}/{total})", units),
        "lower": _whole(f"{product}-{total}*{at['upper']}", left),
        "whole": _whole(whole, own.whole),
        "remainder": _whole(f"{lower}-{total}*{quotient}", own.remainder),
    }


def totals_of(division: Division, pool: str) -> list[tuple[str, str, Cell]]:
    """Return the figures that all members share: title, meaning, cell."""
    name, arithmetic = division.name, division.arithmetic
    over = f"SUMPRODUCT(--({name('remainders')}>{name('cut')}))"
    largest = f"LARGE({name('remainders')},{name('left')})"
    shared = [
        (
            "Units",
            "The pool in the smallest units of the currency",
            "units",
            arithmetic.units(pool),
            division.pool,
        ),
        (
            "All weights",
            "Sum of the weights as whole numbers",
            "weight",
            f"SUM({name('weights')})",
            division.scaling.total,
        ),
        (
            "Units each",
            "Whole units for each unit of weight",
            "each",
            f"INT({name('units')}/{name('weight')})",
            division.each,
        ),
        (
            "Rest",
            "Units that those leave, divided in proportion",
            "rest",
            f"{name('units')}-{name('each')}*{name('weight')}",
            division.rest,
        ),
        (
            "Left over",
            "Units that go one by one to the largest remainders",
            "left",
            f"{name('units')}-SUM({name('wholes')})",
            division.left,
        ),
        (
            "Cut-off",
            "The last remainder that gets one of them",
            "cut",
            f"IF({name('left')}=0,{name('weight')},{largest})",
            division.cut,
        ),
        (
            "At the cut-off",
            "How many remainders equal to it get one, from the top of the table",
            "ties",
            f"{name('left')}-{over}",
            division.ties,
        ),
    ]
    return [
        (title, meaning, live(formula, Decimal(value), "whole", name(what)))
        for title, meaning, what, formula, value in shared
    ]
