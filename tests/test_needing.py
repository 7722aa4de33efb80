"""What is missing skips a test, and fails it where it is required."""

from __future__ import annotations

import os

import pytest

from tests.needing import PROGRAMS
from tests.needing import need
from tests.needing import need_root


def test_a_program_that_is_not_there_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROGRAMS, raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no no-such-program"):
        need("no-such-program")


def test_where_programs_are_required_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROGRAMS, "1")
    with pytest.raises(pytest.fail.Exception, match=PROGRAMS):
        need("no-such-program")


def test_and_so_does_being_any_user_but_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROGRAMS, "1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.fail.Exception, match="only root"):
        need_root()
