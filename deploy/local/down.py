"""`make down`: stops the supervisor and all it started.

Place in the pipeline: above all processes of one machine. Trust level: the administrator's own shell.
Residual risk: none; whatever is killed is taken up again at the next start.

    python -m deploy.local.down
"""

import sys
from pathlib import Path

from wetink.running import end, end_leftovers, supervisor_of
from wetink.settings import SharedSettings

PATIENCE_S = 30
"""The services get 12 s to end, then Kafka as many, before supervisord kills them."""


def stop(data: Path) -> bool:
    """Stop what runs with `data` and wait until it is gone; False when nothing ran."""
    supervisor = supervisor_of(data)
    if supervisor is not None:
        end([supervisor], patience_s=PATIENCE_S)
    return end_leftovers(data) > 0 or supervisor is not None


def main() -> int:
    """Stop the system of this data folder; returns the exit status."""
    data = SharedSettings().data
    print(f"Wetink is stopped ({data})." if stop(data) else f"Nothing was running with the data folder {data}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
