/* Collects what a figure shows: curves read from the history, scales and markers. */
#include "plot/figure_plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "plot/extent.h"
#include "plot/marker.h"

#define MERGED 0.008 /* of the width: markers of one knob that are nearer are one */

/* ---- curves ---- */

double figure_height_at(const struct figure_curve *curve, size_t column)
{
    size_t before = column, after = column;
    while (before > 0 && curve->column[before].count == 0)
        before--;
    while (after + 1 < FIGURE_COLUMNS && curve->column[after].count == 0)
        after++;
    const double low = bucket_mean(&curve->column[before]), high = bucket_mean(&curve->column[after]);
    return before == after ? low : low + (high - low) * (double)(column - before) / (double)(after - before);
}

const struct bucket *figure_end(const struct figure_curve *curve, size_t *column)
{
    for (size_t i = FIGURE_COLUMNS; i-- > 0;) {
        if (curve->column[i].count == 0)
            continue;
        if (column)
            *column = i;
        return &curve->column[i];
    }
    return NULL;
}

/* Of the lines of the branch and its rival. */
static struct extent extent_of_lines(const struct figure_panel *panel)
{
    struct extent own = extent_none, behind = extent_none;
    for (size_t i = 0; i < panel->curves; i++) {
        const struct figure_curve *curve = &panel->curve[i];
        const struct extent extent = extent_of(curve->column, FIGURE_COLUMNS);
        if (!curve->band)
            extent_widen(curve->role == ROLE_GHOST ? &behind : &own, &extent);
    }
    extent_widen_behind(&own, &behind);
    return own;
}

static int add_curve(struct figure_plan *plan, const struct figure *figure, struct figure_panel *panel, uint16_t branch,
                     unsigned series, struct figure_curve curve)
{
    const size_t before = plan->panel == panel ? 0 : FIGURE_CURVES;
    curve.column = plan->columns + (before + panel->curves) * FIGURE_COLUMNS;
    history_read(figure->history, branch, series, plan->x.low, nextafter(plan->x.high, INFINITY), FIGURE_COLUMNS,
                 curve.column);
    panel->curve[panel->curves] = curve;
    return (int)panel->curves++;
}

/* Marks where the branch began, on its own line, and goes on to its parent; false: it is a root. */
static bool add_start(struct figure_plan *plan, const struct figure *figure, struct figure_panel *panel,
                      const struct figure_curve *curve, struct forest_line *line)
{
    const struct forest *forest = history_forest(figure->history);
    const uint64_t origin = forest_origin(forest, line->branch)->step;
    if (!forest_up(forest, line))
        return false;
    const double position = scale_position(&plan->x, (double)origin);
    const size_t column = position >= 0 && position <= 1 ? (size_t)(position * (FIGURE_COLUMNS - 1)) : FIGURE_COLUMNS;
    if (column < FIGURE_COLUMNS && panel->starts < FIGURE_STARTS)
        panel->start[panel->starts++] =
            (struct figure_start){.column = column, .value = figure_height_at(curve, column), .role = curve->role};
    return true;
}

static void add_other(struct figure_plan *plan, const struct figure *figure, struct figure_panel *panel,
                      const struct figure_ghost *ghost, unsigned train, unsigned test)
{
    const enum role role = ghost->rival ? ROLE_RIVAL : ROLE_GHOST;
    struct forest_line way = forest_line(ghost->branch);
    const int line = add_curve(plan, figure, panel, ghost->branch, train,
                               (struct figure_curve){.role = role, .other = true, .label = ghost->name});
    if (!figure->hide_test)
        add_curve(plan, figure, panel, ghost->branch, test,
                  (struct figure_curve){.role = role, .other = true, .dashed = true});
    add_start(plan, figure, panel, &panel->curve[line], &way);
}

/* The rival over the other ones, the branch itself over all, and its test line over the train line, so that both are
 * seen where they are equal. */
static void add_curves(struct figure_plan *plan, const struct figure *figure, struct figure_panel *panel,
                       unsigned train, unsigned test)
{
    const size_t ghosts = figure->ghosts < FIGURE_GHOSTS_MAX ? figure->ghosts : FIGURE_GHOSTS_MAX;
    for (int rival = 0; rival < 2; rival++)
        for (size_t i = 0; i < ghosts; i++)
            if (figure->ghost[i].rival == (rival == 1))
                add_other(plan, figure, panel, &figure->ghost[i], train, test);
    panel->train = add_curve(plan, figure, panel, figure->branch, train,
                             (struct figure_curve){.role = ROLE_TRAIN, .label = "train"});
    panel->test = figure->hide_test
                      ? -1
                      : add_curve(plan, figure, panel, figure->branch, test,
                                  (struct figure_curve){.role = ROLE_TEST, .dashed = true, .label = "test"});
    struct forest_line line = forest_line(figure->branch);
    while (add_start(plan, figure, panel, &panel->curve[panel->train], &line))
        continue;
}

/* ---- markers ---- */

/* That a branch began is seen on its line. */
static bool is_marked(const struct figure *figure, enum event_kind kind)
{
    return marker_is_due(kind) && event_table[kind].begins != EVENT_BEGINS_OFFSHOOT && kind != EVENT_TWIN &&
           !(figure->hide_test && marker_tells_test(kind));
}

static void add_marker(struct figure_plan *plan, const struct event *event)
{
    const double step = (double)event->step;
    struct figure_marker *last = plan->markers ? &plan->marker[plan->markers - 1] : NULL;
    if (last && event->kind == EVENT_KNOB && last->kind == EVENT_KNOB && last->what == event->what &&
        step - last->step < MERGED * (plan->x.high - plan->x.low)) {
        marker_join(last->label, event->label);
        return;
    }
    if (plan->markers == FIGURE_MARKERS)
        memmove(plan->marker, plan->marker + 1, --plan->markers * sizeof *plan->marker);
    struct figure_marker *marker = &plan->marker[plan->markers++];
    *marker = (struct figure_marker){.step = step,
                                     .role = marker_role(event->kind),
                                     .strong = marker_is_strong(event->kind),
                                     .what = event->what,
                                     .kind = event->kind};
    snprintf(marker->label, sizeof marker->label, "%s", marker_label(event));
    text_clean(marker->label);
}

static void add_markers(struct figure_plan *plan, const struct figure *figure)
{
    for (size_t i = 0; i < history_events(figure->history); i++) {
        const struct event *event = history_event(figure->history, i);
        const double step = (double)event->step;
        if (step >= plan->x.low && step <= plan->x.high && is_marked(figure, event->kind) &&
            forest_measured(history_forest(figure->history), figure->branch, event->branch, event->step))
            add_marker(plan, event);
    }
}

/* The others have their events. */
static void add_first_stage(struct figure_plan *plan, const struct figure *figure)
{
    if (!figure->first_stage || plan->x.low > 0)
        return;
    struct event event = {.kind = EVENT_STAGE};
    snprintf(event.label, sizeof event.label, "%s", figure->first_stage);
    add_marker(plan, &event);
}

/* ---- the whole ---- */

static struct scale steps_shown(const struct figure *figure)
{
    if (figure->to > figure->from)
        return (struct scale){.low = figure->from, .high = figure->to};
    const double last = (double)history_last_step(figure->history, figure->branch);
    return (struct scale){.low = fmax(figure->from, 0), .high = fmax(last, figure->from + 1)};
}

bool figure_plan_make(struct figure_plan *plan, const struct figure *figure)
{
    *plan = (struct figure_plan){.x = steps_shown(figure), .best_step = NAN, .best_loss = NAN};
    plan->columns = mem_alloc((size_t)FIGURE_PANELS * FIGURE_CURVES * FIGURE_COLUMNS, sizeof *plan->columns);
    if (!plan->columns)
        return false;

    struct figure_panel *loss = &plan->panel[PANEL_LOSS], *accuracy = &plan->panel[PANEL_ACCURACY];
    *loss = (struct figure_panel){.name = "loss", .reference = figure->guess_loss};
    if (!figure->palette->mono) /* without colour it could not stay behind */
        add_curve(plan, figure, loss, figure->branch, SERIES_LOSS,
                  (struct figure_curve){.role = ROLE_TRAIN, .band = true});
    if (!figure->hide_test && history_last(figure->history, figure->branch, SERIES_OLD_LOSS))
        add_curve(plan, figure, loss, figure->branch, SERIES_OLD_LOSS,
                  (struct figure_curve){.role = ROLE_RATE, .other = true, .dashed = true, .label = "old data"});
    add_curves(plan, figure, loss, SERIES_TRAIN_LOSS, SERIES_TEST_LOSS);
    struct extent extent = extent_of_lines(loss);
    loss->y = extent_loss_scale(&extent, figure->guess_loss, figure->log_loss, 0);

    *accuracy = (struct figure_panel){.name = figure->accuracy_label,
                                      .style = figure->accuracy_is_share ? TICK_PERCENT : TICK_NUMBER,
                                      .reference = figure->accuracy_is_share ? figure->guess_accuracy : NAN};
    add_curves(plan, figure, accuracy, SERIES_TRAIN_ACC, SERIES_TEST_ACC);
    extent = extent_of_lines(accuracy);
    accuracy->y = extent_accuracy_scale(&extent, figure->guess_accuracy, figure->accuracy_is_share, 0);

    const struct bucket *best = history_best(figure->history, figure->branch, SERIES_TEST_LOSS);
    if (figure->best_step > 0 && !figure->hide_test) {
        plan->best_step = figure->best_step;
        plan->best_loss = figure->best_loss;
    } else if (best && !figure->hide_test && best->last_step > 0) {
        plan->best_step = (double)best->last_step;
        plan->best_loss = best->min;
    }
    add_first_stage(plan, figure);
    add_markers(plan, figure);
    return true;
}

void figure_plan_free(struct figure_plan *plan)
{
    mem_free(plan->columns);
    plan->columns = NULL;
}
