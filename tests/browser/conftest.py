"""A queue with three flags, served, and a Chromium that is logged in."""

import io
import os
import shutil

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from tests.support.notifier import House, finding
from tests.support.served import free_port, served
from wetink.blobs.port import BlobRef

CHROMIUM = shutil.which("chromium")
PASSWORD = "long enough words"


def empty_slot():
    """A picture of an empty place to sign."""
    picture = Image.new("RGB", (700, 160), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((20, 20), "7.a.  Applicant's Signature", fill="black")
    pen.rectangle((20, 60, 520, 110), outline="black", width=2)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


THREE = (
    finding(title="Applicant's signature is missing (Form I-765 08/21/25, page 4, Part 3, Item 7.a)"),
    finding(
        "date_missing",
        severity="high",
        slot="part-3.item-7.b.date",
        title="Applicant's date of signature is missing (Form I-765 08/21/25, page 4, Part 3, Item 7.b)",
    ),
    finding(
        "page_missing",
        severity="medium",
        slot=None,
        form_page=6,
        document_page=None,
        evidence=None,
        title="Page 6 of Form I-765 is missing",
    ),
)


@pytest.fixture
def house():
    port = free_port()
    house = House(queue_url=f"http://127.0.0.1:{port}")
    house.blobs.put(BlobRef(house.organisation_id, "case_1", "documents/doc_1/slot-4-sig"), empty_slot())
    house.keystore.create_user(house.organisation_id, "Ana", "manager", PASSWORD)
    house.judge(*THREE)
    with served(house.app, port):
        yield house


@pytest.fixture(scope="module")
def chromium():
    """For one module: while it runs, its event loop keeps asynchronous tests from theirs."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(house, chromium):
    context = chromium.new_context(viewport={"width": 1360, "height": 860})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    page.goto(house.ports.queue_url)
    page.fill("[name=name]", "Ana")
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_selector("#detail h2")
    yield page
    context.close()
