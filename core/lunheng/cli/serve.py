"""The command `lunheng serve`: a study's views live, on this machine only."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.configuring import config_options, load_config

if TYPE_CHECKING:
    from lunheng.config import Config

HOST = "127.0.0.1"


@click.command(epilog="Example: lunheng serve study --port 8765 --open")
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
    help="Port on 127.0.0.1; 0 for any that is free.",
)  # fmt: skip
@click.option("--open", "browse", is_flag=True, help="Open the page in a browser.")
@config_options
@lang_option
def serve(
    study: Path,
    port: int,
    browse: bool,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Serve the views of STUDY on 127.0.0.1, with search, concordance and corrections.

    Nothing but corrections.toml and what follows from it is changed. Needs the extra `serve`.
    Stop it with Ctrl-C.
    """
    from lunheng.extras import require

    require("starlette", "serve")
    uvicorn = require("uvicorn", "serve")
    from lunheng_plugins.serving.app import make_app

    config = load_config(config_file, assignments, {"stages.reports": "html"})
    app = make_app(study, lang, _templates(config, plugin_folders))
    listening = _listen(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/"
    click.echo(address)
    click.echo(messages(lang)("serve_started"), err=True)
    if browse:
        click.launch(address)
    settings = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(settings).run(sockets=[listening])


def _templates(config: Config, plugin_folders: tuple[Path, ...]) -> str:
    """Return the folder of templates that the HTML report is configured with, or ``""``."""
    from lunheng.plugins import discover
    from lunheng.selection import select_stages

    stages = select_stages(config, discover(plugin_folders), ["reports"]).stages["reports"]
    return str(stages[0].made.settings.templates) if stages else ""


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on this machine only.

    Raises:
        UsageError: the port is taken or may not be used.
    """
    from lunheng.errors import UsageError

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would share a port that another program listens on
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()  # from now on a browser waits instead of being refused
    except OSError as error:
        listening.close()
        raise UsageError(
            f"port {port} cannot be listened on: {error.strerror}. Choose another by --port, or"
            " --port 0 for any that is free."
        ) from error
    return listening
