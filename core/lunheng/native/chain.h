/* Features in buckets of four, scores of labels sixteen side by side: SSE2, NEON or plain C. */

#ifndef LUNHENG_CHAIN_H
#define LUNHENG_CHAIN_H

#include <stdint.h>

/* The two buckets that a feature can be in. */
static inline uint32_t chain_first(uint32_t hashed, uint32_t mask) { return hashed & mask; }

static inline uint32_t chain_second(uint32_t hashed, uint32_t mask) {
    return ((hashed >> 7) * 0x9E3779B1u >> 9) & mask;
}

static inline uint32_t chain_lowest(uint32_t bits) {
#if defined(__GNUC__)
    return (uint32_t)__builtin_ctz(bits);
#else
    uint32_t place = 0;
    while (!(bits >> place & 1u)) place++;
    return place;
#endif
}

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>

/* Return a bit for each of the four keys at `keys` that equals `hashed`. */
static inline uint32_t chain_match(const uint32_t *keys, uint32_t hashed) {
    __m128i equal = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)keys),
                                    _mm_set1_epi32((int)hashed));
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(equal));
}

/* Return the first place of the greatest sum of a score and the bond beside it. */
static inline int chain_argbest(const float *scores, const float *bonds, int width) {
    __m128 most = _mm_add_ps(_mm_loadu_ps(scores), _mm_loadu_ps(bonds));
    for (int k = 4; k < width; k += 4)
        most = _mm_max_ps(most, _mm_add_ps(_mm_loadu_ps(scores + k), _mm_loadu_ps(bonds + k)));
    most = _mm_max_ps(most, _mm_shuffle_ps(most, most, _MM_SHUFFLE(1, 0, 3, 2)));
    most = _mm_max_ps(most, _mm_shuffle_ps(most, most, _MM_SHUFFLE(2, 3, 0, 1)));
    for (int k = 0; k < width; k += 4) {
        __m128 sum = _mm_add_ps(_mm_loadu_ps(scores + k), _mm_loadu_ps(bonds + k));
        uint32_t equal = (uint32_t)_mm_movemask_ps(_mm_cmpeq_ps(sum, most));
        if (equal) return k + (int)chain_lowest(equal);
    }
    return 0;
}

/* Add up `count` rows of int8 weights, `width` to a row, into `sums`. */
static inline void chain_emit(const int8_t *rows, const uint32_t *found, int count, int width,
                              float *sums) {
    for (int block = 0; block < width; block += 16) {
        __m128i low = _mm_setzero_si128(), high = low;
        for (int k = 0; k < count; k++) {
            __m128i row =
                _mm_loadu_si128((const __m128i *)(rows + (size_t)found[k] * width + block));
            low = _mm_add_epi16(low, _mm_srai_epi16(_mm_unpacklo_epi8(row, row), 8));
            high = _mm_add_epi16(high, _mm_srai_epi16(_mm_unpackhi_epi8(row, row), 8));
        }
        __m128i halves[4] = {_mm_unpacklo_epi16(low, low), _mm_unpackhi_epi16(low, low),
                             _mm_unpacklo_epi16(high, high), _mm_unpackhi_epi16(high, high)};
        for (int k = 0; k < 4; k++)
            _mm_storeu_ps(sums + block + 4 * k, _mm_cvtepi32_ps(_mm_srai_epi32(halves[k], 16)));
    }
}

/* Write for each label the best of a score and the bond from its label, at least `least`. */
static inline void chain_best(const float *scores, const float *bonds, int n, int width,
                              float least, float *best) {
    for (int block = 0; block < width; block += 16) {
        const float *bond = bonds + block;
        __m128 a = _mm_set1_ps(least), b = a, c = a, d = a;
        for (int before = 0; before < n; before++, bond += width) {
            __m128 score = _mm_set1_ps(scores[before]);
            a = _mm_max_ps(a, _mm_add_ps(score, _mm_loadu_ps(bond)));
            b = _mm_max_ps(b, _mm_add_ps(score, _mm_loadu_ps(bond + 4)));
            c = _mm_max_ps(c, _mm_add_ps(score, _mm_loadu_ps(bond + 8)));
            d = _mm_max_ps(d, _mm_add_ps(score, _mm_loadu_ps(bond + 12)));
        }
        _mm_storeu_ps(best + block, a);
        _mm_storeu_ps(best + block + 4, b);
        _mm_storeu_ps(best + block + 8, c);
        _mm_storeu_ps(best + block + 12, d);
    }
}

#else

static inline uint32_t chain_match(const uint32_t *keys, uint32_t hashed) {
    return (uint32_t)(keys[0] == hashed) | (uint32_t)(keys[1] == hashed) << 1 |
           (uint32_t)(keys[2] == hashed) << 2 | (uint32_t)(keys[3] == hashed) << 3;
}

static inline int chain_argbest(const float *scores, const float *bonds, int width) {
    int best = 0;
    for (int k = 1; k < width; k++)
        if (scores[k] + bonds[k] > scores[best] + bonds[best]) best = k;
    return best;
}

#if defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>

static inline void chain_emit(const int8_t *rows, const uint32_t *found, int count, int width,
                              float *sums) {
    for (int block = 0; block < width; block += 16) {
        int16x8_t low = vdupq_n_s16(0), high = low;
        for (int k = 0; k < count; k++) {
            int8x16_t row = vld1q_s8(rows + (size_t)found[k] * width + block);
            low = vaddw_s8(low, vget_low_s8(row));
            high = vaddw_s8(high, vget_high_s8(row));
        }
        vst1q_f32(sums + block, vcvtq_f32_s32(vmovl_s16(vget_low_s16(low))));
        vst1q_f32(sums + block + 4, vcvtq_f32_s32(vmovl_s16(vget_high_s16(low))));
        vst1q_f32(sums + block + 8, vcvtq_f32_s32(vmovl_s16(vget_low_s16(high))));
        vst1q_f32(sums + block + 12, vcvtq_f32_s32(vmovl_s16(vget_high_s16(high))));
    }
}

static inline void chain_best(const float *scores, const float *bonds, int n, int width,
                              float least, float *best) {
    for (int block = 0; block < width; block += 4) {
        float32x4_t most = vdupq_n_f32(least);
        for (int before = 0; before < n; before++)
            most = vmaxq_f32(most, vaddq_f32(vdupq_n_f32(scores[before]),
                                             vld1q_f32(bonds + (size_t)before * width + block)));
        vst1q_f32(best + block, most);
    }
}

#else

static inline void chain_emit(const int8_t *rows, const uint32_t *found, int count, int width,
                              float *sums) {
    for (int label = 0; label < width; label++) sums[label] = 0;
    for (int k = 0; k < count; k++)
        for (int label = 0; label < width; label++)
            sums[label] += rows[(size_t)found[k] * width + label];
}

static inline void chain_best(const float *scores, const float *bonds, int n, int width,
                              float least, float *best) {
    for (int label = 0; label < width; label++) best[label] = least;
    for (int before = 0; before < n; before++)
        for (int label = 0; label < width; label++) {
            float score = scores[before] + bonds[(size_t)before * width + label];
            best[label] = score > best[label] ? score : best[label];
        }
}

#endif

#endif

/* Return the row of a feature, 0 (all zeros) where it has no weights; no branch to mispredict. */
static inline uint32_t chain_row(const uint32_t *keys, uint32_t mask, uint32_t hashed) {
    uint32_t first = 4 * chain_first(hashed, mask), second = 4 * chain_second(hashed, mask);
    uint32_t in_first = chain_match(keys + first, hashed);
    uint32_t in_second = chain_match(keys + second, hashed);
    uint32_t row = (first + chain_lowest(in_first | 16u) + 1) & (0u - (uint32_t)(in_first != 0));
    row |= (second + chain_lowest(in_second | 16u) + 1) &
           (0u - (uint32_t)((in_first == 0) & (in_second != 0)));
    return row & (0u - (uint32_t)(hashed != 0));
}

#endif
