/* Commands that write files for others: the screen, the curves and values, a handout; and the command that makes the
 * set-up again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/outfile.h"
#include "ui/commands_time.h"
#include "ui/publish.h"
#include "ui/ui_state.h"

enum status commands_spare(const struct ui *ui, const char *path, struct error *error)
{
    const char *lost = session_claims(ui->session, path);
    return lost ? error_set(error, STATUS_USAGE, "%.60s: it would overwrite %s", path, lost) : STATUS_OK;
}

enum status command_shot(struct ui *ui, const char *argument, struct error *error)
{
    enum status status = commands_spare(ui, argument, error);
    if (status == STATUS_OK)
        status = ui_shot(ui, argument, error);
    if (status == STATUS_OK)
        ui_say(ui, "The screen was written to %.100s.", argument);
    return status;
}

enum status command_export(struct ui *ui, const char *argument, struct error *error)
{
    const struct publish_options look = {
        .palette = &ui->palette,
        .log_loss = ui->settings.log_loss,
        .hide_test = ui->settings.hide_test,
    };
    enum status status = commands_spare(ui, argument, error);
    if (status == STATUS_OK)
        status = publish_write(ui->session, &look, argument, error);
    if (status == STATUS_OK)
        ui_say(ui, "The %s were written to %.100s.", publish_is_figure(argument) ? "curves" : "values", argument);
    return status;
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
    if (status == STATUS_OK) {
        while ((count = fread(block, 1, sizeof block, in)) > 0)
            outfile_write(file, block, count);
        const bool whole = !ferror(in);
        status = outfile_close(file, whole, error);
        if (!whole)
            status = error_set(error, STATUS_FAILED, "%.100s: could not be read", from);
    }
    fclose(in);
    return status;
}

/* The run to replay, and what it looked like: NAME.journal and NAME.txt. */
enum status command_handout(struct ui *ui, const char *argument, struct error *error)
{
    const char *journal = session_journal(ui->session);
    char path[300], picture[300];
    if (!journal)
        return error_set(error, STATUS_FAILED, "handout: this run keeps no journal; --journal FILE does");
    snprintf(path, sizeof path, "%.200s.journal", argument);
    snprintf(picture, sizeof picture, "%.200s.txt", argument);
    /* The journal itself may have that name: in its place a copy would take no further lines. */
    const bool there = file_same(path, journal);
    enum status status = there ? STATUS_OK : commands_spare(ui, path, error);
    if (status == STATUS_OK)
        status = commands_spare(ui, picture, error);
    if (status == STATUS_OK && !there)
        status = copy(journal, path, error);
    if (status == STATUS_OK)
        status = ui_shot(ui, picture, error);
    if (status == STATUS_OK)
        ui_say(ui, "Handed out: %.60s.journal replays this run, %.60s.txt shows it.", argument, argument);
    return status;
}

enum status command_share(struct ui *ui, const char *argument, struct error *error)
{
    char command[2048];
    (void)argument;
    if (!session_share(ui->session, command, sizeof command))
        return error_set(error, STATUS_FAILED, "share: the command does not fit into %zu bytes", sizeof command);
    if (ui->shared)
        lines_add(ui->shared, "%s\n", command);
    ui_say(ui, "%s%s", ui->shared ? "Again after q: " : "", command);
    return STATUS_OK;
}
