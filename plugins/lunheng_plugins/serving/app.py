"""The application: which address answers with what. Read-only but for corrections."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from lunheng.correcting import Change, resolve
from lunheng.corrections import parse_decisions
from lunheng.errors import LunhengError, StudyError
from lunheng.i18n import Catalog
from lunheng_plugins.reports.escaping import replace_surrogates
from lunheng_plugins.reports.html import live_page, script_of, style_of
from lunheng_plugins.reports.payload import claim_row, document_of, entity_row, index_payload
from lunheng_plugins.reports.templating import environment
from lunheng_plugins.reports.view import StudyView
from lunheng_plugins.serving.guarding import HOSTS, LARGEST_BODY, SafeHeaders, refusal
from lunheng_plugins.serving.live import Live
from lunheng_plugins.serving.searching import Asked, concordance, ranking

ROWS = 60


def make_app(folder: Path, lang: str, templates: str = "") -> Starlette:
    """Return the application that serves the study in ``folder``.

    ``templates`` is a user's folder of templates, as for the HTML report.

    Raises:
        StudyError: there is no study.
    """
    say = Catalog.load("lunheng_plugins.reports", lang)
    live = Live(folder, say)
    with live.study():
        pages = Pages(live, templates, secrets.token_urlsafe(24))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        live.start()
        yield

    return Starlette(
        routes=pages.routes(),
        lifespan=lifespan,
        middleware=[
            Middleware(SafeHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={404: _missing, NotReadyError: _not_ready},
    )


class NotReadyError(Exception):
    """The view has not been computed yet."""


def _not_ready(request: Request, error: Exception) -> Response:
    return PlainTextResponse("503: the study is still being read", 503, {"Retry-After": "2"})


def _missing(request: Request, error: Exception) -> Response:
    return PlainTextResponse("404: there is nothing here; begin at /", 404)


class Pages:
    """What each address answers; ``token`` is what a correction must bring along."""

    def __init__(self, live: Live, templates: str, token: str) -> None:
        self.live = live
        self.say = live.say
        self.token = token
        self.templates = environment(templates, live.say)
        self.style, self.script = style_of(self.templates), script_of(self.templates)

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.report),
            Route("/search", self.search),
            Route("/concordance", self.lines),
            Route("/report.css", lambda request: Response(self.style, media_type="text/css")),
            Route(
                "/report.js", lambda request: Response(self.script, media_type="text/javascript")
            ),
            Route("/data/index", self.index),
            Route("/data/doc-{number:int}", self.document),
            Route("/data/{table:str}", self.rows),
            Route("/corrections", self.correct, methods=["POST"]),
        ]

    # the report's views

    def report(self, request: Request) -> Response:
        """Answer with the page, or with one that asks for patience."""
        view = self.live.view
        if view is None:
            page = self.templates.get_template("waiting.html.j2").render(error=self.live.error)
            return HTMLResponse(page, 503, {"Retry-After": "2"})
        return _html(live_page(view, self.templates, self.say, self.token))

    def index(self, request: Request) -> Response:
        """Answer with what the page needs at once."""
        view = self._view()
        index = index_payload(view.view, self.live.folder.resolve().name, self.say, live=True)
        return _json(index)

    def document(self, request: Request) -> Response:
        """Answer with one text and its marks."""
        view, number = self._view(), int(request.path_params["number"])
        if not 1 <= number <= len(view.articles):
            return _missing(request, LookupError())
        with self.live.study() as study:
            return _json(document_of(study, view, view.articles[number - 1]))

    def rows(self, request: Request) -> Response:
        """Answer with the first claims or entities in which all words occur."""
        view = self._view().view
        tables: dict[str, tuple[Sequence[Any], Callable[[Any], dict[str, object]]]] = {
            "claims": (view.claims, claim_row),
            "entities": (view.entities, entity_row),
        }
        if request.path_params["table"] not in tables:
            return _missing(request, LookupError())
        items, row = tables[request.path_params["table"]]
        words = request.query_params.get("q", "").lower().split()
        limit = min(_number(request, "limit", ROWS), 2000)
        found = [item for item in items if all(word in item.searched for word in words)]
        return _json({"count": len(found), "rows": [row(item) for item in found[:limit]]})

    def _view(self) -> StudyView:
        view = self.live.view
        if view is None:
            raise NotReadyError
        return view

    # the index

    def search(self, request: Request) -> Response:
        """Rank documents for a query, a page at a time."""
        return self._found(request, "search.html.j2", ranking)

    def lines(self, request: Request) -> Response:
        """Show what a query asks for in its contexts, a page at a time."""
        return self._found(request, "concordance.html.j2", concordance)

    def _found(self, request: Request, template: str, find: Callable[..., object]) -> Response:
        asked = Asked.of(request.query_params)
        found, error = None, ""
        if asked.query:
            try:
                with self.live.study() as study:
                    found = find(study, asked)
            except LunhengError as problem:
                error = str(problem)
        page = self.templates.get_template(template).render(
            asked=asked, found=found, error=error, titles=self.live.titles
        )
        return _html(page, 400 if error else 200)

    # corrections

    async def correct(self, request: Request) -> Response:
        """Take decisions, or take them back; the one thing that changes the study."""
        if (reason := refusal(request, self.token)) is not None:
            return JSONResponse({"error": reason}, 403)
        body = await request.body()
        if len(body) > LARGEST_BODY:
            return JSONResponse({"error": f"expected at most {LARGEST_BODY} bytes"}, 413)
        try:
            await run_in_threadpool(self._correct, body)
        except StudyError as error:
            return JSONResponse({"error": str(error)}, 409)
        except (LunhengError, ValueError, KeyError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"done": True})

    def _correct(self, body: bytes) -> None:
        change, names = self._change(body)
        self.live.change(change, names=names)

    def _change(self, body: bytes) -> tuple[Change, bool]:
        """Return the change that a request asks for, and whether it touches names."""
        asked = json.loads(body)
        if isinstance(asked, dict) and isinstance(undo := asked.get("undo"), dict):
            stances = [str(entry["id"]) for entry in undo.get("stance", ())]
            names = [str(entry["name"]) for entry in undo.get("name", ())]
            surfaces = (*names, *map(str, undo.get("ignore", ())))

            def take_back(file: Any) -> None:
                file.forget(*stances)
                file.forget_names(*surfaces)

            return take_back, bool(surfaces)
        decisions, given = parse_decisions(Path("corrections"), body)
        with self.live.study() as study:
            judged = resolve(study, decisions)
        return lambda file: file.merge(given, judged), bool(given.names or given.ignored)


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(replace_surrogates(page), status)


def _json(value: object) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return Response(replace_surrogates(text), media_type="application/json")


def _number(request: Request, key: str, default: int) -> int:
    value = request.query_params.get(key, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else default
