"""The proof that a member's book may be shown to that member.

It takes the finished text and trusts nothing of how it was written: it loads it and
holds every directive against the full book.  Whatever is not accounted for refuses it.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader
from beancount.core import data

from coopledger.domain.books import APPROPRIATION_TAG
from coopledger.domain.capital import is_plain
from coopledger.errors import CoopledgerError
from coopledger.journal.loading import collector_off
from coopledger.portal.composing import KIND_KEYS
from coopledger.portal.composing import STEP_KEY
from coopledger.portal.composing import kept_words
from coopledger.portal.composing import weights
from coopledger.portal.deriving import REGISTER_KEYS
from coopledger.portal.deriving import STATEMENT
from coopledger.portal.deriving import texts_of
from coopledger.services.attributing import COUNTS
from coopledger.services.narrating import is_narration
from coopledger.services.ownparts import MEASURE
from coopledger.services.ownparts import PART
from coopledger.services.showing import RATE
from coopledger.services.summing import DIRECTIVE
from coopledger.services.summing import LEFT_OUT
from coopledger.services.summing import doubt_about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.portal.deriving import Division
    from coopledger.portal.deriving import Share
    from coopledger.services.summing import Sum

_PLUGINS = [("beancount.ops.balance", None)]
#: Metadata that Beancount adds to what it reads.
_BEANCOUNTS = frozenset({"filename", "lineno", "__tolerances__", "__automatic__"})
_OPTIONS = frozenset(
    {"language", "locale", "fiscal-year-end", "default-page"}
    | {"invert-income-liabilities-equity"}
)
#: Directives that a check of their own holds against the full book.
_OURS = frozenset({DIRECTIVE, RATE, PART, MEASURE})
_OF_REGISTER = frozenset(REGISTER_KEYS)


class NotPublishedError(CoopledgerError):
    """A member's book holds something that is not shown to be the member's."""

    def __init__(self, member: str, why: str) -> None:
        """Name whose it is and why."""
        self.why = why
        super().__init__(
            f"The book of member '{member}' is not shown to anybody: {why}. Whoever "
            "keeps the books can see what it is; members see their own again when it "
            "is put right."
        )


def prove(text: str, division: Division, member: str) -> None:
    """Prove that a text shows a member their own book and nothing else.

    Raises:
        NotPublishedError: It does not.
    """
    share = division.shares[member]
    with collector_off():
        entries, errors, options = loader.load_string(text)
    if errors:
        # The message may quote the text: it is for those who keep the books.
        raise NotPublishedError(member, f"it does not load ({errors[0].message})")
    for check in _CHECKS:
        why = check(entries, options, division, share)
        if why:
            raise NotPublishedError(member, why)


def _options(_: object, options: Any, division: Division, share: Share) -> str:
    if [tuple(one) for one in options["plugin"]] != _PLUGINS:
        return "it names other plugins than the one that checks balances"
    if len(options["include"]) > 1 or options["documents"]:
        return "it includes other files"
    title = options["title"]
    word = division.foreigners.named(title, share.member)
    return f"its title has '{word}', which is another member's" if word else ""


def _kinds(entries: Sequence[Any], _: object, division: Division, share: Share) -> str:
    """Hold the directives that move nothing against the full book."""
    known = {data.Open, data.Close, data.Balance, data.Transaction, data.Custom}
    strange = [entry for entry in entries if type(entry) not in known]
    if strange:
        return f"it has a directive of the kind {type(strange[0]).__name__}"
    others = [entry for entry in entries if type(entry) in {data.Close, data.Balance}]
    if Counter(map(_figures, others)) != Counter(map(_figures, share.others)):
        return "its balances and closings are not those of the full book"
    for entry in entries:
        if type(entry) is data.Custom and not (
            _is_of_fava(entry) or entry.type in _OURS
        ):
            known_lines = [_said(one) for one in (*division.governing, *share.events)]
            if _said(entry) not in known_lines or _more(entry.meta, _OF_REGISTER):
                return f"it has a line of the type '{entry.type}'"
    return ""


def _is_of(entry: Any, kind: str) -> bool:
    return type(entry) is data.Custom and entry.type == kind


def _said_by(entries: Sequence[Any], kind: str) -> Counter[tuple[Any, ...]]:
    """Return what the lines of a kind of ours say, with all their metadata."""
    return Counter(
        (*(one.value for one in entry.values), *_more(entry.meta, frozenset()))
        for entry in entries
        if _is_of(entry, kind)
    )


def _rates(entries: Sequence[Any], _: object, _division: object, share: Share) -> str:
    """Hold rates of interest against those of the full book."""
    there = Counter((str(year), rate) for year, rate in share.rates.items())
    if _said_by(entries, RATE) != there:
        return "its rates of interest are not those of the full book"
    return ""


def _parts(entries: Sequence[Any], _: object, _division: object, share: Share) -> str:
    """Hold the member's side of reckonings against the full book's, and add it up."""
    there = Counter(
        (str(one.year), one.step, one.times, one.weight, one.amount)
        for one in share.parts
    )
    measures = Counter(
        (str(one.year), one.step, *measure)
        for one in share.parts
        for measure in one.measures
    )
    if _said_by(entries, PART) != there or _said_by(entries, MEASURE) != measures:
        return "its reckoning of the member's parts is not that of the full book"
    if not all(one.is_consistent for one in share.parts):
        return "its reckoning of the member's parts rests on more than their own"
    return ""


def _number_of(one: Sum) -> Decimal | str:
    return LEFT_OUT if one.number is None else one.number


def _together(
    entries: Sequence[Any], _: object, division: Division, share: Share
) -> str:
    """Hold sums over all members against what may be said of them to this one."""
    there = Counter(
        (str(one.year), one.name, _number_of(one), one.step) for one in share.sums
    )
    if _said_by(entries, DIRECTIVE) != there:
        return "its sums over all members are not those that may be shown"
    for one in share.sums:
        if one.number is not None:
            why = doubt_about(one, share.sums, division.sums, share.member)
            owners = division.foreigners.figures.get(abs(one.number), {share.member})
            if one.name not in COUNTS and share.member not in owners:
                why = "it is also another member's amount"
            if why:
                return f"the sum '{one.name}' of {one.year} may not be shown: {why}"
    return ""


def _said(entry: data.Custom) -> tuple[Any, ...]:
    """Return what a directive of ours says, as far as a member's book may say it."""
    keys = REGISTER_KEYS if entry.type == "coop-member" else ()
    names = [entry.meta.get(key) for key in keys]
    return (entry.date, entry.type, *texts_of(entry), *names)


def _figures(entry: Any) -> tuple[Any, ...]:
    if type(entry) is data.Close:
        return (entry.date, entry.account)
    return (entry.date, entry.account, entry.amount, entry.tolerance)


def _is_of_fava(entry: data.Custom) -> bool:
    texts = texts_of(entry)
    if _more(entry.meta, frozenset()):
        return False
    is_option = entry.type == "fava-option" and len(texts) == 2
    is_page = entry.type == "fava-extension" and texts == [STATEMENT]
    return is_page or (is_option and texts[0] in _OPTIONS)


def _texts(entries: Sequence[Any], _: object, division: Division, share: Share) -> str:
    """Look for what is anybody else's in all that is text."""
    foreigners, member = division.foreigners, share.member
    for entry in entries:
        words = [foreigners.named(name, member) for name in _names_in(entry)]
        words += [
            foreigners.found(text, member)
            for text in _sentences_in(entry, division.language)
        ]
        for word in filter(None, words):
            return (
                f"'{word}', which is another member's, stands in what is dated "
                f"{entry.date}"
            )
    return ""


def _names_in(entry: Any) -> list[str]:
    """Return names of accounts and words; a number in them is no figure."""
    if type(entry) is data.Custom:
        said = [str(entry.meta.get(key, "")) for key in REGISTER_KEYS]
        return [*said, *(str(value.value) for value in entry.values)]
    if type(entry) is not data.Transaction:
        return [entry.account]
    kinds = [str(entry.meta.get(key, "")) for key in KIND_KEYS]
    accounts = [posting.account for posting in entry.postings]
    steps = [str((one.meta or {}).get(STEP_KEY, "")) for one in entry.postings]
    return [*kinds, *accounts, *steps]


def _sentences_in(entry: Any, language: str) -> list[str]:
    """Return what somebody wrote, as opposed to our words for a kind of movement."""
    if type(entry) is not data.Transaction:
        return []
    year = str(entry.meta.get("coop-year", ""))
    texts = [entry.payee or "", entry.narration or ""]
    return [text for text in texts if not is_narration(text, year, language)]


def _accounts(
    entries: Sequence[Any], _: object, division: Division, share: Share
) -> str:
    opened = Counter(e.account for e in entries if type(e) is data.Open)
    if opened != Counter([division.counter, *(e.account for e in share.opens)]):
        return "it opens other accounts than the member's own"
    for entry in entries:
        if type(entry) is data.Open and _more(entry.meta, frozenset()):
            return f"the opening of {entry.account} says more than it may"
    return ""


def _movements(
    entries: Sequence[Any], _: object, division: Division, share: Share
) -> str:
    """Hold all movements against the full book, to the cent."""
    transactions = [entry for entry in entries if type(entry) is data.Transaction]
    shown = Counter(_shown(entry, division.counter) for entry in transactions)
    there = Counter(
        (movement.entry.date, *_sums(movement.postings)) for movement in share.movements
    )
    if shown != there:
        return "its postings are not those of the full book"
    for entry in transactions:
        kinds = [str(entry.meta[key]) for key in KIND_KEYS if key in entry.meta]
        is_more = _more(entry.meta, frozenset(KIND_KEYS))
        is_tagged = bool((entry.tags or set()) - {APPROPRIATION_TAG})
        if is_tagged or entry.links or is_more or not all(map(is_plain, kinds)):
            return f"the transaction of {entry.date} says more than it may"
        for posting in entry.postings:
            said = posting.meta or {}
            words = {key for key in (*KIND_KEYS, STEP_KEY) if key in said}
            if words - set(kept_words(said)) or _more(said, division.measures | words):
                return f"a posting of {entry.date} says more than it may"
    return ""


def _more(meta: Any, allowed: frozenset[str]) -> set[str]:
    return set(meta) - _BEANCOUNTS - allowed


_Sums = tuple[tuple[Any, ...], tuple[tuple[str, Decimal], ...]]


def _sums(postings: Sequence[data.Posting]) -> _Sums:
    """Return own postings with their own figures, and what balances them."""
    own = tuple(sorted(map(_posting, postings)))
    counter = {cur: -number for cur, number in weights(postings).items() if number}
    return own, tuple(sorted(counter.items()))


def _shown(entry: data.Transaction, counter: str) -> tuple[Any, ...]:
    own = tuple(
        sorted(_posting(one) for one in entry.postings if one.account != counter)
    )
    others = [one.units for one in entry.postings if one.account == counter]
    rest = sorted((units.currency, units.number) for units in others if units)
    return (entry.date, own, tuple(rest))


def _posting(posting: data.Posting) -> tuple[str, Decimal, str]:
    units: Any = posting.units
    return (posting.account, units.number, units.currency)


_CHECKS = (_options, _kinds, _texts, _accounts, _rates, _parts, _together, _movements)
