"""The chart of accounts: from account names to roles, and back.

Rules and engines see roles.  A chart is made of templates such as
``Equity:Members:{member}:Contribution``; an account belongs to the longest template
that it equals or lies below.  Templates are written with the English root names and
follow the book's own ``name_equity`` and its like.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import MISPLACED
from coopledger.domain.capital import OWED
from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

#: Everything in braces that a template may contain.
PLACEHOLDERS = frozenset({"member", "year", "peer", "fund", "worker"})

ROOTS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")


def roots_of(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the book's name of each of the five root accounts."""
    return {root: options.get(f"name_{root.lower()}", root) for root in ROOTS}


class RoleMissingError(CoopledgerError):
    """The chart of accounts has no place for something that is to be booked."""

    def __init__(self, role: str) -> None:
        """Name the role and the way out."""
        super().__init__(
            f"The chart of accounts has no account for the role '{role}' that could be "
            f'booked to. Add one: DATE custom "coop-account" "{role}" "Equity:...".'
        )


@dataclass(frozen=True, slots=True)
class Place:
    """What an account is for.

    Attributes:
        role: Its role.
        member: Member id, or "".
        name: The year, peer, fund or worker it names, or "".
    """

    role: str
    member: str
    name: str


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    wildcards: dict[str, _Node] = field(default_factory=dict)
    role: str = ""


@dataclass(slots=True)
class Chart:
    """Templates by role, in a tree that finds an account's role.

    Attributes:
        templates: Templates by role; the last one is used for new accounts.
        roots: The book's name of each of the five root accounts.
    """

    templates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=lambda: {r: r for r in ROOTS})
    _tree: _Node = field(default_factory=_Node, repr=False)
    #: The accounts above all members' accounts, such as ``Equity:Members``.
    _controls: set[str] = field(default_factory=set, repr=False)

    @classmethod
    def of(
        cls, layers: Iterable[Mapping[str, tuple[str, ...]]], options: Mapping[str, Any]
    ) -> Chart:
        """Build a chart from layers of templates; later layers add to earlier ones."""
        chart = cls(roots=roots_of(options))
        for layer in layers:
            for role, templates in layer.items():
                for template in templates:
                    chart.add(role, template)
        return chart

    def add(self, role: str, template: str) -> None:
        """Add a template for a role and make it the one for new accounts."""
        template = self.written(template)
        others = tuple(t for t in self.templates.get(role, ()) if t != template)
        self.templates[role] = (*others, template)
        node = self._tree
        for component in template.split(":"):
            is_open = component.startswith("{")
            siblings = node.wildcards if is_open else node.children
            node = siblings.setdefault(component.strip("{}"), _Node())
        node.role = role
        above, is_of_member, _ = template.partition(":{member}")
        if is_of_member and role in CAPITAL | OWED:
            self._controls.add(above)

    def written(self, template: str) -> str:
        """Write a template with the book's own name of its root."""
        root, _, rest = template.partition(":")
        return f"{self.roots.get(root, root)}:{rest}"

    def place(self, account: str) -> Place | None:
        """Return the role of an account, with the member or name in it; or None.

        An account among the members' accounts that no template covers is `MISPLACED`.
        """
        found = _descend(self._tree, account.split(":"), 0, {})
        if found is None:
            is_control = any(
                account == control or account.startswith(f"{control}:")
                for control in self._controls
            )
            return Place(MISPLACED, "", "") if is_control else None
        role, names = found
        member = names.pop("member", "")
        return Place(role, member, next(iter(names.values()), ""))

    def account(self, role: str, **names: str) -> str:
        """Return the account of a role, for a member, year, peer or fund.

        Raises:
            RoleMissingError: The chart has no account for the role, or its template
                asks for a name that was not given.
        """
        if role not in self.templates:
            raise RoleMissingError(role)
        try:
            return self.templates[role][-1].format(**names)
        except KeyError:
            raise RoleMissingError(role) from None


_Found = tuple[str, dict[str, str]]


def _descend(
    node: _Node, parts: list[str], depth: int, names: dict[str, str]
) -> _Found | None:
    """Find the deepest template; literal names win over placeholders."""
    if depth < len(parts):
        child = node.children.get(parts[depth])
        found = _descend(child, parts, depth + 1, names) if child else None
        if found:
            return found
        for name, wildcard in node.wildcards.items():
            bound = {**names, name: parts[depth]}
            found = _descend(wildcard, parts, depth + 1, bound)
            if found:
                return found
    return (node.role, dict(names)) if node.role else None
