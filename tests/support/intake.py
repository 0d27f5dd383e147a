"""An intake without sockets, Kafka or disk: the real application over the fakes, for unit tests."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from services.intake.app import intake_app
from services.intake.ports import Ports
from services.intake.tables import metadata
from wetink.blobs.fake import FakeBlobs
from wetink.blobs.folder import FolderBlobs
from wetink.clock import FakeClock
from wetink.database import Database
from wetink.database.fake import memory_database
from wetink.http.bodies import Pace
from wetink.http.limits import Limits
from wetink.keystore.fake import FakeKeyStore
from wetink.keystore.port import AccessRole
from wetink.stream.tables import outbox, stream_metadata

PDF = b"%PDF-1.7\n" + b"x" * 2000
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 2000


@dataclass
class Intake:
    """The application, its fakes, and keys of two organisations."""

    max_upload_bytes: int = 100_000
    pace: Pace | None = None
    limits: Limits | None = None
    trusted_proxies: str = ""
    clock: FakeClock = field(default_factory=lambda: FakeClock(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)))
    keystore: FakeKeyStore = field(default_factory=FakeKeyStore)
    database: Database = field(default_factory=lambda: memory_database(metadata, stream_metadata))
    folder: Path | None = None
    """Where blobs are kept; without it in memory."""

    def __post_init__(self) -> None:
        self.blobs = FolderBlobs(self.folder, self.keystore) if self.folder else FakeBlobs(self.keystore)
        self.ports = Ports(
            database=self.database,
            blobs=self.blobs,
            keystore=self.keystore,
            clock=self.clock,
            process="intake",
            public_url="https://send.example",
            max_upload_bytes=self.max_upload_bytes,
            wake_relay=lambda: None,
        )
        self.app = intake_app(self.ports, trusted_proxies=self.trusted_proxies, pace=self.pace, limits=self.limits)
        self.ours = self.keystore.create_organisation("Ours", "Pacific/Auckland").id
        self.theirs = self.keystore.create_organisation("Theirs", "UTC").id

    def key(self, role: AccessRole = "client", organisation_id: str | None = None) -> str:
        """A new key's secret."""
        return self.keystore.create_access_key(organisation_id or self.ours, role)[0]

    def browser(self, key: str | None = None, client: str = "127.0.0.1") -> httpx.AsyncClient:
        """Somebody who calls, with or without a key."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(client, 1234)),
            base_url="http://intake.test",
            headers={"Authorization": f"Bearer {key}"} if key else {},
        )

    def events(self, topic: str) -> list[dict[str, Any]]:
        """What was announced on a topic, in order."""
        with self.database.reading() as connection:
            rows = connection.execute(select(outbox).where(outbox.c.topic == topic).order_by(outbox.c.sequence))
            return [json.loads(row.value) for row in rows]
