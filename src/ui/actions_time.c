/* What keys do with time: looking back, undoing, keeping. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/actions.h"
#include "ui/recovery.h"

/* ---- the scrubber ---- */

void scrubber_ask(struct ui *ui)
{
    if (ui->mode != KEYS_SCRUBBER)
        return;
    const uint64_t step = (uint64_t)ui->settings.cursor;
    ui->story.message[0] = 0;
    /* Only the newest place is of interest: what the session has not taken yet is asked for no more. */
    if (ui->pending_count > 0 && ui->pending[ui->pending_count - 1].kind == COMMAND_SCRUB)
        ui->pending_count--;
    ui_send(ui, (struct command){.kind = COMMAND_SCRUB, .branch = ui->settings.cursor_branch, .number = step});
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
    if (ui->pending_count > 0 && ui->pending[ui->pending_count - 1].kind == COMMAND_SCRUB)
        ui->pending_count--;
    ui_send(ui, (struct command){.kind = COMMAND_RETURN});
}

/* Where the last knob was turned, or a stage asked for, in the past of the present branch; else its beginning. */
static double last_change(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    const uint16_t branch = data.status->branch;
    for (size_t i = ui->story.markers; i-- > 0;) {
        const struct story_marker *marker = &ui->story.marker[i];
        const bool change = marker->kind == EVENT_KNOB || (marker->kind == EVENT_STAGE && marker->pressed);
        if (change && lineage_holds(&data.branches, branch, marker->branch, marker->step))
            return marker->step;
    }
    return (double)lineage_first(&data.branches, branch);
}

void action_scrub(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    open_at(ui, session_status(ui->session)->branch, last_change(ui));
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
        ui_say(ui, "No other branch was at this step.");
        return;
    }
    ui->settings.cursor_branch = next;
    scrubber_ask(ui);
}

/* ---- going there ---- */

static void rewind_to(struct ui *ui, uint16_t branch, uint64_t step)
{
    ui_send(ui, (struct command){.kind = COMMAND_REWIND, .branch = branch, .number = step});
}

void action_rewind(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.crosshair = ui->settings.scrubber = false;
    ui->mode = KEYS_GENERAL;
    rewind_to(ui, ui->settings.cursor_branch, (uint64_t)ui->settings.cursor);
}

void action_undo(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    rewind_to(ui, session_status(ui->session)->branch, (uint64_t)last_change(ui));
}

void action_stage(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_send(ui, (struct command){.kind = COMMAND_STAGE});
}

void action_fork(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_send(ui, (struct command){.kind = COMMAND_FORK});
}

void action_give_up(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_send(ui, (struct command){.kind = COMMAND_RETURN});
}

void action_rescue(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    struct recovery recovery;
    if (!recovery_plan(&data, &recovery)) {
        ui_say(ui, "Nothing was measured before it: l turns the rate down, r starts again.");
        return;
    }
    rewind_to(ui, data.status->branch, recovery.step);
    if (recovery.turn)
        ui_set(ui, KNOB_LR, recovery.rate);
}

/* ---- keeping ---- */

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
    struct command command = {.kind = COMMAND_SAVE};
    file_name(ui, command.text, sizeof command.text);
    ui_send(ui, command);
}
