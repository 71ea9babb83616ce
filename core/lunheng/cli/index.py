"""``lunheng index``: build an n-gram index and ask it."""

from __future__ import annotations

import click

from lunheng.cli import LazyGroup

BUILDING = "lunheng.cli.index_building"
ASKING = "lunheng.cli.index_asking"
STATISTICS = "lunheng.cli.index_statistics"

TABLE = {
    "build": (f"{BUILDING}:build", "Index texts."),
    "add": (f"{BUILDING}:add", "Add texts to an index."),
    "count": (f"{ASKING}:count", "Count how often phrases occur."),
    "find": (f"{ASKING}:find", "List where a phrase occurs."),
    "kwic": (f"{ASKING}:kwic", "Show a phrase in its contexts."),
    "query": (f"{ASKING}:query", "Ask with AND, OR, NOT, NEAR, wildcards and fields."),
    "search": (f"{ASKING}:search", "Rank documents for a query."),
    "top": (f"{ASKING}:top", "List the most frequent n-grams."),
    "collocates": (f"{STATISTICS}:collocates", "List the words that keep company with a query."),
    "keyness": (f"{STATISTICS}:keyness", "List the words that tell some documents from others."),
    "newwords": (f"{STATISTICS}:newwords", "Discover words that the tokenizer does not know."),
    "dispersion": (f"{STATISTICS}:dispersion", "Tell how evenly queries are spread."),
    "trend": (f"{STATISTICS}:trend", "Follow how often queries occur over time."),
    "info": (f"{BUILDING}:info", "Tell what an index holds and how large it is."),
    "check": (f"{BUILDING}:check", "Verify every block of an index."),
    "merge": (f"{BUILDING}:merge", "Merge all segments and drop deleted documents."),
}


@click.group(
    cls=LazyGroup,
    table=TABLE,
    epilog="Example: lunheng index build articles/ -o corpus.index"
    " && lunheng index kwic corpus.index 大模型",
)
def index() -> None:
    """Build and ask an n-gram index.

    DIRECTORY is an index, or a study, whose index is then asked.
    """
