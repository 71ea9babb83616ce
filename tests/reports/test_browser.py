"""The page in a real browser: it draws, filters, opens evidence, and asks nobody for anything."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lunheng.correcting import correct, import_corrections
from lunheng.study import Study
from lunheng_plugins.reports import html
from reports.conftest import Draft, MakeStudy

webdriver = pytest.importorskip("selenium.webdriver", reason="the group `browser` is not installed")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="no Chromium with its driver here"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

SENT = "Network.requestWillBeSent"

Page = Callable[..., Any]


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Page]:
    """Return a function that writes a study's page, opens it, and waits until it is ready."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=webdriver.ChromeService(DRIVER), options=options)

    def open_page(study: Study, *, anchor: str = "", width: int = 1300, dark: bool = False) -> Any:
        (path,) = html.lunheng_reports(None).write(study, tmp_path / "out", "zh")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        driver.get_log("performance")  # forget what the new tab asked for
        driver.get(f"{path.as_uri()}{anchor}")
        wait(driver, "return document.documentElement.dataset.ready === 'true'")
        return driver

    yield open_page
    driver.quit()


def wait(driver: Any, condition: str) -> None:
    """Wait until a script's condition holds."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, 10, poll_frequency=0.05).until(lambda d: d.execute_script(condition))


def texts(driver: Any, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map((n) => n.textContent)"
    return list(driver.execute_script(script, selector))


def click(driver: Any, selector: str) -> None:
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def type_into(driver: Any, selector: str, value: str) -> None:
    script = (
        "const n = document.querySelector(arguments[0]); n.value = arguments[1];"
        "n.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    driver.execute_script(script, selector, value)


def complaints(driver: Any) -> list[str]:
    return [entry["message"] for entry in driver.get_log("browser")]


def requests(driver: Any) -> list[str]:
    """Return the addresses of all requests since the page was opened."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == SENT]
    return [url for url in sent if not url.startswith("chrome:")]


def test_the_matrix_is_drawn_filtered_and_opened(study: Study, browse: Page) -> None:
    page = browse(study)
    assert set(texts(page, "#matrix-table .holder")) == {"林若海", "周知远", "文1作者"}
    assert set(texts(page, "#matrix-table .target")) == {"开源路线", "闭源路线"}
    assert sorted(texts(page, "#matrix-table .cell")) == ["+1"] * 3 + ["−1"] * 3
    type_into(page, "#filter-text", "周知远 开源")
    assert texts(page, "#matrix-table .holder") == ["周知远"]
    assert texts(page, "#matrix-table .cell") == ["+1"]
    click(page, "#matrix-table .cell")
    wait(page, "return document.querySelector('#evidence .card') !== null")
    assert page.execute_script("return document.querySelector('#evidence').open")
    assert texts(page, "#evidence .words.cleaned .stance") == [
        "我",
        "支持",
        "开",
        "(kāi)",
        "源路线",
    ]
    assert texts(page, "#evidence .words.cleaned .cue") == ["支持"]
    assert "(kāi)" in texts(page, "#evidence .words.original")[0]
    assert "b_interview.txt:3:11  [25–37]" in texts(page, "#evidence .place")[0]
    assert complaints(page) == []
    assert requests(page) == [page.current_url]


def test_a_place_can_be_sent_as_an_address(study: Study, browse: Page) -> None:
    page = browse(study, anchor="#d2:19-26")
    wait(page, "return document.querySelector('#reader .here') !== null")
    assert "".join(texts(page, "#reader .stance.here")) == "我支持开(kāi)源路线"
    assert texts(page, "#reader .speaker") == ["主持人", "周知远", "周知远"][:3]
    assert page.execute_script("return document.querySelector('#report').hidden")
    visible = "return document.querySelector('#reader .was').checkVisibility()"
    assert not page.execute_script(visible)
    click(page, "#reader-tools input[value=original]")
    assert page.execute_script(visible)
    click(page, "#reader .notes .open")
    wait(page, "return document.querySelector('#evidence .card') !== null")
    page.execute_script("location.hash = '#matrix'")
    wait(page, "return !document.querySelector('#report').hidden")
    assert complaints(page) == []


def test_the_keyboard_walks_the_matrix_and_closes_the_evidence(study: Study, browse: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page = browse(study)
    page.execute_script("document.querySelector('#matrix-table .cell').focus()")
    first = page.switch_to.active_element.get_attribute("aria-label")
    page.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    second = page.switch_to.active_element.get_attribute("aria-label")
    assert first != second
    page.switch_to.active_element.send_keys(Keys.ENTER)
    wait(page, "return document.querySelector('#evidence').open")
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    wait(page, "return !document.querySelector('#evidence').open")
    assert page.switch_to.active_element.get_attribute("aria-label") == second


@pytest.mark.parametrize("width", [360, 1300])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_runs_over_the_edge(study: Study, browse: Page, width: int, dark: bool) -> None:
    page = browse(study, width=width, dark=dark)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    ink, paper = page.execute_script(
        "const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]"
    )
    assert (sum(channels(ink)) > sum(channels(paper))) is dark


def test_the_first_screen_says_who_stands_where_in_which_words(study: Study, browse: Page) -> None:
    page = browse(study)
    assert texts(page, "#answer .debate h3 + .sides .side.favor .camp")[0].startswith("支持")
    quoted = texts(page, "#answer .side .stance")
    assert "开源路线一定会赢" in quoted
    bottom = "return document.querySelector('#answer .sides').getBoundingClientRect().bottom"
    assert page.execute_script(bottom) < 900
    click(page, "#answer .side .place")
    wait(page, "return document.querySelector('#reader .here') !== null")
    assert complaints(page) == []


def test_decisions_are_prepared_kept_and_taken_over(
    study: Study, browse: Page, tmp_path: Path
) -> None:
    page = browse(study)
    downloads = {"behavior": "allow", "downloadPath": str(tmp_path)}
    page.execute_cdp_cmd("Page.setDownloadBehavior", downloads)
    click(page, "#matrix-table .cell")
    wait(page, "return document.querySelector('.judge .reject') !== null")
    rejected = texts(page, "#evidence .stance-id")[0]
    click(page, ".judge .reject")
    click(page, "#evidence-close")
    assert texts(page, "#tray-count") == ["已备 1 处更正"]
    assert texts(page, "#tray-command") == ["lunheng correct study --import corrections.json"]
    page.refresh()
    wait(page, "return document.documentElement.dataset.ready === 'true'")
    assert texts(page, "#tray-count") == ["已备 1 处更正"]
    type_into(page, "#entities input[type=search]", "林若海")
    wait(page, "return document.querySelectorAll('#entities tbody tr').length === 1")
    click(page, "#entities tbody button")
    type_into(page, "#entities form input", "林博士")
    click(page, "#entities form button[type=submit]")
    assert texts(page, "#tray-count") == ["已备 2 处更正"]
    click(page, "#tray-download")
    file = tmp_path / "corrections.json"
    end = time.monotonic() + 10
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.05)
    change, _ = import_corrections(study, file)
    correct(study.folder, change)
    held = study.corrections()
    assert [(c.stance, c.verdict) for c in held.stances] == [(rejected, "rejected")]
    assert held.names.find("林若海") == held.names.find("林博士")
    click(page, "#tray-clear")
    assert not page.execute_script("return document.querySelector('#tray').checkVisibility()")
    assert complaints(page) == []
    assert [url for url in requests(page) if not url.startswith(("file:", "blob:"))] == []


def test_a_served_study_is_corrected_from_its_page(study: Study, browse: Page) -> None:
    pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")
    page = browse(study)
    command = [sys.executable, "-m", "lunheng", "--lang", "zh", "serve", str(study.folder)]
    with subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().strip()
            page.get_log("performance")
            page.get(address)
            wait(page, "return document.documentElement.dataset.ready === 'true'")
            click(page, "#matrix-table .cell")
            wait(page, "return document.querySelector('.judge .change') !== null")
            name = texts(page, "#evidence .stance-id")[0]
            click(page, ".judge .change")
            script = "document.querySelector('.judge form select').value = 'neutral'"
            page.execute_script(script)
            click(page, ".judge form button[type=submit]")
            wait(page, "return document.querySelector('.judge .undo') !== null")
            (held,) = study.corrections().stances
            assert (held.stance, held.to) == (name, {"polarity": "neutral"})
            page.get(f"{address}#d2:19-26")
            wait(page, "return document.querySelector('#reader .here') !== null")
            page.get(f"{address}search")
            page.get(f"{address}concordance")
            assert [m for m in complaints(page) if "(Service Unavailable)" not in m] == []
            asked = requests(page)
            assert len(asked) > 4
            assert [url for url in asked if not url.startswith(address)] == []
        finally:
            server.terminate()


@pytest.mark.parametrize("width", [360, 1300])
def test_long_names_stay_within_the_page(make_study: MakeStudy, browse: Page, width: int) -> None:
    target = "以开放源代码为基础的下一代通用人工智能基础设施建设路线" * 2
    drafts = [Draft.of("a.txt", f"我支持{target}。\n", title="标题" * 60)]
    drafts[0].stance(f"我支持{target}", "某某研究院首席经济学家" * 5, target, "favor")
    drafts.append(Draft.of("b.txt", f"我反对{target}。\n"))
    drafts[1].stance(f"我反对{target}", "Anunbrokenname" * 6, target, "against")
    page = browse(make_study(drafts), width=width)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert complaints(page) == []


def test_a_study_without_stances_has_a_quiet_page(make_study: MakeStudy, browse: Page) -> None:
    page = browse(make_study([Draft.of("a.txt", "今天天气很好，大家去公园散步。\n")]))
    assert texts(page, "#matrix") == []
    assert "--frames" in texts(page, "#answer .lead")[0]
    assert complaints(page) == []


def channels(color: str) -> list[int]:
    return [int(part) for part in color[4:-1].split(",")]


def test_hostile_text_is_shown_and_nothing_runs(make_study: MakeStudy, browse: Page) -> None:
    words = '<img src="x" onerror="document.title=1">支持"开源"=cmd()\u202e反转😀'
    draft = Draft.of("<i>.txt", f"{words}。\n", title="</script><script>document.title=2</script>")
    draft.stance(words, "<b>甲</b>", "</script>", "favor")
    page = browse(make_study([draft]))
    assert texts(page, "#matrix-table .holder") == ["<b>甲</b>"]
    click(page, "#matrix-table .cell")
    wait(page, "return document.querySelector('#evidence .card') !== null")
    shown = "".join(texts(page, "#evidence .stance"))
    assert shown == words.replace("\u202e", "⟨U+202E⟩")
    assert page.title == "谁站在哪一边 · Lunheng"
    assert page.execute_script("return document.images.length") == 0
    assert complaints(page) == []
