"""Which written forms match: queries over sentences of both scripts, judged by meaning.

``written`` (the default) keeps apart what writers keep apart; ``all`` takes all that fold alike.
Each query has the sentences that mean what it asks, whatever their script.
"""

from __future__ import annotations

import pytest

from lunheng.index import NgramIndex

SENTENCES = (
    "皇后走进了大殿",  # 0
    "皇后走進了大殿",  # 1
    "以后再说这件事",  # 2
    "以後再說這件事",  # 3
    "这里没有人",  # 4
    "這裏沒有人",  # 5
    "這裡沒有人",  # 6
    "走了一百公里",  # 7
    "跑過一百公里",  # 8
    "衣服干了",  # 9
    "衣服乾了",  # 10
    "他是老干部",  # 11
    "他是老幹部",  # 12
    "毫不相干",  # 13
    "剪短了头发",  # 14
    "剪短了頭髮",  # 15
    "发展得很快",  # 16
    "發展得很快",  # 17
    "腾讯发布了模型",  # 18
    "騰訊發佈了模型",  # 19
    "面条很好吃",  # 20
    "麵條很好吃",  # 21
    "对面的楼",  # 22
    "對面的樓",  # 23
)

# query: (sentences meant, found by default)
QUERIES = {
    "皇后": ({0, 1}, {0, 1}),
    "以后": ({2, 3}, {2}),
    "以後": ({2, 3}, {3}),
    "这里": ({4, 5, 6}, {4, 6}),
    "這裏": ({4, 5, 6}, {5, 6}),
    "公里": ({7, 8}, {7, 8}),
    "幹部": ({11, 12}, {12}),
    "相干": ({13}, {13}),
    "髮": ({14, 15}, {14, 15, 16, 18}),
    "發": ({16, 17, 18, 19}, {14, 16, 17, 18, 19}),
    "发展": ({16, 17}, {16, 17}),
    "騰訊": ({18, 19}, {18, 19}),
    "腾讯": ({18, 19}, {18, 19}),
    "后": ({0, 1, 2}, {0, 1, 2}),
    "後": ({2, 3}, {3}),
    "里": ({4, 6, 7, 8}, {4, 6, 7, 8}),
    "乾": ({9, 10}, {10}),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> NgramIndex:
    with NgramIndex.create(tmp_path_factory.mktemp("variants") / "index") as index:
        index.add_many(SENTENCES)
    return NgramIndex.open(index.path)


@pytest.mark.parametrize("query", QUERIES)
def test_default_finds_what_the_table_says(index: NgramIndex, query: str) -> None:
    assert set(index.docs(query).tolist()) == QUERIES[query][1]


@pytest.mark.parametrize("query", QUERIES)
def test_all_finds_at_least_what_is_meant(index: NgramIndex, query: str) -> None:
    assert set(index.docs(query, variants="all").tolist()) >= QUERIES[query][0]


def test_default_is_the_more_precise(index: NgramIndex) -> None:
    right = {"written": 0, "all": 0}
    found = {"written": 0, "all": 0}
    for query, (meant, _) in QUERIES.items():
        for variants in ("written", "all"):
            answer = set(index.docs(query, variants=variants).tolist())
            right[variants] += len(answer & meant)
            found[variants] += len(answer)
    assert right["written"] / found["written"] > 0.9 > right["all"] / found["all"]
