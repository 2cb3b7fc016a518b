/* What a language model wrote as it learnt: continuations of one prompt at growing distances, so that noise becomes
 * words and words become sense as one reads on.  Made from pictures as they come; an own prompt or other sampling
 * begins a new list. */
#ifndef UI_SAMPLES_H
#define UI_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session/session.h"
#include "ui/lineage.h"

#define SAMPLES_MOST 64
#define SAMPLE_BYTES 240

struct sample {
    uint16_t branch;
    uint64_t step;
    char text[SAMPLE_BYTES]; /* the continuation's beginning: plain bytes */
    size_t length;
    bool right_known;
    double p; /* of the right token */
};

struct samples {
    struct sample entry[SAMPLES_MOST]; /* in the order in which they were made; the oldest are forgotten */
    size_t count;
    struct picture_text_request asked; /* what they are about */
};

/* Takes a picture of a text in if it is a quarter further from `origin`, the step at which its stage began, than the
 * last one in its past. False: it was not. */
bool samples_take(struct samples *samples, const struct branch_list *branches, const struct picture *picture,
                  uint64_t origin);

/* Those in the past of a step of a branch, newest first, into out[0..most); their number.  What a rewind went back
 * before is not among them. */
size_t samples_before(const struct samples *samples, const struct branch_list *branches, uint16_t branch, double step,
                      const struct sample **out, size_t most);

#endif
