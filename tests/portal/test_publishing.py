"""What is found out of members' books is kept until the full book changes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from typing import Any

import pytest

from coopledger.journal import reading
from coopledger.portal import proving
from coopledger.portal import publishing
from coopledger.portal.publishing import LookedAt
from coopledger.portal.publishing import Publisher
from coopledger.portal.publishing import place_of
from coopledger.portal.serving import TICK
from coopledger.portal.serving import Current
from tests.portal.door import BOOK
from tests.portal.door import door_to

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.portal.deriving import Division
    from tests.portal.door import Door

MEMBERS = BOOK.count('"join"')


def settle() -> None:
    """Wait: what was saved at this very moment would be read a second time."""
    time.sleep(3 * TICK / 1_000_000_000)


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect whose books were proved."""
    proved: list[str] = []
    prove = proving.prove

    def counting(text: str, division: Division, member: str) -> None:
        proved.append(member)
        prove(text, division, member)

    monkeypatch.setattr(publishing, "prove", counting)
    return proved


def test_the_page_of_people_proves_a_book_once_until_the_full_one_changes(
    book: Path, tmp_path: Path, proofs: list[str]
) -> None:
    settle()
    with door_to(book, tmp_path / "state") as door:
        admin = door.browser("ada")
        for _ in range(3):
            assert "is not shown" not in admin.get("/people").text
        assert len(proofs) == MEMBERS
        text = book.read_text("utf-8").replace("Pays her", "Brings her")
        book.write_text(text, "utf-8")
        settle()
        for _ in range(3):
            admin.get("/people")
        assert len(proofs) == 2 * MEMBERS


def test_what_members_asked_for_is_not_proved_again(
    book: Path, tmp_path: Path, proofs: list[str]
) -> None:
    settle()
    publisher = Publisher(Current(book), tmp_path / "published")
    publisher.ledger_of("M-Ana")
    assert publisher.looked_at() == LookedAt({}, 0)
    assert sorted(proofs) == sorted(set(proofs))


def test_the_page_of_people_does_not_wait_for_the_books_of_very_many(
    door: Door, monkeypatch: pytest.MonkeyPatch, proofs: list[str]
) -> None:
    may_go_on = threading.Event()
    publish = Publisher.publish_all

    def later(self: Publisher) -> None:
        may_go_on.wait(10)
        publish(self)

    monkeypatch.setattr(publishing, "_PATIENCE", 0.0)
    monkeypatch.setattr(Publisher, "publish_all", later)
    admin = door.browser("ada")
    for _ in range(2):
        told = admin.get("/people").text
        assert f"{MEMBERS} members&#39; books are still being looked at" in told
    assert proofs == []
    # Nobody's own page waits for all of them either.
    assert door.browser("ana").get("/books/mine/api/journal").status_code == 200
    monkeypatch.setattr(publishing, "_PATIENCE", 10.0)
    may_go_on.set()
    assert "being looked at" not in admin.get("/people").text
    assert len(proofs) == MEMBERS


def test_a_failure_while_looking_is_not_the_readers(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(Current(book), tmp_path / "published")

    def full(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as disk:
        disk.setattr(publishing, "_write", full)
        assert publisher.looked_at().waiting == MEMBERS
    assert publisher.looked_at().waiting == 0


def test_a_book_that_fails_unforeseen_holds_up_nobody_elses_and_is_not_shown(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "published"
    publisher = Publisher(Current(book), folder)
    publisher.publish_all()
    members = publisher.members()
    prove = proving.prove

    def failing(text: str, division: Division, member: str) -> None:
        if member == members[0]:
            raise ZeroDivisionError
        prove(text, division, member)

    monkeypatch.setattr(publishing, "prove", failing)
    book.write_text(book.read_text("utf-8").replace("Test Co-op", "New Co-op"), "utf-8")
    with pytest.raises(ZeroDivisionError):
        publisher.publish_all()
    first, *others = [place_of(folder, member) for member in members]
    assert not first.exists()
    assert all("New Co-op" in path.read_text("utf-8") for path in others)
    assert len(others) == MEMBERS - 1


def test_the_full_book_is_read_once_for_the_rules_the_pages_and_all_members(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle()
    readings: list[int] = []
    read = reading._read

    def counting(entries: Any, options: Any) -> Any:
        if options["filename"] == str(book.resolve()):
            readings.append(len(entries))
        return read(entries, options)

    monkeypatch.setattr(reading, "_read", counting)
    with door_to(book, tmp_path / "state") as door:
        full = "/books/all/extension/CapitalAccounts/"
        assert door.browser("tess").get(full).status_code == 200
        for name in ("ana", "bo"):
            own = door.browser(name).get("/books/mine/api/journal")
            assert own.status_code == 200
    assert len(readings) == 1
