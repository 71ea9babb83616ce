# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# Unchecked: a feature's row is masked by the table's size, a power of two; spans, offsets, orders
# and labels are checked at the `def` boundary.
"""Features of texts as hashes, and linear models of few classes over them.

A feature is a 32-bit hash; its low bits are its row in the table of weights, so that there is no
dictionary to look up (Weinberger et al., 2009). Training is multinomial logistic regression with
AdaGrad steps (Duchi et al., 2011). Within an example every feature counts 1 / sqrt(features).
"""

from libc.math cimport expf, logf, sqrtf
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc

import numpy as np


def gram_hashes(const uint32_t[::1] codes, Py_ssize_t longest, uint32_t seed):
    """Return the hashes of all runs of 1 to ``longest`` codes, uint32, in order of their start.

    Codes may be code points or hashes of words; ``seed`` tells kinds of features apart.
    """
    cdef Py_ssize_t n = codes.shape[0], start, length, filled = 0
    cdef uint32_t h
    out = np.empty(max(n * longest, 0), np.uint32)
    cdef uint32_t[::1] room = out
    with nogil:
        for start in range(n):
            h = stirred(<uint32_t>0x811C9DC5, seed)
            for length in range(min(longest, n - start)):
                h = stirred(h, codes[start + length])
                room[filled] = finished(stirred(h, <uint32_t>(length + 1)))
                filled += 1
    return out[:filled]


def span_hashes(const uint32_t[::1] codes, const int32_t[:, ::1] spans):
    """Return one hash a span of codes, uint32: words as codes of their own.

    Raises ValueError for a span outside the codes.
    """
    cdef Py_ssize_t n = spans.shape[0], i, at
    cdef uint32_t h
    if spans.shape[1] != 2:
        raise ValueError(f"expected spans of shape (n, 2), found (n, {spans.shape[1]})")
    for i in range(n):
        if not 0 <= spans[i, 0] <= spans[i, 1] <= codes.shape[0]:
            raise ValueError(
                f"expected spans within {codes.shape[0]} codes, found span {i} "
                f"[{spans[i, 0]}, {spans[i, 1]})"
            )
    out = np.empty(n, np.uint32)
    cdef uint32_t[::1] room = out
    with nogil:
        for i in range(n):
            h = <uint32_t>0x811C9DC5
            for at in range(spans[i, 0], spans[i, 1]):
                h = stirred(h, codes[at])
            room[i] = finished(h)
    return out


def pair_hashes(const uint32_t[::1] left, const uint32_t[::1] right, uint32_t seed):
    """Return the hashes of all pairs of a feature of each side, uint32, row by row of ``left``."""
    cdef Py_ssize_t i, j, m = right.shape[0]
    cdef uint32_t h
    out = np.empty(left.shape[0] * m, np.uint32)
    cdef uint32_t[::1] room = out
    with nogil:
        for i in range(left.shape[0]):
            h = stirred(stirred(<uint32_t>0x811C9DC5, seed), left[i])
            for j in range(m):
                room[i * m + j] = finished(stirred(h, right[j]))
    return out


def scores(
    const uint32_t[::1] features,
    const int64_t[::1] offsets,
    const int16_t[:, ::1] weights,
    double scale,
):
    """Return the score of every class for every example, float32 of shape (examples, classes).

    ``weights`` has a power of two of rows; ``scale`` is what one unit of them is worth. Features
    of example i are ``features[offsets[i]:offsets[i + 1]]``.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, classes = weights.shape[1], i, y
    cdef int64_t at
    cdef uint32_t mask = <uint32_t>(weights.shape[0] - 1), row
    cdef int64_t[MOST_CLASSES] total
    cdef double norm
    _check(features.shape[0], np.asarray(offsets), weights.shape[0], classes)
    out = np.zeros((n, classes), np.float32)
    cdef float[:, ::1] room = out
    with nogil:
        for i in range(n):
            for y in range(classes):
                total[y] = 0
            for at in range(offsets[i], offsets[i + 1]):
                row = features[at] & mask
                for y in range(classes):
                    total[y] += weights[row, y]
            norm = scale / sqrtf(<float>max(offsets[i + 1] - offsets[i], 1))
            for y in range(classes):
                room[i, y] = <float>(total[y] * norm)
    return out


def train_epoch(
    const uint32_t[::1] features,
    const int64_t[::1] offsets,
    const uint8_t[::1] labels,
    const int64_t[::1] order,
    float[:, ::1] weights,
    float[:, ::1] squares,
    double rate,
    double decay,
    double dropout,
    uint64_t seed,
):
    """Change weights by one pass over the examples, and return the mean log loss.

    Args:
        features, offsets: as for `scores`.
        labels: the class of every example.
        order: the examples to learn from, in turn.
        weights, squares: of shape (rows, classes), rows a power of two; changed in place.
        rate: AdaGrad step.
        decay: how strongly the weights of an example's features are drawn to zero.
        dropout: share of features left out at random.
        seed: of what is left out.
    """
    cdef Py_ssize_t classes = weights.shape[1], k, y, used
    cdef int64_t i, at, most = 0
    cdef uint32_t mask = <uint32_t>(weights.shape[0] - 1), row
    cdef uint32_t cut = <uint32_t>(dropout * 4294967295.0)
    cdef uint64_t state = seed
    cdef float[MOST_CLASSES] value
    cdef float norm, peak, total, error, gradient
    cdef double loss = 0
    offsets_ = np.asarray(offsets)
    _check(features.shape[0], offsets_, weights.shape[0], classes)
    if (weights.shape[0], classes) != (squares.shape[0], squares.shape[1]):
        raise ValueError("expected as many squares as weights")
    if labels.shape[0] != len(offsets_) - 1 or (len(labels) and int(np.max(labels)) >= classes):
        raise ValueError(f"expected {len(offsets_) - 1} labels below {classes}")
    if len(order) and not 0 <= int(np.min(order)) <= int(np.max(order)) < len(labels):
        raise ValueError(f"expected an order of examples below {len(labels)}")
    most = int(np.diff(offsets_).max(initial=0))
    cdef uint32_t* rows = <uint32_t*>malloc(max(most, 1) * sizeof(uint32_t))
    if rows is NULL:
        raise MemoryError()
    with nogil:
        for k in range(order.shape[0]):
            i = order[k]
            used = 0
            for at in range(offsets[i], offsets[i + 1]):
                state = state * <uint64_t>6364136223846793005 + <uint64_t>1442695040888963407
                if cut == 0 or <uint32_t>(state >> 32) >= cut:
                    rows[used] = features[at] & mask
                    used += 1
            if used == 0:
                continue
            norm = 1 / sqrtf(<float>used)
            for y in range(classes):
                value[y] = 0
            for at in range(used):
                row = rows[at]
                for y in range(classes):
                    value[y] += weights[row, y]
            peak = value[0] * norm
            for y in range(classes):
                value[y] *= norm
                peak = value[y] if value[y] > peak else peak
            total = 0
            for y in range(classes):
                value[y] = expf(value[y] - peak)
                total += value[y]
            loss -= logf(max(value[labels[i]] / total, <float>1e-30))
            for y in range(classes):
                value[y] = (value[y] / total - (1 if y == labels[i] else 0)) * norm
            for at in range(used):
                row = rows[at]
                for y in range(classes):
                    gradient = value[y] + <float>decay * weights[row, y]
                    squares[row, y] += gradient * gradient
                    weights[row, y] -= <float>rate * gradient / sqrtf(squares[row, y])
    free(rows)
    return loss / max(order.shape[0], 1)


def _check(n_features, offsets, rows, classes):
    if rows <= 0 or rows & (rows - 1):
        raise ValueError(f"expected a power of two of rows, found {rows}")
    if not 1 <= classes <= MOST_CLASSES:
        raise ValueError(f"expected 1 to {MOST_CLASSES} classes, found {classes}")
    if len(offsets) == 0 or offsets[0] != 0 or offsets[len(offsets) - 1] != n_features or (np.diff(offsets) < 0).any():
        raise ValueError(f"expected ascending offsets from 0 to {n_features}")
