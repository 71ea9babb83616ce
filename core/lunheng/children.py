"""Child processes for code that may hang, hoard or crash: how they start, are limited, and end."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from signal import Signals
from typing import Any, TypeVar

import psutil

Output = TypeVar("Output")
MEMORY = 8 << 30


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a child process ended before its work did, and the seconds that it was waited for."""

    reason: str
    seconds: float


def watched(
    function: Callable[..., Iterable[Output]], arguments: tuple[Any, ...], seconds: float
) -> Iterator[Output | Ended]:
    """Yield what a function yields in a child process, each output within some seconds.

    Where the process hangs, crashes or leaves, the last thing yielded is ``Ended``. Function,
    arguments and outputs are picklable; the function raises nothing.
    """
    context: Any = get_context(start_method())
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send_each, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        while True:
            begun = time.monotonic()
            if not ours.poll(seconds):
                yield Ended(f"no end within {seconds:g} seconds", time.monotonic() - begun)
                return
            try:
                message = ours.recv()
            except (EOFError, OSError):
                process.join(1)
                reason = f"the process {how_it_ended(process.exitcode)}"
                yield Ended(reason, time.monotonic() - begun)
                return
            if not message:
                return
            yield message[0]
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _send_each(
    connection: Connection, function: Callable[..., Iterable[Any]], arguments: tuple[Any, ...]
) -> None:
    """Send each output of a function as a tuple of one, and an empty tuple at the end."""
    faulthandler.disable()  # the parent tells of a crash, in one line
    end_with_parent()
    leave_streams(silent=True)
    limit_memory(MEMORY)
    for output in function(*arguments):
        connection.send((output,))
    connection.send(())
    os._exit(0)  # whatever a plugin left running


def start_method() -> str:
    """Return how child processes are best started here: by ``fork`` where that is safe.

    A forked child shares what its parent has loaded. Only on Linux do the system's own libraries
    bear it.
    """
    return "fork" if sys.platform.startswith("linux") else get_all_start_methods()[0]


def end_with_parent() -> None:
    """End this child process when its parent has ended, whatever a plugin is doing."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
