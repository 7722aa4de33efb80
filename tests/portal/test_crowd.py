"""Members who sign in and read at once while their book is edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.portal import crowd
from tests import books

if TYPE_CHECKING:
    from benchmarks.portal import Outcome

#: Hashing a password takes 64 MB, and four are hashed at once.
HASHING = 4 * 64
#: What each further reader may add, in MB: an open book of their own.
EACH = 4

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").is_file(), reason="memory is read from /proc"
)


HEAD = """
option "operating_currency" "USD"
plugin "coopledger.plugin"
2024-01-01 custom "coop-enterprise" "test"
2024-01-01 custom "coop-policy" "us-worker-ica"
"""
MEMBER = """
2024-01-01 custom "coop-member" "M{number:03}" "join"
  name: "Ann Example-{number}"
  class: "worker"
2024-02-01 * "Pays in"
  Equity:Members:M{number:03}:Contribution  -{number}.50 USD
  Assets:Bank                                {number}.50 USD
"""


def outcome(folder: Path, members: int) -> Outcome:
    folder.mkdir()
    everybody = (MEMBER.format(number=number) for number in range(1, 17))
    book = books.write(folder, HEAD + "".join(everybody))
    return crowd(book, members, rounds=2, pause=0.3)


def test_many_who_read_while_the_book_is_written_see_no_wrong_figure(
    tmp_path: Path,
) -> None:
    one, many = outcome(tmp_path / "one", 1), outcome(tmp_path / "many", 16)
    assert one.wrong == []
    assert many.wrong == []
    assert many.generations >= 4
    assert len(many.seconds["sign in"]) == 16
    assert many.megabytes < one.megabytes + HASHING + 16 * EACH
