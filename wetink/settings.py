"""Settings that all processes share, read from the environment (`WETINK_*`, `KAFKA_BOOTSTRAP`).

Place in the pipeline: each service has a settings class of its own that extends this one.
Trust level: the administrator's. Residual risk: a wrong value is refused at start, with its name.
"""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[1]


def _from_checkout(path: Path) -> Path:
    return CHECKOUT / path


KeptPath = Annotated[Path, AfterValidator(_from_checkout)]
"""A path in the settings: a relative one counts from the checkout, wherever the command is called."""


class SharedSettings(BaseSettings):
    """What every process needs to know."""

    model_config = SettingsConfigDict(env_prefix="WETINK_", frozen=True, extra="ignore", populate_by_name=True)

    data: KeptPath = CHECKOUT / "var"
    """Folder that holds everything that is kept (`WETINK_DATA`)."""
    process: str = "wetink"
    """Name of this process as `wetink status` shows it, e.g. `ocr-1`; set by the supervisor."""
    kafka_bootstrap: Annotated[str, Field(validation_alias="KAFKA_BOOTSTRAP")] = ""
    """A cluster to use instead of the local broker: `host:port,...`."""
    kafka_port: Annotated[int, Field(ge=1, le=65_534)] = 19_092
    """Port of the local broker on loopback; its controller takes the next one."""
    database_url: str = ""
    """`postgresql+psycopg://...`: PostgreSQL, a schema per service; empty: SQLite files in the data folder."""
    root_key_file: KeptPath | None = None
    """File with the root key; default `keys/root.key` in the data folder, made at first start."""
    time_zone: str = "UTC"
    """Time zone of an organisation that names none (IANA name)."""
    intake_port: int = 8410
    """Port of the intake service on loopback."""
    queue_port: int = 8420
    """Port of the queue (notifier) on loopback."""
    intake_public_url: str = ""
    """Address under which clients reach intake; default the local one."""
    queue_public_url: str = ""
    """Address under which case managers reach the queue; default the local one."""
    trusted_proxies: str = ""
    """Networks (CIDR, commas) whose `X-Forwarded-*` headers are believed."""
    reannounce_after_s: Annotated[float, Field(gt=0)] = 300
    """Seconds after which an event that had no visible consequence is announced again
    (`WETINK_REANNOUNCE_AFTER_S`)."""
    send_again_after_s: Annotated[float, Field(ge=0)] = 60
    """Seconds in which an event that comes again is answered once (`WETINK_SEND_AGAIN_AFTER_S`)."""
    start_pause_s: Annotated[float, Field(ge=0)] = 1
    """Pause after the second time that a page's worker died, doubled each time (`WETINK_START_PAUSE_S`)."""
    budget_pause_s: Annotated[float, Field(ge=0)] = 30
    """How long a consumer stops after the events of many cases failed in a row (`WETINK_BUDGET_PAUSE_S`)."""
    production: bool = False
    """True: fault points and other means of testing are refused (`WETINK_PRODUCTION`)."""
    faults: Path | None = None
    """Folder with orders for fault points, for tests alone (`wetink.faults`)."""

    @model_validator(mode="after")
    def _refuse_faults_in_production(self) -> Self:
        if self.production and self.faults is not None:
            raise ValueError("WETINK_FAULTS is for tests and refused while WETINK_PRODUCTION is set")
        return self

    @property
    def bootstrap(self) -> str:
        """Address of the Kafka cluster to use."""
        return self.kafka_bootstrap or f"127.0.0.1:{self.kafka_port}"

    @property
    def intake_url(self) -> str:
        """Public address of intake, without a slash at the end."""
        return (self.intake_public_url or f"http://127.0.0.1:{self.intake_port}").rstrip("/")

    @property
    def queue_url(self) -> str:
        """Public address of the queue, without a slash at the end."""
        return (self.queue_public_url or f"http://127.0.0.1:{self.queue_port}").rstrip("/")
