"""The sheet of a group's workbook on which everything has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.services.exporting.description import CHECK
from coopledger.services.exporting.description import OK
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.drafting import Draft
from coopledger.services.exporting.tying import CHECKS
from coopledger.services.exporting.tying import FLAG
from coopledger.services.federating.groupnotes import net
from coopledger.services.federating.groupnotes import subtitle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.federating.consolidating import Consolidation


class Check(NamedTuple):
    """Two figures that have to agree: words, and each side's formula and value."""

    what: str
    here: tuple[str, Decimal]
    there: tuple[str, Decimal]


def checks_sheet(title: str, group: Consolidation, checks: Sequence[Check]) -> Sheet:
    """Tie the statements out."""
    draft = Draft(CHECKS, "What has to agree, and one flag for all of it")
    draft.begin(CHECKS, subtitle(title, group))
    columns = Columns.of(
        Column("what", "What has to agree", 60),
        Column("here", "Here", 18),
        Column("there", "Compared with", 18),
        Column("difference", "Difference", 16),
        Column("status", "Status", 12),
    )

    def row(check: Check, at: Addresses) -> Row:
        difference = check.here[1] - check.there[1]
        gap = net(group, f"{at['here']}-{at['there']}")
        verdict = f'IF({at["difference"]}=0,"{OK}","{CHECK}")'
        return {
            "what": text(check.what, "wrapped"),
            "here": live(*check.here, "money"),
            "there": live(*check.there, "money"),
            "difference": live(gap, difference, "difference"),
            "status": live(verdict, CHECK if difference else OK, "status"),
        }

    agree = all(one.here[1] == one.there[1] for one in checks)
    draft.table(
        "checks",
        columns,
        checks,
        row,
        total=lambda over: {
            "what": Cell("Everything", "strong", "total"),
            "status": summed(
                f'IF(COUNTIF({over["status"]},"{OK}")=ROWS({over["status"]}),'
                f'"{OK}","{CHECK}")',
                OK if agree else CHECK,
                "status",
                FLAG,
            ),
        },
    )
    return draft.done
