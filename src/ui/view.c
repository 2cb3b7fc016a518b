/* Holds the table of views, and finds the branch, step, stage and knobs that a view shows. */
#include "ui/view.h"

#include "ui/views/language.h"

const struct view view_table[] = {
    {1, "curves", "losses, accuracy and gradient over steps, the data, the knobs", KEYS_GENERAL, view_wants_curves,
     view_draw_curves},
    {4, "predictions",
     "which answers are right, and the worst examples; of a text what it writes, expects and looks at", KEYS_GENERAL,
     view_wants_predictions, view_draw_predictions},
    {5, "branches", "the tree of rewinds and forks, what each changed, their curves on the same axes", KEYS_BRANCHES,
     view_wants_branches, view_draw_branches},
};
const size_t view_count = sizeof view_table / sizeof view_table[0];

uint16_t view_branch(const struct view_data *data)
{
    return data->settings->scrubber ? data->settings->cursor_branch : data->status->branch;
}

uint64_t view_last_step(const struct view_data *data, uint16_t branch)
{
    const struct session_branch *known = lineage_branch(&data->branches, branch);
    return branch == data->status->branch || !known ? data->status->step : known->last;
}

bool view_looks_back(const struct view_data *data)
{
    return data->settings->scrubber || data->status->shown.scrubbing;
}

/* Where the stage began that a step belongs to; NULL: it is the first. */
static const struct story_marker *stage_begun(const struct view_data *data, uint16_t branch, double step)
{
    const struct story *story = data->story;
    const struct story_marker *found = NULL;
    for (size_t i = 0; i < story->markers; i++) {
        const struct story_marker *marker = &story->marker[i];
        if (marker->kind == EVENT_STAGE && marker->step <= step && (!found || marker->step >= found->step) &&
            forest_happened(data->branches.forest, branch, marker->branch, marker->step))
            found = marker;
    }
    return found;
}

static size_t stage_at_cursor(const struct view_data *data)
{
    const struct story_marker *begun = stage_begun(data, view_branch(data), data->settings->cursor);
    return begun ? begun->what : 0;
}

size_t view_stage(const struct view_data *data)
{
    return data->settings->scrubber ? stage_at_cursor(data) : data->status->stage;
}

const struct dataset *view_dataset_read(const struct view_data *data)
{
    return data->settings->crosshair ? data->stage[stage_at_cursor(data)].dataset : data->dataset;
}

uint64_t view_stage_origin(const struct view_data *data, uint16_t branch, uint64_t step)
{
    const struct story_marker *begun = stage_begun(data, branch, (double)step);
    return begun ? (uint64_t)begun->step : 0;
}

enum key_mode view_keys(const struct view_data *data)
{
    const struct view *view = &view_table[data->settings->view];
    return view->draw == view_draw_predictions && data->dataset->kind == TASK_TEXT ? language_keys(data) : view->keys;
}

const struct knobs *view_knobs(const struct view_data *data)
{
    return data->status->shown.scrubbing ? &data->status->shown.knobs : &data->status->knobs;
}

size_t view_by_number(int number)
{
    size_t i = 0;
    while (i < view_count && view_table[i].number != number)
        i++;
    return i;
}
