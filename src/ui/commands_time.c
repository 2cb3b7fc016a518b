#include "ui/commands_time.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "ui/ui_state.h"

#define NAMES_MAX 96

/* The branch that a command without a name is about: the selected one in view 5, else the present one. */
static uint16_t branch_meant(struct ui *ui)
{
    const bool tree = view_table[ui->settings.view].keys == KEYS_BRANCHES;
    return tree ? ui->settings.branch : session_status(ui->session)->branch;
}

static enum status find(struct ui *ui, const char *command, const char *name, uint16_t *out, struct error *error)
{
    const struct view_data data = ui_view_data(ui);
    const char *names[NAMES_MAX];
    char near[200];
    if (!name[0]) {
        *out = branch_meant(ui);
        return STATUS_OK;
    }
    const int found = lineage_find(&data.branches, name);
    if (found >= 0) {
        *out = (uint16_t)found;
        return STATUS_OK;
    }
    return error_set(error, STATUS_USAGE, "%s: there is no branch '%.40s'%s", command, name,
                     name_suggest(near, sizeof near, name, names, lineage_names(&data.branches, names, NAMES_MAX)));
}

/* Sends a command about a branch, or with a text, or both. */
static enum status send_text(struct ui *ui, const char *name, uint16_t branch, const char *text, struct error *error)
{
    struct request request = {.row = session_command(name), .value = {{.number = branch}}, .text = mem_string(text)};
    if (!request.text)
        return error_memory(error);
    ui_send(ui, request);
    return STATUS_OK;
}

enum status command_rewind(struct ui *ui, const char *argument, struct error *error)
{
    uint64_t step;
    const struct session_status *status = session_status(ui->session);
    if (!number_parse_u64(argument, &step))
        return error_set(error, STATUS_USAGE, "rewind %.40s: a step is a whole number, as in rewind 1200", argument);
    if (step > status->step)
        return error_set(error, STATUS_USAGE, "rewind %.40s: that step is still to come; until goes there", argument);
    ui_send(ui, (struct request){.row = session_command("rewind"),
                                 .value = {{.number = status->branch}, {.number = step}}});
    return STATUS_OK;
}

enum status command_switch(struct ui *ui, const char *argument, struct error *error)
{
    uint16_t branch = 0;
    const enum status status = find(ui, "switch", argument, &branch, error);
    return status == STATUS_OK ? send_text(ui, "switch", branch, "", error) : status;
}

enum status command_twin(struct ui *ui, const char *argument, struct error *error)
{
    return send_text(ui, "twin", session_status(ui->session)->branch, argument, error);
}

enum status command_race(struct ui *ui, const char *argument, struct error *error)
{
    uint16_t branch = 0;
    const int rival = session_status(ui->session)->rival;
    const enum status status = find(ui, "race", argument, &branch, error);
    if (status != STATUS_OK)
        return status;
    if (!argument[0] && rival >= 0)
        branch = (uint16_t)rival; /* it rests */
    if (branch == session_status(ui->session)->branch)
        return error_set(error, STATUS_USAGE, "race: a race needs two, name another branch");
    return send_text(ui, "race", branch, "", error);
}

enum status command_name(struct ui *ui, const char *argument, struct error *error)
{
    return send_text(ui, "name", branch_meant(ui), argument, error);
}

enum status command_hide(struct ui *ui, const char *argument, struct error *error)
{
    uint16_t branch = 0;
    char name[LINEAGE_NAME_SIZE];
    const struct view_data data = ui_view_data(ui);
    const enum status status = find(ui, "hide", argument, &branch, error);
    if (status != STATUS_OK)
        return status;
    if (branch == data.status->branch)
        return error_set(error, STATUS_USAGE, "hide: the present branch stays in sight");
    const bool hidden = !session_branch(ui->session, branch)->hidden;
    session_hide(ui->session, branch, hidden);
    ui_toast(ui, "%s is %s.", lineage_name(&data.branches, branch, name, sizeof name),
             hidden ? "hidden; hide again shows it" : "shown again");
    return STATUS_OK;
}

enum status command_delete(struct ui *ui, const char *argument, struct error *error)
{
    uint16_t branch = 0;
    const enum status status = find(ui, "delete", argument, &branch, error);
    return status == STATUS_OK ? send_text(ui, "delete", branch, "", error) : status;
}

enum status command_save(struct ui *ui, const char *argument, struct error *error)
{
    const enum status status = commands_spare(ui, argument, error);
    return status == STATUS_OK ? send_text(ui, "save", 0, argument, error) : status;
}
