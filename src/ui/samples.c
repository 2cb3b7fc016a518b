/* Keeps the texts that a language model wrote at growing distances of steps. */
#include "ui/samples.h"

#include <string.h>

#define FURTHER 1.25 /* times as far from the origin as the last one */

/* Whether the entries still tell of what is asked: what is beside the prompt does not matter. */
static bool same_question(const struct picture_text_request *a, const struct picture_text_request *b)
{
    struct picture_text_request like = *b;
    like.attention = a->attention;
    like.block = a->block;
    like.head = a->head;
    like.passage = a->passage;
    like.passage_row = a->passage_row;
    like.tokens = a->tokens;
    return picture_text_same(a, &like);
}

size_t samples_before(const struct samples *samples, const struct branch_list *branches, uint16_t branch, double step,
                      const struct sample **out, size_t most)
{
    size_t count = 0;
    for (size_t i = samples->count; i-- > 0 && count < most;) {
        const struct sample *sample = &samples->entry[i];
        if ((double)sample->step <= step &&
            forest_happened(branches->forest, branch, sample->branch, (double)sample->step))
            out[count++] = sample;
    }
    return count;
}

static bool is_due(const struct samples *samples, const struct branch_list *branches, const struct picture *picture,
                   uint64_t origin)
{
    const struct sample *last;
    if (samples_before(samples, branches, picture->branch, (double)picture->step, &last, 1) == 0)
        return true;
    if (last->step < origin)
        return picture->step >= origin;
    return picture->step > last->step && (double)(picture->step - origin) >= (double)(last->step - origin) * FURTHER;
}

bool samples_take(struct samples *samples, const struct branch_list *branches, const struct picture *picture,
                  uint64_t origin)
{
    const struct picture_text *text = picture->text;
    if (!text || !text->asked.dataset)
        return false;
    if (!same_question(&samples->asked, &text->asked)) {
        samples->count = 0;
        samples->asked = text->asked;
    }
    if (!is_due(samples, branches, picture, origin))
        return false;
    if (samples->count == SAMPLES_MOST)
        memmove(samples->entry, samples->entry + 1, --samples->count * sizeof samples->entry[0]);
    struct sample *sample = &samples->entry[samples->count++];
    *sample = (struct sample){.branch = picture->branch,
                              .step = picture->step,
                              .right_known = text->right_known,
                              .p = text->right_known ? text->right.p : 0};
    sample->length = text->continuation_length < SAMPLE_BYTES ? text->continuation_length : SAMPLE_BYTES;
    memcpy(sample->text, text->continuation, sample->length);
    return true;
}
