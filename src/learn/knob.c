/* Reads, writes, checks and steps the values of knobs, and lists them as fields of a state. */
#include "learn/knob.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/number.h"
#include "nn/optimizer.h"

static struct state_field knob_field(size_t knob)
{
    return (struct state_field){
        .name = knob_table[knob].name,
        .offset = knob * sizeof(double),
        .type = STATE_DOUBLE,
        .choice = knob_table[knob].choice,
        .choices = knob_table[knob].choice_count,
        .absent = knob_table[knob].absent,
    };
}

static struct state_field rate_field(size_t optimizer)
{
    return (struct state_field){
        .name = optimizer_table[optimizer].name,
        .offset = optimizer * sizeof(double),
        .type = STATE_DOUBLE,
        .absent = optimizer_table[optimizer].absent_lr,
    };
}

const struct state_fields knobs_fields = {.count = KNOB_COUNT, .make = knob_field};
const struct state_fields rates_fields = {.count = OPTIMIZER_COUNT, .make = rate_field};

void knobs_default(struct knobs *knobs)
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        knobs->value[i] = knob_table[i].standard;
}

enum knob_id knob_find(const char *name)
{
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = &knob_table[i];
        if (strcmp(name, row->name) == 0 || (row->alias && strcmp(name, row->alias) == 0))
            return (enum knob_id)i;
    }
    return KNOB_COUNT;
}

void knob_range(enum knob_id knob, char *out, size_t size)
{
    const struct knob *row = &knob_table[knob];
    char low[40], high[40];
    if (row->whole) {
        snprintf(low, sizeof low, "%.0f", row->min);
        snprintf(high, sizeof high, "%.0f", row->max);
    } else {
        number_exact(low, sizeof low, row->min);
        number_exact(high, sizeof high, row->max);
    }
    const char *percent = row->percent ? " (100%)" : "";
    const char *off = row->zero && !row->zero_is_most ? ", 0 is " : "", *zero = *off ? row->zero : "";
    const char *kind = row->whole ? "a whole number " : "";
    if (row->min_open || row->max_open)
        snprintf(out, size, "%s%s %s and %s %s%s%s%s", kind, row->min_open ? "above" : "at least", low,
                 row->max_open ? "below" : "at most", high, percent, off, zero);
    else
        snprintf(out, size, "%sfrom %s to %s%s%s%s", kind, low, high, percent, off, zero);
}

/* `said` is the value as the person wrote it. */
static enum status check_as_said(enum knob_id knob, double value, const char *said, struct error *error)
{
    const struct knob *row = &knob_table[knob];
    const double used = (double)(float)value; /* by the kernels: 1e-60 is 0 to them */
    bool low = row->min_open ? !(used > row->min) : !(value >= row->min);
    bool high = row->max_open ? !(used < row->max) : !(value <= row->max);
    bool may_be_broken = !row->whole && !row->choice;
    if (!low && !high && (may_be_broken || floor(value) == value))
        return STATUS_OK;
    char range[120];
    knob_range(knob, range, sizeof range);
    return error_set(error, STATUS_USAGE, "%s %s: must be %s", row->label, said, range);
}

enum status knob_check(enum knob_id knob, double value, struct error *error)
{
    char said[40];
    number_exact(said, sizeof said, value);
    return check_as_said(knob, value, said, error);
}

static enum status parse_choice(const struct knob *row, const char *text, double *value, struct error *error)
{
    const char *names[KNOB_CHOICES_MAX];
    for (size_t i = 0; i < row->choice_count; i++) {
        names[i] = row->choice(i);
        if (strcmp(text, names[i]) == 0) {
            *value = (double)i;
            return STATUS_OK;
        }
    }
    char suggestion[256];
    return error_set(error, STATUS_USAGE, "unknown %s '%s'%s", row->label, text,
                     name_suggest(suggestion, sizeof suggestion, text, names, row->choice_count));
}

/* Whether the text is a number once its comma is a point. */
static bool has_decimal_comma(const char *text)
{
    char point[40];
    double number;
    const char *comma = strchr(text, ',');
    if (!comma || snprintf(point, sizeof point, "%s", text) >= (int)sizeof point)
        return false;
    point[comma - text] = '.';
    return number_parse(point, &number);
}

enum status knob_read(enum knob_id knob, const char *text, double *value, struct error *error)
{
    const struct knob *row = &knob_table[knob];
    if (row->choice)
        return parse_choice(row, text, value, error);
    if (row->zero && strcmp(text, row->zero) == 0) {
        *value = 0;
        return STATUS_OK;
    }
    double parsed;
    if (!number_parse(text, &parsed)) {
        char range[120];
        if (has_decimal_comma(text))
            return error_set(error, STATUS_USAGE, "%s '%s': not a number: write a decimal point, not a comma",
                             row->label, text);
        knob_range(knob, range, sizeof range);
        return error_set(error, STATUS_USAGE, "%s '%s': not a number (must be %s%s%s)", row->label, text, range,
                         row->zero_is_most ? ", or " : "", row->zero_is_most ? row->zero : "");
    }
    enum status status = check_as_said(knob, parsed, text, error);
    if (status == STATUS_OK)
        *value = parsed;
    return status;
}

enum status knob_parse(enum knob_id knob, const char *text, double *value, struct error *error)
{
    enum status status = knob_read(knob, text, value, error);
    if (status != STATUS_OK)
        return status;
    /* What is shown must be the very value that is in force. */
    char shown[40];
    double rounded;
    knob_format(knob, *value, shown, sizeof shown);
    if (knob_read(knob, shown, &rounded, NULL) == STATUS_OK)
        *value = rounded;
    return STATUS_OK;
}

/* The 1-2-5 numbers from row->least to row->max; each is a product or quotient of exact numbers, and so the double
 * nearest to its decimal. */
static size_t ladder(const struct knob *row, double *out, size_t most)
{
    static const double digit[] = {1, 2, 5};
    size_t count = 0;
    for (int i = -9 * 3; i <= 12 * 3 && count < most; i++) {
        int exponent = (i + 9 * 3) / 3 - 9;
        double power = 1;
        for (int e = exponent < 0 ? -exponent : exponent; e > 0; e--)
            power *= 10;
        double mantissa = digit[(i + 9 * 3) % 3];
        double rung = exponent < 0 ? mantissa / power : mantissa * power;
        if (rung >= row->least && rung <= row->max)
            out[count++] = rung;
    }
    return count;
}

size_t knob_rungs(enum knob_id knob, double *out, size_t most)
{
    const struct knob *row = &knob_table[knob];
    size_t count = 0;
    if (row->choice) {
        for (; count < row->choice_count && count < most; count++)
            out[count] = (double)count;
        return count;
    }
    if (row->rungs) {
        for (; count < row->rung_count && count < most; count++)
            out[count] = row->rungs[count];
    } else {
        if (!row->min_open && row->min < row->least && count < most)
            out[count++] = row->min;
        count += ladder(row, out + count, most - count);
    }
    if (row->zero_is_most && count < most)
        out[count++] = 0;
    return count;
}

double knob_height(enum knob_id knob, double value)
{
    return knob_table[knob].zero_is_most && !(value > 0) ? INFINITY : value;
}

double knob_step(enum knob_id knob, double value, int direction)
{
    const struct knob *row = &knob_table[knob];
    if (row->choice) {
        size_t n = row->choice_count, i = (size_t)value;
        return (double)((i + (direction > 0 ? 1 : n - 1)) % n);
    }
    double rungs[KNOB_RUNGS_MAX];
    size_t count = knob_rungs(knob, rungs, KNOB_RUNGS_MAX);
    double here = knob_height(knob, value);
    if (direction > 0) {
        for (size_t i = 0; i < count; i++)
            if (knob_height(knob, rungs[i]) > here)
                return rungs[i];
    } else {
        for (size_t i = count; i-- > 0;)
            if (knob_height(knob, rungs[i]) < here)
                return rungs[i];
    }
    return value;
}

char *knob_format(enum knob_id knob, double value, char *out, size_t size)
{
    const struct knob *row = &knob_table[knob];
    char number[40];
    if (row->choice)
        snprintf(out, size, "%s", row->choice((size_t)value % row->choice_count));
    else if (row->zero && !(value > 0))
        snprintf(out, size, "%s", row->zero);
    else if (row->whole)
        snprintf(out, size, "%.0f", value);
    else if (row->percent)
        snprintf(out, size, "%s%%", number_exact(number, sizeof number, value * 100));
    else
        snprintf(out, size, "%s", number_exact(number, sizeof number, value));
    return out;
}

char *knob_write(enum knob_id knob, double value, char *out, size_t size)
{
    const struct knob *row = &knob_table[knob];
    return row->choice || (row->zero && !(value > 0)) ? knob_format(knob, value, out, size)
                                                      : number_double(out, size, value);
}

void knobs_turn(struct knobs *knobs, double *rates, enum knob_id knob, double value, char *label, size_t size)
{
    char from[40], to[40];
    double *lr = &knobs->value[KNOB_LR];
    double old = knobs->value[knob];
    size_t optimizer = (size_t)knobs->value[KNOB_OPTIMIZER];
    knobs->value[knob] = value;
    if (knob == KNOB_OPTIMIZER) {
        char old_rate[40], new_rate[40];
        rates[optimizer] = *lr;
        knob_format(KNOB_LR, *lr, old_rate, sizeof old_rate);
        *lr = rates[(size_t)value];
        knob_format(KNOB_LR, *lr, new_rate, sizeof new_rate);
        snprintf(label, size, "%s %s → %s %s", knob_format(knob, old, from, sizeof from), old_rate,
                 knob_format(knob, value, to, sizeof to), new_rate);
        return;
    }
    if (knob == KNOB_LR)
        rates[optimizer] = value;
    const struct knob *row = &knob_table[knob];
    if (row->scale == KNOB_SWITCH)
        snprintf(label, size, "%s %s", row->marker, knob_format(knob, value, to, sizeof to));
    else
        snprintf(label, size, "%s %s → %s", row->marker, knob_format(knob, old, from, sizeof from),
                 knob_format(knob, value, to, sizeof to));
}
