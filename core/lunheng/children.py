"""Child processes for code that may hang, hoard or crash: how they start, are limited, and end."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from multiprocessing import get_all_start_methods
from pathlib import Path
from signal import Signals

import psutil


def start_method() -> str:
    """Return how child processes are best started here: by ``fork`` where that is safe.

    A forked child shares what its parent has loaded. Only on Linux do the system's own libraries
    bear it.
    """
    return "fork" if sys.platform.startswith("linux") else get_all_start_methods()[0]


def leave_streams(*, silent: bool = False) -> None:
    """Keep this process from reading the user's input and from writing among data on stdout.

    What it writes goes to stderr, or nowhere where it is to be ``silent``.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        if silent:
            os.dup2(nothing, 2)
            sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
        os.close(nothing)
        os.dup2(2, 1)


def limit_memory(beyond: int) -> None:
    """Let the system refuse this process more bytes than ``beyond`` those in use now (0: none).

    A MemoryError is the result. Only Linux counts what is reserved in this way.
    """
    if not beyond or not sys.platform.startswith("linux"):
        return
    import resource

    used = psutil.Process().memory_info().vms
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (used + beyond, resource.RLIM_INFINITY))


def how_it_ended(code: int | None) -> str:
    """Return an exit code of a process in words.

    >>> how_it_ended(-9), how_it_ended(3)
    ('killed by SIGKILL', 'exited with code 3')
    """
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"killed by {Signals(-code).name}"
    return f"exited with code {code}"
