/* Losses, part of one instruction level: included by nn/kernels.c only.
 *
 * Two shapes of work.  Losses of one number a row (two-class softmax, binary cross-entropy, squared error, Huber) have
 * the batch in the lanes: 16 rows at a time.  Softmax over more classes has the classes in the lanes, a row at a time; its logarithms
 * are taken 16 rows at a time again. */
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

/* A loss of d = how much more the wrong side has than the right one: ln(1 + e^d), and its slope 1 / (1 + e^-d), which is the
 * probability of the wrong answer. */
SIMD_INLINE vf softplus(vf d, vf *slope)
{
    vf e = vf_exp(vf_neg(vf_abs(d)));
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
    int32_t lane[VF_LANES] = { 0 };
    memcpy(lane, label, rows * sizeof *lane);
    return vi_load(lane);
}

/* Column 0 (and 1) of up to 16 rows; other lanes are 0. */
SIMD_INLINE vf load_column(const float *logits, size_t stride, size_t rows)
{
    float lane[VF_LANES] = { 0 };
    for (size_t row = 0; row < rows; row++)
        lane[row] = logits[row * stride];
    return vf_load(lane);
}

/* Writes the gradient of one column, or of two that are each other's negative, with zeros behind it. */
SIMD_INLINE void store_column(float *d_logits, size_t stride, size_t rows, vf d, bool mirrored)
{
    float lane[VF_LANES];
    vf_store(lane, d);
    for (size_t row = 0; row < rows; row++) {
        float *out = d_logits + row * stride;
        for (size_t i = 0; i < stride; i += VH_LANES)
            vh_store(out + i, vh_set1(0));
        out[0] = lane[row];
        if (mirrored)
            out[1] = -lane[row];
    }
}

/* Rows that count: their losses are kept where they are wanted and added up. */
SIMD_INLINE vf keep_losses(vf total, vf loss, size_t first, size_t rows, float *per_row)
{
    if (per_row)
        vf_store_n(per_row + first, loss, rows);
    return vf_add(total, vf_select(first_lanes(rows), loss, vf_zero()));
}

enum row_loss { ROW_TWO_CLASSES, ROW_BCE, ROW_MSE, ROW_HUBER };

SIMD_INLINE float loss_by_rows(enum row_loss kind, const float *logits, size_t stride, size_t batch,
                               const struct loss_answers *answers, float *d_logits, float *per_row)
{
    float share = 1.0f / (float)batch;
    vf total = vf_zero();
    for (size_t first = 0; first < batch; first += VF_LANES) {
        size_t rows = batch - first < VF_LANES ? batch - first : VF_LANES;
        const float *in = logits + first * stride;
        vf z = load_column(in, stride, rows), loss, d;
        if (kind == ROW_TWO_CLASSES || kind == ROW_BCE) {
            if (kind == ROW_TWO_CLASSES)
                z = vf_sub(z, load_column(in + 1, stride, rows)); /* class 0 over class 1 */
            /* Label 1 of two classes: class 0 is the wrong one.  Label 1 of one logit: the logit is for it. */
            vm one = vi_eq(load_labels(answers->label + first, rows), vi_set1(1));
            vm against = kind == ROW_TWO_CLASSES ? vm_not(one) : one;
            vf slope;
            loss = softplus(vf_select(against, vf_neg(z), z), &slope);
            d = vf_select(against, vf_neg(slope), slope);
        } else {
            vf error = vf_sub(z, load_column(answers->target + first, 1, rows));
            if (kind == ROW_MSE) {
                loss = vf_mul(error, error);
                d = vf_add(error, error);
            } else {
                /* Within 1 of the target a parabola, outside a straight line (Huber 1964, delta 1). */
                vf size = vf_abs(error), one = vf_set1(1), half = vf_set1(0.5f);
                loss = vf_select(vf_lt(size, one), vf_mul(vf_mul(half, error), error), vf_sub(size, half));
                d = vf_max(vf_neg(one), vf_min(one, error));
            }
        }
        total = keep_losses(total, loss, first, rows, per_row);
        if (d_logits)
            store_column(d_logits + first * stride, stride, rows, vf_mul(d, vf_set1(share)), kind == ROW_TWO_CLASSES);
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

/* -ln p = ln(1 + excess) + above, where `above` says how far the largest logit is above the right class's, and `excess` is the
 * sum of all e^(z - largest), less 1.  Where the right class is the largest its own term is exactly 1, is left out, and nothing of a tiny
 * rest is lost. */
struct row_softmax {
    float excess, above;
};

/* A row of softmax, in as many vectors as it takes.  With `d_row` also its gradient, which may overwrite the logits. */
SIMD_INLINE struct row_softmax softmax_row(const float *row, size_t stride, size_t outputs, int32_t label,
                                           float *d_row, float share)
{
    vf top = vf_set1(-INFINITY);
    for (size_t j = 0; j < outputs; j += VF_LANES)
        top = vf_max(top, vf_select(first_lanes(outputs - j), load_part(row, stride, j), top));
    float largest = vf_largest(top), above = largest - row[label];
    vf sum = vf_zero(), shift = vf_set1(largest), e = vf_zero();
    for (size_t j = 0; j < outputs; j += VF_LANES) {
        vm is_right = vi_eq(vi_iota(), vi_set1((uint32_t)label - (uint32_t)j));
        e = vf_exp(vf_sub(load_part(row, stride, j), shift));
        e = vf_select(first_lanes(outputs - j), e, vf_zero());
        sum = vf_add(sum, vf_select(is_right, vf_sub(e, vf_set1(1)), e));
        if (d_row && outputs > VF_LANES)
            store_part(d_row, stride, j, e);
    }
    float excess = vf_sum(sum);
    if (d_row) {
        vf scale = vf_set1(share / (1 + excess));
        for (size_t j = 0; j < outputs; j += VF_LANES) {
            vm is_right = vi_eq(vi_iota(), vi_set1((uint32_t)label - (uint32_t)j));
            if (outputs > VF_LANES)
                e = load_part(d_row, stride, j);
            store_part(d_row, stride, j, vf_sub(vf_mul(e, scale), vf_select(is_right, vf_set1(share), vf_zero())));
        }
    }
    return (struct row_softmax){ excess, above };
}

static float softmax_loss(const float *logits, size_t stride, size_t outputs, size_t batch,
                          const struct loss_answers *answers, float *d_logits, float *per_row)
{
    float share = 1.0f / (float)batch;
    vf total = vf_zero();
    for (size_t first = 0; first < batch; first += VF_LANES) {
        size_t rows = batch - first < VF_LANES ? batch - first : VF_LANES;
        float excess[VF_LANES] = { 0 }, above[VF_LANES] = { 0 };
        for (size_t i = 0; i < rows; i++) {
            size_t at = (first + i) * stride;
            struct row_softmax row = softmax_row(logits + at, stride, outputs, answers->label[first + i],
                                                 d_logits ? d_logits + at : NULL, share);
            excess[i] = row.excess;
            above[i] = row.above;
        }
        /* Rounding can leave an excess of minus a billionth. */
        vf loss = vf_add(loss_log1p(vf_max(vf_zero(), vf_load(excess))), vf_load(above));
        total = keep_losses(total, loss, first, rows, per_row);
    }
    return vf_sum(total) * share;
}

static float kernel_cross_entropy(const float *logits, size_t stride, size_t outputs, size_t batch,
                                  const struct loss_answers *answers, float *d_logits, float *per_row)
{
    return outputs == 2 ? loss_by_rows(ROW_TWO_CLASSES, logits, stride, batch, answers, d_logits, per_row)
                        : softmax_loss(logits, stride, outputs, batch, answers, d_logits, per_row);
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
