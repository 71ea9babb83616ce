"""The served study: its views, search and concordance, corrections, and who may ask."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from lunheng.errors import StudyError
from lunheng.recording import Recording
from lunheng.study import CORRECTIONS, Study
from reports.conftest import Draft, MakeStudy
from serving.clients import client, make_study, serving, study, token
from studies import analyse, write

__all__ = ["client", "make_study", "study"]  # fixtures

HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-resource-policy",
)
PATHS = ("/", "/search?q=开源", "/concordance?q=开源", "/report.css", "/report.js", "/data/index")


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    """Return a study that a run made, with its index."""
    texts = {f"a{n}_txt": f"第{n}篇。甲支持开源{'，又支持快充' * n}。\n" for n in range(25)}
    folder = write(tmp_path / "in", **texts, b_txt='"><script>alert(1)</script>支持<b>開源\n')
    analyse([folder], tmp_path / "study")
    return tmp_path / "study"


def stances(client: Any, **filters: object) -> list[dict[str, Any]]:
    packed = client.get("/data/evidence", params={"limit": 500, **filters}).json()["evidence"]
    strings = packed["strings"]
    return [
        {
            "id": row[19],
            "holder": strings[row[1]],
            "target": strings[row[3]],
            "polarity": strings[row[5]],
            "verdict": strings[row[18]] if row[18] >= 0 else None,
        }
        for row in packed["rows"]
    ]


def gathered(client: Any, table: str, **asked: object) -> dict[str, Any]:
    """Return a page of a table that is gathered from all texts, once it is there."""
    end = time.monotonic() + 20
    while (found := client.get(f"/data/{table}", params=asked).json()).get("pending"):
        assert time.monotonic() < end
        time.sleep(0.02)
    return dict(found)


def test_the_page_is_the_report_and_its_data_comes_from_the_server(client: Any) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "林若海" in page.text
    assert "<script>" not in page.text
    assert "<style>" not in page.text
    index = client.get("/data/index").json()
    assert index["live"] is True
    assert index["count"] == 3
    assert not {"articles", "evidence", "claims", "entities"} & set(index)
    document = client.get("/data/doc-2").json()
    assert document["text"].startswith("主持人：")
    assert document["turns"][1][0] == "周知远"
    assert len(document["evidence"]["rows"]) == 2
    assert [a["number"] for a in document["articles"]] == [2]
    assert client.get("/data/doc-9").status_code == 404
    assert client.get("/data/doc-0").status_code == 404
    assert client.get("/nothing").status_code == 404


def test_long_tables_come_page_by_page(client: Any) -> None:
    first = gathered(client, "claims", limit=2)
    assert (first["count"], len(first["rows"])) == (3, 2)
    rest = gathered(client, "claims", limit=2, **{"from": 2})
    amounts = [row["amount"] for row in (*first["rows"], *rest["rows"])]
    assert amounts == ["3000万美元", "2000万美元", "98个"]
    assert [a["number"] for a in rest["articles"]] == [2]
    found = gathered(client, "claims", q="98个 团队")
    assert [row["amount"] for row in found["rows"]] == ["98个"]
    entities = gathered(client, "entities", q="老林", limit="x")
    assert [row["name"] for row in entities["rows"]] == ["林若海"]
    articles = client.get("/data/articles", params={"limit": 1, "from": 1}).json()
    assert (articles["count"], [row["number"] for row in articles["rows"]]) == (3, [2])
    assert articles["rows"][0]["counts"]["stances"] == 2
    assert client.get("/data/articles", params={"q": "B_INTERVIEW"}).json()["count"] == 1
    assert client.get("/data/stances").status_code == 404


def test_evidence_comes_page_by_page_with_its_words(client: Any) -> None:
    page = client.get("/data/evidence", params={"limit": 2, "from": 4}).json()
    assert (page["count"], page["tally"]) == (6, {"favor": 3, "against": 3, "neutral": 0})
    assert page["evidence"]["numbers"] == [5, 6]
    piece = page["evidence"]["pieces"][0]
    assert piece["text"] == "我支持开源路线，它让98个团队受益。"
    assert [change[2] for change in piece["changes"]] == ["(kāi)"]
    assert page["evidence"]["rows"][0][17] == [3]
    assert client.get("/data/evidence", params={"from": 99}).json()["evidence"]["rows"] == []


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 6),
        ({"q": "周知远 开源"}, 1),
        ({"polarity": "favor"}, 3),
        ({"article": 1}, 4),
        ({"article": 3}, 2),  # a repost has its original's
        ({"article": 77}, 0),
        ({"frame": "route"}, 6),
        ({"frame": "—"}, 0),
        ({"frame": "nothing"}, 0),
        ({"score": "0.8"}, 6),
        ({"score": "0.85"}, 0),
        ({"plain": "1"}, 6),
        ({"holder": "林若海"}, 2),
        ({"holder": "林若海", "target": ["开源路线", "闭源路线"]}, 2),
        ({"holder": "nobody"}, 0),
    ],
)
def test_filters_pass_what_the_page_in_a_file_would_show(
    client: Any, filters: dict[str, object], count: int
) -> None:
    assert len(stances(client, **filters)) == count
    matrix = client.get("/data/matrix", params=filters).json()
    if "holder" not in filters:
        assert matrix["n"] == count == sum(sum(cell[2:]) for cell in matrix["cells"])


def test_the_matrix_is_ordered_as_asked(client: Any) -> None:
    matrix = client.get("/data/matrix").json()
    assert (matrix["holders"], matrix["targets"]) == (3, 2)
    by_target = client.get("/data/matrix", params={"by_target": "闭源路线"}).json()
    assert by_target["rows"][0] == "Author of no. 1"
    by_holder = client.get("/data/matrix", params={"by_holder": "林若海"}).json()
    assert by_holder["columns"] == ["开源路线", "闭源路线"]
    by_name = client.get("/data/matrix", params={"by_name": "1", "rows": 2, "columns": 1}).json()
    assert by_name["rows"] == ["Author of no. 1", "林若海"]
    assert (by_name["holders"], len(by_name["columns"])) == (3, 1)


def test_two_holders_are_compared_in_their_words(client: Any) -> None:
    asked = {"first": "林若海", "second": "Author of no. 1", "limit": 1}
    found = client.get("/data/comparison", params=asked).json()
    assert (found["count"], [pair["relation"] for pair in found["pairs"]]) == (2, ["differ"])
    assert found["evidence"]["pieces"][0]["text"].startswith("林若海认为")
    assert client.get("/data/comparison").json()["count"] == 0


def test_a_large_study_is_gathered_in_a_process_of_its_own(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lunheng_plugins.serving import live

    monkeypatch.setattr(live, "SMALL", 0)
    with serving(study.folder) as client:
        assert gathered(client, "claims")["count"] == 3
        end = time.monotonic() + 20
        while "Still being computed" in client.get("/").text and time.monotonic() < end:
            time.sleep(0.05)
        assert 'class="digest whole"' in client.get("/").text
    monkeypatch.setattr(live, "LARGE", 0)
    with serving(study.folder) as client:
        page = client.get("/").text
        assert "There is too much text to gather here" in page
        assert "Still being computed" not in page
        assert 'id="claims-table"' not in page


@pytest.mark.parametrize("path", [*PATHS, "/nothing", "/data/doc-99"])
def test_every_answer_has_safe_headers(client: Any, path: str) -> None:
    headers = client.get(path).headers
    assert all(name in headers for name in HEADERS)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.1:8765"])
def test_another_host_name_is_refused(client: Any, host: str) -> None:
    answer = client.get("/data/index", headers={"Host": host})
    assert answer.status_code == 400
    assert "x-content-type-options" in answer.headers
    assert client.get("/", headers={"Host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/search", "/data/index"])
def test_nothing_but_corrections_can_be_sent(client: Any, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 405


def test_a_correction_is_kept_and_shown(client: Any, study: Study) -> None:
    found = next(s for s in stances(client) if s["holder"] == "周知远")
    decision = {"id": found["id"], "verdict": "changed", "to": {"polarity": "against"}}
    answer = client.post("/corrections", json={"stance": [decision]}, headers=token(client))
    assert (answer.status_code, answer.json()) == (200, {"done": True})
    (now,) = [s for s in stances(client) if s["id"] == found["id"]]
    assert (now["polarity"], now["verdict"]) == ("against", "changed")
    assert found["id"] in {c.stance for c in study.corrections().stances}
    undo = {"undo": {"stance": [{"id": found["id"]}]}}
    assert client.post("/corrections", json=undo, headers=token(client)).status_code == 200
    assert next(s for s in stances(client) if s["id"] == found["id"]) == found


def test_a_rejected_stance_leaves_the_views(client: Any) -> None:
    before = stances(client)
    decision = {"id": before[0]["id"], "verdict": "rejected"}
    client.post("/corrections", json={"stance": [decision]}, headers=token(client))
    assert {s["id"] for s in stances(client)} == {s["id"] for s in before[1:]}
    assert "changed 0 and rejected 1;" in client.get("/").text


def test_names_are_corrected(client: Any) -> None:
    body = {"name": [{"name": "林博士", "type": "PERSON", "aliases": ["林若海"]}]}
    assert client.post("/corrections", json=body, headers=token(client)).status_code == 200
    assert "林博士" in {s["holder"] for s in stances(client)}
    body = {"undo": {"name": [{"name": "林博士"}]}}
    assert client.post("/corrections", json=body, headers=token(client)).status_code == 200
    assert "林博士" not in {s["holder"] for s in stances(client)}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-CSRF-Token": "guessed"}, 403),
        ({"X-CSRF-Token": ""}, 403),
        ({"Content-Type": "text/plain"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8765"}, 200),
    ],
)
def test_only_the_page_itself_may_correct(
    client: Any, study: Study, headers: dict[str, str], status: int
) -> None:
    sent = {"Content-Type": "application/json", **token(client), **headers}
    answer = client.post("/corrections", content='{"ignore": ["甲"]}', headers=sent)
    assert answer.status_code == status
    assert (study.folder / CORRECTIONS).exists() is (status == 200)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[1]", 400),
        ("{", 400),
        ('{"stance": [{"id": "nope", "verdict": "confirmed"}]}', 400),
        ('{"stance": [{"id": "nope"}]}', 400),
        ('{"undo": {"stance": [{}]}}', 400),
        ('{"undo": {"stance": 3}}', 400),
        ('{"name": [{"name": ""}]}', 400),
        ('{"name": "x"}', 400),
        (json.dumps({"ignore": ["x" * (1 << 20)]}), 403),
    ],
)
def test_nonsense_is_refused_and_leaves_no_trace(
    client: Any, study: Study, body: str, status: int
) -> None:
    sent = {"Content-Type": "application/json", **token(client)}
    answer = client.post("/corrections", content=body, headers=sent)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert not (study.folder / CORRECTIONS).exists()


def test_a_run_in_progress_is_told(client: Any, study: Study) -> None:
    with Recording.open(study.folder):
        body = {"ignore": ["甲"]}
        answer = client.post("/corrections", json=body, headers=token(client))
    assert answer.status_code == 409
    assert "in use" in answer.json()["error"]


def test_search_and_concordance_page_by_page(indexed: Path) -> None:
    with serving(indexed) as client:
        first = client.get("/search", params={"q": "开源"}).text
        assert first.count("<li>") == 20
        assert "page=2" in first
        second = client.get("/search", params={"q": "开源", "page": "2"}).text
        assert second.count("<li>") == 6
        assert "page=3" not in second
        lines = client.get("/concordance", params={"q": "快充 date:2024"})
        assert (lines.status_code, "alert" in lines.text) == (400, True)
        lines = client.get("/concordance", params={"q": "快充"}).text
        assert "300 places in 24 documents" in lines
        assert lines.count("<tr>") == 20
        assert 'href="./#d' in lines
        deep = client.get("/concordance", params={"q": "快充", "page": "16"}).text
        assert "Nothing was found" in deep
        assert client.get("/search", params={"q": "。"}).status_code == 400
        where = client.get("/search", params={"q": "开源", "where": "nofield=1"})
        assert (where.status_code, "nofield" in where.text) == (400, True)
        assert client.get("/search", params={"q": "开源", "page": "-1"}).text == first


def test_what_is_found_is_text(indexed: Path) -> None:
    with serving(indexed) as client:
        for path in ("/search", "/concordance"):
            page = client.get(path, params={"q": "script"}).text
            assert "<script>" not in page
            assert "<b>" not in page
        hostile = '"><img src=x>\u202e'
        page = client.get("/search", params={"q": hostile, "where": hostile}).text
        assert "<img" not in page
        assert "\u202e" not in page


def test_hostile_names_are_text(make_study: MakeStudy) -> None:
    words = '<img src="x">支持=cmd()\u202e😀'
    draft = Draft.of("<i>.txt", f"{words}。\n", title="</title><script>alert(1)</script>")
    draft.stance(words, "<b>甲</b>", '"><script>', "favor")
    with serving(make_study([draft]).folder) as client:
        page = client.get("/").text
        assert "<script>" not in page.replace('<script src="report.js">', "")
        assert "<img" not in page
        assert "<b>甲" not in page
        assert "\u202e" not in page


def test_before_the_view_is_there_the_page_asks_for_patience(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    from lunheng_plugins.serving import live
    from lunheng_plugins.serving.app import make_app

    monkeypatch.setattr(live.Live, "start", lambda self: None)
    with TestClient(make_app(study.folder, "en"), base_url="http://127.0.0.1") as client:
        page = client.get("/")
        assert (page.status_code, page.headers["retry-after"]) == (503, "2")
        assert "Reading the study" in page.text
        assert client.get("/data/index").status_code == 503


def test_a_users_templates_come_first(study: Study, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "masthead.html.j2").write_text("<p>house style</p>", "utf-8")
    with serving(study.folder, templates=str(tmp_path / "mine")) as client:
        assert "<p>house style</p>" in client.get("/").text


def test_what_is_no_study_is_not_served(tmp_path: Path) -> None:
    from lunheng_plugins.serving.app import make_app

    with pytest.raises(StudyError, match="not a study"):
        make_app(tmp_path, "en")
