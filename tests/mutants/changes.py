"""Small changes to code: one comparison, sum, condition, number or word at a time.

A change is known by its place among all of a module's, so that it can be made again in
another process from nothing but that number.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    Undo = Callable[[], None]
    #: Makes a change and returns what takes it back.
    Make = Callable[[], Undo]

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_EXTREMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
#: A word that means something to the program: a role, a kind, a name of a parameter.
_WORD = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
#: What the program does not act on: types, and what decorators say of a rule.
_UNCHANGED = frozenset({"annotation", "returns", "decorator_list", "format_spec"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change that can be made to a module.

    Attributes:
        number: Its place among the module's.
        line: First line of the statement that it changes.
        last: Last line of it, of a compound statement without what is inside.
        was: The code before.
        becomes: The code after.
        operator: Kind of change.
    """

    number: int
    line: int
    last: int
    was: str
    becomes: str
    operator: str


@dataclass(frozen=True, slots=True)
class _Site:
    operator: str
    statement: ast.stmt
    around: ast.AST
    make: Make


def changes_in(code: str) -> list[Change]:
    """Return all changes that can be made to a module's code."""
    return [
        _described(number, site)
        for number, site in enumerate(list(_sites(ast.parse(code))))
    ]


def _described(number: int, site: _Site) -> Change:
    was = _shown(site.around)
    undo = site.make()
    becomes = _shown(site.around)
    undo()
    body = getattr(site.statement, "body", [])
    end = site.statement.end_lineno or site.statement.lineno
    last = body[0].lineno - 1 if body else end
    return Change(
        number=number,
        line=site.statement.lineno,
        last=max(last, site.statement.lineno),
        was=was,
        becomes=becomes,
        operator=site.operator,
    )


def _shown(node: ast.AST) -> str:
    """Write a piece of code in one line; of a statement its condition alone."""
    test = getattr(node, "test", node)
    return " ".join(ast.unparse(test).split())


def changed(code: str, number: int) -> ast.Module:
    """Return a module with one change made; lines stay where they are."""
    tree = ast.parse(code)
    list(_sites(tree))[number].make()
    return ast.fix_missing_locations(tree)


def _sites(tree: ast.Module) -> Iterator[_Site]:
    start = tree.body[0]
    for node, around, statement in _nodes(tree, start, start):
        for operator, make in _of(node):
            yield _Site(operator, statement, around, make)


def _nodes(
    node: ast.AST, around: ast.AST, statement: ast.stmt
) -> Iterator[tuple[ast.AST, ast.AST, ast.stmt]]:
    """Return what may be changed, with what is around it and its statement.

    A number or a word says nothing by itself, and is shown with what it stands in.
    """
    if isinstance(node, ast.stmt):
        statement = node
    if not isinstance(node, ast.Constant):
        around = node
    yield node, around, statement
    for name, value in ast.iter_fields(node):
        if name in _UNCHANGED:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_silent(child):
                yield from _nodes(child, around, statement)


def _is_silent(node: ast.AST) -> bool:
    """Say whether a node does nothing, such as a text or an import for types."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom)


def _of(node: ast.AST) -> Iterator[tuple[str, Make]]:
    for kinds, changes in _CHANGES:
        if isinstance(node, kinds):
            yield from changes(node)


def _of_comparison(node: ast.Compare) -> Iterator[tuple[str, Make]]:
    for place, op in enumerate(node.ops):
        for other in _COMPARISONS[type(op)]:
            yield "comparison", _setting_item(node.ops, place, other())


def _of_sum(
    node: ast.BinOp | ast.AugAssign,
) -> Iterator[tuple[str, Make]]:
    if type(node.op) in _SUMS:
        yield "sum", _setting(node, "op", _SUMS[type(node.op)]())


def _of_condition(
    node: ast.If | ast.IfExp | ast.While,
) -> Iterator[tuple[str, Make]]:
    negated = ast.UnaryOp(op=ast.Not(), operand=node.test)
    yield "condition", _setting(node, "test", negated)


def _of_connective(node: ast.BoolOp) -> Iterator[tuple[str, Make]]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and, or", _setting(node, "op", other)


def _of_filters(node: ast.comprehension) -> Iterator[tuple[str, Make]]:
    for place in range(len(node.ifs)):
        yield "filter", _setting_item(node.ifs, place, ast.Constant(value=True))


def _of_call(node: ast.Call) -> Iterator[tuple[str, Make]]:
    if isinstance(node.func, ast.Name) and node.func.id in _EXTREMES:
        yield "extreme", _setting(node.func, "id", _EXTREMES[node.func.id])


def _of_sign(node: ast.UnaryOp) -> Iterator[tuple[str, Make]]:
    if isinstance(node.op, ast.USub):
        yield "sign", _setting(node, "op", ast.UAdd())


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, Make]]:
    value = node.value
    if isinstance(value, bool):
        yield "switch", _setting(node, "value", not value)
    elif isinstance(value, int | Decimal):
        yield "number", _setting(node, "value", value + 1)
    elif isinstance(value, str) and _WORD.fullmatch(value):
        yield "word", _setting(node, "value", f"{value}-not")


def _setting(node: ast.AST, name: str, value: object) -> Make:
    def make() -> Undo:
        before = getattr(node, name)
        setattr(node, name, value)
        return lambda: setattr(node, name, before)

    return make


def _setting_item(items: list[Any], place: int, value: object) -> Make:
    def make() -> Undo:
        before = items[place]
        items[place] = value
        return lambda: items.__setitem__(place, before)

    return make


#: What can be changed of each kind of code.
_CHANGES: tuple[tuple[Any, Callable[..., Any]], ...] = (
    (ast.Compare, _of_comparison),
    (ast.BinOp | ast.AugAssign, _of_sum),
    (ast.BoolOp, _of_connective),
    (ast.If | ast.IfExp | ast.While, _of_condition),
    (ast.comprehension, _of_filters),
    (ast.Call, _of_call),
    (ast.UnaryOp, _of_sign),
    (ast.Constant, _of_constant),
)
