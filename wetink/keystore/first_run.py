"""The first start: one organisation and three access keys, written where the person at the machine finds them.

Place in the pipeline: run once by `make up` before the services (`python -m wetink.keystore.first_run`).
Trust level: the file holds secrets in plain text, mode 600. Residual risk: whoever reads it may call; it can be
deleted once the keys are kept elsewhere, and it is not made again. While it is there its addresses follow the
settings.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wetink.keystore.access_keys import new_secret
from wetink.keystore.opening import open_keystore
from wetink.keystore.port import AccessRole, KeyStore
from wetink.settings import SharedSettings

ORGANISATION = "First organisation"
_ROLES: dict[str, AccessRole] = {
    "WETINK_ADMIN_KEY": "admin",
    "WETINK_MANAGER_KEY": "manager",
    "WETINK_CLIENT_KEY": "client",
}


def first_run(settings: SharedSettings, keystore: KeyStore) -> None:
    """Make the first organisation, its keys and `first-run.env`; later starts only bring its addresses up to date.

    The secrets are drawn into a draft before the key store learns of them, so that a start that was interrupted
    anywhere ends with the same keys when it is repeated.
    """
    final = settings.data / "first-run.env"
    draft = settings.data / "first-run.env.draft"
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(settings.data):
        is_done = any(one.name == ORGANISATION for one in keystore.organisations())
        if is_done and not draft.exists():
            if final.exists():
                _write(final, _lines(settings, _secrets(final)))
            return
        if not draft.exists():
            _write(draft, _lines(settings, {name: new_secret() for name in _ROLES}))
        secrets = _secrets(draft)
        organisation = keystore.create_organisation(ORGANISATION, settings.time_zone)
        for name, role in _ROLES.items():
            keystore.create_access_key(organisation.id, role, secrets[name])
        _write(final, _lines(settings, secrets))
        draft.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder, so that a second start waits."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _lines(settings: SharedSettings, secrets: dict[str, str]) -> str:
    values = {"WETINK_INTAKE_URL": settings.intake_url, "WETINK_QUEUE_URL": settings.queue_url, **secrets}
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _secrets(draft: Path) -> dict[str, str]:
    values = dict(line.split("=", 1) for line in draft.read_text("utf-8").splitlines())
    return {name: values[name] for name in _ROLES}


def _write(path: Path, content: str) -> None:
    """The whole file at once, mode 600, on the disk; what an interrupted start left is overwritten."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def main() -> None:
    """Open the key store by the settings of the environment and do the first start."""
    settings = SharedSettings()
    keystore = open_keystore(settings)
    try:
        first_run(settings, keystore)
    finally:
        keystore.close()


if __name__ == "__main__":
    main()
