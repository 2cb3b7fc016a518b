/* Vectors for any machine; included by nn/simd.h, which says what each operation means.
 *
 * Four lanes at a time, which GCC and Clang turn into whatever the machine has.  Operations without such a form are kept out of line:
 * inlined, they would make a few hundred kernels too large to compile in reasonable time. */
typedef float quad __attribute__((vector_size(16)));
typedef uint32_t quad_bits __attribute__((vector_size(16)));
typedef int32_t quad_int __attribute__((vector_size(16)));
typedef struct { quad q[4]; } vf;
typedef struct { quad_bits q[4]; } vi;
typedef vi vm; /* all ones or zero in each lane */
typedef struct { quad q[2]; } vh;

#define SIMD_CALL static __attribute__((noinline, unused))
#define SIMD_BULKY static __attribute__((noinline, unused))
#define QUADS _Pragma("GCC unroll 4") for (unsigned i = 0; i < 4; i++)
#define HALF_QUADS _Pragma("GCC unroll 2") for (unsigned i = 0; i < 2; i++)

SIMD_INLINE vf vf_load(const float *p) { vf r; memcpy(&r, p, sizeof r); return r; }
SIMD_INLINE void vf_store(float *p, vf a) { memcpy(p, &a, sizeof a); }
SIMD_INLINE vf vf_set1(float x) { vf r; QUADS r.q[i] = (quad){x, x, x, x}; return r; }
SIMD_INLINE vf vf_add(vf a, vf b) { QUADS a.q[i] += b.q[i]; return a; }
SIMD_INLINE vf vf_sub(vf a, vf b) { QUADS a.q[i] -= b.q[i]; return a; }
SIMD_INLINE vf vf_mul(vf a, vf b) { QUADS a.q[i] *= b.q[i]; return a; }
SIMD_INLINE vf vf_div(vf a, vf b) { QUADS a.q[i] /= b.q[i]; return a; }

SIMD_CALL vf vf_fma(vf a, vf b, vf c)
{
    float x[VF_LANES], y[VF_LANES], z[VF_LANES];
    vf_store(x, a);
    vf_store(y, b);
    vf_store(z, c);
    for (size_t i = 0; i < VF_LANES; i++)
        z[i] = scalar_fma(x[i], y[i], z[i]);
    return vf_load(z);
}
SIMD_CALL vf vf_sqrt(vf a)
{
    float x[VF_LANES];
    vf_store(x, a);
    for (size_t i = 0; i < VF_LANES; i++)
        x[i] = sqrtf(x[i]);
    return vf_load(x);
}
SIMD_CALL double vf_sum_double(vf a)
{
    float x[VF_LANES];
    double sum[VF_LANES];
    vf_store(x, a);
    for (size_t i = 0; i < VF_LANES; i++)
        sum[i] = (double)x[i];
    for (size_t half = VF_LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++)
            sum[i] += sum[i + half];
    return sum[0];
}
SIMD_INLINE float vf_sum(vf a)
{
    quad four = (a.q[0] + a.q[2]) + (a.q[1] + a.q[3]);
    return (four[0] + four[2]) + (four[1] + four[3]);
}

SIMD_INLINE vi vf_bits(vf a) { vi r; QUADS r.q[i] = (quad_bits)a.q[i]; return r; }
SIMD_INLINE vf vf_float(vi a) { vf r; QUADS r.q[i] = (quad)a.q[i]; return r; }
SIMD_INLINE vi vi_set1(uint32_t x) { vi r; QUADS r.q[i] = (quad_bits){x, x, x, x}; return r; }
SIMD_INLINE vi vi_iota(void)
{
    vi r;
    QUADS r.q[i] = (quad_bits){4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3};
    return r;
}
SIMD_INLINE vi vi_load(const void *p) { vi r; memcpy(&r, p, sizeof r); return r; }
SIMD_INLINE void vi_store(void *p, vi a) { memcpy(p, &a, sizeof a); }
SIMD_INLINE vi vi_add(vi a, vi b) { QUADS a.q[i] += b.q[i]; return a; }
SIMD_INLINE vi vi_sub(vi a, vi b) { QUADS a.q[i] -= b.q[i]; return a; }
SIMD_INLINE vi vi_mul(vi a, vi b) { QUADS a.q[i] *= b.q[i]; return a; }
SIMD_INLINE vi vi_and(vi a, vi b) { QUADS a.q[i] &= b.q[i]; return a; }
SIMD_INLINE vi vi_or(vi a, vi b) { QUADS a.q[i] |= b.q[i]; return a; }
SIMD_INLINE vi vi_xor(vi a, vi b) { QUADS a.q[i] ^= b.q[i]; return a; }
SIMD_INLINE vi vi_andnot(vi a, vi b) { QUADS b.q[i] &= ~a.q[i]; return b; }
SIMD_INLINE vi vi_shl(vi a, unsigned n) { QUADS a.q[i] <<= n; return a; }
SIMD_INLINE vi vi_shr(vi a, unsigned n) { QUADS a.q[i] >>= n; return a; }
SIMD_INLINE vf vf_from_int(vi a) { vf r; QUADS r.q[i] = __builtin_convertvector((quad_int)a.q[i], quad); return r; }

SIMD_INLINE vm vf_lt(vf a, vf b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] < b.q[i]); return r; }
SIMD_INLINE vm vf_le(vf a, vf b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] <= b.q[i]); return r; }
SIMD_INLINE vm vf_eq(vf a, vf b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] == b.q[i]); return r; }
SIMD_INLINE vm vf_nan(vf a) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] != a.q[i]); return r; }
SIMD_INLINE vm vi_ge(vi a, vi b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] >= b.q[i]); return r; }
SIMD_INLINE vm vi_eq(vi a, vi b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] == b.q[i]); return r; }
SIMD_INLINE vm vm_and(vm a, vm b) { return vi_and(a, b); }
SIMD_INLINE vm vm_or(vm a, vm b) { return vi_or(a, b); }
SIMD_INLINE vm vm_not(vm a) { QUADS a.q[i] = ~a.q[i]; return a; }
SIMD_INLINE unsigned vm_lanes(vm a)
{
    unsigned r = 0;
    QUADS for (unsigned k = 0; k < 4; k++) r |= (a.q[i][k] & 1u) << (4 * i + k);
    return r;
}
SIMD_INLINE vf vf_select(vm m, vf a, vf b)
{
    return vf_float(vi_or(vi_and(m, vf_bits(a)), vi_andnot(m, vf_bits(b))));
}
SIMD_INLINE vf vf_min(vf a, vf b) { return vf_select(vf_lt(a, b), a, b); }
SIMD_INLINE vf vf_max(vf a, vf b) { return vf_select(vf_lt(b, a), a, b); }
SIMD_INLINE vf vf_fnma(vf a, vf b, vf c)
{
    return vf_fma(vf_float(vi_xor(vf_bits(a), vi_set1(0x80000000u))), b, c);
}
SIMD_CALL float vf_largest(vf a)
{
    float x[VF_LANES];
    vf_store(x, a);
    for (size_t half = VF_LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++)
            x[i] = x[i] > x[i + half] ? x[i] : x[i + half];
    return x[0];
}

SIMD_INLINE vh vh_load(const float *p) { vh r; memcpy(&r, p, sizeof r); return r; }
SIMD_INLINE void vh_store(float *p, vh a) { memcpy(p, &a, sizeof a); }
SIMD_INLINE vh vh_set1(float x) { vh r; HALF_QUADS r.q[i] = (quad){x, x, x, x}; return r; }
SIMD_INLINE vh vh_add(vh a, vh b) { HALF_QUADS a.q[i] += b.q[i]; return a; }
SIMD_CALL vh vh_fma(vh a, vh b, vh c)
{
    float x[VH_LANES], y[VH_LANES], z[VH_LANES];
    vh_store(x, a);
    vh_store(y, b);
    vh_store(z, c);
    for (size_t i = 0; i < VH_LANES; i++)
        z[i] = scalar_fma(x[i], y[i], z[i]);
    return vh_load(z);
}
SIMD_INLINE vf vf_halves(vh low, vh high) { return (vf){{low.q[0], low.q[1], high.q[0], high.q[1]}}; }
SIMD_INLINE vh vf_low(vf a) { return (vh){{a.q[0], a.q[1]}}; }
/* 16 rows' first two floats become two vectors. */
SIMD_CALL void vf_load_pairs(const float *const row[16], vf *first, vf *second)
{
    float one[VF_LANES], two[VF_LANES];
    for (size_t i = 0; i < VF_LANES; i++) {
        one[i] = row[i][0];
        two[i] = row[i][1];
    }
    *first = vf_load(one);
    *second = vf_load(two);
}
/* Row i becomes lane i of both, then six zeros. */
SIMD_CALL void vf_store_pairs(float *const row[16], vf first, vf second)
{
    float one[VF_LANES], two[VF_LANES];
    vf_store(one, first);
    vf_store(two, second);
    for (size_t i = 0; i < VF_LANES; i++) {
        memset(row[i], 0, VH_LANES * sizeof(float));
        row[i][0] = one[i];
        row[i][1] = two[i];
    }
}
/* Row i of the result is column i of the eight rows. */
SIMD_CALL void vh_transpose(vh row[8])
{
    float in[8][8], out[8][8];
    memcpy(in, row, sizeof in);
    for (size_t r = 0; r < 8; r++)
        for (size_t c = 0; c < 8; c++)
            out[c][r] = in[r][c];
    memcpy(row, out, sizeof out);
}

#undef QUADS
#undef HALF_QUADS
#undef SIMD_CALL
