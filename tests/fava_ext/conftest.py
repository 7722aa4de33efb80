"""A small co-op's book, and Fava over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import books
from tests.fava_ext.pages import Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOOK = """
option "title" "Test Co-op"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2022-01-01 custom "fava-extension" "coopledger.fava_ext"
2022-01-01 custom "coop-enterprise" "test"
2022-01-01 custom "coop-policy" "us-worker-ica"

2022-01-01 custom "coop-member" "Ana" "join"
  name: "Ana Ruiz"
  class: "worker"
2022-01-01 custom "coop-member" "Bo" "join"
  name: "<b>Bo</b>"
  class: "worker"
2023-06-30 custom "coop-member" "Bo" "leave"
  reason: "moves away"

2022-01-02 * "Ana" "Pays her contribution"
  Assets:Bank                       1,000.00 USD
  Equity:Members:Ana:Contribution  -1,000.00 USD

2022-01-02 * "Bo" "Pays <i>half</i> of his contribution"
  Assets:Bank                         500.00 USD
  Equity:Members:Bo:Uncalled          500.00 USD
  Equity:Members:Bo:Contribution   -1,000.00 USD

2022-12-31 * "Customers" "Sales"
  Assets:Bank                         300.25 USD
  Income:Sales                       -300.25 USD

2023-03-15 * "Test" "Patronage" #coop-appropriation
  coop-kind: "appropriation"
  coop-year: "2022"
  Equity:Surplus:Appropriated         300.25 USD
  Equity:Members:Ana:Patronage       -200.15 USD
  Equity:Members:Bo:Patronage        -100.10 USD

2023-06-30 * "Bo" "Leaves"
  coop-kind: "redemption"
  Equity:Members:Bo:Contribution    1,000.00 USD
  Equity:Members:Bo:Uncalled         -500.00 USD
  Equity:Members:Bo:Patronage         100.10 USD
  Liabilities:Redemptions:Bo         -600.10 USD

2024-02-01 * "Ana" "Pays some more"
  Assets:Bank                          50.00 USD
  Equity:Members:Ana:Contribution     -50.00 USD
"""

NOT_COOPERATIVE = """
option "title" "Test Co-op"
option "operating_currency" "USD"
2022-01-01 custom "fava-extension" "coopledger.fava_ext"
2022-01-02 * "Somebody" "Pays"
  Assets:Bank   1.00 USD
  Income:Sales -1.00 USD
"""


@pytest.fixture
def office_over(tmp_path: Path) -> Callable[[str], Office]:
    """Open Fava over any book."""
    return lambda text: Office.over(books.write(tmp_path, text))


@pytest.fixture
def office(office_over: Callable[[str], Office]) -> Office:
    """Open Fava over the small co-op's book."""
    return office_over(BOOK)
