"""bean-check, ``coopledger check`` and Fava's error page say the same of a book."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from fava.core import FavaLedger

from tests.cli.running import LEDGER
from tests.cli.running import run

PLACED = re.compile(r"^(?P<file>\S.*?):(?P<line>\d+):\s+(?P<message>.*)$", re.MULTILINE)
RULE = re.compile(r"COOP-[A-Z]+-\d+(?=: )")
PLUGIN = 'plugin "coopledger.plugin"\n'


class Seed(NamedTuple):
    """A slip, the file it goes into, and the rule that must see it."""

    rule: str
    file: str
    text: str


class Said(NamedTuple):
    """What one of the three says: where, and by which rule ("" for Beancount's own)."""

    file: str
    line: int
    rule: str


def booked(date: str, *postings: str, **metadata: str) -> str:
    """Write a transaction."""
    keys = [f'  {key.replace("_", "-")}: "{text}"' for key, text in metadata.items()]
    return "\n".join([f'{date} * "A slip"', *keys, *(f"  {one}" for one in postings)])


FARMS = (
    Seed("COOP-LANG-01", "policy", '2025-02-01 custom "coop-resolutoin" "X" "Text"'),
    Seed("COOP-LANG-01", "policy", '2025-02-01 custom "coop-parameter" 0.5 "X"'),
    Seed("COOP-LANG-01", "members", '2025-02-01 custom "coop-member" "Amara" "leaves"'),
    Seed(
        "COOP-LANG-01",
        "2025",
        booked(
            "2025-02-01", "Assets:Bank  1 USD", "Income:Grants  -1 USD", coop_yaer="1"
        ),
    ),
    Seed("COOP-LANG-02", "2024", 'option "title" "A title that nobody hears"'),
    Seed("COOP-LANG-02", "2023", 'plugin "beancount.plugins.leafonly"'),
    Seed(
        "COOP-LANG-03",
        "2025",
        booked("2025-03-01", "Expenses:Advances:Ruth  1 USD", "Assets:Bank  -1 USD"),
    ),
    Seed(
        "COOP-LANG-03",
        "2025",
        booked(
            "2025-03-02",
            'Expenses:Advances:Ruth  1 USD\n    hours: "one"',
            "Assets:Bank  -1 USD",
        ),
    ),
    Seed("COOP-LAW-02", "policy", '2025-01-01 custom "coop-parameter" "pay.cap" 3'),
    Seed(
        "COOP-LAW-02",
        "policy",
        '2025-01-01 custom "coop-parameter" "patronage.notice" "verbal"',
    ),
    Seed("COOP-MEM-02", "members", '2025-02-02 custom "coop-member" "Tobias" "leave"'),
    Seed("COOP-MEM-03", "members", '2025-02-03 custom "coop-member" "Zoe" "join"'),
    Seed(
        "COOP-MEM-03",
        "members",
        '2025-02-03 custom "coop-member" "Zia" "join"\n  class: "boss"',
    ),
    Seed(
        "COOP-CAP-01",
        "2025",
        booked(
            "2025-04-01",
            "Equity:Members:Kofi:Contribution  99,000 USD",
            "Assets:Bank  -99,000 USD",
        ),
    ),
    Seed(
        "COOP-CAP-02",
        "2025",
        "2025-04-01 open Equity:Members:Nobody:Contribution\n"
        + booked(
            "2025-04-02",
            "Equity:Members:Nobody:Contribution  -7 USD",
            "Assets:Bank  7 USD",
        ),
    ),
    Seed(
        "COOP-BOOK-01",
        "2025",
        "2025-04-03 pad Assets:Equipment Equity:Collective\n"
        "2025-04-04 balance Assets:Equipment  1 USD",
    ),
    Seed(
        "COOP-BOOK-02",
        "2025",
        booked("2025-04-05", "Expenses:Tax  5 EUR @ 2 USD", "Assets:Bank  -10 USD"),
    ),
    Seed(
        "COOP-BOOK-03",
        "2025",
        booked(
            "2025-04-06",
            "Equity:Members:Lupe:Contribution  5 USD",
            "Equity:Collective  -5 USD",
        ),
    ),
    Seed("COOP-BOOK-04", "policy", '2025-12-31 custom "coop-seal" "2023" "00ff"'),
    Seed("COOP-APP-06", "closings/closing-2024", 'coop-year: "2025"'),
    Seed(
        "",
        "2025",
        booked("2025-05-01", "Assets:Bank  1 USD", "Expenses:Growing  -2 USD"),
    ),
    Seed("", "2025", "2025-05-02 balance Assets:Bank  1 USD"),
    Seed("", "2025", booked("2025-05-03", "Assets:Safe  1 USD", "Assets:Bank  -1 USD")),
    Seed("", "2025", "2025-05-04 close Assets:Vehicles:Tractor"),
    Seed("", "accounts", "2020-01-15 open Assets:Bank"),
    Seed("", "accounts", "2020-01-15 opne Assets:Shed"),
)

BASQUE = (
    Seed(
        "COOP-LAW-03",
        "policy",
        '2025-01-01 custom "coop-parameter" "reserves.mandatory.rate" 0.10',
    ),
    Seed(
        "COOP-RES-03",
        "2025",
        booked(
            "2025-04-01",
            "Equity:Reservas:FondoReservaObligatorio  5 EUR",
            "Liabilities:Socias:Ainhoa:RetornosAPagar  -5 EUR",
        ),
    ),
    Seed(
        "COOP-MEM-01",
        "2025",
        booked(
            "2025-04-01",
            "Assets:Banco  900 EUR",
            "Equity:Socias:Iker:Aportaciones  -900 EUR",
            coop_kind="entry-fee",
        ),
    ),
)

BOOKS = {"freedom-farms": FARMS, "basque": BASQUE}


@pytest.fixture(scope="module", params=BOOKS)
def seeded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the top-level file of a demonstration book with every slip in it."""
    folder = tmp_path_factory.mktemp("agreement")
    shutil.copytree(LEDGER, folder, dirs_exist_ok=True)
    name = str(request.param)
    for seed in BOOKS[name]:
        path = folder / name / f"{seed.file}.beancount"
        text = path.read_text("utf-8")
        if seed.text.startswith("coop-year"):
            text = text.replace('coop-year: "2024"', seed.text, 1)
        else:
            text = f"{text}\n{seed.text}\n"
        path.write_text(text, "utf-8")
    return folder / name / "main.beancount"


def rule_in(message: str) -> str:
    """Return the rule that a message begins with, or ""."""
    found = RULE.match(message)
    return found[0] if found else ""


def from_bean_check(main: Path) -> Counter[Said]:
    """Return what bean-check prints."""
    program = Path(sys.executable).with_name("bean-check")
    done = subprocess.run(
        [program, "--no-cache", main], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return Counter(
        Said(found["file"], int(found["line"]), rule_in(found["message"]))
        for found in PLACED.finditer(done.stderr)
    )


def from_coopledger(main: Path) -> Counter[Said]:
    """Return what ``coopledger check`` prints as JSON."""
    done = run("check", "--book", main, "--format", "json")
    assert done.exit_code == 1
    return Counter(
        Said(
            one["file"],
            one["line"],
            one["rule"] if one["basis"] != "beancount" else "",
        )
        for one in json.loads(done.stdout)["findings"]
    )


def from_fava(main: Path) -> Counter[Said]:
    """Return what Fava's error page lists."""
    return Counter(
        Said(
            str((error.source or {}).get("filename")),
            int(str((error.source or {}).get("lineno", 0))),
            rule_in(error.message),
        )
        for error in FavaLedger(str(main)).errors
    )


def test_the_three_agree_on_every_finding_with_its_file_and_line(seeded: Path) -> None:
    ours = from_coopledger(seeded)
    assert from_bean_check(seeded) == ours
    assert from_fava(seeded) == ours


def test_every_slip_is_seen_by_its_own_rule(seeded: Path) -> None:
    found = from_coopledger(seeded)
    wanted = Counter(seed.rule for seed in BOOKS[seeded.parent.name])
    seen = Counter(one.rule for one in found.elements())
    assert wanted - seen == Counter()


def test_the_slips_are_many_and_of_many_kinds() -> None:
    seeds = [seed for seeds in BOOKS.values() for seed in seeds]
    assert len(seeds) >= 15
    assert len({seed.rule for seed in seeds}) >= 15


def test_without_the_plugin_line_coopledger_check_finds_the_same(seeded: Path) -> None:
    with_it = from_coopledger(seeded)
    text = seeded.read_text("utf-8")
    seeded.write_text(text.replace(PLUGIN, "\n"), "utf-8")
    try:
        without = from_coopledger(seeded)
    finally:
        seeded.write_text(text, "utf-8")
    missed = Said(str(seeded), 1, "COOP-LANG-02")
    assert without == with_it + Counter([missed])


@pytest.mark.parametrize("name", sorted(p.name for p in LEDGER.iterdir() if p.is_dir()))
def test_the_three_agree_that_a_demonstration_book_is_clean(name: str) -> None:
    main = LEDGER / name / "main.beancount"
    assert run("check", "--book", main).exit_code == 0
    assert from_fava(main) == Counter()
