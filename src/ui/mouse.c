/* What the mouse does: click a knob, a branch or a tab, the wheel turns knobs, goes through the tree and zooms,
 * dragging pans. */
#include <math.h>

#include "ui/chrome.h"
#include "ui/curves.h"
#include "ui/panel.h"
#include "ui/ui_state.h"
#include "ui/views/tree.h"

#define WHEEL_ZOOM 0.75

/* The knob whose row is at the cell, or KNOB_COUNT. */
static enum knob_id knob_at(const struct view_data *data, const struct curves_layout *layout, int x, int y)
{
    enum knob_id shown[KNOB_COUNT];
    if (!box_holds(layout->knobs, x, y))
        return KNOB_COUNT;
    const int count = panel_rows(data, layout->knobs.height, shown);
    const int row = y - layout->knobs.y;
    return row < count ? shown[row] : KNOB_COUNT;
}

static bool over_charts(const struct curves_layout *layout, int x, int y)
{
    return box_holds(layout->loss, x, y) || box_holds(layout->accuracy, x, y) ||
           (layout->gradient_shares_axis && box_holds(layout->gradient, x, y));
}

/* Where the tree of branches is; empty in other views. */
static struct box tree_box(const struct view_data *data, const struct frame_layout *frame)
{
    const bool shown = view_table[data->settings->view].draw == view_draw_branches;
    return shown ? view_branches_tree(data, frame->body) : (struct box){.width = 0};
}

static void wheel(struct ui *ui, const struct view_data *data, const struct frame_layout *frame,
                  const struct curves_layout *layout, const struct input *input)
{
    const int direction = input->action == MOUSE_WHEEL_UP ? 1 : -1;
    const enum knob_id knob = knob_at(data, layout, input->x, input->y);
    if (box_holds(tree_box(data, frame), input->x, input->y)) {
        ui_choose_branch(ui, -direction);
    } else if (knob != KNOB_COUNT) {
        ui_turn(ui, knob, direction);
    } else if (over_charts(layout, input->x, input->y)) {
        const struct box plot = curves_plot(data, layout);
        const double position = (input->x - plot.x + 0.5) / fmax(plot.width, 1);
        window_zoom(&ui->settings.window, view_reach(data), curves_step_at(data, position),
                    direction > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM);
    }
}

static void press(struct ui *ui, const struct view_data *data, const struct frame_layout *frame,
                  const struct curves_layout *layout, const struct input *input)
{
    ui->drag_x = -1;
    if (box_holds(frame->tabs, input->x, input->y)) {
        const size_t view = chrome_tab_at(data, frame->tabs, input->x);
        if (view < view_count)
            ui_show_view(ui, view);
        return;
    }
    const struct box tree = tree_box(data, frame);
    if (box_holds(tree, input->x, input->y)) {
        const int branch = tree_at(data, tree, input->y);
        if (branch >= 0)
            ui->settings.branch = (uint16_t)branch;
        return;
    }
    const enum knob_id knob = knob_at(data, layout, input->x, input->y);
    if (knob != KNOB_COUNT)
        ui->settings.knob = knob;
    else if (over_charts(layout, input->x, input->y))
        ui->drag_x = input->x;
}

static void drag(struct ui *ui, const struct view_data *data, const struct curves_layout *layout,
                 const struct input *input)
{
    const struct box plot = curves_plot(data, layout);
    if (ui->drag_x < 0 || plot.width <= 0 || input->x == ui->drag_x)
        return;
    window_pan(&ui->settings.window, view_reach(data), (double)(ui->drag_x - input->x) / plot.width);
    ui->drag_x = input->x;
}

void ui_mouse(struct ui *ui, const struct input *input)
{
    const struct view_data data = ui_view_data(ui);
    const struct frame_layout frame = ui_frame(ui);
    if (frame.too_small || ui->mode == KEYS_HELP)
        return;
    struct curves_layout layout = {.big_rows = 0};
    if (view_table[ui->settings.view].draw == view_draw_curves)
        layout = view_curves_layout(&data, frame.body);
    switch (input->action) {
    case MOUSE_WHEEL_UP:
    case MOUSE_WHEEL_DOWN:
        wheel(ui, &data, &frame, &layout, input);
        break;
    case MOUSE_PRESS:
        press(ui, &data, &frame, &layout, input);
        break;
    case MOUSE_DRAG:
        drag(ui, &data, &layout, input);
        break;
    case MOUSE_RELEASE:
        drag(ui, &data, &layout, input);
        ui->drag_x = -1;
        break;
    }
}
