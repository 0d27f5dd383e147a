"""The validator's composition root: `python -m services.validator`.

Place in the pipeline: joins the parts and runs them until SIGTERM. Trust level: the administrator's settings.
Residual risk: none of its own.
"""

from services.validator.due import DUE_CASES
from services.validator.flagged import unanswered
from services.validator.handlers import HANDLERS
from services.validator.ports import Ports
from services.validator.readings import Readings
from services.validator.requirements import requirements_with
from services.validator.settings import ValidatorSettings
from wetink import logs
from wetink.blobs.opening import open_blobs
from wetink.clock import SystemClock
from wetink.database import migrate, open_database, start_anew
from wetink.keystore.opening import open_keystore
from wetink.scraped import count_when_scraped
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.forgetting import scrubbing
from wetink.stream.main import run_until_stopped
from wetink.stream.reconciler import reconciling
from wetink.stream.waiting import waiting


def main() -> None:
    """Start the validator and return never."""
    settings = ValidatorSettings()
    logs.configure(settings.process)
    keystore = open_keystore(settings)
    database = open_database(settings, "validator")
    if migrate(database, "services.validator"):
        start_anew()
    blobs = open_blobs(settings, keystore)
    clock = SystemClock()
    ports = Ports(
        database=database,
        blobs=blobs,
        readings=Readings(blobs),
        requirements=requirements_with(settings.requirements),
        clock=clock,
        quiet_s=settings.quiet_seconds,
        process=settings.process,
    )
    worker = FaustWorker(
        group="validator",
        handlers=HANDLERS,
        timers=(
            DUE_CASES,
            scrubbing(database),
            reconciling(database, clock, settings.reannounce_after_s, unanswered),
        ),
        ports=ports,
        database=database,
        settings=settings,
        clock=clock,
    )
    count_when_scraped(lambda: waiting("validator", database))
    run_until_stopped(worker, settings=settings, closing=(database.close, keystore.close))


if __name__ == "__main__":
    main()
