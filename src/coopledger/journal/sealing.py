"""The digest of a closed year: the same entries give the same digest, in any order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from beancount.core import compare
from beancount.core import data

from coopledger.journal.vocabulary import OWN_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from coopledger.domain.periods import FiscalYear


def digests_of(
    entries: Iterable[data.Directive], years: Sequence[FiscalYear]
) -> dict[int, str]:
    """Return the digest of each year's transactions.

    Args:
        entries: All entries of the book.
        years: The fiscal years.

    Returns:
        By label, the first sixteen hexadecimal digits of the SHA-256 of the sorted
        hashes of the year's transactions.  What figures rest on is inside: our own
        metadata, and all metadata of postings, such as ``hours``.  Where a transaction
        stands is not, so that a book may be laid out anew.
    """
    hashes: dict[int, list[str]] = {year.label: [] for year in years}
    for entry in entries:
        if type(entry) is data.Transaction:
            for year in years:
                if entry.date in year:
                    own = compare.hash_entry(entry, exclude_meta=True)
                    hashes[year.label].append(f"{own} {_said(entry)}")
    return {
        label: hashlib.sha256("".join(sorted(own)).encode()).hexdigest()[:16]
        for label, own in hashes.items()
    }


def _said(entry: data.Transaction) -> str:
    """Return the metadata that figures rest on, in a fixed order."""
    said = [
        f"{key}={value}" for key, value in entry.meta.items() if key.startswith("coop-")
    ]
    for posting in entry.postings:
        said += [
            f"{posting.account} {posting.units} {key}={value}"
            for key, value in (posting.meta or {}).items()
            if key not in OWN_KEYS and not key.startswith("__")
        ]
    return "|".join(sorted(said))
