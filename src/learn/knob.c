#include "learn/knob.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/number.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const double dropout_rungs[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
static const double momentum_rungs[] = {0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99};
static const double label_noise_rungs[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
static const double input_noise_rungs[] = {0, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2};
static const double fraction_rungs[] = {0.05, 0.1, 0.2, 0.5, 1};
static const double timeline_rungs[] = {0, 16, 64, 256, 1024, 4096};
static const double speed_rungs[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};

/* A test checks that these are the names of the tables in nn/. */
static const char *const optimizer_names[] = {
    [OPTIMIZER_SGD] = "sgd",         [OPTIMIZER_MOMENTUM] = "momentum", [OPTIMIZER_NESTEROV] = "nesterov",
    [OPTIMIZER_RMSPROP] = "rmsprop", [OPTIMIZER_ADAM] = "adam",         [OPTIMIZER_ADAMW] = "adamw",
};
static_assert(COUNT_OF(optimizer_names) == OPTIMIZER_COUNT, "a name for each optimiser");

static const char *const schedule_names[] = {
    [SCHEDULE_CONSTANT] = "constant",
    [SCHEDULE_STEP] = "step",
    [SCHEDULE_EXPONENTIAL] = "exponential",
    [SCHEDULE_COSINE] = "cosine",
    [SCHEDULE_WARMUP_COSINE] = "warmup-cosine",
    [SCHEDULE_ONE_CYCLE] = "one-cycle",
    [SCHEDULE_PLATEAU] = "plateau",
};
static_assert(COUNT_OF(schedule_names) == SCHEDULE_COUNT, "a name for each schedule");

static const char *const switch_names[] = {"off", "on"};

const struct knob knob_table[] = {
    [KNOB_LR] =
        {
            .name = "lr",
            .label = "learning rate",
            .marker = "lr",
            .alias = "learning-rate",
            .key_down = 'l',
            .key_up = 'L',
            .scale = KNOB_LADDER,
            .affects_state = true,
            .min = 0,
            .min_open = true,
            .max = 100,
            .least = 1e-6,
            .standard = 0.2,
            .too_low = "the loss hardly moves: thousands of steps for what a few could do",
            .too_high = "each step jumps over the valley: the loss bounces, or explodes for good",
        },
    [KNOB_BATCH] =
        {
            .name = "batch",
            .label = "batch size",
            .marker = "batch",
            .alias = "batch-size",
            .key_down = 'b',
            .key_up = 'B',
            .scale = KNOB_LADDER,
            .whole = true,
            .affects_state = true,
            .min = 1,
            .max = 100000,
            .least = 1,
            .standard = 10,
            .too_low = "noisy steps: a few examples speak badly for all the data",
            .too_high = "few steps an epoch: smooth, but slow to learn for the work done",
        },
    [KNOB_DROPOUT] =
        {
            .name = "dropout",
            .label = "dropout",
            .marker = "dropout",
            .key_down = 'd',
            .key_up = 'D',
            .scale = KNOB_LADDER,
            .affects_state = true,
            .min = 0,
            .max = 1,
            .max_open = true,
            .rungs = dropout_rungs,
            .rung_count = COUNT_OF(dropout_rungs),
            .standard = 0,
            .too_low = "a wide layer may memorise its examples",
            .too_high = "too few units are left at each step to learn anything",
        },
    [KNOB_EARLY_STOP] =
        {
            .name = "early-stop",
            .label = "early stopping",
            .marker = "early stop",
            .alias = "early-stopping",
            .key_down = 'e',
            .scale = KNOB_SWITCH,
            .affects_state = true,
            .min = 0,
            .max = 1,
            .choices = switch_names,
            .choice_count = COUNT_OF(switch_names),
            .standard = 0,
            .about = "pauses when the test loss stops improving, and brings the best weights back",
        },
    [KNOB_PATIENCE] =
        {
            .name = "patience",
            .label = "patience",
            .marker = "patience",
            .key_down = 'p',
            .key_up = 'P',
            .scale = KNOB_LADDER,
            .whole = true,
            .affects_state = true,
            .min = 1,
            .max = 100000,
            .least = 1,
            .standard = 10,
            .too_low = "stops at the first wiggle of the test loss",
            .too_high = "goes on long after the best moment",
        },
    [KNOB_WEIGHT_DECAY] =
        {
            .name = "weight-decay",
            .label = "weight decay",
            .marker = "decay",
            .alias = "decay",
            .key_down = 'w',
            .key_up = 'W',
            .scale = KNOB_LADDER,
            .affects_state = true,
            .min = 0,
            .max = 10,
            .least = 0.001,
            .standard = 0,
            .too_low = "weights may grow as large as memorising needs",
            .too_high = "weights are pulled to zero faster than they learn",
        },
    [KNOB_MOMENTUM] =
        {
            .name = "momentum",
            .label = "momentum",
            .marker = "momentum",
            .scale = KNOB_LADDER,
            .affects_state = true,
            .min = 0,
            .max = 1,
            .max_open = true,
            .rungs = momentum_rungs,
            .rung_count = COUNT_OF(momentum_rungs),
            .standard = 0.9,
            .too_low = "slow along shallow valleys",
            .too_high = "overshoots and swings for a long time",
        },
    [KNOB_OPTIMIZER] =
        {
            .name = "optimizer",
            .label = "optimizer",
            .marker = "optimizer",
            .alias = "optimiser",
            .key_down = 'o',
            .key_up = 'O',
            .scale = KNOB_CHOICE,
            .affects_state = true,
            .min = 0,
            .max = OPTIMIZER_COUNT - 1,
            .choices = optimizer_names,
            .choice_count = OPTIMIZER_COUNT,
            .standard = OPTIMIZER_SGD,
            .about = "how a gradient becomes a step; each keeps a rate of its own (see list optimizers)",
        },
    [KNOB_SCHEDULE] =
        {
            .name = "schedule",
            .label = "schedule",
            .marker = "schedule",
            .key_down = 's',
            .key_up = 'S',
            .scale = KNOB_CHOICE,
            .affects_state = true,
            .min = 0,
            .max = SCHEDULE_COUNT - 1,
            .choices = schedule_names,
            .choice_count = SCHEDULE_COUNT,
            .standard = SCHEDULE_CONSTANT,
            .about = "how the rate falls, so that the loss comes to rest at the end (see list schedules)",
        },
    [KNOB_HORIZON] =
        {
            .name = "horizon",
            .label = "schedule length",
            .marker = "horizon",
            .scale = KNOB_LADDER,
            .whole = true,
            .affects_state = true,
            .min = 1,
            .max = 1e12,
            .least = 100,
            .standard = 5000,
            .too_low = "the rate is gone before the model has learnt",
            .too_high = "the rate falls so slowly that the schedule does nothing",
        },
    [KNOB_WARMUP] =
        {
            .name = "warmup",
            .label = "warm-up",
            .marker = "warm-up",
            .scale = KNOB_LADDER,
            .whole = true,
            .affects_state = true,
            .min = 0,
            .max = 1e9,
            .least = 10,
            .standard = 0,
            .too_low = "a high rate meets weights that know nothing yet",
            .too_high = "time spent at rates that hardly learn",
        },
    [KNOB_CLIP] =
        {
            .name = "clip",
            .label = "gradient clip",
            .marker = "clip",
            .scale = KNOB_LADDER,
            .affects_state = true,
            .min = 0,
            .max = 1e6,
            .zero = "off",
            .least = 0.01,
            .standard = 0,
            .too_low = "every step is cut: learning slows down",
            .too_high = "one bad batch can throw the weights far away",
        },
    [KNOB_LABEL_NOISE] =
        {
            .name = "label-noise",
            .label = "wrong labels",
            .marker = "wrong labels",
            .key_down = 'j',
            .key_up = 'J',
            .scale = KNOB_LADDER,
            .percent = true,
            .affects_state = true,
            .min = 0,
            .max = 1,
            .rungs = label_noise_rungs,
            .rung_count = COUNT_OF(label_noise_rungs),
            .standard = 0,
            .too_low = "clean training labels: little to memorise",
            .too_high = "the model memorises what is wrong, and answers worse on new points",
            .not_for_text = "a text has no labels that could be wrong: what should follow is its own next token",
        },
    [KNOB_INPUT_NOISE] =
        {
            .name = "input-noise",
            .label = "input noise",
            .marker = "input noise",
            .key_down = 'a',
            .key_up = 'A',
            .scale = KNOB_LADDER,
            .affects_state = true,
            .min = 0,
            .max = 10,
            .rungs = input_noise_rungs,
            .rung_count = COUNT_OF(input_noise_rungs),
            .standard = 0,
            .too_low = "each example is always the very same: easy to memorise",
            .too_high = "the examples blur into each other",
            .not_for_text = "tokens are no numbers to which noise could be added",
        },
    [KNOB_TRAIN_FRACTION] =
        {
            .name = "train-fraction",
            .label = "train data",
            .marker = "data",
            .alias = "data",
            .key_down = 'n',
            .key_up = 'N',
            .scale = KNOB_LADDER,
            .percent = true,
            .affects_state = true,
            .min = 0,
            .min_open = true,
            .max = 1,
            .rungs = fraction_rungs,
            .rung_count = COUNT_OF(fraction_rungs),
            .standard = 1,
            .too_low = "so few examples that they are memorised: the test loss climbs",
            .too_high = "nothing better than all the data there is",
        },
    [KNOB_SPEED] =
        {
            .name = "speed",
            .label = "speed",
            .marker = "speed",
            .key_down = '-',
            .key_up = '+',
            .scale = KNOB_LADDER,
            .whole = true,
            .min = 0,
            .max = 1000000,
            .zero = "max",
            .zero_is_most = true,
            .rungs = speed_rungs,
            .rung_count = COUNT_OF(speed_rungs),
            .standard = 200,
            .too_low = "each step can be watched, a run takes hours",
            .too_high = "it is over before it was seen",
        },
    [KNOB_TIMELINE] =
        {
            .name = "timeline",
            .label = "timeline MiB",
            .marker = "timeline",
            .scale = KNOB_LADDER,
            .whole = true,
            .min = 0,
            .max = 1048576,
            .zero = "off",
            .rungs = timeline_rungs,
            .rung_count = COUNT_OF(timeline_rungs),
            .standard = 256,
            .too_low = "going back takes long: the steps are taken once more",
            .too_high = "memory that other programs could use",
        },
};
static_assert(COUNT_OF(knob_table) == KNOB_COUNT, "a row for each knob");

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
    bool may_be_broken = !row->whole && row->choices == NULL;
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
    for (size_t i = 0; i < row->choice_count; i++)
        if (strcmp(text, row->choices[i]) == 0) {
            *value = (double)i;
            return STATUS_OK;
        }
    char suggestion[256];
    return error_set(error, STATUS_USAGE, "unknown %s '%s'%s", row->label, text,
                     name_suggest(suggestion, sizeof suggestion, text, row->choices, row->choice_count));
}

enum status knob_read(enum knob_id knob, const char *text, double *value, struct error *error)
{
    const struct knob *row = &knob_table[knob];
    if (row->choices)
        return parse_choice(row, text, value, error);
    if (row->zero && strcmp(text, row->zero) == 0) {
        *value = 0;
        return STATUS_OK;
    }
    double parsed;
    if (!number_parse(text, &parsed)) {
        char range[120];
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
    if (row->choices) {
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
    if (row->choices) {
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
    if (row->choices)
        snprintf(out, size, "%s", row->choices[(size_t)value % row->choice_count]);
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
    return row->choices || (row->zero && !(value > 0)) ? knob_format(knob, value, out, size)
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
