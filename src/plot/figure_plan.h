/* What a figure shows, before anything is drawn: curves read from the history, scales, markers. */
#ifndef PLOT_FIGURE_PLAN_H
#define PLOT_FIGURE_PLAN_H

#include "metrics/bucket.h"
#include "metrics/event.h"
#include "plot/figure.h"
#include "plot/scale.h"

enum {
    FIGURE_COLUMNS = 1200, /* summaries a curve */
    FIGURE_MARKERS = 48,
    FIGURE_CURVES = 2 * FIGURE_GHOSTS_MAX + 4,
    FIGURE_STARTS = 32,
};

enum figure_panel_id { PANEL_LOSS, PANEL_ACCURACY, FIGURE_PANELS };

struct figure_curve {
    struct bucket *column; /* [FIGURE_COLUMNS] */
    enum role role;
    bool dashed;
    bool band;         /* only its span from least to largest, pale, behind all others */
    bool other;        /* of another branch than the figure's, or of other data: its name is at its end */
    const char *label; /* of the line's end, or NULL */
};

/* Where a branch grew out of another: a ring on its line. */
struct figure_start {
    size_t column;
    double value;
    enum role role;
};

struct figure_panel {
    const char *name;
    struct scale y;
    enum tick_style style;
    double reference;                         /* NaN: none */
    struct figure_curve curve[FIGURE_CURVES]; /* in the order in which they are drawn */
    size_t curves;
    int train, test;                          /* indices; -1: none */
    struct figure_start start[FIGURE_STARTS]; /* further ones are left out */
    size_t starts;
};

struct figure_marker {
    double step;
    enum role role;
    bool strong; /* solid line */
    uint16_t what;
    enum event_kind kind;
    char label[EVENT_LABEL_SIZE];
};

struct figure_plan {
    struct scale x;
    struct figure_panel panel[FIGURE_PANELS];
    struct figure_marker marker[FIGURE_MARKERS]; /* ascending; the newest ones */
    size_t markers;
    double best_step, best_loss; /* NaN: none */
    struct bucket *columns;      /* of all curves; owned */
};

/* False when out of memory. */
bool figure_plan_make(struct figure_plan *plan, const struct figure *figure);
void figure_plan_free(struct figure_plan *plan);

/* The curve's height in the column, between its neighbours where it has none there; NaN beyond its ends. */
double figure_height_at(const struct figure_curve *curve, size_t column);
/* The last column with a value, and its place where `column` is not NULL; NULL: there is none. */
const struct bucket *figure_end(const struct figure_curve *curve, size_t *column);

#endif
