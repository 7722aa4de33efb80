"""Files that people write, read strictly.

An unknown key or a value of another type is an error, and all problems of a file are
reported at once.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import TypeVar

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

Form = TypeVar("Form", bound=BaseModel)


class Strict(BaseModel):
    """Refuses what it does not know, and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def read_strictly(
    data: bytes, form: type[Form], refusal: Callable[[list[str]], Exception]
) -> Form:
    """Read TOML as a form of what it may say; numbers with a point are exact.

    Args:
        data: The file's bytes, in UTF-8.
        form: What the file may say.
        refusal: Makes the error to raise out of what is wrong, each with its place.

    Raises:
        Exception: What ``refusal`` makes: it is no such file.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
        return form.model_validate(raw)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refusal([str(error)]) from None
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
        ]
        raise refusal(problems) from None
