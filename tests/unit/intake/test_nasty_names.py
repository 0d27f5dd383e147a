"""File names are a stranger's words: harmless in answers, headers and the page, and never in a log line."""

import logging
import unicodedata

import pytest

from tests.support.intake import PDF, Intake
from wetink.logs import JsonLines

MARK = "Zebra"
"""Stands in every name, to be looked for in the logs."""
NAMES = [
    f'{MARK}"; x="y.pdf',
    f"{MARK}'\"><script>alert(1)</script>.pdf",
    f"<img src=x onerror=alert(1)>{MARK}.pdf",
    f"{MARK}\r\nSet-Cookie: a=b\r\n\r\n<b>.pdf",
    f"{MARK}\u202efdp.exe",
    f"\u2066{MARK}\u2069\u200f\u200e.pdf",
    f"{MARK}" + "x" * 5_000 + ".pdf",
    f"{MARK}\x00.pdf",
    f"../../../etc/{MARK}",
    f"..\\..\\{MARK}.pdf",
    f"C:\\{MARK}:stream.pdf",
    f"{MARK} \U0001f4c4\U0001f468\u200d\U0001f469\u200d\U0001f467.pdf",
    f"{MARK}\ud800\udfff\udc00.pdf",
    f"{MARK}\u2028\u2029\x85\x1b[31m.pdf",
    f"{{{{ 7 * 7 }}}}{{% raw %}}{MARK}%s%n.pdf",
    f"{MARK}" + "e\u0301" * 2_000,
    f"{MARK}&amp;&#60;b&#62;.pdf",
    "\u3000\ufeff" + MARK,
    "." * 300 + MARK,
]
CHARSETS = ["utf-8", "UTF-8", "idna", "undefined", "hex", "utf-7", "unicode_escape", "nonsense", "", "utf-16"]


def escaped(name: str) -> str:
    """The name as RFC 5987 writes it, lone surrogates too."""
    return "".join(f"%{byte:02X}" for byte in name.encode("utf-8", "surrogatepass"))


def raw(name: str) -> tuple[bytes, dict[str, str | bytes]]:
    """A bare body with the name in a header."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "").replace("\x00", "")
    return PDF, {"Content-Disposition": f'attachment; filename="{quoted}"'.encode("utf-8", "surrogatepass")}


def extended(name: str) -> tuple[bytes, dict[str, str | bytes]]:
    return PDF, {"Content-Disposition": f"attachment; filename*=UTF-8''{escaped(name)}"}


def multipart(name: str, star: str = "") -> tuple[bytes, dict[str, str | bytes]]:
    """As browsers send it, or with `filename*`, or with all bytes as they are."""
    if star:
        label = f"filename*={star}''{escaped(name)}"
    else:
        label = 'filename="' + name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A") + '"'
    head = f'--b\r\nContent-Disposition: form-data; name="file"; {label}\r\n\r\n'
    body = head.encode("utf-8", "surrogatepass") + PDF + b"\r\n--b--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=b"}


def starred(name: str) -> tuple[bytes, dict[str, str | bytes]]:
    return multipart(name, "UTF-8")


@pytest.mark.parametrize("way", [raw, extended, multipart, starred])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_nasty_name_is_harmless_wherever_it_is_shown(caplog, way, name):
    caplog.set_level(logging.DEBUG)
    intake = Intake()
    async with intake.browser(intake.key()) as caller, intake.browser() as client:
        case = (await caller.post("/v1/cases", json={"reference": "x"})).json()
        link = (await caller.post(f"/v1/cases/{case['id']}/upload-links")).json()["url"]
        address = "/u/" + link.rpartition("/")[2]
        body, headers = way(name)
        answer = await client.post(address, content=body, headers=headers)
        page = await client.get(address)
    assert answer.status_code in {202, 400}, answer.text  # 400: bytes that no header of a part may hold
    lines = "".join(JsonLines("test").format(record) for record in caplog.records)
    assert MARK not in lines
    for one in (answer, page):
        assert not any("\n" in value or "\r" in value or MARK in value for value in one.headers.values())
    if answer.status_code == 400:
        return
    shown = answer.json()["filename"]
    assert 0 < len(shown) <= 150
    assert not set(shown) & set("/\\\u202e\u2066\u2069\u200f\u200e\ufeff")
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in shown)
    text = page.text.partition("<h2>Received</h2>")[2].partition("</ul>")[0]
    assert "<script" not in text
    assert "<img" not in text
    assert "<b>" not in text
    assert text.count("<q>") == 1


@pytest.mark.parametrize("charset", CHARSETS)
async def test_a_name_in_a_strange_charset_is_taken_as_far_as_it_can_be_read(charset):
    intake = Intake()
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json={"reference": "x"})).json()
        for body, headers in (
            multipart("a\u00e9.pdf", charset or "''"),
            (PDF, {"Content-Disposition": f"attachment; filename*={charset}''a%C3%A9.pdf"}),
        ):
            answer = await caller.post(f"/v1/cases/{case['id']}/documents", content=body, headers=headers)
            assert answer.status_code == 202, answer.text
