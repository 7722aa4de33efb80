"""``python -m coopledger.cli`` is ``coopledger``."""

from __future__ import annotations

from coopledger.cli import main

main()
