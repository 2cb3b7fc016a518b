/* What keys do with time: looking back, undoing, keeping. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "ui/actions.h"
#include "ui/recovery.h"

/* ---- the scrubber ---- */

void scrubber_ask(struct ui *ui)
{
    if (ui->mode != KEYS_SCRUBBER)
        return;
    const uint64_t step = (uint64_t)ui->settings.cursor;
    ui->story.message[0] = ui->story.toast[0] = 0;
    /* Only the newest place is of interest: what the session has not taken yet is asked for no more. */
    if (ui->pending_count > 0 && (ui->pending[ui->pending_count - 1].row->flags & COMMAND_REPLACES_LIKE))
        ui->pending_count--;
    ui_send(ui, (struct request){.row = session_command("scrub"),
                                 .value = {{.number = ui->settings.cursor_branch}, {.number = step}}});
}

static void open_at(struct ui *ui, uint16_t branch, double step)
{
    if (ui->settings.view != view_by_number(1))
        ui_show_view(ui, view_by_number(1));
    ui->mode = KEYS_SCRUBBER;
    ui->settings.crosshair = ui->settings.scrubber = true;
    ui->settings.cursor_branch = branch;
    ui->settings.cursor = step;
    scrubber_ask(ui);
}

void scrubber_close(struct ui *ui)
{
    if (!ui->settings.scrubber)
        return;
    ui->settings.crosshair = ui->settings.scrubber = false;
    ui->mode = KEYS_GENERAL;
    if (ui->pending_count > 0 && (ui->pending[ui->pending_count - 1].row->flags & COMMAND_REPLACES_LIKE))
        ui->pending_count--;
    ui_send(ui, (struct request){.row = session_command("return")});
}

/* What was changed in the past of the present branch: a knob turned, a stage asked for. */
static bool is_past_change(const struct view_data *data, const struct story_marker *marker)
{
    const bool change = marker->kind == EVENT_KNOB || (marker->kind == EVENT_STAGE && marker->pressed);
    return change && lineage_holds(&data->branches, data->status->branch, marker->branch, marker->step);
}

static bool is_back(const struct story_marker *turn, const struct knobs *knobs)
{
    const double now = knobs->value[turn->what];
    return !(turn->from < now) && !(turn->from > now);
}

/* The last change; where a knob was turned and then turned back, the first of these turns, since undoing the way back
 * alone would restore what somebody wanted to be rid of.  NULL: nothing was changed. */
static const struct story_marker *last_change(const struct ui *ui, const struct view_data *data)
{
    const struct story_marker *last = NULL;
    for (size_t i = ui->story.markers; i-- > 0;) {
        const struct story_marker *marker = &ui->story.marker[i];
        if (!is_past_change(data, marker))
            continue;
        if (last && (marker->kind != EVENT_KNOB || last->kind != EVENT_KNOB || marker->what != last->what))
            break;
        if (!last)
            last = marker;
        if (marker->kind == EVENT_KNOB && is_back(marker, &data->status->knobs))
            last = marker;
    }
    return last;
}

void action_scrub(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    const struct story_marker *change = last_change(ui, &data);
    open_at(ui, data.status->branch, change ? change->step : (double)data.status->step);
}

void action_scrub_here(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    open_at(ui, session_status(ui->session)->branch, ui->settings.cursor);
}

static void move_to(struct ui *ui, double step)
{
    const struct view_data data = ui_view_data(ui);
    const uint16_t branch = ui->settings.cursor_branch;
    const double first = (double)lineage_first(&data.branches, branch), last = (double)view_last_step(&data, branch);
    ui->settings.cursor = fmin(fmax(step, first), last);
    scrubber_ask(ui);
}

void action_cursor_step(struct ui *ui, const struct key_binding *key, int direction)
{
    move_to(ui, ui->settings.cursor + direction * key->number);
}

void action_cursor_share(struct ui *ui, const struct key_binding *key, int direction)
{
    const struct view_data data = ui_view_data(ui);
    const double share = (double)view_last_step(&data, ui->settings.cursor_branch) / 100;
    move_to(ui, ui->settings.cursor + direction * key->number * fmax(round(share), 1));
}

void action_cursor_ends(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    move_to(ui, direction < 0 ? 0 : INFINITY);
}

void action_cursor_branch(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    const uint16_t now = ui->settings.cursor_branch;
    const uint16_t next = lineage_neighbour(&data.branches, now, (uint64_t)ui->settings.cursor, direction);
    if (next == now) {
        ui_toast(ui, "No other branch was at this step.");
        return;
    }
    ui->settings.cursor_branch = next;
    scrubber_ask(ui);
}

/* ---- going there ---- */

static void rewind_to(struct ui *ui, uint16_t branch, uint64_t step)
{
    ui_send(ui, (struct request){.row = session_command("rewind"), .value = {{.number = branch}, {.number = step}}});
}

void action_rewind(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct session_status *status = session_status(ui->session);
    if (ui->settings.cursor_branch == status->branch && (uint64_t)ui->settings.cursor == status->step) {
        scrubber_close(ui);
        ui_toast(ui, "This is the present: nothing to go back to.");
        return;
    }
    ui->settings.crosshair = ui->settings.scrubber = false;
    ui->mode = KEYS_GENERAL;
    rewind_to(ui, ui->settings.cursor_branch, (uint64_t)ui->settings.cursor);
}

void action_undo(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    const struct story_marker *change = last_change(ui, &data);
    if (change)
        rewind_to(ui, data.status->branch, (uint64_t)change->step);
    else
        ui_say(ui, "Nothing was changed yet: u looks back at any step.");
}

void action_rescue(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    struct recovery recovery;
    if (!recovery_plan(&data, &recovery)) {
        ui_toast(ui, "Nothing was measured before it: l turns the rate down, r starts again.");
        return;
    }
    rewind_to(ui, data.status->branch, recovery.step);
    ui_set(ui, KNOB_LR, recovery.rate);
}

/* ---- keeping ---- */

#define FILE_NAME_SIZE 512

/* "spiral-1-step-1480.safetensors": the seed, and the branch where there are several. */
static void file_name(struct ui *ui, char *out, size_t size)
{
    const struct session_status *status = session_status(ui->session);
    const char *task = session_model(ui->session)->task, *slash = strrchr(task, '/');
    char branch[24] = "";
    if (status->branch > 0)
        snprintf(branch, sizeof branch, "branch-%u-", status->branch + 1u);
    task = slash ? slash + 1 : task;
    snprintf(out, size, "%.*s-%llu-%sstep-%llu.safetensors", (int)strcspn(task, "."), task,
             (unsigned long long)status->seed, branch, (unsigned long long)status->step);
}

void action_keep(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    char name[FILE_NAME_SIZE];
    file_name(ui, name, sizeof name);
    struct request request = {.row = session_command("save"), .text = mem_string(name)};
    if (request.text)
        ui_send(ui, request);
}
