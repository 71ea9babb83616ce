# cython: boundscheck=False, wraparound=False
# Buffers are read as far as the array's own length and offsets say, which are checked first.
"""Strings that come in, and lists of words that go out, by Arrow's C data interface."""

cimport cython
from cpython.buffer cimport PyBuffer_FillInfo
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_New
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free
from libc.string cimport memset, strcmp

import numpy as np


@cython.final
cdef class ArrowStrings:
    """The bytes of an Arrow array of strings, where they lie, as a buffer.

    Args:
        source: an array with ``__arrow_c_array__`` of the types string, large_string, binary or
            large_binary; it is kept as long as this object lives.

    Attributes:
        starts: int64, where each string begins, and where the last one ends.
        valid: bool, whether each string is not null; None if all are not.
        binary: whether the type is binary.

    Raises:
        TypeError: the source has no ``__arrow_c_array__``, or is of another type.
        ValueError: its offsets do not ascend.
    """

    def __init__(self, source):
        cdef ArrowSchema* schema
        cdef ArrowArray* array
        if self.starts is not None:
            raise ValueError("an ArrowStrings is made once")
        schema_capsule, array_capsule = source.__arrow_c_array__()
        schema = <ArrowSchema*>PyCapsule_GetPointer(schema_capsule, "arrow_schema")
        array = <ArrowArray*>PyCapsule_GetPointer(array_capsule, "arrow_array")
        kind = <bytes>schema.format
        if kind not in (b"u", b"U", b"z", b"Z"):
            raise TypeError(
                f"expected an Arrow array of string, large_string, binary or large_binary, found "
                f"the format {kind.decode()!r}; cast it first"
            )
        # The array moves: whoever holds the capsule no longer releases it.
        self.array = array[0]
        array.release = NULL
        self.binary = kind in (b"z", b"Z")
        self.read(schema.format)

    def __dealloc__(self):
        if self.array.release != NULL:
            self.array.release(&self.array)

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, <void*>self.array.buffers[2], self.size, 1, flags)

    cdef int read(self, const char* kind) except -1:
        """Read offsets and nulls."""
        cdef Py_ssize_t n = self.array.length, skip = self.array.offset, i
        cdef const int32_t* narrow = <const int32_t*>self.array.buffers[1]
        cdef const int64_t* wide = <const int64_t*>self.array.buffers[1]
        cdef const uint8_t* bits = <const uint8_t*>self.array.buffers[0]
        cdef bint large = strcmp(kind, b"U") == 0 or strcmp(kind, b"Z") == 0
        cdef int64_t[::1] starts
        cdef uint8_t[::1] valid
        if narrow == NULL and n:
            raise ValueError("expected offsets in the Arrow array, found none")
        self.starts = np.zeros(n + 1, np.int64)
        starts = self.starts
        # An empty array may come without offsets.
        for i in range(n + 1 if narrow != NULL else 0):
            starts[i] = wide[skip + i] if large else narrow[skip + i]
            if starts[i] < (starts[i - 1] if i else 0):
                raise ValueError(f"expected ascending offsets in the Arrow array, found {starts[i]}")
        self.size = starts[n]
        if bits != NULL and self.array.null_count != 0:
            flags = np.zeros(n, np.uint8)
            valid = flags
            for i in range(n):
                valid[i] = (bits[(skip + i) >> 3] >> ((skip + i) & 7)) & 1
            self.valid = flags.view(bool)
        return 0


cdef struct Exported:
    const void* buffers[3]
    ArrowArray* children[1]
    ArrowArray child
    void* owner


cdef void release_array(ArrowArray* array) noexcept with gil:
    cdef Exported* exported = <Exported*>array.private_data
    if array.release == NULL:
        return
    if array.n_children and exported.children[0].release != NULL:
        exported.children[0].release(exported.children[0])
    if exported.owner != NULL:
        Py_DECREF(<object>exported.owner)
    free(exported)
    array.release = NULL


cdef void release_schema(ArrowSchema* schema) noexcept with gil:
    cdef ArrowSchema** children = schema.children
    if schema.release == NULL:
        return
    if schema.n_children:
        if children[0].release != NULL:
            children[0].release(children[0])
        free(children[0])
        free(children)
    schema.release = NULL


cdef void free_array(object capsule) noexcept:
    cdef ArrowArray* array = <ArrowArray*>PyCapsule_GetPointer(capsule, "arrow_array")
    if array.release != NULL:
        array.release(array)
    free(array)


cdef void free_schema(object capsule) noexcept:
    cdef ArrowSchema* schema = <ArrowSchema*>PyCapsule_GetPointer(capsule, "arrow_schema")
    if schema.release != NULL:
        schema.release(schema)
    free(schema)


cdef object schema_capsule(bint binary):
    """Return the schema of lists of words."""
    cdef ArrowSchema* schema = <ArrowSchema*>calloc(1, sizeof(ArrowSchema))
    if schema == NULL:
        raise MemoryError("no room for an Arrow schema")
    capsule = PyCapsule_New(schema, "arrow_schema", free_schema)
    schema.children = <ArrowSchema**>calloc(1, sizeof(ArrowSchema*))
    if schema.children == NULL:
        raise MemoryError("no room for an Arrow schema")
    schema.children[0] = <ArrowSchema*>calloc(1, sizeof(ArrowSchema))
    if schema.children[0] == NULL:
        free(schema.children)
        raise MemoryError("no room for an Arrow schema")
    schema.format = b"+L"
    schema.name = b""
    schema.flags = NULLABLE
    schema.n_children = 1
    schema.release = release_schema
    schema.children[0].format = b"Z" if binary else b"U"
    schema.children[0].name = b"item"
    schema.children[0].flags = NULLABLE
    schema.children[0].release = release_schema
    return capsule


cdef enum:
    NULLABLE = 2        # the flag of a field that may be null


cdef int fill(
    ArrowArray* array, Py_ssize_t length, const void* validity, const void* offsets,
    const void* data, object owner
) except -1:
    """Lay out an array whose buffers belong to ``owner``."""
    cdef Exported* exported = <Exported*>calloc(1, sizeof(Exported))
    if exported == NULL:
        raise MemoryError("no room for an Arrow array")
    memset(array, 0, sizeof(ArrowArray))
    exported.buffers[0] = validity
    exported.buffers[1] = offsets
    exported.buffers[2] = data
    exported.owner = <void*>owner
    Py_INCREF(owner)
    array.length = length
    array.null_count = 0 if validity == NULL else -1
    array.n_buffers = 2 if data == NULL else 3
    array.buffers = exported.buffers
    array.private_data = exported
    array.release = release_array
    return 0


def word_lists(
    const int64_t[::1] offsets not None, const int64_t[::1] bounds not None,
    const uint8_t[::1] data not None, const uint8_t[::1] valid=None, bint binary=False,
):
    """Hand out lists of words as Arrow's large_list<large_string>, without copying anything.

    Args:
        offsets: int64, where each list begins among the words, and where the last one ends.
        bounds: int64, where each word begins in ``data``, and where the last one ends.
        data: UTF-8.
        valid: a bit for each list that is not null, the lowest first; None: all are not.
        binary: hand out large_binary instead.

    Returns:
        The capsules of the schema and of the array.

    Raises:
        ValueError: the arrays do not fit.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, n_words = bounds.shape[0] - 1
    cdef ArrowArray* array
    cdef Exported* exported
    cdef const void* place = b""
    if n < 0 or n_words < 0 or offsets[0] < 0 or offsets[n] > n_words:
        raise ValueError(f"expected offsets of lists among {n_words} words")
    if bounds[0] < 0 or bounds[n_words] > data.shape[0]:
        raise ValueError(f"expected bounds of words in {data.shape[0]} bytes")
    if valid is not None and valid.shape[0] < (n + 7) // 8:
        raise ValueError(f"expected a bit for each of {n} lists")
    if data.shape[0]:
        place = &data[0]
    cdef tuple owner = (offsets.base, bounds.base, data.base, None if valid is None else valid.base)
    array = <ArrowArray*>calloc(1, sizeof(ArrowArray))
    if array == NULL:
        raise MemoryError("no room for an Arrow array")
    capsule = PyCapsule_New(array, "arrow_array", free_array)
    fill(array, n, NULL if valid is None or n == 0 else &valid[0], &offsets[0], NULL, owner)
    exported = <Exported*>array.private_data
    fill(&exported.child, n_words, NULL, &bounds[0], place, owner)
    exported.children[0] = &exported.child
    array.children = exported.children
    array.n_children = 1
    return schema_capsule(binary), capsule
