"""Pages from templates.

Place in the pipeline: called by the page's routes. Trust level: every value is escaped (`autoescape`), an unknown
name is an error. Residual risk: none while no template marks a value as safe.
"""

from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notifier.page.showing import in_words

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "markup"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
_templates.filters["in_words"] = in_words


def answer(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """The template filled with `values`, as a response."""
    return HTMLResponse(_templates.get_template(template).render(values), status)
