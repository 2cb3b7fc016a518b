/* Holds the commands that steer the run by single keys: pause and go, the next seed, the chosen knob. */
#include <stdio.h>
#include <string.h>

#include "ui/panel.h"
#include "ui/ui_state.h"

#define SEEDS 100000 /* a new seed is below: short enough to be said aloud */

static enum status run_pause_or_go(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const bool running = session_status(ui->session)->state == SESSION_RUNNING;
    ui_send(ui, (struct request){.row = session_command(running ? "pause" : "go")});
    return STATUS_OK;
}

const struct command command_pause_or_go = {
    .name = "pause-or-go",
    .about = "pause / go",
    .flags = COMMAND_UNLISTED,
    .run = run_pause_or_go,
};

static enum status run_next_seed(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const uint64_t seed = session_status(ui->session)->seed % SEEDS + 1;
    ui_send(ui, (struct request){.row = session_command("seed"), .value = {{.number = seed}}});
    return STATUS_OK;
}

const struct command command_next_seed = {
    .name = "next-seed",
    .about = "again from another seed",
    .flags = COMMAND_UNLISTED,
    .run = run_next_seed,
};

static enum status run_choose_knob(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    do
        ui->settings.knob = (ui->settings.knob + KNOB_COUNT + (size_t)direction) % KNOB_COUNT;
    while (!panel_has(&data, (enum knob_id)ui->settings.knob));
    return STATUS_OK;
}

const struct command command_choose_knob = {
    .name = "choose-knob",
    .about = "choose a knob in the panel",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_choose_knob,
};

static enum status run_turn(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    ui_turn(ui, (enum knob_id)ui->settings.knob, direction);
    return STATUS_OK;
}

const struct command command_turn = {
    .name = "turn",
    .about = "turn it down / up",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_down_up}},
    .flags = COMMAND_UNLISTED,
    .run = run_turn,
};

static enum status run_type_value(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    char text[64];
    snprintf(text, sizeof text, "%s ", knob_table[ui->settings.knob].name);
    ui_open_line(ui, text);
    ui->line_knob = ui->settings.knob;
    return STATUS_OK;
}

const struct command command_type_value = {
    .name = "type-value",
    .about = "type its value",
    .flags = COMMAND_UNLISTED,
    .run = run_type_value,
};
