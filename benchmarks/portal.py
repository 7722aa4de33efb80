"""Let many members sign in and read at once while their book is edited.

    python benchmarks/portal.py medium --members 200

A portal is served by a process of its own.  Each member accepts an invitation, signs in
by the form, and reads their statement and the sum of their contributions again and
again.  Meanwhile the book is written: whole, in halves, and once with a line that
cannot be read.  Every figure has to be one that this member's book had, to the cent,
none may be older than one that was read before, and the last is the last one written.
The same is done with a single reader, for the memory.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.parse import urlencode

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from beancount import loader
from beancount.core.data import Close
from beancount.core.data import Transaction

from benchmarks.books import SIZES
from benchmarks.books import write_book
from coopledger.portal.people import People
from coopledger.portal.storing import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

PASSWORD = "four words nobody says"  # noqa: S105 - invented
EXTENSION = '\n1990-01-01 custom "fava-extension" "coopledger.fava_ext"\n'
EDITS = "edits.beancount"
QUESTION = "SELECT sum(number) WHERE account ~ 'Contribution'"
_OWN = re.compile(r"Equity:Members:([^:]+):Contribution(:.*)?")


def written(generation: int, members: list[str]) -> str:
    """Return what is added to a book: another sum for everybody each time."""
    return "".join(
        f'\n2025-01-15 * "{member}" "Generation {generation}"\n'
        f"  Equity:Members:{member}:Contribution  -{added(generation, place)}.00 USD\n"
        f"  Assets:Bank  {added(generation, place)}.00 USD\n"
        for place, member in enumerate(members)
    )


def added(generation: int, place: int) -> int:
    """Return what a generation adds for the member at a place of the list."""
    return generation * 1000 + place + 1


def contributions(book: Path) -> dict[str, Decimal]:
    """Return what each member who is still there has contributed."""
    entries, _, _ = loader.load_file(str(book))
    sums: dict[str, Decimal] = {}
    gone = set()
    for entry in entries:
        if isinstance(entry, Close) and (found := _OWN.fullmatch(entry.account)):
            gone.add(found[1])
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            found = _OWN.fullmatch(posting.account)
            if found and posting.units and posting.units.number is not None:
                before = sums.get(found[1], Decimal())
                sums[found[1]] = before + posting.units.number
    return {member: sum_ for member, sum_ in sums.items() if member not in gone}


@dataclass
class Editor:
    """Writes the book again and again, in every way that programs do."""

    path: Path
    members: list[str]
    pause: float
    generation: int = 0

    def run(self, until: threading.Event, least: int) -> None:
        """Write until the readers are done, and so many times at least."""
        while not until.wait(self.pause) or self.generation < least:
            self.write(self.generation + 1)

    def write(self, generation: int) -> None:
        """Write a generation; every third leaves a line unfinished at first."""
        text = written(generation, self.members)
        # What a reader may see is counted from before it is there.
        self.generation = generation
        if generation % 3 == 0:
            broken = text[: len(text) // 2].rpartition('"')[0]
            self.path.write_text(broken, "utf-8")
            time.sleep(self.pause)
        if generation % 2:
            new = self.path.with_suffix(".new")
            new.write_text(text, "utf-8")
            new.replace(self.path)
        else:
            with self.path.open("w", encoding="utf-8") as file:
                file.write(text[: len(text) // 2])
                file.flush()
                time.sleep(0.002)
                file.write(text[len(text) // 2 :])


@dataclass
class Reader:
    """A member in front of a browser.

    Attributes:
        wrong: Whatever was not as it should have been.
        seconds: How long each kind of page took.
    """

    port: int
    member: str
    place: int
    base: Decimal
    token: str
    wrong: list[str] = field(default_factory=list)
    seconds: list[tuple[str, float]] = field(default_factory=list)
    cookie: str = ""
    last: int = 0

    def ask(self, what: str, method: str, path: str, **form: str) -> str:
        """Ask for something; return its text, or where it leads."""
        host = f"127.0.0.1:{self.port}"
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if method == "POST":
            headers["Origin"] = f"http://{host}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        line.request(method, path, urlencode(form), headers)
        answer = line.getresponse()
        text = answer.read().decode("utf-8")
        line.close()
        self.seconds.append((what, time.monotonic() - begun))
        self.cookie = (answer.headers["Set-Cookie"] or self.cookie).partition(";")[0]
        if answer.status >= 400:
            self.wrong.append(f"{self.member}: {path} {answer.status} {text[:80]}")
        return str(answer.headers["Location"] or text)

    def sign_in(self) -> None:
        """Choose a password and sign in."""
        again = {"password": PASSWORD, "again": PASSWORD}
        self.ask("invitation", "POST", f"/invitation/{self.token}", **again)
        me = {"name": self.member.lower(), "password": PASSWORD, "code": ""}
        where = self.ask("sign in", "POST", "/sign-in", **me)
        if where != "/books/":
            self.wrong.append(f"{self.member}: signed in and led to {where}")

    def stay(self, editor: Editor, rounds: int) -> None:
        """Sign in, unless it is done, and read a few times."""
        try:
            if not self.cookie:
                self.sign_in()
            for _ in range(rounds):
                self.read(editor)
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{self.member}: {error!r}")

    def read(self, editor: Editor) -> None:
        """Read the statement and the sum, and hold the sum against the book's."""
        statement = (
            f"/books/mine/extension/CapitalAccounts/?member={quote(self.member)}"
        )
        page = self.ask("statement", "GET", statement)
        told = self.ask(
            "query", "GET", f"/books/mine/api/query?query_string={quote(QUESTION)}"
        )
        latest = editor.generation
        sums = {self.sum_at(one): one for one in range(self.last, latest + 1)}
        found = re.findall(r"-?\d+\.\d\d", told)
        now = sums.get(Decimal(found[0])) if found else None
        if now is None:
            self.wrong.append(f"{self.member}: {told} is no sum from {self.last} on")
            return
        shown = {f"{-self.sum_at(one):,.2f}" for one in range(self.last, now + 1)}
        if not any(one in page for one in shown):
            self.wrong.append(f"{self.member}: the statement has none of {shown}")
        self.last = now

    def sum_at(self, generation: int) -> Decimal:
        """Return the right sum of a generation."""
        return self.base - added(generation, self.place)


@contextmanager
def portal(book: Path, state: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Serve a portal by another process; give its port."""
    command = (sys.executable, "-m", "coopledger.cli", "serve", "--portal")
    places = ("--book", str(book), "--state", str(state), "--port", "0")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(  # noqa: S603 - ours
        (*command, *places), stdout=subprocess.PIPE, encoding="utf-8", env=env
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            yield int(re.findall(r"http://[^:]+:(\d+)", said)[0]), process
        finally:
            process.terminate()


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        wrong: Everything that was not as it should have been.
        megabytes: The most memory that the server held.
        generations: How often the book was written.
        seconds: How long each kind of page took, by its name.
    """

    wrong: list[str]
    megabytes: float
    generations: int
    seconds: Mapping[str, list[float]]


def crowd(book: Path, members: int, rounds: int, pause: float) -> Outcome:
    """Let so many members sign in and read at once; return what came of it."""
    base = contributions(book)
    ids = list(base)
    edits = book.parent / EDITS
    edits.write_text(written(0, ids), "utf-8")
    with book.open("a", encoding="utf-8") as file:
        file.write(f'{EXTENSION}include "{EDITS}"\n')
    editor, is_over = Editor(edits, ids, pause), threading.Event()
    with tempfile.TemporaryDirectory() as folder, portal(book, Path(folder)) as served:
        port, process = served
        readers = invited(Path(folder), port, base, members)
        writing = threading.Thread(target=editor.run, args=(is_over, 4))
        writing.start()
        try:
            with ThreadPoolExecutor(len(readers)) as pool:
                list(pool.map(lambda one: one.stay(editor, rounds), readers))
        finally:
            is_over.set()
            writing.join()
        for one in readers:
            one.last = editor.generation
        with ThreadPoolExecutor(len(readers)) as pool:
            list(pool.map(lambda one: one.stay(editor, 1), readers))
        status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    peak = int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024
    seconds: dict[str, list[float]] = {}
    for reader in readers:
        for what, spent in reader.seconds:
            seconds.setdefault(what, []).append(spent)
    wrong = [one for reader in readers for one in reader.wrong]
    return Outcome(wrong, peak, editor.generation, seconds)


def invited(
    state: Path, port: int, base: Mapping[str, Decimal], number: int
) -> list[Reader]:
    """Invite members; return them as readers."""
    readers = []
    with Store(state) as store:
        people = People(store)
        for place, (member, sum_) in enumerate([*base.items()][:number]):
            people.add(member.lower(), "member", member)
            token = people.invite(member.lower())
            readers.append(Reader(port, member, place, sum_, token))
    return readers


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", nargs="?", default="medium", choices=SIZES)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pause", type=float, default=5.0)
    given = parser.parse_args()
    for members in (1, given.members):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "main.beancount"
            write_book(given.size, book)
            begun = time.monotonic()
            found = crowd(book, members, given.rounds, given.pause)
        print(
            f"{members} reading a {given.size} book written {found.generations} times: "
            f"{time.monotonic() - begun:.0f} s, peak {found.megabytes:.0f} MB, "
            f"wrong {len(found.wrong)}"
        )
        for what, spent in found.seconds.items():
            print(
                f"  {what:12}{len(spent):6} times, median {median(spent):7.3f} s, "
                f"longest {max(spent):7.3f} s"
            )
        for one in found.wrong[:10]:
            print(f"  {one}")


if __name__ == "__main__":
    main()
