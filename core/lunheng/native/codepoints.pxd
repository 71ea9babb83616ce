"""Code-point classes, and tables that send one code point to one code point."""

from libc.stdint cimport uint8_t, uint32_t


cdef enum:
    CODE_POINTS = 0x110000

# Classes are bits, so that a scanner can ask for several at once.
cdef enum CodePointClass:
    OTHER = 0
    HAN = 1
    LATIN = 2
    DIGIT = 4
    SPACE = 8
    NEWLINE = 16
    PUNCTUATION = 32
    KANA = 64
    HANGUL = 128


cdef inline bint is_han(uint32_t c) noexcept nogil:
    return (
        0x4E00 <= c <= 0x9FFF
        or 0x3400 <= c <= 0x4DBF
        or c == 0x3007
        or 0xF900 <= c <= 0xFAFF
        or 0x20000 <= c <= 0x3FFFD
    )


cdef inline bint is_newline(uint32_t c) noexcept nogil:
    return 0x0A <= c <= 0x0D or c == 0x85 or c == 0x2028 or c == 0x2029


cdef inline bint is_space(uint32_t c) noexcept nogil:
    return (
        c == 0x20
        or c == 0x09
        or c == 0xA0
        or c == 0x3000
        or 0x2000 <= c <= 0x200A
        or c == 0x202F
        or c == 0x205F
        or c == 0x1680
    )


cdef inline bint is_digit(uint32_t c) noexcept nogil:
    return 0x30 <= c <= 0x39 or 0xFF10 <= c <= 0xFF19


cdef inline bint is_latin(uint32_t c) noexcept nogil:
    return (
        0x61 <= (c | 0x20) <= 0x7A
        or (0xC0 <= c <= 0x24F and c != 0xD7 and c != 0xF7)
        or 0x1E00 <= c <= 0x1EFF
        or 0xFF21 <= c <= 0xFF3A
        or 0xFF41 <= c <= 0xFF5A
    )


cdef inline bint is_kana(uint32_t c) noexcept nogil:
    return 0x3041 <= c <= 0x30FF and c != 0x30FB or 0x31F0 <= c <= 0x31FF or 0xFF66 <= c <= 0xFF9F


cdef inline bint is_hangul(uint32_t c) noexcept nogil:
    return 0xAC00 <= c <= 0xD7A3 or 0x1100 <= c <= 0x11FF or 0x3130 <= c <= 0x318F


cdef inline bint is_punctuation(uint32_t c) noexcept nogil:
    return (
        (0x21 <= c <= 0x7E and not (0x30 <= c <= 0x39) and not (0x61 <= (c | 0x20) <= 0x7A))
        or 0xA1 <= c <= 0xBF
        or c == 0xD7
        or c == 0xF7
        or 0x2010 <= c <= 0x2027
        or 0x2030 <= c <= 0x205E
        or 0x3001 <= c <= 0x3003
        or 0x3008 <= c <= 0x3011
        or 0x3014 <= c <= 0x301F
        or c == 0x30FB
        or 0xFE30 <= c <= 0xFE4F
        or 0xFF01 <= c <= 0xFF0F
        or 0xFF1A <= c <= 0xFF20
        or 0xFF3B <= c <= 0xFF40
        or 0xFF5B <= c <= 0xFF65
    )


cdef inline uint8_t class_of(uint32_t c) noexcept nogil:
    """The class of a code point; Han first, since that is what our texts are made of."""
    if is_han(c):
        return HAN
    if is_newline(c):
        return NEWLINE
    if is_space(c):
        return SPACE
    if is_digit(c):
        return DIGIT
    if is_latin(c):
        return LATIN
    if is_kana(c):
        return KANA
    if is_hangul(c):
        return HANGUL
    if is_punctuation(c):
        return PUNCTUATION
    return OTHER


cdef class CodePointMap:
    cdef uint32_t* table

    cdef inline uint32_t at(self, uint32_t c) noexcept nogil:
        return self.table[c]


cdef class CodePointFlags:
    cdef uint8_t* flags
