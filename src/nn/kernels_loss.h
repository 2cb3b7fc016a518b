/* Losses, part of one instruction level: included by nn/kernels.c only.
 *
 * Two shapes of work.  Losses of one number a row (two-class softmax, binary cross-entropy, squared error, Huber) have
 * the batch in the lanes: 16 rows at a time.  So has softmax over up to 16 classes, whose logits are turned first:
 * nothing is folded across lanes.  Softmax over more classes has the classes in the lanes, a row at a time; its
 * logarithms are taken 16 rows at a time again.
 *
 * A label below zero asks for nothing: its row has no part in the mean, and no gradient. */
#include <assert.h>
#include <stdbool.h>

#include "nn/kernels_math.h"
#include "nn/loss.h"
#include "nn/simd.h"

/* ln(1 + t) for t >= 0, also where 1 + t rounds to 1: what the sum u lost comes back as (t - (u - 1)) / u. */
SIMD_INLINE vf loss_log1p(vf t)
{
    vf one = vf_set1(1), u = vf_add(one, t);
    vf log = vf_add(vf_log(u), vf_div(vf_sub(t, vf_sub(u, one)), u));
    return vf_select(vf_lt(t, vf_set1(INFINITY)), log, t);
}

/* A loss of d = how much more the wrong side has than the right one: ln(1 + e^d), and its slope 1 / (1 + e^-d), which
 * is the probability of the wrong answer. */
SIMD_INLINE vf softplus(vf d, vf *slope)
{
    vf e = vf_exp_falling(vf_neg(vf_abs(d)));
    vf inverse = vf_div(vf_set1(1), vf_add(vf_set1(1), e));
    *slope = vf_select(vf_gt(d, vf_zero()), inverse, vf_mul(e, inverse));
    return vf_add(vf_max(vf_zero(), d), loss_log1p(e));
}

/* Lanes below n. */
SIMD_INLINE vm first_lanes(size_t n)
{
    return vm_not(vi_ge(vi_iota(), vi_set1((uint32_t)n)));
}

SIMD_INLINE vi load_labels(const int32_t *label, size_t rows)
{
    if (rows == VF_LANES)
        return vi_load(label);
    int32_t lane[VF_LANES] = {0};
    memcpy(lane, label, rows * sizeof *lane);
    return vi_load(lane);
}

/* Rows whose answer counts: those whose label is not below zero. */
SIMD_INLINE vm counting(vi label)
{
    return vm_not(vi_ge(label, vi_set1(0x80000000u)));
}

/* What a row that counts has in the mean; 0 where none does. */
SIMD_INLINE float share_of(const int32_t *label, size_t batch)
{
    size_t i = 0;
    uint32_t below = 0;
    for (; i + VF_LANES <= batch; i += VF_LANES)
        below += (uint32_t)__builtin_popcount(vm_lanes(vm_not(counting(vi_load(label + i)))));
#pragma GCC unroll 4
    for (; i < batch; i++)
        below += (uint32_t)label[i] >> 31;
    return below < batch ? 1.0f / (float)(batch - below) : 0;
}

SIMD_INLINE vf load_targets(const float *target, size_t rows)
{
    float lane[VF_LANES] = {0};
    memcpy(lane, target, rows * sizeof *lane);
    return vf_load(lane);
}

/* Rows that count: their losses are kept where they are wanted and added up. */
SIMD_INLINE vf keep_losses(vf total, vf loss, size_t first, size_t rows, float *per_row)
{
    if (per_row)
        vf_store_n(per_row + first, loss, rows);
    return vf_add(total, vf_select(first_lanes(rows), loss, vf_zero()));
}

enum row_loss { ROW_TWO_CLASSES, ROW_BCE, ROW_MSE, ROW_HUBER };

/* 16 rows: their losses, and the slopes with respect to the one logit, or to that of class 0 of two. */
SIMD_INLINE vf row_losses(enum row_loss kind, vf logit, vf other, const struct loss_answers *answers, size_t first,
                          size_t rows, vf *slope)
{
    if (kind == ROW_TWO_CLASSES || kind == ROW_BCE) {
        /* Of two classes, label 1 makes class 0 the wrong one; of one logit, label 0 makes it the wrong one. */
        vf ahead = kind == ROW_TWO_CLASSES ? vf_sub(logit, other) : logit, wrong;
        vi label = load_labels(answers->label + first, rows);
        vm right = vi_eq(label, vi_set1(kind == ROW_BCE)), counts = counting(label);
        vf loss = softplus(vf_select(right, vf_neg(ahead), ahead), &wrong);
        *slope = vf_select(counts, vf_select(right, vf_neg(wrong), wrong), vf_zero());
        return vf_select(counts, loss, vf_zero());
    }
    vf error = vf_sub(logit, load_targets(answers->target + first, rows));
    if (kind == ROW_MSE) {
        *slope = vf_add(error, error);
        return vf_mul(error, error);
    }
    /* Within 1 of the target a parabola, outside a straight line (Huber 1964, delta 1). */
    vf size = vf_abs(error), one = vf_set1(1), half = vf_set1(0.5f);
    *slope = vf_max(vf_neg(one), vf_min(one, error));
    return vf_select(vf_lt(size, one), vf_mul(vf_mul(half, error), error), vf_sub(size, half));
}

/* Rows of 8 floats, of which the first one or two are logits; the others are and stay zero. */
SIMD_INLINE float loss_by_rows(enum row_loss kind, const float *logits, size_t stride, size_t batch,
                               const struct loss_answers *answers, float *d_logits, float *per_row)
{
    assert(stride == VH_LANES);
    const bool labelled = kind == ROW_TWO_CLASSES || kind == ROW_BCE;
    const float share = labelled ? share_of(answers->label, batch) : 1.0f / (float)batch;
    vf total = vf_zero();
    for (size_t first = 0; first < batch; first += VF_LANES) {
        size_t rows = batch - first < VF_LANES ? batch - first : VF_LANES;
        float nothing[VH_LANES] = {0}, *out[VF_LANES];
        const float *in[VF_LANES];
        for (size_t i = 0; i < VF_LANES; i++) {
            in[i] = i < rows ? logits + (first + i) * VH_LANES : nothing;
            out[i] = i < rows && d_logits ? d_logits + (first + i) * VH_LANES : nothing;
        }
        vf logit, other, slope;
        vf_load_pairs(in, &logit, &other);
        total = keep_losses(total, row_losses(kind, logit, other, answers, first, rows, &slope), first, rows, per_row);
        slope = vf_mul(slope, vf_set1(share));
        if (d_logits)
            vf_store_pairs(out, slope, kind == ROW_TWO_CLASSES ? vf_neg(slope) : vf_zero());
    }
    return vf_sum(total) * share;
}

/* 16 floats of a row from column `from` on, zero behind the row's end: a padded row may end after 8. */
SIMD_INLINE vf load_part(const float *row, size_t stride, size_t from)
{
    return stride - from >= VF_LANES ? vf_load(row + from) : vf_halves(vh_load(row + from), vh_set1(0));
}

SIMD_INLINE void store_part(float *row, size_t stride, size_t from, vf a)
{
    if (stride - from >= VF_LANES)
        vf_store(row + from, a);
    else
        vh_store(row + from, vf_low(a));
}

/* Up to 16 rows of softmax.  -ln p = ln(1 + excess) + above, where `above` says how far the largest logit is above the
 * right class's and `excess` is the sum of all e^(z - largest), less 1: where the right class is the largest its own
 * term is exactly 1, is left out, and nothing of a tiny rest is lost.  Of a row that does not count `above` is minus
 * infinity, and its loss is made zero. */
struct row_softmax {
    float largest[VF_LANES], above[VF_LANES], excess[VF_LANES];
};

SIMD_INLINE void find_largest(struct row_softmax *softmax, const float *logits, size_t stride, size_t outputs,
                              const int32_t *label, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        const float *row = logits + i * stride;
        vf top = vf_set1(-INFINITY);
        for (size_t j = 0; j < stride; j += VF_LANES)
            top = vf_max(top, vf_select(first_lanes(outputs - j), load_part(row, stride, j), top));
        softmax->largest[i] = vf_largest(top);
        softmax->above[i] = label[i] < 0 ? -INFINITY : softmax->largest[i] - row[label[i]];
    }
}

/* With `d_logits` also leaves e^(z - largest) there. */
SIMD_INLINE void sum_exponentials(struct row_softmax *softmax, const float *logits, size_t stride, size_t outputs,
                                  const int32_t *label, size_t rows, float *d_logits)
{
    for (size_t i = 0; i < rows; i++) {
        vf sum = vf_zero(), shift = vf_set1(softmax->largest[i]);
        for (size_t j = 0; j < stride; j += VF_LANES) {
            vm right = vi_eq(vi_iota(), vi_set1((uint32_t)label[i] - (uint32_t)j));
            vf e = vf_exp_falling(vf_sub(load_part(logits + i * stride, stride, j), shift));
            e = vf_select(first_lanes(outputs - j), e, vf_zero());
            sum = vf_add(sum, vf_select(right, vf_sub(e, vf_set1(1)), e));
            if (d_logits)
                store_part(d_logits + i * stride, stride, j, e);
        }
        softmax->excess[i] = vf_sum(sum);
    }
}

/* d = (p - [right class]) / B, from the exponentials that are there. */
SIMD_INLINE void finish_gradient(float *d_logits, size_t stride, const int32_t *label, size_t rows, const float *scale,
                                 float share)
{
    for (size_t i = 0; i < rows; i++) {
        const vf of_row = vf_set1(label[i] < 0 ? 0 : scale[i]);
        for (size_t j = 0; j < stride; j += VF_LANES) {
            vm right = vi_eq(vi_iota(), vi_set1((uint32_t)label[i] - (uint32_t)j));
            vf e = load_part(d_logits + i * stride, stride, j);
            vf d = vf_sub(vf_mul(e, of_row), vf_select(right, vf_set1(share), vf_zero()));
            store_part(d_logits + i * stride, stride, j, d);
        }
    }
}

/* The rows go through each stage together, so that the long way from a row's logits to its gradient is gone by many at
 * once. */
SIMD_INLINE float softmax_loss(const float *logits, size_t stride, size_t outputs, size_t batch,
                               const struct loss_answers *answers, float *d_logits, float *per_row)
{
    const float share = share_of(answers->label, batch);
    vf total = vf_zero();
    for (size_t first = 0; first < batch; first += VF_LANES) {
        size_t rows = batch - first < VF_LANES ? batch - first : VF_LANES;
        const int32_t *label = answers->label + first;
        const float *z = logits + first * stride;
        float *d = d_logits ? d_logits + first * stride : NULL;
        struct row_softmax softmax = {.largest = {0}};
        find_largest(&softmax, z, stride, outputs, label, rows);
        sum_exponentials(&softmax, z, stride, outputs, label, rows, d);
        /* Rounding can leave an excess of minus a billionth. */
        vf excess = vf_max(vf_zero(), vf_load(softmax.excess));
        vf loss = vf_add(loss_log1p(excess), vf_load(softmax.above));
        total = keep_losses(total, vf_max(vf_zero(), loss), first, rows, per_row);
        if (d) {
            float scale[VF_LANES];
            vf_store(scale, vf_div(vf_set1(share), vf_add(vf_set1(1), excess)));
            finish_gradient(d, stride, label, rows, scale, share);
        }
    }
    return vf_sum(total) * share;
}

/* 16 rows of 8 or 16 floats become columns, and back. */
SIMD_INLINE void turn_to_columns(const float *const row[VF_LANES], size_t stride, float column[VF_LANES][VF_LANES])
{
    for (size_t c = 0; c < stride; c += VH_LANES)
        for (size_t half = 0; half < VF_LANES; half += VH_LANES) {
            vh block[VH_LANES];
#pragma GCC unroll 8
            for (size_t i = 0; i < VH_LANES; i++)
                block[i] = vh_load(row[half + i] + c);
            vh_transpose(block);
#pragma GCC unroll 8
            for (size_t i = 0; i < VH_LANES; i++)
                vh_store(column[c + i] + half, block[i]);
        }
}

SIMD_INLINE void turn_to_rows(float column[VF_LANES][VF_LANES], size_t stride, float *const row[VF_LANES])
{
    for (size_t c = 0; c < stride; c += VH_LANES)
        for (size_t half = 0; half < VF_LANES; half += VH_LANES) {
            vh block[VH_LANES];
#pragma GCC unroll 8
            for (size_t i = 0; i < VH_LANES; i++)
                block[i] = vh_load(column[c + i] + half);
            vh_transpose(block);
#pragma GCC unroll 8
            for (size_t i = 0; i < VH_LANES; i++)
                vh_store(row[half + i] + c, block[i]);
        }
}

/* 16 rows of softmax over few classes, logits[class][row]: their losses, and share * (p - [right class]) in place of
 * the logits. See struct row_softmax for `excess`. */
SIMD_INLINE vf softmax_columns(float column[VF_LANES][VF_LANES], size_t outputs, vi label, float share)
{
    vf largest = vf_set1(-INFINITY), right = vf_zero(), sum = vf_zero();
    for (size_t j = 0; j < outputs; j++) {
        vf z = vf_load(column[j]);
        largest = vf_max(largest, z);
        right = vf_select(vi_eq(label, vi_set1((uint32_t)j)), z, right);
    }
    for (size_t j = 0; j < outputs; j++) {
        vf e = vf_exp_falling(vf_sub(vf_load(column[j]), largest));
        vf_store(column[j], e);
        sum = vf_add(sum, vf_select(vi_eq(label, vi_set1((uint32_t)j)), vf_sub(e, vf_set1(1)), e));
    }
    /* Rounding can leave an excess of minus a billionth. */
    const vm counts = counting(label);
    vf excess = vf_max(vf_zero(), sum), scale = vf_div(vf_set1(share), vf_add(vf_set1(1), excess));
    scale = vf_select(counts, scale, vf_zero());
    for (size_t j = 0; j < outputs; j++) {
        vf taken = vf_select(vi_eq(label, vi_set1((uint32_t)j)), vf_set1(share), vf_zero());
        vf_store(column[j], vf_sub(vf_mul(vf_load(column[j]), scale), taken));
    }
    return vf_select(counts, vf_add(loss_log1p(excess), vf_sub(largest, right)), vf_zero());
}

SIMD_INLINE float few_classes_loss(const float *logits, size_t stride, size_t outputs, size_t batch,
                                   const struct loss_answers *answers, float *d_logits, float *per_row)
{
    assert(stride <= VF_LANES);
    const float share = share_of(answers->label, batch);
    vf total = vf_zero();
    for (size_t first = 0; first < batch; first += VF_LANES) {
        size_t rows = batch - first < VF_LANES ? batch - first : VF_LANES;
        float nothing[VF_LANES] = {0}, column[VF_LANES][VF_LANES], *out[VF_LANES];
        const float *in[VF_LANES];
        for (size_t i = 0; i < VF_LANES; i++) {
            in[i] = i < rows ? logits + (first + i) * stride : nothing;
            out[i] = i < rows && d_logits ? d_logits + (first + i) * stride : nothing;
        }
        turn_to_columns(in, stride, column);
        vf loss = softmax_columns(column, outputs, load_labels(answers->label + first, rows), share);
        total = keep_losses(total, loss, first, rows, per_row);
        if (!d_logits)
            continue;
        for (size_t j = outputs; j < stride; j++)
            vf_store(column[j], vf_zero());
        turn_to_rows(column, stride, out);
    }
    return vf_sum(total) * share;
}

/* out[i] = index of the largest value of row i, the lowest index of equal ones; NaN counts as smaller than any number.
 * Works on sixteen rows at a time, one in each lane, and loops over the classes. */
static void kernel_likeliest(const float *logits, size_t stride, size_t classes, size_t rows, int32_t *out)
{
    assert(classes >= 2 && stride <= VF_LANES);
    for (size_t first = 0; first < rows; first += VF_LANES) {
        const size_t count = rows - first < VF_LANES ? rows - first : VF_LANES;
        float nothing[VF_LANES] = {0}, column[VF_LANES][VF_LANES];
        const float *in[VF_LANES];
        int32_t found[VF_LANES];
        for (size_t i = 0; i < VF_LANES; i++)
            in[i] = i < count ? logits + (first + i) * stride : nothing;
        turn_to_columns(in, stride, column);
        vf largest = vf_load(column[0]), where = vf_zero();
        for (size_t j = 1; j < classes; j++) {
            const vf z = vf_load(column[j]);
            const vm above = vm_not(vm_or(vf_le(z, largest), vf_nan(z)));
            largest = vf_select(above, z, largest);
            where = vf_select(above, vf_float(vi_set1((uint32_t)j)), where);
        }
        vi_store(found, vf_bits(where));
        memcpy(out + first, found, count * sizeof *out);
    }
}

static float kernel_cross_entropy(const float *logits, size_t stride, size_t outputs, size_t batch,
                                  const struct loss_answers *answers, float *d_logits, float *per_row)
{
    if (outputs == 2)
        return loss_by_rows(ROW_TWO_CLASSES, logits, stride, batch, answers, d_logits, per_row);
    if (outputs <= VF_LANES)
        return few_classes_loss(logits, stride, outputs, batch, answers, d_logits, per_row);
    return softmax_loss(logits, stride, outputs, batch, answers, d_logits, per_row);
}

static float kernel_bce(const float *logits, size_t stride, size_t outputs, size_t batch,
                        const struct loss_answers *answers, float *d_logits, float *per_row)
{
    (void)outputs;
    return loss_by_rows(ROW_BCE, logits, stride, batch, answers, d_logits, per_row);
}

static float kernel_mse(const float *logits, size_t stride, size_t outputs, size_t batch,
                        const struct loss_answers *answers, float *d_logits, float *per_row)
{
    (void)outputs;
    return loss_by_rows(ROW_MSE, logits, stride, batch, answers, d_logits, per_row);
}

static float kernel_huber(const float *logits, size_t stride, size_t outputs, size_t batch,
                          const struct loss_answers *answers, float *d_logits, float *per_row)
{
    (void)outputs;
    return loss_by_rows(ROW_HUBER, logits, stride, batch, answers, d_logits, per_row);
}
