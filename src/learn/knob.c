/* Finds, steps and turns knobs, and lists them as entries of a state. */
#include "learn/knob.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
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
        .name = optimizer_row(optimizer)->name,
        .offset = optimizer * sizeof(double),
        .type = STATE_DOUBLE,
        .absent = optimizer_row(optimizer)->absent_lr,
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
    const struct field *row = field_find(&knob_fields, name);
    return row ? (enum knob_id)(row - knob_table) : KNOB_COUNT;
}

char *knob_suggest(char *out, size_t size, const char *typed)
{
    const char *names[FIELD_NAMES_MAX];
    return name_suggest(out, size, typed, names, field_names(&knob_fields, names, 0));
}

enum status knob_check(enum knob_id knob, double value, struct error *error)
{
    return field_check(&knob_table[knob], value, error);
}

enum status knob_read(enum knob_id knob, const char *text, double *value, struct error *error)
{
    return field_parse(&knob_table[knob], text, value, error);
}

enum status knob_parse(enum knob_id knob, const char *text, double *value, struct error *error)
{
    return field_parse_shown(&knob_table[knob], text, value, error);
}

char *knob_format(enum knob_id knob, double value, char *out, size_t size)
{
    return field_format(&knob_table[knob], value, out, size);
}

char *knob_write(enum knob_id knob, double value, char *out, size_t size)
{
    return field_format_exact(&knob_table[knob], value, out, size);
}

/* The 1-2-5 numbers from row->least to row->max; each is a product or quotient of exact numbers, and so the double
 * nearest to its decimal. */
static size_t ladder(const struct field *row, double *out, size_t most)
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
    const struct field *row = &knob_table[knob];
    size_t count = 0;
    const size_t choices = field_choices(row);
    if (choices > 0) {
        for (; count < choices && count < most; count++)
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
    const struct field *row = &knob_table[knob];
    const size_t choices = field_choices(row);
    if (choices > 0)
        return (double)(((size_t)value + (direction > 0 ? 1 : choices - 1)) % choices);
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
    const struct field *row = &knob_table[knob];
    if (row->type == FIELD_SWITCH)
        snprintf(label, size, "%s %s", row->marker, knob_format(knob, value, to, sizeof to));
    else
        snprintf(label, size, "%s %s → %s", row->marker, knob_format(knob, old, from, sizeof from),
                 knob_format(knob, value, to, sizeof to));
}
