"""The most frequent n-grams are those that counting all of them gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.index import NgramIndex
from lunheng.text import fold
from reference.ngram_index import top

texts = st.lists(
    st.text(st.sampled_from("大模型騰讯后後，\n𠮷aＡ"), max_size=25), min_size=1, max_size=6
)


@given(texts=texts, n_min=st.integers(1, 4), more=st.integers(0, 3), k=st.integers(1, 40))
def test_top_is_the_head_of_all_counts(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], n_min: int, more: int, k: int
) -> None:
    with NgramIndex.create(tmp_path_factory.mktemp("index")) as index:
        for text in texts:
            index.add(text)
            index.commit()
        found = index.top(n_min, n_min + more, k, letters=False)
        assert found == top([fold(text) for text in texts], n_min, n_min + more, k)
        lettered = index.top(n_min, n_min + more, k)
        assert all(character.isalnum() for ngram, _ in lettered for character in ngram)
        assert all(index.count(ngram, variants="all") == count for ngram, count in lettered)
