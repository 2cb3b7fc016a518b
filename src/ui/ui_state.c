/* Reads and changes the state of the screen: messages, commands on their way, modes, views. */
#include "ui/ui_state.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

double ui_now(void)
{
    return (double)clock_now() * 1e-9;
}

struct branch_list ui_branches(const struct ui *ui)
{
    return (struct branch_list){ui->branch, ui->branches, history_forest(session_history(ui->session))};
}

struct view_data ui_view_data(struct ui *ui)
{
    return (struct view_data){
        .status = session_status(ui->session),
        .model = session_model(ui->session),
        .stage = session_stage(ui->session, 0),
        .stages = session_stages(ui->session),
        .history = session_history(ui->session),
        .branches = ui_branches(ui),
        .comparison = &ui->comparison,
        .dataset = session_dataset(ui->session),
        .picture = session_picture(ui->session),
        .samples = &ui->samples,
        .bounds = ui->bounds,
        .story = &ui->story,
        .settings = &ui->settings,
        .palette = &ui->palette,
        .scratch = &ui->scratch,
        .keymap = ui->keymap,
        .commands = ui->commands,
    };
}

struct frame_layout ui_frame(const struct ui *ui)
{
    return layout_frame(ui->grid.width, ui->grid.height);
}

void ui_say(struct ui *ui, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    story_say(&ui->story, "%s", text);
}

void ui_toast(struct ui *ui, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    story_toast(&ui->story, ui_now(), "%s", text);
}

void ui_toggle(struct ui *ui, bool *what, const char *on, const char *off)
{
    *what = !*what;
    ui_toast(ui, "%s", *what ? on : off);
}

/* ---- commands on their way ---- */

void ui_flush(struct ui *ui)
{
    size_t sent = 0;
    while (sent < ui->pending_count && session_send(ui->session, &ui->pending[sent]))
        sent++;
    if (sent == 0)
        return;
    ui->sent = true;
    ui->pending_count -= sent;
    memmove(ui->pending, ui->pending + sent, ui->pending_count * sizeof ui->pending[0]);
}

/* Notes the step that a walk through time goes to, for the message that is shown meanwhile. */
static void note_walk(struct ui *ui, const struct request *request)
{
    const struct view_data data = ui_view_data(ui);
    if (!(request->row->flags & COMMAND_SEEKS))
        return;
    ui->settings.walk_to = data.status->step;
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++) {
        if (request->row->argument[i].type == ARGUMENT_BRANCH)
            ui->settings.walk_to = view_last_step(&data, (uint16_t)request->value[i].number);
        if (request->row->argument[i].type == ARGUMENT_NUMBER)
            ui->settings.walk_to = request->value[i].number;
    }
    ui->story.message[0] = 0; /* what was said before is not about this */
}

/* A look's way does not count: a command that is sent meanwhile is for the state at its end. */
bool ui_is_walking(const struct ui *ui)
{
    return session_status(ui->session)->walked >= 0 && !ui->settings.scrubber && !ui->comparison.open;
}

void ui_say_walking(struct ui *ui)
{
    ui_say(ui, "Not while walking: %s gives up.", keymap_key(ui->keymap, KEYS_WALKING, "return"));
}

/* Whether the run would not carry the request out before a twin is there that takes long. */
static bool waits_for_twin(const struct ui *ui, const struct request *request)
{
    const unsigned flags = request->row->flags;
    return session_status(ui->session)->caught_up >= 0 && (flags & COMMAND_SEEKS) && !(flags & COMMAND_LOOKS);
}

void ui_send(struct ui *ui, struct request request)
{
    if (waits_for_twin(ui, &request)) {
        request_free(&request);
        ui_say(ui, "Not while a twin catches up: %s gives it up.", keymap_key(ui->keymap, KEYS_WALKING, "return"));
        return;
    }
    if (ui_is_walking(ui) && !(request.row->flags & COMMAND_BREAKS)) {
        request_free(&request);
        ui_say_walking(ui);
        return;
    }
    if (ui->pending_count == PENDING_MAX) {
        request_free(&request);
        ui_say(ui, "The run does not take commands at the moment: this key was not sent.");
        return;
    }
    if (++ui->next_token == 0)
        ui->next_token = 1;
    request.token = ui->next_token;
    note_walk(ui, &request);
    if (request.row->argument[0].type == ARGUMENT_KNOB) {
        ui->wish[request.value[0].number] = request.value[1].real;
        ui->wish_token[request.value[0].number] = request.token;
    }
    ui->pending[ui->pending_count++] = request;
    ui_flush(ui);
    if (ui->pending_count > 0)
        ui_say(ui, "The run is busy: %zu %s waiting.", ui->pending_count,
               ui->pending_count == 1 ? "key is" : "keys are");
}

void ui_set(struct ui *ui, enum knob_id knob, double value)
{
    ui->settings.knob = knob;
    ui_send(ui, session_set(knob, value));
}

void ui_turn(struct ui *ui, enum knob_id knob, int direction)
{
    char text[32];
    const double now = ui->wish_token[knob] ? ui->wish[knob] : session_status(ui->session)->knobs.value[knob];
    double next;
    if (knob_table[knob].type == FIELD_SWITCH)
        next = now > 0 ? 0 : 1;
    else
        next = knob_step(knob, now, direction);
    ui->settings.knob = knob;
    if (next == now)
        ui_toast(ui, "%s stays at %s: that is its %s.", knob_table[knob].label,
                 knob_format(knob, now, text, sizeof text), direction > 0 ? "highest" : "lowest");
    else
        ui_set(ui, knob, next);
}

/* ---- looking at another moment ---- */

void scrubber_ask(struct ui *ui)
{
    if (ui->mode != KEYS_SCRUBBER)
        return;
    const uint64_t step = (uint64_t)ui->settings.cursor;
    ui->story.message[0] = ui->story.toast[0] = 0;
    /* Only the newest step matters: drop a request that the session has not taken yet. */
    if (ui->pending_count > 0 && (ui->pending[ui->pending_count - 1].row->flags & COMMAND_REPLACES_LIKE))
        ui->pending_count--;
    ui_send(ui, (struct request){.row = session_command("scrub"),
                                 .value = {{.number = ui->settings.cursor_branch}, {.number = step}}});
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

/* Leaves the comparison; the session goes back to the present. */
static void comparison_close(struct ui *ui)
{
    if (!ui->comparison.open)
        return;
    for (size_t i = 0; i < 2; i++)
        picture_free(&ui->comparison.picture[i]);
    ui->comparison = (struct comparison){.open = false};
    ui->mode = KEYS_GENERAL;
    ui_send(ui, (struct request){.row = session_command("return")});
}

/* ---- modes and views ---- */

struct command_line *ui_line(struct ui *ui)
{
    return ui->mode == KEYS_PROMPT ? &ui->prompt_line : &ui->line;
}

static void open_line(struct ui *ui, enum key_mode mode, const char *text)
{
    scrubber_close(ui);
    comparison_close(ui);
    ui->mode = mode;
    ui->line_error[0] = 0;
    ui->line_knob = KNOB_COUNT;
    line_open(ui_line(ui), text);
}

void ui_open_line(struct ui *ui, const char *text)
{
    open_line(ui, KEYS_LINE, text);
}

void ui_open_prompt(struct ui *ui)
{
    open_line(ui, KEYS_PROMPT, "");
}

void ui_leave(struct ui *ui)
{
    scrubber_close(ui);
    comparison_close(ui);
    ui->settings.crosshair = false;
    ui->mode = KEYS_GENERAL;
}

void ui_theme(struct ui *ui, const char *name)
{
    ui->palette = screen_palette(ui->screen, name);
    ui_toast(ui, "Theme: %s.", ui->palette.name);
}

/* What the tree opens on: the branch to compare the present one with, which races or was left last; alone, the present
 * one. */
static uint16_t branch_beside(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    const struct session_status *status = data.status;
    uint16_t beside = status->branch;
    lineage_ghosts(&data.branches, status->branch, status->rival >= 0 ? status->rival : status->ghost, 1, &beside);
    return beside;
}

void ui_show_view(struct ui *ui, size_t view)
{
    const bool tree = view_table[view].keys == KEYS_BRANCHES;
    comparison_close(ui);
    if (tree)
        scrubber_close(ui);
    if (tree && ui->settings.view != view)
        ui->settings.branch = branch_beside(ui);
    ui->settings.view = view;
    ui->story.toast[0] = 0;
    if (ui->mode == KEYS_SCRUBBER) /* it goes on: this view, too, can be seen as it was */
        return;
    ui->settings.crosshair = false;
    if (ui->mode == KEYS_HELP || ui->mode == KEYS_CROSSHAIR)
        ui->mode = KEYS_GENERAL;
}

enum key_mode ui_keys(struct ui *ui)
{
    const struct session_status *status = session_status(ui->session);
    const struct view_data data = ui_view_data(ui);
    const enum key_mode of_view = view_keys(&data);
    if (ui->mode != KEYS_GENERAL)
        return ui->mode;
    if (status->walked >= 0)
        return KEYS_WALKING;
    if (of_view != KEYS_GENERAL)
        return of_view;
    return status->state == SESSION_DIVERGED ? KEYS_DIVERGED : KEYS_GENERAL;
}

/* ---- words of arguments ---- */

static const char *word_of(const char *const *pair, size_t index)
{
    return index < 2 ? pair[index] : NULL;
}

const char *word_previous_next(size_t index)
{
    return word_of((const char *const[]){"previous", "next"}, index);
}

const char *word_down_up(size_t index)
{
    return word_of((const char *const[]){"down", "up"}, index);
}

const char *word_up_down(size_t index)
{
    return word_of((const char *const[]){"up", "down"}, index);
}

const char *word_left_right(size_t index)
{
    return word_of((const char *const[]){"left", "right"}, index);
}

const char *word_out_in(size_t index)
{
    return word_of((const char *const[]){"out", "in"}, index);
}

const char *word_older_newer(size_t index)
{
    return word_of((const char *const[]){"older", "newer"}, index);
}

const char *word_start_end(size_t index)
{
    return word_of((const char *const[]){"start", "end"}, index);
}

/* ---- doing what a key or a line says ---- */

static struct command_place place_of(const struct ui *ui)
{
    const struct session_status *status = session_status(ui->session);
    const bool tree = view_table[ui->settings.view].keys == KEYS_BRANCHES;
    return (struct command_place){
        .branches = ui_branches(ui),
        .present = status->branch,
        .chosen = tree ? ui->settings.branch : status->branch,
        .rival = status->rival,
    };
}

/* Refuses a file that the run itself reads or writes. */
static enum status check_file(const struct ui *ui, const struct request *request, struct error *error)
{
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        if (request->row->argument[i].type == ARGUMENT_FILE)
            return ui_spare(ui, request_text(request), error);
    return STATUS_OK;
}

enum status ui_spare(const struct ui *ui, const char *path, struct error *error)
{
    const char *lost = session_claims(ui->session, path);
    return lost ? error_set(error, STATUS_USAGE, "%.60s: it would overwrite %s", path, lost) : STATUS_OK;
}

/* Takes over the request's text. */
static enum status do_request(struct ui *ui, struct request *request, struct error *error)
{
    const struct command *row = request->row;
    const bool knob = row->argument[0].type == ARGUMENT_KNOB;
    enum status status = check_file(ui, request, error);
    if (status == STATUS_OK && row->run)
        status = row->run(ui, request, error);
    else if (status == STATUS_OK && knob && isinf(request->value[1].real))
        ui_turn(ui, (enum knob_id)request->value[0].number, request->value[1].real > 0 ? 1 : -1);
    else if (status == STATUS_OK) {
        if (knob)
            ui->settings.knob = (size_t)request->value[0].number;
        ui_send(ui, *request);
        request->text = NULL;
    }
    request_free(request);
    return status;
}

enum status ui_obey(struct ui *ui, const char *line, struct error *error)
{
    struct request request;
    const struct command_place place = place_of(ui);
    const enum status status = command_parse(ui->commands, &place, line, &request, error);
    return status == STATUS_OK && request.row ? do_request(ui, &request, error) : status;
}
