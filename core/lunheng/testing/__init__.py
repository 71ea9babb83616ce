"""Check a plugin as Lunheng will use it: one contract a kind, for pytest and for the command line.

A plugin's own tests subclass the contract of its kind::

    from lunheng.testing import StanceContract
    import my_stance

    class TestMyStance(StanceContract):
        plugin = my_stance

``lunheng plugins check NAME`` runs the same checks. ``analyse_text`` runs the whole analysis with
the plugin in it, in this process; ``make_document``, ``interview`` and ``write_study`` make what
stages and writers receive.
"""

from lunheng.testing.checking import Check, check_plugin
from lunheng.testing.contracts import (
    CONTRACTS,
    CleanerContract,
    Contract,
    DocumentContract,
    EngineContract,
    EntityContract,
    QuoteContract,
    ReaderContract,
    ReportContract,
    StanceContract,
    TokenizerContract,
)
from lunheng.testing.fixtures import (
    INTERVIEW,
    ODD_TEXTS,
    analyse_text,
    documents,
    interview,
    make_document,
    write_study,
)

__all__ = [
    "CONTRACTS",
    "INTERVIEW",
    "ODD_TEXTS",
    "Check",
    "CleanerContract",
    "Contract",
    "DocumentContract",
    "EngineContract",
    "EntityContract",
    "QuoteContract",
    "ReaderContract",
    "ReportContract",
    "StanceContract",
    "TokenizerContract",
    "analyse_text",
    "check_plugin",
    "documents",
    "interview",
    "make_document",
    "write_study",
]
