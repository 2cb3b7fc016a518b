/* Vectors for any machine; included by nn/simd.h, which says what each operation means.
 *
 * Four lanes at a time, which GCC and Clang turn into whatever the machine has.  What has no such form is kept out of
 * line, and so is all else under AddressSanitizer: inlined, a few hundred kernels would take minutes to compile. */
typedef float quad __attribute__((vector_size(16)));
typedef uint32_t quad_bits __attribute__((vector_size(16)));
typedef int32_t quad_int __attribute__((vector_size(16)));
typedef float quad_memory __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint32_t quad_bits_memory __attribute__((vector_size(16), aligned(1), may_alias));
typedef struct {
    quad q[4];
} vf;
typedef struct {
    quad_bits q[4];
} vi;
typedef vi vm; /* all ones or zero in each lane */
typedef struct {
    quad q[2];
} vh;

#define SIMD_CALL static __attribute__((noinline, unused))
#if defined(__SANITIZE_ADDRESS__)
#define SIMD_LANES SIMD_CALL
#else
#define SIMD_LANES SIMD_INLINE
#endif
#define SIMD_BULKY static __attribute__((noinline, unused))
#define QUADS      _Pragma("GCC unroll 4") for (unsigned i = 0; i < 4; i++)
#define HALF_QUADS _Pragma("GCC unroll 2") for (unsigned i = 0; i < 2; i++)

/* A table, a line an operation. */
/* clang-format off */
SIMD_LANES vf vf_load(const float *p) { vf r; QUADS r.q[i] = ((const quad_memory *)p)[i]; return r; }
SIMD_LANES void vf_store(float *p, vf a) { QUADS ((quad_memory *)p)[i] = a.q[i]; }
SIMD_LANES vf vf_set1(float x) { vf r; QUADS r.q[i] = (quad){x, x, x, x}; return r; }
SIMD_LANES vf vf_add(vf a, vf b) { QUADS a.q[i] += b.q[i]; return a; }
SIMD_LANES vf vf_sub(vf a, vf b) { QUADS a.q[i] -= b.q[i]; return a; }
SIMD_LANES vf vf_mul(vf a, vf b) { QUADS a.q[i] *= b.q[i]; return a; }
SIMD_LANES vf vf_div(vf a, vf b) { QUADS a.q[i] /= b.q[i]; return a; }

#if defined(__FP_FAST_FMAF)
SIMD_LANES quad quad_fma(quad a, quad b, quad c)
{
    return (quad){__builtin_fmaf(a[0], b[0], c[0]), __builtin_fmaf(a[1], b[1], c[1]), __builtin_fmaf(a[2], b[2], c[2]),
                  __builtin_fmaf(a[3], b[3], c[3])};
}
SIMD_LANES vf vf_fma(vf a, vf b, vf c) { QUADS c.q[i] = quad_fma(a.q[i], b.q[i], c.q[i]); return c; }
SIMD_LANES vh vh_fma(vh a, vh b, vh c) { HALF_QUADS c.q[i] = quad_fma(a.q[i], b.q[i], c.q[i]); return c; }
#else
/* a * b + c rounded once.  Two floats multiply exactly in double; the sum is rounded to odd (an inexact one gets an
 * odd last bit: Boldo & Melquiond 2008), and 53 >= 24 + 2 bits make the final rounding to float the right one. */
typedef double pair __attribute__((vector_size(16)));
typedef uint64_t pair_bits __attribute__((vector_size(16)));
SIMD_INLINE pair pair_fma(pair a, pair b, pair c)
{
    pair product = a * b, sum = product + c, back = sum - product;
    pair error = (product - (sum - back)) + (c - back); /* NaN where the sum is infinite or NaN: right as it is */
    pair_bits inexact = (pair_bits)(error < 0) | (pair_bits)(error > 0);
    pair_bits towards_zero = (pair_bits)(error > 0) ^ (pair_bits)(sum > 0);
    pair_bits even = ((pair_bits)sum & 1) - 1;
    return (pair)((pair_bits)sum + (inexact & even & (1 + (towards_zero & (uint64_t)-2))));
}
SIMD_CALL quad quad_fma(quad a, quad b, quad c)
{
    pair low = pair_fma((pair){(double)a[0], (double)a[1]}, (pair){(double)b[0], (double)b[1]},
                        (pair){(double)c[0], (double)c[1]});
    pair high = pair_fma((pair){(double)a[2], (double)a[3]}, (pair){(double)b[2], (double)b[3]},
                         (pair){(double)c[2], (double)c[3]});
    return (quad){(float)low[0], (float)low[1], (float)high[0], (float)high[1]};
}
SIMD_CALL vf vf_fma(vf a, vf b, vf c) { QUADS c.q[i] = quad_fma(a.q[i], b.q[i], c.q[i]); return c; }
SIMD_CALL vh vh_fma(vh a, vh b, vh c) { HALF_QUADS c.q[i] = quad_fma(a.q[i], b.q[i], c.q[i]); return c; }
#endif
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
SIMD_LANES float vf_sum(vf a)
{
    quad four = (a.q[0] + a.q[2]) + (a.q[1] + a.q[3]);
    return (four[0] + four[2]) + (four[1] + four[3]);
}

SIMD_LANES vi vf_bits(vf a) { vi r; QUADS r.q[i] = (quad_bits)a.q[i]; return r; }
SIMD_LANES vf vf_float(vi a) { vf r; QUADS r.q[i] = (quad)a.q[i]; return r; }
SIMD_LANES vi vi_set1(uint32_t x) { vi r; QUADS r.q[i] = (quad_bits){x, x, x, x}; return r; }
SIMD_LANES vi vi_iota(void)
{
    vi r;
    QUADS r.q[i] = (quad_bits){4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3};
    return r;
}
SIMD_LANES vi vi_load(const void *p) { vi r; QUADS r.q[i] = ((const quad_bits_memory *)p)[i]; return r; }
SIMD_LANES void vi_store(void *p, vi a) { QUADS ((quad_bits_memory *)p)[i] = a.q[i]; }
SIMD_LANES vi vi_add(vi a, vi b) { QUADS a.q[i] += b.q[i]; return a; }
SIMD_LANES vi vi_sub(vi a, vi b) { QUADS a.q[i] -= b.q[i]; return a; }
SIMD_LANES vi vi_mul(vi a, vi b) { QUADS a.q[i] *= b.q[i]; return a; }
SIMD_LANES vi vi_and(vi a, vi b) { QUADS a.q[i] &= b.q[i]; return a; }
SIMD_LANES vi vi_or(vi a, vi b) { QUADS a.q[i] |= b.q[i]; return a; }
SIMD_LANES vi vi_xor(vi a, vi b) { QUADS a.q[i] ^= b.q[i]; return a; }
SIMD_LANES vi vi_andnot(vi a, vi b) { QUADS b.q[i] &= ~a.q[i]; return b; }
SIMD_LANES vi vi_shl(vi a, unsigned n) { QUADS a.q[i] <<= n; return a; }
SIMD_LANES vi vi_shr(vi a, unsigned n) { QUADS a.q[i] >>= n; return a; }
SIMD_LANES vf vf_from_int(vi a) { vf r; QUADS r.q[i] = __builtin_convertvector((quad_int)a.q[i], quad); return r; }

SIMD_LANES vm vf_lt(vf a, vf b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] < b.q[i]); return r; }
SIMD_LANES vm vf_le(vf a, vf b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] <= b.q[i]); return r; }
SIMD_LANES vm vf_eq(vf a, vf b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] == b.q[i]); return r; }
SIMD_LANES vm vf_nan(vf a) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] != a.q[i]); return r; }
SIMD_LANES vm vi_ge(vi a, vi b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] >= b.q[i]); return r; }
SIMD_LANES vm vi_eq(vi a, vi b) { vm r; QUADS r.q[i] = (quad_bits)(a.q[i] == b.q[i]); return r; }
SIMD_LANES vm vm_and(vm a, vm b) { return vi_and(a, b); }
SIMD_LANES vm vm_or(vm a, vm b) { return vi_or(a, b); }
SIMD_LANES vm vm_not(vm a) { QUADS a.q[i] = ~a.q[i]; return a; }
SIMD_LANES unsigned vm_lanes(vm a)
{
    unsigned r = 0;
    QUADS for (unsigned k = 0; k < 4; k++) r |= (a.q[i][k] & 1u) << (4 * i + k);
    return r;
}
SIMD_LANES vf vf_select(vm m, vf a, vf b)
{
    return vf_float(vi_or(vi_and(m, vf_bits(a)), vi_andnot(m, vf_bits(b))));
}
SIMD_LANES vf vf_min(vf a, vf b) { return vf_select(vf_lt(a, b), a, b); }
SIMD_LANES vf vf_max(vf a, vf b) { return vf_select(vf_lt(b, a), a, b); }
SIMD_LANES vf vf_fnma(vf a, vf b, vf c)
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

SIMD_LANES vh vh_load(const float *p) { vh r; HALF_QUADS r.q[i] = ((const quad_memory *)p)[i]; return r; }
SIMD_LANES void vh_store(float *p, vh a) { HALF_QUADS ((quad_memory *)p)[i] = a.q[i]; }
SIMD_LANES vh vh_set1(float x) { vh r; HALF_QUADS r.q[i] = (quad){x, x, x, x}; return r; }
SIMD_LANES vh vh_add(vh a, vh b) { HALF_QUADS a.q[i] += b.q[i]; return a; }
SIMD_LANES vf vf_halves(vh low, vh high) { return (vf){{low.q[0], low.q[1], high.q[0], high.q[1]}}; }
SIMD_LANES vh vf_low(vf a) { return (vh){{a.q[0], a.q[1]}}; }
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
/* clang-format on */

#undef QUADS
#undef HALF_QUADS
#undef SIMD_CALL
#undef SIMD_LANES
