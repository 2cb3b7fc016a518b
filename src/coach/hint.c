/* Proposes what could be tried next: one row of a table for each situation. */
#include "coach/hint.h"

#include <math.h>
#include <string.h>

#include "ui/curves.h"

#define STAGE_WHILE 400 /* steps after which going on to the next stage is proposed */
#define RECENT      5   /* evaluations of which the median counts */
#define COLUMNS     512 /* parts in which a stage is looked through */

static double newest(const struct view_data *data, unsigned series)
{
    const struct bucket *last = history_last(data->history, view_branch(data), series);
    return last ? (double)bucket_newest(last) : NAN;
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

static double middle_of(double *value, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && value[j] < value[j - 1]; j--) {
            const double larger = value[j - 1];
            value[j - 1] = value[j];
            value[j] = larger;
        }
    return count > 0 ? value[count / 2] : NAN;
}

/* Steps from one evaluation to the next, about that step. */
static double spacing_at(const struct view_data *data, double step)
{
    return fmin(fmax(floor(step / 20), 1), fmax((double)data->model->cadence, 1));
}

/* The median of the last few evaluations up to a step of the present branch: single ones are rough. */
static double median_at(const struct view_data *data, unsigned series, double step)
{
    struct bucket part[RECENT];
    double value[RECENT];
    size_t count = 0;
    const double from = fmax(step + 1 - RECENT * spacing_at(data, step), 0);
    history_read(data->history, view_branch(data), series, from, step + 1, RECENT, part);
    for (size_t i = 0; i < RECENT; i++)
        if (part[i].count > 0)
            value[count++] = (double)part[i].last;
    return middle_of(value, count);
}

static double recent(const struct view_data *data, unsigned series)
{
    return median_at(data, series, (double)data->status->step);
}

/* The step with which the present stage begins, or this line of steps. */
static double stage_begin(const struct view_data *data)
{
    const uint16_t branch = view_branch(data);
    const uint64_t begun = forest_first(data->branches.forest, branch);
    const uint64_t stage = view_stage_origin(data, branch, data->status->step);
    return (double)(stage > begun ? stage : begun);
}

/* The train loss that is to be improved on: that of the stage's start, in the first stage at least that of guessing. */
static double start_loss(const struct view_data *data)
{
    const double first = curves_value_at(data, SERIES_TRAIN_LOSS, stage_begin(data));
    return data->status->stage > 0 && isfinite(first) ? first : fmax(first, data->model->guess.loss);
}

/* The least median of the train loss in the stage, the present one among them. */
static double min_loss(const struct view_data *data)
{
    struct bucket part[COLUMNS];
    double last[RECENT], min = fmin(recent(data, SERIES_TRAIN_LOSS), start_loss(data));
    size_t count = 0;
    history_read(data->history, view_branch(data), SERIES_TRAIN_LOSS, stage_begin(data), (double)data->status->step + 1,
                 COLUMNS, part);
    for (size_t i = 0; i < COLUMNS; i++) {
        if (part[i].count == 0)
            continue;
        last[count++ % RECENT] = (double)part[i].last;
        double sorted[RECENT];
        memcpy(sorted, last, sizeof sorted);
        if (count >= RECENT)
            min = fmin(min, middle_of(sorted, RECENT));
    }
    return min;
}

/* The loss rose far above its level at the start: one that only began high has not exploded. */
static bool exploded(const struct view_data *data)
{
    const double train = recent(data, SERIES_TRAIN_LOSS), start = start_loss(data);
    return (double)data->status->step >= stage_begin(data) + RECENT && train > 1.25 * start &&
           train > 1.5 * min_loss(data) + 0.1 * start;
}

/* Epochs from a step of the present branch until now. */
static double epochs_since(const struct view_data *data, double step)
{
    const uint16_t branch = view_branch(data);
    return story_epoch_at(data->story, branch, (double)data->status->step) - story_epoch_at(data->story, branch, step);
}

/* The test loss rose well above its best while the train loss went on falling, and both have had time to show it.  Of a
 * text, whose epochs are long, less of a rise counts. */
static bool overfitting(const struct view_data *data)
{
    const bool text = data->dataset->kind == TASK_TEXT;
    const double step = (double)data->status->best_step, rise = text ? 0.02 : 0.05, times = text ? 1.05 : 1.15;
    const double test = recent(data, SERIES_TEST_LOSS), train = recent(data, SERIES_TRAIN_LOSS);
    const double best = fmax(median_at(data, SERIES_TEST_LOSS, step), data->status->best_test_loss);
    return test - best >= rise * data->model->guess.loss && test >= times * best && test > train &&
           train <= 0.8 * median_at(data, SERIES_TRAIN_LOSS, step) &&
           epochs_since(data, stage_begin(data)) >= (text ? 3 : 10) && (text || epochs_since(data, step) >= 2);
}

/* The model had learnt and lost that some evaluations ago, and its loss does not fall again: no short spike. */
static bool lost(const struct view_data *data)
{
    const double train = recent(data, SERIES_TRAIN_LOSS), start = start_loss(data), min = min_loss(data);
    const double step = (double)data->status->step, ago = step - 3 * RECENT * spacing_at(data, step);
    const double before = median_at(data, SERIES_TRAIN_LOSS, fmax(ago, 0));
    return min < 0.6 * start && fmin(train, before) > 3 * min && train > 0.4 * start && train > 0.9 * before;
}

/* A knob was turned in the past of this branch: there is something to undo. */
static bool turned(const struct view_data *data)
{
    for (size_t i = 0; i < data->story->markers; i++) {
        const struct story_marker *marker = &data->story->marker[i];
        if (marker->kind == EVENT_KNOB &&
            forest_happened(data->branches.forest, view_branch(data), marker->branch, marker->step))
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
    return recent(data, SERIES_TRAIN_LOSS) < 0.1 * data->model->guess.loss &&
           recent(data, SERIES_TEST_LOSS) < 0.2 * data->model->guess.loss;
}

static bool learnt_with_all_data(const struct view_data *data)
{
    return learnt(data) && data->status->knobs.value[KNOB_TRAIN_FRACTION] >= 0.5;
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
    {walking, {"", KEYS_GENERAL, ""}},
    {replaying, {"set lr down; set lr up", KEYS_GENERAL, "a replay: any knob takes over from here"}},
    {looking_back, {"cursor-event next", KEYS_SCRUBBER, "to the next event; what was different there?"}},
    {comparing, {"leave", KEYS_COMPARE, "back to the tree; where do the two differ?"}},
    {alone_in_the_tree, {"look-back; fork", KEYS_BRANCHES, "undo a change or fork: a branch grows"}},
    {racing_in_the_tree, {"race-chosen", KEYS_BRANCHES, "on the one that races: it rests"}},
    {in_the_tree, {"compare; race-chosen", KEYS_BRANCHES, "compare it, or let it race the present one"}},
    {diverged, {"rescue", KEYS_DIVERGED, "back to the last good point, lower rate"}},
    {stopped_early, {"pause-or-go", KEYS_GENERAL, "goes on from the best weights"}},
    {spoilt_by_a_turn, {"look-back; go-there", KEYS_SCRUBBER, "undo: back to before the knob was turned"}},
    {exploded, {"set lr down; restart", KEYS_GENERAL, "the steps are too big: lower, then again"}},
    {test_hidden, {"hide-test", KEYS_GENERAL, "shows it: say first what you expect"}},
    {lost, {"restart", KEYS_GENERAL, "what it knew is lost: again from the start?"}},
    {rate_ended, {"set schedule down", KEYS_GENERAL, "the schedule has ended, the rate is 0: another"}},
    {overfitting_on_a_share, {"set train-fraction up", KEYS_GENERAL, "more training data: watch the test curve"}},
    {overfitting_on_text,
     {"set dropout up; set early-stop up", KEYS_GENERAL, "hold overfitting back: dropout, early stop"}},
    {overfitting,
     {"set weight-decay up; set input-noise up; set early-stop up", KEYS_GENERAL,
      "hold overfitting back: decay, noise, stop"}},
    {paused, {"pause-or-go; step", KEYS_GENERAL, "go on, or one step at a time"}},
    {reading_text, {"other-picture; type-prompt", KEYS_GENERAL, "the next picture; a prompt of your own"}},
    {before_the_next_stage, {"stage", KEYS_GENERAL, "learnt enough? on to the next stage"}},
    {too_small_to_see, {"log", KEYS_GENERAL, "too small to see? a log axis shows it"}},
    {learnt_text, {"type-prompt", KEYS_GENERAL, "learnt! what does it make of your own prompt?"}},
    {learnt_with_all_data,
     {"set train-fraction down; set train-fraction down; set train-fraction down; restart", KEYS_GENERAL,
      "learnt! and with only a few points?"}},
    {young, {"set lr up", KEYS_GENERAL, "raise the learning rate: faster, or too fast?"}},
    {turned, {"look-back", KEYS_GENERAL, "look back: how was it before the last change?"}},
    {several_branches, {"view 5", KEYS_GENERAL, "all branches: what was turned, what it did"}},
    {always, {"set lr down; set lr up", KEYS_GENERAL, "turn a knob: its marker appears on the curve"}},
};

struct hint hint_now(const struct view_data *data)
{
    size_t i = 0;
    while (!hints[i].holds(data))
        i++;
    return hints[i].hint;
}
