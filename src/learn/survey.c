/* Chooses the rows of an evaluation and goes through them block by block. */
#include "learn/survey.h"

#include "base/mem.h"
#include "base/random.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t test_rows(const struct dataset *dataset)
{
    return dataset->rows - dataset->train;
}

bool survey_create(struct survey *survey, const struct dataset *dataset, size_t cap)
{
    const size_t most[WORK_PARTS] = {[WORK_TRAIN] = dataset->train, [WORK_TEST] = test_rows(dataset)};
    bool complete = true;
    *survey = (struct survey){.dataset = dataset, .cap = cap};
    for (size_t i = 0; i < WORK_PARTS && complete; i++) {
        const size_t room = least(most[i], cap);
        survey->row[i] = mem_alloc(room > 0 ? room : 1, sizeof *survey->row[i]);
        complete = survey->row[i] != NULL;
    }
    return complete;
}

void survey_free(struct survey *survey)
{
    for (size_t i = 0; i < WORK_PARTS; i++)
        mem_free(survey->row[i]);
}

size_t survey_rows(const struct dataset *dataset, size_t cap, size_t train_rows)
{
    return least(train_rows, cap) + least(test_rows(dataset), cap);
}

/* Of rows [first, first + total). */
static void choose(struct survey *survey, enum work_part part, size_t first, size_t total)
{
    const size_t count = survey->count[part] = least(total, survey->cap);
    struct permutation order;
    if (count < total)
        permutation_init(&order, random_key(survey->key.seed, RANDOM_EVALUATION, (uint64_t)part), (uint32_t)total);
    for (size_t i = 0; i < count; i++)
        survey->row[part][i] = (uint32_t)(first + (count < total ? permutation_at(&order, (uint32_t)i) : i));
}

static bool same_key(const struct work_key *a, const struct work_key *b)
{
    return a->seed == b->seed && a->rows == b->rows && !(a->label_noise < b->label_noise) &&
           !(a->label_noise > b->label_noise);
}

bool survey_begin(struct survey *survey, const struct work_key *key)
{
    const struct dataset *dataset = survey->dataset;
    const bool anew = !same_key(key, &survey->key);
    if (anew) {
        survey->key = *key;
        choose(survey, WORK_TRAIN, 0, key->rows);
        choose(survey, WORK_TEST, dataset->train, test_rows(dataset));
    }
    survey->at_part = key->test_only ? WORK_TEST : WORK_TRAIN;
    survey->at_row = 0;
    return anew;
}

bool survey_run(struct survey *survey, size_t rows, size_t block,
                void (*measure)(void *context, const struct survey_block *block), void *context)
{
    size_t done = 0;
    while (survey->at_part < WORK_PARTS) {
        const size_t left = survey->count[survey->at_part] - survey->at_row;
        if (left == 0) {
            survey->at_part++;
            survey->at_row = 0;
            continue;
        }
        if (done > 0 && done >= rows)
            return false;
        const struct survey_block next = {
            .part = survey->at_part,
            .first = survey->at_row,
            .count = least(left, block),
            .row = survey->row[survey->at_part] + survey->at_row,
        };
        measure(context, &next);
        survey->at_row += next.count;
        done += next.count;
    }
    return true;
}
