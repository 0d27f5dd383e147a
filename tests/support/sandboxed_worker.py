"""A worker process that a test can kill: a sandbox in folder `argv[1]` that does the act `argv[2]`."""

import sys
from pathlib import Path

from services.ocr.sandbox.box import Sandbox

if __name__ == "__main__":
    sandbox = Sandbox(Path(sys.argv[1]), jobs_module="tests.support.misbehaving_jobs")
    sandbox.run("text", [[b"secret"]], {"act": sys.argv[2]}, lambda reply: reply)
