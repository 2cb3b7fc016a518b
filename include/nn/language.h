/* Language models: from the tokens so far to the logits of the next one.  Three kinds, one face:
 *
 *   bigram       a table: the row of a token is the logits of the token after it (Shannon 1948; makemore's first model)
 *   mlp          the embeddings of the last `window` tokens, zeros before the beginning, side by side → dense → tanh → dense (Bengio 2003)
 *   transformer  decoder-only: token + position embeddings, then `layers` blocks
 *                    x += attention(norm(x));  x += narrow(gelu(widen(norm(x))))
 *                and norm → logits: with the arithmetic, the start and the tensor names of nanoGPT (Karpathy 2022, after GPT-2,
 *                Radford 2019): pre-norm, causal multi-head attention scaled by 1/sqrt(head's width), exact GELU, layer norm with
 *                epsilon 1e-5, biases everywhere but in the head, which may be tied to the token embeddings
 *
 * A transformer may have adapters (LoRA: Hu 2021) on the four dense layers of each block: y += alpha/r x A^T B^T with A
 * [r][in] and B [out][r], alpha being LANGUAGE_LORA_ALPHA.  B starts at zero, so that a model begins as what it would
 * be without them.
 *
 * `struct language` owns parameters and gradients; a workspace owns what one batch leaves behind, so that several
 * threads can run one set of weights with a workspace each (language_forward only reads the model).  The step loop
 * allocates nothing.
 *
 * Shapes: B sequences of T tokens are B*T rows, row b*T+t being token t of sequence b.  A model is causal: no row
 * depends on later tokens. Which layers are multiplied by a BLAS is as in nn/net.h; attention never is. */
#ifndef NN_LANGUAGE_H
#define NN_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "nn/kernels.h"
#include "nn/net.h"
#include "nn/params.h"

#define LANGUAGE_VOCABULARY_MAX 65536
#define LANGUAGE_CONTEXT_MAX    8192
#define LANGUAGE_LAYERS_MAX     96
#define LANGUAGE_WIDTH_MAX      8192
#define LANGUAGE_LORA_ALPHA     16

enum language_kind { LANGUAGE_BIGRAM, LANGUAGE_MLP, LANGUAGE_TRANSFORMER, LANGUAGE_KINDS };

struct language_type {
    const char *name;                           /* "transformer" */
    const char *about;                          /* one line */
    bool has_width;                             /* which fields of a spec it has besides vocabulary and context ... */
    bool has_window;                            /* ... `window` */
    bool has_blocks;                            /* ... layers, heads, tie, lora_rank */
    const struct language_functions *functions; /* for nn/ only */
};
extern const struct language_type language_table[LANGUAGE_KINDS];

/* What a kind has no use for is not looked at, and zero in language_spec. */
struct language_spec {
    enum language_kind kind;
    size_t vocabulary;
    size_t context;        /* tokens of the longest sequence */
    size_t width;          /* of an embedding; mlp: of the hidden layer as well */
    size_t window;         /* mlp: tokens that it looks at, at most the context */
    size_t layers, heads;  /* transformer: blocks, and heads of each; the width is a multiple of the heads */
    bool tie;              /* transformer: the head's weights are the token embeddings */
    size_t lora_rank;      /* transformer: r of the adapters; 0: none */
    unsigned blas_threads; /* as in struct net_spec */
};

struct language;

/* A spec that cannot be built gives STATUS_USAGE and says which number is wrong. */
enum status language_check(const struct language_spec *spec, struct error *error);
enum status language_create(struct language **out, const struct language_spec *spec, const struct kernels *kernels,
                            struct error *error);
void language_free(struct language *language);

/* Transformer: normal with deviation 0.02, the projections back into the residual stream 0.02 / sqrt(2 layers), biases
 * 0, gains 1, as nanoGPT; adapters: A normal with variance 1 / in, B zero.  Bigram: normal, 0.02.  MLP: embeddings
 * normal with deviation 1, as PyTorch; dense layers Glorot uniform, the last one's weights x 0.1.  So the first loss is
 * about ln(vocabulary). */
void language_init(struct language *language, uint64_t seed);

/* Slices are in PyTorch's order and names; adapters come last.  `layer` is 0 for embeddings, n + 1 for block n (mlp: 1
 * for the hidden layer), and the last for the final norm and the head. */
const struct language_spec *language_spec(const struct language *language);
struct params *language_params(struct language *language);
bool language_uses_blas(const struct language *language);   /* bits depend on the BLAS kernel */
bool language_is_portable(const struct language *language); /* the same bits on every machine */
size_t language_stride(const struct language *language);    /* of a row of logits: the vocabulary, padded to 8 */

/* Multiply-adds x 2 of the products: forward, of one sequence ... */
double language_forward_flops(const struct language_spec *spec, size_t length);
/* ... and of a step with what is trained at present. */
double language_step_flops(const struct language *language, size_t sequences, size_t length);

/* What is trained: sets `frozen` of the slices. */
enum language_part {
    LANGUAGE_ALL, /* everything, adapters too */
    LANGUAGE_LAST, /* the last `blocks` blocks with their adapters (mlp: 1 is the hidden layer), the final norm and the head; a tied head
                          stays as it is, since it is the embeddings */
    LANGUAGE_ADAPTERS, /* adapters alone */
};
void language_freeze(struct language *language, enum language_part part, size_t blocks);

/* `training` false: room for forward only.  NULL: out of memory. */
struct language_workspace *language_workspace_create(const struct language *language, size_t largest_batch,
                                                     bool training);
void language_workspace_free(struct language_workspace *workspace);
size_t language_workspace_bytes(const struct language_workspace *workspace); /* of its buffers */
/* From now on the project's own kernels whatever the shape, as workspace_avoid_blas.  Forward only. */
void language_workspace_avoid_blas(struct language_workspace *workspace);

/* Tokens of a batch: sequence b begins at token + b * stride.  Each is at least 0 and less than the vocabulary. */
struct language_batch {
    const int32_t *token;
    size_t stride;
    size_t sequences; /* at most the workspace's largest batch */
    size_t length;    /* of each, at most the context */
};

/* Returns the logits, in the workspace: [sequences * length][language_stride], padded with zeros; row b*T+t is about
 * the token after t. With `parameters` NULL the model's own; otherwise a block of the same layout.  Dropout as in
 * nanoGPT (transformer only): of the embeddings, the attention weights, and after both projections of a block; in a
 * training workspace only. */
float *language_forward(const struct language *language, const float *parameters, struct language_workspace *workspace,
                        const struct language_batch *batch, const struct net_dropout *dropout);

/* After a forward in a training workspace with the same batch: d_logits (as the logits; may be the same buffer) is the
 * gradient of the loss.  Overwrites the gradients of all slices that are not frozen; what those of the frozen ones hold
 * is nobody's business.  Goes no deeper than the lowest slice that is trained. */
void language_backward(struct language *language, struct language_workspace *workspace,
                       const struct language_batch *batch, float *d_logits);

/* Attention weights of a transformer's last forward, before dropout: [length][*stride], row t being how much token t
 * looks at each, itself included.  A workspace that does not train keeps those of the last sequence only, whatever
 * `sequence` says. */
const float *language_attention(const struct language *language, const struct language_workspace *workspace,
                                size_t block, size_t head, size_t sequence, size_t *stride);

/* Generation token by token: what earlier tokens left behind (a transformer's keys and values) is kept.  Own kernels
 * only, so that any thread may do it.  NULL: out of memory. */
struct language_cache *language_cache_create(const struct language *language);
void language_cache_free(struct language_cache *cache);
/* Back to the beginning; also needed when the parameters changed. */
void language_cache_reset(struct language_cache *cache);

/* Reads a token; the logits [vocabulary] of the one after it, in the cache until the next call.  A transformer that has
 * read as many tokens as its context holds forgets: of those it keeps the last context / 2, reads them again as the
 * beginning, and then the token.  The result is that of language_forward over the same tokens. */
const float *language_next(const struct language *language, const float *parameters, struct language_cache *cache,
                           int32_t token);

#endif
