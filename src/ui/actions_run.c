/* What keys do to the run: commands on their way to it, and knobs. */
#include <stdio.h>
#include <string.h>

#include "ui/actions.h"
#include "ui/panel.h"

#define SEEDS 100000 /* a new seed is below: short enough to be said aloud */

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

/* Where a walk through time goes, for the words while it takes long. */
static void note_walk(struct ui *ui, const struct request *request)
{
    const struct view_data data = ui_view_data(ui);
    const char *name = request->row->name;
    if (strcmp(name, "scrub") == 0 || strcmp(name, "rewind") == 0)
        ui->settings.walk_to = request->value[1].number;
    else if (strcmp(name, "switch") == 0 || strcmp(name, "race") == 0)
        ui->settings.walk_to = view_last_step(&data, (uint16_t)request->value[0].number);
    else if (strcmp(name, "twin") == 0)
        ui->settings.walk_to = data.status->step;
    else
        return;
    ui->story.message[0] = 0; /* what was said before is not about this */
}

/* A long walk, but for a look's: what is asked of that is asked of its end. */
bool ui_is_walking(const struct ui *ui)
{
    return session_status(ui->session)->walked >= 0 && !ui->settings.scrubber && !ui->comparison.open;
}

void ui_send(struct ui *ui, struct request request)
{
    if (ui_is_walking(ui) && !(request.row->flags & COMMAND_BREAKS)) {
        request_free(&request);
        ui_say(ui, UI_NOT_WHILE_WALKING);
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

void action_pause(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const bool running = session_status(ui->session)->state == SESSION_RUNNING;
    ui_send(ui, (struct request){.row = session_command(running ? "pause" : "go")});
}

void action_send(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)direction;
    ui_send(ui, (struct request){.row = session_command(key->sends)});
}

void action_new_seed(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const uint64_t seed = session_status(ui->session)->seed % SEEDS + 1;
    ui_send(ui, (struct request){.row = session_command("seed"), .value = {{.number = seed}}});
}

void action_knob(struct ui *ui, const struct key_binding *key, int direction)
{
    ui_turn(ui, key->knob, direction);
}

void action_select(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    do
        ui->settings.knob = (ui->settings.knob + KNOB_COUNT + (size_t)(direction > 0 ? 1 : -1)) % KNOB_COUNT;
    while (!panel_has(&data, (enum knob_id)ui->settings.knob));
}

void action_turn(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    ui_turn(ui, (enum knob_id)ui->settings.knob, direction);
}

void action_type_value(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    char text[64];
    snprintf(text, sizeof text, "%s ", knob_table[ui->settings.knob].name);
    ui_open_line(ui, text);
    ui->line_knob = ui->settings.knob;
}
