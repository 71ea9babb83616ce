"""The configuration: its three places, its types, and errors that say where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from lunheng.config import Config
from lunheng.errors import ConfigError
from lunheng.plugins import PluginEntry

CUES = PluginEntry("stance", "my-cues", "my_cues", "my-cues", "1.0")


@dataclass(frozen=True, slots=True)
class Knobs:
    threshold: float = 0.5
    frames: tuple[str, ...] = ()
    lexicon: Path | None = None
    limit: int = 3

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise ValueError("limit is negative")


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "lunheng.toml"
    path.write_text(
        '[stages]\nstance = "my-cues"\n\n[plugins.my-cues]\n# a comment\nthreshold = 0.3\n'
        'frames = ["ai"]\nlexicon = "words.txt"\n',
        "utf-8",
    )
    return path


def test_file_environment_and_assignment_override_in_this_order(toml: Path) -> None:
    environment = {"LUNHENG_PLUGINS__MY_CUES__THRESHOLD": "0.6", "LUNHENG_OTHER": "x"}
    config = Config.load(toml, environment, ["plugins.my-cues.limit=7"])
    assert config.stages("stance") == ("my-cues",)
    assert config.fill(CUES, Knobs) == Knobs(0.6, ("ai",), Path("words.txt"), 7)
    assert config.of_plugin(CUES)["threshold"].origin == "LUNHENG_PLUGINS__MY_CUES__THRESHOLD"
    assert config.of_plugin(CUES)["frames"].origin == f"{toml}:7:1"


def test_an_assignment_may_be_a_comma_list() -> None:
    config = Config.load(None, {}, ["plugins.my-cues.frames=ai, cars", "stages.cleaners=a,b"])
    assert config.fill(CUES, Knobs).frames == ("ai", "cars")
    assert config.stages("cleaners") == ("a", "b")


def test_the_kind_tells_plugins_of_one_name_apart() -> None:
    other = PluginEntry("entities", "my-cues", "m", "d", "1")
    config = Config.load(None, {}, ["plugins.stance.my-cues.limit=1", "plugins.my-cues.limit=2"])
    assert config.fill(CUES, Knobs).limit == 1
    assert config.fill(other, Knobs).limit == 2


@pytest.mark.parametrize(
    ("text", "place", "complaint"),
    [
        ("[plugins.my-cues]\nthreshold = 'high'\n", "2:1", "Expected `float`, got `str`"),
        ("[plugins.my-cues]\nlimit = 1\nlimits = 2\n", "3:1", "Did you mean 'limit'?"),
        ("\n[plugins.my-cues]\n  limit = -1\n", "3:3", "limit is negative"),
        ("[plugins.stance.my-cues]\nframes = 3\n", "2:1", "got `int`"),
        ("[plugins]\nmy-cues = {limit = 1, threshold = []}", "2:23", "got `array`"),
        ("plugins.'my-cues'.limit = [1]\n", "1:1", "got `array`"),
    ],
)
def test_an_error_points_into_the_file(
    tmp_path: Path, text: str, place: str, complaint: str
) -> None:
    path = tmp_path / "lunheng.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        Config.load(path).fill(CUES, Knobs)
    assert str(caught.value).startswith(f"{path}:{place}: ")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[stage]\nstance = 'x'", "[stages]\nstances = 'x'", "x = 1", "[stages\n", "\udcff"]
)
def test_a_file_without_meaning_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lunheng.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=r"lunheng\.toml"):
        Config.load(path)


def test_what_is_no_toml_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "lunheng.toml"
    path.write_text("[stages]\nstance = x\n", "utf-8")
    with pytest.raises(ConfigError, match=rf"{re.escape(str(path))}:2:10: this is not TOML"):
        Config.load(path)


def test_a_disabled_stage_that_is_not_there_is_refused() -> None:
    config = Config.load(None, {}, ["plugins.disabled=stance.my-ceus"])
    with pytest.raises(ConfigError, match=r"--set .*Did you mean 'stance\.my-cues'\?"):
        config.check_names([CUES])
    assert Config.load(None, {}, ["plugins.disabled=stance.my-cues"]).disabled == {CUES.key}


def test_settings_for_a_plugin_that_is_not_there_are_refused(toml: Path) -> None:
    config = Config.load(toml)
    config.check_names([CUES])
    with pytest.raises(ConfigError, match=r"lunheng\.toml:6:1: .*my_cues\.threshold"):
        config.check_names([])


def test_several_names_for_a_stage_of_one_are_refused() -> None:
    with pytest.raises(ConfigError, match="one name"):
        Config.load(None, {}, ["stages.engines=a,b"]).stages("engines")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read"):
        Config.load(tmp_path / "none.toml")
