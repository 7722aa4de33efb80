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
class MemberFigures:
    """One member's figures on the way.

    Attributes:
        weight: The weight as a whole number.
        whole: Whole units that the member gets first.
        remainder: What is left of a unit then, in parts of all weights.
        tied: How many remainders that equal the cut-off there are so far.
        more: 1 where one of the units that are left goes to the member.
    """

    weight: int
    whole: int
    remainder: int
    tied: int
    more: int

    @property
    def units(self) -> int:
        """What the member gets, in units."""
        return self.whole + self.more


@dataclass(frozen=True, slots=True)
class Division:
    """A pool divided by weights, with the names of the cells between.

    Attributes:
        tag: Ending of all names, one for each division of a workbook.
        pool: What is divided, in units.
        scaling: The weights as whole numbers.
        arithmetic: How formulas reckon.
        members: Every member's figures, in the order of the rows.
        left: Units that are left for the largest remainders.
        cut: The last remainder that still gets one of them.
        ties: How many remainders that equal the cut-off get one.
    """

    tag: str
    pool: int
    scaling: Scaling
    arithmetic: Arithmetic
    members: tuple[MemberFigures, ...]
    left: int
    cut: int
    ties: int

    @classmethod
    def of(
        cls, tag: str, pool: int, scaling: Scaling, arithmetic: Arithmetic
    ) -> Division:
        """Divide a pool of units by the largest remainder."""
        parts = [divmod(weight * pool, scaling.total) for weight in scaling.weights]
        left = pool - sum(whole for whole, _ in parts)
        ranked = sorted((remainder for _, remainder in parts), reverse=True)
        cut = ranked[left - 1] if left else scaling.total
        ties = left - sum(1 for remainder in ranked if remainder > cut)
        counted = accumulate(int(remainder == cut) for _, remainder in parts)
        members = tuple(
            MemberFigures(
                weight,
                whole,
                remainder,
                tied,
                int(remainder > cut or (remainder == cut and tied <= ties)),
            )
            for weight, (whole, remainder), tied in zip(
                scaling.weights, parts, counted, strict=True
            )
        )
        return cls(tag, pool, scaling, arithmetic, members, left, cut, ties)

    def name(self, what: str) -> str:
        """Return the name of a cell or a range."""
        return f"{what}_{self.tag}"

    @property
    def is_live(self) -> bool:
        """Whether formulas divide exactly."""
        return self.arithmetic.is_exact and self.scaling.limbs > 0

    @property
    def each(self) -> int:
        """Whole units for each unit of weight."""
        return self.pool // self.scaling.total

    @property
    def rest(self) -> int:
        """Units that those leave."""
        return self.pool % self.scaling.total


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
        Column("tied", "At the cut-off, counted", 14),
        Column("more", "One unit more", 10),
        Column("units", "Units", 16),
    ]


def workings_of(division: Division, number: int, at: Addresses) -> Row:
    """Return the cells of one member's row.

    Args:
        division: The division.
        number: The row's number, from 0; above the first one nothing is counted.
        at: Addresses of the row.
    """
    name, own = division.name, division.members[number]
    is_more = f"AND({at['remainder']}={name('cut')},{at['tied']}<={name('ties')})"
    is_tied = f"IF({at['remainder']}={name('cut')},1,0)"
    above = one_above(at["tied"])
    divide = _in_two if division.scaling.limbs > 1 else _in_one
    return {
        "whole_weight": fact(Decimal(own.weight), "whole"),
        **divide(division, own, at),
        "tied": _whole(f"{above}+{is_tied}" if number else is_tied, own.tied),
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


#: What all members share: title, meaning, and the name of the cell.
_SHARED = (
    ("Units", "The pool in the smallest units of the currency", "units"),
    ("All weights", "Sum of the weights as whole numbers", "weight"),
    ("Units each", "Whole units for each unit of weight", "each"),
    ("Rest", "Units that those leave, divided in proportion", "rest"),
    ("Left over", "Units that go one by one to the largest remainders", "left"),
    ("Cut-off", "The last remainder that gets one of them", "cut"),
    (
        "At the cut-off",
        "How many remainders equal to it get one, from the top of the table",
        "ties",
    ),
)


def totals_of(division: Division, pool: str) -> list[tuple[str, str, Cell]]:
    """Return the figures that all members share: title, meaning, cell."""
    name = division.name
    units, weight, left = name("units"), name("weight"), name("left")
    remainders, cut = name("remainders"), name("cut")
    formulas = {
        "units": (division.arithmetic.units(pool), division.pool),
        "weight": (f"SUM({name('weights')})", division.scaling.total),
        "each": (f"INT({units}/{weight})", division.each),
        "rest": (f"{units}-{name('each')}*{weight}", division.rest),
        "left": (f"{units}-SUM({name('wholes')})", division.left),
        "cut": (f"IF({left}=0,{weight},LARGE({remainders},{left}))", division.cut),
        "ties": (f"{left}-SUMPRODUCT(--({remainders}>{cut}))", division.ties),
    }
    return [
        (title, meaning, live(formula, Decimal(value), "whole", name(what)))
        for title, meaning, what in _SHARED
        for formula, value in [formulas[what]]
    ]
