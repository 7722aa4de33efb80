"""The ten mistakes that a bookkeeper makes most, each made in Fava's own editor.

A demonstration book without findings is opened in Fava, a source is read and written as
the editor does it, and the errors are read where Fava shows them.  What stands there is
all that the bookkeeper is told: who, where, what is wrong, and what to do.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import Self

import pytest

from coopledger.rules import RULES
from tests.fava_ext.pages import Office

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LEDGERS = Path(__file__).parents[2] / "ledger"


class Editor(NamedTuple):
    """Fava over a copy of the farm's book, with its editor and its errors."""

    client: FlaskClient
    slug: str
    book: Path

    @classmethod
    def over(cls, folder: Path) -> Self:
        """Copy the books of the federation, and open the farm's."""
        copied = folder / "ledger"
        shutil.copytree(LEDGERS, copied)
        book = copied / "freedom-farms"
        client = Office.over(book / "main.beancount").client
        slug = client.get("/").headers["Location"].split("/")[1]
        return cls(client, f"/{slug}", book)

    def replace(self, name: str, old: str, new: str) -> None:
        """Open a file in the editor, change one place of it, and save it."""
        path = str(self.book / name)
        address = f"{self.slug}/api/source"
        answer = self.client.get(address, query_string={"filename": path})
        opened = answer.get_json()["data"]
        assert old in opened["source"]
        saved = self.client.put(
            address,
            json={
                "file_path": path,
                "source": opened["source"].replace(old, new, 1),
                "sha256sum": opened["sha256sum"],
            },
        )
        assert saved.status_code == 200

    def errors(self) -> list[Any]:
        """Return what Fava's page of errors lists, after it saw the change."""
        self.client.get(f"{self.slug}/api/changed")
        return list(self.client.get(f"{self.slug}/api/errors").get_json()["data"])

    def told(self) -> list[tuple[str, str]]:
        """Return where each error leads and what it says, its sources left out."""
        return [
            (self._line(error), re.sub(r" \[[^]]+\]$", "", error["message"]))
            for error in self.errors()
        ]

    def _line(self, error: Any) -> str:
        """Return file and text of the line to which an error leads."""
        path, number = Path(error["source"]["filename"]), error["source"]["lineno"]
        text = path.read_text("utf-8").splitlines()[number - 1]
        return f"{path.relative_to(self.book)}: {' '.join(text.split())}"


class Mistake(NamedTuple):
    """What is changed in which file, and each message: its place and its words."""

    what: str
    file: str
    old: str
    new: str
    told: list[tuple[str, str]]
    opens: str = ""


CLOSING = "closings/closing-2024.beancount"
MEASURE = (
    "by which the patronage basis 'labour' is measured. Every posting that counts as "
    "patronage carries its measure, as a number."
)
ONE_CENT = (
    "Leftover cents go by largest remainder, ties by join date and then member id. "
    "Book {0}, so that everybody's cent can be worked out again."
)
FORM = (
    "COOP-TAX-17: The 1099-PATR of {0} for 2025 reports {1} as patronage-dividends; in "
    "that year it was {2}. A form reports what was paid in its calendar year, and "
    "nothing of another one. Look at the bookings of 2025 first; if they are right, "
    "correct this form, and furnish one for the year of payment."
)
SHARED = (
    "COOP-RED-02: Of what was allotted for {0}, Tobias got {1} by {2}; in proportion "
    "to what everybody holds of it, it is {3}. Retained patronage is redeemed by year, "
    "the oldest first, alike within a year. Redeem a year in the same proportion for "
    'everybody; if Tobias has left, record it with coop-member "Tobias" "leave".'
)
PASSED = (
    "COOP-RED-02: What was allotted for {0} is redeemed, while 14230.00 allotted for "
    "2022 is outstanding. Retained patronage is redeemed by year, the oldest first, "
    "alike within a year. Redeem the oldest year first, or say with coop-year which "
    "year is redeemed; if Tobias has left, record it with coop-member "
    '"Tobias" "leave".'
)
SETTLED_2024 = "2024.beancount: Equity:Members:Tobias:Patronage 3,556.62 USD"
SETTLED_2025 = "2025.beancount: Equity:Members:Tobias:Patronage 1,244.06 USD"

MISTAKES = [
    Mistake(
        "forgets the hours of a posting of pay",
        "2024.beancount",
        "    hours: 153\n",
        "",
        [
            (
                "2024.beancount: Expenses:Advances:Amara 3,442.50 USD",
                (
                    "COOP-LANG-03: The posting to Expenses:Advances:Amara has no "
                    f"'hours', {MEASURE} Add hours: NUMBER under the posting (0 where "
                    "nothing counts)."
                ),
            ),
        ],
    ),
    Mistake(
        "writes hours with a comma",
        "2024.beancount",
        "hours: 153\n",
        'hours: "153,5"\n',
        [
            (
                "2024.beancount: Expenses:Advances:Amara 3,442.50 USD",
                (
                    "COOP-LANG-03: The posting to Expenses:Advances:Amara says '153,5' "
                    f"for 'hours', {MEASURE} Write hours: NUMBER under the posting (0 "
                    "where nothing counts)."
                ),
            ),
        ],
    ),
    Mistake(
        "mistypes a name, and opens the account that Beancount misses",
        "2025.beancount",
        "Expenses:Advances:Yesenia                      2,677.50 USD",
        "Expenses:Advances:Yesena                       2,677.50 USD",
        [
            (
                "2025.beancount: Expenses:Advances:Yesena 2,677.50 USD",
                (
                    "COOP-CAP-02: 'Yesena' is paid as a member and is not in the "
                    "register; did you mean 'Yesenia'? Every account of members' "
                    "capital belongs to somebody in the register. Correct the account, "
                    "register the member with coop-member, or book the pay of hired "
                    "workers as wages."
                ),
            ),
        ],
        opens="2025-01-31 open Expenses:Advances:Yesena\n",
    ),
    Mistake(
        "repays more than a member holds",
        "2025.beancount",
        "; -- Bank statement",
        '2026-02-01 * "Ruth Pickett" "Takes money out"\n'
        "  Equity:Members:Ruth:Contribution  10,000.00 USD\n"
        "  Assets:Bank                      -10,000.00 USD\n\n"
        "; -- Bank statement",
        [
            (
                "2025.beancount: Equity:Members:Ruth:Contribution 10,000.00 USD",
                (
                    "COOP-CAP-01: The capital of Ruth falls to -5676.56. A member's "
                    "capital is never below zero at the end of a day. Correct the "
                    "amount or the member; nobody can be paid more than they hold."
                ),
            ),
        ],
    ),
    Mistake(
        "mistypes the link to the resolution",
        CLOSING,
        "^GA-2025-01",
        "^GA-2025-10",
        [
            (
                (
                    f'{CLOSING}: 2025-03-20 * "Freedom Farms" "Distribution of the '
                    'surplus of fiscal year 2024" #coop-appropriation ^GA-2025-10'
                ),
                (
                    "COOP-APP-08: This distribution links to GA-2025-10, and no such "
                    "resolution is on file; did you mean 'GA-2025-01'? A distribution "
                    "rests on a resolution that is on file and not later than it. "
                    "Write ^ID of the assembly's resolution at the end of the "
                    "transaction's first line; if it is not on file, record it with "
                    "coop-resolution."
                ),
            ),
        ],
    ),
    Mistake(
        "pays a bill out of the collective account",
        "2025.beancount",
        "Expenses:Repairs                                 290.00 USD",
        "Equity:Collective                                290.00 USD",
        [
            (
                "2025.beancount: Equity:Collective 290.00 USD",
                (
                    "COOP-RES-03: 290.00 leaves the indivisible reserves. Nothing is "
                    "taken from an indivisible reserve but for losses and by law. Undo "
                    "it. If a loss or a law asks for it, say so with coop-kind: "
                    '"loss", "statutory" or "transfer-by-law", and link the '
                    "resolution; no member ever gets any of it."
                ),
            ),
        ],
    ),
    Mistake(
        "misspells what a movement is",
        "2025.beancount",
        'coop-kind: "redemption"',
        'coop-kind: "redemtion"',
        [
            (
                '2025.beancount: 2025-02-28 * "Tobias Wynn" "Redemption, instalment 2"',
                (
                    "COOP-LANG-01: There is no coop-kind 'redemtion'; did you mean "
                    "'redemption'? Every cooperative directive, metadata key and word "
                    "is one that is known. Correct the metadata."
                ),
            ),
        ],
    ),
    Mistake(
        "dates an instalment a month late",
        "2025.beancount",
        '2025-02-28 * "Tobias Wynn"',
        '2025-03-28 * "Tobias Wynn"',
        [
            (
                "2024.beancount: Liabilities:Redemptions:Tobias -4,556.62 USD",
                (
                    "COOP-EXIT-06: By 2025-02-28 1822.00 is due to Tobias as it was "
                    "agreed, and 911.00 was paid. Instalments that were agreed with a "
                    "leaver are paid by their days. Pay the instalment, correct the "
                    "day of a payment that is misdated, or agree on other days."
                ),
            ),
        ],
    ),
    Mistake(
        "gives one member a cent more and the next a cent less",
        CLOSING,
        "Equity:Members:Amara:Patronage        -1,825.53 USD\n"
        '    coop-step: "patronage"\n'
        "  Liabilities:Members:Desmond:Payable   -1,862.23 USD\n"
        '    coop-step: "patronage"\n'
        "  Equity:Members:Desmond:Patronage      -1,862.23 USD",
        "Equity:Members:Amara:Patronage        -1,825.54 USD\n"
        '    coop-step: "patronage"\n'
        "  Liabilities:Members:Desmond:Payable   -1,862.23 USD\n"
        '    coop-step: "patronage"\n'
        "  Equity:Members:Desmond:Patronage      -1,862.22 USD",
        [
            (
                (
                    '2025.beancount: 2026-01-31 custom "coop-filing" "1099-PATR" '
                    '"2025" "Amara"'
                ),
                FORM.format("Amara", "3651.06", "3651.07"),
            ),
            (
                (
                    '2025.beancount: 2026-01-31 custom "coop-filing" "1099-PATR" '
                    '"2025" "Desmond"'
                ),
                FORM.format("Desmond", "3724.46", "3724.45"),
            ),
            (
                f"{CLOSING}: Liabilities:Members:Amara:Payable -1,825.53 USD",
                (
                    "COOP-APP-02: Amara received 3651.07 of fiscal year 2024; the "
                    f"exact split gives 3651.06. {ONE_CENT.format('3651.06')}"
                ),
            ),
            (
                f"{CLOSING}: Liabilities:Members:Desmond:Payable -1,862.23 USD",
                (
                    "COOP-APP-02: Desmond received 3724.45 of fiscal year 2024; the "
                    f"exact split gives 3724.46. {ONE_CENT.format('3724.46')}"
                ),
            ),
        ],
    ),
    Mistake(
        "forgets to record that a member has left",
        "members.beancount",
        '2024-08-31 custom "coop-member" "Tobias" "leave"\n'
        '  exit: "justified"\n'
        '  reason: "moves to another state"\n',
        "",
        [
            (SETTLED_2024, SHARED.format("2022", "1720.00", "2024-12-31", "185.47")),
            (SETTLED_2024, SHARED.format("2023", "1836.62", "2024-12-31", "246.21")),
            (SETTLED_2024, PASSED.format("2023")),
            (SETTLED_2025, SHARED.format("2024", "1244.06", "2025-12-31", "108.12")),
            (SETTLED_2025, PASSED.format("2024")),
        ],
    ),
]


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor.over(tmp_path)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.what)
def test_each_mistake_is_told_in_words_that_suffice_to_mend_it(
    editor: Editor, mistake: Mistake
) -> None:
    assert editor.errors() == []
    editor.replace("members.beancount", "\n", f"\n{mistake.opens}")
    editor.replace(mistake.file, mistake.old, mistake.new)
    assert editor.told() == [(place, whole(said)) for place, said in mistake.told]


def whole(said: str) -> str:
    """Put why a rule is there behind what it asks."""
    rule = next(rule for rule in RULES if said.startswith(f"{rule.id}: "))
    assert rule.statement in said
    return said.replace(rule.statement, f"{rule.statement} {rule.reason}")


def test_there_are_ten_of_them() -> None:
    assert len({mistake.what for mistake in MISTAKES}) == 10
