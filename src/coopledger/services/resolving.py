"""The resolution behind a proposal, and the day that the proposal is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import ResolutionUnknownError

if TYPE_CHECKING:
    import datetime

    from coopledger.domain.books import Books
    from coopledger.domain.books import Resolution


class DayBeforeResolutionError(CoopledgerError):
    """Something is to be booked before it was decided."""

    def __init__(self, on: datetime.date, resolution: Resolution) -> None:
        """Name both days."""
        super().__init__(
            f"{on} is before resolution {resolution.id} of {resolution.date}, which "
            "decides it. Give a later day with --on, or name another resolution."
        )


def resolution_of(
    books: Books, name: str, on: datetime.date | None
) -> Resolution | None:
    """Return the resolution that decides something; None without a name.

    Raises:
        ResolutionUnknownError: No such resolution is on file.
        DayBeforeResolutionError: What it decides is to be booked before it.
    """
    if not name:
        return None
    if name not in books.resolutions:
        raise ResolutionUnknownError(name, books.resolutions)
    resolution = books.resolutions[name]
    if on and on < resolution.date:
        raise DayBeforeResolutionError(on, resolution)
    return resolution
