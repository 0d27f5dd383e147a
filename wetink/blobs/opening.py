"""Which blob store a process gets.

Place in the pipeline: called by each process at its start. Trust level: the administrator's settings.
Residual risk: none.
"""

from wetink.blobs.folder import FolderBlobs
from wetink.blobs.port import BlobStore
from wetink.keystore.port import KeyStore
from wetink.settings import SharedSettings


def open_blobs(settings: SharedSettings, keystore: KeyStore) -> BlobStore:
    """The blob store in `blobs/` of the data folder; raises `RetryError` when the folder cannot be made."""
    return FolderBlobs(settings.data / "blobs", keystore)
