#include "ui/hint.h"

#include <math.h>

static double newest(const struct view_data *data, unsigned series)
{
    const struct bucket *last = history_last(data->history, data->status->branch, series);
    return last && last->count ? (double)last->last : NAN;
}

static bool diverged(const struct view_data *data)
{
    return data->status->state == SESSION_DIVERGED;
}

static bool stopped_early(const struct view_data *data)
{
    return data->status->state == SESSION_STOPPED_EARLY;
}

static bool paused(const struct view_data *data)
{
    return data->status->state != SESSION_RUNNING;
}

static bool test_hidden(const struct view_data *data)
{
    return data->settings->hide_test;
}

static bool exploded(const struct view_data *data)
{
    return data->status->step > 0 && newest(data, SERIES_TRAIN_LOSS) > 1.25 * data->model->chance_loss;
}

/* As the coach's table has it, on the newest evaluation alone. */
static bool overfitting(const struct view_data *data)
{
    const double test = newest(data, SERIES_TEST_LOSS), best = data->status->best_test_loss;
    return test - best >= 0.07 * data->model->chance_loss && test >= 1.15 * best &&
           newest(data, SERIES_TRAIN_LOSS) < test;
}

static bool overfitting_on_a_share(const struct view_data *data)
{
    return overfitting(data) && data->status->knobs.value[KNOB_TRAIN_FRACTION] < 1;
}

static bool learnt(const struct view_data *data)
{
    return newest(data, SERIES_TRAIN_LOSS) < 0.1 * data->model->chance_loss &&
           newest(data, SERIES_TEST_LOSS) < 0.2 * data->model->chance_loss;
}

static bool young(const struct view_data *data)
{
    return data->status->step < 400 && data->story->markers == 0;
}

static bool always(const struct view_data *data)
{
    (void)data;
    return true;
}

static const struct {
    bool (*holds)(const struct view_data *data);
    struct hint hint;
} hints[] = {
    {diverged, {"l r", "a lower rate, then again from the start"}},
    {stopped_early, {"space", "goes on from the best weights"}},
    {exploded, {"l r", "the steps are too big: lower, then again"}},
    {test_hidden, {"t", "what will the test curve do? say it, look"}},
    {overfitting_on_a_share, {"N", "more training data: watch the test curve"}},
    {overfitting, {"W A e", "weight decay, input noise, early stopping"}},
    {paused, {"space .", "go on, or one step at a time"}},
    {learnt, {"n n n r", "learnt! and with only a few points?"}},
    {young, {"L", "raise the learning rate: faster, or too fast?"}},
    {always, {"l L", "turn a knob: its marker appears on the curve"}},
};

struct hint hint_now(const struct view_data *data)
{
    size_t i = 0;
    while (!hints[i].holds(data))
        i++;
    return hints[i].hint;
}
