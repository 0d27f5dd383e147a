"""The dashboard and the alert rules name only metrics and labels that exist; Prometheus finds every process."""

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from services.intake.in_flight import in_flight_gauges
from services.intake.tables import metadata as intake_tables
from services.ocr.tables import metadata as ocr_tables
from services.ocr.waiting_pages import waiting_gauges
from tests.support.stream import NOON
from tests.support.system import CHECKOUT
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.settings import SharedSettings
from wetink.stream.admin import lag_gauges
from wetink.stream.main import write_run_file
from wetink.stream.tables import stream_metadata
from wetink.stream.waiting import waiting

MONITORING = CHECKOUT / "deploy" / "monitoring"
RULES = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"][0]["rules"]
PANELS = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [one["expr"] for panel in PANELS for one in panel["targets"]]
OF_PROMETHEUS = {"up": set(), "process_resident_memory_bytes": set()}
OF_EVERY_TARGET = {"job", "instance", "process"}
SELECTOR = re.compile(r"\b([a-z_]+)\{([^}]*)\}")


def counted_at_each_event() -> dict[str, set[str]]:
    """Name to labels of what the modules of all services count; those that define a metric are imported."""
    for file in [*(CHECKOUT / "wetink").rglob("*.py"), *(CHECKOUT / "services").rglob("*.py")]:
        if re.search(r"from prometheus_client import .*(Counter|Gauge|Histogram)", file.read_text()):
            importlib.import_module(".".join(file.relative_to(CHECKOUT).with_suffix("").parts))
    return {
        name: {*getattr(collector, "_labelnames", ()), *(["le"] if name.endswith("_bucket") else [])}
        for name, collector in REGISTRY._names_to_collectors.items()
    }


def counted_when_scraped() -> dict[str, set[str]]:
    """The same of what is counted when somebody asks, from empty databases and without a broker."""
    intake, ocr = memory_database(intake_tables, stream_metadata), memory_database(ocr_tables, stream_metadata)
    clock = FakeClock(NOON)
    families = [
        *waiting("intake", intake),
        *in_flight_gauges(intake, clock),
        *waiting_gauges(ocr, clock),
        *lag_gauges("127.0.0.1:9"),
    ]
    intake.close()
    ocr.close()
    return {family.name: set(family._labelnames) for family in families}


@pytest.fixture(scope="module")
def metrics() -> dict[str, set[str]]:
    return counted_at_each_event() | counted_when_scraped() | OF_PROMETHEUS


def named(expression: str) -> set[str]:
    """The metrics of an expression: all words that are no function, label, value or modifier."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)", "", expression)
    return set(re.findall(r"\b[a-z][a-z_]*\b(?!\s*\()", bare)) - {"or"}


def test_an_expressions_metrics_are_found():
    expression = 'sum by (le) (rate(a_bucket{job="b"}[5m])) / sum(c) > 0 or absent(d)'
    assert named(expression) == {"a_bucket", "c", "d"}


@pytest.mark.parametrize("expression", sorted(set(EXPRESSIONS)))
def test_every_metric_and_label_exists(expression, metrics):
    assert named(expression)
    assert named(expression) <= metrics.keys()
    labels = set().union(*(metrics[name] for name in named(expression))) | OF_EVERY_TARGET
    grouped = {label for group in re.findall(r"\bby \(([^)]*)\)", expression) for label in group.split(", ")}
    assert grouped <= labels
    for name, matchers in SELECTOR.findall(expression):
        assert set(re.findall(r"(\w+)(?:=|!)", matchers)) <= metrics[name] | OF_EVERY_TARGET


def test_every_alert_says_what_it_means_and_what_to_read():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "runbook"}


def test_the_dashboard_shows_where_each_document_is():
    shown = set().union(*(named(one["expr"]) for panel in PANELS for one in panel["targets"]))
    assert shown >= {
        "wetink_lag",
        "wetink_documents_in_flight",
        "wetink_oldest_waiting_page_seconds",
        "wetink_dead_letters",
        "wetink_outbox_waiting",
        "wetink_sandbox_jobs_total",
        "wetink_flag_seconds_bucket",
    }


def test_prometheus_finds_every_process_in_the_data_folder(tmp_path: Path):
    write_run_file(SharedSettings(data=tmp_path, process="ocr-1"), "http://127.0.0.1:4711")
    configuration = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    (job,) = configuration["scrape_configs"]
    (pattern,) = job["file_sd_configs"][0]["files"]
    assert (MONITORING / pattern).parent.resolve() == CHECKOUT / "var" / "run" / "targets"
    (target,) = json.loads((tmp_path / "run" / "targets" / "ocr-1.json").read_text())
    assert target == {"targets": ["127.0.0.1:4711"], "labels": {"process": "ocr-1"}}
    assert [(MONITORING / file).name for file in configuration["rule_files"]] == ["alerts.yml"]
