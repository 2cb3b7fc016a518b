/* Computes causal multi-head attention, forward and backward. */
#include "nn/attention.h"

#include <math.h>
#include <string.h>

#include "nn/dense.h"

/* Rows that share what is left out above the diagonal. */
#define BLOCK 32

/* Rows of one head: where they are, or a copy whose rows are padded. */
struct head_rows {
    float *x; /* [length][stride] */
    size_t stride;
};

static bool is_ragged(const struct attention *attention)
{
    return attention->head_width % KERNEL_PAD != 0;
}

size_t attention_room(const struct attention *attention)
{
    const size_t copies = is_ragged(attention) ? 7 * kernel_pad(attention->head_width) : 0;
    return attention->length * (2 * attention_stride(attention->length) + copies);
}

/* Where a head's rows are computed: in their place, unless that would reach into the next head's. */
static struct head_rows head_place(const struct attention *attention, float *x, size_t stride, float **room)
{
    if (!is_ragged(attention))
        return (struct head_rows){x, stride};
    const struct head_rows rows = {*room, kernel_pad(attention->head_width)};
    *room += attention->length * rows.stride;
    return rows;
}

static struct head_rows head_take(const struct attention *attention, float *x, size_t stride, float **room)
{
    const struct head_rows rows = head_place(attention, x, stride, room);
    if (rows.x == x)
        return rows;
    memset(rows.x, 0, attention->length * rows.stride * sizeof *x);
    for (size_t t = 0; t < attention->length; t++)
        memcpy(rows.x + t * rows.stride, x + t * stride, attention->head_width * sizeof *x);
    return rows;
}

static void head_give(const struct attention *attention, const struct head_rows *rows, float *x, size_t stride)
{
    if (rows->x == x)
        return;
    for (size_t t = 0; t < attention->length; t++)
        memcpy(x + t * stride, rows->x + t * rows->stride, attention->head_width * sizeof *x);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* result[i][j] = left[i] right[j]^T for j <= i. */
static void lower_triangle(const struct attention *attention, const struct kernels *kernels,
                           const struct head_rows *left, const struct head_rows *right, float *result)
{
    const size_t T = attention->length, stride = attention_stride(T);
    for (size_t c = 0; c < T; c += BLOCK)
        kernels->product(&(struct product){.rows = T - c,
                                           .columns = least(BLOCK, stride - c),
                                           .depth = attention->head_width,
                                           .left = left->x + c * left->stride,
                                           .left_row = left->stride,
                                           .left_depth = 1,
                                           .right = right->x + c * right->stride,
                                           .right_stride = right->stride,
                                           .right_turned = true,
                                           .right_columns = T - c,
                                           .result = result + c * stride + c,
                                           .result_stride = stride});
}

/* result[i] = sum over j <= i of weights[i][j] right[j]. */
static void weigh_earlier(const struct attention *attention, const struct kernels *kernels, const float *weights,
                          const struct head_rows *right, const struct head_rows *result)
{
    const size_t T = attention->length, stride = attention_stride(T);
    for (size_t r = 0; r < T; r += BLOCK)
        kernels->product(&(struct product){.rows = least(BLOCK, T - r),
                                           .columns = kernel_pad(attention->head_width),
                                           .depth = least(r + BLOCK, T),
                                           .left = weights + r * stride,
                                           .left_row = stride,
                                           .left_depth = 1,
                                           .right = right->x,
                                           .right_stride = right->stride,
                                           .result = result->x + r * result->stride,
                                           .result_stride = result->stride});
}

/* result[j] = sum over i >= j of weights[i][j] right[i]. */
static void weigh_later(const struct attention *attention, const struct kernels *kernels, const float *weights,
                        const struct head_rows *right, const struct head_rows *result)
{
    const size_t T = attention->length, stride = attention_stride(T);
    for (size_t c = 0; c < T; c += BLOCK)
        kernels->product(&(struct product){.rows = least(BLOCK, T - c),
                                           .columns = kernel_pad(attention->head_width),
                                           .depth = T - c,
                                           .left = weights + c * stride + c,
                                           .left_row = 1,
                                           .left_depth = stride,
                                           .right = right->x + c * right->stride,
                                           .right_stride = right->stride,
                                           .result = result->x + c * result->stride,
                                           .result_stride = result->stride});
}

/* One head of one sequence: the places of its rows, and the kernel's view of its weights. */
struct head {
    size_t in, out; /* first float of its queries (keys and values are as far from theirs), and of its outputs */
    size_t weights;
    struct attention_rows rows;
};

static struct head find_head(const struct attention *attention, size_t sequence, size_t index)
{
    const size_t T = attention->length, stride = attention_stride(T), column = index * attention->head_width;
    return (struct head){
        .in = sequence * T * attention->triple_stride + column,
        .out = sequence * T * attention->stride + column,
        .weights = sequence * attention->weights_sequence + index * T * stride,
        .rows = {.rows = T,
                 .stride = stride,
                 .scale = 1 / sqrtf((float)attention->head_width),
                 .mask = attention->mask,
                 .first = (sequence * attention->heads + index) * T * stride},
    };
}

/* What both passes cut of their room. */
struct rooms {
    float *scores, *dropped; /* [length][attention_stride] */
    float *copies;
};

static struct rooms cut_rooms(const struct attention *attention, float *room)
{
    const size_t square = attention->length * attention_stride(attention->length);
    return (struct rooms){room, room + square, room + 2 * square};
}

static void head_forward(const struct attention *attention, const struct kernels *kernels, const struct head *head,
                         float *triple, float *weights, float *y, struct rooms rooms)
{
    const size_t width = attention->heads * attention->head_width, stride = attention->triple_stride;
    const struct head_rows q = head_take(attention, triple + head->in, stride, &rooms.copies);
    const struct head_rows k = head_take(attention, triple + head->in + width, stride, &rooms.copies);
    const struct head_rows v = head_take(attention, triple + head->in + 2 * width, stride, &rooms.copies);
    const struct head_rows out = head_place(attention, y + head->out, attention->stride, &rooms.copies);
    float *w = weights + head->weights;
    lower_triangle(attention, kernels, &q, &k, w);
    kernels->causal_softmax(&head->rows, w, rooms.dropped);
    weigh_earlier(attention, kernels, attention->mask ? rooms.dropped : w, &v, &out);
    head_give(attention, &out, y + head->out, attention->stride);
}

static void head_backward(const struct attention *attention, const struct kernels *kernels, const struct head *head,
                          float *triple, const float *weights, float *d, float *d_triple, struct rooms rooms)
{
    const size_t width = attention->heads * attention->head_width, stride = attention->triple_stride;
    const struct head_rows q = head_take(attention, triple + head->in, stride, &rooms.copies);
    const struct head_rows k = head_take(attention, triple + head->in + width, stride, &rooms.copies);
    const struct head_rows v = head_take(attention, triple + head->in + 2 * width, stride, &rooms.copies);
    const struct head_rows dy = head_take(attention, d + head->out, attention->stride, &rooms.copies);
    float *const d_q = d_triple + head->in, *const d_k = d_q + width, *const d_v = d_k + width;
    const struct head_rows dq = head_place(attention, d_q, stride, &rooms.copies);
    const struct head_rows dk = head_place(attention, d_k, stride, &rooms.copies);
    const struct head_rows dv = head_place(attention, d_v, stride, &rooms.copies);
    const float *w = weights + head->weights;
    lower_triangle(attention, kernels, &dy, &v, rooms.scores);
    kernels->causal_softmax_backward(&head->rows, w, rooms.scores, rooms.dropped);
    weigh_later(attention, kernels, attention->mask ? rooms.dropped : w, &dy, &dv);
    weigh_earlier(attention, kernels, rooms.scores, &k, &dq);
    weigh_later(attention, kernels, rooms.scores, &q, &dk);
    head_give(attention, &dq, d_q, stride);
    head_give(attention, &dk, d_k, stride);
    head_give(attention, &dv, d_v, stride);
}

void attention_forward(const struct attention *attention, const struct kernels *kernels, float *triple, float *weights,
                       float *y, float *room)
{
    for (size_t b = 0; b < attention->sequences; b++)
        for (size_t h = 0; h < attention->heads; h++) {
            const struct head head = find_head(attention, b, h);
            head_forward(attention, kernels, &head, triple, weights, y, cut_rooms(attention, room));
        }
}

void attention_backward(const struct attention *attention, const struct kernels *kernels, float *triple,
                        const float *weights, float *d, float *d_triple, float *room)
{
    for (size_t b = 0; b < attention->sequences; b++)
        for (size_t h = 0; h < attention->heads; h++) {
            const struct head head = find_head(attention, b, h);
            head_backward(attention, kernels, &head, triple, weights, d, d_triple, cut_rooms(attention, room));
        }
    dense_clear_padding(attention->sequences * attention->length, 3 * attention->heads * attention->head_width,
                        attention->triple_stride, d_triple);
}
