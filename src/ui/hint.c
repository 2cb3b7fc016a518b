#include "ui/hint.h"

#include <math.h>

#include "ui/curves.h"

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

static double train_at_best(const struct view_data *data)
{
    return curves_value_at(data, SERIES_TRAIN_LOSS, (double)data->status->best_step);
}

/* As the coach's table has it, on the newest evaluation alone. */
static bool overfitting(const struct view_data *data)
{
    const double test = newest(data, SERIES_TEST_LOSS), best = data->status->best_test_loss;
    const double train = newest(data, SERIES_TRAIN_LOSS);
    return test - best >= 0.07 * data->model->chance_loss && test >= 1.15 * best && train < test &&
           train < 1.25 * train_at_best(data);
}

/* It had learnt, lost it, and is no better than guessing since. */
static bool lost(const struct view_data *data)
{
    const double train = newest(data, SERIES_TRAIN_LOSS), before = train_at_best(data);
    return train > 0.6 * data->model->chance_loss && before < 0.5 * data->model->chance_loss && train > 3 * before;
}

static bool too_small_to_see(const struct view_data *data)
{
    return !data->settings->log_loss && newest(data, SERIES_TRAIN_LOSS) < 0.01 * data->model->chance_loss &&
           newest(data, SERIES_TEST_LOSS) < 0.05 * data->model->chance_loss;
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
    {test_hidden, {"t", "shows it: say first what you expect"}},
    {lost, {"r", "it does not come back: again from the start"}},
    {overfitting_on_a_share, {"N", "more training data: watch the test curve"}},
    {overfitting, {"W A e", "weight decay, input noise, early stopping"}},
    {paused, {"space .", "go on, or one step at a time"}},
    {too_small_to_see, {"y", "too small to see? a log axis shows it"}},
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
