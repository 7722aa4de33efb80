"""The portal in front of a small co-op's book, asked without a network."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from werkzeug.test import Client

from coopledger.portal.auditing import AuditLog
from coopledger.portal.gate import MINE
from coopledger.portal.people import People
from coopledger.portal.running import Place
from coopledger.portal.running import opened
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

    from coopledger.portal.gate import Gate

HOST = "portal.example:8443"
BASE = f"https://{HOST}"
PASSWORD = "four words nobody says"  # noqa: S105 - invented
OWN = {"Sec-Fetch-Site": "same-origin"}
SENT = {**OWN, "Origin": BASE}

#: Who signs in, as what, and whose book they read.
PEOPLE = (
    ("ana", "member", "M-Ana"),
    ("bo", "member", "M-Bo"),
    ("kim", "bookkeeper", ""),
    ("tess", "treasurer", ""),
    ("aud", "auditor", ""),
    ("ada", "administrator", ""),
)

#: What is Bo's and Cleo's in the book, and must never be seen by Ana.
CANARIES = {
    "bo": ("bolivar", "M-Bo", "1377.31", "137731", "431.17", "163.5", "BO-LINK-7"),
    "cleo": ("cleopatra", "M-Cleo", "2711.93", "271193", "811.77", "171.25", "CLEO-9"),
    # What there was to divide, and everybody's hours.
    "all": ("225.19", "486.5"),
}

BOOK = """
option "title" "Test Co-op"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2022-01-01 custom "fava-extension" "coopledger.fava_ext"
2022-01-01 custom "coop-enterprise" "test"
2022-01-01 custom "coop-policy" "us-worker-ica"
2022-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "hours"
2022-01-01 custom "coop-member" "M-Ana" "join"
  name: "Anastasia Ruiz"
  class: "worker"
2022-01-01 custom "coop-member" "M-Bo" "join"
  name: "Bolivar Ruiz"
  class: "worker"
2022-01-01 custom "coop-member" "M-Cleo" "join"
  name: "Cleopatra Okafor"
  class: "worker"
2022-01-01 query "everybody" "SELECT account, payee WHERE payee ~ 'Bolivar'"
2022-01-01 event "place" "Bolivar's kitchen"
2022-01-01 commodity USD
  owner: "Cleopatra"
2022-06-01 note Equity:Members:M-Ana:Contribution "Lent by Bolivar 1377.31"
2022-01-02 * "Anastasia" "Pays her contribution"
  Assets:Bank                            1,250.19 USD
  Equity:Members:M-Ana:Contribution     -1,250.19 USD
2022-01-03 * "Bolivar" "Pays his contribution" ^BO-LINK-7
  Assets:Bank                            1,377.31 USD
  Equity:Members:M-Bo:Contribution      -1,377.31 USD
2022-01-04 * "Cleopatra" "Pays her contribution" ^CLEO-9
  Assets:Bank                            2,711.93 USD
  Equity:Members:M-Cleo:Contribution    -2,711.93 USD
2022-02-01 * "Anastasia" "A gift from Bolivar, and Cleopatra's 2711.93"
  Assets:Bank                               11.07 USD
  Equity:Members:M-Ana:Contribution        -11.07 USD
2022-03-31 * "Payroll" "March for M-Ana, M-Bo and M-Cleo" #cleopatra
  Expenses:Advances:M-Ana                  777.13 USD
    hours: 151.75
  Expenses:Advances:M-Bo                   431.17 USD
    hours: 163.5
  Expenses:Advances:M-Cleo                 811.77 USD
    hours: 171.25
  Assets:Bank                           -2,020.07 USD
2022-12-31 * "Customers" "Sales"
  Assets:Bank                            2,320.32 USD
  Income:Sales                          -2,320.32 USD
2023-03-15 * "Test" "Patronage of Bolivar and others" #coop-appropriation ^BO-LINK-7
  coop-kind: "appropriation"
  coop-year: "2022"
  Equity:Surplus:Appropriated              300.25 USD
  Equity:Collective                        -75.06 USD
  Equity:Members:M-Ana:Patronage           -70.24 USD
  Equity:Members:M-Bo:Patronage            -75.68 USD
  Equity:Members:M-Cleo:Patronage          -79.27 USD
2023-12-31 balance Equity:Members:M-Ana:Contribution  -1,261.26 USD
"""


class Door(NamedTuple):
    """The gate and what it keeps."""

    gate: Gate
    store: Store
    folder: Path

    @property
    def people(self) -> People:
        """Those who may sign in."""
        return People(self.store)

    @property
    def sessions(self) -> Sessions:
        """Who is there."""
        return Sessions(self.store)

    @property
    def log(self) -> AuditLog:
        """What was written down."""
        return AuditLog(self.folder)

    def browser(self, name: str = "") -> Visitor:
        """Return a browser in which somebody has signed in, or nobody."""
        visitor = Visitor(Client(self.gate), self)
        if name:
            token = self.sessions.begin(self.people.named(name), "192.0.2.7")
            cookie = self.gate.setting.cookie
            visitor.client.set_cookie(
                cookie, token, domain="portal.example", secure=True
            )
        return visitor


class Visitor(NamedTuple):
    """A browser that behaves as browsers do."""

    client: Client
    door: Door

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page."""
        headers = {**OWN, **more.pop("headers", {})}
        return self.client.get(path, base_url=BASE, headers=headers, **more)

    def post(self, path: str, **form: str) -> TestResponse:
        """Send a form of one of the portal's own pages."""
        return self.client.post(path, base_url=BASE, headers=SENT, data=form)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send anything, as the portal's own pages would."""
        headers = {**SENT, **more.pop("headers", {})}
        return self.client.open(
            path, method=method, base_url=BASE, headers=headers, **more
        )

    def sign_in(self, name: str, password: str = PASSWORD, code: str = "") -> Any:
        """Sign in by the form."""
        return self.post("/sign-in", name=name, password=password, code=code)


@contextmanager
def door_to(book: Path | None, folder: Path, **more: Any) -> Iterator[Door]:
    """Open the portal over a book, with somebody in every role."""
    place = Place(
        folder, hostname="portal.example", is_behind_proxy=True, needs_factor=()
    )
    place = replace(place, **more)
    with opened(book, place, 8443) as gate, Store(folder) as store:
        people = People(store)
        if not people.all():
            for name, role, member in PEOPLE:
                people.add(name, role, member)
        yield Door(gate, store, folder)


def statement_pages() -> list[str]:
    """Return the pages on which a member reads their own figures."""
    return [
        f"/books/{MINE}/{page}"
        for page in ("journal/", "api/journal", "api/journal_page?page=1&order=asc")
    ]
