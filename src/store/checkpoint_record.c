/* Writes and reads the curves of a checkpoint.
 *
 * DESIGN.  The entry `state.history` of the metadata names the series, with spaces between them.  Each has a tensor of
 * doubles, a row for each bucket:
 *
 *     state.history.NAME [n, 8]   first step, last step, count, not finite, min, max, last, sum
 *     state.events [bytes] U8     lines of words (base/lines.h), the first of them the names of the columns
 *
 * They are written from a record and read into one (metrics/record.h), so a bucket is as wide as the step of the file
 * makes it.  An event's kind has its name; `what` of a knob's event is the knob's name, and its values are written as the
 * state's fields are, choices by name; `what` of an end has a name, too, all others are numbers.  Reading believes
 * nothing: kinds, knobs, ends and series must exist, and within a series each bucket must lie in a span of its own,
 * behind the one before and not beyond the step of the file. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/lines.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "base/text.h"
#include "learn/knob.h"
#include "store/checkpoint_parts.h"

enum { BUCKET_COLUMNS = 8 };

#define HISTORY CHECKPOINT_HISTORY
#define EVENTS  STATE_PREFIX "events"

static const char columns[] = "step kind what from to label";

static bool is_series(const char *tensor)
{
    return strncmp(tensor, HISTORY ".", sizeof HISTORY) == 0;
}

bool checkpoint_record_is_tensor(const char *name)
{
    return is_series(name) || strcmp(name, EVENTS) == 0;
}

/* ---- writing ---- */

static void series_name(unsigned series, char name[TENSOR_NAME_SIZE])
{
    snprintf(name, TENSOR_NAME_SIZE, HISTORY ".%s", series_table[series].name);
}

static void write_buckets(const struct bucket *bucket, size_t count, double *row)
{
    for (size_t i = 0; i < count; i++, row += BUCKET_COLUMNS) {
        const struct bucket *b = &bucket[i];
        const double values[BUCKET_COLUMNS] = {
            (double)b->first_step, (double)b->last_step, b->count,        b->nonfinite,
            (double)b->min,        (double)b->max,       (double)b->last, b->sum};
        memcpy(row, values, sizeof values);
    }
}

/* How an event's values are written: a knob's as in the state. */
static struct state_field value_field(const struct event *event)
{
    struct state_field field = {.name = "value", .type = STATE_DOUBLE};
    if (event->kind == EVENT_KNOB) {
        field = state_field_at(&knobs_fields, event->what);
        field.offset = 0;
    }
    return field;
}

static void write_event(struct lines *out, const struct event *event)
{
    const struct state_field field = value_field(event);
    char text[STATE_TEXT_SIZE];
    lines_add(out, "%llu %s ", (unsigned long long)event->step, event_table[event->kind].name);
    if (event->kind == EVENT_KNOB)
        lines_add(out, "%s", knob_table[event->what].name);
    else if (event->kind == EVENT_END)
        lines_add(out, "%s", event_end_name[event->what]);
    else
        lines_add(out, "%u", (unsigned)event->what);
    lines_add(out, " %s", state_field_write(&field, &event->from, text, sizeof text));
    lines_add(out, " %s ", state_field_write(&field, &event->to, text, sizeof text));
    lines_word(out, event->label);
    lines_add(out, "\n");
}

/* Appends the tensor of one series to the draft, and its name to the list.  `row` has room for its rows; returns how
 * many there are. */
static size_t add_series(struct record *record, unsigned series, struct record_draft *draft, double *row)
{
    size_t count;
    const struct bucket *bucket = record_buckets(record, series, &count);
    const size_t length = strlen(draft->list);
    char *name = draft->name[draft->tensors];
    series_name(series, name);
    snprintf(draft->list + length, sizeof draft->list - length, "%s%s", length > 0 ? " " : "",
             series_table[series].name);
    write_buckets(bucket, count, row);
    draft->tensor[draft->tensors++] = (struct tensor){
        .name = name,
        .type = TENSOR_F64,
        .rank = 2,
        .shape = {count, BUCKET_COLUMNS},
        .data = row,
        .bytes = count * BUCKET_COLUMNS * sizeof *row,
    };
    return count;
}

bool checkpoint_record_encode(struct record *record, struct record_draft *draft)
{
    struct lines events = {0};
    size_t count, rows = 0;
    for (unsigned series = 0; series < SERIES_COUNT; series++) {
        record_buckets(record, series, &count);
        rows += count;
    }
    double *row = draft->rows = mem_alloc(rows * BUCKET_COLUMNS + 1, sizeof *draft->rows);
    for (unsigned series = 0; row && series < SERIES_COUNT; series++)
        row += add_series(record, series, draft, row) * BUCKET_COLUMNS;
    const struct event *event = record_events(record, &count);
    lines_add(&events, "%s\n", columns);
    for (size_t i = 0; i < count; i++)
        write_event(&events, &event[i]);
    draft->events = events.text;
    draft->tensor[draft->tensors++] = (struct tensor){
        .name = EVENTS,
        .type = TENSOR_U8,
        .rank = 1,
        .shape = {events.length},
        .data = events.text,
        .bytes = events.length,
    };
    return row && !events.failed;
}

void checkpoint_record_release(struct record_draft *draft)
{
    mem_free(draft->rows);
    mem_free(draft->events);
}

/* ---- reading ---- */

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
    uint64_t count, nonfinite;
    if (!take(tensor, at, 0x1p53, &bucket->first_step) || !take(tensor, at + 1, 0x1p53, &bucket->last_step) ||
        !take(tensor, at + 2, 0x1p32, &count) || !take(tensor, at + 3, 0x1p32, &nonfinite) ||
        bucket->first_step > bucket->last_step)
        return false;
    bucket->count = (uint32_t)count;
    bucket->nonfinite = (uint32_t)nonfinite;
    bucket->min = (float)tensor_double(tensor, at + 4);
    bucket->max = (float)tensor_double(tensor, at + 5);
    bucket->last = (float)tensor_double(tensor, at + 6);
    bucket->sum = tensor_double(tensor, at + 7);
    bucket->tail = count > 0 ? BUCKET_TAIL_FINITE : BUCKET_TAIL_NAN; /* the file does not say which it was */
    return count + nonfinite > 0 &&
           (count == 0 || (bucket->min <= bucket->max && isfinite(bucket->min) && isfinite(bucket->max) &&
                           isfinite(bucket->last) && isfinite(bucket->sum)));
}

static enum status has_not(const char *path, const char *name, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: has no %s, though it has others of the curves", path, name);
}

static enum status not_ours(const char *path, const char *what, size_t number, const char *name, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: %s %zu of %s is not what this program writes", path, what, number,
                     name);
}

static bool has_form(const struct tensor *tensor)
{
    return tensor->type == TENSOR_F64 && tensor->rank == 2 && tensor->shape[1] == BUCKET_COLUMNS &&
           tensor->shape[0] <= RECORD_BUCKETS;
}

/* Behind `before` in steps and in a later span; NULL: it is the first. */
static bool follows(const struct bucket *bucket, const struct bucket *before, uint64_t width)
{
    return !before || bucket->first_step / width > before->last_step / width;
}

static enum status take_series(const struct checkpoint_file *file, unsigned series, struct record *record,
                               struct error *error)
{
    struct bucket before, bucket = {.series = (uint8_t)series};
    char name[TENSOR_NAME_SIZE];
    series_name(series, name);
    const struct tensor *tensor = weights_find(file->weights, name);
    if (!tensor)
        return has_not(file->path, name, error);
    if (!has_form(tensor))
        return error_set(error, STATUS_FAILED, "%s: %s is not what this program writes", file->path, name);
    for (size_t i = 0; i < tensor->shape[0]; i++) {
        before = bucket;
        if (!take_bucket(tensor, i, &bucket) || !follows(&bucket, i > 0 ? &before : NULL, record_width(record)) ||
            bucket.last_step > record_newest(record)) /* which is the file's step */
            return not_ours(file->path, "row", i + 1, name, error);
        if (!record_push(record, &bucket))
            return error_memory(error);
    }
    return STATUS_OK;
}

/* Each series of the file is one that this program knows, and is named in the list. */
static enum status check_listed(const struct checkpoint_file *file, const char *list, struct error *error)
{
    for (size_t i = 0; i < weights_count(file->weights); i++) {
        const char *name = weights_tensor(file->weights, i)->name;
        if (is_series(name) && series_find(name + sizeof HISTORY) == SERIES_COUNT)
            return error_set(error, STATUS_FAILED, "%s: has %.90s, which this program does not know", file->path, name);
        if (is_series(name) && !name_is_listed(list, name + sizeof HISTORY))
            return error_set(error, STATUS_FAILED, "%s: has %.90s, which its entry '" HISTORY "' does not name",
                             file->path, name);
    }
    return STATUS_OK;
}

static enum status take_all_series(const struct checkpoint_file *file, struct record *record, struct error *error)
{
    const char *list = weights_note(file->weights, HISTORY);
    enum status status = check_listed(file, list, error);
    for (unsigned series = 0; series < SERIES_COUNT && status == STATUS_OK; series++)
        if (name_is_listed(list, series_table[series].name))
            status = take_series(file, series, record, error);
    return status;
}

static bool take_what(const char *word, struct event *event)
{
    uint64_t number = 0;
    if (event->kind == EVENT_KNOB) {
        const enum knob_id knob = knob_find(word);
        event->what = (uint16_t)knob;
        return knob != KNOB_COUNT;
    }
    if (event->kind == EVENT_END) {
        while (number < EVENT_ENDS && strcmp(word, event_end_name[number]) != 0)
            number++;
        event->what = (uint16_t)number;
        return number < EVENT_ENDS;
    }
    if (!number_parse_digits(word, UINT16_MAX, &number))
        return false;
    event->what = (uint16_t)number;
    return true;
}

/* The line is cut up. */
static bool take_event(char *line, struct event *event)
{
    enum { STEP, KIND, WHAT, FROM, TO, LABEL, WORDS };
    char *word[WORDS], *more;
    size_t kind = 0;
    for (size_t i = 0; i < WORDS; i++)
        if (!line_word(&line, &word[i]) || !word[i])
            return false;
    while (kind < EVENT_KINDS && !(event_table[kind].name && strcmp(event_table[kind].name, word[KIND]) == 0))
        kind++;
    if (line_word(&line, &more) || kind == EVENT_KINDS || strlen(word[LABEL]) >= EVENT_LABEL_SIZE)
        return false;
    *event = (struct event){.kind = (enum event_kind)kind};
    if (!number_parse_digits(word[STEP], (uint64_t)1 << 53, &event->step) || !take_what(word[WHAT], event))
        return false;
    const struct state_field field = value_field(event);
    snprintf(event->label, sizeof event->label, "%s", word[LABEL]);
    text_clean(event->label);
    return state_field_read(&field, &event->from, word[FROM]) && state_field_read(&field, &event->to, word[TO]);
}

/* `text` is cut up. */
static enum status take_events(char *text, const char *path, struct record *record, struct error *error)
{
    size_t number = 1;
    for (char *line = text, *end; number == 1 || *line; line = end + 1, number++) {
        struct event event;
        end = strchr(line, '\n');
        if (end)
            *end = '\0';
        const bool right =
            number == 1 ? strcmp(line, columns) == 0 : number <= RECORD_EVENTS + 1 && take_event(line, &event);
        if (!end || !right)
            return not_ours(path, "line", number, EVENTS, error);
        if (number > 1 && !record_event(record, &event))
            return error_memory(error);
    }
    return STATUS_OK;
}

static enum status take_all_events(const struct checkpoint_file *file, struct record *record, struct error *error)
{
    const struct tensor *tensor = weights_find(file->weights, EVENTS);
    if (!tensor)
        return has_not(file->path, EVENTS, error);
    if (tensor->type != TENSOR_U8 || tensor->rank != 1 || tensor->bytes == 0 ||
        memchr(tensor->data, '\0', tensor->bytes))
        return error_set(error, STATUS_FAILED, "%s: " EVENTS " is not what this program writes", file->path);
    char *text = mem_alloc(tensor->bytes + 1, 1);
    if (!text)
        return error_memory(error);
    memcpy(text, tensor->data, tensor->bytes);
    const enum status status = take_events(text, file->path, record, error);
    mem_free(text);
    return status;
}

static bool has_curves(const struct weights *weights)
{
    for (size_t i = 0; i < weights_count(weights); i++)
        if (checkpoint_record_is_tensor(weights_tensor(weights, i)->name))
            return true;
    return weights_note(weights, HISTORY) != NULL;
}

enum status checkpoint_record(const struct checkpoint_file *file, struct record **out, struct error *error)
{
    const char *list = weights_note(file->weights, HISTORY);
    *out = NULL;
    if (!has_curves(file->weights))
        return STATUS_OK;
    if (!list || !list[0])
        return error_set(error, STATUS_FAILED, "%s: its metadata has %s entry '" HISTORY "': the checkpoint is damaged",
                         file->path, list ? "an empty" : "no");
    struct record *record = record_create(checkpoint_file_step(file));
    if (!record)
        return error_memory(error);
    enum status status = take_all_series(file, record, error);
    if (status == STATUS_OK)
        status = take_all_events(file, record, error);
    if (status != STATUS_OK) {
        record_free(record);
        return status;
    }
    *out = record;
    return STATUS_OK;
}
