"""The application: which address answers with what. Read-only but for corrections."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
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
from lunheng_plugins.reports.html import script_of, style_of
from lunheng_plugins.reports.payload import article_row
from lunheng_plugins.reports.templating import environment
from lunheng_plugins.serving.answers import Answer, Answers, Slice, words_of
from lunheng_plugins.serving.guarding import HOSTS, LARGEST_BODY, SafeHeaders, refusal
from lunheng_plugins.serving.live import Live, Shown
from lunheng_plugins.serving.searching import Asked, concordance, ranking

ROWS = 15
TITLED = 12  # articles of an entity that the page links to

Endpoint = Callable[[Request], Response]


def make_app(folder: Path, lang: str, templates: str = "") -> Starlette:
    """Return the application that serves the study in ``folder``.

    ``templates`` is a user's folder of templates, as for the HTML report.

    Raises:
        StudyError: there is no study.
    """
    say = Catalog.load("lunheng_plugins.reports", lang)
    made, token = environment(templates, say), secrets.token_urlsafe(24)
    live = Live(folder, say, made, token)
    with live.study():
        pages = Pages(live, made, token)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        live.start()
        yield
        live.close()

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
    """The study has not been read yet."""


def _not_ready(request: Request, error: Exception) -> Response:
    return PlainTextResponse("503: the study is still being read", 503, {"Retry-After": "2"})


def _missing(request: Request, error: Exception) -> Response:
    return PlainTextResponse("404: there is nothing here; begin at /", 404)


class Pages:
    """What each address answers; ``token`` is what a correction must bring along."""

    def __init__(self, live: Live, templates: Environment, token: str) -> None:
        self.live = live
        self.token = token
        self.templates = templates
        self.style, self.script = style_of(templates), script_of(templates)

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
            Route("/data/index", lambda request: _json(self._shown().head)),
            Route("/data/matrix", self._answer(Answers.matrix)),
            Route("/data/evidence", self._answer(Answers.evidence)),
            Route("/data/comparison", self._answer(Answers.comparison)),
            Route("/data/articles", self._answer(Answers.articles)),
            Route("/data/claims", self._table("claims", lambda row: [row["article"]])),
            Route("/data/entities", self._table("entities", lambda row: row["articles"][:TITLED])),
            Route("/data/doc-{number:int}", self.document),
            Route("/corrections", self.correct, methods=["POST"]),
        ]

    # the report's views

    def report(self, request: Request) -> Response:
        """Answer with the page, or with one that asks for patience."""
        shown = self.live.shown
        if shown is None:
            page = self.templates.get_template("waiting.html.j2").render(error=self.live.error)
            return HTMLResponse(page, 503, {"Retry-After": "2"})
        return _html(shown.page)

    def document(self, request: Request) -> Response:
        """Answer with one text and its marks."""
        outline, number = self._shown().outline, int(request.path_params["number"])
        if not 1 <= number <= len(outline.articles):
            return _missing(request, LookupError())
        with self.live.study() as study:
            return _json(Answers(study, outline).document(number))

    def _answer(self, find: Callable[[Answers, QueryParams], Answer]) -> Endpoint:
        """Return what answers by asking the study."""

        def endpoint(request: Request) -> Response:
            outline = self._shown().outline
            with self.live.study() as study:
                return _json(find(Answers(study, outline), request.query_params))

        return endpoint

    def _table(self, name: str, articles: Callable[[dict[str, Any]], Sequence[int]]) -> Endpoint:
        """Return what answers with rows in which all words occur; ``articles`` are a row's."""

        def endpoint(request: Request) -> Response:
            outline, gathered = self._shown().outline, self.live.gathered
            if not gathered.has(name):
                return _json({"pending": True})
            page = Slice.of(request.query_params, ROWS)
            count, rows = gathered.page(
                name, words_of(request.query_params), page.start, page.limit
            )
            numbers = {number for row in rows for number in articles(row)}
            known = [article_row(outline.articles[number - 1]) for number in sorted(numbers)]
            return _json({"count": count, "rows": rows, "articles": known})

        return endpoint

    def _shown(self) -> Shown:
        shown = self.live.shown
        if shown is None:
            raise NotReadyError
        return shown

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
            asked=asked, found=found, error=error, titles=self._titles()
        )
        return _html(page, 400 if error else 200)

    def _titles(self) -> dict[int, str]:
        """Return what articles are called, as far as that is known."""
        shown = self.live.shown
        return {a.number: a.title for a in shown.outline.articles} if shown else {}

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
