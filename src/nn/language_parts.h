/* What a language model, a workspace and a cache are made of, and what each kind has to do; for the files of language
 * models only. */
#ifndef NN_LANGUAGE_PARTS_H
#define NN_LANGUAGE_PARTS_H

#include "nn/adapted.h"
#include "nn/attention.h"
#include "nn/language.h"

/* How the elements of a slice begin. */
enum start_kind {
    START_ZERO,
    START_ONE,
    START_NORMAL,  /* mean 0, deviation `spread` */
    START_UNIFORM, /* between -spread and spread */
};
struct start {
    enum start_kind kind;
    double spread;
};

/* Layer norm: where its gain and shift begin. */
struct norm {
    size_t gain, shift;
};

enum block_dense { DENSE_TRIPLE, DENSE_PROJECTION, DENSE_WIDEN, DENSE_NARROW, BLOCK_DENSES };
enum block_norm { NORM_ATTENTION, NORM_MLP, BLOCK_NORMS };

struct block {
    struct norm norm[BLOCK_NORMS];
    struct adapted dense[BLOCK_DENSES];
};

struct language {
    struct language_spec spec;
    const struct kernels *kernels;
    struct params params;
    struct start *start; /* [slices] */
    size_t adapters;     /* slices from here on are adapters' */
    bool blas, portable;
    size_t tokens, positions; /* slices of the embeddings; bigram: its table */
    struct block *block;      /* transformer: [layers] */
    struct norm norm;         /* transformer: the final one */
    struct dense hidden;      /* mlp */
    struct dense head;
    size_t head_slice;
};

/* What a block leaves behind in a forward pass, R rows; C is the width, padded. */
struct block_trace {
    float *normal[BLOCK_NORMS];     /* [R][C] */
    float *inverse_sd[BLOCK_NORMS]; /* [R] */
    float *input[BLOCK_NORMS];      /* [R][C]: what the norms put out */
    float *triple;                  /* [R][3 widths, padded]: queries, keys, values */
    float *weights;                 /* [sequences][heads][T][attention_stride(T)] */
    float *attended;                /* [R][C] */
    float *hidden;                  /* [R][4 widths, padded], after GELU */
    float *slope;                   /* the same shape: GELU's derivative; NULL when not training */
    float *h[BLOCK_DENSES];         /* adapters: [R][rank padded] */
};

struct language_workspace {
    size_t rows, sequences, length; /* the most of each */
    bool training;
    bool own_kernels;           /* never BLAS */
    size_t floats;              /* of the memory */
    float *memory;              /* all buffers below */
    struct net_dropout dropout; /* of the last forward pass; rate 0: none */
    size_t attended_length;     /* of the last forward pass */
    struct block_trace *trace;  /* transformer: [layers] */
    float *stream;              /* transformer: [R][C], what the blocks add to; mlp: [R][window * width padded] */
    float *branch;              /* [R][C]: what is added next */
    float *normal, *inverse_sd; /* of the final norm */
    float *output;              /* [R][C]: what the head reads */
    float *logits;              /* [R][language_stride] */
    float *attention;           /* attention_room */
    float *d_stream, *d_branch; /* gradients of what is called so */
    float *d_dropped;           /* [R][C]: d_stream under a mask */
    float *d_wide;              /* [R][4 widths, padded]: of `hidden`, then of `triple` */
    float *d_h, *product;       /* struct adapted_rooms */
};

/* What is kept of the tokens that were read. */
struct language_cache {
    struct language_workspace *workspace; /* of one row */
    size_t count;                         /* tokens that are kept ... */
    int32_t *token;                       /* [context]: ... and which they are */
    /* Transformer: for each block and head ... */
    float *keys;   /* ... [head's width][attention_stride(context)]: a token a column */
    float *values; /* ... [context][head's width, padded] */
    float *scores; /* [attention_stride(context)] */
    float *seen;   /* [head's width, padded] */
};

/* A kind's part in each of the header's functions. */
struct language_functions {
    enum status (*check)(const struct language_spec *spec, struct error *error);
    size_t (*slices)(const struct language_spec *spec); /* that lay_out will add */
    void (*lay_out)(struct language *language); /* slices and layers; sets head_slice, adapters, params.layers */
    void (*lay_out_workspace)(const struct language *language, struct language_workspace *workspace, float *memory,
                              size_t *used);
    double (*forward_flops)(const struct language_spec *spec, size_t length);
    double (*backward_flops)(const struct language *language, size_t length);
    float *(*forward)(const struct language *language, const float *parameters, struct language_workspace *workspace,
                      const struct language_batch *batch, const struct net_dropout *dropout);
    void (*backward)(struct language *language, struct language_workspace *workspace,
                     const struct language_batch *batch, float *d_logits);
    /* Reads a token, which leaves the logits in the cache's workspace. */
    void (*next)(const struct language *language, const float *parameters, struct language_cache *cache, int32_t token);
};
extern const struct language_functions bigram_functions, window_functions, transformer_functions;

/* For lay_out: a slice, named by the format; its index. */
struct slice_plan {
    enum param_layout layout; /* a dense layer chooses for itself */
    size_t out, in;
    unsigned layer;
    bool decays;
    struct start start;
};
size_t language_add(struct language *language, const struct slice_plan *plan, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A dense layer, its weights and, unless it has none (NULL), its biases, which begin at zero; returns the index of the
 * weights. */
size_t language_add_dense(struct language *language, struct dense *dense, const struct slice_plan *plan,
                          const char *weight_name, const char *bias_name);
/* The layer's shape alone, with what it says about the model. */
struct dense language_dense(struct language *language, size_t in, size_t out);
/* The lowest layer that has a slice that is not frozen; above all layers if there is none. */
unsigned language_lowest(const struct language *language);

/* A workspace of so many rows, whose attention is elsewhere: for a cache. */
struct language_workspace *language_workspace_for_rows(const struct language *language, size_t rows);

/* A transformer's forward pass in parts; attention lies between two of them. */
struct transformer_pass {
    const struct language *language;
    const float *parameters;
    struct language_workspace *workspace;
    size_t rows;
    bool drops; /* as the workspace's dropout says */
};
void transformer_embed(const struct transformer_pass *pass, const struct language_batch *batch, size_t position);
void transformer_before_attention(const struct transformer_pass *pass, size_t block);
void transformer_after_attention(const struct transformer_pass *pass, size_t block);
void transformer_head(const struct transformer_pass *pass);

float *transformer_forward(const struct language *language, const float *parameters,
                           struct language_workspace *workspace, const struct language_batch *batch,
                           const struct net_dropout *dropout);
void transformer_backward(struct language *language, struct language_workspace *workspace,
                          const struct language_batch *batch, float *d_logits);
void transformer_next(const struct language *language, const float *parameters, struct language_cache *cache,
                      int32_t token);

#endif
