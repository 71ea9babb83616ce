# cython: boundscheck=False, wraparound=False, cdivision=True
# Row and label numbers are checked when an epoch begins; positions stay inside their sequence.
"""Train a chain of labels by stochastic gradients of a likelihood with margin.

The loss is softmax-margin (Gimpel and Smith, 2010): the conditional likelihood of a linear chain
(Lafferty et al., 2001) in which every wrong label scores a margin more. Steps are AdaGrad's (Duchi
et al., 2011); features drop out at random, so that none is relied on alone.
"""

from libc.math cimport expf, logf, sqrtf
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

import numpy as np

cdef enum:
    MOST_LABELS = 128

cdef float NEGLIGIBLE = 1e-3


cdef struct Chain:
    Py_ssize_t n
    float* scores       # position by label: scores, then errors
    float* forward      # position by label, each row sums to one
    float* bonds        # exponentials of the bigrams, 0 where forbidden: (n + 2) by n
    float* expected     # errors of the bigrams: (n + 2) by n


cdef inline uint64_t stirred(uint64_t* state) noexcept nogil:
    """Return the next number of SplitMix64."""
    state[0] += <uint64_t>0x9E3779B97F4A7C15
    cdef uint64_t z = state[0]
    z = (z ^ (z >> 30)) * <uint64_t>0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) * <uint64_t>0x94D049BB133111EB
    return z ^ (z >> 31)


cdef inline float normalised(float* values, Py_ssize_t n) noexcept nogil:
    """Scale values to a sum of one and return what they were multiplied by."""
    cdef Py_ssize_t y
    cdef float total = 0
    for y in range(n):
        total += values[y]
    total = 1 / total if total > 1e-30 else 1
    for y in range(n):
        values[y] *= total
    return total


cdef double chain_errors(
    Chain* chain, const uint8_t* gold, Py_ssize_t length, float margin
) noexcept nogil:
    """Replace scores by errors, gold minus marginal, add up the bigrams', return the log loss."""
    cdef Py_ssize_t n = chain.n, t, y, p
    cdef float[MOST_LABELS] ahead
    cdef float[MOST_LABELS] message
    cdef float peak, total
    cdef float* s
    cdef float* f
    cdef const float* bond
    cdef double loss = 0
    for t in range(length):
        s = chain.scores + t * n
        f = chain.forward + t * n
        peak = -1e30
        for y in range(n):
            s[y] += 0 if y == gold[t] else margin
            peak = s[y] if s[y] > peak else peak
        for y in range(n):
            s[y] = expf(s[y] - peak if s[y] - peak > -60 else -60)
        if t == 0:
            memcpy(f, chain.bonds + n * n, n * sizeof(float))
        else:
            memset(f, 0, n * sizeof(float))
            for p in range(n):
                bond = chain.bonds + p * n
                for y in range(n):
                    f[y] += f[p - n] * bond[y]
        for y in range(n):
            f[y] *= s[y]
        normalised(f, n)
    memcpy(ahead, chain.bonds + (n + 1) * n, n * sizeof(float))
    for t in range(length - 1, -1, -1):
        s = chain.scores + t * n
        f = chain.forward + t * n
        # Marginals of this position; then what the one before hears of it.
        for y in range(n):
            message[y] = ahead[y] * s[y]
            s[y] = f[y] * ahead[y]
        normalised(s, n)
        loss -= logf(s[gold[t]] + 1e-12)
        if t == length - 1:
            for y in range(n):
                chain.expected[(n + 1) * n + y] -= s[y]
            chain.expected[(n + 1) * n + gold[t]] += 1
        if t == 0:
            for y in range(n):
                chain.expected[n * n + y] -= s[y]
            chain.expected[n * n + gold[0]] += 1
        else:
            total = 0
            for p in range(n):
                bond = chain.bonds + p * n
                ahead[p] = 0
                for y in range(n):
                    ahead[p] += bond[y] * message[y]
                total += f[p - n] * ahead[p]
            total = 1 / total if total > 1e-30 else 0
            for p in range(n):
                bond = chain.bonds + p * n
                peak = f[p - n] * total
                if peak < 1e-6:
                    continue
                for y in range(n):
                    chain.expected[p * n + y] -= peak * bond[y] * message[y]
            chain.expected[gold[t - 1] * n + gold[t]] += 1
            normalised(ahead, n)
        for y in range(n):
            s[y] = -s[y]
        s[gold[t]] += 1
    return loss


cdef void learn_bigrams(
    Chain* chain, float* bigrams, float* squares, const uint8_t* allowed, float rate
) noexcept nogil:
    """Move the bigrams along their errors, and renew the bonds."""
    cdef Py_ssize_t i
    for i in range((chain.n + 2) * chain.n):
        if allowed[i]:
            squares[i] += chain.expected[i] * chain.expected[i]
            bigrams[i] += rate * chain.expected[i] / sqrtf(squares[i] + 1e-8)
            chain.bonds[i] = expf(bigrams[i])
        chain.expected[i] = 0


def train_epoch(
    const int32_t[:, ::1] rows not None, const uint8_t[::1] labels not None,
    const int64_t[:, ::1] sequences not None,
    float[:, ::1] weights not None, float[:, ::1] squares not None,
    float[:, ::1] bigrams not None, float[:, ::1] bigram_squares not None,
    const uint8_t[:, ::1] allowed not None,
    tuple rates not None, float decay, float margin, float dropout, uint64_t seed,
):
    """Go once over the sequences in the order given; return the mean log loss of a position.

    Args:
        rows: int32 of shape (positions, templates), rows of features, -1 for none.
        labels: uint8, the right label of every position.
        sequences: first position and length of each sequence, of shape (n, 2).
        weights, squares: float32 of shape (features, labels), changed in place.
        bigrams, bigram_squares: float32 of shape (labels + 2, labels), changed in place.
        allowed: uint8 of the same shape, 0 for bigrams that never are.
        rates: step size at the beginning and at the end.
        decay: how strongly a weight that is used is drawn to zero.
        margin: what a wrong label scores more.
        dropout: share of the features that are left out at random.
        seed: of the dropout.
    """
    cdef Py_ssize_t n = weights.shape[1], n_templates = rows.shape[1], i, t, k, y, longest = 1
    cdef int64_t first, length, seen = 0
    cdef float rate = rates[0], last = rates[1], step, gradient, scale = 1 / (1 - dropout), peak
    cdef uint64_t state = seed, limit = <uint64_t>(<double>dropout * 18446744073709551615.0)
    cdef double loss = 0
    cdef float* s
    cdef float* w
    cdef float* q
    cdef const float* source
    cdef uint8_t* kept
    cdef Chain chain
    if not 0 < n <= MOST_LABELS or int(np.max(labels, initial=0)) >= n:
        raise ValueError(f"expected labels below {n}, found {np.max(labels, initial=0)}")
    if int(np.max(rows, initial=-1)) >= weights.shape[0]:
        raise ValueError(f"expected rows below {weights.shape[0]}")
    for i in range(sequences.shape[0]):
        if not 0 <= sequences[i, 0] <= sequences[i, 0] + sequences[i, 1] <= labels.shape[0]:
            raise ValueError(f"sequence {i} lies outside the positions")
        longest = max(longest, sequences[i, 1])
    for shape in ((bigrams.shape[0], bigrams.shape[1]), (bigram_squares.shape[0], bigram_squares.shape[1]), (allowed.shape[0], allowed.shape[1])):
        if shape != (n + 2, n):
            raise ValueError(f"expected tables of shape ({n + 2}, {n}), found {shape}")
    chain.n = n
    chain.scores = <float*>malloc((2 * longest * n + 2 * (n + 2) * n) * sizeof(float))
    kept = <uint8_t*>malloc(longest * n_templates)
    if chain.scores == NULL or kept == NULL:
        free(chain.scores)
        free(kept)
        raise MemoryError(f"no room for a sequence of {longest} positions")
    chain.forward = chain.scores + longest * n
    chain.bonds = chain.forward + longest * n
    chain.expected = chain.bonds + (n + 2) * n
    with nogil:
        for i in range((n + 2) * n):
            chain.bonds[i] = expf((&bigrams[0, 0])[i]) if (&allowed[0, 0])[i] else 0
            chain.expected[i] = 0
        for i in range(sequences.shape[0]):
            first = sequences[i, 0]
            length = sequences[i, 1]
            step = rate + (last - rate) * i / sequences.shape[0]
            memset(chain.scores, 0, length * n * sizeof(float))
            for t in range(length):
                s = chain.scores + t * n
                for k in range(n_templates):
                    kept[t * n_templates + k] = rows[first + t, k] >= 0 and (
                        dropout == 0 or stirred(&state) >= limit
                    )
                    if kept[t * n_templates + k]:
                        source = &weights[rows[first + t, k], 0]
                        for y in range(n):
                            s[y] += scale * source[y]
            loss += chain_errors(&chain, &labels[first], length, margin)
            seen += length
            learn_bigrams(
                &chain, &bigrams[0, 0], &bigram_squares[0, 0], &allowed[0, 0], step
            )
            for t in range(length):
                s = chain.scores + t * n
                peak = 0
                for y in range(n):
                    peak = s[y] if s[y] > peak else (-s[y] if -s[y] > peak else peak)
                if peak < NEGLIGIBLE:
                    continue
                for k in range(n_templates):
                    if not kept[t * n_templates + k]:
                        continue
                    w = &weights[rows[first + t, k], 0]
                    q = &squares[rows[first + t, k], 0]
                    for y in range(n):
                        gradient = s[y] - decay * w[y]
                        q[y] += gradient * gradient
                        w[y] += step * gradient / sqrtf(q[y] + 1e-8)
    free(chain.scores)
    free(kept)
    return loss / max(1, seen)
