"""Summaries and presets as JSON, exactly and strictly.

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
from functools import lru_cache
from pathlib import Path
from types import NoneType
from types import UnionType
from typing import Any

from coopledger.domain import amounts
from coopledger.domain import books
from coopledger.domain import enterprise
from coopledger.domain import findings
from coopledger.domain import periods
from coopledger.domain import solidarity
from coopledger.domain import steps
from coopledger.domain import transfers
from coopledger.domain.findings import Origin
from coopledger.law import parameter
from coopledger.law import preset

#: What a parameter can be, by a letter that tells it apart.
_LETTERS: dict[str, type] = {
    "n": Decimal,
    "t": str,
    "b": bool,
    "d": datetime.date,
}
#: Records with a field `value` that can be any of these.
_LETTERED = (books.ParameterChoice, parameter.DatedValue)

_Reader = Callable[[Any, str], Any]


def pack(value: Any, folder: str) -> Any:
    """Return a record, or a part of one, as plain JSON data.

    Args:
        value: A dataclass, a tuple, or what stands in one.
        folder: The folder to which places are relative, that of the book.
    """
    if isinstance(value, Path):
        return _relative(str(value), folder)
    if isinstance(value, dict):
        return {name: pack(one, folder) for name, one in value.items()}
    if isinstance(value, Origin):
        return [_relative(value.file, folder), value.line]
    if isinstance(value, tuple):
        return [pack(one, folder) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return [
            _lettered(found)
            if field.name == "value" and kind in _LETTERED and found is not None
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


def unpack(kind: Any, data: Any, folder: str) -> Any:
    """Read what `pack` wrote.

    Raises:
        ValueError: It is nothing of the kind.
    """
    try:
        return _reader(kind)(data, folder)
    except (ArithmeticError, KeyError, TypeError, IndexError, AttributeError) as error:
        message = f"no packed {kind}: {error}"
        raise ValueError(message) from None


@cache
def _reader(kind: Any) -> _Reader:
    """Return what reads a type; made once for each."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind is Origin:
        return _origin
    made = _MAKERS.get(typing.get_origin(kind))
    return made(typing.get_args(kind)) if made else _record_reader(kind)


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


@lru_cache(maxsize=4096)
def _place(file: str, folder: str) -> str:
    return os.path.normpath(Path(folder) / file)


_PLAIN: dict[Any, _Reader] = {
    str: _same(str),
    int: _same(int),
    bool: _same(bool),
    Decimal: _amount,
    datetime.date: _day,
    Path: lambda data, folder: Path(_place(_same(str)(data, ""), folder)),
}


def _origin(data: Any, folder: str) -> Origin:
    file, line = data
    return Origin(_place(file, folder) if file else "", line)


def _tuple_reader(parts: tuple[Any, ...]) -> _Reader:
    if parts[-1] is Ellipsis:
        one = _reader(parts[0])
        return lambda data, folder: tuple(one(item, folder) for item in data)
    readers = [_reader(part) for part in parts]
    return lambda data, folder: tuple(
        read(item, folder) for read, item in zip(readers, data, strict=True)
    )


def _union_reader(kinds: tuple[Any, ...]) -> _Reader:
    others = [kind for kind in kinds if kind is not NoneType]
    one = _lettered_value if len(others) > 1 else _reader(others[0])
    if len(others) == len(kinds):
        return one
    return lambda data, folder: None if data is None else one(data, folder)


def _lettered_value(data: Any, folder: str) -> Any:
    letter, value = data
    return _reader(_LETTERS[letter])(value, folder)


def _mapping_reader(parts: tuple[Any, ...]) -> _Reader:
    one = _reader(parts[1])
    return lambda data, folder: {name: one(data[name], folder) for name in data}


def _word_reader(words: tuple[Any, ...]) -> _Reader:
    def read(data: Any, _: str) -> Any:
        if data not in words:
            message = f"{data!r} is none of {words}"
            raise TypeError(message)
        return data

    return read


_MAKERS: dict[Any, Callable[[tuple[Any, ...]], _Reader]] = {
    tuple: _tuple_reader,
    dict: _mapping_reader,
    UnionType: _union_reader,
    typing.Union: _union_reader,
    typing.Literal: _word_reader,
}


@cache
def _known() -> dict[str, Any]:
    """Return what the types of records are called in the modules that have them."""
    found: dict[str, Any] = {"datetime": datetime, "Decimal": Decimal}
    own = (amounts, books, enterprise, findings, parameter, periods, preset)
    for module in (*own, solidarity, steps, transfers):
        found |= {name: one for name, one in vars(module).items() if name[0].isupper()}
    return found


def _record_reader(kind: type) -> _Reader:
    @cache
    def readers() -> list[_Reader]:
        # Only when they are needed: a record may hold another one of its own kind.
        hints = typing.get_type_hints(kind, localns=_known())
        return [_reader(hints[field.name]) for field in dataclasses.fields(kind)]

    def read(data: Any, folder: str) -> Any:
        pairs = zip(readers(), data, strict=True)
        return kind(*(one(item, folder) for one, item in pairs))

    return read
