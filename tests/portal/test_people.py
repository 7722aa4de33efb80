"""Who may sign in: passwords, invitations, sessions, guessing, second factors."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyotp
import pytest

from coopledger.portal import secondfactor
from coopledger.portal import sessions as sessions_module
from coopledger.portal import throttling
from coopledger.portal.people import People
from coopledger.portal.people import PersonRefusedError
from coopledger.portal.people import PersonUnknownError
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import NAME
from coopledger.portal.storing import StateForeignError
from coopledger.portal.storing import StateNotSafeError
from coopledger.portal.storing import Store
from coopledger.portal.throttling import Throttle
from tests.needing import need_root
from tests.portal.door import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state") as found:
        yield found


@pytest.fixture
def people(store: Store) -> People:
    found = People(store)
    found.add("ana", "member", "Ana")
    found.add("tess", "treasurer")
    return found


def after(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


# --- the file -------------------------------------------------------------------------


def test_only_its_owner_can_read_the_file(store: Store) -> None:
    path = store.folder / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_a_file_that_others_can_read_is_refused(store: Store) -> None:
    (store.folder / NAME).chmod(0o640)
    with pytest.raises(StateNotSafeError, match="chmod go="):
        Store(store.folder)


def test_a_folder_of_another_user_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = store.folder.owner()
    monkeypatch.setattr(os, "geteuid", lambda: store.folder.stat().st_uid + 1)
    with pytest.raises(StateForeignError, match=f"Run this as {owner}"):
        Store(store.folder)


def test_an_owner_without_a_name_is_told_by_number(tmp_path: Path) -> None:
    need_root()
    os.chown(tmp_path, 64321, -1)
    with pytest.raises(StateForeignError, match="user 64321"):
        Store(tmp_path)


def test_neither_passwords_nor_tokens_stand_in_the_file(
    store: Store, people: People
) -> None:
    token = people.invite("ana")
    people.accept(token, PASSWORD)
    session = Sessions(store).begin(people.named("ana"), "192.0.2.7")
    content = b"".join(path.read_bytes() for path in store.folder.iterdir())
    for secret in (token, PASSWORD, session):
        assert secret.encode() not in content
    assert b"$argon2id$" in content


def test_what_fails_half_way_leaves_nothing(store: Store, people: People) -> None:
    def fail() -> None:
        with store.changing():
            store.run("UPDATE people SET member = 'x'")
            store.run("INSERT INTO people (name, role, member) VALUES ('ana', '', '')")

    with pytest.raises(sqlite3.IntegrityError):
        fail()
    assert people.named("ana").member == "Ana"


# --- people ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "role", "member"),
    [
        ("Ana", "auditor", ""),
        ("a b", "auditor", ""),
        ("", "auditor", ""),
        ("x" * 65, "auditor", ""),
        ("ana", "auditor", ""),
        ("eve", "owner", ""),
        ("eve", "member", ""),
        ("eve", "auditor", "Ana"),
    ],
)
def test_who_makes_no_sense_is_refused(
    people: People, name: str, role: str, member: str
) -> None:
    with pytest.raises(PersonRefusedError):
        people.add(name, role, member)


def test_an_unknown_name_gets_the_nearest_one(people: People) -> None:
    with pytest.raises(PersonUnknownError, match="did you mean 'tess'"):
        people.named("tes")


def test_a_password_is_verified_and_nothing_else(people: People) -> None:
    assert people.verify("ana", PASSWORD) is None
    people.set_password("ana", PASSWORD)
    assert people.verify("ana", PASSWORD) == people.named("ana")
    assert people.verify("ana", f"{PASSWORD}x") is None
    assert people.verify("nobody", PASSWORD) is None
    people.disable("ana")
    assert people.verify("ana", PASSWORD) is None
    people.disable("ana", is_disabled=False)
    assert people.verify("ana", PASSWORD)
    people.reset("ana")
    assert people.verify("ana", PASSWORD) is None
    assert people.named("ana").state == "invited"


@pytest.mark.parametrize("password", ["short", "x" * 257, "aaaaaaaaaaaaaaa"])
def test_a_password_that_is_guessed_is_refused(people: People, password: str) -> None:
    with pytest.raises(PersonRefusedError):
        people.set_password("ana", password)


def test_a_name_is_no_password(people: People) -> None:
    people.add("anastasia-ruiz", "auditor")
    with pytest.raises(PersonRefusedError, match="guessed"):
        people.set_password("anastasia-ruiz", "Anastasia-Ruiz")


def test_a_hash_that_is_none_lets_nobody_in(store: Store, people: People) -> None:
    store.run("UPDATE people SET password = 'plain' WHERE name = 'ana'")
    assert people.verify("ana", "plain") is None


# --- invitations ----------------------------------------------------------------------


def test_an_invitation_works_once(people: People) -> None:
    token = people.invite("ana")
    assert people.accept(token, PASSWORD) == people.named("ana")
    assert people.accept(token, f"{PASSWORD} again") is None
    assert people.verify("ana", PASSWORD)


def test_of_many_at_the_same_moment_one_accepts(people: People) -> None:
    token = people.invite("ana")
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: people.accept(token, PASSWORD), range(8)))
    assert len([one for one in done if one]) == 1


def test_an_invitation_expires(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    token = people.invite("ana", hours=2)
    after(monkeypatch, 2 * 3600 + 1)
    assert people.invited(token) is None
    assert people.accept(token, PASSWORD) is None


def test_a_new_invitation_voids_the_old_one_and_so_does_a_reset(people: People) -> None:
    first, second = people.invite("ana"), people.invite("ana")
    assert people.invited(first) is None
    assert people.invited(second)
    people.reset("ana")
    assert people.invited(second) is None


def test_a_password_that_will_not_do_leaves_the_invitation_good(people: People) -> None:
    token = people.invite("ana")
    with pytest.raises(PersonRefusedError):
        people.accept(token, "short")
    assert people.accept(token, PASSWORD)


def test_somebody_disabled_is_not_invited(people: People) -> None:
    token = people.invite("ana")
    people.disable("ana")
    assert people.invited(token) is None
    with pytest.raises(PersonRefusedError, match="enable"):
        people.invite("ana")


# --- sessions -------------------------------------------------------------------------


def test_a_session_is_its_persons_until_it_is_idle_or_old(
    store: Store, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(store)
    token = sessions.begin(people.named("ana"), "192.0.2.7")
    assert sessions.whose(token) == people.named("ana")
    assert sessions.whose("other") is None
    after(monkeypatch, sessions_module.IDLE + 1)
    assert sessions.whose(token) is None


def test_a_session_that_is_used_goes_on_but_not_for_ever(
    store: Store, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(store)
    token = sessions.begin(people.named("ana"), "192.0.2.7")
    begun = time.time()
    for step in range(1, sessions_module.LONGEST // 1200):
        monkeypatch.setattr(time, "time", lambda step=step: begun + step * 1200)
        assert sessions.whose(token)
    monkeypatch.setattr(time, "time", lambda: begun + sessions_module.LONGEST + 1)
    assert sessions.whose(token) is None
    sessions.begin(people.named("tess"), "192.0.2.7")
    assert store.row("SELECT count(*) AS number FROM sessions")["number"] == 1


@pytest.mark.parametrize("what", ["role", "disable", "reset", "password"])
def test_a_session_ends_when_its_person_changes(
    store: Store, people: People, what: str
) -> None:
    sessions = Sessions(store)
    token = sessions.begin(people.named("tess"), "192.0.2.7")
    assert sessions.whose(token)
    {
        "role": lambda: people.change_role("tess", "auditor"),
        "disable": lambda: people.disable("tess"),
        "reset": lambda: people.reset("tess"),
        "password": lambda: people.set_password("tess", PASSWORD),
    }[what]()
    assert sessions.whose(token) is None
    assert sessions.of(people.named("tess")) == []


def test_sessions_are_listed_and_ended_one_by_one(store: Store, people: People) -> None:
    sessions, ana = Sessions(store), people.named("ana")
    tokens = [sessions.begin(ana, f"192.0.2.{n}") for n in range(3)]
    foreign = sessions.begin(people.named("tess"), "192.0.2.9")
    assert {one.address for one in sessions.of(ana)} == {
        "192.0.2.0",
        "192.0.2.1",
        "192.0.2.2",
    }
    sessions.end_one(ana, sessions.digest(tokens[0]))
    sessions.end_one(ana, sessions.digest(foreign))
    assert sessions.whose(tokens[0]) is None
    assert sessions.whose(foreign)
    sessions.end_others(ana, tokens[1])
    assert sessions.whose(tokens[2]) is None
    assert sessions.whose(tokens[1])
    sessions.end(tokens[1])
    assert sessions.whose(tokens[1]) is None
    sessions.end_all("tess")
    assert sessions.whose(foreign) is None


# --- guessing -------------------------------------------------------------------------


def test_guessing_at_a_name_is_stopped_for_a_while(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttle = Throttle(store)
    addresses = [f"192.0.2.{n}" for n in range(20)]
    admitted = [throttle.admit("ana", address) for address in addresses]
    assert admitted == [True] * throttling.BY_NAME + [False] * (20 - throttling.BY_NAME)
    assert throttle.admit("bo", "192.0.2.1")
    after(monkeypatch, throttling.WINDOW + 1)
    assert throttle.admit("ana", "192.0.2.1")


def test_guessing_from_an_address_is_stopped_whatever_the_name(store: Store) -> None:
    throttle = Throttle(store)
    admitted = [throttle.admit(f"name{n}", "192.0.2.1") for n in range(40)]
    assert admitted.count(True) == throttling.BY_ADDRESS


def test_whoever_signs_in_is_forgiven(store: Store) -> None:
    throttle = Throttle(store)
    for _ in range(3 * throttling.BY_ADDRESS):
        assert throttle.admit("ana", "192.0.2.1")
        throttle.forgive("ana", "192.0.2.1")


def test_many_guesses_at_the_same_moment_are_many(store: Store) -> None:
    throttle = Throttle(store)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: throttle.admit("ana", f"a{n}"), range(40)))
    assert done.count(True) == throttling.BY_NAME


# --- the second factor ----------------------------------------------------------------


def test_a_code_lets_in_once(people: People) -> None:
    secret = secondfactor.new_secret()
    assert secondfactor.passes(people, people.named("ana"), "")
    people.set_secret("ana", secret)
    ana, code = people.named("ana"), pyotp.TOTP(secret).now()
    assert not secondfactor.passes(people, ana, "")
    assert secondfactor.passes(people, ana, f"{code[:3]} {code[3:]}")
    assert not secondfactor.passes(people, ana, code)


def test_a_code_of_another_time_lets_nobody_in(people: People) -> None:
    secret = secondfactor.new_secret()
    people.set_secret("ana", secret)
    old = pyotp.TOTP(secret).at(int(time.time()) - 300)
    assert not secondfactor.passes(people, people.named("ana"), old)


def test_a_telephone_is_given_the_secret_by_an_address() -> None:
    secret = secondfactor.new_secret()
    address = secondfactor.address_of(secret, "ana")
    assert address.startswith("otpauth://totp/coopledger:ana?")
    assert secret in address
    assert secondfactor.is_secret(secret)
    assert not secondfactor.is_secret(secret.lower())
