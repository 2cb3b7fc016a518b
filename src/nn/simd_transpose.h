/* What both x86 levels share: matrices turned over inside registers. */

/* 16 rows' first two floats become two vectors. Two rows are interleaved, then two such pairs change halves. */
SIMD_INLINE void vf_load_pairs(const float *const row[VF_LANES], vf *first, vf *second)
{
    __m128 one[4], two[4];
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++) {
        __m128 pair[4];
#pragma GCC unroll 4
        for (unsigned k = 0; k < 4; k++)
            pair[k] = _mm_castsi128_ps(_mm_loadl_epi64((const __m128i_u *)row[4 * i + k]));
        __m128 low = _mm_unpacklo_ps(pair[0], pair[1]), high = _mm_unpacklo_ps(pair[2], pair[3]);
        one[i] = _mm_movelh_ps(low, high);
        two[i] = _mm_movehl_ps(high, low);
    }
    *first = vf_halves(_mm256_set_m128(one[1], one[0]), _mm256_set_m128(one[3], one[2]));
    *second = vf_halves(_mm256_set_m128(two[1], two[0]), _mm256_set_m128(two[3], two[2]));
}

/* Row i becomes lane i of both, then six zeros. */
SIMD_INLINE void vf_store_pairs(float *const row[VF_LANES], vf first, vf second)
{
    float a[VF_LANES], b[VF_LANES];
    vf_store(a, first);
    vf_store(b, second);
#pragma GCC unroll 16
    for (unsigned i = 0; i < VF_LANES; i++)
        vh_store(row[i], _mm256_zextps128_ps256(_mm_unpacklo_ps(_mm_load_ss(a + i), _mm_load_ss(b + i))));
}

/* An 8 x 8 block.  Pairs, then quads, then halves change places: 24 shuffles. */
SIMD_INLINE void vh_transpose(vh row[8])
{
    vh pair[8], quad[8];
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++) {
        pair[2 * i] = _mm256_unpacklo_ps(row[2 * i], row[2 * i + 1]);
        pair[2 * i + 1] = _mm256_unpackhi_ps(row[2 * i], row[2 * i + 1]);
    }
#pragma GCC unroll 2
    for (unsigned i = 0; i < 8; i += 4) {
        quad[i] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0x44);
        quad[i + 1] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0xee);
        quad[i + 2] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0x44);
        quad[i + 3] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++) {
        row[i] = _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x20);
        row[i + 4] = _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x31);
    }
}
