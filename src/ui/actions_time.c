/* Holds the commands that move in time: look back, go there, undo, rescue; and the one that keeps a checkpoint. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "ui/recovery.h"
#include "ui/ui_state.h"

/* ---- the scrubber ---- */

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

/* What was changed in the past of the present branch: a knob turned, a stage asked for. */
static bool is_past_change(const struct view_data *data, const struct story_marker *marker)
{
    const bool change = marker->kind == EVENT_KNOB || (marker->kind == EVENT_STAGE && marker->pressed);
    return change && forest_happened(data->branches.forest, data->status->branch, marker->branch, marker->step);
}

static bool is_back(const struct story_marker *turn, const struct knobs *knobs)
{
    const double now = knobs->value[turn->what];
    return !(turn->from < now) && !(turn->from > now);
}

/* The last change.  Of a knob that was turned and turned back, the first of these turns: to undo only the way back would
 * restore the value that the person gave up.  NULL: nothing was changed. */
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

static enum status run_look_back(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const struct view_data data = ui_view_data(ui);
    const struct story_marker *change = last_change(ui, &data);
    open_at(ui, data.status->branch, change ? change->step : (double)data.status->step);
    return STATUS_OK;
}

const struct command command_look_back = {
    .name = "look-back",
    .about = "look back; Enter undoes the last change",
    .flags = COMMAND_UNLISTED,
    .run = run_look_back,
};

static enum status run_look_here(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    open_at(ui, session_status(ui->session)->branch, ui->settings.cursor);
    return STATUS_OK;
}

const struct command command_look_here = {
    .name = "look-here",
    .about = "look back: the model as it was there",
    .flags = COMMAND_UNLISTED,
    .run = run_look_here,
};

static void move_to(struct ui *ui, double step)
{
    const struct view_data data = ui_view_data(ui);
    const uint16_t branch = ui->settings.cursor_branch;
    const double first = (double)forest_first(data.branches.forest, branch),
                 last = (double)view_last_step(&data, branch);
    ui->settings.cursor = fmin(fmax(step, first), last);
    scrubber_ask(ui);
}

static enum status run_look_step(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    move_to(ui, ui->settings.cursor + direction * (int)request->value[1].number);
    return STATUS_OK;
}

const struct command command_look_step = {
    .name = "look-step",
    .about = "one step",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_left_right},
                 {.name = "N", .type = ARGUMENT_NUMBER, .max = 10000, .optional = true}},
    .flags = COMMAND_UNLISTED,
    .run = run_look_step,
};

static enum status run_look_share(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    const double share = (double)view_last_step(&data, ui->settings.cursor_branch) / 100;
    move_to(ui, ui->settings.cursor + direction * (int)request->value[1].number * fmax(round(share), 1));
    return STATUS_OK;
}

const struct command command_look_share = {
    .name = "look-share",
    .about = "hundredths of the run",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_left_right},
                 {.name = "N", .type = ARGUMENT_NUMBER, .max = 10000, .optional = true}},
    .flags = COMMAND_UNLISTED,
    .run = run_look_share,
};

static enum status run_look_ends(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    move_to(ui, direction < 0 ? 0 : INFINITY);
    return STATUS_OK;
}

const struct command command_look_ends = {
    .name = "look-ends",
    .about = "to the start / end of the branch",
    .argument = {{.name = "END", .type = ARGUMENT_WORD, .choice = word_start_end}},
    .flags = COMMAND_UNLISTED,
    .run = run_look_ends,
};

static enum status run_look_branch(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    const uint16_t now = ui->settings.cursor_branch;
    const uint16_t next = lineage_neighbour(&data.branches, now, (uint64_t)ui->settings.cursor, direction);
    if (next == now) {
        ui_toast(ui, "No other branch was at this step.");
        return STATUS_OK;
    }
    ui->settings.cursor_branch = next;
    scrubber_ask(ui);
    return STATUS_OK;
}

const struct command command_look_branch = {
    .name = "look-branch",
    .about = "another branch at this step",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_look_branch,
};

/* ---- going there ---- */

static void rewind_to(struct ui *ui, uint16_t branch, uint64_t step)
{
    ui_send(ui, (struct request){.row = session_command("rewind"), .value = {{.number = branch}, {.number = step}}});
}

static enum status run_go_there(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const struct session_status *status = session_status(ui->session);
    if (ui->settings.cursor_branch == status->branch && (uint64_t)ui->settings.cursor == status->step) {
        scrubber_close(ui);
        ui_toast(ui, "This is the present: nothing to go back to.");
        return STATUS_OK;
    }
    ui->settings.crosshair = ui->settings.scrubber = false;
    ui->mode = KEYS_GENERAL;
    rewind_to(ui, ui->settings.cursor_branch, (uint64_t)ui->settings.cursor);
    return STATUS_OK;
}

const struct command command_go_there = {
    .name = "go-there",
    .about = "go there; what came after stays a ghost",
    .flags = COMMAND_UNLISTED,
    .run = run_go_there,
};

static enum status run_undo(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const struct view_data data = ui_view_data(ui);
    const struct story_marker *change = last_change(ui, &data);
    if (change)
        rewind_to(ui, data.status->branch, (uint64_t)change->step);
    else {
        ui_say(ui, "Nothing was changed yet: %s looks back at any step.",
               keymap_key(ui->keymap, KEYS_GENERAL, "look-back"));
    }
    return STATUS_OK;
}

const struct command command_undo = {
    .name = "undo",
    .about = "undo the last change at once",
    .flags = COMMAND_UNLISTED,
    .run = run_undo,
};

static enum status run_rescue(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const struct view_data data = ui_view_data(ui);
    struct recovery recovery;
    if (!recovery_plan(&data, &recovery)) {
        ui_toast(ui, "Nothing was measured before it: %s turns the rate down, %s starts again.",
                 keymap_key(ui->keymap, KEYS_GENERAL, "set lr down"), keymap_key(ui->keymap, KEYS_GENERAL, "restart"));
        return STATUS_OK;
    }
    rewind_to(ui, data.status->branch, recovery.step);
    ui_set(ui, KNOB_LR, recovery.rate);
    return STATUS_OK;
}

const struct command command_rescue = {
    .name = "rescue",
    .about = "to the last good point, at a lower rate",
    .flags = COMMAND_UNLISTED,
    .run = run_rescue,
};

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

static enum status run_keep(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    char name[FILE_NAME_SIZE];
    file_name(ui, name, sizeof name);
    struct request save = {.row = session_command("save"), .text = mem_string(name)};
    if (save.text)
        ui_send(ui, save);
    return STATUS_OK;
}

const struct command command_keep = {
    .name = "keep",
    .about = "keep a checkpoint in a file",
    .flags = COMMAND_UNLISTED,
    .run = run_keep,
};
