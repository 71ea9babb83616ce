"""Run the command line as ``python -m lunheng``."""

from lunheng.cli import main

main(prog_name="lunheng")
