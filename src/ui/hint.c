#include "ui/hint.h"

#include <math.h>

#include "ui/curves.h"

#define STAGE_WHILE 400 /* steps after which going on to the next stage is proposed */

static double newest(const struct view_data *data, unsigned series)
{
    const struct bucket *last = history_last(data->history, view_branch(data), series);
    return last && last->count ? (double)last->last : NAN;
}

/* The row is about the walk alone. */
static bool walking(const struct view_data *data)
{
    return data->status->walked >= 0;
}

static bool replaying(const struct view_data *data)
{
    return data->status->replaying && !data->settings->scrubber;
}

static bool looking_back(const struct view_data *data)
{
    return data->settings->scrubber;
}

static bool comparing(const struct view_data *data)
{
    return data->comparison && data->comparison->open;
}

static bool in_the_tree(const struct view_data *data)
{
    return view_table[data->settings->view].keys == KEYS_BRANCHES;
}

static bool alone_in_the_tree(const struct view_data *data)
{
    return in_the_tree(data) && data->branches.count < 2;
}

static bool racing_in_the_tree(const struct view_data *data)
{
    return in_the_tree(data) && data->status->rival >= 0;
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
    return data->status->step > 0 && newest(data, SERIES_TRAIN_LOSS) > 1.25 * data->model->guess.loss;
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
    return test - best >= 0.07 * data->model->guess.loss && test >= 1.15 * best && train < test &&
           train < 1.25 * train_at_best(data);
}

/* It had learnt, lost it, and is no better than guessing since. */
static bool lost(const struct view_data *data)
{
    const double train = newest(data, SERIES_TRAIN_LOSS), before = train_at_best(data);
    return train > 0.6 * data->model->guess.loss && before < 0.5 * data->model->guess.loss && train > 3 * before;
}

/* A knob was turned in the past of this branch: there is something to undo. */
static bool turned(const struct view_data *data)
{
    for (size_t i = 0; i < data->story->markers; i++) {
        const struct story_marker *marker = &data->story->marker[i];
        if (marker->kind == EVENT_KNOB &&
            lineage_holds(&data->branches, view_branch(data), marker->branch, marker->step))
            return true;
    }
    return false;
}

static bool spoilt_by_a_turn(const struct view_data *data)
{
    return (exploded(data) || lost(data)) && turned(data);
}

/* A schedule has brought the rate to nothing. */
static bool rate_ended(const struct view_data *data)
{
    return data->status->step > 0 && curves_rate_moves(data) && newest(data, SERIES_LR) == 0;
}

static bool of_text(const struct view_data *data)
{
    return data->dataset->kind == TASK_TEXT;
}

static bool reading_text(const struct view_data *data)
{
    return of_text(data) && view_table[data->settings->view].draw == view_draw_predictions;
}

static bool too_small_to_see(const struct view_data *data)
{
    const bool drawn = view_table[data->settings->view].draw == view_draw_curves;
    return drawn && !data->settings->log_loss && newest(data, SERIES_TRAIN_LOSS) < 0.01 * data->model->guess.loss &&
           newest(data, SERIES_TEST_LOSS) < 0.05 * data->model->guess.loss;
}

static bool overfitting_on_a_share(const struct view_data *data)
{
    return overfitting(data) && data->status->knobs.value[KNOB_TRAIN_FRACTION] < 1;
}

static bool learnt(const struct view_data *data)
{
    return newest(data, SERIES_TRAIN_LOSS) < 0.1 * data->model->guess.loss &&
           newest(data, SERIES_TEST_LOSS) < 0.2 * data->model->guess.loss;
}

static bool overfitting_on_text(const struct view_data *data)
{
    return of_text(data) && overfitting(data);
}

static bool learnt_text(const struct view_data *data)
{
    return of_text(data) && learnt(data);
}

/* Another stage can follow, and this one has been going on for a while. */
static bool before_the_next_stage(const struct view_data *data)
{
    const uint64_t step = data->status->step;
    return data->status->stage + 1 < data->stages &&
           step >= view_stage_origin(data, view_branch(data), step) + STAGE_WHILE;
}

static bool young(const struct view_data *data)
{
    return data->status->step < 400 && data->story->markers == 0;
}

static bool several_branches(const struct view_data *data)
{
    return data->branches.count > 1;
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
    {walking, {"", ""}},
    {replaying, {"l L", "a replay: any knob takes over from here"}},
    {looking_back, {"Tab", "to the next event; what was different there?"}},
    {comparing, {"c", "back to the tree; where do the two differ?"}},
    {alone_in_the_tree, {"u f", "undo a change or fork: a branch grows"}},
    {racing_in_the_tree, {"v", "on the one that races: it rests"}},
    {in_the_tree, {"c v", "compare it, or let it race the present one"}},
    {diverged, {"Enter", "back to the last good point, lower rate"}},
    {stopped_early, {"space", "goes on from the best weights"}},
    {spoilt_by_a_turn, {"u Enter", "undo: back to before the knob was turned"}},
    {exploded, {"l r", "the steps are too big: lower, then again"}},
    {test_hidden, {"t", "shows it: say first what you expect"}},
    {lost, {"r", "it does not come back: again from the start"}},
    {rate_ended, {"s", "the schedule has ended, the rate is 0: another"}},
    {overfitting_on_a_share, {"N", "more training data: watch the test curve"}},
    {overfitting_on_text, {"D e", "hold overfitting back: dropout, early stop"}},
    {overfitting, {"W A e", "hold overfitting back: decay, noise, stop"}},
    {paused, {"space .", "go on, or one step at a time"}},
    {reading_text, {"g i", "the next picture; a prompt of your own"}},
    {before_the_next_stage, {"G", "learnt enough? on to the next stage"}},
    {too_small_to_see, {"y", "too small to see? a log axis shows it"}},
    {learnt_text, {"i", "learnt! what does it make of your own prompt?"}},
    {learnt, {"n n n r", "learnt! and with only a few points?"}},
    {young, {"L", "raise the learning rate: faster, or too fast?"}},
    {turned, {"u", "look back: how was it before the last change?"}},
    {several_branches, {"5", "all branches: what was turned, what it did"}},
    {always, {"l L", "turn a knob: its marker appears on the curve"}},
};

struct hint hint_now(const struct view_data *data)
{
    size_t i = 0;
    while (!hints[i].holds(data))
        i++;
    return hints[i].hint;
}
