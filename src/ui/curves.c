#include "ui/curves.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "plot/chart.h"
#include "plot/extent.h"
#include "plot/marker.h"
#include "ui/draw.h"

#define NAMED       3  /* ghosts with a name and a test curve; those before them are only faint train curves */
#define GHOSTS      11 /* as many branches are drawn behind */
#define CURVES_MAX  (6 + GHOSTS + NAMED)
#define FUTURES     20 /* curves of view 5 */
#define MARKERS_MAX 64
#define BANDS_MAX   16
#define GHOST_LEAST 1000.0 /* steps of a ghost that are shown from the start */
#define BATCH_ROWS  8      /* rows of a chart that is tall enough for the loss of single batches */
#define BEST_AWAY                                                                                                      \
    0.08 /* of the window between the best and the newest step: closer, its label would only follow the line */

struct curve {
    unsigned series;
    uint16_t branch;
    double start; /* earlier steps are left to the branch that it grew out of */
    enum role role;
    enum texture texture;
    char plain;
    const char *end_label;
    bool envelope;
    bool background; /* does not decide the scale */
    bool pale, faint;
    bool marked; /* has a dot under the crosshair */
};

/* The curves of a chart, with the names of branches that stand at their ends. */
struct curves {
    struct curve curve[CURVES_MAX > FUTURES ? CURVES_MAX : FUTURES];
    size_t count;
    char name[FUTURES][LINEAGE_NAME_SIZE];
    size_t names;
};

static const double smoothing_of[SMOOTHINGS] = {0, 0.7, 0.9, 0.97};

struct reach view_reach(const struct view_data *data)
{
    uint16_t ghost[GHOSTS];
    struct reach reach = {.newest = (double)view_last_step(data, view_branch(data))};
    const size_t ghosts = lineage_ghosts(&data->branches, view_branch(data), data->status->ghost, GHOSTS, ghost);
    for (size_t i = 0; i < ghosts; i++)
        reach.behind = fmax(reach.behind, (double)view_last_step(data, ghost[i]));
    reach.behind = fmin(reach.behind, fmax(3 * reach.newest, GHOST_LEAST));
    return reach;
}

/* ---- the shared x axis ---- */

static double axis_of_step(const struct view_data *data, double step)
{
    return data->settings->epochs ? story_epoch_at(data->story, view_branch(data), step) : step;
}

static double step_of_axis(const struct view_data *data, double at)
{
    return data->settings->epochs ? story_step_at(data->story, view_branch(data), at) : at;
}

static struct scale axis_scale(const struct view_data *data)
{
    const struct span span = window_span(&data->settings->window, view_reach(data));
    const double low = axis_of_step(data, span.from);
    const double high = axis_of_step(data, span.to);
    return (struct scale){.low = low, .high = high > low ? high : low + 1};
}

double curves_step_at(const struct view_data *data, double position)
{
    const struct scale x = axis_scale(data);
    return step_of_axis(data, scale_value(&x, position));
}

double curves_position_of(const struct view_data *data, double step)
{
    const struct scale x = axis_scale(data);
    return scale_position(&x, axis_of_step(data, step));
}

/* Summaries of `columns` equal parts of the axis.  In epochs the parts are not equally many steps where a knob changed what an
 * epoch is; each stretch of equal parts is one read. */
static void read_equal_parts(const struct view_data *data, const struct curve *curve, const struct scale *x,
                             size_t columns, struct bucket *out)
{
    if (!data->settings->epochs) {
        history_read(data->history, curve->branch, curve->series, x->low, x->high, columns, out);
        return;
    }
    const double part = (x->high - x->low) / (double)columns;
    size_t first = 0;
    double from = step_of_axis(data, x->low);
    while (first < columns) {
        double to = step_of_axis(data, x->low + part * (double)(first + 1));
        const double width = to - from;
        size_t count = 1;
        while (first + count < columns) {
            const double next = step_of_axis(data, x->low + part * (double)(first + count + 1));
            if (fabs(next - to - width) > 1e-6 * fabs(width))
                break;
            to = next;
            count++;
        }
        history_read(data->history, curve->branch, curve->series, from, fmax(to, from + 1e-9), count, out + first);
        first += count;
        from = to;
    }
}

/* Lets a line that began before the window enter at its left edge, at the height where it crosses it. */
static void enter_from_left(const struct view_data *data, const struct curve *curve, double from, size_t columns,
                            struct bucket *out)
{
    size_t first = 0;
    while (first < columns && out[first].count == 0)
        first++;
    struct bucket before;
    if (first == 0 || first == columns || !(from > 0) || out[0].nonfinite > 0)
        return;
    history_read(data->history, curve->branch, curve->series, 0, from, 1, &before);
    if (before.count == 0)
        return;
    const double gap = (double)out[first].first_step - (double)before.last_step;
    const double share = gap > 0 ? fmin(fmax((from - (double)before.last_step) / gap, 0), 1) : 1;
    const double crossing = (double)before.last + share * (bucket_mean(&out[first]) - (double)before.last);
    out[0] = bucket_of((uint16_t)curve->series, curve->branch, (uint64_t)from, (float)crossing);
}

/* Steps before its start are not the curve's, but for the last value: there it leaves the one out of which it grew. */
static void leave_to_parent(const struct curve *curve, size_t columns, struct bucket *out)
{
    size_t before = columns, first = 0;
    for (; first < columns && (out[first].count == 0 || (double)out[first].last_step <= curve->start); first++)
        before = out[first].count > 0 ? first : before;
    if (curve->start > 0 && first == columns) /* nothing of its own is in sight */
        before = columns;
    for (size_t i = 0; i < first && curve->start > 0; i++)
        if (i != before)
            out[i].count = out[i].nonfinite = 0;
}

static void read_columns(const struct view_data *data, const struct curve *curve, const struct scale *x, size_t columns,
                         struct bucket *out)
{
    const double from = step_of_axis(data, x->low);
    read_equal_parts(data, curve, x, columns, out);
    if (curve->start <= from)
        enter_from_left(data, curve, from, columns, out);
    leave_to_parent(curve, columns, out);
}

/* ---- the y axes ---- */

static struct scale loss_scale(const struct view_data *data, const struct extent *extent)
{
    return extent_loss_scale(extent, data->model->chance_loss, data->settings->log_loss);
}

static struct scale accuracy_scale(const struct view_data *data, const struct extent *extent)
{
    return extent_accuracy_scale(extent, data->model->chance_accuracy, data->model->objective->accuracy_is_share);
}

static struct scale gradient_scale(const struct view_data *data, const struct extent *extent)
{
    (void)data;
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
        const double at = axis_of_step(data, marker->step);
        if (at < x->low || at > x->high ||
            !lineage_holds(&data->branches, view_branch(data), marker->branch, marker->step))
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
            !lineage_holds(&data->branches, view_branch(data), marker->branch, marker->step))
            continue;
        const double at = axis_of_step(data, marker->step);
        out[count - 1].to = fmin(at, x->high);
        out[count++] = (struct chart_band){
            .from = at, .to = x->high, .label = labels ? marker->label : NULL, .shaded = marker->what % 2 == 1};
    }
    return count;
}

enum marking { MARK_NOTHING, MARK_LINES, MARK_WITH_LABELS };

static void draw_curves(const struct view_data *data, struct area area, struct chart *chart, const struct curves *set,
                        enum marking marking, struct scale (*y_scale)(const struct view_data *, const struct extent *))
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
    const double smoothing = smoothing_of[data->settings->smoothing % SMOOTHINGS];
    for (size_t i = 0; i < curves; i++) {
        struct bucket *out = column + i * columns;
        read_columns(data, &curve[i], &chart->x, columns, out);
        const struct extent own = extent_of(out, columns);
        if (!curve[i].pale)
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
            .at_cursor = curve[i].marked && isfinite(chart->cursor)
                             ? curves_value_at(data, curve[i].series, data->settings->cursor)
                             : NAN,
            .smoothing = smoothing,
        };
    }
    chart->columns = columns;
    chart->line = line;
    chart->lines = curves;
    extent_widen_behind(&extent, &behind);
    chart->y = y_scale(data, &extent);
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
        .x = axis_scale(data),
        .x_style = data->settings->epochs ? TICK_NUMBER : TICK_COUNT,
        .gap_train = -1,
        .gap_test = -1,
        .reference = NAN,
        .best_x = NAN,
        .best_y = NAN,
        .cursor = data->settings->crosshair ? axis_of_step(data, data->settings->cursor) : NAN,
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

/* What runs beside, and what has been, newest first. */
static void add_others(const struct view_data *data, struct curves *set, unsigned train, unsigned test)
{
    const uint16_t branch = view_branch(data);
    const bool hide = data->settings->hide_test;
    const int rival = data->status->rival;
    if (rival >= 0 && rival != branch) {
        const double start = lineage_split(&data->branches, (uint16_t)rival, branch);
        struct curve *line = add(set, train, (uint16_t)rival, ROLE_RIVAL, TEXTURE_DOTTED, '^');
        line->start = start;
        line->end_label = name_of(data, set, (uint16_t)rival);
        if (!hide)
            add(set, test, (uint16_t)rival, ROLE_RIVAL, TEXTURE_DASH_DOT, '~')->start = start;
    }
    uint16_t ghost[GHOSTS];
    const size_t ghosts = lineage_ghosts(&data->branches, branch, data->status->ghost, GHOSTS, ghost);
    size_t named = 0;
    for (size_t i = 0; i < ghosts; i++) {
        if (ghost[i] == rival)
            continue;
        const double start = lineage_parting(&data->branches, ghost[i], branch);
        if ((double)view_last_step(data, ghost[i]) <= start) /* nothing of its own */
            continue;
        const bool fresh = named++ < NAMED;
        struct curve *line = add(set, train, ghost[i], ROLE_GHOST, TEXTURE_SOLID, '\'');
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
    chart.reference = data->model->chance_loss;
    chart.reference_label = "guessing";
    chart.x_axis = true;
    if (!data->settings->hide_test && isfinite(data->status->best_test_loss) && data->status->best_step > 0 &&
        view_branch(data) == data->status->branch) {
        chart.best_x = axis_of_step(data, (double)data->status->best_step);
        chart.best_y = data->status->best_test_loss;
        const bool away =
            chart.best_x < axis_of_step(data, (double)data->status->step) - BEST_AWAY * (chart.x.high - chart.x.low);
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
    chart.reference = share ? data->model->chance_accuracy : NAN;
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
    if (layout->gradient_shares_axis)
        chart.x_axis = layout->bottom_axis;
    else
        chart.end_width = chart.label_width = 0;
    draw_curves(data, box_area(screen, layout->gradient), &chart, &set, MARK_LINES, gradient_scale);
}

/* Where the curve of a branch begins beside the present one; `followed`: down to where it parts from it.  What is wholly a part of the
 * present one's past is drawn over it, from the beginning. */
static double future_start(const struct view_data *data, uint16_t branch, bool followed)
{
    const uint16_t present = data->status->branch;
    if (branch == present)
        return 0;
    if (!followed)
        return lineage_parting(&data->branches, branch, present);
    const double split = lineage_split(&data->branches, branch, present);
    return split < (double)view_last_step(data, branch) ? split : 0;
}

void curves_draw_futures(const struct view_data *data, struct area area, const uint16_t *branch, size_t branches)
{
    struct chart chart = {.x = axis_scale(data),
                          .x_style = data->settings->epochs ? TICK_NUMBER : TICK_COUNT,
                          .x_axis = true,
                          .gap_train = -1,
                          .gap_test = -1,
                          .reference = data->model->chance_loss,
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
                                            : TEXTURE_SOLID,
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

/* ---- values ---- */

double curves_value_at(const struct view_data *data, unsigned series, double step)
{
    struct bucket all;
    history_read(data->history, view_branch(data), series, 0, floor(step) + 1, 1, &all);
    return all.count > 0 ? (double)all.last : NAN;
}

double curves_value(const struct view_data *data, unsigned series)
{
    if (data->settings->crosshair)
        return curves_value_at(data, series, data->settings->cursor);
    const struct bucket *last = history_last(data->history, view_branch(data), series);
    return last && last->count > 0 ? (double)last->last : NAN;
}

static const unsigned readable[] = {SERIES_TRAIN_LOSS,   SERIES_TEST_LOSS, SERIES_TRAIN_ACC,
                                    SERIES_TEST_ACC,     SERIES_GRAD_NORM, SERIES_LR,
                                    SERIES_UPDATE_RATIO, SERIES_LOSS,      SERIES_OLD_LOSS};

unsigned curves_readable(const struct view_data *data)
{
    return (unsigned)(sizeof readable / sizeof readable[0]) - !curves_tell_of_old(data); /* it is the last one */
}

bool curves_tell_of_old(const struct view_data *data)
{
    return !data->settings->hide_test && history_last(data->history, view_branch(data), SERIES_OLD_LOSS);
}

static bool of_test(unsigned series)
{
    return series == SERIES_TEST_LOSS || series == SERIES_TEST_ACC || series == SERIES_OLD_LOSS;
}

void curves_read_out(const struct view_data *data, char *out, size_t size)
{
    const unsigned series = readable[data->settings->cursor_series % curves_readable(data)];
    const double step = fmax(data->settings->cursor, 0);
    const double value = curves_value_at(data, series, step);
    char at[32], number[32] = "-";
    if (of_test(series) && data->settings->hide_test)
        snprintf(number, sizeof number, "hidden");
    else if (isfinite(value))
        number_exact(number, sizeof number, value);
    snprintf(out, size, "%s %s · step %s · epoch %.4g", series_table[series].name, number,
             number_count(at, sizeof at, (uint64_t)step), story_epoch_at(data->story, view_branch(data), step));
    for (char *c = out; *c; c++)
        if (*c == '_')
            *c = ' ';
}
