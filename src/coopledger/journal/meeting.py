"""Whether accounts and the templates of a book meet: what does not, counts nowhere."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from coopledger.domain.capital import MISPLACED
from coopledger.domain.findings import Remark
from coopledger.domain.patronage import bases_in_force
from coopledger.errors import only_near
from coopledger.journal.directives import origin_of
from coopledger.journal.templates import is_placeholder
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from beancount.core import data

    from coopledger.domain.books import Books
    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.periods import FiscalYear
    from coopledger.journal.accounts import Account
    from coopledger.journal.chart import Chart
    from coopledger.journal.directives import Directive

_ABOUT = "accounts"


def strange_roots(
    opens: Iterable[data.Open], roots: Mapping[str, str]
) -> Iterator[Remark]:
    """Find accounts under a root that the book does not know; one remark for each root.

    Args:
        opens: The accounts that are opened.
        roots: The book's name of each root account.
    """
    known = set(roots.values())
    strange: dict[str, list[data.Open]] = {}
    for entry in opens:
        root = entry.account.partition(":")[0]
        if root not in known:
            strange.setdefault(root, []).append(entry)
    for root, found in strange.items():
        first, count = found[0], len(found)
        stand = (
            Phrase("and {more} more stand", more=count - 1)
            if count > 1
            else Phrase("stands")
        )
        renamed = (
            Phrase(
                "option 'name_{option}' of the top-level file calls it '{own}'",
                option=root.lower(),
                own=roots[root],
            )
            if root in roots
            else Phrase("its roots are {roots}", roots=", ".join(roots.values()))
        )
        yield Remark(
            about=_ABOUT,
            found=Phrase(
                "{account} {stand} under '{root}', which is no root of this book: "
                "{renamed}. No rule sees what is booked there.",
                account=first.account,
                stand=stand,
                root=root,
                renamed=renamed,
            ),
            fix=Phrase(
                "Give all files the same name_ options, or rename the accounts."
            ),
            origin=origin_of(first.meta),
            date=first.date,
        )


def unmatched_bases(
    books: Books, accounts: Mapping[str, Account], chart: Chart
) -> Iterator[Remark]:
    """Find bases of patronage that divide a year's pool and measure no account.

    Where members have no account that is like it, nobody has done anything yet.

    Args:
        books: What was read of the book.
        accounts: Every account that is opened.
        chart: The chart of accounts.
    """
    used = {
        (basis.basis, basis.date)
        for account in accounts.values()
        for basis, _ in account.bases
    }
    unused = [one for one in books.bases if (one.basis, one.date) not in used]
    for basis in unused:
        counts_in = _first_year(basis, books)
        template = chart.written(basis.template)
        nearest = _of_members(template, accounts, books) if counts_in else ""
        if counts_in and nearest:
            found = Phrase(
                "No account that is opened matches '{template}', by which "
                "'{basis}' is measured; did you mean '{nearest}'?",
                template=template,
                basis=basis.basis,
                nearest=nearest,
            )
            fix = Phrase("Correct the template, or open the accounts.")
            yield Remark(_ABOUT, found, fix, basis.origin, counts_in.end)


def _of_members(template: str, accounts: Mapping[str, Account], books: Books) -> str:
    """Return the template that must have been meant, of accounts that members have.

    Something that is like it will do where no other basis counts it; else it has to be
    very much like it.
    """
    place = template.split(":").index("{member}")
    own = {
        name: account
        for name, account in accounts.items()
        if set(name.split(":")[place : place + 1]) & books.register.events.keys()
    }
    free = _alike(template, (name for name, one in own.items() if not one.bases))
    near = get_close_matches(template, free, n=1)
    near += get_close_matches(template, _alike(template, own), n=1, cutoff=0.85)
    return near[0] if near else ""


def _first_year(basis: PatronageBasis, books: Books) -> FiscalYear | None:
    """Return the first year of the book whose pool a basis divides."""
    for figures in books.years.values():
        fiscal = figures.fiscal
        if basis in bases_in_force(books.bases, fiscal, books.founded):
            return fiscal
    return None


def unmatched_roles(
    places: Mapping[tuple[str, str], Directive],
    accounts: Mapping[str, Account],
    chart: Chart,
) -> Iterator[Remark]:
    """Find templates of roles that no account matches, though one nearly does.

    A reserve whose account is opened with the first distribution is no slip.

    Args:
        places: Where the book gives a role a template.
        accounts: Every account that is opened.
        chart: The chart of accounts.
    """
    for (role, written), directive in places.items():
        template = chart.written(written)
        if any(map(_pattern(template).match, accounts)):
            continue
        free = (name for name, one in accounts.items() if _is_free(one))
        nearest = only_near(template, _alike(template, free))
        if nearest:
            found = Phrase(
                "No account that is opened matches '{template}', the template of "
                "the role '{role}'; did you mean '{nearest}'?",
                template=template,
                role=role,
                nearest=nearest,
            )
            fix = Phrase("Correct the template, or the account.")
            yield Remark(_ABOUT, found, fix, directive.origin, directive.date)


def _is_free(account: Account) -> bool:
    return account.place is None or account.place.role == MISPLACED


def _pattern(template: str) -> re.Pattern[str]:
    parts = (
        "[^:]+" if is_placeholder(part) else re.escape(part)
        for part in template.split(":")
    )
    return re.compile(f"{':'.join(parts)}(?::|$)")


def _alike(template: str, names: Iterable[str]) -> set[str]:
    """Return accounts of a template's root, with its placeholders, as templates."""
    parts = template.split(":")
    found = set()
    for name in names:
        own = name.split(":")
        if own[0] == parts[0] and len(own) >= len(parts):
            pairs = zip(parts, own, strict=False)
            found.add(":".join(p if is_placeholder(p) else o for p, o in pairs))
    return found
