"""The notifier's composition root: `python -m services.notifier`.

Place in the pipeline: joins the parts and runs them until SIGTERM: the stream worker that turns judgements into
flags, the web server, the sender of webhooks. Trust level: the administrator's settings.
Residual risk: none of its own.
"""

import random

from services.notifier.app import notifier_app
from services.notifier.cases import case_handlers
from services.notifier.decisions import end_snoozes
from services.notifier.judging import judging_handler
from services.notifier.ports import Ports
from services.notifier.settings import NotifierSettings
from services.notifier.webhooks.dialling import Dialler
from services.notifier.webhooks.sender import Sender
from wetink import logs
from wetink.blobs.opening import open_blobs
from wetink.clock import SystemClock
from wetink.database import migrate, open_database, start_anew
from wetink.health import Health
from wetink.health_routes import health_router
from wetink.http.server import WebServer
from wetink.keystore.opening import open_keystore
from wetink.scraped import count_when_scraped
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.forgetting import scrubbing
from wetink.stream.handler import Timer
from wetink.stream.main import run_until_stopped
from wetink.stream.waiting import waiting

_SNOOZES_EVERY_S = 5.0


def main() -> None:
    """Start the notifier and return never."""
    settings = NotifierSettings()
    logs.configure(settings.process)
    keystore = open_keystore(settings)
    database = open_database(settings, "notifier")
    if migrate(database, "services.notifier"):
        start_anew()
    clock = SystemClock()
    blobs = open_blobs(settings, keystore)
    ports = Ports(database, blobs, keystore, clock, settings.queue_url)
    worker = FaustWorker(
        group="notifier",
        handlers=[judging_handler(ports), *case_handlers(ports)],
        timers=[Timer("snoozes", _SNOOZES_EVERY_S, end_snoozes), scrubbing(database)],
        ports=ports,
        database=database,
        settings=settings,
        clock=clock,
    )
    sender = Sender(ports, Dialler(settings.allowed_networks).post, random.random)
    app = notifier_app(
        ports,
        trusted_proxies=settings.trusted_proxies,
        webhook_allow=settings.allowed_networks,
        is_stopping=lambda: sender.is_stopping,
        limits=settings.limits,
    )
    web = WebServer(app, settings.queue_port)
    health = Health((worker, web, sender))
    app.include_router(health_router(health))
    count_when_scraped(lambda: waiting("notifier", database))
    # The sender is stopped first: open streams see it and end, so that the web server need not wait for them.
    run_until_stopped(
        worker,
        web,
        sender,
        settings=settings,
        health=health,
        url=f"http://127.0.0.1:{settings.queue_port}",
        closing=(database.close, keystore.close),
    )


if __name__ == "__main__":
    main()
