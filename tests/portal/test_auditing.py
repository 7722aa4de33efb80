"""The log: each line holds the one before it."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from typing import Any

import pytest

from coopledger.portal.auditing import HEAD
from coopledger.portal.auditing import AuditLog

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    found = AuditLog(tmp_path)
    for number in range(5):
        found.note("ana", "read", path=f"/page/{number}")
    return found


def changed(log: AuditLog, number: int, **new: Any) -> None:
    lines = log.path.read_text("utf-8").splitlines()
    lines[number] = json.dumps({**json.loads(lines[number]), **new}, sort_keys=True)
    log.path.write_text("\n".join(lines) + "\n", "utf-8")


def test_events_are_kept_in_their_order_and_the_chain_is_whole(log: AuditLog) -> None:
    assert [event["path"] for event in log.events()] == [f"/page/{n}" for n in range(5)]
    assert [event["number"] for event in log.events(2)] == [4, 5]
    assert log.broken_at() == ""


def test_a_log_of_nothing_is_whole(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    assert log.events() == []
    assert log.broken_at() == ""


def test_a_line_that_was_changed_is_found(log: AuditLog) -> None:
    changed(log, 2, who="bo")
    assert log.broken_at() == "line 3"


def test_a_line_that_was_changed_with_its_digest_is_found_at_the_next(
    log: AuditLog,
) -> None:
    from coopledger.portal import auditing  # noqa: PLC0415 - its digest, as a forger

    event = {**log.events()[2], "who": "bo"}
    changed(log, 2, who="bo", digest=auditing._digest(event))
    assert log.broken_at() == "line 4"


@pytest.mark.parametrize("number", [0, 2])
def test_a_line_that_was_taken_out_is_found(log: AuditLog, number: int) -> None:
    lines = log.path.read_text("utf-8").splitlines()
    del lines[number]
    log.path.write_text("\n".join(lines) + "\n", "utf-8")
    assert log.broken_at() == f"line {number + 1}"


def test_lines_missing_at_the_end_are_found(log: AuditLog) -> None:
    lines = log.path.read_text("utf-8").splitlines()[:3]
    log.path.write_text("\n".join(lines) + "\n", "utf-8")
    assert log.broken_at() == "after line 3"


def test_a_log_without_its_last_digest_is_not_whole(log: AuditLog) -> None:
    (log.path.parent / HEAD).unlink()
    assert log.broken_at() == "its end"


@pytest.mark.parametrize("line", ["nonsense", "[1]"])
def test_a_line_that_is_none_is_found(log: AuditLog, line: str) -> None:
    with log.path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    assert log.broken_at() == "line 6"


@pytest.mark.parametrize("end", ["", "\n"])
def test_after_a_line_that_a_crash_cut_off_the_log_goes_on(
    log: AuditLog, end: str
) -> None:
    whole = log.path.read_text("utf-8")
    log.path.write_text(whole[: len(whole) - 30] + end, "utf-8")
    log.note("bo", "read")
    assert log.events()[-1]["who"] == "bo"
    assert len(log.events()) == 6
    assert log.broken_at() == "line 5"


def test_several_processes_and_threads_write_one_chain(tmp_path: Path) -> None:
    logs = [AuditLog(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: logs[n % 4].note("ana", "read", n=n), range(80)))
    assert len(logs[0].events()) == 80
    assert logs[0].broken_at() == ""


def test_a_long_text_is_cut_and_a_new_line_in_it_begins_no_event(
    log: AuditLog,
) -> None:
    log.note("ana\n{}", "read", path="/\n" * 2000)
    assert len(log.events()) == 6
    assert len(log.events()[-1]["path"]) == 400
    assert log.broken_at() == ""


def test_only_its_owner_can_read_it(log: AuditLog) -> None:
    assert log.path.stat().st_mode & 0o777 == 0o600


# --- refusals -------------------------------------------------------------------------


def test_refusals_are_counted_and_have_two_lines_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, now = AuditLog(tmp_path), time.time()
    for minute in range(3):
        monkeypatch.setattr(time, "time", lambda minute=minute: now + 60 * minute)
        for number in range(500):
            log.note_refused("ana", "read-refused", status=404, path=f"/{number}")
    log.close()
    log.close()
    assert [(one["path"], one.get("count")) for one in log.events()] == [
        ("/0", None),
        ("/499", 499),
    ] * 3
    assert log.broken_at() == ""


def test_refusals_are_counted_by_person_kind_and_status(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    for _ in range(2):
        for who in ("ana", "bo"):
            log.note_refused(who, "read-refused", status=404)
            log.note_refused(who, "read-refused", status=403)
            log.note_refused(who, "sign-in-throttled")
    assert len(log.events()) == 6


def test_what_was_counted_is_written_with_the_next_line_of_any_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, now = AuditLog(tmp_path), time.time()
    for _ in range(3):
        log.note_refused("ana", "read-refused", status=404)
    log.note("bo", "read")
    monkeypatch.setattr(time, "time", lambda: now + 61)
    log.note("bo", "read")
    assert [(one["who"], one.get("count")) for one in log.events()] == [
        ("ana", None),
        ("bo", None),
        ("ana", 2),
        ("bo", None),
    ]


def test_a_refusal_that_is_alone_has_one_line(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    log.note_refused("ana", "read-refused", status=404)
    log.close()
    assert len(log.events()) == 1
