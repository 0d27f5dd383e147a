"""The stream's metrics, each with a comment: what every process that handles events counts.

Place in the pipeline: read at `/metrics` of each process (Prometheus). Services define their own beside these.
Trust level: topics and outcomes as labels, never an id. Residual risk: none.
"""

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("wetink_events", "Events met, by topic and how they ended.", ("topic", "outcome"))
"""`outcome`: handled, duplicate, dropped (its case was deleted), postponed (a retry row), waiting (met again while
its retry row waits), dead (a dead letter)."""

PREPARE_SECONDS = Histogram(
    "wetink_prepare_seconds",
    "Seconds in `prepare`, the slow part of an event, by topic.",
    ("topic",),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300),
)
"""Where the time of a document goes."""

WAITS = Counter("wetink_waits", "Pauses because a part that an event needs was away, by topic.", ("topic",))
"""Grows while the database, the blobs or the broker are away."""

PUBLISHED = Counter("wetink_published", "Events that the broker acknowledged, by topic.", ("topic",))
"""Counts repetitions too."""

ANNOUNCED_AGAIN = Counter("wetink_announced_again", "Events announced again, for nobody answered.", ("topic",))
"""Grows after Kafka lost messages, or while a consumer is far behind."""

PUBLISH_FAILURES = Counter("wetink_publish_failures", "Sends that the broker did not acknowledge.")
"""They are sent again."""

TIMER_FAILURES = Counter("wetink_timer_failures", "Runs of a timer that ended in an error.", ("timer",))
"""They run again at their next turn."""

BUDGET_SPENT = Gauge(
    "wetink_budget_spent", "1 while the consumer stops because events of many cases failed in a row.", ("topic",)
)
"""A version or a setting that is wrong; it tries one event after each pause, and goes on when that succeeds."""
