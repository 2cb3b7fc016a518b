/* Reads an earlier log row by row and decides which of its rows stay when a run goes on. */
#include "store/log_past.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/number.h"
#include "metrics/series.h"
#include "store/sink.h"

enum { CELLS_MOST = 32 };

/* What is read of a row. */
struct row {
    uint64_t step, branch;
    double value[SERIES_COUNT]; /* NaN: not there */
};

/* ---- one line ---- */

/* Cuts a line of CSV into its cells, in place: their number, or 0 when there are too many. */
static size_t cut_cells(char *line, char *cell[CELLS_MOST])
{
    size_t cells = 0;
    for (char *from = line;;) {
        char *to = from;
        if (cells == CELLS_MOST)
            return 0;
        cell[cells++] = to;
        for (bool quoted = false; *from && (quoted || *from != ','); from++)
            if (*from == '"')
                quoted = !quoted;
            else
                *to++ = *from;
        const bool more = *from == ',';
        *to = '\0';
        if (!more)
            return cells;
        from++;
    }
}

static bool take_cell(struct row *row, const char *column, const char *text)
{
    const unsigned series = series_find(column);
    if (strcmp(column, "step") == 0)
        return number_parse_u64(text, &row->step);
    if (strcmp(column, "branch") == 0)
        return number_parse_u64(text, &row->branch);
    if (series < SERIES_COUNT && (!text[0] || !number_parse(text, &row->value[series])))
        row->value[series] = NAN;
    return true;
}

static bool read_csv(char *line, struct row *row)
{
    char *cell[CELLS_MOST];
    const size_t cells = cut_cells(line, cell);
    bool right = cells > 0;
    for (size_t i = 0; i < cells && right; i++)
        right = sink_column(i) && take_cell(row, sink_column(i), cell[i]);
    return right && !sink_column(cells);
}

static bool read_json(const char *line, struct row *row)
{
    const char *reason;
    size_t step = 0, branch = 0;
    struct json *json = json_parse(line, strlen(line), &reason);
    const bool right = json_count(json_member(json, "step"), &step) && json_count(json_member(json, "branch"), &branch);
    row->step = step;
    row->branch = branch;
    for (unsigned i = 0; i < SERIES_COUNT && right; i++)
        if (!json_number(json_member(json, series_table[i].name), &row->value[i]))
            row->value[i] = NAN;
    json_free(json);
    return right;
}

static bool is_header(char *line)
{
    char *cell[CELLS_MOST];
    const size_t cells = cut_cells(line, cell);
    bool same = cells > 0 && !sink_column(cells);
    for (size_t i = 0; i < cells && same; i++)
        same = sink_column(i) && strcmp(sink_column(i), cell[i]) == 0;
    return same;
}

/* ---- whether the rows are of this run ---- */

/* A bucket that ends at the step holds what was measured there, and perhaps before. */
static unsigned find_contradiction(const struct row *row, const struct history *history)
{
    static const unsigned checked[] = {SERIES_LOSS, SERIES_TRAIN_LOSS, SERIES_TEST_LOSS};
    for (size_t i = 0; i < sizeof checked / sizeof *checked; i++) {
        struct bucket bucket;
        const float value = (float)row->value[checked[i]];
        history_read(history, 0, checked[i], (double)row->step, (double)row->step + 1, 1, &bucket);
        if (isfinite(value) && bucket.count > 0 && !(value >= bucket.min && value <= bucket.max))
            return checked[i];
    }
    return SERIES_COUNT;
}

static enum status of_another(const char *path, uint64_t line, const char *why, struct error *error)
{
    return error_set(error, STATUS_FAILED,
                     "%s:%llu: %s: the log is not of the run that goes on, and is left as it is: name another --log",
                     path, (unsigned long long)line, why);
}

/* Why the row cannot be of the run that goes on, or NULL.  `newest`: the step of the row above. */
static const char *why_not(const struct row *row, uint64_t newest, uint64_t step, const struct history *history)
{
    const unsigned series = row->step <= step ? find_contradiction(row, history) : SERIES_COUNT;
    if (row->branch != 0)
        return "a row of another branch";
    if (row->step < newest)
        return "its step is before that of the row above";
    return series < SERIES_COUNT ? "its loss is another than that in the checkpoint's curves" : NULL;
}

static enum status read_rows(struct log_past *past, FILE *file, const char *path, uint64_t step,
                             const struct history *history, struct error *error)
{
    const bool json = file_ends(path, ".jsonl");
    char *line = NULL;
    size_t room = 0;
    enum status status = STATUS_OK;
    uint64_t number = 0, bytes = 0, newest = 0;
    for (ssize_t length; status == STATUS_OK && (length = getline(&line, &room, file)) > 0;) {
        struct row row = {0};
        if (line[length - 1] != '\n') /* the program was killed while it was written */
            break;
        line[length - 1] = '\0';
        number++;
        bytes += (uint64_t)length;
        if (number == 1 && !json) {
            status = is_header(line) ? STATUS_OK : of_another(path, number, "not the header of a log", error);
            past->bytes = bytes;
            continue;
        }
        const bool read = json ? read_json(line, &row) : read_csv(line, &row);
        const char *why = read ? why_not(&row, newest, step, history) : "no row of a log";
        if (why) {
            status = of_another(path, number, why, error);
            break;
        }
        newest = row.step;
        if (row.step > step) {
            past->cut++;
        } else {
            past->kept++;
            past->last_step = row.step;
            past->bytes = bytes;
        }
    }
    if (status == STATUS_OK && ferror(file))
        status = error_set(error, STATUS_FAILED, "%s: cannot be read: %s", path, strerror(errno));
    free(line);
    return status;
}

enum status log_past_read(struct log_past *out, const char *path, uint64_t step, const struct history *history,
                          struct error *error)
{
    struct stat about;
    *out = (struct log_past){0};
    if (file_is_stream(path) || stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0)
        return STATUS_OK;
    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(error, STATUS_FAILED, "%s: cannot be opened: %s", path, strerror(errno));
    const enum status status = read_rows(out, file, path, step, history, error);
    fclose(file);
    return status;
}
