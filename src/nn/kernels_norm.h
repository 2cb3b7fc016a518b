/* Layer norm (Ba, Kiros & Hinton 2016): each row is brought to mean 0 and variance 1, then scaled by a gain and
 * shifted. Padding columns take no part and come out as zero. */
#ifndef NN_KERNELS_NORM_H
#define NN_KERNELS_NORM_H

#include "nn/kernels_table.h"
#include "nn/simd.h"

#define NORM_EPSILON 1e-5f

/* Sixteen elements of a row from `column` on, zero from `width` on; `inside` says which lanes are real. */
SIMD_INLINE vf norm_load(const float *row, size_t column, size_t width, vm inside)
{
    size_t left = width - column;
    return left >= VF_LANES ? vf_load(row + column) : vf_select(inside, vf_load_n(row + column, left), vf_zero());
}

SIMD_INLINE vm norm_inside(size_t column, size_t width)
{
    return vm_not(vi_ge(vi_add(vi_iota(), vi_set1((uint32_t)column)), vi_set1((uint32_t)width)));
}

SIMD_INLINE void norm_store(float *row, size_t column, size_t stride, vf value)
{
    if (column + VF_LANES <= stride)
        vf_store(row + column, value);
    else
        vf_store_n(row + column, value, stride - column);
}

static void norm_forward(const struct norm_shape *shape, const float *x, const float *gain, const float *shift,
                         float *normal, float *y, float *inverse_sd)
{
    const size_t width = shape->width, stride = shape->stride;
    const float count = (float)width;
    for (size_t r = 0; r < shape->rows; r++, x += stride, normal += stride, y += stride) {
        vf sum = vf_zero();
        for (size_t c = 0; c < width; c += VF_LANES)
            sum = vf_add(sum, norm_load(x, c, width, norm_inside(c, width)));
        vf mean = vf_set1(vf_sum(sum) / count);
        vf squares = vf_zero();
        for (size_t c = 0; c < width; c += VF_LANES) {
            vm inside = norm_inside(c, width);
            vf centred = vf_select(inside, vf_sub(norm_load(x, c, width, inside), mean), vf_zero());
            squares = vf_fma(centred, centred, squares);
        }
        inverse_sd[r] = 1.0f / sqrtf(vf_sum(squares) / count + NORM_EPSILON);
        vf scale = vf_set1(inverse_sd[r]);
        for (size_t c = 0; c < width; c += VF_LANES) {
            vm inside = norm_inside(c, width);
            vf unit = vf_mul(vf_sub(norm_load(x, c, width, inside), mean), scale);
            unit = vf_select(inside, unit, vf_zero());
            norm_store(normal, c, stride, unit);
            vf shifted = vf_fma(unit, norm_load(gain, c, width, inside), norm_load(shift, c, width, inside));
            norm_store(y, c, stride, shifted);
        }
    }
}

/* With n the normalised row and g = gain * dy: dx = (g - mean(g) - n mean(g n)) / sd, in place of dy. */
static void norm_backward(const struct norm_shape *shape, const float *gain, const float *normal,
                          const float *inverse_sd, float *d, float *d_gain, float *d_shift)
{
    const size_t width = shape->width, stride = shape->stride;
    const float count = (float)width;
    memset(d_gain, 0, stride * sizeof *d_gain);
    memset(d_shift, 0, stride * sizeof *d_shift);
    for (size_t r = 0; r < shape->rows; r++, d += stride, normal += stride) {
        vf sum = vf_zero(), product_sum = vf_zero();
        for (size_t c = 0; c < width; c += VF_LANES) {
            vm inside = norm_inside(c, width);
            vf dy = norm_load(d, c, width, inside), unit = norm_load(normal, c, width, inside);
            vf g = vf_mul(dy, norm_load(gain, c, width, inside));
            sum = vf_add(sum, g);
            product_sum = vf_fma(g, unit, product_sum);
            norm_store(d_gain, c, stride, vf_fma(dy, unit, norm_load(d_gain, c, width, inside)));
            norm_store(d_shift, c, stride, vf_add(dy, norm_load(d_shift, c, width, inside)));
        }
        vf mean = vf_set1(vf_sum(sum) / count), slope = vf_set1(vf_sum(product_sum) / count);
        vf scale = vf_set1(inverse_sd[r]);
        for (size_t c = 0; c < width; c += VF_LANES) {
            vm inside = norm_inside(c, width);
            vf g = vf_mul(norm_load(d, c, width, inside), norm_load(gain, c, width, inside));
            vf centred = vf_sub(vf_fnma(norm_load(normal, c, width, inside), slope, g), mean);
            norm_store(d, c, stride, vf_select(inside, vf_mul(centred, scale), vf_zero()));
        }
    }
}

#endif
