/* Holds the commands of the branches view: choose a branch, go on with it, race, compare, hide. */
#include <string.h>

#include "base/mem.h"
#include "ui/ui_state.h"

#define ROWS_MAX 1024

void ui_choose_branch(struct ui *ui, int direction)
{
    struct lineage_row row[ROWS_MAX];
    const struct view_data data = ui_view_data(ui);
    const size_t rows = lineage_rows(&data.branches, row, ROWS_MAX);
    size_t at = 0;
    while (at < rows && row[at].branch != ui->settings.branch)
        at++;
    if (direction < 0 && at > 0)
        at--;
    else if (direction > 0 && at + 1 < rows)
        at++;
    if (at < rows)
        ui->settings.branch = row[at].branch;
}

static enum status run_choose_branch(void *room, const struct request *request, struct error *error)
{
    (void)error;
    ui_choose_branch(room, ui_direction(request));
    return STATUS_OK;
}

const struct command command_choose_branch = {
    .name = "choose-branch",
    .about = "choose a branch",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_choose_branch,
};

static enum status run_go_on_with(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    if (ui->settings.branch == session_status(ui->session)->branch)
        ui_toast(ui, "This is the present branch: choose another.");
    else
        ui_send(ui, (struct request){.row = session_command("switch"), .value = {{.number = ui->settings.branch}}});
    return STATUS_OK;
}

const struct command command_go_on_with = {
    .name = "go-on-with",
    .about = "go on with it, from its end",
    .flags = COMMAND_UNLISTED,
    .run = run_go_on_with,
};

static enum status run_race_chosen(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    if (ui->settings.branch == session_status(ui->session)->branch)
        ui_toast(ui, "A race needs two: choose another branch.");
    else
        ui_send(ui, (struct request){.row = session_command("race"), .value = {{.number = ui->settings.branch}}});
    return STATUS_OK;
}

const struct command command_race_chosen = {
    .name = "race-chosen",
    .about = "race: it runs beside, step by step",
    .flags = COMMAND_UNLISTED,
    .run = run_race_chosen,
};

/* ---- two beside each other ---- */

static void ask(struct ui *ui, size_t which)
{
    const struct comparison *comparison = &ui->comparison;
    ui_send(ui,
            (struct request){.row = session_command("scrub"),
                             .value = {{.number = comparison->branch[which]}, {.number = comparison->step[which]}}});
}

static enum status run_compare(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const struct view_data data = ui_view_data(ui);
    const uint16_t present = data.status->branch, selected = ui->settings.branch;
    if (selected == present) {
        ui_toast(ui, "Choose another branch to compare the present one with.");
        return STATUS_OK;
    }
    ui->comparison = (struct comparison){
        .open = true, .branch = {present, selected}, .step = {data.status->step, view_last_step(&data, selected)}};
    ui->mode = KEYS_COMPARE;
    ui->compared = 0;
    ui_say(ui, "Paused: the two beside each other, each at its end.");
    ask(ui, 0);
    return STATUS_OK;
}

const struct command command_compare = {
    .name = "compare",
    .about = "compare it with the present one",
    .flags = COMMAND_UNLISTED,
    .run = run_compare,
};

static bool copy_text(const struct picture *from, struct picture *to)
{
    struct picture_text *text = mem_alloc(1, sizeof *text);
    if (!text)
        return false;
    *text = *from->text;
    picture_free(to);
    *to = (struct picture){.step = from->step, .branch = from->branch, .text = text};
    return true;
}

/* What is drawn of it: the surface, or a text's continuation. */
static bool copy_picture(const struct picture *from, struct picture *to)
{
    if (from->text)
        return copy_text(from, to);
    const size_t count = (size_t)from->width * (size_t)from->height * from->outputs;
    float *surface = mem_alloc(count, sizeof *surface);
    if (!surface)
        return false;
    memcpy(surface, from->surface, count * sizeof *surface);
    picture_free(to);
    *to = (struct picture){.step = from->step,
                           .branch = from->branch,
                           .width = from->width,
                           .height = from->height,
                           .outputs = from->outputs,
                           .surface = surface};
    return true;
}

void comparison_advance(struct ui *ui)
{
    struct comparison *comparison = &ui->comparison;
    const struct picture *picture = session_picture(ui->session);
    const struct session_shown *shown = &session_status(ui->session)->shown;
    const struct view_data data = ui_view_data(ui);
    const size_t which = ui->compared;
    if (!comparison->open || which > 1)
        return;
    /* A run that was under way has gone on until it heard of the pause. */
    const uint64_t end = view_last_step(&data, comparison->branch[which]);
    if (end > comparison->step[which]) {
        comparison->step[which] = end;
        ask(ui, which);
        return;
    }
    if (!shown->scrubbing || !shown->exact || !picture || (!picture->surface && !picture->text))
        return;
    const bool wanted = shown->branch == comparison->branch[which] && shown->step == comparison->step[which] &&
                        picture->branch == shown->branch && picture->step == shown->step &&
                        picture->width == ui->request.width && picture->height == ui->request.height;
    if (!wanted || !copy_picture(picture, &comparison->picture[which]))
        return;
    if (++ui->compared < 2)
        ask(ui, ui->compared);
}

/* ---- on the `:` line ---- */

static enum status run_hide(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const uint16_t branch = (uint16_t)request->value[0].number;
    char name[LINEAGE_NAME_SIZE];
    const struct view_data data = ui_view_data(ui);
    if (branch == data.status->branch)
        return error_set(error, STATUS_USAGE, "hide: the present branch stays in sight");
    const bool hidden = !session_branch(ui->session, branch)->hidden;
    session_hide(ui->session, branch, hidden);
    ui_toast(ui, "%s is %s.", lineage_name(&data.branches, branch, name, sizeof name),
             hidden ? "hidden; hide again shows it" : "shown again");
    return STATUS_OK;
}

const struct command command_hide = {
    .name = "hide",
    .about = "hides its curve, or shows it again",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .optional = true, .implied = IMPLIED_CHOSEN}},
    .run = run_hide,
};
