"""What the supervisor runs on one machine, as data, and the configuration made of it.

Place in the pipeline: above all processes; `up` writes the configuration into WETINK_DATA/supervisor and starts
supervisord with it. supervisord starts everything at once (services wait for Kafka by themselves), restarts what
dies without ever giving up, keeps the logs small, and stops the services before Kafka. Its health check, an event
listener, ends what is frozen.
Trust level: our own settings. Residual risk: only `make up` in the foreground watches the supervisor itself.
"""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.health_check import TICK_S

NEVER_GIVE_UP = 1_000_000_000
"""Failed starts until supervisord would give up."""
STOP_WAIT_S = 12
"""Seconds until supervisord kills what it asked to end; a service ends within ten."""


@dataclass(frozen=True)
class Program:
    """One supervised process: its name in `wetink status`, its group and its command line."""

    name: str
    command: Sequence[str]
    group: str = "services"


def programs(ocr_workers: int, broker: Sequence[str] | None) -> list[Program]:
    """Everything that runs; `broker` is the local broker's command line, None when another cluster is used.

    The broker comes before the services when both want a core: they wait for it at the start, and its heartbeats
    must not wait for pages that are read. Full texts come last of all.
    """
    ocr = [_service(f"ocr-{number}", "services.ocr") for number in range(1, ocr_workers + 1)]
    services = [
        _service("intake", "services.intake"),
        *ocr,
        _service("text-1", "services.ocr.text_lane", niceness=19),
        _service("validator", "services.validator"),
        _service("notifier", "services.notifier"),
    ]
    return [Program("kafka", broker, group="broker"), *services] if broker else services


def _service(name: str, module: str, niceness: int = 5) -> Program:
    return Program(name, ("nice", "-n", str(niceness), sys.executable, "-m", module))


def configuration(data: Path, checkout: Path, programs: Sequence[Program], kafka_port: int) -> str:
    """The configuration file of supervisord; `data` is absolute, `kafka_port` is the local broker's."""
    folder = data / "supervisor"
    head = _section(
        "supervisord",
        {
            "nodaemon": "true",
            "silent": "true",
            "logfile": folder / "supervisord.log",
            "logfile_maxbytes": "10MB",
            "logfile_backups": 3,
            "pidfile": folder / "supervisord.pid",
            "childlogdir": data / "logs",
            "umask": "077",
        },
    )
    sections = [_section(f"program:{one.name}", _program(one, data, checkout)) for one in programs]
    groups = {one.group: [two.name for two in programs if two.group == one.group] for one in programs}
    # Groups stop one after the other, the last first; the processes of one group stop together.
    for order, (group, names) in enumerate(groups.items(), 1):
        sections.append(_section(f"group:{group}", {"programs": ",".join(names), "priority": order}))
    health_check = (sys.executable, "-m", "deploy.local.health_check", str(data), str(kafka_port))
    listener = _listener(Program("health-check", health_check), data, checkout)
    return "\n".join([head, *sections, _section("eventlistener:health-check", listener)])


def _program(program: Program, data: Path, checkout: Path) -> dict[str, object]:
    return {
        **_process(program, checkout),
        "stopwaitsecs": STOP_WAIT_S,
        "killasgroup": "true",
        "redirect_stderr": "true",
        **_logfile("stdout", program, data),
    }


def _listener(program: Program, data: Path, checkout: Path) -> dict[str, object]:
    """An event listener's standard output is its answers to the supervisor, so only its errors are kept."""
    return {
        **_process(program, checkout),
        "events": f"TICK_{TICK_S}",
        "buffer_size": 1,
        "stdout_logfile": "NONE",
        **_logfile("stderr", program, data),
    }


def _process(program: Program, checkout: Path) -> dict[str, object]:
    return {
        "command": shlex.join(program.command),
        "directory": checkout,
        "environment": f'WETINK_PROCESS="{program.name}",MALLOC_ARENA_MAX="1"',
        "autorestart": "true",
        "startsecs": 1,
        "startretries": NEVER_GIVE_UP,
        "stopsignal": "TERM",
    }


def _logfile(stream: str, program: Program, data: Path) -> dict[str, object]:
    return {
        f"{stream}_logfile": data / "logs" / f"{program.name}.log",
        f"{stream}_logfile_maxbytes": "10MB",
        f"{stream}_logfile_backups": 5,
    }


def _section(name: str, options: dict[str, object]) -> str:
    lines = (f"{option} = {str(value).replace('%', '%%')}" for option, value in options.items())
    return "\n".join([f"[{name}]", *lines, ""])
