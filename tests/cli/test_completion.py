"""The shell completion that the documentation shows."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def asked(**environment: str) -> str:
    """Return what the command answers a shell that asks it."""
    ran = subprocess.run(
        [sys.executable, "-c", "from lunheng.cli import main; main(prog_name='lunheng')"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    return ran.stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_line_of_a_start_up_file_gets_a_script(shell: str) -> None:
    assert "_LUNHENG_COMPLETE" in asked(_LUNHENG_COMPLETE=f"{shell}_source")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_commands_are_completed(shell: str) -> None:
    answer = asked(
        _LUNHENG_COMPLETE=f"{shell}_complete", COMP_WORDS="lunheng index ke", COMP_CWORD="2"
    )
    assert "keyness" in answer
