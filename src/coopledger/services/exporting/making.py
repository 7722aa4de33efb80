"""Things that are made when somebody reads them, so that very many take no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


class Made(Sequence[T_co]):
    """A sequence that makes each item when it is read, each time anew."""

    __slots__ = ("_count", "_make")

    def __init__(self, count: int, make: Callable[[int], T_co]) -> None:
        """Say how many there are, and how one is made from its number, from 0."""
        self._count = count
        self._make = make

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __iter__(self) -> Iterator[T_co]:
        """Make them one after the other."""
        return map(self._make, range(self._count))

    @overload
    def __getitem__(self, index: int) -> T_co: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...

    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        """Make one of them, or some."""
        numbers = range(self._count)
        if isinstance(index, slice):
            return tuple(map(self._make, numbers[index]))
        return self._make(numbers[index])

    def __eq__(self, other: object) -> bool:
        """Compare item by item."""
        if not isinstance(other, Made) or len(self) != len(other):
            return False
        return all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def each(self, change: Callable[[T_co], U]) -> Made[U]:
        """Return the same with every item changed as it is made."""
        make = self._make
        return Made(self._count, lambda number: change(make(number)))
