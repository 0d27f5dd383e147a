"""Tests whose outcome is a bar: schemathesis on both HTTP faces, planted client data; `make bench-checks`."""

import subprocess
import sys

from benchmarks.results import table, write_section
from tests.support.system import CHECKOUT

COMMAND = "make bench-checks"
CHECKS = {
    "schemathesis, all checks, stateful, both faces": "tests/contract/test_schemathesis.py",
    "planted client data outside the store": "tests/faults/test_canaries_pipeline.py",
    "every service dies or fails at every fault point": "tests/faults/test_fault_points.py",
    "Kafka's disk is lost at every hop, and with 50 documents in flight": "tests/faults/test_kafka_lost.py",
}


def outcome(tests: str) -> str:
    """How pytest closes when it runs all of `tests`, the slow ones too."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", tests], cwd=CHECKOUT, capture_output=True, check=False, text=True
    )
    return done.stdout.strip().splitlines()[-1].strip("= ")


def main() -> None:
    """Run them and write the section."""
    rows = [[name, f"`{tests}`", outcome(tests)] for name, tests in CHECKS.items()]
    write_section("Checks", COMMAND, table(["check", "tests", "outcome"], rows))


if __name__ == "__main__":
    main()
