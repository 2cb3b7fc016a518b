/* The floor of the language model: its dense layers' products, and for each sequence and head those of attention,
 * forward and back. */
#include <string.h>

#include "bench/floor.h"
#include "bench/language.h"

enum { LAYERS = 4, C = 128, HEADS = 4, HEAD = C / HEADS, T = 64, SEQUENCES = LANGUAGE_SEQUENCES, R = SEQUENCES * T };
enum { DENSES = 4 };
static const size_t width_in[DENSES] = {C, C, C, 4 * C}, width_out[DENSES] = {3 * C, C, 4 * C, C};

/* Scores of one head, their gradient, and all that attention reads and writes. */
struct attention_matrices {
    float *triple, *d_triple; /* [R][3 C] */
    float *scores, *d_scores; /* [SEQUENCES][HEADS][T][T] */
    float *y, *dy;            /* [R][C] */
};

struct block_matrices {
    struct floor_dense dense[DENSES];
    struct attention_matrices attention;
};

static void take_dense(struct floor_dense *dense, float **next, size_t in, size_t out)
{
    *dense = (struct floor_dense){R,
                                  in,
                                  out,
                                  floor_take(next, R * in),
                                  floor_take(next, in * kernel_pad(out)),
                                  floor_take(next, R * kernel_pad(out)),
                                  floor_take(next, R * kernel_pad(out)),
                                  floor_take(next, in * kernel_pad(out)),
                                  floor_take(next, R * in)};
}

static size_t dense_floats(size_t in, size_t out)
{
    return 2 * R * in + 2 * in * kernel_pad(out) + 2 * R * kernel_pad(out) + 6 * 16;
}

static void take_block(struct block_matrices *block, float **next)
{
    for (size_t i = 0; i < DENSES; i++)
        take_dense(&block->dense[i], next, width_in[i], width_out[i]);
    block->attention = (struct attention_matrices){.triple = block->dense[0].y,
                                                   .d_triple = floor_take(next, R * 3 * C),
                                                   .scores = floor_take(next, SEQUENCES * HEADS * T * T),
                                                   .d_scores = floor_take(next, SEQUENCES * HEADS * T * T),
                                                   .y = floor_take(next, R * C),
                                                   .dy = floor_take(next, R * C)};
}

static size_t block_floats(void)
{
    size_t floats = R * 3 * C + 2 * SEQUENCES * HEADS * T * T + 2 * R * C + 5 * 16;
    for (size_t i = 0; i < DENSES; i++)
        floats += dense_floats(width_in[i], width_out[i]);
    return floats;
}

/* A head's product: T x T from two of [T][HEAD], or [T][HEAD] from T x T and one. */
static void add_scores(struct floor *floor, const float *left, blasint left_stride, const float *right, float *scores)
{
    floor_add(floor, &(struct floor_product){CblasNoTrans, CblasTrans, T, T, HEAD, left, right, left_stride, 3 * C, T,
                                             scores});
}
static void add_weighed(struct floor *floor, CBLAS_TRANSPOSE turned, const float *scores, const float *right,
                        blasint right_stride, float *result, blasint result_stride)
{
    floor_add(floor, &(struct floor_product){turned, CblasNoTrans, T, HEAD, T, scores, right, T, right_stride,
                                             result_stride, result});
}

static void add_attention(struct floor *floor, const struct attention_matrices *a, bool back)
{
    for (size_t b = 0; b < SEQUENCES; b++)
        for (size_t h = 0; h < HEADS; h++) {
            const size_t row = b * T * C + h * HEAD, rows = 3 * b * T * C + h * HEAD;
            const float *q = a->triple + rows, *k = q + C, *v = k + C;
            float *dq = a->d_triple + rows, *dk = dq + C, *dv = dk + C;
            float *scores = a->scores + (b * HEADS + h) * T * T, *d_scores = a->d_scores + (b * HEADS + h) * T * T;
            if (!back) {
                add_scores(floor, q, 3 * C, k, scores);
                add_weighed(floor, CblasNoTrans, scores, v, 3 * C, a->y + row, C);
                continue;
            }
            add_scores(floor, a->dy + row, C, v, d_scores);
            add_weighed(floor, CblasTrans, scores, a->dy + row, C, dv, 3 * C);
            add_weighed(floor, CblasNoTrans, d_scores, k, 3 * C, dq, 3 * C);
            add_weighed(floor, CblasTrans, d_scores, q, 3 * C, dk, 3 * C);
        }
}

struct floor *language_floor(void)
{
    static struct block_matrices block[LAYERS];
    struct floor_dense head;
    struct floor *floor = floor_new(LAYERS * (3 * DENSES + 6 * SEQUENCES * HEADS) + 3,
                                    LAYERS * block_floats() + dense_floats(C, language_case.vocabulary));
    if (!floor)
        return NULL;
    float *next = floor->block;
    for (size_t n = 0; n < LAYERS; n++)
        take_block(&block[n], &next);
    take_dense(&head, &next, C, language_case.vocabulary);
    for (size_t n = 0; n < LAYERS; n++)
        for (size_t i = 0; i < DENSES; i++) {
            floor_forward(floor, &block[n].dense[i]);
            if (i == 0)
                add_attention(floor, &block[n].attention, false);
        }
    floor_forward(floor, &head);
    floor_backward(floor, &head);
    for (size_t n = LAYERS; n-- > 0;)
        for (size_t i = DENSES; i-- > 0;) {
            if (i == 0)
                add_attention(floor, &block[n].attention, true);
            floor_backward(floor, &block[n].dense[i]);
        }
    return floor;
}
