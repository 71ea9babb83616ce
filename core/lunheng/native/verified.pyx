# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Read a mapped file in sections, each block of which is verified when it is first touched.

Bounds checks are off: sections end where the file does, and each block has its checksum.
"""

cimport cython
from libc.stdint cimport uint8_t, uint64_t
from libc.stdlib cimport calloc, free

import numpy as np

from lunheng.errors import NgramIndexError

from lunheng.native.checksum cimport xxh64_bytes


@cython.final
cdef class VerifiedFile:
    """A mapped file with a checksum for each block of its body.

    Args:
        path: what errors call it.
        data: the whole file, mapped.
        sections: where each section begins and how many bytes it has, by name.
        checksums: uint64, XXH64 of each ``block`` bytes of the file from ``body`` on.
        body: offset of the first checked byte.
        end: offset behind the last; 8 bytes more must follow.
        block: bytes a checksum covers.

    Raises:
        lunheng.errors.NgramIndexError: a section or a checksum is missing.
    """

    def __cinit__(
        self,
        str path not None,
        const uint8_t[::1] data,
        dict sections not None,
        checksums,
        uint64_t body,
        uint64_t end,
        uint64_t block,
    ):
        cdef const uint64_t[::1] sums = checksums
        self.path, self.data, self.base = path, data, &data[0]
        self.checksums, self.sums = checksums, &sums[0]
        self.body, self.end, self.block = body, end, block
        self.sections = sections
        for start, size in sections.values():
            if start < body or start + size > end or end + 8 > <uint64_t>data.shape[0]:
                raise self.damage(f"a section ends at {start + size} of {end} bytes")
        if self.blocks() > <uint64_t>sums.shape[0]:
            raise self.damage(f"{sums.shape[0]} checksums for {self.blocks()} blocks")
        self.checked = <uint8_t*>calloc(self.blocks() + 1, 1)
        if self.checked == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.checked)

    def damage(self, str what):
        """Return the error that says what is wrong with the file."""
        return NgramIndexError(
            f"{self.path} is damaged: {what}; restore the file or build the index again"
        )

    cdef const uint8_t* section(self, str name) except NULL:
        """Return where a section begins."""
        if name not in self.sections:
            raise self.damage(f"it has no section {name!r}")
        return self.base + <uint64_t>self.sections[name][0]

    cdef uint64_t size_of(self, str name) except? 0:
        return self.sections[name][1]

    cdef uint64_t blocks(self):
        return (self.end - self.body + self.block - 1) // self.block

    cdef int touch(self, const void* start, uint64_t size) except -1 nogil:
        """Verify the blocks that hold these bytes, unless that was done before.

        Two threads may verify the same block at once; both write the same flag.
        """
        cdef uint64_t at = <uint64_t>(<const uint8_t*>start - self.base) - self.body
        cdef uint64_t i, offset, length
        for i in range(at // self.block, (at + size + self.block - 1) // self.block):
            if self.checked[i]:
                continue
            offset = self.body + i * self.block
            length = min(self.block, self.end - offset)
            if xxh64_bytes(self.base + offset, length, 0) != self.sums[i]:
                with gil:
                    raise self.damage(
                        f"block {i} (bytes {offset} to {offset + length}) does not fit its checksum"
                    )
            self.checked[i] = 1
        return 0

    cdef table(self, str name, dtype):
        """Return a section, verified, as an array; empty if the file has none such."""
        start, size = self.sections.get(name, (self.body, 0))
        self.touch(self.base + <uint64_t>start, size)
        return np.asarray(self.data)[start : start + size].view(dtype)

    def verify(self, uint64_t start, size=None):
        """Verify the blocks of ``size`` bytes from offset ``start`` on, by default of all."""
        cdef uint64_t length = self.end - start if size is None else size
        if start < self.body or start + length > self.end:
            raise IndexError(f"[{start}, {start + length}) is not in [{self.body}, {self.end})")
        with nogil:
            self.touch(self.base + start, length)
