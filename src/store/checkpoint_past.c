/* DESIGN.  The curves as tensors of doubles, a row each:
 *
 *     state.history   series, first step, last step, count, not finite, min, max, last, sum
 *     state.events    kind, what, step, from, to
 *     state.labels    the events' labels, UTF-8, filled up with zeros
 *
 * Reading believes no number: kinds and series must exist, steps must go upwards within a series. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "learn/knob.h"
#include "store/checkpoint_parts.h"

enum { BUCKET_COLUMNS = 9, EVENT_COLUMNS = 5 };

static const char *const tensor_name[PAST_TENSORS] = {"state.history", "state.events", "state.labels"};

bool checkpoint_past_is_tensor(const char *name)
{
    for (size_t i = 0; i < PAST_TENSORS; i++)
        if (strcmp(tensor_name[i], name) == 0)
            return true;
    return false;
}

static void describe(struct tensor *tensor, size_t index, enum tensor_type type, size_t rows, size_t columns,
                     void *data, size_t size)
{
    *tensor = (struct tensor){
        .name = tensor_name[index],
        .type = type,
        .rank = 2,
        .shape = {rows, columns},
        .data = data,
        .bytes = rows * columns * size,
    };
}

bool checkpoint_past_encode(const struct past *past, struct tensor tensor[PAST_TENSORS])
{
    double *row = mem_alloc(past->buckets * BUCKET_COLUMNS + 1, sizeof *row);
    double *fact = mem_alloc(past->events * EVENT_COLUMNS + 1, sizeof *fact);
    char *label = mem_alloc(past->events * EVENT_LABEL_SIZE + 1, 1);
    describe(&tensor[0], 0, TENSOR_F64, past->buckets, BUCKET_COLUMNS, row, sizeof *row);
    describe(&tensor[1], 1, TENSOR_F64, past->events, EVENT_COLUMNS, fact, sizeof *fact);
    describe(&tensor[2], 2, TENSOR_U8, past->events, EVENT_LABEL_SIZE, label, 1);
    if (!row || !fact || !label)
        return false;
    for (size_t i = 0; i < past->buckets; i++, row += BUCKET_COLUMNS) {
        const struct bucket *b = &past->bucket[i];
        const double values[BUCKET_COLUMNS] = {b->series,      (double)b->first_step, (double)b->last_step,
                                               b->count,       b->nonfinite,          (double)b->min,
                                               (double)b->max, (double)b->last,       b->sum};
        memcpy(row, values, sizeof values);
    }
    for (size_t i = 0; i < past->events; i++, fact += EVENT_COLUMNS) {
        const struct event *e = &past->event[i];
        const double values[EVENT_COLUMNS] = {e->kind, e->what, (double)e->step, e->from, e->to};
        memcpy(fact, values, sizeof values);
        memcpy(label + i * EVENT_LABEL_SIZE, e->label, strlen(e->label));
    }
    return true;
}

void checkpoint_past_release(struct tensor tensor[PAST_TENSORS])
{
    for (size_t i = 0; i < PAST_TENSORS; i++)
        mem_free((void *)tensor[i].data); /* ours: const is for those who read a tensor */
}

/* A whole number below `end`. */
static bool take(const struct tensor *tensor, size_t index, double end, uint64_t *out)
{
    const double value = tensor_double(tensor, index);
    if (!(value >= 0 && value < end) || value != floor(value))
        return false;
    *out = (uint64_t)value;
    return true;
}

static bool take_bucket(const struct tensor *tensor, size_t row, struct bucket *bucket)
{
    const size_t at = row * BUCKET_COLUMNS;
    uint64_t series, count, nonfinite;
    if (!take(tensor, at, SERIES_COUNT, &series) || !take(tensor, at + 1, 0x1p53, &bucket->first_step) ||
        !take(tensor, at + 2, 0x1p53, &bucket->last_step) || !take(tensor, at + 3, 0x1p32, &count) ||
        !take(tensor, at + 4, 0x1p32, &nonfinite) || bucket->first_step > bucket->last_step)
        return false;
    bucket->series = (uint8_t)series;
    bucket->count = (uint32_t)count;
    bucket->nonfinite = (uint32_t)nonfinite;
    bucket->min = (float)tensor_double(tensor, at + 5);
    bucket->max = (float)tensor_double(tensor, at + 6);
    bucket->last = (float)tensor_double(tensor, at + 7);
    bucket->sum = tensor_double(tensor, at + 8);
    bucket->tail = count > 0 ? BUCKET_TAIL_FINITE : BUCKET_TAIL_NAN; /* the file does not say which it was */
    return count + nonfinite > 0 &&
           (count == 0 || (bucket->min <= bucket->max && isfinite(bucket->min) && isfinite(bucket->max) &&
                           isfinite(bucket->last) && isfinite(bucket->sum)));
}

static bool follows(const struct bucket *bucket, const struct bucket *before)
{
    return bucket->series > before->series ||
           (bucket->series == before->series && bucket->first_step > before->last_step);
}

static bool take_event(const struct tensor *facts, const struct tensor *labels, size_t row, struct event *event)
{
    const size_t at = row * EVENT_COLUMNS;
    uint64_t kind, what;
    if (!take(facts, at, EVENT_KINDS, &kind) || !take(facts, at + 1, 0x1p16, &what) ||
        !take(facts, at + 2, 0x1p53, &event->step) || (kind == EVENT_KNOB && what >= KNOB_COUNT))
        return false;
    event->kind = (enum event_kind)kind;
    event->what = (uint16_t)what;
    event->from = tensor_double(facts, at + 3);
    event->to = tensor_double(facts, at + 4);
    memcpy(event->label, (const char *)labels->data + row * EVENT_LABEL_SIZE, EVENT_LABEL_SIZE - 1);
    text_clean(event->label);
    return true;
}

static bool has_form(const struct tensor *tensor, enum tensor_type type, size_t columns, size_t most)
{
    return tensor->type == type && tensor->rank == 2 && tensor->shape[1] == columns && tensor->shape[0] <= most;
}

static enum status cannot_be(const char *path, size_t tensor, size_t row, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: row %zu of %s is not what this program writes", path, row + 1,
                     tensor_name[tensor]);
}

static enum status decode(const struct tensor *const tensor[PAST_TENSORS], const char *path, struct past *past,
                          struct error *error)
{
    for (size_t i = 0; i < past->buckets; i++)
        if (!take_bucket(tensor[0], i, &past->bucket[i]) || (i > 0 && !follows(&past->bucket[i], &past->bucket[i - 1])))
            return cannot_be(path, 0, i, error);
    for (size_t i = 0; i < past->events; i++)
        if (!take_event(tensor[1], tensor[2], i, &past->event[i]))
            return cannot_be(path, 1, i, error);
    return STATUS_OK;
}

/* All three are there, with the form that they are written in. */
static enum status check_forms(const struct tensor *const tensor[PAST_TENSORS], const char *path, struct error *error)
{
    const bool right[PAST_TENSORS] = {
        tensor[0] && has_form(tensor[0], TENSOR_F64, BUCKET_COLUMNS, (size_t)SERIES_COUNT * PAST_BUCKETS),
        tensor[1] && has_form(tensor[1], TENSOR_F64, EVENT_COLUMNS, PAST_EVENTS),
        tensor[2] && has_form(tensor[2], TENSOR_U8, EVENT_LABEL_SIZE, PAST_EVENTS),
    };
    for (size_t i = 0; i < PAST_TENSORS; i++)
        if (!right[i])
            return error_set(error, STATUS_FAILED,
                             tensor[i] ? "%s: %s is not what this program writes"
                                       : "%s: has no %s, though it has others of the curves",
                             path, tensor_name[i]);
    if (tensor[1]->shape[0] == tensor[2]->shape[0])
        return STATUS_OK;
    return error_set(error, STATUS_FAILED, "%s: %s has %zu rows, %s has %zu", path, tensor_name[1], tensor[1]->shape[0],
                     tensor_name[2], tensor[2]->shape[0]);
}

enum status checkpoint_past_decode(const struct weights *weights, const char *path, struct past **out,
                                   struct error *error)
{
    const struct tensor *tensor[PAST_TENSORS];
    *out = NULL;
    for (size_t i = 0; i < PAST_TENSORS; i++)
        tensor[i] = weights_find(weights, tensor_name[i]);
    if (!tensor[0] && !tensor[1] && !tensor[2])
        return STATUS_OK;
    enum status status = check_forms(tensor, path, error);
    if (status != STATUS_OK)
        return status;
    struct past *past = past_create(tensor[0]->shape[0], tensor[1]->shape[0]);
    if (!past)
        return error_memory(error);
    status = decode(tensor, path, past, error);
    if (status != STATUS_OK) {
        past_free(past);
        return status;
    }
    *out = past;
    return STATUS_OK;
}
