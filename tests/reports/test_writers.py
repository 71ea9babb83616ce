"""The files that the writers write: whole, safe, in both languages, the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from lunheng.errors import ConfigError
from lunheng.protocols import ReportWriter
from lunheng.study import Study
from lunheng_plugins.reports import html, json_, markdown
from reports.conftest import Draft, MakeStudy

WRITERS = {
    "html": html.lunheng_reports(None),
    "markdown": markdown.lunheng_reports(None),
    "json": json_.lunheng_reports(None),
}
HOSTILE = (
    '<script>alert(1)</script>支持"开源"。\n\n'
    "</script><img src=x onerror=alert(2)>\u202e反对闭源。=cmd()|甲 𠮷😀*粗*\n"
)


def read(writer: ReportWriter, study: Study, folder: Path, lang: str = "zh") -> str:
    (path,) = writer.write(study, folder, lang)
    return path.read_text("utf-8")


def unpack(page: str, name: str) -> Any:
    packed = re.search(rf'<script type="text/plain" id="{name}">([^<]*)</script>', page)
    assert packed
    return json.loads(zlib.decompress(base64.b64decode(packed[1])))


@pytest.fixture
def hostile(make_study: MakeStudy) -> Study:
    draft = Draft.of("<b>=x.txt", HOSTILE, title="</title><script>alert(3)</script>")
    draft.stance('支持"开源"', "<b>甲</b>", "=cmd()|'/c calc'!A0", "favor")
    draft.stance("反对闭源", "乙\u202e", "</script>", "against").mention("甲 𠮷😀", "PERSON")
    return make_study([draft], (("甲 𠮷😀", "PERSON", ["<i>"]),))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", WRITERS)
def test_reports_tell_who_holds_what_in_which_words(
    name: str, lang: str, study: Study, tmp_path: Path
) -> None:
    text = read(WRITERS[name], study, tmp_path / "out", lang)
    if name == "html":
        text += json.dumps(unpack(text, "data"), ensure_ascii=False)
        text += "".join(unpack(text, f"doc-{n}")["text"] for n in (1, 2, 3))
    for words in ("林若海", "周知远", "开源路线", "闭源路线没有前途", "3000万美元", "云雀大模型"):
        assert words in text
    assert "d_broken.txt" in text
    assert "expected text, found NUL" in text


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_study_gives_the_same_bytes(name: str, study: Study, tmp_path: Path) -> None:
    first = read(WRITERS[name], study, tmp_path / "first")
    assert read(WRITERS[name], study, tmp_path / "second") == first


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_study_has_a_report(name: str, make_study: MakeStudy, tmp_path: Path) -> None:
    assert read(WRITERS[name], make_study([]), tmp_path / "out", "en")


def test_json_gives_the_place_of_every_quotation(study: Study, tmp_path: Path) -> None:
    record = json.loads(read(WRITERS["json"], study, tmp_path))
    assert record["format"] == "lunheng-report/1"
    item = next(e for e in record["evidence"] if e["text"] == "我支持开源路线")
    assert item["place"] == {
        "path": "b_interview.txt",
        "source_start": 25,
        "source_end": 37,
        "locator": None,
        "line": 3,
        "column": 11,
    }


def test_markdown_is_a_brief_with_quotations(study: Study, tmp_path: Path) -> None:
    text = read(WRITERS["markdown"], study, tmp_path)
    assert text.startswith("# ")
    assert "> 他说：“闭源路线没有前途。”" in text
    assert "`a_essay.txt:3:19`" in text
    assert "\n\n\n\n" not in text


def test_the_page_runs_only_its_own_script_and_loads_nothing(
    hostile: Study, tmp_path: Path
) -> None:
    page = read(WRITERS["html"], hostile, tmp_path)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    run = [body for attributes, body in scripts if "text/plain" not in attributes]
    assert len(run) == 1
    digest = base64.b64encode(hashlib.sha256(run[0].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert f"script-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy[1]
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:|//)|url\(|@import", page)
    assert " style=" not in page


def test_hostile_text_is_text(hostile: Study, tmp_path: Path) -> None:
    page = read(WRITERS["html"], hostile, tmp_path)
    assert "alert(" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL).replace(
        "&lt;script&gt;alert(", ""
    ).replace("onerror=alert(", "")
    assert "<img" not in page
    assert "\u202e" not in page
    text = read(WRITERS["markdown"], hostile, tmp_path)
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "\u202e" not in text.split("```text")[0]


def test_a_users_template_comes_first(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "masthead.html.j2").write_text("<h1>Ours & {{ say('title') }}</h1>", "utf-8")
    writer = html.lunheng_reports(html.HtmlSettings(templates=str(folder)))
    assert "<h1>Ours & 谁站在哪一边</h1>" in read(writer, study, tmp_path)
    lost = html.lunheng_reports(html.HtmlSettings(templates=str(tmp_path / "none")))
    with pytest.raises(ConfigError, match="no template folder"):
        lost.write(study, tmp_path, "zh")
