"""The contract that Lunheng has with the plugin, and what it writes."""

import csv
from pathlib import Path

import lunheng_tsv

from lunheng.study import Study
from lunheng.testing import ReportContract, write_study


class TestTsv(ReportContract):
    """Every check of the contract runs on the plugin."""

    plugin = lunheng_tsv

    def test_rows_come_back(self, tmp_path: Path) -> None:
        """What was written reads back as the study's rows."""
        with Study.open(write_study(tmp_path / "study")) as study:
            path = self.load().made.write(study, tmp_path, "en")[0]
            with path.open(encoding="utf-8-sig", newline="") as stream:
                (row,) = csv.DictReader(stream, delimiter="\t")
            (stored,) = study.rows("stances")
            assert (row["holder"], row["target"]) == (stored["holder"], stored["target"])
