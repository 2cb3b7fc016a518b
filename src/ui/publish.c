#include "ui/publish.h"

#include <stdio.h>

#include "base/number.h"
#include "metrics/export.h"
#include "plot/figure.h"

enum status publish_check(const char *path, struct error *error)
{
    if (figure_is_for(path) || export_is_for(path))
        return STATUS_OK;
    return error_set(error, STATUS_USAGE,
                     "%.200s: exported are .svg, .pdf and .png (the charts), .csv and .jsonl (the values)", path);
}

static size_t find_ghosts(const struct session *session, struct figure_ghost *out)
{
    size_t count = 0;
    for (size_t i = session_branches(session); i-- > 0 && count < FIGURE_GHOSTS_MAX;) {
        const struct session_branch *branch = session_branch(session, i);
        if (i != session_status(session)->branch && !branch->hidden && !branch->deleted)
            out[count++] = (struct figure_ghost){.branch = (uint16_t)i, .name = branch->name};
    }
    return count;
}

static enum status write_figure(const struct session *session, const struct publish_options *options, const char *path,
                                struct error *error)
{
    const struct session_status *status = session_status(session);
    const struct session_model *model = session_model(session);
    struct figure_ghost ghost[FIGURE_GHOSTS_MAX];
    char step[32], subtitle[160];
    snprintf(subtitle, sizeof subtitle, "%s · seed %llu · step %s", model->architecture,
             (unsigned long long)status->seed, number_count(step, sizeof step, status->step));
    const struct figure figure = {
        .history = session_history(session),
        .branch = status->branch,
        .ghost = ghost,
        .ghosts = find_ghosts(session, ghost),
        .title = model->task,
        .subtitle = subtitle,
        .chance_loss = model->chance_loss,
        .chance_accuracy = model->chance_accuracy,
        .best_step = (double)status->best_step,
        .best_loss = status->best_test_loss,
        .accuracy_label = model->objective->accuracy_label,
        .accuracy_is_share = model->objective->accuracy_is_share,
        .palette = options->palette,
        .log_loss = options->log_loss,
        .hide_test = options->hide_test,
    };
    return figure_write(&figure, path, error);
}

enum status publish_write(const struct session *session, const struct publish_options *options, const char *path,
                          struct error *error)
{
    enum status status = publish_check(path, error);
    if (status != STATUS_OK)
        return status;
    if (figure_is_for(path))
        return write_figure(session, options, path, error);
    struct export_choice choice = {.branch = session_status(session)->branch, .envelope = options->envelope};
    if (options->series)
        status = export_choose(&choice, options->series, error);
    return status == STATUS_OK ? export_write(session_history(session), &choice, path, error) : status;
}
