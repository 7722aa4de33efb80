"""Load one book with Beancount alone, and print what it cost as JSON.

    python benchmarks/load.py BOOK [--rules]

The whole load is Beancount's own, with its collector on and its cache off.  With
``--rules`` the plugin's function then runs once over the entries, and is timed by
itself: reading everything cooperative, and all rules.
"""

from __future__ import annotations

import argparse
import json
import time

from beancount import loader


def main() -> None:
    """Load the book that the command line names."""
    parser = argparse.ArgumentParser(description="Load a book with Beancount alone.")
    parser.add_argument("book")
    parser.add_argument("--rules", action="store_true")
    given = parser.parse_args()
    loader.initialize(use_cache=False)
    start = time.process_time()
    entries, errors, options = loader.load_file(given.book)
    costs = {"load": time.process_time() - start}
    if given.rules:
        # Here and not at the top: a load without the plugin must not pay for it.
        from coopledger import plugin  # noqa: PLC0415
        from coopledger.law import building  # noqa: PLC0415

        # Modules are loaded once for a process and all its books, as Beancount's were.
        building.read_preset  # noqa: B018

        start = time.process_time()
        _, violations = plugin.check(entries, options)
        costs["rules"] = time.process_time() - start
        errors = [*errors, *violations]
    if errors:
        parser.error(f"{given.book} has errors, the first being: {errors[0].message}")
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
