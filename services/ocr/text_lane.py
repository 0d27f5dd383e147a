"""The text lane's composition root: `python -m services.ocr.text_lane`, at the lowest priority.

Place in the pipeline: full text and pictures of pages, beside the verdicts, which never wait for it.
Trust level: the administrator's settings. Residual risk: on a busy machine text comes late, by design.
"""

import os
import sys

from services.ocr.handlers import TEXT_HANDLERS
from services.ocr.process import run

LOWEST_PRIORITY = 19

if __name__ == "__main__":
    os.nice(LOWEST_PRIORITY)
    sys.exit(run("text", TEXT_HANDLERS, lane="text"))
