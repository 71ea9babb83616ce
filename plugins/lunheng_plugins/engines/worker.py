"""What a worker process does: receive an item, send what the function yields for it, repeat."""

from __future__ import annotations

import faulthandler
import gc
import pickle
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import psutil

from lunheng.children import end_with_parent, leave_streams, limit_memory

READY = b"r"
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
    gc.freeze()  # what a fork inherited stays shared, and its garbage does not offset what is held
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.disable()  # the parent tells of a crash, in one line
    leave_streams()
    end_with_parent()
    limit_memory(memory)
    with suppress(OSError):
        connection.send_bytes(READY + str(psutil.Process().memory_info().rss).encode())
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
