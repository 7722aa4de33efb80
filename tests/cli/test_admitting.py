"""``users``: who may sign in, without a password anywhere."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coopledger.cli import main
from coopledger.portal.auditing import AuditLog
from coopledger.portal.people import People
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import Store
from tests.fava_ext.test_languages import LEDGER

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

PASSWORD = "four words nobody says"  # noqa: S105 - invented


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def run(state: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["users", *words, "--state", str(state)])


def test_a_member_whom_the_book_does_not_have_is_not_added(state: Path) -> None:
    book = str(LEDGER / "basque")
    words = ("--role", "member", "--book", book, "--member")
    wrong = run(state, "add", "ana", *words, "Ainoha")
    assert wrong.exit_code == 2
    assert "no member 'Ainoha' in the register; did you mean 'Ainhoa'?" in wrong.output
    assert not state.exists()
    assert run(state, "add", "ana", *words, "Ainhoa").exit_code == 0


def test_somebody_is_added_invited_reset_disabled_and_enabled(state: Path) -> None:
    added = run(state, "add", "ana", "--role", "member", "--member", "Ana")
    assert added.exit_code == 0
    tokens = [
        re.findall(r"/invitation/([\w-]+)", result.output)[0]
        for result in (
            added,
            run(state, "invite", "ana", "--hours", "2"),
            run(state, "reset", "ana"),
        )
    ]
    with Store(state) as store:
        people = People(store)
        assert [bool(people.invited(token)) for token in tokens] == [False, False, True]
        people.accept(tokens[2], PASSWORD)
        assert "cannot sign in" in run(state, "disable", "ana").output
        assert people.verify("ana", PASSWORD) is None
        assert "may sign in again" in run(state, "disable", "ana", "--enable").output
        assert people.verify("ana", PASSWORD)
    whats = [event["what"] for event in AuditLog(state).events()]
    assert whats == [
        "people-add",
        "people-invite",
        "people-reset",
        "people-disable",
        "people-enable",
    ]


def test_no_password_and_no_token_is_ever_printed_but_in_the_one_link(
    state: Path,
) -> None:
    link = run(state, "add", "ana", "--role", "auditor").output
    token = re.findall(r"/invitation/([\w-]+)", link)[0]
    with Store(state) as store:
        People(store).accept(token, PASSWORD)
    for form in ("text", "json"):
        printed = run(state, "list", "--format", form).output
        assert "ana" in printed
        for secret in (PASSWORD, token, "argon2"):
            assert secret not in printed


def test_the_link_has_the_address_of_the_portal_that_was_served(state: Path) -> None:
    run(state, "add", "ana", "--role", "auditor")
    (state / "address").write_text("https://books.example.coop/\n", "utf-8")
    assert (
        "https://books.example.coop/invitation/" in run(state, "invite", "ana").output
    )


def test_a_role_is_changed(state: Path) -> None:
    run(state, "add", "ana", "--role", "auditor")
    changed = run(state, "add", "ana", "--change", "--role", "treasurer")
    assert "ana is treasurer now" in changed.output
    (person,) = json.loads(run(state, "list", "--format", "json").output)["people"]
    assert person["role"] == "treasurer"


def test_open_sessions_are_listed_and_ended_by_id_or_by_person(state: Path) -> None:
    for name in ("ana", "bo"):
        run(state, "add", name, "--role", "auditor")
    with Store(state) as store:
        people, sessions = People(store), Sessions(store)
        tokens = [
            sessions.begin(people.named(name), f"192.0.2.{number}")
            for number, name in enumerate(("ana", "bo", "bo"))
        ]
        printed = run(state, "sessions").output
        assert [printed.count(one) for one in ("ana", "bo", "192.0.2.2")] == [1, 2, 1]
        listed = json.loads(run(state, "sessions", "--format", "json").output)
        assert {one["name"] for one in listed["sessions"]} == {"ana", "bo"}
        for token in tokens:
            assert token not in printed
        (mine,) = [one["id"] for one in listed["sessions"] if one["name"] == "ana"]
        assert "ana's session has ended" in run(state, "sessions", "--end", mine).output
        assert [bool(sessions.whose(one)) for one in tokens] == [False, True, True]
        assert "2 sessions of bo" in run(state, "sessions", "--all", "bo").output
        assert not any(sessions.whose(one) for one in tokens)
    whats = [(one["what"], one["person"]) for one in AuditLog(state).events()]
    assert whats[-2:] == [("people-end", "ana"), ("people-end", "bo")]


def test_a_session_that_is_not_open_or_not_one_alone_is_not_ended(state: Path) -> None:
    run(state, "add", "ana", "--role", "auditor")
    with Store(state) as store:
        ana = People(store).named("ana")
        tokens = [Sessions(store).begin(ana, "192.0.2.1") for _ in range(2)]
        for wrong in ("zz", ""):
            result = run(state, "sessions", "--end", wrong)
            assert result.exit_code == 2
            assert "no one open session" in result.output
        nobody = run(state, "sessions", "--all", "anna")
        assert "did you mean 'ana'?" in nobody.output
        assert len(Sessions(store).all()) == len(tokens)
        both = run(state, "sessions", "--end", "a", "--all", "ana")
        assert both.exit_code == 2
        assert "not both" in both.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("list",), "There is no portal in"),
        (("sessions",), "There is no portal in"),
        (("invite", "ana"), "There is no portal in"),
        (("add", "Ana X", "--role", "auditor"), "cannot be signed in with"),
        (("add", "ana", "--role", "member"), "--member"),
    ],
)
def test_wrong_use_gets_one_sentence(
    state: Path, words: tuple[str, ...], sentence: str
) -> None:
    result = run(state, *words)
    assert result.exit_code == 2
    assert sentence in result.output


def test_certificate_and_key_go_together(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").touch()
    words = ("serve", "--portal", "--only", "members", "--certificate")
    result = CliRunner().invoke(main, [*words, str(tmp_path / "cert.pem")])
    assert result.exit_code == 2
    assert "go together" in result.output
