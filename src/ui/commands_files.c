/* Commands that write files for others: a figure, a handout. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/outfile.h"
#include "plot/figure.h"
#include "ui/commands_time.h"
#include "ui/ui_state.h"

enum status command_export(struct ui *ui, const char *argument, struct error *error)
{
    const struct view_data data = ui_view_data(ui);
    const struct session_status *status = data.status;
    uint16_t number[FIGURE_GHOSTS_MAX];
    char name[FIGURE_GHOSTS_MAX][LINEAGE_NAME_SIZE], subtitle[200], step[32];
    struct figure_ghost ghost[FIGURE_GHOSTS_MAX];
    const size_t ghosts = lineage_ghosts(&data.branches, status->branch, status->ghost, FIGURE_GHOSTS_MAX, number);
    for (size_t i = 0; i < ghosts; i++)
        ghost[i] = (struct figure_ghost){.branch = number[i],
                                         .name = lineage_name(&data.branches, number[i], name[i], sizeof name[i])};
    snprintf(subtitle, sizeof subtitle, "%s · seed %llu · step %s", data.model->architecture,
             (unsigned long long)status->seed, number_count(step, sizeof step, status->step));
    const bool share = data.model->objective->accuracy_is_share;
    const struct figure figure = {
        .history = data.history,
        .branch = status->branch,
        .ghost = ghost,
        .ghosts = ghosts,
        .title = data.model->task,
        .subtitle = subtitle,
        .chance_loss = data.model->chance_loss,
        .chance_accuracy = share ? data.model->chance_accuracy : NAN,
        .accuracy_label = data.model->objective->accuracy_label,
        .accuracy_is_share = share,
        .palette = data.palette,
        .log_loss = data.settings->log_loss,
        .hide_test = data.settings->hide_test,
    };
    const enum status written = figure_write(&figure, argument, error);
    if (written == STATUS_OK)
        ui_say(ui, "The curves were written to %.100s.", argument);
    return written;
}

static enum status copy(const char *from, const char *to, struct error *error)
{
    char block[4096];
    size_t count;
    struct outfile *file = NULL;
    FILE *in = fopen(from, "rb");
    if (!in)
        return error_set(error, STATUS_FAILED, "%.100s: %s", from, strerror(errno));
    enum status status = outfile_open(&file, to, error);
    while (status == STATUS_OK && (count = fread(block, 1, sizeof block, in)) > 0)
        fwrite(block, 1, count, outfile_stream(file));
    const bool whole = status == STATUS_OK && !ferror(in);
    if (status == STATUS_OK)
        status = outfile_close(file, whole, error);
    if (status == STATUS_OK && !whole)
        status = error_set(error, STATUS_FAILED, "%.100s: could not be read", from);
    fclose(in);
    return status;
}

/* The run to replay, and what it looked like: NAME.journal and NAME.txt. */
enum status command_handout(struct ui *ui, const char *argument, struct error *error)
{
    const char *journal = session_journal(ui->session);
    char path[300];
    if (!journal)
        return error_set(error, STATUS_FAILED, "handout: this run keeps no journal; --journal FILE does");
    snprintf(path, sizeof path, "%.200s.journal", argument);
    enum status status = copy(journal, path, error);
    if (status == STATUS_OK) {
        snprintf(path, sizeof path, "%.200s.txt", argument);
        status = ui_shot(ui, path, error);
    }
    if (status == STATUS_OK)
        ui_say(ui, "Handed out: %.60s.journal replays this run, %.60s.txt shows it.", argument, argument);
    return status;
}
