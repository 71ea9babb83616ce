"""Choose the sequences of characters that the compact layout stores as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.native.phrases import PhraseParser

ROUNDS = 5
LEAST = 6
LONGEST = 16
MOST_TOKENS = 1 << 16
SAMPLE = 1 << 22


@dataclass(frozen=True, slots=True)
class Phrases:
    """Tokens that stand for sequences of codes.

    Attributes:
        parser: what finds them in a text.
        lengths: uint8, how many codes each has.
        codes: uint16, their codes, one phrase behind the other.
        frequencies: uint64, how often each code and each phrase is expected, 1 at least.
    """

    parser: PhraseParser
    lengths: NDArray[np.uint8]
    codes: NDArray[np.uint16]
    frequencies: NDArray[np.uint64]


def sample(stretches: Iterable[NDArray[np.uint16]], total: int) -> NDArray[np.uint16]:
    """Return ``SAMPLE`` codes at most, the same part of each stretch."""
    part = min(1.0, SAMPLE / max(total, 1))
    taken = [stretch[: int(len(stretch) * part)].copy() for stretch in stretches]
    return np.concatenate(taken)


def choose_phrases(codes: NDArray[np.uint16], n_codes: int, block: int) -> Phrases:
    """Learn phrases from a sample of text.

    In each round the text is parsed with the phrases so far, and the most frequent pairs of
    tokens become phrases; each round may take its share of the tokens that are left.

    Args:
        codes: the sample.
        n_codes: how many codes the whole text has.
        block: how many codes are parsed by themselves.
    """
    pairs = np.empty((0, 2), np.uint16)
    spelt: list[tuple[int, ...]] = []
    for left in range(ROUNDS, 0, -1):
        parser = PhraseParser(n_codes, pairs)
        tokens, ends = parser.parse(codes, block)
        room = (MOST_TOKENS - n_codes - len(pairs)) // left
        lengths = np.array([1] * n_codes + [len(phrase) for phrase in spelt], np.int64)
        new = _frequent_pairs(tokens, ends, lengths, room)
        for first, second in new.tolist():
            spelt.append(_codes_of(first, n_codes, spelt) + _codes_of(second, n_codes, spelt))
        pairs = np.concatenate([pairs, new])
        if not len(new):
            break
    parser = PhraseParser(n_codes, pairs)
    tokens, _ = parser.parse(codes, block)
    frequencies = np.bincount(tokens, minlength=n_codes + len(pairs)).astype(np.uint64)
    return Phrases(
        parser,
        np.array([len(phrase) for phrase in spelt], np.uint8),
        np.array([code for phrase in spelt for code in phrase], np.uint16),
        np.maximum(frequencies, np.uint64(1)),
    )


def _codes_of(token: int, n_codes: int, spelt: list[tuple[int, ...]]) -> tuple[int, ...]:
    return (token,) if token < n_codes else spelt[token - n_codes]


def _frequent_pairs(
    tokens: NDArray[np.uint16], ends: NDArray[np.uint32], lengths: NDArray[np.int64], room: int
) -> NDArray[np.uint16]:
    """Return the pairs of neighbours in one block that occur most, frequent ones first."""
    keys = (tokens[:-1].astype(np.uint32) << np.uint32(16)) | tokens[1:]
    within = np.ones(len(keys), np.bool_)
    within[ends[:-1] - 1] = False
    within &= lengths[tokens[:-1]] + lengths[tokens[1:]] <= LONGEST
    distinct, counts = np.unique(keys[within], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:room]
    chosen = distinct[order[counts[order] >= LEAST]]
    return np.stack([chosen >> np.uint32(16), chosen & np.uint32(0xFFFF)], axis=1).astype(np.uint16)
