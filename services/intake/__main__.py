"""Intake's composition root: `python -m services.intake`.

Place in the pipeline: joins the parts and runs them until SIGTERM: the web server, and the worker that publishes
what is announced and follows the documents' way. Trust level: the administrator's settings.
Residual risk: none of its own.
"""

from services.intake.app import intake_app
from services.intake.deletion import finish_deletions, forgotten_handler
from services.intake.in_flight import in_flight_gauges
from services.intake.ports import Ports
from services.intake.retention import Retention
from services.intake.settings import IntakeSettings
from services.intake.status import handlers
from services.intake.unanswered import unanswered
from services.intake.withdrawing import remove_withdrawn
from wetink import logs
from wetink.blobs.opening import open_blobs
from wetink.clock import SystemClock
from wetink.database import migrate, open_database, start_anew
from wetink.health import Health
from wetink.health_routes import health_router
from wetink.http.server import WebServer
from wetink.keystore import deleted_list
from wetink.keystore.opening import open_keystore
from wetink.scraped import count_when_scraped
from wetink.stream.admin import lag_gauges
from wetink.stream.forgetting import scrubbing
from wetink.stream.handler import Timer
from wetink.stream.main import run_until_stopped
from wetink.stream.plain_worker import PlainWorker
from wetink.stream.reconciler import reconciling
from wetink.stream.waiting import waiting

_DELETIONS_EVERY_S = 5.0
_RETENTION_EVERY_S = 3600.0


def main() -> None:
    """Start intake and return never."""
    settings = IntakeSettings()
    logs.configure(settings.process)
    keystore = open_keystore(settings)
    database = open_database(settings, "intake")
    if migrate(database, "services.intake"):
        start_anew()
    clock = SystemClock()
    worker = PlainWorker(
        group="intake",
        handlers=[*handlers(), forgotten_handler()],
        timers=[
            Timer("deletions", _DELETIONS_EVERY_S, lambda _: finish_deletions(ports)),
            Timer("withdrawn", _DELETIONS_EVERY_S, lambda _: remove_withdrawn(ports)),
            Timer("retention", _RETENTION_EVERY_S, lambda _: retention.run()),
            scrubbing(database),
            reconciling(database, clock, settings.reannounce_after_s, unanswered),
        ],
        ports=None,
        database=database,
        settings=settings,
        clock=clock,
    )
    ports = Ports(
        database=database,
        blobs=open_blobs(settings, keystore),
        keystore=keystore,
        clock=clock,
        process=settings.process,
        public_url=settings.intake_url,
        max_upload_bytes=settings.max_upload_bytes,
        wake_relay=worker.relay.wake,
        keep_deleted_list=lambda: deleted_list.write(settings, keystore.deleted_cases()),
    )
    retention = Retention(ports)
    finish_deletions(ports)  # before the first answer: a restore may have brought deleted cases back
    app = intake_app(ports, trusted_proxies=settings.trusted_proxies, limits=settings.limits)
    web = WebServer(app, settings.intake_port)
    health = Health((worker, web))
    app.include_router(health_router(health))
    count_when_scraped(lambda: waiting("intake", database))
    count_when_scraped(lambda: in_flight_gauges(database, clock))
    count_when_scraped(lambda: lag_gauges(settings.bootstrap))
    run_until_stopped(
        worker,
        web,
        settings=settings,
        health=health,
        url=f"http://127.0.0.1:{settings.intake_port}",
        closing=(database.close, keystore.close),
    )


if __name__ == "__main__":
    main()
