"""Close a year of a very large co-operative, beside Beancount's parser.

    python benchmarks/closing.py [--members 70000]

The book is one year of a worker co-operative under ``us-worker-ica``: everybody's
capital, everybody's hours, a profit, and a resolution.  It is made and loaded first,
which is not timed.  Then the year is closed (interest on capital, patronage, its cash
and its retained part, and the entries as text), and Beancount parses that very text, in
the same process.  The result is printed as JSON.
"""

from __future__ import annotations

import argparse
import datetime
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from beancount.parser import parser as beancount_parser

from coopledger.journal.loading import collector_off
from coopledger.journal.loading import load_book
from coopledger.services.closing import close_year

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR = 2024
TODAY = datetime.date(YEAR + 2, 1, 1)

_HEADER = """\
option "title" "A very large co-operative"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2023-12-31 custom "coop-enterprise" "benchmark"
2023-12-31 custom "coop-policy" "us-worker-ica"
2023-12-31 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "hours"
2023-12-31 custom "coop-parameter" "interest.rate" 0.02
2025-03-31 custom "coop-resolution" "GA-2025" "Accounts of the year approved"
2023-12-31 open Assets:Bank USD
2023-12-31 open Income:Sales USD
2023-12-31 open Equity:Collective USD
2023-12-31 open Equity:Surplus:Appropriated USD
"""


def lines(members: int, together: int = 0) -> Iterator[str]:
    """Return the book, line by line.

    Args:
        members: How many there are.
        together: How many of them are in one transaction; 0: all.
    """
    yield _HEADER
    people = [(number, f"M{number:06}") for number in range(members)]
    for _, name in people:
        yield f'2023-12-31 custom "coop-member" "{name}" "join"\n  class: "worker"\n'
        yield f"2023-12-31 open Equity:Members:{name}:Contribution USD\n"
        yield f"2023-12-31 open Expenses:Advances:{name} USD\n"
    size = together or members
    groups = [people[start : start + size] for start in range(0, members, size)]
    for group in groups:
        yield '2023-12-31 * "Contributions"\n  coop-kind: "contribution"\n'
        for number, name in group:
            amount = 1_000 + number % 97
            yield f"  Equity:Members:{name}:Contribution  -{amount}.00 USD\n"
        yield "  Assets:Bank\n"
    for group in groups:
        yield '2024-12-31 * "Pay"\n'
        for number, name in group:
            yield f"  Expenses:Advances:{name}  {2_000 + number % 89}.00 USD\n"
            yield f"    hours: {1_000 + number % 701}\n"
        yield "  Assets:Bank\n"
    yield '2024-12-31 * "Sales"\n'
    yield f"  Income:Sales  -{members * 3_000}.07 USD\n  Assets:Bank\n"


def measure(members: int) -> dict[str, float]:
    """Close the year, parse what comes of it, and return the seconds of each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main.beancount"
        path.write_text("".join(lines(members)), "utf-8")
        book = load_book(path)
        # Reading the book is no part of closing it.
        _ = book.case
    with collector_off():
        start = time.process_time()
        text = close_year(book, YEAR, "GA-2025", TODAY).text
        closed = time.process_time()
        entries, errors, _ = beancount_parser.parse_string(text)
        parsed = time.process_time()
    if errors or not entries:
        message = f"The proposal cannot be parsed: {errors[:1]}"
        raise RuntimeError(message)
    return {"close": closed - start, "parse": parsed - closed, "bytes": len(text)}


def main() -> None:
    """Measure a co-op of as many members as the command line says."""
    parser = argparse.ArgumentParser(description="Close a very large co-op's year.")
    parser.add_argument("--members", type=int, default=70_000)
    print(json.dumps(measure(parser.parse_args().members)))


if __name__ == "__main__":
    main()
