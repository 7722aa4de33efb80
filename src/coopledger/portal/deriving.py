"""What in a book is each member's, in one pass over its entries.

A member's book holds their movements, a counter-account, and nothing foreign: this
module says what is theirs, `composing` writes it down, and `proving` looks at what was
written before anybody sees it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeGuard

from beancount.core import data

from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import ROLES
from coopledger.journal.chart import Chart
from coopledger.journal.loading import Book
from coopledger.portal.foreign import Foreigners
from coopledger.services.ownparts import own_parts
from coopledger.services.showing import interest_rates
from coopledger.services.summing import Sums
from coopledger.services.summing import sums_of
from coopledger.services.wording import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import Books
    from coopledger.journal.overhearing import Reading
    from coopledger.phrases import Rate
    from coopledger.services.ownparts import OwnPart
    from coopledger.services.summing import Sum

#: The account that takes the other side of whatever concerns a member.
COUNTER = "Cooperative"

#: Options of Fava that a member's book takes over, if the book has them.
_KEPT_OPTIONS = frozenset(
    {"language", "locale", "fiscal-year-end", "invert-income-liabilities-equity"}
)

#: Our pages in Fava, and of these the one that a member's book has.
_PAGES = "coopledger.fava_ext"
STATEMENT = "coopledger.fava_ext.own"

#: Directives that say what governs a book and what its accounts are for; and what a
#: line of the register says of a member, beside what happened.
_GOVERNING = frozenset({"coop-enterprise", "coop-policy", "coop-account"})
_REGISTER = "coop-member"
REGISTER_KEYS = ("name", "class")

#: Metadata of a posting, beside measures of patronage, that is its member's own.
_KEPT_NUMBERS = frozenset({"hours"})


@dataclass(frozen=True)
class Movement:
    """What one transaction is to one member.

    Attributes:
        entry: The transaction.
        postings: The member's own among its postings.
        is_alone: Whether no other member has a posting in it.
        role: What the first of the member's accounts in it is for, or "".
    """

    entry: data.Transaction
    postings: tuple[data.Posting, ...]
    is_alone: bool
    role: str


@dataclass
class Share:
    """All that is one member's in a book.

    Attributes:
        member: Member id.
        opens: Directives that open their accounts.
        movements: What moved on them, in the order of the book.
        others: Closings and balance assertions of their accounts.
        events: Their lines in the register.
        sums: What they may see of all the others together.
        rates: The rates of the interest they were given, by year.
        parts: What of the reckoning of their parts of the results is their own.
    """

    member: str
    opens: list[data.Open] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    others: list[data.Close | data.Balance] = field(default_factory=list)
    events: list[data.Custom] = field(default_factory=list)
    sums: Sequence[Sum] = ()
    rates: Mapping[int, Rate] = field(default_factory=dict)
    parts: Sequence[OwnPart] = ()

    @property
    def accounts(self) -> set[str]:
        """Their accounts."""
        return {entry.account for entry in self.opens}


@dataclass(frozen=True)
class Division:
    """A book divided among its members.

    Attributes:
        title: What the book calls itself.
        currencies: Its operating currencies.
        roots: Its names of the five root accounts.
        options: Fava's options that members' books take over.
        governing: What governs the book and what its accounts are for.
        has_pages: Whether the book has our pages.
        kinds: Kinds of the movements, by where their postings stand; in a member's
            book most of what they follow from is missing.
        measures: Metadata keys of a posting that are its member's own figures.
        shares: What is each member's, by id.
        foreigners: Says what is anybody else's.
        sums: What members may see of all the others together.
    """

    title: str
    currencies: Sequence[str]
    roots: Mapping[str, str]
    options: Mapping[str, str]
    governing: Sequence[data.Custom]
    has_pages: bool
    kinds: Mapping[tuple[str, int], str]
    measures: frozenset[str]
    shares: Mapping[str, Share]
    foreigners: Foreigners
    sums: Sums = field(default_factory=Sums)

    @property
    def language(self) -> str:
        """The language that the book is in, or that of the program."""
        return self.options.get("language", OWN)

    @property
    def counter(self) -> str:
        """The co-operative's counter-account."""
        return f"{self.roots['Equity']}:{COUNTER}"


def divide(
    entries: Sequence[data.Directive],
    options: dict[str, Any],
    heard: Sequence[Reading] = (),
) -> Division:
    """Divide a loaded book among its members, in one pass over its entries.

    Args:
        entries: Beancount's entries, after all plugins.
        options: Beancount's options of the book.
        heard: What the plugin read of them while the book was loaded.
    """
    book = Book(Path(options["filename"]), entries, (), options, heard)
    books, policy, chart = book.case.books, book.case.policy, book.chart
    owners = _owners(entries, books, chart, options)
    shares = {member: Share(member) for member in books.register.ids}
    for member, _ in owners.values():
        shares.setdefault(member, Share(member))
    for entry in entries:
        _deal(entry, owners, shares)
    measures = {
        key for basis in books.bases for key in (basis.measure, basis.factor) if key
    }
    foreigners = Foreigners.of(books.register, shares.values())
    sums = sums_of(books, policy, foreigners.figures.keys())
    rates, parts = interest_rates(book.case), own_parts(book.case)
    for member, share in shares.items():
        share.sums = sums.said_to(books, member)
        share.rates = rates.get(member, {})
        share.parts = parts.get(member, ())
    return Division(
        title=books.title,
        currencies=tuple(options.get("operating_currency") or ()),
        roots=chart.roots,
        options=_fava_options(entries),
        governing=[e for e in entries if type(e) is data.Custom and _governs(e)],
        has_pages=any(_is_of_pages(entry) for entry in entries),
        kinds=_kinds(books),
        measures=_KEPT_NUMBERS | measures,
        shares=shares,
        foreigners=foreigners,
        sums=sums,
    )


def _kinds(books: Books) -> dict[tuple[str, int], str]:
    """Return the kind of each movement of a member's, by where it stands."""
    return {
        (leg.origin.file, leg.origin.line): kind_of(booking, leg)
        for booking in books.bookings
        for leg in booking.legs
        if leg.member
    }


def place_of(meta: Mapping[str, Any]) -> tuple[str, int]:
    """Return where something stands, by its metadata."""
    return str(meta.get("filename", "")), int(meta.get("lineno", 0))


def _owners(
    entries: Iterable[data.Directive], books: Books, chart: Chart, options: Any
) -> dict[str, tuple[str, str]]:
    """Return whose each account is that is a member's, and what it is for."""
    measured = [
        Chart.of([{basis.basis: (basis.template,)}], options) for basis in books.bases
    ]
    owners = {}
    for entry in entries:
        if type(entry) is data.Open:
            places = [one.place(entry.account) for one in (chart, *measured)]
            own = [place for place in places if place and place.member]
            if own:
                role = own[0].role if own[0].role in ROLES else ""
                owners[entry.account] = (own[0].member, role)
    return owners


def _deal(
    entry: data.Directive,
    owners: Mapping[str, tuple[str, str]],
    shares: Mapping[str, Share],
) -> None:
    """Give a directive to whom it concerns."""
    owner, _ = owners.get(getattr(entry, "account", ""), ("", ""))
    if type(entry) is data.Transaction:
        _deal_movement(entry, owners, shares)
    elif type(entry) is data.Custom:
        _deal_event(entry, shares)
    elif type(entry) is data.Open and owner:
        shares[owner].opens.append(entry)
    elif owner and _is_kept(entry):
        shares[owner].others.append(entry)


def _is_kept(entry: data.Directive) -> TypeGuard[data.Close | data.Balance]:
    """Say whether closings and balances stay; one that failed is for those who keep."""
    if isinstance(entry, data.Balance):
        return entry.diff_amount is None
    return isinstance(entry, data.Close)


def _deal_movement(
    entry: data.Transaction,
    owners: Mapping[str, tuple[str, str]],
    shares: Mapping[str, Share],
) -> None:
    """Give a transaction to everybody who has a posting in it."""
    own: defaultdict[str, list[data.Posting]] = defaultdict(list)
    for posting in entry.postings:
        if posting.account in owners:
            own[owners[posting.account][0]].append(posting)
    for member, postings in own.items():
        role = owners[postings[0].account][1]
        movement = Movement(entry, tuple(postings), len(own) == 1, role)
        shares[member].movements.append(movement)


def _deal_event(entry: data.Custom, shares: Mapping[str, Share]) -> None:
    """Give a line of the register to whom it is about."""
    member = (texts_of(entry) or [""])[0]
    if entry.type == _REGISTER and member in shares:
        shares[member].events.append(entry)


def texts_of(entry: data.Custom) -> list[str]:
    """Return the values of a directive, if they are all texts."""
    values = [one.value for one in entry.values or ()]
    return values if all(isinstance(value, str) for value in values) else []


def _governs(entry: data.Custom) -> bool:
    """Say whether a directive governs the book; other enterprises' lines do not."""
    texts = texts_of(entry)
    is_own = entry.type != "coop-enterprise" or len(texts) == 1
    return entry.type in _GOVERNING and bool(texts) and is_own


def _is_of_pages(entry: data.Directive) -> bool:
    return (
        type(entry) is data.Custom
        and entry.type == "fava-extension"
        and texts_of(entry)[:1] == [_PAGES]
    )


def _fava_options(entries: Iterable[data.Directive]) -> dict[str, str]:
    """Return the options of Fava that members' books take over."""
    found = {}
    for entry in entries:
        if type(entry) is data.Custom and entry.type == "fava-option":
            words = texts_of(entry)
            if len(words) == 2:
                name = words[0].replace("_", "-")
                if name in _KEPT_OPTIONS and re.fullmatch(r"[\w-]{1,20}", words[1]):
                    found[name] = words[1]
    return found
