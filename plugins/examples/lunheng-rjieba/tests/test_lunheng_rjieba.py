"""The contract that Lunheng has with the plugin, and what it cuts."""

import lunheng_rjieba

from lunheng.testing import TokenizerContract, analyse_text


class TestRjieba(TokenizerContract):
    """Every check of the contract runs on the plugin."""

    plugin = lunheng_rjieba

    def test_words_are_cut_and_white_space_is_none(self) -> None:
        """Offsets lead to the words."""
        text = "我们支持 开源"
        words = [text[start:end] for start, end in self.load().made.spans(text)]
        assert words == ["我们", "支持", "开源"]


def test_the_analysis_runs_on_its_words() -> None:
    """It takes part in an analysis in the place of the built-in segmenter."""
    result = analyse_text("林若海说：“我们支持开源。”", lunheng_rjieba, settings={"hmm": False})
    assert result.failures == []
    tokens = result.document.tokens
    assert tokens is not None
    assert "支持" in [result.document.text[start:end] for start, end in tokens]
