"""A group's year as one Beancount file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.statements import Group
from coopledger.journal.grouping import group_journal
from coopledger.journal.loading import load_entries
from coopledger.services.federating.layouts import read_layout
from tests.services.federating.federations import earned
from tests.services.federating.federations import write_book
from tests.services.federating.test_consolidating import BOUGHT
from tests.services.federating.test_consolidating import JOINED
from tests.services.federating.test_consolidating import SOLD
from tests.services.federating.test_consolidating import TRADE
from tests.services.federating.test_consolidating import foreign
from tests.services.federating.test_consolidating import group
from tests.services.federating.test_consolidating import transfer
from tests.services.federating.test_consolidating import two

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.federating.consolidating import Consolidation


def written(found: Consolidation) -> str:
    """Write what was consolidated as a file."""
    return group_journal(
        Group('The "group"', found.currency, found.end),
        found.views,
        found.statements.eliminations,
        read_layout(None),
    )


def sums(folder: Path, text: str) -> dict[str, Decimal]:
    """Load the file and add up what stands on each kind of account."""
    path = folder / "group.beancount"
    path.write_text(text, "utf-8")
    entries, errors, _ = load_entries(path)
    assert errors == []
    found: dict[str, Decimal] = {}
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            root = posting.account.partition(":")[0]
            found[root] = found.get(root, Decimal(0)) + posting.units.number
    return found


def test_the_file_loads_and_has_the_groups_own_sums(tmp_path: Path) -> None:
    fund = "  Expenses:Solidarity:Aid  30.00 USD\n  Assets:Bank  -30.00 USD\n"
    got = "  Assets:Bank  30.00 USD\n  Equity:Funds:Aid  -30.00 USD\n"
    two(
        tmp_path,
        JOINED
        + transfer("T-1", "b", SOLD, more=TRADE)
        + transfer("S-1", "federation", fund),
        transfer("T-1", "a", BOUGHT, more=TRADE),
        transfer("S-1", "a", got),
    )
    found = group(tmp_path)
    loaded = sums(tmp_path, written(found))
    for root, section in (("Assets", "assets"), ("Expenses", "expenses")):
        assert loaded[root] == found.statements.total(section)[2]
    assert -loaded["Income"] == found.statements.total("income")[2]
    assert "Ana" not in written(found)


def test_another_currency_stays_and_has_its_price(tmp_path: Path) -> None:
    sold = "  Assets:DueFrom:B  100.00 EUR @ 1.10 USD\n  Income:Sales  -110.00 USD\n"
    bought = "  Expenses:Goods  100.00 EUR\n  Liabilities:DueTo:A  -100.00 EUR\n"
    foreign(tmp_path, b=transfer("T-1", "a", bought, more=TRADE))
    text = earned("1000.00") + transfer("T-1", "b", sold, more=TRADE)
    write_book(tmp_path, "a", text)
    text = written(group(tmp_path))
    assert "2024-12-31 price EUR" in text
    assert sums(tmp_path, text)["Assets"] == Decimal("1110.00")
