"""What a cue may be."""


# Bits.
cpdef enum CueKind:
    DECIDES = 1
    LEADS = 2
    BLOCKS = 4
    STANDS_ALONE = 8
