"""`/docs`: the OpenAPI document as one plain page that needs no internet and no script.

Place in the pipeline: beside the routes of both HTTP faces, open to everybody as `/openapi.json` is.
Trust level: our own descriptions, escaped all the same. Residual risk: none.
"""

from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

STYLE_PATH = "/docs.css"
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: .5rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #8886; }
input, button { font: inherit; padding: .5rem; max-width: 100%; }
li { margin: .5rem 0; overflow-wrap: anywhere; }
"""


def serve_docs(app: FastAPI) -> None:
    """Add `/docs` and its style sheet (plain enough for other small pages) to `app`."""

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(render(app.openapi()))

    @app.get(STYLE_PATH, include_in_schema=False)
    def style() -> Response:
        return Response(_STYLE, media_type="text/css")


def render(document: dict[str, Any]) -> str:
    """The page for an OpenAPI document."""
    title = escape(document["info"]["title"])
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = "".join(
        f"<tr id='{escape(name)}'><th>{escape(name)}</th><td>{_fields(schema)}</td></tr>"
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    )
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title>"
        f"<meta name='viewport' content='width=device-width'><link rel='stylesheet' href='{STYLE_PATH}'>"
        f"<main><h1>{title}</h1><p>{escape(document['info'].get('description', ''))}</p>"
        f"<p>For programs: <a href='/openapi.json'>openapi.json</a></p>"
        f"<h2>Calls</h2>{operations}<h2>Shapes</h2><table>{schemas}</table></main></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><th>{escape(parameter['name'])}</th><td>{escape(parameter['in'])}</td>"
        f"<td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in operation.get("parameters", [])
    )
    bodies = "".join(
        f"<tr><th>body</th><td>{escape(kind)}</td><td>{_reference(content.get('schema', {}))}</td></tr>"
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    )
    answers = "".join(
        f"<tr><th>{escape(status)}</th><td>{escape(answer['description'])}</td><td>{_answer_shapes(answer)}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details><summary><code>{escape(method.upper())} {escape(path)}</code> "
        f"{escape(operation.get('summary', ''))}</summary><p>{escape(operation.get('description', ''))}</p>"
        f"<table>{parameters}{bodies}{answers}</table></details>"
    )


def _answer_shapes(answer: dict[str, Any]) -> str:
    shapes = (_reference(content.get("schema", {})) for content in answer.get("content", {}).values())
    return ", ".join(sorted(set(shapes)))


def _reference(schema: dict[str, Any]) -> str:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return f"<a href='#{escape(name)}'>{escape(name)}</a>" if name else escape(str(schema.get("type", "")))


def _fields(schema: dict[str, Any]) -> str:
    return ", ".join(
        f"<code>{escape(name)}</code> {_reference(field)} {escape(field.get('description', ''))}"
        for name, field in schema.get("properties", {}).items()
    )
