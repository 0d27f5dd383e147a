"""The ocr worker's composition root: `python -m services.ocr`, one process per core.

Place in the pipeline: joins the parts and runs them until SIGTERM. Trust level: the administrator's settings.
Residual risk: a page that is not done seven seconds after SIGTERM is dropped with the process, unacknowledged; it
comes again. Its child ends with the process.
"""

import sys

from services.ocr.handlers import PAGE_HANDLERS
from services.ocr.process import run

if __name__ == "__main__":
    sys.exit(run("ocr", PAGE_HANDLERS, lane="pages"))
