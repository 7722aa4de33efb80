"""Summaries as JSON, exactly and strictly.

A record becomes the list of its fields, an amount or a day its text, a place its file
relative to the book's folder.  Only what the types allow is read back: a file that
somebody else wrote can be wrong, and it can never be more than data.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import typing
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from types import UnionType
from typing import Any

from coopledger.domain import books
from coopledger.domain import enterprise
from coopledger.domain import findings
from coopledger.domain import periods
from coopledger.domain import transfers
from coopledger.domain.findings import Origin

#: What a parameter can be, by a letter that tells it apart.
_LETTERS: dict[str, type] = {
    "n": Decimal,
    "t": str,
    "b": bool,
    "d": datetime.date,
}

_Reader = Callable[[Any, str], Any]


def pack(value: Any, folder: str) -> Any:
    """Return a record, or a part of one, as plain JSON data.

    Args:
        value: A dataclass, a tuple, or what stands in one.
        folder: The book's folder, to which places are relative.
    """
    if isinstance(value, Origin):
        return [_relative(value.file, folder), value.line]
    if isinstance(value, tuple):
        return [pack(one, folder) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return [
            _lettered(found)
            if field.name == "value" and kind is books.ParameterChoice
            else pack(found, folder)
            for field in dataclasses.fields(kind)
            for found in (getattr(value, field.name),)
        ]
    return _text(value)


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _lettered(value: Any) -> list[Any]:
    letter = next(one for one, kind in _LETTERS.items() if type(value) is kind)
    return [letter, _text(value)]


def _relative(file: str, folder: str) -> str:
    # Only a path on another drive cannot be written so.
    return os.path.relpath(file, folder) if file else ""


def unpack(kind: type, data: Any, folder: str) -> Any:
    """Read what `pack` wrote.

    Raises:
        ValueError: It is nothing of the kind.
    """
    try:
        return _reader(kind)(data, folder)
    except (ArithmeticError, KeyError, TypeError, IndexError, AttributeError) as error:
        message = f"no packed {kind.__name__}: {error}"
        raise ValueError(message) from None


@cache
def _reader(kind: Any) -> _Reader:
    """Return what reads a type; made once for each."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind is Origin:
        return _origin
    if typing.get_origin(kind) is tuple:
        return _tuple_reader(typing.get_args(kind))
    if typing.get_origin(kind) in {UnionType, typing.Union}:
        return _union_reader(typing.get_args(kind))
    return _record_reader(kind)


def _same(kind: type) -> _Reader:
    def read(data: Any, _: str) -> Any:
        if type(data) is not kind:
            message = f"{data!r} is no {kind.__name__}"
            raise TypeError(message)
        return data

    return read


def _amount(data: Any, _: str) -> Decimal:
    number = Decimal(_same(str)(data, ""))
    if not number.is_finite():
        raise ArithmeticError(data)
    return number


def _day(data: Any, _: str) -> datetime.date:
    return datetime.date.fromisoformat(data)


_PLAIN: dict[Any, _Reader] = {
    str: _same(str),
    int: _same(int),
    bool: _same(bool),
    Decimal: _amount,
    datetime.date: _day,
}


def _origin(data: Any, folder: str) -> Origin:
    file, line = data
    return Origin(os.path.normpath(Path(folder) / file) if file else "", line)


def _tuple_reader(parts: tuple[Any, ...]) -> _Reader:
    if parts[-1] is Ellipsis:
        one = _reader(parts[0])
        return lambda data, folder: tuple(one(item, folder) for item in data)
    readers = [_reader(part) for part in parts]
    return lambda data, folder: tuple(
        read(item, folder) for read, item in zip(readers, data, strict=True)
    )


def _union_reader(kinds: tuple[Any, ...]) -> _Reader:
    if NoneType not in kinds:
        return lambda data, folder: _reader(_LETTERS[data[0]])(data[1], folder)
    one = _reader(next(kind for kind in kinds if kind is not NoneType))
    return lambda data, folder: None if data is None else one(data, folder)


def _record_reader(kind: type) -> _Reader:
    modules = (books, enterprise, findings, periods, transfers)
    known: dict[str, Any] = {"datetime": datetime, "Decimal": Decimal}
    for module in modules:
        known |= {name: one for name, one in vars(module).items() if name[0].isupper()}
    hints = typing.get_type_hints(kind, localns=known)
    names = [field.name for field in dataclasses.fields(kind)]
    readers = [_reader(hints[name]) for name in names]

    def read(data: Any, folder: str) -> Any:
        pairs = zip(readers, data, strict=True)
        return kind(*(one(item, folder) for one, item in pairs))

    return read
