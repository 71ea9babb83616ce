# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: runs are indexed by binary search or by counters below n_runs; arrays handed in are
# checked to be of one length before the loop.
"""Maps between the offsets of two texts, kept as runs of characters that both share."""

import numpy as np

from lunheng.errors import UsageError

cimport cython
from cpython.mem cimport PyMem_RawFree, PyMem_RawRealloc
from libc.stdint cimport int32_t, uint64_t

cdef Py_ssize_t LONGEST = 0x7FFFFFFF
cdef bytes MAGIC = b"LHOM1"


cdef inline Py_ssize_t last_run_at(
    const Run* runs, Py_ssize_t n, int side, int32_t place
) noexcept nogil:
    """The last run that starts at or before a place of one side; -1 if none does."""
    cdef Py_ssize_t low = 0, high = n, middle
    while low < high:
        middle = (low + high) >> 1
        if runs[middle].at[side] <= place:
            low = middle + 1
        else:
            high = middle
    return low - 1


@cython.final
cdef class OffsetMap:
    """The alignment of a source text with a target text made from it.

    It holds the runs of characters that went over unchanged; what lies between two runs was
    replaced, deleted or inserted as a whole. Offsets are half-open code points. A span that
    begins or ends within such a gap is widened to all of the gap's other side; text deleted at
    the very edge of a span is left out of it. Instances are immutable.

    >>> from lunheng.documents import Edit
    >>> kept = OffsetMap.from_edits(9, [Edit(1, 6, "")])     # O(shè)pen -> Open
    >>> kept.to_source(0, 4), kept.to_source(1, 4), kept.to_target(1, 6)
    ((0, 9), (6, 9), None)
    """

    def __cinit__(self):
        self.runs = NULL
        self.n_runs = 0
        self.lengths[SOURCE] = self.lengths[TARGET] = 0

    def __init__(self):
        raise UsageError("make an OffsetMap with identity(), from_edits() or from_bytes()")

    def __dealloc__(self):
        PyMem_RawFree(self.runs)

    @staticmethod
    def identity(Py_ssize_t length):
        """Return the map of a text of ``length`` characters onto itself."""
        cdef Builder builder = Builder.__new__(Builder)
        builder.add(0, 0, length)
        return builder.finish(length, length)

    @staticmethod
    def from_edits(Py_ssize_t source_length, edits):
        """Return the map of a source onto the target that its edits make.

        Args:
            source_length: number of characters of the source.
            edits: objects with ``start``, ``end`` (offsets in the source) and ``text``, in
                ascending order and without overlap.

        Raises:
            UsageError: edits overlap, are out of order, or reach beyond the source.
        """
        cdef Builder builder = Builder.__new__(Builder)
        cdef Py_ssize_t source = 0, target = 0, start, end
        for edit in edits:
            start = edit.start
            end = edit.end
            if not source <= start <= end <= source_length:
                raise UsageError(
                    f"expected an edit within [{source}, {source_length}), after the one before, "
                    f"got [{start}, {end})"
                )
            builder.add(source, target, start - source)
            target += start - source + len(edit.text)
            source = end
        builder.add(source, target, source_length - source)
        return builder.finish(source_length, target + source_length - source)

    @staticmethod
    def from_bytes(bytes data not None):
        """Return the map that ``to_bytes`` wrote.

        Raises:
            UsageError: the bytes are no offset map, or are damaged.
        """
        cdef Reader reader = Reader.__new__(Reader, data)
        cdef Builder builder = Builder.__new__(Builder)
        cdef Py_ssize_t source_length = reader.next(), target_length = reader.next()
        cdef Py_ssize_t n_runs = reader.next(), source = 0, target = 0, length, i
        for i in range(n_runs):
            source += reader.next()
            target += reader.next()
            length = reader.next()
            if source + length > source_length or target + length > target_length:
                raise UsageError(f"the offset map is damaged: run {i} reaches beyond its text")
            builder.add(source, target, length)
            source += length
            target += length
        if reader.at != len(data):
            raise UsageError(f"the offset map is damaged: {len(data) - reader.at} bytes too many")
        return builder.finish(source_length, target_length)

    def to_bytes(self):
        """Return the map as bytes: a few for each gap, the same on every machine."""
        cdef bytearray out = bytearray(MAGIC)
        cdef Py_ssize_t source = 0, target = 0, i
        write_varint(out, self.lengths[SOURCE])
        write_varint(out, self.lengths[TARGET])
        write_varint(out, self.n_runs)
        for i in range(self.n_runs):
            write_varint(out, self.runs[i].at[SOURCE] - source)
            write_varint(out, self.runs[i].at[TARGET] - target)
            write_varint(out, self.runs[i].length)
            source = self.runs[i].at[SOURCE] + self.runs[i].length
            target = self.runs[i].at[TARGET] + self.runs[i].length
        return bytes(out)

    def __reduce__(self):
        return OffsetMap.from_bytes, (self.to_bytes(),)

    def __eq__(self, other):
        if not isinstance(other, OffsetMap):
            return NotImplemented
        return self.to_bytes() == (<OffsetMap>other).to_bytes()

    def __hash__(self):
        return hash(self.to_bytes())

    def __repr__(self):
        return (
            f"<OffsetMap {self.lengths[SOURCE]} -> {self.lengths[TARGET]}, {self.n_runs} runs>"
        )

    @property
    def is_identity(self):
        """Whether every character maps to itself."""
        return self.lengths[SOURCE] == self.lengths[TARGET] and (
            self.lengths[SOURCE] == 0
            or (self.n_runs == 1 and self.runs[0].length == self.lengths[SOURCE])
        )

    def runs_array(self):
        """Return the runs as an int32 array of shape (n, 3): source, target, length."""
        result = np.empty((self.n_runs, 3), np.int32)
        cdef int32_t[:, ::1] view = result
        cdef Py_ssize_t i
        for i in range(self.n_runs):
            view[i, 0] = self.runs[i].at[SOURCE]
            view[i, 1] = self.runs[i].at[TARGET]
            view[i, 2] = self.runs[i].length
        return result

    cdef void cross(self, int side, int32_t start, int32_t end, int32_t* span) noexcept nogil:
        """Set the span of the other side that a span of one side stands for."""
        cdef int other = TARGET if side == SOURCE else SOURCE
        cdef Py_ssize_t i = last_run_at(self.runs, self.n_runs, side, start)
        cdef const Run* run
        if start == self.lengths[side] and end == start:
            span[0] = <int32_t>self.lengths[other]
        elif i < 0:
            span[0] = 0
        else:
            run = self.runs + i
            span[0] = run.at[other] + min(start - run.at[side], run.length)
        if end == start:
            span[1] = span[0]
            return
        i = last_run_at(self.runs, self.n_runs, side, end - 1)
        run = self.runs + i
        if i >= 0 and end - run.at[side] <= run.length:
            span[1] = run.at[other] + end - run.at[side]
        elif i + 1 < self.n_runs:
            span[1] = self.runs[i + 1].at[other]
        else:
            span[1] = <int32_t>self.lengths[other]

    @property
    def source_length(self):
        """Number of characters of the source."""
        return self.lengths[SOURCE]

    @property
    def target_length(self):
        """Number of characters of the target."""
        return self.lengths[TARGET]

    def to_source(self, Py_ssize_t start, Py_ssize_t end):
        """Return the source span of a target span; empty for text that was inserted.

        Raises:
            UsageError: the span does not lie in the target.
        """
        cdef int32_t[2] span
        if not 0 <= start <= end <= self.lengths[TARGET]:
            raise UsageError(outside(TARGET, start, end, self.lengths[TARGET]))
        self.cross(TARGET, <int32_t>start, <int32_t>end, span)
        return span[0], span[1]

    def to_target(self, Py_ssize_t start, Py_ssize_t end):
        """Return the target span of a source span, or None if nothing of it is left.

        Raises:
            UsageError: the span does not lie in the source.
        """
        cdef int32_t[2] span
        if not 0 <= start <= end <= self.lengths[SOURCE]:
            raise UsageError(outside(SOURCE, start, end, self.lengths[SOURCE]))
        self.cross(SOURCE, <int32_t>start, <int32_t>end, span)
        if start < end and span[0] >= span[1]:
            return None
        return span[0], span[1]

    def to_source_many(self, starts, ends):
        """Return the source spans of many target spans.

        Args:
            starts: integers, shape (n,).
            ends: integers, shape (n,).

        Returns:
            Two int32 arrays of shape (n,).

        Raises:
            UsageError: a span does not lie in the target.
        """
        return self.cross_many(TARGET, starts, ends)

    def to_target_many(self, starts, ends):
        """Return the target spans of many source spans; -1, -1 where nothing is left.

        Args:
            starts: integers, shape (n,).
            ends: integers, shape (n,).

        Returns:
            Two int32 arrays of shape (n,).

        Raises:
            UsageError: a span does not lie in the source.
        """
        return self.cross_many(SOURCE, starts, ends)

    cdef tuple cross_many(self, int side, starts, ends):
        """Return the spans of the other side; of source text that is gone, -1."""
        first, last = checked_spans(side, starts, ends, self.lengths[side])
        cdef int32_t[::1] s = first, e = last
        cdef Py_ssize_t i, n = s.shape[0]
        cdef int32_t[2] span
        cdef bint gone
        with nogil:
            for i in range(n):
                self.cross(side, s[i], e[i], span)
                gone = side == SOURCE and s[i] < e[i] and span[0] >= span[1]
                s[i] = -1 if gone else span[0]
                e[i] = -1 if gone else span[1]
        return first, last

    def then(self, OffsetMap other not None):
        """Return the map of this map's source onto the other's target.

        Raises:
            UsageError: the other map does not begin where this one ends.
        """
        if other.lengths[SOURCE] != self.lengths[TARGET]:
            raise UsageError(
                f"expected a map of {self.lengths[TARGET]} characters, the length of this map's "
                f"target, got one of {other.lengths[SOURCE]}"
            )
        cdef Builder builder = Builder.__new__(Builder)
        cdef Py_ssize_t i = 0, j = 0
        cdef int32_t start, end, end_here, end_there
        while i < self.n_runs and j < other.n_runs:
            end_here = self.runs[i].at[TARGET] + self.runs[i].length
            end_there = other.runs[j].at[SOURCE] + other.runs[j].length
            start = max(self.runs[i].at[TARGET], other.runs[j].at[SOURCE])
            end = min(end_here, end_there)
            if start < end:
                builder.add(
                    self.runs[i].at[SOURCE] + start - self.runs[i].at[TARGET],
                    other.runs[j].at[TARGET] + start - other.runs[j].at[SOURCE],
                    end - start,
                )
            if end_here <= end_there:
                i += 1
            else:
                j += 1
        return builder.finish(self.lengths[SOURCE], other.lengths[TARGET])


@cython.final
cdef class Builder:
    """Collects runs in ascending order, joining those that touch in both texts."""

    cdef Run* runs
    cdef Py_ssize_t n_runs, room

    def __cinit__(self):
        self.runs = NULL
        self.n_runs = self.room = 0

    def __dealloc__(self):
        PyMem_RawFree(self.runs)

    cdef int add(self, Py_ssize_t source, Py_ssize_t target, Py_ssize_t length) except -1:
        if length < 0:
            raise UsageError(f"expected a length of 0 or more, got {length}")
        cdef Run* last
        if source + length > LONGEST or target + length > LONGEST:
            raise UsageError(f"a text is longer than {LONGEST} characters; split it")
        if length == 0:
            return 0
        if self.n_runs:
            last = self.runs + self.n_runs - 1
            if last.at[SOURCE] + last.length == source and last.at[TARGET] + last.length == target:
                last.length += <int32_t>length
                return 0
        if self.n_runs == self.room:
            self.grow()
        self.runs[self.n_runs].at[SOURCE] = <int32_t>source
        self.runs[self.n_runs].at[TARGET] = <int32_t>target
        self.runs[self.n_runs].length = <int32_t>length
        self.n_runs += 1
        return 0

    cdef int grow(self) except -1:
        cdef Py_ssize_t room = 2 * self.room + 8
        cdef Run* runs = <Run*>PyMem_RawRealloc(self.runs, room * sizeof(Run))
        if runs == NULL:
            raise MemoryError
        self.runs = runs
        self.room = room
        return 0

    cdef OffsetMap finish(self, Py_ssize_t source_length, Py_ssize_t target_length):
        """Hand the runs over to a new map."""
        if source_length > LONGEST or target_length > LONGEST:
            raise UsageError(f"a text is longer than {LONGEST} characters; split it")
        cdef OffsetMap result = OffsetMap.__new__(OffsetMap)
        result.runs = self.runs
        result.n_runs = self.n_runs
        result.lengths[SOURCE] = source_length
        result.lengths[TARGET] = target_length
        self.runs = NULL
        return result


@cython.final
cdef class Reader:
    """Reads the numbers of a serialised map."""

    cdef bytes data
    cdef Py_ssize_t at

    def __cinit__(self, bytes data not None):
        if not data.startswith(MAGIC):
            raise UsageError(f"expected an offset map, which begins {MAGIC!r}, got {data[:8]!r}")
        self.data = data
        self.at = len(MAGIC)

    cdef Py_ssize_t next(self) except -1:
        cdef uint64_t value = 0
        cdef int shift = 0
        cdef const unsigned char* data = self.data
        while self.at < len(self.data) and shift < 35:
            value |= <uint64_t>(data[self.at] & 0x7F) << shift
            self.at += 1
            if not data[self.at - 1] & 0x80:
                if value > <uint64_t>LONGEST:
                    break
                return <Py_ssize_t>value
            shift += 7
        raise UsageError(f"the offset map is damaged at byte {self.at}: no number there")


cdef int write_varint(bytearray out, Py_ssize_t value) except -1:
    """Append a number as little-endian groups of seven bits."""
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return 0


cdef str outside(int side, Py_ssize_t start, Py_ssize_t end, Py_ssize_t length):
    name = "source" if side == SOURCE else "target"
    return f"expected a span within the {name}, [0, {length}), got [{start}, {end})"


cdef tuple checked_spans(int side, starts, ends, Py_ssize_t length):
    """Return fresh int32 copies of the spans, or raise for the first that lies outside."""
    first = np.array(starts, dtype=np.int64, ndmin=1)
    last = np.array(ends, dtype=np.int64, ndmin=1)
    if first.shape != last.shape or first.ndim != 1:
        raise UsageError(f"expected as many ends as starts, got {last.shape} and {first.shape}")
    wrong = np.flatnonzero((first < 0) | (last < first) | (last > length))
    if wrong.size:
        i = wrong[0]
        raise UsageError(f"span {i}: {outside(side, first[i], last[i], length)}")
    return first.astype(np.int32), last.astype(np.int32)
