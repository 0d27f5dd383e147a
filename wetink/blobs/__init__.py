"""Blobs: what clients sent and what was read from it, encrypted, a key per case.

Place in the pipeline: intake writes originals, ocr pages, readings and pictures, validator judgements; all read
back what events name. Trust level: contents are untrusted, names are ours.
Residual risk: sizes and times of blobs are visible in the folder.
"""

from wetink.blobs.opening import open_blobs
from wetink.blobs.port import BlobNotFoundError, BlobRef, BlobStore, BlobWriter

__all__ = ["BlobNotFoundError", "BlobRef", "BlobStore", "BlobWriter", "open_blobs"]
