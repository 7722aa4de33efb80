"""What is entered through Fava's form is looked at field by field."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from fava.beans.str import to_string
from fava.serialisation import deserialise
from hypothesis import given
from hypothesis import strategies as st

from coopledger.portal.entering import EntryRefusedError
from coopledger.portal.entering import refuse_unsafe

TRANSACTION: dict[str, Any] = {
    "t": "Transaction",
    "date": "2024-05-01",
    "flag": "*",
    "payee": "Café «Ñandú»",
    "narration": "It's 5 % off; see #3",
    "tags": ["tag-1"],
    "links": ["GA-2024/1"],
    "meta": {"receipt": "A 17", "checked": True, "empty": None},
    "postings": [
        {"account": "Assets:Bank", "amount": "5.00 USD", "meta": {"shift": "early"}},
        {"account": "Activos:Caja", "amount": "-1,000 EUR @ 1.10 USD"},
        {"account": "Assets:Shares", "amount": "3 SHARE {10.10 USD}"},
        {"account": "Income:Sales", "amount": ""},
    ],
}
BALANCE: dict[str, Any] = {
    "t": "Balance",
    "date": "2024-05-01",
    "account": "Assets:Bank",
    "amount": {"number": "-5.00", "currency": "USD"},
    "meta": {},
}
NOTE: dict[str, Any] = {
    "t": "Note",
    "date": "2024-05-01",
    "account": "Assets:Bank",
    "comment": "Counted",
    "meta": {},
}
INJECTED = '\nplugin "evil"\n'

#: Where a text can stand, and what must not stand there.
PLACES: tuple[tuple[dict[str, Any], tuple[Any, ...], str], ...] = (
    (TRANSACTION, ("flag",), f"*{INJECTED}"),
    (TRANSACTION, ("flag",), "txn"),
    (TRANSACTION, ("payee",), f"x{INJECTED}"),
    (TRANSACTION, ("payee",), "x\\"),
    (TRANSACTION, ("payee",), 'x" "y'),
    (TRANSACTION, ("narration",), f"x{INJECTED}"),
    (TRANSACTION, ("narration",), "x" * 1001),
    (TRANSACTION, ("tags", 0), f"x{INJECTED}"),
    (TRANSACTION, ("links", 0), f"x{INJECTED}"),
    (TRANSACTION, ("links", 0), "two words"),
    (TRANSACTION, ("date",), f"2024-05-01{INJECTED}"),
    (TRANSACTION, ("date",), "2024-W18-3"),
    (TRANSACTION, ("postings", 0, "account"), f"Assets:Bank{INJECTED}"),
    (TRANSACTION, ("postings", 0, "account"), "Bank"),
    (TRANSACTION, ("postings", 0, "amount"), f"5.00 USD{INJECTED}"),
    (TRANSACTION, ("postings", 0, "amount"), "5.00 USD ; x"),
    (TRANSACTION, ("meta", "receipt"), f"x{INJECTED}"),
    (TRANSACTION, ("meta",), "text"),
    (TRANSACTION, ("t",), "Custom"),
    (BALANCE, ("account",), f"Assets:Bank{INJECTED}"),
    (BALANCE, ("amount", "currency"), f"USD{INJECTED}"),
    (BALANCE, ("amount", "number"), f"5{INJECTED}"),
    (BALANCE, ("amount",), "5 USD"),
    (NOTE, ("comment",), f"x{INJECTED}"),
    (NOTE, ("account",), f"Assets:Bank{INJECTED}"),
)


def sent(*entries: Any) -> bytes:
    return json.dumps({"entries": entries}).encode()


@pytest.mark.parametrize("entry", [TRANSACTION, BALANCE, NOTE], ids=lambda e: e["t"])
def test_what_people_enter_is_let_through(entry: dict[str, Any]) -> None:
    refuse_unsafe(sent(entry))


@pytest.mark.parametrize(("entry", "place", "value"), PLACES)
def test_nothing_gets_out_of_its_field(
    entry: dict[str, Any], place: tuple[Any, ...], value: str
) -> None:
    changed: Any = deepcopy(entry)
    *above, last = place
    inner = changed
    for name in above:
        inner = inner[name]
    inner[last] = value
    with pytest.raises(EntryRefusedError) as refused:
        refuse_unsafe(sent(changed))
    assert "evil" not in str(refused.value)


@pytest.mark.parametrize("where", ["meta", "postings"])
@pytest.mark.parametrize("key", [f"a{INJECTED}b", "Upper", "x", "__source__", "a b"])
def test_a_key_is_a_key(where: str, key: str) -> None:
    changed: Any = deepcopy(TRANSACTION)
    inner = changed["meta"] if where == "meta" else changed["postings"][0]["meta"]
    inner[key] = "x"
    with pytest.raises(EntryRefusedError):
        refuse_unsafe(sent(changed))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"entries": 3}',
        b'{"entries": [3]}',
        b"[" * 100_000,
        json.dumps({"entries": [NOTE] * 101}).encode(),
        sent({**TRANSACTION, "postings": 3}),
        sent({**TRANSACTION, "postings": [3]}),
        sent({**TRANSACTION, "postings": [{"account": "A:B", "price": "1"}]}),
        sent({**TRANSACTION, "more": 1}),
        sent({**TRANSACTION, "meta": {"key": [1]}}),
        sent({**NOTE, "tags": ["x"]}),
    ],
)
def test_what_is_no_list_of_entries_is_refused(body: bytes) -> None:
    with pytest.raises(EntryRefusedError):
        refuse_unsafe(body)


@given(st.text(max_size=12), st.sampled_from(PLACES))
def test_whatever_passes_is_written_on_the_lines_that_it_should_be(
    text: str, place: Any
) -> None:
    entry, path, _ = place
    changed: Any = deepcopy(entry)
    *above, last = path
    inner = changed
    for name in above:
        inner = inner[name]
    inner[last] = text
    try:
        refuse_unsafe(sent(changed))
    except EntryRefusedError:
        return
    lines = to_string(deserialise(changed), 60, 2).strip("\n").split("\n")
    original = to_string(deserialise(entry), 60, 2).strip("\n").split("\n")
    assert len(lines) == len(original)
