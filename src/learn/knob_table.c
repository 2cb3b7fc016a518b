/* The table of knobs; knob.c has what is done with a row. */
#include <assert.h>

#include "learn/knob.h"
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

static const char *schedule_name(size_t number)
{
    return schedule_table[number].name;
}

static const char *switch_name(size_t number)
{
    return number ? "on" : "off";
}

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
            .choice = switch_name,
            .choice_count = 2,
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
            .choice = optimizer_name,
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
            .choice = schedule_name,
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
static_assert(OPTIMIZER_COUNT <= KNOB_CHOICES_MAX && SCHEDULE_COUNT <= KNOB_CHOICES_MAX, "room for their names");
