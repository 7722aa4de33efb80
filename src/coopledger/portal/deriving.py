"""A member's own book: their movements, a counter-account, and nothing foreign.

One pass over the loaded entries sorts all postings to members' accounts by member.  A
member's transaction keeps its own postings; all its others become one posting to the
co-operative's counter-account, which only balances it.  Payee and narration stay where
the transaction is one member's alone and nothing in them is anybody else's; otherwise
the kind of the movement takes their place.  Links, tags, documents, notes, events and
queries are left out.

Nobody is given such a text before `proving` has looked at it.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import convert
from beancount.core import data

from coopledger.domain.capital import KINDS
from coopledger.domain.capital import ROLES
from coopledger.domain.words import has_unseen
from coopledger.journal.chart import Chart
from coopledger.journal.loading import collector_off
from coopledger.journal.reading import read_books
from coopledger.portal.foreign import Foreigners

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import Books

#: The account that takes the other side of whatever concerns a member.
COUNTER = "Cooperative"

#: Options of Fava that a member's book takes over, if the book has them.
_KEPT_OPTIONS = frozenset({"language", "locale", "fiscal-year-end"})

#: Metadata of a posting, beside measures of patronage, that is its member's own.
_KEPT_NUMBERS = frozenset({"hours"})

#: Words of the book that say what kind of movement it is.
KIND_KEYS = ("coop-kind", "coop-year")
_YEAR = re.compile(r"[0-9]{4}")

#: What Beancount's flags stand for; other flags become the plain one.
_FLAGS = frozenset("*!P")


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
    """

    member: str
    opens: list[data.Open] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    others: list[data.Close | data.Balance] = field(default_factory=list)

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
        measures: Metadata keys of a posting that are its member's own figures.
        shares: What is each member's, by id.
        foreigners: Says what is anybody else's.
    """

    title: str
    currencies: Sequence[str]
    roots: Mapping[str, str]
    options: Mapping[str, str]
    measures: frozenset[str]
    shares: Mapping[str, Share]
    foreigners: Foreigners

    @property
    def counter(self) -> str:
        """The co-operative's counter-account."""
        return f"{self.roots['Equity']}:{COUNTER}"


def divide(entries: Sequence[data.Directive], options: dict[str, Any]) -> Division:
    """Divide a loaded book among its members, in one pass over its entries.

    Args:
        entries: Beancount's entries, after all plugins.
        options: Beancount's options of the book.
    """
    with collector_off():
        books, _, chart = read_books(entries, options)
    owners = _owners(entries, books, chart, options)
    shares = {member: Share(member) for member in books.register.ids}
    for member, _ in owners.values():
        shares.setdefault(member, Share(member))
    for entry in entries:
        _deal(entry, owners, shares)
    measures = {
        key for basis in books.bases for key in (basis.measure, basis.factor) if key
    }
    return Division(
        title=books.title,
        currencies=tuple(options.get("operating_currency") or ()),
        roots=chart.roots,
        options=_fava_options(entries),
        measures=_KEPT_NUMBERS | measures,
        shares=shares,
        foreigners=Foreigners.of(books.register, shares.values()),
    )


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
    if type(entry) is data.Transaction:
        own: defaultdict[str, list[data.Posting]] = defaultdict(list)
        for posting in entry.postings:
            if posting.account in owners:
                own[owners[posting.account][0]].append(posting)
        for member, postings in own.items():
            role = owners[postings[0].account][1]
            movement = Movement(entry, tuple(postings), len(own) == 1, role)
            shares[member].movements.append(movement)
        return
    owner, _ = owners.get(getattr(entry, "account", ""), ("", ""))
    if not owner:
        return
    if type(entry) is data.Open:
        shares[owner].opens.append(entry)
    elif type(entry) is data.Close or (
        # One that failed says so in the full book, to those who can mend it.
        type(entry) is data.Balance and entry.diff_amount is None
    ):
        shares[owner].others.append(entry)


def _fava_options(entries: Iterable[data.Directive]) -> dict[str, str]:
    """Return the options of Fava that members' books take over."""
    found = {}
    for entry in entries:
        if type(entry) is data.Custom and entry.type == "fava-option":
            words = [value.value for value in entry.values or ()]
            if len(words) == 2 and all(isinstance(word, str) for word in words):
                name = words[0].replace("_", "-")
                if name in _KEPT_OPTIONS and re.fullmatch(r"[\w-]{1,20}", words[1]):
                    found[name] = words[1]
    return found


# --- writing --------------------------------------------------------------------------


def written(division: Division, member: str) -> str:
    """Write a member's book."""
    share = division.shares[member]
    first = min(
        (entry.date for entry in share.opens), default=datetime.date(1970, 1, 1)
    )
    lines = [
        'option "plugin_processing_mode" "raw"',
        'plugin "beancount.ops.balance"',
        f'option "title" "{_quoted(division.title)}"',
        *(f'option "operating_currency" "{one}"' for one in division.currencies),
        *(
            f'option "name_{root.lower()}" "{name}"'
            for root, name in division.roots.items()
        ),
        *(
            f'{first} custom "fava-option" "{name}" "{value}"'
            for name, value in division.options.items()
        ),
        *_default_page(division, share, first),
        f"{first} open {division.counter}",
    ]
    for opened in share.opens:
        currencies = ",".join(opened.currencies or ())
        lines.append(f"{opened.date} open {opened.account} {currencies}".rstrip())
    for movement in share.movements:
        lines += _movement(division, share, movement)
    lines += [line for entry in share.others for line in _other(entry)]
    return "\n".join(lines) + "\n"


def _default_page(
    division: Division, share: Share, first: datetime.date
) -> Iterator[str]:
    """Open the book at the journal of the member's capital."""
    tops = _common(share.accounts, division.roots["Equity"])
    page = f"account/{tops}/" if tops else "journal/"
    yield f'{first} custom "fava-option" "default-page" "{page}"'


def _common(accounts: Iterable[str], root: str) -> str:
    """Return the account above all equity accounts of a member, if there is one."""
    split = [name.split(":") for name in accounts if name.split(":")[0] == root]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ":".join(shared) if len(shared) > 1 else ""


def _movement(division: Division, share: Share, movement: Movement) -> Iterator[str]:
    entry = movement.entry
    flag = entry.flag if entry.flag in _FLAGS else "*"
    payee, narration = _texts(division, share.member, movement)
    heads = [f'"{_quoted(payee)}"'] if payee else []
    yield f"{entry.date} {flag} {' '.join([*heads, _in_quotes(narration)])}"
    for key, word in _kind_words(entry):
        yield f'  {key}: "{word}"'
    for posting in movement.postings:
        yield f"  {posting.account}  {_amount(posting)}"
        own = posting.meta or {}
        for key in sorted(division.measures & own.keys()):
            value = own[key]
            if isinstance(value, Decimal):
                yield f"    {key}: {value:f}"
    for currency, number in sorted(weights(movement.postings).items()):
        if number:
            yield f"  {division.counter}  {-number:f} {currency}"


def weights(postings: Iterable[data.Posting]) -> dict[str, Decimal]:
    """Return what postings weigh in sum, by currency."""
    sums: dict[str, Decimal] = {}
    for posting in postings:
        weight = convert.get_weight(posting)
        if weight.number is not None:
            known = sums.get(weight.currency, Decimal())
            sums[weight.currency] = known + weight.number
    return sums


def _amount(posting: data.Posting) -> str:
    """Write a posting's amount; what it was held at counts as its price."""
    units: Any = posting.units
    at: Any = posting.cost or posting.price
    price = f" @ {at.number:f} {at.currency}" if at else ""
    return f"{units.number:f} {units.currency}{price}"


def _texts(division: Division, member: str, movement: Movement) -> tuple[str, str]:
    """Return payee and narration as far as they are the member's own."""
    entry = movement.entry
    known = (entry.payee or "", entry.narration or "")
    is_own = movement.is_alone and not any(
        has_unseen(text) or division.foreigners.found(text, member) for text in known
    )
    if is_own:
        return known
    words = [word for _, word in _kind_words(entry)] or [movement.role]
    return "", " ".join(words)


def _kind_words(entry: data.Transaction) -> list[tuple[str, str]]:
    """Return the words that say what kind of movement it is, by their keys."""
    words = [(key, str(entry.meta.get(key, ""))) for key in KIND_KEYS]
    return [(key, word) for key, word in words if is_plain(word)]


def is_plain(word: str) -> bool:
    """Say whether a word is one of the language, or a year."""
    return word in KINDS or word in ROLES or bool(_YEAR.fullmatch(word))


def _other(entry: data.Close | data.Balance) -> Iterator[str]:
    if isinstance(entry, data.Close):
        yield f"{entry.date} close {entry.account}"
    else:
        within = f" ~ {entry.tolerance:f}" if entry.tolerance is not None else ""
        number: Any = entry.amount.number
        amount = f"{number:f}{within} {entry.amount.currency}"
        yield f"{entry.date} balance {entry.account}  {amount}"


def _in_quotes(text: str) -> str:
    return f'"{_quoted(text)}"'


def _quoted(text: str) -> str:
    """Escape a text for Beancount's quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
