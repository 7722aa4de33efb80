"""Questions in BQL from people who are not trusted with the machine.

beanquery's own shell writes files, opens other sources and shares one connection.  Here
a question is one SELECT, BALANCES or JOURNAL, on a connection of its own; it is short,
its patterns cannot run away, and it is broken off after a while.
"""

from __future__ import annotations

import ctypes
import re
import threading
import time
from contextlib import contextmanager
from contextlib import suppress
from typing import TYPE_CHECKING
from typing import Any

import beanquery
from beanquery import parser
from beanquery.parser import ast

from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

#: How long a question may be, in characters: the parser is slow with long ones.
LENGTH = 1000
#: How many brackets may be open at once: the parser tries each in several ways.
DEPTH = 8
#: After how many seconds it is broken off.
SECONDS = 5
#: ... and again after so many, until it is.
_AGAIN = 1 / 10

#: How many parts of a pattern may repeat; each one multiplies the time it may take.
_REPEATS = 2

_ASKED = (ast.Select, ast.Balances, ast.Journal)
#: Functions of beanquery whose first argument is a pattern.
_WITH_PATTERN = frozenset({"grep", "grepn", "subst", "findfirst"})
#: `ANY` and `ALL`, whose classes have the names of other things.
_QUANTIFIED = (vars(ast)["Any"], vars(ast)["All"])
_QUANTIFIER = re.compile(r"[*+{]")
#: A text in quotes, or another statement, which the language takes for a comment.
_SECOND = re.compile(
    r"""'[^']*'|"[^"]*"|;\s*(select|balances|journal|print|create|insert)\b""",
    re.IGNORECASE,
)
_GROUP_REPEATED = re.compile(r"\)\s*[*+{?]")


#: What beanquery raises, itself or out of Python, when a question makes no sense.
WRONG_QUESTION = (
    beanquery.Error,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    re.error,
)


#: Why two statements at once are not answered.
TWO_QUESTIONS = "another query stands behind a semicolon; ask each one by itself"


class QuestionRefusedError(CoopledgerError):
    """A question is none that is answered here."""


class QuestionTooLongError(CoopledgerError):
    """A question took too long."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This query takes too long and was broken off; ask for a shorter period "
            "or for less at once."
        )


class _OverdueError(BaseException):
    """Raised inside the thread whose time is over; no handler takes it for its own."""


def is_tame(pattern: str) -> bool:
    """Say whether a regular expression is quick on every text.

    No group repeats and at most two parts do, so that the time grows with a small
    power of the text's length.
    """
    return (
        len(_QUANTIFIER.findall(pattern)) <= _REPEATS
        and not _GROUP_REPEATED.search(pattern)
        and "(?" not in pattern
    )


def ask(
    entries: Sequence[Any],
    errors: Sequence[Any],
    options: Any,
    question: str,
    seconds: float = SECONDS,
) -> Any:
    """Answer one question about entries.

    Returns:
        beanquery's cursor, with all rows fetched.

    Raises:
        QuestionRefusedError: It is none that is answered here.
        QuestionTooLongError: It took too long.
        beanquery.Error: It cannot be read, or makes no sense.
    """
    _refuse_long(question)
    if asks_twice(question):
        message = f"This query cannot be answered: {TWO_QUESTIONS}."
        raise QuestionRefusedError(message)
    with _broken_off_after(seconds):
        statement = _parsed(question)
        refuse_unsafe(statement)
        context = beanquery.connect(
            "beancount:", entries=entries, errors=errors, options=options
        )
        return context.execute(statement)


def _parsed(question: str) -> Any:
    try:
        return parser.parse(question)
    except RecursionError:
        message = "This query is nested too deeply."
        raise QuestionRefusedError(message) from None


def asks_twice(question: str) -> bool:
    """Say whether another statement stands behind a semicolon.

    The language takes it for a comment and drops it without a word.
    """
    return any(found[1] for found in _SECOND.finditer(question))


def _refuse_long(question: str) -> None:
    if len(question) > LENGTH:
        message = f"A query has at most {LENGTH} characters, not {len(question)}."
        raise QuestionRefusedError(message)
    depth = deepest = 0
    for char in question:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    if deepest > DEPTH:
        message = f"A query has at most {DEPTH} brackets inside each other."
        raise QuestionRefusedError(message)


def refuse_unsafe(statement: Any) -> None:
    """Refuse what is no question, and patterns that could run away.

    Raises:
        QuestionRefusedError: With the reason.
    """
    if not isinstance(statement, _ASKED):
        message = "Only SELECT, BALANCES and JOURNAL are answered here."
        raise QuestionRefusedError(message)
    for node in _nodes(statement):
        for pattern in _patterns(node):
            _refuse_wild(pattern)


def _patterns(node: Any) -> list[Any]:
    """Return what a node takes as patterns; None for one that is not written out."""
    if isinstance(node, ast.Journal):
        return [node.account or ""]
    if isinstance(node, ast.Matches):
        return [getattr(node.left, "value", None)]
    if isinstance(node, ast.Match | ast.NotMatch):
        return [getattr(node.right, "value", None)]
    if isinstance(node, _QUANTIFIED):
        # Either side may hold the pattern, or a query that makes it.
        inside = list(_nodes([node.left, node.right]))
        texts = [one.value for one in inside if isinstance(one, ast.Constant)]
        is_made = any(isinstance(one, ast.Function) for one in inside)
        return [None if is_made else str(text) for text in texts]
    if isinstance(node, ast.Function) and node.fname.lower() in _WITH_PATTERN:
        return [getattr(one, "value", None) for one in node.operands[:1]]
    return []


def _refuse_wild(pattern: Any) -> None:
    if not isinstance(pattern, str) or not is_tame(pattern):
        message = (
            "A pattern is a text in quotes in which no group and at most "
            f"{_REPEATS} other parts are repeated."
        )
        raise QuestionRefusedError(message)


def _nodes(value: Any) -> Iterator[Any]:
    """Return all nodes of a tree; beanquery's own walk leaves some fields out."""
    if isinstance(value, ast.Node):
        yield value
        names = getattr(value, "__dataclass_fields__", ())
        children: Sequence[Any] = [getattr(value, n) for n in names if n != "parseinfo"]
    else:
        children = value if isinstance(value, list | tuple) else ()
    for child in children:
        yield from _nodes(child)


@contextmanager
def _broken_off_after(seconds: float) -> Iterator[None]:
    """Break off what this thread does when its time is over."""
    deadline = _Deadline(seconds)
    try:
        try:
            deadline.begin()
            yield
        finally:
            deadline.lift()
    except _OverdueError:
        deadline.lift()
        raise QuestionTooLongError from None


class _Deadline:
    """Raises in the thread that begins it, after a while and until it is lifted.

    Once is not enough: where Python calls back by itself, exceptions are dropped.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._thread = ctypes.c_ulong(threading.get_ident())
        self._is_lifted = self._has_raised = False
        self._is_over = True
        self._gate = threading.Lock()
        self._gate.acquire()

    def begin(self) -> None:
        """Let the time run.

        Raises:
            RuntimeError: The system has no thread left to watch it.
        """
        watcher = threading.Thread(target=self._watch, name="deadline", daemon=True)
        self._is_over = False
        try:
            watcher.start()
        except RuntimeError:
            self._is_over = True
            raise

    def lift(self) -> None:
        """Raise no more, and wait for what may still be on its way.

        It never waits for a lock: an exception on the way would leave that one closed.
        Nor is the exception taken back, which Python allows: in Python 3.11 that keeps
        the thread in a hurry for ever, and a thread that is traced never goes on.
        """
        while not self._is_over:
            with suppress(_OverdueError):
                self._is_lifted = True
                if self._gate.locked():
                    self._gate.release()
                while not self._is_over:
                    time.sleep(0)
        if self._has_raised:
            self._has_raised = False
            with suppress(_OverdueError):
                self._raise()
                while True:
                    time.sleep(0)

    def _watch(self) -> None:
        wait = self._seconds
        while not self._gate.acquire(timeout=wait) and not self._is_lifted:
            wait = _AGAIN
            self._has_raised = True
            self._raise()
        self._is_over = True

    def _raise(self) -> None:
        error = ctypes.py_object(_OverdueError)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, error)
