"""The command serve: where it listens, and what stops it before it does."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from commands import call
from studies import analyse, write

uvicorn = pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    analyse([write(tmp_path / "in", a_txt="甲支持开源\n")], tmp_path / "study")
    return tmp_path / "study"


def test_it_listens_on_this_machine_before_it_says_so(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, int]] = []

    def run(server: Any, sockets: list[socket.socket]) -> None:
        (listening,) = sockets
        heard.append(listening.getsockname())
        socket.create_connection(heard[0], timeout=5).close()
        listening.close()

    monkeypatch.setattr(uvicorn.Server, "run", run)
    result = call("serve", study, "--port", "0")
    assert result.exit_code == 0, result.output
    ((host, port),) = heard
    assert host == "127.0.0.1"
    assert result.stdout == f"http://127.0.0.1:{port}/\n"
    assert "Ctrl-C" in result.stderr


def test_a_port_that_is_taken_is_named(study: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        result = call("serve", study, "--port", port)
    assert result.exit_code == 2
    assert f"port {port} cannot be listened on" in result.stderr
    assert "--port 0" in result.stderr


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    result = call("serve", tmp_path)
    assert (result.exit_code, "is not a study" in result.stderr) == (2, True)


def test_without_the_extra_it_says_how_to_install_it(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = call("serve", study)
    assert result.exit_code == 2
    assert "pip install 'lunheng[serve]'" in result.stderr
