/* Vectors in AVX-512 registers; included by nn/simd.h, which says what each operation means. */
#include <immintrin.h>

typedef __m512 vf;
typedef __m512i vi;
typedef __mmask16 vm;
typedef __m256 vh;
typedef uint32_t simd_u32 __attribute__((vector_size(64)));

/* A table, a line an operation. */
/* clang-format off */
SIMD_INLINE vf vf_load(const float *p) { return _mm512_loadu_ps(p); }
SIMD_INLINE void vf_store(float *p, vf a) { _mm512_storeu_ps(p, a); }
SIMD_INLINE vf vf_set1(float x) { return _mm512_set1_ps(x); }
SIMD_INLINE vf vf_add(vf a, vf b) { return _mm512_add_ps(a, b); }
SIMD_INLINE vf vf_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
SIMD_INLINE vf vf_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
SIMD_INLINE vf vf_div(vf a, vf b) { return _mm512_div_ps(a, b); }
SIMD_INLINE vf vf_sqrt(vf a) { return _mm512_sqrt_ps(a); }
SIMD_INLINE vf vf_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
SIMD_INLINE vf vf_fnma(vf a, vf b, vf c) { return _mm512_fnmadd_ps(a, b, c); }
SIMD_INLINE vf vf_min(vf a, vf b) { return _mm512_min_ps(a, b); }
SIMD_INLINE vf vf_max(vf a, vf b) { return _mm512_max_ps(a, b); }
SIMD_INLINE float vf_sum(vf a)
{
    __m256 high = _mm512_extractf32x8_ps(a, 1);
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a), high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
SIMD_INLINE double vf_sum_double(vf a)
{
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(a));
    __m512d eight = _mm512_add_pd(low, _mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1)));
    __m256d four = _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
    __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

SIMD_INLINE float vf_largest(vf a)
{
    __m256 eight = _mm256_max_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

SIMD_INLINE vi vf_bits(vf a) { return _mm512_castps_si512(a); }
SIMD_INLINE vf vf_float(vi a) { return _mm512_castsi512_ps(a); }
SIMD_INLINE vi vi_set1(uint32_t x) { return _mm512_set1_epi32((int)x); }
SIMD_INLINE vi vi_iota(void) { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
SIMD_INLINE vi vi_load(const void *p) { return _mm512_loadu_si512(p); }
SIMD_INLINE void vi_store(void *p, vi a) { _mm512_storeu_si512(p, a); }
SIMD_INLINE vi vi_add(vi a, vi b) { return _mm512_add_epi32(a, b); }
SIMD_INLINE vi vi_sub(vi a, vi b) { return _mm512_sub_epi32(a, b); }
SIMD_INLINE vi vi_mul(vi a, vi b) { return _mm512_mullo_epi32(a, b); }
SIMD_INLINE vi vi_and(vi a, vi b) { return _mm512_and_si512(a, b); }
SIMD_INLINE vi vi_or(vi a, vi b) { return _mm512_or_si512(a, b); }
SIMD_INLINE vi vi_xor(vi a, vi b) { return _mm512_xor_si512(a, b); }
SIMD_INLINE vi vi_andnot(vi a, vi b) { return _mm512_andnot_si512(a, b); }
SIMD_INLINE vi vi_shl(vi a, unsigned n) { return (vi)((simd_u32)a << n); }
SIMD_INLINE vi vi_shr(vi a, unsigned n) { return (vi)((simd_u32)a >> n); }
SIMD_INLINE vf vf_from_int(vi a) { return _mm512_cvtepi32_ps(a); }

SIMD_INLINE vm vf_lt(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
SIMD_INLINE vm vf_le(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
SIMD_INLINE vm vf_eq(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
SIMD_INLINE vm vf_nan(vf a) { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
SIMD_INLINE vm vi_ge(vi a, vi b) { return _mm512_cmpge_epu32_mask(a, b); }
SIMD_INLINE vm vi_eq(vi a, vi b) { return _mm512_cmpeq_epi32_mask(a, b); }
SIMD_INLINE vm vm_and(vm a, vm b) { return (vm)(a & b); }
SIMD_INLINE vm vm_or(vm a, vm b) { return (vm)(a | b); }
SIMD_INLINE vm vm_not(vm a) { return (vm)~a; }
SIMD_INLINE unsigned vm_lanes(vm a) { return a; }
SIMD_INLINE vf vf_select(vm m, vf a, vf b) { return _mm512_mask_blend_ps(m, b, a); }

SIMD_INLINE vh vh_load(const float *p) { return _mm256_loadu_ps(p); }
SIMD_INLINE void vh_store(float *p, vh a) { _mm256_storeu_ps(p, a); }
SIMD_INLINE vh vh_set1(float x) { return _mm256_set1_ps(x); }
SIMD_INLINE vh vh_add(vh a, vh b) { return _mm256_add_ps(a, b); }
SIMD_INLINE vf vf_halves(vh low, vh high) { return _mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1); }
SIMD_INLINE vh vf_low(vf a) { return _mm512_castps512_ps256(a); }
SIMD_INLINE vh vh_fma(vh a, vh b, vh c) { return _mm256_fmadd_ps(a, b, c); }
/* clang-format on */

#include "nn/simd_transpose.h"
