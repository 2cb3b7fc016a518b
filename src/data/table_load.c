/* From a table that was read to a data set: inputs laid out, rows split, columns standardised. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/lines.h"
#include "base/mem.h"
#include "base/random.h"
#include "data/form.h"
#include "data/order.h"
#include "data/source.h"
#include "data/table.h"

/* Inputs of one row: numbers as they are, texts as a 1 among zeros.  An unknown text is all zeros. */
static void lay_out_row(const struct table *table, const float *raw, float *x)
{
    for (size_t i = 0; i < table->header.columns; i++) {
        if (i == table->target)
            continue;
        const struct plan *plan = &table->plan[i];
        float kept = *raw++;
        if (plan->outputs > 0 && !plan->rank) {
            x[plan->first] = kept;
        } else if (plan->outputs > 0) {
            int32_t code = isnan(kept) ? CODE_MISSING : (int32_t)kept;
            size_t known = table->column[i].dictionary.count;
            if (code >= 0)
                x[plan->first + (size_t)plan->rank[code]] = 1.0f;
            else if (code == CODE_MISSING && plan->outputs > known)
                x[plan->first + known] = 1.0f;
        }
    }
}

/* Where every column is one input the table is the inputs already. */
static bool lay_out(struct table *table, struct dataset *dataset)
{
    size_t width = table->header.columns - 1;
    bool as_it_is = table->inputs == width;
    for (size_t i = 0; i < table->header.columns; i++)
        as_it_is &= i == table->target || (table->plan[i].outputs == 1 && !table->plan[i].rank);
    if (as_it_is) {
        dataset->x = table->raw;
        table->raw = NULL;
        return true;
    }
    dataset->x = mem_alloc(table->rows, table->inputs * sizeof *dataset->x);
    if (!dataset->x)
        return false;
    for (size_t row = 0; row < table->rows; row++)
        lay_out_row(table, table->raw + row * width, dataset->x + row * table->inputs);
    mem_free(table->raw);
    table->raw = NULL;
    return true;
}

static void take_answers(struct table *table, struct dataset *dataset)
{
    if (table->classes == 0) {
        dataset->kind = TASK_REGRESS;
        dataset->target = table->answer;
        table->answer = NULL;
        return;
    }
    const int32_t *rank = table->plan[table->target].rank;
    dataset->kind = TASK_CLASSIFY;
    dataset->classes = table->classes;
    dataset->label = table->code;
    table->code = NULL;
    for (size_t row = 0; row < table->rows; row++)
        dataset->label[row] = rank[dataset->label[row]];
}

static bool name_all(const struct table *table, struct dataset *dataset)
{
    const struct column *target = &table->column[table->target];
    dataset->input_name = mem_alloc(table->inputs, sizeof *dataset->input_name);
    dataset->class_name = mem_alloc(table->classes + 1, sizeof *dataset->class_name);
    dataset->target_name = mem_string(target->name);
    if (!dataset->input_name || !dataset->class_name || !dataset->target_name)
        return false;
    for (size_t i = 0; i < table->classes; i++) {
        char **name = &dataset->class_name[table->plan[table->target].rank[i]];
        if (!(*name = mem_string(target->dictionary.entry[i].name)))
            return false;
    }
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct column *column = &table->column[i];
        const struct plan *plan = &table->plan[i];
        for (size_t j = 0; i != table->target && j < plan->outputs; j++) {
            char text[2 * NAME_BYTES + 2];
            size_t known = column->dictionary.count, at = j;
            if (plan->rank && j < known)
                at = (size_t)plan->rank[j];
            if (plan->rank)
                snprintf(text, sizeof text, "%s=%s", column->name,
                         j < known ? column->dictionary.entry[j].name : "missing");
            else
                snprintf(text, sizeof text, "%s", column->name);
            if (!(dataset->input_name[plan->first + at] = mem_string(text)))
                return false;
        }
    }
    return true;
}

/* The last rows of a stratified order are the test rows: they are as stratified as the rest. */
static enum status split(struct table *table, struct dataset *dataset, const struct csv_options *options,
                         const struct record_reader *reader, struct error *error)
{
    size_t rows = table->train, least = table->classes > 2 ? table->classes : 2;
    dataset->train = rows;
    if (table->rows == rows) {
        size_t test = (size_t)floor(options->test_fraction * (double)rows);
        dataset->train = rows - (test > 0 ? test : 1);
        if (rows < least + 1)
            return record_error(reader, 0, error, "%zu rows: at least %zu to train and one to test are needed", rows,
                                least);
        if (dataset->train < least)
            return record_error(reader, 0, error, "--test-fraction %g leaves %zu of %zu rows to train: %zu are needed",
                                options->test_fraction, dataset->train, rows, least);
    }
    uint32_t *order = mem_alloc(rows, sizeof *order);
    bool done = order != NULL;
    for (size_t i = 0; done && i < rows; i++)
        order[i] = (uint32_t)i;
    done =
        done &&
        order_interleave(order, rows, dataset->label, dataset->classes, random_key(options->seed, RANDOM_SPLIT, 0)) &&
        order_move(order, rows, dataset->x, dataset->inputs * sizeof *dataset->x) &&
        (dataset->label ? order_move(order, rows, dataset->label, sizeof *dataset->label)
                        : order_move(order, rows, dataset->target, sizeof *dataset->target));
    mem_free(order);
    return done ? STATUS_OK : error_memory(error);
}

/* Figures of a column over the training rows. */
struct moments {
    double mean, variance;
    double count;
    float least, most;
};

static void measure(const float *x, size_t rows, size_t columns, struct moments *moments)
{
    for (size_t j = 0; j < columns; j++)
        moments[j] = (struct moments){.least = INFINITY, .most = -INFINITY};
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float value = x[i * columns + j];
            if (isnan(value))
                continue;
            moments[j].mean += (double)value;
            moments[j].count += 1.0;
            moments[j].least = value < moments[j].least ? value : moments[j].least;
            moments[j].most = value > moments[j].most ? value : moments[j].most;
        }
    for (size_t j = 0; j < columns; j++)
        moments[j].mean = moments[j].count > 0.0 ? moments[j].mean / moments[j].count : 0.0;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float value = x[i * columns + j];
            double from_mean = isnan(value) ? 0.0 : (double)value - moments[j].mean;
            moments[j].variance += from_mean * from_mean;
        }
    for (size_t j = 0; j < columns; j++)
        moments[j].variance = moments[j].count > 0.0 ? moments[j].variance / moments[j].count : 0.0;
}

/* `mean`: to begin with, what each column's numbers are distances from.  `flat`: columns that are constant, but for
 * rounding.
 * (x - mean) / sd with the training rows' figures; missing ones become the mean.  A column that is constant in
 * training can teach nothing: all its values become 0, so that others in the test rows do no harm. */
static bool standardise(float *x, size_t rows, size_t train, size_t columns, const bool *as_it_is, double *mean,
                        double *sd, bool *flat)
{
    struct moments *moments = mem_alloc(columns, sizeof *moments);
    double *scale = mem_alloc(columns, sizeof *scale);
    bool enough = moments && scale;
    if (!enough)
        goto out;
    measure(x, train, columns, moments);
    for (size_t j = 0; j < columns; j++) {
        const double deviation = sqrt(moments[j].variance);
        bool constant = !(moments[j].least < moments[j].most) || source_is_flat(mean[j] + moments[j].mean, deviation);
        moments[j].mean = as_it_is && as_it_is[j] ? 0.0 : moments[j].mean;
        mean[j] += moments[j].mean;
        sd[j] = constant || (as_it_is && as_it_is[j]) ? 1.0 : deviation;
        flat[j] = constant;
        scale[j] = constant && !(as_it_is && as_it_is[j]) ? 0.0 : 1.0 / sd[j];
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float *value = &x[i * columns + j];
            *value = isnan(*value) ? 0.0f : (float)(((double)*value - moments[j].mean) * scale[j]);
        }
out:
    mem_free(moments);
    mem_free(scale);
    return enough;
}

static bool standardise_all(const struct table *table, struct dataset *dataset, bool *flat)
{
    bool *as_it_is = mem_alloc(table->inputs, sizeof *as_it_is), flat_target;
    dataset->input_mean = mem_alloc(table->inputs, sizeof *dataset->input_mean);
    dataset->input_sd = mem_alloc(table->inputs, sizeof *dataset->input_sd);
    bool enough = as_it_is && dataset->input_mean && dataset->input_sd;
    for (size_t i = 0; enough && i < table->header.columns; i++)
        for (size_t j = 0; j < table->plan[i].outputs; j++) {
            as_it_is[table->plan[i].first + j] = table->plan[i].rank != NULL;
            dataset->input_mean[table->plan[i].first + j] = table->plan[i].rank ? 0.0 : table->column[i].offset;
        }
    enough = enough && standardise(dataset->x, dataset->rows, dataset->train, dataset->inputs, as_it_is,
                                   dataset->input_mean, dataset->input_sd, flat);
    dataset->target_sd = 1.0;
    if (enough && dataset->target) {
        dataset->target_mean = table->column[table->target].offset;
        enough = standardise(dataset->target, dataset->rows, dataset->train, 1, NULL, &dataset->target_mean,
                             &dataset->target_sd, &flat_target);
    }
    mem_free(as_it_is);
    return enough;
}

static bool take_categories(const struct column *column, const struct plan *plan, struct source_column *to)
{
    to->categories = column->dictionary.count;
    to->missing = plan->outputs > to->categories;
    to->category = mem_alloc(to->categories, sizeof *to->category);
    for (size_t i = 0; to->category && i < to->categories; i++)
        if (!(to->category[plan->rank[i]] = mem_string(column->dictionary.entry[i].name)))
            return false;
    return to->category != NULL;
}

/* What a later file's rows need to become inputs of the same model. */
static bool make_source(const struct table *table, struct dataset *dataset, const struct csv_options *options,
                        const bool *flat)
{
    struct source *source = dataset->source = source_create(table->header.columns);
    bool enough = source != NULL;
    for (size_t i = 0; enough && i < table->header.columns; i++) {
        const struct plan *plan = &table->plan[i];
        struct source_column *to = &source->column[i];
        to->kind = i == table->target   ? SOURCE_TARGET
                   : plan->outputs == 0 ? SOURCE_LEFT_OUT
                   : plan->rank         ? SOURCE_TEXT
                                        : SOURCE_NUMBER;
        enough = (to->name = mem_string(table->column[i].name)) != NULL;
        if (to->kind == SOURCE_NUMBER) {
            to->mean = dataset->input_mean[plan->first];
            to->sd = flat[plan->first] ? 0 : dataset->input_sd[plan->first];
            to->as_number = table->column[i].reading == COLUMN_AS_NUMBERS;
        } else if (to->kind == SOURCE_TEXT)
            enough = enough && take_categories(&table->column[i], plan, to);
    }
    if (enough && options->form.missing)
        enough = (source->missing_words = mem_string(options->form.missing)) != NULL;
    if (enough) {
        source->header = table->header.present;
        source->as_spelt = true;
    }
    return enough;
}

static enum status make_dataset(struct dataset **out, struct table *table, const struct record_reader *reader,
                                const struct csv_options *options, struct error *error)
{
    struct dataset *dataset = mem_alloc(1, sizeof *dataset);
    if (!dataset)
        return error_memory(error);
    const char *path = record_path(reader), *slash = strrchr(path, '/');
    enum status status = STATUS_OK;
    bool *flat = NULL;
    dataset->name = mem_string(slash ? slash + 1 : path);
    dataset->rows = table->rows;
    dataset->inputs = table->inputs;
    dataset->classes = table->classes;
    if (!dataset->name || !name_all(table, dataset) || !lay_out(table, dataset)) {
        status = error_memory(error);
        goto out;
    }
    take_answers(table, dataset);
    if ((status = split(table, dataset, options, reader, error)) != STATUS_OK)
        goto out;
    dataset->report = plan_report(table, dataset->name, dataset->train, dataset->rows - dataset->train);
    flat = mem_alloc(table->inputs, sizeof *flat);
    if (!flat || !standardise_all(table, dataset, flat) || !make_source(table, dataset, options, flat) ||
        !dataset->report || !(dataset->notes = table_notes(table, flat)))
        status = error_memory(error);
out:
    mem_free(flat);
    if (status == STATUS_OK)
        *out = dataset;
    else
        dataset_free(dataset);
    return status;
}

/* Keeps the decimal mark for files that do not show it.  The first note says how the file was read. */
static enum status note_form(struct dataset *dataset, const struct record_reader *reader, const struct header *header,
                             struct error *error)
{
    char *form = form_text(reader, header);
    struct lines notes = {0};
    dataset->source->decimal = record_mark(reader);
    if (form && *form)
        lines_add(&notes, "%s: %s%s%s", dataset->name, form, *dataset->notes ? "\n" : "", dataset->notes);
    const bool failed = !form || notes.failed;
    if (!failed && notes.text) {
        mem_free(dataset->notes);
        dataset->notes = notes.text;
    } else {
        mem_free(notes.text);
    }
    mem_free(form);
    return failed ? error_memory(error) : STATUS_OK;
}

enum status csv_load(struct dataset **out, const char *path, const struct csv_options *options, struct error *error)
{
    struct table table = {.raw = NULL};
    struct dataset *dataset = NULL;
    struct record_reader *train = NULL, *test = NULL;
    struct csv_form form = options->form;
    enum status status = record_open(&train, path, &form, error);
    if (status == STATUS_OK && options->test_path) {
        form.decimal_before = record_mark(train);
        status = record_open(&test, options->test_path, &form, error);
    }
    if (status == STATUS_OK)
        status = table_read(&table, train, test, options, error);
    if (status == STATUS_OK)
        status = make_dataset(&dataset, &table, train, options, error);
    if (status == STATUS_OK)
        status = note_form(dataset, train, &table.header, error);
    if (status == STATUS_OK)
        *out = dataset;
    else
        dataset_free(dataset);
    table_free(&table);
    record_close(train);
    record_close(test);
    return status;
}
