"""Questions in BQL from people who are not trusted with the machine."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from beancount import loader

from coopledger.journal.asking import LENGTH
from coopledger.journal.asking import QuestionRefusedError
from coopledger.journal.asking import QuestionTooLongError
from coopledger.journal.asking import ask
from coopledger.journal.asking import is_tame

BOOK = """
2020-01-01 open Assets:Bank
2020-01-01 open Equity:Capital
2020-01-02 * "Ana" "Pays" #tag
  Assets:Bank      1.00 USD
  Equity:Capital
"""


@pytest.fixture(scope="module")
def book() -> Any:
    return loader.load_string(BOOK)


def asked(book: Any, question: str, seconds: float = 5.0) -> Any:
    entries, errors, options = book
    return ask(entries, errors, options, question, seconds)


ANSWERED = (
    "SELECT account",
    "SELECT account WHERE account ~ 'Bank'",
    "SELECT account WHERE account ~ '^A.*k$' AND number > 0",
    "SELECT account WHERE 'tag' IN tags",
    "SELECT grep('B.*', account), subst('a', 'b', account)",
    "SELECT account FROM year = 2020 CLOSE ON 2021-01-01",
    "BALANCES",
    "JOURNAL 'Bank'",
    "JOURNAL",
    "SELECT * FROM #accounts",
    "SELECT account;",
    "SELECT account ; and nothing else\n",
    "SELECT account WHERE narration = 'a; SELECT date'",
)
REFUSED = (
    "PRINT",
    "SELECT account; SELECT date",
    "BALANCES ;\njournal",
    "SELECT account WHERE narration = ';' ; PRINT",
    "CREATE TABLE x (a int)",
    "CREATE TABLE x USING 'csv:/etc/hostname'",
    "INSERT INTO x VALUES (1)",
    "SELECT account WHERE account ~ '(a+)+$'",
    "SELECT account WHERE account !~ '(a|aa)+$'",
    "SELECT account WHERE account ?~ '(a+)+$'",
    "SELECT account WHERE account ~ account",
    "SELECT account WHERE account ~ subst('Q', '+', '(aQ)Q')",
    "SELECT account WHERE 'aaa' ~ ANY(SELECT '(a+)+$')",
    "SELECT account WHERE 'aaa' ~ ANY(SELECT subst('Q', '+', '(aQ)Q'))",
    "SELECT grep('(a+)+$', account)",
    "SELECT grep(account, account)",
    "JOURNAL '(a+)+$'",
    "SELECT account WHERE account ~ 'a*a*a*b'",
    "SELECT account WHERE account ~ '(?:a)'",
    "SELECT 1" + " " * LENGTH,
    "SELECT " + "(" * 20 + "1" + ")" * 20,
    "SELECT " + "not " * 200 + "1",
)


@pytest.mark.parametrize("question", ANSWERED)
def test_questions_are_answered(book: Any, question: str) -> None:
    assert list(asked(book, question)) is not None


@pytest.mark.parametrize("question", REFUSED)
def test_what_is_no_question_or_could_run_away_is_refused(
    book: Any, question: str
) -> None:
    with pytest.raises(QuestionRefusedError):
        asked(book, question)


# What Python drops where it calls back by itself is no mistake here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_question_that_takes_too_long_is_broken_off(book: Any) -> None:
    long = "SELECT account WHERE " + " AND ".join(["1=1"] * 110)
    begun = time.monotonic()
    with pytest.raises(QuestionTooLongError, match="takes too long"):
        asked(book, long, seconds=0.05)
    assert time.monotonic() - begun < 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_wherever_the_time_ends_there_is_an_answer_or_a_refusal(book: Any) -> None:
    refused = 0
    for number in range(300):
        try:
            asked(book, "SELECT account WHERE 1=1 AND 2=2", seconds=number / 20000)
        except QuestionTooLongError:
            refused += 1
    assert refused
    watching = [one for one in threading.enumerate() if one.name == "deadline"]
    for one in watching:
        one.join(timeout=10)
    assert not any(one.is_alive() for one in watching)


def test_no_thread_to_watch_the_time_is_no_endless_wait(
    book: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    monkeypatch.setattr(threading.Thread, "start", none_left)
    with pytest.raises(RuntimeError, match="new thread"):
        asked(book, "SELECT account")


def test_nothing_is_broken_off_afterwards(book: Any) -> None:
    asked(book, "SELECT account", seconds=0.2)
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        pass
    assert not [one for one in threading.enumerate() if one.name == "deadline"]


@pytest.mark.parametrize("pattern", ["", "abc", "^A.*k$", r"a\d+b*", "[a-z]+"])
def test_plain_patterns_are_tame(pattern: str) -> None:
    assert is_tame(pattern)
