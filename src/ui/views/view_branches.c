/* View 5: the tree of branches, their futures on the same axes, and two of them beside each other. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/curves.h"
#include "ui/draw.h"
#include "ui/view.h"
#include "ui/views/language.h"
#include "ui/views/surface.h"
#include "ui/views/tree.h"

#define CHART_LEAST 6  /* rows; below there is only the tree */
#define KNOBS_FROM  96 /* columns from which the selected branch's knobs stand beside the chart */
#define KNOBS_WIDTH 38
#define KNOB_COLUMN 12 /* of a value in a comparison */

static bool open(const struct view_data *data)
{
    return data->comparison && data->comparison->open;
}

/* ---- two beside each other ---- */

struct compare_layout {
    struct box chart, knobs;
    struct box heading[2], surface[2];
};

static struct compare_layout layout_compare(const struct view_data *data, struct box body)
{
    struct compare_layout layout = {.chart = body};
    const bool wide = body.width >= 100;
    const int height =
        surface_possible(data) || data->dataset->kind == TASK_TEXT ? body.height * (wide ? 60 : 55) / 100 : 0;
    const int knobs = wide ? 44 : 34;
    layout.chart.height = body.height - height;
    layout.knobs = layout.chart;
    layout.chart.width -= knobs + 2;
    layout.knobs.x = layout.chart.x + layout.chart.width + 2;
    layout.knobs.width = knobs;
    if (body.width < 70) { /* both do not fit beside each other */
        layout.chart.width = body.width;
        layout.knobs.width = 0;
    }
    const int half = (body.width - 2) / 2;
    for (int i = 0; i < 2 && height > 2; i++) {
        const int x = body.x + i * (half + 2), y = body.y + layout.chart.height;
        layout.heading[i] = (struct box){x, y, half, 1};
        layout.surface[i] = (struct box){x, y + 1, half, height - 1};
    }
    return layout;
}

static const struct knobs *knobs_of(const struct view_data *data, uint16_t branch)
{
    const struct session_branch *known = lineage_branch(&data->branches, branch);
    return branch == data->status->branch || !known ? &data->status->knobs : &known->knobs;
}

/* The colour of its curve. */
static enum role role_of(const struct view_data *data, int which)
{
    const bool rival = data->comparison->branch[which] == data->status->rival;
    return which == 0 ? ROLE_TEST : rival ? ROLE_RIVAL : ROLE_KEY;
}

/* The knobs that differ, one a row. */
static void draw_differences(const struct view_data *data, struct area screen, struct box box)
{
    const struct comparison *comparison = data->comparison;
    const struct knobs *of[2] = {knobs_of(data, comparison->branch[0]), knobs_of(data, comparison->branch[1])};
    char name[LINEAGE_NAME_SIZE], text[32];
    if (!box_present(box))
        return;
    struct pen pen = pen_at(screen, box, data->palette);
    const int label = box.width - 2 * KNOB_COLUMN;
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "knobs");
    for (int i = 0; i < 2; i++) {
        pen.x = label + i * KNOB_COLUMN;
        pen_format(&pen, role_of(data, i), CELL_BOLD, "%.11s",
                   lineage_name(&data->branches, comparison->branch[i], name, sizeof name));
    }
    int y = 1;
    for (size_t k = 0; k < KNOB_COUNT && y < box.height; k++) {
        const enum knob_id id = (enum knob_id)k;
        if (of[0]->value[k] == of[1]->value[k] || !knob_table[k].affects_state)
            continue;
        pen = pen_at(screen, (struct box){box.x, box.y + y++, box.width, 1}, data->palette);
        pen_write(&pen, ROLE_TEXT, 0,
                  text_columns(knob_table[k].label) < label ? knob_table[k].label : knob_table[k].marker);
        for (int i = 0; i < 2; i++) {
            pen.x = label + i * KNOB_COLUMN;
            pen_write(&pen, ROLE_STRONG, CELL_BOLD, knob_format(id, of[i]->value[k], text, sizeof text));
        }
    }
    const struct session_branch *other = lineage_branch(&data->branches, comparison->branch[1]);
    if (y == 1) {
        pen = pen_at(screen, (struct box){box.x, box.y + 1, box.width, 1}, data->palette);
        pen_write(&pen, ROLE_FAINT, 0, other && other->change[0] ? other->change : "at their ends: all the same");
    }
}

static void draw_comparison(const struct view_data *data, struct area screen, struct box body)
{
    const struct comparison *comparison = data->comparison;
    const struct compare_layout layout = layout_compare(data, body);
    char name[LINEAGE_NAME_SIZE], step[32];
    struct pen pen = pen_at(screen, (struct box){layout.chart.x, layout.chart.y, layout.chart.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, data->settings->hide_test ? "train loss" : "test loss");
    struct box chart = layout.chart;
    chart.y++;
    chart.height--;
    curves_draw_futures(data, box_area(screen, chart), comparison->branch, 2);
    draw_differences(data, screen, layout.knobs);
    for (int i = 0; i < 2; i++) {
        const struct picture *picture = &comparison->picture[i];
        if (!box_present(layout.surface[i]))
            continue;
        struct view_data at = *data;
        at.picture = picture->surface || picture->text ? picture : NULL;
        if (data->dataset->kind == TASK_TEXT)
            language_draw_alone(&at, box_area(screen, layout.surface[i]));
        else
            surface_draw_alone(&at, screen, layout.surface[i], knobs_of(data, comparison->branch[i]));
        pen = pen_at(screen, layout.heading[i], data->palette);
        pen_format(&pen, role_of(data, i), CELL_BOLD, "%s ",
                   lineage_name(&data->branches, comparison->branch[i], name, sizeof name));
        pen_format(&pen, ROLE_FAINT, 0, "at step %s%s", number_count(step, sizeof step, comparison->step[i]),
                   at.picture ? "" : " …");
    }
}

/* ---- the tree ---- */

static void draw_heading(const struct view_data *data, struct area screen, struct box box)
{
    struct pen pen = pen_at(screen, box, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, data->settings->hide_test ? "train loss" : "test loss");
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, "of all branches, on the same steps");
}

/* What the selected branch has otherwise than the present one, or its knobs. */
static void draw_selected(const struct view_data *data, struct area screen, struct box box)
{
    const uint16_t selected = data->settings->branch, present = data->status->branch;
    const struct knobs *of = knobs_of(data, selected), *now = knobs_of(data, present);
    char name[LINEAGE_NAME_SIZE], text[32];
    bool differ = false;
    for (size_t k = 0; k < KNOB_COUNT; k++)
        differ |= knob_table[k].affects_state && of->value[k] != now->value[k];
    struct pen pen = pen_at(screen, box, data->palette);
    pen_format(&pen, ROLE_STRONG, CELL_BOLD, "%s", lineage_name(&data->branches, selected, name, sizeof name));
    pen_write(&pen, ROLE_FAINT, 0,
              selected == present ? ": its knobs"
              : differ            ? ": knobs, and the present one's"
                                  : ": the present one's knobs, too");
    int y = 1;
    for (int differing = 1; differing >= 0; differing--)
        for (size_t k = 0; k < KNOB_COUNT && y < box.height; k++) {
            const enum knob_id id = (enum knob_id)k;
            if (!knob_table[k].affects_state || (of->value[k] != now->value[k]) != differing)
                continue;
            pen = pen_at(screen, (struct box){box.x, box.y + y++, box.width, 1}, data->palette);
            pen_write(&pen, differing ? ROLE_STRONG : ROLE_FAINT, 0, knob_table[k].label);
            pen.x = box.width - 2 * KNOB_COLUMN + 3;
            pen_write(&pen, differing ? ROLE_MARKER : ROLE_TEXT, differing ? CELL_BOLD : 0,
                      knob_format(id, of->value[k], text, sizeof text));
            pen.x = box.width - KNOB_COLUMN + 3;
            if (differing)
                pen_write(&pen, ROLE_TEXT, 0, knob_format(id, now->value[k], text, sizeof text));
        }
}

/* Present, selected and rival first, so that they are on top and have their names; then the newest. */
static size_t order_futures(const struct view_data *data, uint16_t *out, size_t most)
{
    const int first[] = {data->status->branch, data->settings->branch, data->status->rival};
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        bool known = first[i] < 0 || (i > 0 && !lineage_branch(&data->branches, first[i]));
        for (size_t j = 0; j < count; j++)
            known |= out[j] == first[i];
        if (!known)
            out[count++] = (uint16_t)first[i];
    }
    for (size_t i = data->branches.count; i-- > 0 && count < most;) {
        const struct session_branch *branch = lineage_branch(&data->branches, (int)i);
        const bool drawn = (int)i == first[0] || (int)i == first[1] || (int)i == first[2];
        if (branch && !branch->hidden && !drawn)
            out[count++] = (uint16_t)i;
    }
    return count;
}

struct box view_branches_tree(const struct view_data *data, struct box body)
{
    if (open(data))
        return (struct box){.width = 0};
    struct box tree = body;
    const int rows = tree_rows(data);
    tree.height = rows + 1 < body.height / 2 ? rows + 1 : body.height / 2;
    return body.height - tree.height - 1 < CHART_LEAST ? body : tree;
}

void view_draw_branches(const struct view_data *data, struct area screen, struct box body)
{
    enum { most = 20 };
    uint16_t branch[most];
    if (open(data)) {
        draw_comparison(data, screen, body);
        return;
    }
    const struct box tree = view_branches_tree(data, body);
    struct box chart = body;
    tree_draw(data, screen, tree);
    if (tree.height == body.height)
        return;
    chart.y += tree.height + 1;
    chart.height -= tree.height + 1;
    struct box side = chart;
    if (body.width >= KNOBS_FROM) {
        chart.width -= KNOBS_WIDTH + 2;
        side.x = chart.x + chart.width + 2;
        side.width = KNOBS_WIDTH;
        draw_selected(data, screen, side);
    }
    draw_heading(data, screen, (struct box){chart.x, chart.y, chart.width, 1});
    chart.y++;
    chart.height--;
    curves_draw_futures(data, box_area(screen, chart), branch, order_futures(data, branch, most));
}

bool view_wants_branches(const struct view_data *data, struct box body, struct picture_request *request)
{
    const bool text = data->dataset->kind == TASK_TEXT;
    if (!open(data) || (!surface_possible(data) && !text))
        return false;
    const struct box box = layout_compare(data, body).surface[0];
    if (!box_present(box))
        return false;
    if (text)
        return language_wants_small(data, box, request);
    *request = (struct picture_request){.predictions = false};
    surface_request(data, box, request);
    return true;
}
