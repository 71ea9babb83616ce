"""Ask an OpenAI-compatible endpoint: cached, retried, and within a budget."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lunheng.errors import LunhengError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (question TEXT PRIMARY KEY, answer TEXT NOT NULL, tokens INTEGER)
"""
_CHARACTERS_A_TOKEN = 1.5
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0


class EndpointError(LunhengError):
    """The endpoint could not be asked, or the budget is spent."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is, and what asking it may cost; picklable, it keeps no connection."""

    url: str
    model: str
    key: str
    cache: Path
    budget: int
    retries: int
    timeout: float
    first_wait: float = _FIRST_WAIT

    def ask(self, instructions: str, text: str) -> str:
        """Return the model's answer, from the cache when it was asked the same before.

        Raises:
            EndpointError: the budget is spent, or the endpoint refuses or stays silent.
        """
        request = {
            "model": self.model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": text},
            ],
        }
        body = json.dumps(request, ensure_ascii=False, sort_keys=True)
        question = hashlib.sha256(f"{self.url}\n{body}".encode()).hexdigest()
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.cache, timeout=60)) as cache, cache:
            cache.execute(_SCHEMA)
            row = cache.execute("SELECT answer FROM answers WHERE question = ?", (question,))
            if found := row.fetchone():
                return str(found[0])
            self._within_budget(cache)
        answer, tokens = self._answer(body.encode())
        with closing(sqlite3.connect(self.cache, timeout=60)) as cache, cache:
            cache.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (question, answer, tokens)
            )
        return answer

    def _within_budget(self, cache: sqlite3.Connection) -> None:
        (spent,) = cache.execute("SELECT coalesce(sum(tokens), 0) FROM answers").fetchone()
        if spent >= self.budget:
            raise EndpointError(
                f"the budget of {self.budget} tokens is spent ({spent}); raise "
                f"plugins.stance.llm.budget, or remove {self.cache}"
            )

    def _answer(self, body: bytes) -> tuple[str, int]:
        """Return the answer and its tokens, trying again while the endpoint is only busy."""
        wait = self.first_wait
        for attempt in range(self.retries + 1):
            try:
                return self._post(body)
            except urllib.error.HTTPError as error:
                problem = f"status {error.code}"
                if error.code != 429 and error.code < 500:
                    break
                asked = error.headers.get("Retry-After", "")
                wait = float(asked) if asked.isdecimal() else wait
            except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
                problem = f"{type(error).__name__}: {error}"
            if attempt < self.retries:
                time.sleep(min(wait, _LONGEST_WAIT))
                wait *= 2
        raise EndpointError(
            f"{self.url}: expected an answer of {self.model!r}, found {problem} after "
            f"{attempt + 1} tries; see that the endpoint runs and knows the model and key"
        )

    def _post(self, body: bytes) -> tuple[str, int]:
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(f"{self.url}/chat/completions", body, headers)
        with urllib.request.urlopen(request, timeout=self.timeout) as response:
            data = json.load(response)
        answer = str(data["choices"][0]["message"]["content"])
        guessed = int((len(body) / 3 + len(answer)) / _CHARACTERS_A_TOKEN)
        return answer, int(data.get("usage", {}).get("total_tokens", guessed))
