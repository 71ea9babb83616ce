"""The contract, and how the plugin deals with an endpoint, against a fake one on this machine."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import lunheng_stance_llm
import pytest
from lunheng_stance_llm import LlmTagger, Settings
from lunheng_stance_llm.endpoint import EndpointError

from lunheng.errors import ConfigError
from lunheng.testing import StanceContract, interview, make_document

GOOD = {
    "passage": 3,
    "holder": "",
    "target": "开源",
    "polarity": "favor",
    "evidence": "我支持开源",
    "confidence": 0.9,
}


class Fake(ThreadingHTTPServer):
    """An endpoint that answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stances: list[dict[str, Any]] = [GOOD]
        self.failures: list[int] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    """Answers one request of the fake endpoint."""

    server: Fake

    def do_POST(self) -> None:
        """Answer as OpenAI's chat completions do."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.keys.append(self.headers.get("Authorization"))
        if self.server.failures:
            self.send_response(self.server.failures.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = "好的：" + json.dumps({"stances": self.server.stances}, ensure_ascii=False)
        answer = {"choices": [{"message": {"content": content}}], "usage": {"total_tokens": 100}}
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Return a running fake endpoint."""
    with Fake() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def tagger(fake: Fake, folder: Path, **changes: Any) -> LlmTagger:
    """Return a tagger that asks the fake endpoint and does not wait long."""
    settings = Settings(url=fake.url, model="m", cache=str(folder / "cache.sqlite"), **changes)
    made: LlmTagger = lunheng_stance_llm.lunheng_stance(settings)
    return replace(made, endpoint=replace(made.endpoint, first_wait=0.01))


class TestContract(StanceContract):
    """Every check of the contract runs on the plugin."""

    plugin = lunheng_stance_llm

    @pytest.fixture(autouse=True)
    def endpoint(self, fake: Fake, tmp_path: Path) -> None:
        """Let the tagger ask the fake endpoint."""
        cache = str(tmp_path / "cache.sqlite")
        type(self).settings = {"url": fake.url, "model": "m", "cache": cache}


def test_it_asserts_what_the_text_bears_out(fake: Fake, tmp_path: Path) -> None:
    """Holder, evidence and target have their places; the rest is dropped and counted."""
    fake.stances = [
        GOOD,
        {**GOOD, "evidence": "我坚决拥护开源到底"},
        {**GOOD, "holder": "并无此人"},
        {**GOOD, "polarity": "love"},
        {**GOOD, "passage": 99},
        {**GOOD, "confidence": 0.1},
        {"target": 3},
    ]
    document = interview()
    (found,), dropped = tagger(fake, tmp_path).stances(document)
    assert (found.holder, found.attribution, found.polarity) == ("林若海", "turn", "favor")
    assert document.text[found.start : found.end] == "我支持开源"
    assert document.text[found.target_start : found.target_end] == "开源"
    assert dropped == 6


def test_a_second_run_asks_nothing(fake: Fake, tmp_path: Path) -> None:
    """Answers come from the cache, also for another object."""
    first = tagger(fake, tmp_path).stances(interview())
    asked = len(fake.asked)
    assert tagger(fake, tmp_path).stances(interview()) == first
    assert len(fake.asked) == asked


def test_paragraphs_are_asked_for_in_batches(fake: Fake, tmp_path: Path) -> None:
    """One paragraph a request asks more often than many."""
    fake.stances = []
    tagger(fake, tmp_path / "one", batch=1).stances(interview())
    single = len(fake.asked)
    tagger(fake, tmp_path / "many", batch=50).stances(interview())
    assert single > 1
    assert len(fake.asked) == single + 1


def test_a_busy_endpoint_is_asked_again_and_a_refusing_one_is_not(
    fake: Fake, tmp_path: Path
) -> None:
    """429 and 5xx are tried again; other refusals, and silence, are errors with advice."""
    fake.failures = [429, 503]
    assert tagger(fake, tmp_path).stances(interview())[0]
    fake.failures = [401]
    asked = len(fake.asked)
    with pytest.raises(EndpointError, match="status 401 after 1 tries"):
        tagger(fake, tmp_path / "other").stances(interview())
    assert len(fake.asked) == asked + 1
    fake.failures = [500] * 9
    with pytest.raises(EndpointError, match="status 500 after 3 tries"):
        tagger(fake, tmp_path / "third", retries=2).stances(interview())


def test_the_budget_is_kept(fake: Fake, tmp_path: Path) -> None:
    """What is spent counts over documents and runs; cached answers stay free."""
    made = tagger(fake, tmp_path, budget=100)
    made.stances(interview())
    made.stances(interview())
    with pytest.raises(EndpointError, match="budget of 100 tokens"):
        made.stances(make_document("又及：我反对闭源。"))


def test_the_key_is_sent_and_the_prompt_is_a_file(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key comes from the environment, the instructions from a file of the user's."""
    monkeypatch.setenv("SOME_KEY", "secret")
    (tmp_path / "prompt.txt").write_text("只答 JSON。", "utf-8")
    prompt = str(tmp_path / "prompt.txt")
    tagger(fake, tmp_path, key_variable="SOME_KEY", prompt=prompt).stances(interview())
    assert fake.keys[-1] == "Bearer secret"
    assert fake.asked[-1]["messages"][0]["content"] == "只答 JSON。"


def test_a_model_must_be_named(tmp_path: Path) -> None:
    """Without a model nothing could be asked."""
    with pytest.raises(ConfigError, match="the name of a model"):
        lunheng_stance_llm.lunheng_stance(Settings())
