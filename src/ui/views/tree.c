/* Draws the tree of branches as rows of text, one for each branch. */
#include "ui/views/tree.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/draw.h"

#define LOSS_WIDTH   8
#define LEAST_WIDTH  12
#define MARK_WIDTH   8
#define CHANGE_LEAST 12
#define CHANGE_MOST  60 /* wider, the losses would be far from their names */
#define NAME_LEAST   14 /* columns of the first that the lines of the tree leave */

int tree_rows(const struct view_data *data)
{
    struct lineage_row row[TREE_MOST];
    return (int)lineage_rows(&data->branches, row, TREE_MOST);
}

bool tree_change(const struct view_data *data, uint16_t branch, char *out, size_t size)
{
    static const char *const begun[EVENT_KINDS] = {
        [EVENT_START] = "the start",
        [EVENT_RESTART] = "the same start again",
        [EVENT_SEED] = "another start",
        [EVENT_REWIND] = "went back",
        [EVENT_FORK] = "a fork",
        [EVENT_TWIN] = "a twin",
        [EVENT_LOAD] = "from a checkpoint",
    };
    const struct session_branch *known = lineage_branch(&data->branches, branch);
    size_t used = 0;
    out[0] = 0;
    if (known && known->change[0])
        used = (size_t)snprintf(out, size, "%s", known->change);
    for (size_t i = 0; i < data->story->markers && used < size; i++) {
        const struct story_marker *marker = &data->story->marker[i];
        if (marker->branch == branch && (marker->kind == EVENT_KNOB || marker->kind == EVENT_DIVERGED ||
                                         (marker->kind == EVENT_EARLY_STOP && !data->settings->hide_test)))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", marker->label);
    }
    if (!used && known)
        snprintf(out, size, "%s", begun[known->reason] ? begun[known->reason] : "");
    return used > 0;
}

/* The rows in sight: the selected one is among them. */
static size_t first_in_sight(const struct view_data *data, const struct lineage_row *row, size_t rows, int room)
{
    size_t selected = 0;
    while (selected < rows && row[selected].branch != data->settings->branch)
        selected++;
    if (room <= 0 || rows <= (size_t)room || selected < (size_t)room)
        return 0;
    return selected + 1 < rows ? selected + 2 - (size_t)room : rows - (size_t)room;
}

int tree_at(const struct view_data *data, struct box box, int y)
{
    struct lineage_row row[TREE_MOST];
    const size_t rows = lineage_rows(&data->branches, row, TREE_MOST);
    const size_t at = first_in_sight(data, row, rows, box.height - 1) + (size_t)(y - box.y - 1);
    return y > box.y && y < box.y + box.height && at < rows ? row[at].branch : -1;
}

/* Columns of the table, by what there is room for. */
struct columns {
    int name, steps, change, best, last, mark;
};

static struct columns plan(int width)
{
    struct columns c = {.name = width >= 110 ? 30 : width >= 56 ? 20 : width - LOSS_WIDTH - MARK_WIDTH};
    c.steps = width >= 110 ? 19 : width >= 56 ? 16 : 0;
    c.best = width >= 66 ? LEAST_WIDTH : 0;
    c.last = LOSS_WIDTH;
    c.mark = MARK_WIDTH;
    c.change = width - c.name - c.steps - c.best - c.last - c.mark;
    if (c.change < CHANGE_LEAST) { /* what was done says more than when */
        c.change += c.steps;
        c.steps = 0;
    }
    c.change = c.change < CHANGE_MOST ? c.change : CHANGE_MOST;
    return c;
}

/* Of many branches, which are in sight. */
static void draw_heading(const struct view_data *data, struct area screen, struct box row, size_t first, size_t shown,
                         size_t rows)
{
    const struct columns c = plan(row.width);
    const char *loss = data->settings->hide_test ? "train" : "test";
    struct pen pen = pen_at(screen, row, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "branches");
    if (shown < rows)
        pen_format(&pen, ROLE_FAINT, 0, " %zu–%zu/%zu", first + 1, first + shown, rows);
    pen.x = c.name;
    if (c.steps)
        pen_write(&pen, ROLE_FAINT, 0, "steps");
    pen.x = c.name + c.steps;
    if (c.change > 0)
        pen_write(&pen, ROLE_FAINT, 0, "changed");
    pen.x = c.name + c.steps + c.change;
    pen.end = row.width;
    if (c.best)
        pen_format(&pen, ROLE_FAINT, 0, "least %s", loss);
    pen.x = c.name + c.steps + c.change + c.best;
    pen_format(&pen, ROLE_FAINT, 0, c.best ? "last %s" : "%s", loss);
}

/* The lines that lead to the branch: below a parent, past what is still to come. */
static void write_graph(struct pen *pen, const struct lineage_row *row, unsigned deepest, bool present)
{
    const unsigned depth = row->depth < deepest ? row->depth : deepest;
    for (unsigned level = 1; level < depth; level++)
        pen_write(pen, ROLE_FAINT, 0, row->siblings >> (level - 1) & 1 ? "│ " : "  ");
    if (depth > 0)
        pen_write(pen, ROLE_FAINT, 0, row->siblings >> (depth - 1) & 1 ? "├─" : "╰─");
    pen_write(pen, present ? ROLE_TEST : ROLE_FAINT, CELL_BOLD, present ? "●" : "○");
    pen_skip(pen, 1);
}

static void write_loss(struct pen *pen, const struct bucket *bucket, bool least, enum role role)
{
    char number[32];
    const bool known = bucket && (bucket->count > 0 || !least);
    const float newest = known ? bucket_newest(bucket) : NAN, value = known && least ? bucket->min : newest;
    pen_write(pen, role, 0, known ? number_short(number, sizeof number, (double)value) : "-");
}

static void draw_row(const struct view_data *data, struct area screen, struct box box, const struct lineage_row *row)
{
    const struct columns c = plan(box.width);
    const struct session_branch *branch = lineage_branch(&data->branches, row->branch);
    const bool present = row->branch == data->status->branch, selected = row->branch == data->settings->branch;
    const bool rival = row->branch == data->status->rival;
    const unsigned series = data->settings->hide_test ? SERIES_TRAIN_LOSS : SERIES_TEST_LOSS;
    char text[256], name[LINEAGE_NAME_SIZE], from[32], to[32];
    if (selected)
        area_ground(screen, box.x, box.y, box.width, data->palette->role[ROLE_SELECTED]);
    struct pen pen = pen_at(screen, box, data->palette);
    const enum role ink = selected || present ? ROLE_STRONG : branch->hidden ? ROLE_FAINT : ROLE_TEXT;
    pen_write(&pen, ROLE_KEY, CELL_BOLD, selected ? data->palette->ascii ? ">" : "▸" : " ");
    write_graph(&pen, row, (unsigned)(c.name - NAME_LEAST) / 2, present);
    pen.end = c.name - 1;
    pen_write(&pen, rival ? ROLE_RIVAL : ink, present ? CELL_BOLD : 0,
              lineage_name(&data->branches, row->branch, name, sizeof name));
    pen.x = c.name;
    pen.end = c.name + c.steps - 1;
    snprintf(text, sizeof text, "%s – %s",
             number_count(from, sizeof from, forest_origin(data->branches.forest, row->branch)->step),
             number_count(to, sizeof to, view_last_step(data, row->branch)));
    pen_write(&pen, ROLE_TEXT, 0, text);
    pen.x = c.name + c.steps;
    pen.end = pen.x + c.change - 1;
    const bool changed = tree_change(data, row->branch, text, sizeof text);
    pen_write(&pen, changed ? ROLE_MARKER : ROLE_FAINT, 0, text);
    pen.x = c.name + c.steps + c.change;
    pen.end = box.width;
    if (c.best)
        write_loss(&pen, history_best(data->history, row->branch, series), true, ROLE_BEST);
    pen.x = c.name + c.steps + c.change + c.best;
    write_loss(&pen, history_last(data->history, row->branch, series), false, ink);
    pen.x = c.name + c.steps + c.change + c.best + c.last;
    pen_write(&pen,
              present ? ROLE_TEST
              : rival ? ROLE_RIVAL
                      : ROLE_FAINT,
              present ? CELL_BOLD : 0,
              present          ? "present"
              : rival          ? "racing"
              : branch->hidden ? "hidden"
                               : "");
}

void tree_draw(const struct view_data *data, struct area screen, struct box box)
{
    struct lineage_row row[TREE_MOST];
    const size_t rows = lineage_rows(&data->branches, row, TREE_MOST);
    const int room = box.height - 1;
    const size_t first = first_in_sight(data, row, rows, room);
    const size_t left = rows - first, shown = room > 0 && (size_t)room < left ? (size_t)room : left;
    draw_heading(data, screen, (struct box){box.x, box.y, box.width, 1}, first, shown, rows);
    for (size_t i = 0; i < shown; i++)
        draw_row(data, screen, (struct box){box.x, box.y + 1 + (int)i, box.width, 1}, &row[first + i]);
}
