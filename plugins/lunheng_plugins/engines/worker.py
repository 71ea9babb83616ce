"""What a worker process does: receive an item, send what the function yields for it, repeat."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any

import psutil

OUTPUT = b"o"
END = b"e"
ERROR = b"x"


def serve(
    connection: Connection,
    function: Callable[[Any], Iterable[Any]],
    memory: int,
    inherited: Sequence[Connection],
) -> None:
    """Serve items until the parent closes the connection or is gone.

    ``memory`` is how many bytes beyond those in use now the process may take (0: any number).
    ``inherited`` are the parent's ends of pipes, which would outlive it in a forked worker.
    """
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.disable()  # the parent tells of a crash, in one line
    _leave_streams()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(memory)
    while True:
        try:
            item = pickle.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            for output in function(item):
                connection.send_bytes(OUTPUT + pickle.dumps(output, pickle.HIGHEST_PROTOCOL))
            connection.send_bytes(END)
        except (BrokenPipeError, ConnectionResetError):
            return
        except BaseException as error:
            with suppress(OSError):
                connection.send_bytes(ERROR + f"{type(error).__name__}: {error}".encode())
            return


def _leave_streams() -> None:
    """Keep plugins from reading the user's input and from writing among the data on stdout."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)


def _end_with_parent() -> None:
    """End this process when its parent has ended, whatever a plugin is doing."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(memory: int) -> None:
    """Let the system refuse memory beyond the limit, where it can; a MemoryError is the result."""
    if not memory or not sys.platform.startswith("linux"):
        return
    import resource

    used = psutil.Process().memory_info().vms
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, resource.RLIM_INFINITY))
