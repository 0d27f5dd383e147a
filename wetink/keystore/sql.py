"""The key store over a database.

Place in the pipeline: opened by every process that touches blobs or callers; they share one database.
Trust level: what is stored is wrapped or hashed. Residual risk: see the parts.
"""

from wetink.keystore.access_keys import AccessKeys
from wetink.keystore.case_keys import CaseKeys
from wetink.keystore.logins import Logins


class SqlKeyStore(AccessKeys, CaseKeys, Logins):
    """All parts in one; made by `open_keystore`."""

    def close(self) -> None:
        """Give back all connections."""
        self._database.close()
