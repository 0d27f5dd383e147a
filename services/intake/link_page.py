"""The client's page behind an upload link: plain, without script, readable by screen readers.

Place in the pipeline: answered by `links`. Trust level: names of files come from who sent them and are escaped.
Residual risk: none. English alone for now.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from wetink.http.docs import STYLE_PATH
from wetink.http.problems import ProblemError


@dataclass(frozen=True)
class Sent:
    """A document that came through the link."""

    filename: str
    received_at: datetime


def page(sent: list[Sent], max_bytes: int) -> str:
    """What was sent, and a form to send more."""
    items = "".join(f"<li><q>{escape(one.filename)}</q>, {_day(one.received_at)}</li>" for one in sent)
    listed = f"<h2>Received</h2><ul>{items}</ul>" if sent else "<p>Nothing was sent through this link yet.</p>"
    return _frame(
        "Send your documents",
        f"""{listed}<h2>Send a document</h2>
<form method="post" enctype="multipart/form-data">
<p><label for="file">Choose a file, or the photos of its pages in their order</label></p>
<p><input id="file" name="file" type="file" multiple required aria-describedby="kinds"
 accept=".pdf,.jpg,.jpeg,.png,.tif,.tiff,.heic,.webp"></p>
<p id="kinds">PDF or pictures, at most {max_bytes >> 20} MB together.</p>
<p><button>Send</button></p></form>""",
    )


def refusal(problem: ProblemError) -> str:
    """A kind page that says what to do."""
    return _frame(escape(problem.title), f"<p>{escape(problem.detail)}</p>")


def _frame(title: str, content: str) -> str:
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title>"
        f"<meta name='viewport' content='width=device-width'><link rel='stylesheet' href='{STYLE_PATH}'>"
        f"<main><h1>{title}</h1>{content}</main></html>"
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
