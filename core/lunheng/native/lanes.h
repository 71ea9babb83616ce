/* Eight 16-bit sums side by side, and the search for one of six fingerprints: SSE2, NEON or plain C. */

#ifndef LUNHENG_LANES_H
#define LUNHENG_LANES_H

#include <stdint.h>
#include <string.h>

static const int8_t lanes_none[8] = {0, 0, 0, 0, 0, 0, 0, 0};

/* Return the place of the lowest of six bits, at least one of which is set. */
static inline unsigned lanes_lowest(unsigned found) {
#if defined(__GNUC__)
    return (unsigned)__builtin_ctz(found);
#else
    unsigned place = 0;
    while (!(found & 1u)) {
        found >>= 1;
        place++;
    }
    return place;
#endif
}

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>

typedef __m128i lanes_t;

static inline lanes_t lanes_zero(void) { return _mm_setzero_si128(); }

/* Add eight int8 weights, widened. */
static inline lanes_t lanes_add(lanes_t sum, const int8_t *row) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *)row);
    return _mm_add_epi16(sum, _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8));
}

static inline lanes_t lanes_sum(lanes_t a, lanes_t b) { return _mm_add_epi16(a, b); }

/* Clear the last two lanes. */
static inline lanes_t lanes_six(lanes_t sum) {
    return _mm_and_si128(sum, _mm_set_epi32(0, -1, -1, -1));
}

static inline int16_t lanes_first(lanes_t sum) { return (int16_t)_mm_cvtsi128_si32(sum); }

static inline int16_t lanes_seventh(lanes_t sum) { return (int16_t)_mm_extract_epi16(sum, 6); }

static inline int16_t lanes_eighth(lanes_t sum) { return (int16_t)_mm_extract_epi16(sum, 7); }

/* Move every sum one lane down; the last becomes zero. */
static inline lanes_t lanes_shift(lanes_t sum) { return _mm_srli_si128(sum, 2); }

/* Return a bit for each of the six fingerprints at `line` that equals `wanted`. */
static inline unsigned lanes_match(const uint16_t *line, uint16_t wanted) {
    __m128i equal = _mm_cmpeq_epi16(_mm_load_si128((const __m128i *)line),
                                    _mm_set1_epi16((short)wanted));
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(equal, _mm_setzero_si128())) & 63u;
}

#define lanes_prefetch(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)

#elif defined(__ARM_NEON)
#include <arm_neon.h>

typedef int16x8_t lanes_t;

static inline lanes_t lanes_zero(void) { return vdupq_n_s16(0); }

static inline lanes_t lanes_add(lanes_t sum, const int8_t *row) {
    return vaddw_s8(sum, vld1_s8(row));
}

static inline lanes_t lanes_sum(lanes_t a, lanes_t b) { return vaddq_s16(a, b); }

static inline lanes_t lanes_six(lanes_t sum) {
    return vreinterpretq_s16_s32(vsetq_lane_s32(0, vreinterpretq_s32_s16(sum), 3));
}

static inline int16_t lanes_first(lanes_t sum) { return vgetq_lane_s16(sum, 0); }

static inline int16_t lanes_seventh(lanes_t sum) { return vgetq_lane_s16(sum, 6); }

static inline int16_t lanes_eighth(lanes_t sum) { return vgetq_lane_s16(sum, 7); }

static inline lanes_t lanes_shift(lanes_t sum) { return vextq_s16(sum, vdupq_n_s16(0), 1); }

static inline unsigned lanes_match(const uint16_t *line, uint16_t wanted) {
    static const uint16_t bits[8] = {1, 2, 4, 8, 16, 32, 0, 0};
    uint16x8_t equal = vceqq_u16(vld1q_u16(line), vdupq_n_u16(wanted));
    return vaddvq_u16(vandq_u16(equal, vld1q_u16(bits)));
}

#define lanes_prefetch(address) __builtin_prefetch(address)

#else

typedef struct {
    int16_t lane[8];
} lanes_t;

static inline lanes_t lanes_zero(void) {
    lanes_t sum;
    memset(&sum, 0, sizeof sum);
    return sum;
}

static inline lanes_t lanes_add(lanes_t sum, const int8_t *row) {
    for (int k = 0; k < 8; k++) sum.lane[k] = (int16_t)(sum.lane[k] + row[k]);
    return sum;
}

static inline lanes_t lanes_sum(lanes_t a, lanes_t b) {
    for (int k = 0; k < 8; k++) a.lane[k] = (int16_t)(a.lane[k] + b.lane[k]);
    return a;
}

static inline lanes_t lanes_six(lanes_t sum) {
    sum.lane[6] = sum.lane[7] = 0;
    return sum;
}

static inline int16_t lanes_first(lanes_t sum) { return sum.lane[0]; }

static inline int16_t lanes_seventh(lanes_t sum) { return sum.lane[6]; }

static inline int16_t lanes_eighth(lanes_t sum) { return sum.lane[7]; }

static inline lanes_t lanes_shift(lanes_t sum) {
    memmove(sum.lane, sum.lane + 1, 7 * sizeof sum.lane[0]);
    sum.lane[7] = 0;
    return sum;
}

static inline unsigned lanes_match(const uint16_t *line, uint16_t wanted) {
    unsigned found = 0;
    for (int k = 0; k < 6; k++) found |= (unsigned)(line[k] == wanted) << k;
    return found;
}

#define lanes_prefetch(address) ((void)(address))

#endif

#endif
