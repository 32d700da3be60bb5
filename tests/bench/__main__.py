"""Measure everything and write `var/bench.json`."""

import json
import sys
from pathlib import Path

from tests.bench.importing import imports
from tests.bench.measures import measure
from tests.bench.pings import pings
from tests.bench.stand import standing
from tests.bench.starting import starts
from tests.bench.telling import tellings

VAR = Path("var")


def main() -> None:
    """One run; ratios are what counts, for absolute times wander on shared machines."""
    with standing((VAR / "bench").resolve()) as stand:
        measured = measure(stand) | pings(stand) | tellings(stand) | imports(stand)
        found = {key: figure.told() for key, figure in measured.items()}
    found |= {key: figure.told() for key, figure in starts().items()}
    target = VAR / "bench.json"
    kept = json.loads(target.read_text()) if target.exists() else {}
    target.write_text(json.dumps(kept | found, indent=1, ensure_ascii=False) + "\n")
    for key, figure in found.items():
        sys.stdout.write(f"{key:32} {figure['value']:>12} {figure['unit']}\n")


if __name__ == "__main__":
    main()
