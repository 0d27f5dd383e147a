"""The topics as data: who writes them, who reads them, how they are cut and how long they are kept.

Place in the pipeline: read by `make up` (which creates them), by every service at start (which makes sure of
them), by the AsyncAPI generator and by the import-free test that events and topics agree.
Trust level: our own data. Residual risk: retention bounds how long a stopped service may sleep; the SQL
outboxes remember longer.
"""

from dataclasses import dataclass

_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """One Kafka topic.

    `owner` is the one service that writes it (several, with commas, say the same of themselves), `consumers` are
    the services that read it; `partitions` bound how many workers of one service share it; `retention_ms` is
    Kafka's.
    """

    name: str
    owner: str
    consumers: tuple[str, ...]
    key: str
    partitions: int
    retention_ms: int = 7 * _DAY_MS


TOPICS: tuple[Topic, ...] = (
    Topic("case.changed", "intake", ("validator", "notifier"), "case", 6),
    Topic("case.deleted", "intake", ("ocr", "validator", "notifier"), "case", 6),
    Topic("case.forgotten", "ocr, validator, notifier", ("intake",), "case", 6),
    Topic("document.received", "intake", ("ocr",), "case", 12),
    Topic("document.cut_requested", "ocr", ("ocr",), "document", 12),
    Topic("document.opened", "ocr", ("validator", "intake"), "case", 6),
    Topic("page.requested", "ocr", ("ocr",), "page", 24),
    Topic("text.requested", "ocr", ("text",), "page", 24),
    Topic("page.read", "ocr", ("validator", "intake"), "case", 6),
    Topic("text.read", "text", ("validator",), "case", 6),
    Topic("document.reviewed", "validator", ("notifier",), "case", 6),
    Topic("document.flagged", "notifier", ("intake", "validator"), "case", 6),
)

TOPIC_BY_NAME = {topic.name: topic for topic in TOPICS}
