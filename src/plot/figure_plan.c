#include "plot/figure_plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define ARROW  " → "
#define MERGED 0.008 /* of the width: markers of one knob that are nearer are one */

/* The high losses of a divergence bend a linear scale from BEND_AT times the usual loss on, where they are BEND_FROM times as high. */
#define BEND_FROM 8.0
#define BEND_AT   1.25

struct extent {
    double low, high, low_positive;
    double start; /* largest value where the curves begin */
};

static void widen(struct extent *extent, const struct bucket *column)
{
    bool begun = false;
    for (size_t i = 0; i < FIGURE_COLUMNS; i++) {
        if (column[i].count == 0)
            continue;
        if (!begun)
            extent->start = fmax(extent->start, column[i].max);
        begun = true;
        extent->low = fmin(extent->low, column[i].min);
        extent->high = fmax(extent->high, column[i].max);
        if (column[i].max > 0)
            extent->low_positive = fmin(extent->low_positive, column[i].min > 0 ? column[i].min : column[i].max);
    }
}

/* Of the lines of the branch itself; ghosts widen it only so far that what was explored does not flatten what is shown. */
static struct extent extent_of(const struct figure_panel *panel)
{
    struct extent own = {INFINITY, -INFINITY, INFINITY, -INFINITY}, behind = own;
    for (size_t i = 0; i < panel->curves; i++)
        if (!panel->curve[i].band)
            widen(panel->curve[i].role == ROLE_GHOST ? &behind : &own, panel->curve[i].column);
    if (isfinite(own.high) && isfinite(behind.high))
        own.high = fmax(own.high, fmin(behind.high, own.high * 1.5));
    return own;
}

static struct scale loss_scale(const struct figure *figure, struct extent extent)
{
    const double chance = figure->chance_loss > 0 ? figure->chance_loss : 0;
    if (!isfinite(extent.high))
        extent = (struct extent){0, chance > 0 ? chance : 1, 0.01, 0};
    if (figure->log_loss)
        return extent.high > 0 && isfinite(extent.low_positive)
                   ? scale_nice(fmax(extent.low_positive, extent.high * 1e-9), extent.high, true)
                   : (struct scale){.low = 0.01, .high = 1, .logarithmic = true};
    const double usual = fmax(chance, extent.start);
    if (usual > 0 && extent.low >= 0 && extent.high > usual * BEND_FROM)
        return scale_bent(usual * BEND_AT, extent.high);
    return scale_nice(fmin(extent.low, 0), fmax(extent.high, 1e-6), false);
}

static struct scale accuracy_scale(const struct figure *figure, struct extent extent)
{
    double low = isfinite(extent.low) ? extent.low : 0.5;
    if (!figure->accuracy_is_share)
        return (struct scale){.low = fmax(floor(low * 5) / 5, -1), .high = 1};
    if (isfinite(figure->chance_accuracy))
        low = fmin(low, figure->chance_accuracy);
    return (struct scale){.low = fmax(floor(low * 10 - 0.5) / 10, 0), .high = 1};
}

/* ---- curves ---- */

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

/* The test line over the train line, so that both are seen where they are equal. */
static void add_curves(struct figure_plan *plan, const struct figure *figure, struct figure_panel *panel,
                       unsigned train, unsigned test)
{
    const size_t ghosts = figure->ghosts < FIGURE_GHOSTS_MAX ? figure->ghosts : FIGURE_GHOSTS_MAX;
    for (size_t i = 0; i < ghosts; i++) {
        const struct figure_ghost *ghost = &figure->ghost[i];
        const struct figure_curve line = {.role = ROLE_GHOST, .label = ghost->name};
        const struct figure_curve dashes = {.role = ROLE_GHOST, .dashed = true};
        add_curve(plan, figure, panel, ghost->branch, train, line);
        if (!figure->hide_test)
            add_curve(plan, figure, panel, ghost->branch, test, dashes);
    }
    panel->train = add_curve(plan, figure, panel, figure->branch, train,
                             (struct figure_curve){.role = ROLE_TRAIN, .label = "train"});
    panel->test = figure->hide_test
                      ? -1
                      : add_curve(plan, figure, panel, figure->branch, test,
                                  (struct figure_curve){.role = ROLE_TEST, .dashed = true, .label = "test"});
}

/* ---- markers ---- */

static bool is_marked(const struct figure *figure, const struct event *event)
{
    switch (event->kind) {
    case EVENT_EARLY_STOP:
        return !figure->hide_test;
    case EVENT_KNOB:
    case EVENT_DIVERGED:
    case EVENT_STAGE:
    case EVENT_LOAD:
        return true;
    default:
        return false;
    }
}

/* "lr 0.2 → 1" from "lr 0.2 → 0.5" and "lr 0.5 → 1". */
static void join_labels(char *label, const char *last)
{
    char *left = strstr(label, ARROW);
    const char *right = strstr(last, ARROW);
    const size_t at = left && right ? (size_t)(left - label) : 0;
    snprintf(label + at, EVENT_LABEL_SIZE - at, "%s", at ? right : last);
}

static void add_marker(struct figure_plan *plan, const struct event *event)
{
    const double step = (double)event->step;
    struct figure_marker *last = plan->markers ? &plan->marker[plan->markers - 1] : NULL;
    if (last && event->kind == EVENT_KNOB && last->kind == EVENT_KNOB && last->what == event->what &&
        step - last->step < MERGED * (plan->x.high - plan->x.low)) {
        join_labels(last->label, event->label);
        return;
    }
    if (plan->markers == FIGURE_MARKERS)
        memmove(plan->marker, plan->marker + 1, --plan->markers * sizeof *plan->marker);
    struct figure_marker *marker = &plan->marker[plan->markers++];
    *marker = (struct figure_marker){.step = step,
                                     .role = event->kind == EVENT_DIVERGED ? ROLE_WARN : ROLE_MARKER,
                                     .strong = event->kind != EVENT_KNOB,
                                     .what = event->what,
                                     .kind = event->kind};
    snprintf(marker->label, sizeof marker->label, "%s",
             event->kind == EVENT_EARLY_STOP ? "stopped"
             : event->kind == EVENT_DIVERGED ? "not a number"
                                             : event->label);
    text_clean(marker->label);
}

static void add_markers(struct figure_plan *plan, const struct figure *figure)
{
    for (size_t i = 0; i < history_events(figure->history); i++) {
        const struct event *event = history_event(figure->history, i);
        const double step = (double)event->step;
        if (step >= plan->x.low && step <= plan->x.high && is_marked(figure, event) &&
            history_passes(figure->history, figure->branch, event->branch, event->step))
            add_marker(plan, event);
    }
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
    *loss = (struct figure_panel){.name = "loss", .reference = figure->chance_loss};
    if (!figure->palette->mono) /* without colour it could not stay behind */
        add_curve(plan, figure, loss, figure->branch, SERIES_LOSS,
                  (struct figure_curve){.role = ROLE_TRAIN, .band = true});
    add_curves(plan, figure, loss, SERIES_TRAIN_LOSS, SERIES_TEST_LOSS);
    loss->y = loss_scale(figure, extent_of(loss));

    *accuracy = (struct figure_panel){.name = figure->accuracy_label,
                                      .style = figure->accuracy_is_share ? TICK_PERCENT : TICK_NUMBER,
                                      .reference = figure->accuracy_is_share ? figure->chance_accuracy : NAN};
    add_curves(plan, figure, accuracy, SERIES_TRAIN_ACC, SERIES_TEST_ACC);
    accuracy->y = accuracy_scale(figure, extent_of(accuracy));

    const struct bucket *best = history_best(figure->history, figure->branch, SERIES_TEST_LOSS);
    if (figure->best_step > 0 && !figure->hide_test) {
        plan->best_step = figure->best_step;
        plan->best_loss = figure->best_loss;
    } else if (best && !figure->hide_test && best->last_step > 0) {
        plan->best_step = (double)best->last_step;
        plan->best_loss = best->min;
    }
    add_markers(plan, figure);
    return true;
}

void figure_plan_free(struct figure_plan *plan)
{
    mem_free(plan->columns);
    plan->columns = NULL;
}
