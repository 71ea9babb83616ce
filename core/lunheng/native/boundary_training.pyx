# cython: boundscheck=False, wraparound=False, cdivision=True
# Row numbers are checked against the weights when an epoch begins; positions stay inside a line.
"""Train a chain of word boundaries: gram weights by stochastic gradients of the likelihood."""

from libc.math cimport expf, logf, sqrtf
from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

import numpy as np

cdef enum:
    LANES = 8           # six boundaries from one before the gram's start, then two pairs

cdef float LIMIT = 15.0


cdef inline float bounded_exp(float x) noexcept nogil:
    return expf(LIMIT if x > LIMIT else (-LIMIT if x < -LIMIT else x))


cdef void add_scores(
    const int32_t* const* streams, Py_ssize_t n_streams, const float* weights,
    Py_ssize_t first, Py_ssize_t length, float* boundary, float* pair
) noexcept nogil:
    """Add the rows of all grams of a line to its boundary and pair scores.

    ``boundary`` and ``pair`` have two places before the line and six after it to spare.
    """
    cdef Py_ssize_t j, s, lane
    cdef int32_t row
    cdef const float* w
    cdef float* to
    for j in range(length):
        for s in range(n_streams):
            row = streams[s][first + j]
            if row < 0:
                continue
            w = weights + <Py_ssize_t>row * LANES
            to = boundary + j - (2 if s == 0 else 1)
            for lane in range(6):
                to[lane] += w[lane]
            pair[j] += w[6]
            pair[j + 1] += w[7]


cdef void learn(
    const int32_t* const* streams, Py_ssize_t n_streams, float* weights, float* squares,
    Py_ssize_t first, Py_ssize_t length, const float* boundary_error, const float* pair_error,
    float rate
) noexcept nogil:
    """Move every row of a line along its gradient, each weight at its own pace (AdaGrad)."""
    cdef Py_ssize_t j, s, lane
    cdef int32_t row
    cdef float* w
    cdef float* q
    cdef const float* error
    cdef float[8] gradient
    for j in range(length):
        for s in range(n_streams):
            row = streams[s][first + j]
            if row < 0:
                continue
            w = weights + <Py_ssize_t>row * LANES
            q = squares + <Py_ssize_t>row * LANES
            error = boundary_error + j - (2 if s == 0 else 1)
            for lane in range(6):
                gradient[lane] = error[lane]
            gradient[6] = pair_error[j]
            gradient[7] = pair_error[j + 1]
            for lane in range(8):
                q[lane] += gradient[lane] * gradient[lane]
                w[lane] += rate * gradient[lane] / sqrtf(q[lane])


cdef double line_errors(
    Py_ssize_t length, const float* target, float weight,
    float* boundary, float* pair, float* forward
) noexcept nogil:
    """Replace scores by errors (target minus marginal) and return the line's log loss.

    Boundaries 0 and ``length`` are given, and so are those whose target is 2 or -1: they carry no
    error. ``forward`` has room for ``length + 1`` odds.
    """
    cdef Py_ssize_t i
    cdef float odds, message = 1.0, ahead, bond, p, q, wanted, pair_wanted
    cdef double loss = 0.0
    # Odds of a boundary against none, given all to its left.
    forward[0] = 3e6
    for i in range(1, length):
        bond = bounded_exp(pair[i - 1])
        if target[i] > 1.5:
            forward[i] = 3e6
        else:
            forward[i] = bounded_exp(boundary[i]) * (1.0 + forward[i - 1] * bond) / (1.0 + forward[i - 1])
    ahead = 3e6
    for i in range(length - 1, -1, -1):
        bond = bounded_exp(pair[i])
        # Pair of the boundaries i and i + 1.
        q = forward[i] * bond * ahead
        q = q / (1.0 + forward[i] + ahead + q)
        message = (1.0 + bond * ahead) / (1.0 + ahead)
        odds = forward[i] * message
        p = odds / (1.0 + odds)
        wanted = 1.0 if (i == 0 or target[i] > 1.5) else target[i]
        pair_wanted = wanted * (1.0 if i + 1 == length or target[i + 1] > 1.5 else target[i + 1])
        if i > 0:
            ahead = (3e6 if target[i] > 1.5 else bounded_exp(boundary[i])) * message
        pair[i] = weight * (pair_wanted - q)
        if i > 0 and target[i] <= 1.5:
            boundary[i] = weight * (wanted - p)
            loss -= wanted * logf(p + 1e-9) + (1.0 - wanted) * logf(1.0 - p + 1e-9)
        else:
            boundary[i] = 0.0
    boundary[length] = 0.0
    return loss * weight


def train_epoch(
    list streams, float[:, ::1] weights, float[:, ::1] squares, const float[::1] target,
    const int64_t[:, ::1] lines, const float[::1] line_weights,
    float rate, float last_rate,
):
    """Go once over ``lines`` in the order given and return the mean log loss a boundary.

    Args:
        streams: int32 arrays, one row number a unit and -1 for none; stream 0 are the units.
        weights, squares: rows of eight, changed in place.
        target: wanted probability of a boundary before each unit; 2 where one is given.
        lines: first unit and length of each line, of shape (n, 2).
        line_weights: weight of each line.
        rate, last_rate: step size at the beginning and at the end.
    """
    cdef Py_ssize_t n_streams = len(streams), s, k, longest = 0, first, length
    cdef const int32_t** pointers = <const int32_t**>malloc(n_streams * sizeof(void*))
    cdef const int32_t[::1] view
    for s in range(n_streams):
        view = streams[s]
        if view.shape[0] != target.shape[0] or int(np.max(streams[s], initial=0)) >= weights.shape[0]:
            free(pointers)
            raise ValueError(f"stream {s} does not fit the targets or the weights")
        pointers[s] = &view[0]
    for k in range(lines.shape[0]):
        longest = max(longest, lines[k, 1])
    cdef float* scratch = <float*>malloc(3 * (longest + 12) * sizeof(float))
    cdef float* boundary = scratch + 2
    cdef float* pair = boundary + longest + 10
    cdef float* forward = pair + longest + 10
    cdef double loss = 0.0
    cdef int64_t seen = 0
    cdef float step
    with nogil:
        for k in range(lines.shape[0]):
            first = lines[k, 0]
            length = lines[k, 1]
            memset(boundary - 2, 0, (length + 10) * sizeof(float))
            memset(pair, 0, (length + 2) * sizeof(float))
            add_scores(pointers, n_streams, &weights[0, 0], first, length, boundary, pair)
            loss += line_errors(
                length, &target[first], line_weights[k], boundary, pair, forward
            )
            memset(boundary - 2, 0, 2 * sizeof(float))
            memset(boundary + length, 0, 8 * sizeof(float))
            pair[length] = 0.0
            step = rate + (last_rate - rate) * k / lines.shape[0]
            learn(
                pointers, n_streams, &weights[0, 0], &squares[0, 0], first, length,
                boundary, pair, step,
            )
            seen += length
    free(scratch)
    free(pointers)
    return loss / max(1, seen)
