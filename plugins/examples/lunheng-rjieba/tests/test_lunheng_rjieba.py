"""The contract that Lunheng has with the plugin, and what it cuts."""

import lunheng_rjieba

from lunheng.testing import TokenizerContract


class TestRjieba(TokenizerContract):
    """Every check of the contract runs on the plugin."""

    plugin = lunheng_rjieba

    def test_words_are_cut_and_white_space_is_none(self) -> None:
        """Offsets lead to the words."""
        text = "我们支持 开源"
        words = [text[start:end] for start, end in self.load().made.spans(text)]
        assert words == ["我们", "支持", "开源"]
