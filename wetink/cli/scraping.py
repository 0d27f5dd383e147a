"""What the running processes have counted since they started, asked from their `/metrics`.

Place in the pipeline: beside it; `wetink status` shows some of it. Trust level: our own processes on loopback.
Residual risk: a process that does not answer in time is left out, and what it counted before it was last started.
"""

import http.client
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

SANDBOX_JOBS = "wetink_sandbox_jobs_total"
FLAG_SECONDS = "wetink_flag_seconds_bucket"


@dataclass(frozen=True)
class FlagTimes:
    """From upload to flags: half and 95 % of the `documents` took at most so long; None: beyond our count."""

    documents: int
    half_within_s: float | None
    most_within_s: float | None


def scrape(urls: Iterable[str], timeout_s: float) -> list[Sample]:
    """All samples of the processes at `urls` that answer in time."""
    with ThreadPoolExecutor(max_workers=16) as pool:
        texts = pool.map(lambda url: _metrics(url, timeout_s), urls)
        return [
            sample
            for text in texts
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        ]


def _metrics(url: str, timeout_s: float) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", int(url.rpartition(":")[2]), timeout=timeout_s)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def sandbox_outcomes(samples: Sequence[Sample]) -> dict[str, int]:
    """How many jobs of the sandbox ended how, by reason (`done` or a code)."""
    counted: Counter[str] = Counter()
    for sample in samples:
        if sample.name == SANDBOX_JOBS:
            counted[sample.labels["reason"]] += int(sample.value)
    return dict(counted)


def flag_times(samples: Sequence[Sample]) -> FlagTimes | None:
    """None when nobody told of a document."""
    within = sorted((float(one.labels["le"]), one.value) for one in samples if one.name == FLAG_SECONDS)
    if not within or not within[-1][1]:
        return None
    return FlagTimes(int(within[-1][1]), _within(within, 0.5), _within(within, 0.95))


def _within(within: Sequence[tuple[float, float]], share: float) -> float | None:
    """The limit below which at least `share` of all are."""
    limit = next(limit for limit, number in within if number >= share * within[-1][1])
    return None if limit == float("inf") else limit
