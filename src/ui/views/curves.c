/* Describes the charts of losses, accuracy, gradient and branches for plot/chart to draw. */
#include "ui/curves.h"

#include <math.h>
#include <stdio.h>

#include "plot/extent.h"
#include "plot/marker.h"
#include "ui/draw.h"
#include "ui/views/curves_parts.h"

#define NAMED       3 /* ghosts with a name and a test curve; those before them are only faint train curves */
#define CURVES_MAX  (6 + CURVES_GHOSTS + NAMED)
#define FUTURES     20 /* curves of view 5 */
#define MARKERS_MAX 64
#define BANDS_MAX   16
#define BATCH_ROWS  8 /* rows of a chart that is tall enough for the loss of single batches */
#define GUESS_ROWS  6 /* rows from which an accuracy chart names the line of guessing */
#define BEST_AWAY                                                                                                      \
    0.08 /* of the window between the best and the newest step: closer, its label would only follow the line */

/* The curves of a chart, with the names of branches that stand at their ends. */
struct curves {
    struct curve curve[CURVES_MAX > FUTURES ? CURVES_MAX : FUTURES];
    size_t count;
    char name[FUTURES][LINEAGE_NAME_SIZE];
    size_t names;
};

/* Time constants, of the width of the chart. */
static const double smoothing_of[SMOOTHINGS] = {0, 0.01, 0.025, 0.05};

/* ---- the y axes ---- */

static struct scale loss_scale(const struct view_data *data, const struct extent *extent, int rows)
{
    return extent_loss_scale(extent, data->model->guess.loss, data->settings->log_loss, rows);
}

/* A part of the run is shown as close as it can be, whether or not guessing is in sight. */
static struct scale accuracy_scale(const struct view_data *data, const struct extent *extent, int rows)
{
    const bool whole = data->settings->window.mode == WINDOW_WHOLE;
    return extent_accuracy_scale(extent, whole ? data->model->guess.accuracy : NAN,
                                 data->model->objective->accuracy_is_share, rows);
}

static struct scale gradient_scale(const struct view_data *data, const struct extent *extent, int rows)
{
    (void)data;
    (void)rows;
    return extent_logarithmic_scale(extent);
}

/* ---- one chart ---- */

static size_t markers_in_sight(const struct view_data *data, const struct scale *x, bool labels,
                               struct chart_marker *out)
{
    size_t count = 0;
    const struct story *story = data->story;
    for (size_t i = story->markers; i-- > 0 && count < MARKERS_MAX;) {
        const struct story_marker *marker = &story->marker[i];
        const double at = curves_axis_of(data, marker->step);
        if (at < x->low || at > x->high ||
            !forest_happened(data->branches.forest, view_branch(data), marker->branch, marker->step))
            continue;
        if (marker->kind == EVENT_STAGE || (marker_tells_test(marker->kind) && data->settings->hide_test))
            continue;
        out[count++] = (struct chart_marker){
            .x = at,
            .label = labels ? marker->label : NULL,
            .role = marker_role(marker->kind),
            .strong = marker_is_strong(marker->kind),
        };
    }
    for (size_t i = 0; i < count / 2; i++) { /* oldest first */
        const struct chart_marker swapped = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = swapped;
    }
    return count;
}

/* The stages of a run that has several, of which the first one has no event. */
static size_t stages_in_sight(const struct view_data *data, const struct scale *x, bool labels, struct chart_band *out)
{
    const struct story *story = data->story;
    size_t count = 0;
    if (data->stages < 2)
        return 0;
    out[count++] = (struct chart_band){.from = -1, .to = INFINITY, .label = labels ? data->stage[0].name : NULL};
    for (size_t i = 0; i < story->markers && count < BANDS_MAX; i++) {
        const struct story_marker *marker = &story->marker[i];
        if (marker->kind != EVENT_STAGE ||
            !forest_happened(data->branches.forest, view_branch(data), marker->branch, marker->step))
            continue;
        const double at = curves_axis_of(data, marker->step);
        out[count - 1].to = fmin(at, x->high);
        out[count++] = (struct chart_band){
            .from = at, .to = x->high, .label = labels ? marker->label : NULL, .shaded = marker->what % 2 == 1};
    }
    return count;
}

enum marking { MARK_NOTHING, MARK_LINES, MARK_WITH_LABELS };

static void draw_curves(const struct view_data *data, struct area area, struct chart *chart, const struct curves *set,
                        enum marking marking,
                        struct scale (*y_scale)(const struct view_data *, const struct extent *, int rows))
{
    const struct curve *curve = set->curve;
    const size_t curves = set->count;
    const bool ascii = data->palette->ascii;
    const size_t columns = chart_columns(chart, area, ascii);
    struct bucket *column = scratch_take(data->scratch, SCRATCH_COLUMNS, columns * curves, sizeof *column);
    if (!column || columns == 0)
        return;

    struct chart_line line[sizeof set->curve / sizeof set->curve[0]];
    struct chart_marker marker[MARKERS_MAX];
    struct extent extent = extent_none, behind = extent_none;
    const double smoothing = smoothing_of[data->settings->smoothing % SMOOTHINGS] * (double)columns;
    for (size_t i = 0; i < curves; i++) {
        struct bucket *out = column + i * columns;
        curves_read(data, &curve[i], &chart->x, columns, out);
        const struct extent own = extent_of(out, columns);
        if (!curve[i].pale && !curve[i].own_scale)
            extent_widen(curve[i].background ? &behind : &extent, &own);
        line[i] = (struct chart_line){
            .column = out,
            .role = curve[i].role,
            .texture = curve[i].texture,
            .plain = curve[i].plain,
            .end_label = curve[i].end_label,
            .envelope = curve[i].envelope,
            .pale = curve[i].pale,
            .faint = curve[i].faint,
            .top = curve[i].own_scale ? own.high : 0,
            .at_cursor = curve[i].marked && isfinite(chart->cursor)
                             ? curves_value_at(data, curve[i].series, data->settings->cursor)
                             : NAN,
            .smoothing = curve[i].own_scale ? 0 : smoothing,
        };
    }
    chart->columns = columns;
    chart->line = line;
    chart->lines = curves;
    extent_widen_behind(&extent, &behind);
    chart->y = y_scale(data, &extent, chart_plot_area(chart, area).height);
    chart->marker = marker;
    chart->markers =
        marking == MARK_NOTHING ? 0 : markers_in_sight(data, &chart->x, marking == MARK_WITH_LABELS, marker);
    struct chart_band band[BANDS_MAX];
    chart->band = band;
    chart->bands = marking == MARK_NOTHING ? 0 : stages_in_sight(data, &chart->x, marking == MARK_WITH_LABELS, band);
    chart_draw(chart, area, data->palette, &data->scratch->canvas);
}

/* What the three charts have in common. */
static struct chart common_chart(const struct view_data *data, const struct curves_layout *layout)
{
    return (struct chart){
        .x = curves_axis(data),
        .x_style = data->settings->epochs ? TICK_NUMBER : TICK_COUNT,
        .gap_train = -1,
        .gap_test = -1,
        .reference = NAN,
        .best_x = NAN,
        .best_y = NAN,
        .cursor = data->settings->crosshair ? curves_axis_of(data, data->settings->cursor) : NAN,
        .label_width = layout->label_width,
        .end_width = layout->end_width,
    };
}

static struct curve *add(struct curves *set, unsigned series, uint16_t branch, enum role role, enum texture texture,
                         char plain)
{
    struct curve *curve = &set->curve[set->count++];
    *curve = (struct curve){.series = series, .branch = branch, .role = role, .texture = texture, .plain = plain};
    return curve;
}

static const char *name_of(const struct view_data *data, struct curves *set, uint16_t branch)
{
    char *name = set->name[set->names++];
    return lineage_name(&data->branches, branch, name, sizeof set->name[0]);
}

/* Ghosts are of one grey: their lines differ. */
static enum texture ghost_texture(uint16_t branch)
{
    static const enum texture texture[] = {TEXTURE_SOLID, TEXTURE_DASH_DOT, TEXTURE_DASHED};
    return texture[branch % (sizeof texture / sizeof texture[0])];
}

/* What runs beside, and what has been, newest first. */
static void add_others(const struct view_data *data, struct curves *set, unsigned train, unsigned test)
{
    const uint16_t branch = view_branch(data);
    const bool hide = data->settings->hide_test;
    const int rival = data->status->rival;
    if (rival >= 0 && rival != branch) {
        const double start = forest_split(data->branches.forest, (uint16_t)rival, branch);
        struct curve *line = add(set, train, (uint16_t)rival, ROLE_RIVAL, TEXTURE_DOTTED, '^');
        line->start = start;
        line->end_label = name_of(data, set, (uint16_t)rival);
        if (!hide)
            add(set, test, (uint16_t)rival, ROLE_RIVAL, TEXTURE_DASH_DOT, '~')->start = start;
    }
    uint16_t ghost[CURVES_GHOSTS];
    const size_t ghosts = lineage_ghosts(&data->branches, branch, data->status->ghost, CURVES_GHOSTS, ghost);
    size_t named = 0;
    for (size_t i = 0; i < ghosts; i++) {
        if (ghost[i] == rival)
            continue;
        const double start = forest_parting(data->branches.forest, ghost[i], branch);
        if ((double)view_last_step(data, ghost[i]) <= start) /* nothing of its own */
            continue;
        const bool fresh = named++ < NAMED;
        struct curve *line = add(set, train, ghost[i], ROLE_GHOST, ghost_texture(ghost[i]), '\'');
        line->start = start;
        line->background = true;
        line->faint = !fresh;
        if (!fresh)
            continue;
        line->end_label = name_of(data, set, ghost[i]);
        if (hide)
            continue;
        line = add(set, test, ghost[i], ROLE_GHOST, TEXTURE_DASHED, ',');
        line->start = start;
        line->background = true;
    }
}

static void train_and_test(const struct view_data *data, unsigned train, unsigned test, struct curves *set,
                           struct chart *chart)
{
    const uint16_t branch = view_branch(data);
    const size_t first = set->count;
    struct curve *line = add(set, train, branch, ROLE_TRAIN, TEXTURE_SOLID, '*');
    line->end_label = "train";
    line->envelope = line->marked = true;
    if (!data->settings->hide_test) {
        line = add(set, test, branch, ROLE_TEST, TEXTURE_DASHED, '+');
        line->end_label = "test";
        line->envelope = line->marked = true;
        chart->gap_train = (int)first;
        chart->gap_test = (int)first + 1;
    }
    add_others(data, set, train, test);
}

void curves_draw_loss(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    struct chart chart = common_chart(data, layout);
    struct curves set = {.count = 0};
    if (layout->loss.height >= BATCH_ROWS && !data->palette->mono) { /* without colour it could not stay behind */
        struct curve *batches = add(&set, SERIES_LOSS, view_branch(data), ROLE_TRAIN, TEXTURE_SOLID, '.');
        batches->background = batches->pale = true;
    }
    train_and_test(data, SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, &set, &chart);
    if (curves_tell_of_old(data)) {
        struct curve *line = add(&set, SERIES_OLD_LOSS, view_branch(data), ROLE_RATE, TEXTURE_DASH_DOT, '~');
        line->end_label = "old data";
        line->marked = true;
    }
    char number[32], gap[40];
    if (!data->settings->crosshair && curves_gap(data, number, sizeof number) && number[0] != '-') {
        snprintf(gap, sizeof gap, "gap %s", number);
        chart.gap_label = gap;
    }
    chart.reference = data->model->guess.loss;
    chart.reference_label = "guessing";
    chart.x_axis = true;
    if (curves_best_shown(data) && view_branch(data) == data->status->branch) {
        chart.best_x = curves_axis_of(data, (double)data->status->best_step);
        chart.best_y = data->status->best_test_loss;
        const bool away =
            chart.best_x < curves_axis_of(data, (double)data->status->step) - BEST_AWAY * (chart.x.high - chart.x.low);
        chart.best_label = away && layout->loss.width >= 50 ? "best" : NULL;
    }
    draw_curves(data, box_area(screen, layout->loss), &chart, &set, MARK_WITH_LABELS, loss_scale);
}

void curves_draw_accuracy(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    struct chart chart = common_chart(data, layout);
    struct curves set = {.count = 0};
    train_and_test(data, SERIES_TRAIN_ACC, SERIES_TEST_ACC, &set, &chart);
    const bool share = data->model->objective->accuracy_is_share;
    chart.gap_train = chart.gap_test = -1;
    chart.y_style = share ? TICK_PERCENT : TICK_NUMBER;
    chart.reference = share ? data->model->guess.accuracy : NAN;
    chart.reference_label = layout->accuracy.height >= GUESS_ROWS ? "guessing" : NULL;
    chart.x_axis = layout->bottom_axis && !layout->gradient_shares_axis;
    draw_curves(data, box_area(screen, layout->accuracy), &chart, &set, MARK_LINES, accuracy_scale);
}

void curves_draw_gradient(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    struct chart chart = common_chart(data, layout);
    struct curves set = {.count = 0};
    struct curve *line = add(&set, SERIES_GRAD_NORM, view_branch(data), ROLE_GRADIENT, TEXTURE_SOLID, 'o');
    line->envelope = layout->gradient_shares_axis;
    line->marked = true;
    if (curves_rate_moves(data)) {
        line = add(&set, SERIES_LR, view_branch(data), ROLE_RATE, TEXTURE_SOLID, '~');
        line->own_scale = true;
    }
    if (layout->gradient_shares_axis)
        chart.x_axis = layout->bottom_axis;
    else
        chart.end_width = chart.label_width = 0;
    draw_curves(data, box_area(screen, layout->gradient), &chart, &set, MARK_LINES, gradient_scale);
}

/* Where the curve of a branch begins beside the present one; `followed`: down to where it parts from it.  What is
 * wholly a part of the present one's past is drawn over it, from the beginning. */
static double future_start(const struct view_data *data, uint16_t branch, bool followed)
{
    const uint16_t present = data->status->branch;
    if (branch == present)
        return 0;
    if (!followed)
        return forest_parting(data->branches.forest, branch, present);
    const double split = forest_split(data->branches.forest, branch, present);
    return split < (double)view_last_step(data, branch) ? split : 0;
}

void curves_draw_futures(const struct view_data *data, struct area area, const uint16_t *branch, size_t branches)
{
    struct chart chart = {.x = curves_axis(data),
                          .x_style = data->settings->epochs ? TICK_NUMBER : TICK_COUNT,
                          .x_axis = true,
                          .gap_train = -1,
                          .gap_test = -1,
                          .reference = data->model->guess.loss,
                          .reference_label = "guessing",
                          .best_x = NAN,
                          .best_y = NAN,
                          .cursor = NAN,
                          .label_width = area.width >= 60 ? 7 : 5};
    struct curves set = {.count = 0};
    const unsigned series = data->settings->hide_test ? SERIES_TRAIN_LOSS : SERIES_TEST_LOSS;
    for (size_t i = 0; i < branches && set.count < FUTURES; i++) {
        const bool present = branch[i] == data->status->branch, rival = branch[i] == data->status->rival;
        const bool selected = branch[i] == data->settings->branch;
        const double start = future_start(data, branch[i], rival || selected);
        if (!present && !selected && (double)view_last_step(data, branch[i]) <= start)
            continue;
        struct curve *line = add(&set, series, branch[i],
                                 present    ? data->settings->hide_test ? ROLE_TRAIN : ROLE_TEST
                                 : rival    ? ROLE_RIVAL
                                 : selected ? ROLE_KEY
                                            : ROLE_GHOST,
                                 present    ? TEXTURE_SOLID
                                 : rival    ? TEXTURE_DOTTED
                                 : selected ? TEXTURE_DASHED
                                            : ghost_texture(branch[i]),
                                 present    ? '*'
                                 : rival    ? '^'
                                 : selected ? '+'
                                            : '\'');
        line->start = start;
        line->background = !present && !selected;
        line->end_label = name_of(data, &set, branch[i]);
    }
    draw_curves(data, area, &chart, &set, MARK_NOTHING, loss_scale);
}

struct box curves_plot(const struct view_data *data, const struct curves_layout *layout)
{
    struct chart chart = common_chart(data, layout);
    chart.x_axis = true;
    struct grid none = {0};
    const struct area area = {&none, layout->loss.x, layout->loss.y, layout->loss.width, layout->loss.height};
    const struct area plot = chart_plot_area(&chart, area);
    return (struct box){plot.x, plot.y, plot.width, plot.height};
}
