"""What the whole test suite shares: its options, and how Hypothesis searches."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples for everybody, every time; a slow machine is no failure.
settings.register_profile("coopledger", deadline=None, derandomize=True)
settings.load_profile("coopledger")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make update-goldens`."""
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="rewrite the expected files of the golden tests",
    )


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether golden tests rewrite what they expect."""
    return bool(request.config.getoption("--update-goldens"))
