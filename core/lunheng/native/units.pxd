"""Cut a line into units: what the segmenter never splits (a character, number, Latin word, URL …)."""

from libc.stdint cimport int32_t, uint16_t, uint32_t

# A code stands for a class of code points, a connector, or one (folded) character.
cdef enum Code:
    EDGE = 0            # beyond the line
    DIGIT = 1
    LETTER = 2
    SPACE = 3
    NEWLINE = 4
    EMOJI = 5
    MARK = 6            # combining marks, variation selectors, joiners: belong to what precedes
    REGIONAL = 7
    FIRST_CONNECTOR = 16
    DOT = 16
    COMMA = 17
    COLON = 18
    HYPHEN = 19
    UNDERSCORE = 20
    AMPERSAND = 21
    SLASH = 22
    APOSTROPHE = 23
    PLUS = 24
    PERCENT = 25
    AT = 26
    HASH = 27
    REPEATED = 28       # … — ─ ┅ = ~ *: FIRST_REPEATED to FIRST_PLAIN - 1
    FIRST_PLAIN = 40
    RARE = 40
    RARE_HAN = 41
    RARE_KANA = 42
    RARE_HANGUL = 43
    NUMBER_1 = 44       # a number of one digit, and so on to NUMBER_5 for five and more
    NUMBER_5 = 48
    DECIMAL = 49
    PERCENTAGE = 50
    LATIN_1 = 51
    LATIN_2 = 52        # two or three letters
    LATIN_4 = 53        # four and more
    ALPHANUMERIC = 54
    ADDRESS = 55        # URL, e-mail, @name, #tag#
    PICTURE = 56        # an emoji cluster
    FIRST_CHARACTER = 64

cdef struct Units:
    uint16_t* ids
    int32_t* starts

cdef Py_ssize_t scan_units(
    const uint32_t* points, Py_ssize_t length, const uint16_t* codes, Units out
) noexcept nogil
