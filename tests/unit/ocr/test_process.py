"""What a worker process loads, and the tables it makes."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from services.ocr.tables import metadata
from wetink.database import migrate
from wetink.database.sqlite import open_sqlite
from wetink.stream.tables import stream_metadata

ROOT = Path(__file__).parents[3]
ENGINES = ("numpy", "cv2", "pypdf", "pypdfium2", "PIL", "zxingcpp", "pytesseract")


@pytest.mark.parametrize("module", ["services.ocr.process", "services.ocr.file_reading"])
def test_the_trusted_side_imports_no_engine(module):
    code = f"import sys, {module}; print([name for name in {ENGINES} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_reading_files_by_command_imports_no_database():
    code = "import sys, wetink.cli.read; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_the_first_migration_makes_all_tables(tmp_path):
    database = open_sqlite(tmp_path / "ocr.db")
    migrate(database, "services.ocr")
    with database.reading() as view:
        found = set(inspect(view).get_table_names())
    database.close()
    assert {*metadata.tables, *stream_metadata.tables} <= found
