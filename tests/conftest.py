"""What the whole test suite shares: its options, and how Hypothesis searches."""

from __future__ import annotations

import signal
import sys

import pytest
from hypothesis import settings

# The same examples for everybody, every time; a slow machine is no failure.
settings.register_profile("coopledger", deadline=None, derandomize=True)
settings.load_profile("coopledger")

# A shell lets what it runs in the background ignore Ctrl-C, and so would the servers
# that tests start and end with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make update-goldens`."""
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="rewrite the expected files of the golden tests",
    )


@pytest.fixture(autouse=True, scope="module")
def no_addresses_of_others() -> None:
    """Forget what Fava keeps for the whole process: addresses of another prefix."""
    if application := sys.modules.get("fava.application"):
        application._cached_url_for.cache_clear()


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether golden tests rewrite what they expect."""
    return bool(request.config.getoption("--update-goldens"))
