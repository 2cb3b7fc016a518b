/* Vectors as arrays, for any machine; included by nn/simd.h, which says what each operation means. */
typedef struct { float lane[16]; } vf;
typedef struct { uint32_t lane[16]; } vi;
typedef struct { uint32_t lane[16]; } vm; /* all ones or zero */
typedef struct { float lane[8]; } vh;

#define LANES for (unsigned i = 0; i < 16; i++)
#define HALF_LANES for (unsigned i = 0; i < 8; i++)

SIMD_INLINE vf vf_load(const float *p) { vf r; memcpy(r.lane, p, sizeof r.lane); return r; }
SIMD_INLINE void vf_store(float *p, vf a) { memcpy(p, a.lane, sizeof a.lane); }
SIMD_INLINE vf vf_set1(float x) { vf r; LANES r.lane[i] = x; return r; }
SIMD_INLINE vf vf_add(vf a, vf b) { LANES a.lane[i] += b.lane[i]; return a; }
SIMD_INLINE vf vf_sub(vf a, vf b) { LANES a.lane[i] -= b.lane[i]; return a; }
SIMD_INLINE vf vf_mul(vf a, vf b) { LANES a.lane[i] *= b.lane[i]; return a; }
SIMD_INLINE vf vf_div(vf a, vf b) { LANES a.lane[i] /= b.lane[i]; return a; }
SIMD_INLINE vf vf_sqrt(vf a) { LANES a.lane[i] = sqrtf(a.lane[i]); return a; }
SIMD_INLINE vf vf_fma(vf a, vf b, vf c) { LANES c.lane[i] = scalar_fma(a.lane[i], b.lane[i], c.lane[i]); return c; }
SIMD_INLINE vf vf_fnma(vf a, vf b, vf c) { LANES c.lane[i] = scalar_fma(-a.lane[i], b.lane[i], c.lane[i]); return c; }
SIMD_INLINE vf vf_min(vf a, vf b) { LANES a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]; return a; }
SIMD_INLINE vf vf_max(vf a, vf b) { LANES a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]; return a; }
SIMD_INLINE float vf_sum(vf a)
{
    for (unsigned half = 8; half > 0; half /= 2)
        for (unsigned i = 0; i < half; i++)
            a.lane[i] += a.lane[i + half];
    return a.lane[0];
}
SIMD_INLINE double vf_sum_double(vf a)
{
    double sum[16];
    LANES sum[i] = (double)a.lane[i];
    for (unsigned half = 8; half > 0; half /= 2)
        for (unsigned i = 0; i < half; i++)
            sum[i] += sum[i + half];
    return sum[0];
}

SIMD_INLINE float vf_largest(vf a)
{
    for (unsigned half = 8; half > 0; half /= 2)
        for (unsigned i = 0; i < half; i++)
            a.lane[i] = a.lane[i] > a.lane[i + half] ? a.lane[i] : a.lane[i + half];
    return a.lane[0];
}

SIMD_INLINE vi vf_bits(vf a) { vi r; memcpy(&r, &a, sizeof r); return r; }
SIMD_INLINE vf vf_float(vi a) { vf r; memcpy(&r, &a, sizeof r); return r; }
SIMD_INLINE vi vi_set1(uint32_t x) { vi r; LANES r.lane[i] = x; return r; }
SIMD_INLINE vi vi_iota(void) { vi r; LANES r.lane[i] = i; return r; }
SIMD_INLINE vi vi_load(const void *p) { vi r; memcpy(&r, p, sizeof r); return r; }
SIMD_INLINE void vi_store(void *p, vi a) { memcpy(p, &a, sizeof a); }
SIMD_INLINE vi vi_add(vi a, vi b) { LANES a.lane[i] += b.lane[i]; return a; }
SIMD_INLINE vi vi_sub(vi a, vi b) { LANES a.lane[i] -= b.lane[i]; return a; }
SIMD_INLINE vi vi_mul(vi a, vi b) { LANES a.lane[i] *= b.lane[i]; return a; }
SIMD_INLINE vi vi_and(vi a, vi b) { LANES a.lane[i] &= b.lane[i]; return a; }
SIMD_INLINE vi vi_or(vi a, vi b) { LANES a.lane[i] |= b.lane[i]; return a; }
SIMD_INLINE vi vi_xor(vi a, vi b) { LANES a.lane[i] ^= b.lane[i]; return a; }
SIMD_INLINE vi vi_andnot(vi a, vi b) { LANES b.lane[i] &= ~a.lane[i]; return b; }
SIMD_INLINE vi vi_shl(vi a, unsigned n) { LANES a.lane[i] <<= n; return a; }
SIMD_INLINE vi vi_shr(vi a, unsigned n) { LANES a.lane[i] >>= n; return a; }
SIMD_INLINE vf vf_from_int(vi a) { vf r; LANES r.lane[i] = (float)(int32_t)a.lane[i]; return r; }

SIMD_INLINE vm vf_lt(vf a, vf b) { vm r; LANES r.lane[i] = a.lane[i] < b.lane[i] ? UINT32_MAX : 0; return r; }
SIMD_INLINE vm vf_le(vf a, vf b) { vm r; LANES r.lane[i] = a.lane[i] <= b.lane[i] ? UINT32_MAX : 0; return r; }
SIMD_INLINE vm vf_eq(vf a, vf b) { vm r; LANES r.lane[i] = a.lane[i] == b.lane[i] ? UINT32_MAX : 0; return r; }
SIMD_INLINE vm vf_nan(vf a) { vm r; LANES r.lane[i] = a.lane[i] != a.lane[i] ? UINT32_MAX : 0; return r; }
SIMD_INLINE vm vi_ge(vi a, vi b) { vm r; LANES r.lane[i] = a.lane[i] >= b.lane[i] ? UINT32_MAX : 0; return r; }
SIMD_INLINE vm vi_eq(vi a, vi b) { vm r; LANES r.lane[i] = a.lane[i] == b.lane[i] ? UINT32_MAX : 0; return r; }
SIMD_INLINE vm vm_and(vm a, vm b) { LANES a.lane[i] &= b.lane[i]; return a; }
SIMD_INLINE vm vm_or(vm a, vm b) { LANES a.lane[i] |= b.lane[i]; return a; }
SIMD_INLINE vm vm_not(vm a) { LANES a.lane[i] = ~a.lane[i]; return a; }
SIMD_INLINE unsigned vm_lanes(vm a) { unsigned r = 0; LANES r |= (a.lane[i] & 1u) << i; return r; }
SIMD_INLINE vf vf_select(vm m, vf a, vf b)
{
    vf r;
    LANES r.lane[i] = m.lane[i] ? a.lane[i] : b.lane[i];
    return r;
}

SIMD_INLINE vh vh_load(const float *p) { vh r; memcpy(r.lane, p, sizeof r.lane); return r; }
SIMD_INLINE void vh_store(float *p, vh a) { memcpy(p, a.lane, sizeof a.lane); }
SIMD_INLINE vh vh_set1(float x) { vh r; HALF_LANES r.lane[i] = x; return r; }
SIMD_INLINE vh vh_add(vh a, vh b) { HALF_LANES a.lane[i] += b.lane[i]; return a; }
SIMD_INLINE vf vf_halves(vh low, vh high)
{
    vf r;
    memcpy(r.lane, low.lane, sizeof low.lane);
    memcpy(r.lane + 8, high.lane, sizeof high.lane);
    return r;
}
SIMD_INLINE vh vf_low(vf a) { vh r; memcpy(r.lane, a.lane, sizeof r.lane); return r; }
SIMD_INLINE vh vh_fma(vh a, vh b, vh c) { HALF_LANES c.lane[i] = scalar_fma(a.lane[i], b.lane[i], c.lane[i]); return c; }
/* 16 rows' first two floats become two vectors. */
SIMD_INLINE void vf_load_pairs(const float *const row[16], vf *first, vf *second)
{
    LANES {
        first->lane[i] = row[i][0];
        second->lane[i] = row[i][1];
    }
}
/* Row i becomes lane i of both, then six zeros. */
SIMD_INLINE void vf_store_pairs(float *const row[16], vf first, vf second)
{
    LANES {
        memset(row[i], 0, 8 * sizeof(float));
        row[i][0] = first.lane[i];
        row[i][1] = second.lane[i];
    }
}
/* Row i of the result is column i of the eight rows. */
SIMD_INLINE void vh_transpose(vh row[8])
{
    vh column[8];
    for (unsigned r = 0; r < 8; r++)
        HALF_LANES column[r].lane[i] = row[i].lane[r];
    memcpy(row, column, sizeof column);
}

#undef LANES
#undef HALF_LANES
