/* Activations and dropout over whole blocks: one pass forward, one backward.
 *
 * Derivatives are taken from the outputs y (tanh: 1 - y^2, sigmoid: y (1 - y)), so that the sums before the activation
 * need not be kept; GELU alone needs its input x.  GELU's tanh form is 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
 * (Hendrycks & Gimpel 2016).  Dropout draws its mask from (key, index of the element) both ways instead of storing it
 * (inverted dropout: Srivastava 2014, kept units are scaled by 1/(1 - rate)).
 *
 * Language models have GELU's exact form, x P(X < x) for a standard normal X, whose slope is P(X < x) + x times the
 * density at x: almost all of it is there on the way forward, so that it is kept for the way back. */
#ifndef NN_KERNELS_ACTIVATION_H
#define NN_KERNELS_ACTIVATION_H

#include "nn/kernels_math.h"
#include "nn/kernels_table.h"
#include "nn/net.h"

#define GELU_SCALE  0.7978845608028654f
#define GELU_CUBIC  0.044715f
#define LEAKY_SLOPE 0.01f

SIMD_INLINE vf gelu_tanh(vf x)
{
    vf inner = vf_fma(vf_mul(vf_mul(x, x), vf_set1(GELU_CUBIC)), x, x);
    return vf_tanh(vf_mul(inner, vf_set1(GELU_SCALE)));
}

SIMD_INLINE vf activate(const enum activation kind, vf x)
{
    switch (kind) {
    case ACTIVATION_TANH:
        return vf_tanh(x);
    case ACTIVATION_RELU:
        return vf_max(vf_zero(), x);
    case ACTIVATION_LEAKY_RELU:
        return vf_select(vf_lt(x, vf_zero()), vf_mul(x, vf_set1(LEAKY_SLOPE)), x);
    case ACTIVATION_SIGMOID:
        return vf_sigmoid(x);
    case ACTIVATION_GELU: {
        vf half = vf_mul(x, vf_set1(0.5f));
        return vf_fma(half, gelu_tanh(x), half);
    }
    case ACTIVATION_LINEAR:
    case ACTIVATION_COUNT:
        break;
    }
    return x;
}

/* d activate / d x, times d.  `y`: the output, for GELU the input. */
SIMD_INLINE vf activate_backward(const enum activation kind, vf y, vf d)
{
    const vf one = vf_set1(1.0f);
    switch (kind) {
    case ACTIVATION_TANH:
        return vf_mul(d, vf_fnma(y, y, one));
    case ACTIVATION_RELU:
        return vf_select(vf_le(y, vf_zero()), vf_zero(), d);
    case ACTIVATION_LEAKY_RELU:
        return vf_select(vf_lt(y, vf_zero()), vf_mul(d, vf_set1(LEAKY_SLOPE)), d);
    case ACTIVATION_SIGMOID:
        return vf_mul(d, vf_fnma(y, y, y));
    case ACTIVATION_GELU: {
        vf t = gelu_tanh(y);
        vf inner = vf_fma(vf_mul(y, y), vf_set1(3 * GELU_CUBIC * GELU_SCALE), vf_set1(GELU_SCALE));
        vf slope = vf_fma(vf_mul(vf_fnma(t, t, one), y), inner, vf_add(one, t));
        return vf_mul(d, vf_mul(slope, vf_set1(0.5f)));
    }
    case ACTIVATION_LINEAR:
    case ACTIVATION_COUNT:
        break;
    }
    return d;
}

/* base/random.h's random_bits, 16 indices at a time: kept where the bits reach the threshold. */
SIMD_INLINE vm dropout_keeps(const struct dropout_mask *mask, size_t first)
{
    const vi key = vi_set1(mask->key);
    vi h = vi_add(vi_iota(), vi_set1((uint32_t)first));
    h = vi_xor(vi_mul(h, vi_set1(0x9e3779b9u)), key);
    h = vi_xor(h, vi_shr(h, 16));
    h = vi_mul(h, vi_set1(0x21f0aaadu));
    h = vi_xor(h, vi_shr(h, 15));
    h = vi_add(h, key);
    h = vi_mul(h, vi_set1(0x735a2d97u));
    h = vi_xor(h, vi_shr(h, 15));
    return vi_ge(h, vi_set1(mask->threshold));
}

SIMD_INLINE void forward_pass(const enum activation kind, const bool drops, size_t length, const float *x, float *y,
                              float *dropped, const struct dropout_mask *mask)
{
    for (size_t i = 0; i < length; i += VF_LANES) {
        vf value = activate(kind, vf_load(x + i));
        vf_store(y + i, value);
        if (drops)
            vf_store(dropped + i, vf_select(dropout_keeps(mask, i), vf_mul(value, vf_set1(mask->scale)), vf_zero()));
    }
}

SIMD_INLINE void backward_pass(const enum activation kind, const bool drops, size_t length, const float *y, float *d,
                               const struct dropout_mask *mask)
{
    for (size_t i = 0; i < length; i += VF_LANES) {
        vf gradient = vf_load(d + i);
        if (drops)
            gradient = vf_select(dropout_keeps(mask, i), vf_mul(gradient, vf_set1(mask->scale)), vf_zero());
        vf_store(d + i, activate_backward(kind, vf_load(y + i), gradient));
    }
}

/* Calls the pass with constant kind and constant dropout, so that each becomes a loop of its own. */
#define EACH_KIND(pass, ...)                                                                                           \
    switch (kind) {                                                                                                    \
    case ACTIVATION_TANH:                                                                                              \
        pass(ACTIVATION_TANH, __VA_ARGS__);                                                                            \
        break;                                                                                                         \
    case ACTIVATION_RELU:                                                                                              \
        pass(ACTIVATION_RELU, __VA_ARGS__);                                                                            \
        break;                                                                                                         \
    case ACTIVATION_LEAKY_RELU:                                                                                        \
        pass(ACTIVATION_LEAKY_RELU, __VA_ARGS__);                                                                      \
        break;                                                                                                         \
    case ACTIVATION_SIGMOID:                                                                                           \
        pass(ACTIVATION_SIGMOID, __VA_ARGS__);                                                                         \
        break;                                                                                                         \
    case ACTIVATION_GELU:                                                                                              \
        pass(ACTIVATION_GELU, __VA_ARGS__);                                                                            \
        break;                                                                                                         \
    case ACTIVATION_LINEAR:                                                                                            \
        pass(ACTIVATION_LINEAR, __VA_ARGS__);                                                                          \
        break;                                                                                                         \
    case ACTIVATION_COUNT:                                                                                             \
        break;                                                                                                         \
    }

static void activation_forward(enum activation kind, size_t length, const float *x, float *y, float *dropped,
                               const struct dropout_mask *mask)
{
    if (mask)
        EACH_KIND(forward_pass, true, length, x, y, dropped, mask)
    else
        EACH_KIND(forward_pass, false, length, x, y, dropped, mask)
}

static void activation_backward(enum activation kind, size_t length, const float *y, float *d,
                                const struct dropout_mask *mask)
{
    if (mask)
        EACH_KIND(backward_pass, true, length, y, d, mask)
    else
        EACH_KIND(backward_pass, false, length, y, d, mask)
}
#undef EACH_KIND

static void gelu_forward(size_t length, const float *x, float *y, float *slope)
{
    for (size_t i = 0; i < length; i += VF_LANES) {
        vf value = vf_load(x + i), density, tail = vf_normal_tail(value, &density);
        vf below = vf_select(vf_lt(value, vf_zero()), tail, vf_sub(vf_set1(1.0f), tail));
        if (slope)
            vf_store(slope + i, vf_fma(value, density, below));
        vf_store(y + i, vf_mul(value, below));
    }
}

static void multiply(size_t length, const float *factor, float *x)
{
    for (size_t i = 0; i < length; i += VF_LANES)
        vf_store(x + i, vf_mul(vf_load(factor + i), vf_load(x + i)));
}

static void add(size_t length, const float *x, float *sum)
{
    for (size_t i = 0; i < length; i += VF_LANES)
        vf_store(sum + i, vf_add(vf_load(sum + i), vf_load(x + i)));
}

#endif
