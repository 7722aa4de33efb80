"""What some tests need and not every machine has.

Where it is missing they are skipped and say so; with a variable of the environment that
`.ci/run` sets they fail instead.
"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

PROGRAMS = "COOPLEDGER_REQUIRE_PROGRAMS"


def lack(reason: str, required: str) -> NoReturn:
    """Skip the test, or let it fail where what it lacks is required."""
    if os.environ.get(required) == "1":
        pytest.fail(f"{reason}, and {required}=1")
    pytest.skip(reason)


def need(*programs: str) -> None:
    """Go on with the test only where there are these programs."""
    for program in programs:
        if shutil.which(program) is None:
            lack(f"there is no {program}", PROGRAMS)


def need_root() -> None:
    """Go on with the test only as the user who may become any other."""
    if os.geteuid() != 0:
        lack("only root can become another user or give files away", PROGRAMS)
