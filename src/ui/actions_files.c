/* Holds the commands that write files: the screen, curves and values, a handout; and the one that shows the command line
 * of the present set-up. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/outfile.h"
#include "ui/publish.h"
#include "ui/ui_state.h"

static enum status run_shot(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const enum status status = ui_shot(ui, argument, error);
    if (status == STATUS_OK)
        ui_say(ui, "The screen was written to %.100s.", argument);
    return status;
}

const struct command command_shot = {
    .name = "shot",
    .about = "writes the screen as text",
    .example = "screen.txt",
    .argument = {{.name = "FILE", .type = ARGUMENT_FILE, .max = LINE_SIZE}},
    .run = run_shot,
};

static enum status run_export(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const struct publish_options look = {
        .palette = &ui->palette,
        .log_loss = ui->settings.log_loss,
        .hide_test = ui->settings.hide_test,
    };
    const enum status status = publish_write(ui->session, &look, argument, error);
    if (status == STATUS_OK)
        ui_say(ui, "The %s were written to %.100s.", publish_is_figure(argument) ? "curves" : "values", argument);
    return status;
}

const struct command command_export = {
    .name = "export",
    .about = "curves .svg .pdf .png, data .csv .jsonl",
    .example = "curves.svg",
    .argument = {{.name = "FILE", .type = ARGUMENT_FILE, .max = LINE_SIZE}},
    .run = run_export,
};

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
static enum status run_handout(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const char *journal = session_journal(ui->session);
    char path[300], picture[300];
    if (!journal)
        return error_set(error, STATUS_FAILED, "handout: this run keeps no journal; --journal FILE does");
    snprintf(path, sizeof path, "%.200s.journal", argument);
    snprintf(picture, sizeof picture, "%.200s.txt", argument);
    /* The journal itself may have that name: in its place a copy would take no further lines. */
    const bool there = file_same(path, journal);
    enum status status = there ? STATUS_OK : ui_spare(ui, path, error);
    if (status == STATUS_OK)
        status = ui_spare(ui, picture, error);
    if (status == STATUS_OK && !there)
        status = copy(journal, path, error);
    if (status == STATUS_OK)
        status = ui_shot(ui, picture, error);
    if (status == STATUS_OK)
        ui_say(ui, "Handed out: %.60s.journal replays this run, %.60s.txt shows it.", argument, argument);
    return status;
}

const struct command command_handout = {
    .name = "handout",
    .about = "NAME.journal to replay, NAME.txt to read",
    .example = "monday",
    .argument = {{.name = "NAME", .type = ARGUMENT_TEXT, .max = LINE_SIZE}},
    .run = run_handout,
};

static enum status run_share(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    char command[2048];
    (void)request;
    if (!session_share(ui->session, command, sizeof command))
        return error_set(error, STATUS_FAILED, "share: the command does not fit into %zu bytes", sizeof command);
    if (ui->shared)
        lines_add(ui->shared, "%s\n", command);
    ui_say(ui, "%s%s", ui->shared ? "Again after q: " : "", command);
    return STATUS_OK;
}

const struct command command_share = {
    .name = "share",
    .about = "the command that makes this set-up again",
    .run = run_share,
};
