/* Vectors in pairs of AVX2 registers; included by nn/simd.h, which says what each operation means. */
#include <immintrin.h>

typedef struct {
    __m256 a, b;
} vf;
typedef struct {
    __m256i a, b;
} vi;
typedef vf vm; /* all ones or zero in each lane */
typedef __m256 vh;
typedef uint32_t simd_u32 __attribute__((vector_size(32)));

/* A table, a line an operation. */
/* clang-format off */
SIMD_INLINE vf vf_load(const float *p) { return (vf){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
SIMD_INLINE void vf_store(float *p, vf x) { _mm256_storeu_ps(p, x.a); _mm256_storeu_ps(p + 8, x.b); }
SIMD_INLINE vf vf_set1(float x) { return (vf){_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
SIMD_INLINE vf vf_add(vf x, vf y) { return (vf){_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)}; }
SIMD_INLINE vf vf_sub(vf x, vf y) { return (vf){_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)}; }
SIMD_INLINE vf vf_mul(vf x, vf y) { return (vf){_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)}; }
SIMD_INLINE vf vf_div(vf x, vf y) { return (vf){_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)}; }
SIMD_INLINE vf vf_sqrt(vf x) { return (vf){_mm256_sqrt_ps(x.a), _mm256_sqrt_ps(x.b)}; }
SIMD_INLINE vf vf_fma(vf x, vf y, vf z)
{
    return (vf){_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)};
}
SIMD_INLINE vf vf_fnma(vf x, vf y, vf z)
{
    return (vf){_mm256_fnmadd_ps(x.a, y.a, z.a), _mm256_fnmadd_ps(x.b, y.b, z.b)};
}
SIMD_INLINE vf vf_min(vf x, vf y) { return (vf){_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)}; }
SIMD_INLINE vf vf_max(vf x, vf y) { return (vf){_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)}; }
SIMD_INLINE float vf_sum(vf x)
{
    __m256 eight = _mm256_add_ps(x.a, x.b);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
SIMD_INLINE double vf_sum_double(vf x)
{
    __m256d low = _mm256_add_pd(_mm256_cvtps_pd(_mm256_castps256_ps128(x.a)),
                                _mm256_cvtps_pd(_mm256_castps256_ps128(x.b)));
    __m256d high = _mm256_add_pd(_mm256_cvtps_pd(_mm256_extractf128_ps(x.a, 1)),
                                 _mm256_cvtps_pd(_mm256_extractf128_ps(x.b, 1)));
    __m256d four = _mm256_add_pd(low, high);
    __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

SIMD_INLINE float vf_largest(vf x)
{
    __m256 eight = _mm256_max_ps(x.a, x.b);
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

SIMD_INLINE vi vf_bits(vf x) { return (vi){_mm256_castps_si256(x.a), _mm256_castps_si256(x.b)}; }
SIMD_INLINE vf vf_float(vi x) { return (vf){_mm256_castsi256_ps(x.a), _mm256_castsi256_ps(x.b)}; }
SIMD_INLINE vi vi_set1(uint32_t x) { return (vi){_mm256_set1_epi32((int)x), _mm256_set1_epi32((int)x)}; }
SIMD_INLINE vi vi_iota(void)
{
    return (vi){_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_setr_epi32(8, 9, 10, 11, 12, 13, 14, 15)};
}
SIMD_INLINE vi vi_load(const void *p)
{
    const __m256i_u *half = p;
    return (vi){_mm256_loadu_si256(half), _mm256_loadu_si256(half + 1)};
}
SIMD_INLINE void vi_store(void *p, vi x)
{
    __m256i_u *half = p;
    _mm256_storeu_si256(half, x.a);
    _mm256_storeu_si256(half + 1, x.b);
}
SIMD_INLINE vi vi_add(vi x, vi y) { return (vi){_mm256_add_epi32(x.a, y.a), _mm256_add_epi32(x.b, y.b)}; }
SIMD_INLINE vi vi_sub(vi x, vi y) { return (vi){_mm256_sub_epi32(x.a, y.a), _mm256_sub_epi32(x.b, y.b)}; }
SIMD_INLINE vi vi_mul(vi x, vi y) { return (vi){_mm256_mullo_epi32(x.a, y.a), _mm256_mullo_epi32(x.b, y.b)}; }
SIMD_INLINE vi vi_and(vi x, vi y) { return (vi){_mm256_and_si256(x.a, y.a), _mm256_and_si256(x.b, y.b)}; }
SIMD_INLINE vi vi_or(vi x, vi y) { return (vi){_mm256_or_si256(x.a, y.a), _mm256_or_si256(x.b, y.b)}; }
SIMD_INLINE vi vi_xor(vi x, vi y) { return (vi){_mm256_xor_si256(x.a, y.a), _mm256_xor_si256(x.b, y.b)}; }
SIMD_INLINE vi vi_andnot(vi x, vi y) { return (vi){_mm256_andnot_si256(x.a, y.a), _mm256_andnot_si256(x.b, y.b)}; }
SIMD_INLINE vi vi_shl(vi x, unsigned n) { return (vi){(__m256i)((simd_u32)x.a << n), (__m256i)((simd_u32)x.b << n)}; }
SIMD_INLINE vi vi_shr(vi x, unsigned n) { return (vi){(__m256i)((simd_u32)x.a >> n), (__m256i)((simd_u32)x.b >> n)}; }
SIMD_INLINE vf vf_from_int(vi x) { return (vf){_mm256_cvtepi32_ps(x.a), _mm256_cvtepi32_ps(x.b)}; }

SIMD_INLINE vm vf_lt(vf x, vf y)
{
    return (vm){_mm256_cmp_ps(x.a, y.a, _CMP_LT_OQ), _mm256_cmp_ps(x.b, y.b, _CMP_LT_OQ)};
}
SIMD_INLINE vm vf_le(vf x, vf y)
{
    return (vm){_mm256_cmp_ps(x.a, y.a, _CMP_LE_OQ), _mm256_cmp_ps(x.b, y.b, _CMP_LE_OQ)};
}
SIMD_INLINE vm vf_eq(vf x, vf y)
{
    return (vm){_mm256_cmp_ps(x.a, y.a, _CMP_EQ_OQ), _mm256_cmp_ps(x.b, y.b, _CMP_EQ_OQ)};
}
SIMD_INLINE vm vf_nan(vf x)
{
    return (vm){_mm256_cmp_ps(x.a, x.a, _CMP_UNORD_Q), _mm256_cmp_ps(x.b, x.b, _CMP_UNORD_Q)};
}
SIMD_INLINE vm vi_eq(vi x, vi y)
{
    return vf_float((vi){_mm256_cmpeq_epi32(x.a, y.a), _mm256_cmpeq_epi32(x.b, y.b)});
}
/* Unsigned x >= y where max(x, y) is x. */
SIMD_INLINE vm vi_ge(vi x, vi y)
{
    return vi_eq((vi){_mm256_max_epu32(x.a, y.a), _mm256_max_epu32(x.b, y.b)}, x);
}
SIMD_INLINE vm vm_and(vm x, vm y) { return vf_float(vi_and(vf_bits(x), vf_bits(y))); }
SIMD_INLINE vm vm_or(vm x, vm y) { return vf_float(vi_or(vf_bits(x), vf_bits(y))); }
SIMD_INLINE vm vm_not(vm x) { return vf_float(vi_xor(vf_bits(x), vi_set1(UINT32_MAX))); }
SIMD_INLINE unsigned vm_lanes(vm x)
{
    return (unsigned)_mm256_movemask_ps(x.a) | (unsigned)_mm256_movemask_ps(x.b) << 8;
}
SIMD_INLINE vf vf_select(vm m, vf x, vf y)
{
    return (vf){_mm256_blendv_ps(y.a, x.a, m.a), _mm256_blendv_ps(y.b, x.b, m.b)};
}

SIMD_INLINE vh vh_load(const float *p) { return _mm256_loadu_ps(p); }
SIMD_INLINE void vh_store(float *p, vh a) { _mm256_storeu_ps(p, a); }
SIMD_INLINE vh vh_set1(float x) { return _mm256_set1_ps(x); }
SIMD_INLINE vh vh_add(vh a, vh b) { return _mm256_add_ps(a, b); }
SIMD_INLINE vf vf_halves(vh low, vh high) { return (vf){low, high}; }
SIMD_INLINE vh vf_low(vf x) { return x.a; }
SIMD_INLINE vh vh_fma(vh a, vh b, vh c) { return _mm256_fmadd_ps(a, b, c); }
/* clang-format on */

#include "nn/simd_transpose.h"
