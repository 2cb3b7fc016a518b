/* What a language model thinks, as pictures' raw material: how it goes on with a prompt, what it expects next, what its
 * attention looks at, how surprising it finds a passage that it has not learnt from.  Made from a frame on the picture
 * thread, as probe/picture.h. */
#ifndef PROBE_PICTURE_TEXT_H
#define PROBE_PICTURE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/corpus.h"
#include "data/dataset.h"
#include "learn/frame.h"
#include "nn/kernels.h"
#include "nn/sampler.h"

#define PICTURE_PROMPT_MOST  1000 /* bytes */
#define PICTURE_ANSWER_MOST  200
#define PICTURE_TOKENS_MOST  200 /* of a continuation */
#define PICTURE_LIKELIEST    12
#define PICTURE_LOOKS_MOST   64   /* tokens whose attention is shown: the prompt's last */
#define PICTURE_PASSAGE_MOST 1024 /* tokens of a passage that are looked at: its first */
#define PICTURE_EXAM_MOST    100  /* questions of an exam: the first of the test rows */

/* Plain bytes, not terminated. */
struct picture_text_request {
    const struct dataset *dataset; /* a text, which must live as long as the pictures are made; NULL: none is wanted */
    char prompt[PICTURE_PROMPT_MOST];
    size_t prompt_length; /* 0: it begins as after a line end */
    char answer[PICTURE_ANSWER_MOST];
    size_t answer_length; /* its first token is the right one; 0: there is no right one */
    size_t tokens;        /* of the continuation, at most */
    bool one_line;        /* the continuation ends at a line end */
    struct sampling sampling;
    uint64_t seed;
    bool attention;
    unsigned block, head; /* whose; beyond the last: the last */
    bool passage;
    size_t passage_row; /* of the data set, a test row */
    const struct dataset
        *exam; /* pairs, whose held-out prompts are put to the model; NULL: none, it lives as long as the other */
};

/* A token that may come next. */
struct picture_token {
    uint32_t id;
    float logit;
    double p;    /* softmax of the logits */
    double loss; /* -ln p, in nats */
};

/* What the model says to a held-out prompt, always its likeliest token, up to the end of the line. */
struct picture_answer {
    uint32_t row; /* of the exam's data set */
    bool right;   /* the very response, and no more */
    bool whole;   /* the line came to an end, and text is all of it */
    size_t length;
    char text[PICTURE_ANSWER_MOST]; /* bytes, not terminated: its beginning */
};

struct picture_text {
    struct picture_text_request asked;
    uint16_t prompt[PICTURE_PROMPT_MOST];
    size_t prompt_tokens;
    char continuation[PICTURE_TOKENS_MOST * TOKENIZER_PIECE_MAX]; /* bytes, not terminated */
    size_t continuation_length;

    /* What comes after the prompt. */
    struct picture_token likeliest[PICTURE_LIKELIEST]; /* in descending order */
    size_t likeliest_count;
    bool right_known;
    struct picture_token right;
    size_t right_rank; /* 1: the likeliest */
    float largest;     /* logit */
    double sum;        /* of e^(logit - largest) over the vocabulary */

    /* Attention: how much each of the prompt's last `looks` tokens looks at each of them.  What it looks at before
     * these is not shown. */
    unsigned blocks, heads;                                   /* of the model; 0: it has no attention */
    unsigned block, head;                                     /* that is shown */
    size_t looks;                                             /* 0: not asked for */
    float attention[PICTURE_LOOKS_MOST * PICTURE_LOOKS_MOST]; /* [looks][looks] */

    /* The passage. */
    size_t passage_row;
    size_t passage_tokens; /* 0: not asked for */
    size_t passage_asked;  /* tokens before it are only read */
    uint16_t passage[PICTURE_PASSAGE_MOST];
    float passage_loss[PICTURE_PASSAGE_MOST];        /* nats, of the asked ones */
    uint16_t passage_expected[PICTURE_PASSAGE_MOST]; /* the likeliest in each place, of the asked ones */
    double passage_mean;                             /* nats per asked token */

    /* The exam. */
    size_t answers, answers_right;
    struct picture_answer answer[PICTURE_EXAM_MOST];
};

/* A question that is asked before each token or each few samples, on the thread that draws: whether nobody waits for
 * the picture any more. */
struct picture_doubt {
    bool (*moot)(void *context); /* NULL: never */
    void *context;
};

static inline bool picture_is_moot(const struct picture_doubt *doubt)
{
    return doubt->moot && doubt->moot(doubt->context);
}

/* Makes them on one thread, with a model in the shape of the frame that it is given; never calls a BLAS. */
struct text_artist;

struct text_artist *text_artist_create(const struct kernels *kernels,
                                       const struct picture_doubt *doubt); /* NULL: out of memory */
void text_artist_free(struct text_artist *artist);                         /* NULL is fine */

/* The frame must be of a language model over the request's data set.  False when out of memory.  What has become moot
 * ends where it is. */
bool text_artist_draw(struct text_artist *artist, const struct frame *frame, const struct picture_text_request *request,
                      struct picture_text *out);

bool picture_text_same(const struct picture_text_request *a, const struct picture_text_request *b);

#endif
