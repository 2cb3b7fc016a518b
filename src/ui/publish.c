/* Writes a figure or a table of a session's branches for `:export` and `downhill export`. */
#include "ui/publish.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "plot/figure.h"
#include "store/export.h"
#include "ui/lineage.h"

#define NAMES_MAX 96

/* All of the session's branches. */
struct all_branches {
    struct branch_list list;
    const struct session_branch **branch; /* owned */
};

bool publish_is_figure(const char *path)
{
    return figure_is_for(path);
}

static bool is_all(const struct publish_options *options)
{
    return options->branch && strcmp(options->branch, PUBLISH_ALL) == 0;
}

enum status publish_check(const struct publish_options *options, const char *path, struct error *error)
{
    if (!figure_is_for(path) && !export_is_for(path))
        return error_set(error, STATUS_USAGE,
                         "%.200s: exported are .svg, .pdf and .png (the charts), .csv and .jsonl (the values)", path);
    if (is_all(options) && (figure_is_for(path) || options->envelope))
        return error_set(error, STATUS_USAGE, "--branch all is for tables of each step's values, %s",
                         figure_is_for(path) ? "a figure is about one branch" : "--envelope is about one branch");
    struct export_choice choice;
    return options->series ? export_choose(&choice, options->series, error) : STATUS_OK;
}

enum status publish_spares(const struct spec *spec, const char *path, struct error *error)
{
    const char *lost = spec_reads(spec, path);
    return lost ? error_set(error, STATUS_USAGE, "%.200s: it would overwrite %s", path, lost) : STATUS_OK;
}

static bool list_branches(struct all_branches *all, const struct session *session)
{
    const size_t count = session_branches(session);
    all->branch = mem_alloc(count, sizeof *all->branch);
    if (!all->branch)
        return false;
    for (size_t i = 0; i < count; i++)
        all->branch[i] = session_branch(session, i);
    all->list = (struct branch_list){all->branch, count, history_forest(session_history(session))};
    return true;
}

static enum status find_branch(const struct all_branches *all, const struct session *session, const char *name,
                               uint16_t *out, struct error *error)
{
    const char *names[NAMES_MAX];
    char near[200];
    const bool named = name && strcmp(name, PUBLISH_ALL) != 0;
    const int found = named ? lineage_find(&all->list, name) : session_status(session)->branch;
    *out = (uint16_t)(found >= 0 ? found : 0);
    if (found >= 0)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "there is no branch '%.40s'%s", name,
                     name_suggest(near, sizeof near, name, names, lineage_names(&all->list, names, NAMES_MAX)));
}

/* ---- figures ---- */

#define LABEL_SIZE 112 /* of a name and a change */

/* What a twin has otherwise says more than its number does. */
static const char *label_of(const struct branch_list *list, uint16_t number, char *out)
{
    const struct session_branch *branch = list->branch[number];
    char name[LINEAGE_NAME_SIZE];
    lineage_name(list, number, name, sizeof name);
    if (!branch->change[0])
        snprintf(out, LABEL_SIZE, "%s", name);
    else if (lineage_is_named(list, number))
        snprintf(out, LABEL_SIZE, "%s: %s", name, branch->change);
    else
        snprintf(out, LABEL_SIZE, "%s", branch->change);
    return out;
}

static size_t find_ghosts(const struct session *session, const struct branch_list *list, uint16_t main,
                          struct figure_ghost *out, char label[][LABEL_SIZE])
{
    const struct session_status *status = session_status(session);
    uint16_t number[FIGURE_GHOSTS_MAX];
    const size_t count = lineage_ghosts(list, main, status->rival, FIGURE_GHOSTS_MAX, number);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct figure_ghost){
            .branch = number[i], .name = label_of(list, number[i], label[i]), .rival = number[i] == status->rival};
    return count;
}

static enum status write_figure(const struct session *session, const struct branch_list *list, uint16_t main,
                                const struct publish_options *options, const char *path, struct error *error)
{
    const struct session_status *status = session_status(session);
    const struct session_model *model = session_model(session);
    const struct session_branch *branch = list->branch[main];
    const bool present = main == status->branch;
    struct figure_ghost ghost[FIGURE_GHOSTS_MAX];
    char label[FIGURE_GHOSTS_MAX][LABEL_SIZE], step[32], subtitle[240];
    snprintf(subtitle, sizeof subtitle, "%s%s%s · seed %llu · step %s", model->architecture,
             branch->change[0] ? " · " : "", branch->change, (unsigned long long)branch->seed,
             number_count(step, sizeof step, present ? status->step : branch->last));
    const struct figure figure = {
        .history = session_history(session),
        .branch = main,
        .ghost = ghost,
        .ghosts = find_ghosts(session, list, main, ghost, label),
        .title = model->task,
        .subtitle = subtitle,
        .guess_loss = model->guess.loss,
        .guess_accuracy = model->guess.accuracy,
        .best_step = present ? (double)status->best_step : 0,
        .best_loss = status->best_test_loss,
        .first_stage = session_stages(session) > 1 ? session_stage(session, 0)->name : NULL,
        .accuracy_label = model->objective->accuracy_label,
        .accuracy_is_share = model->objective->accuracy_is_share,
        .palette = options->palette,
        .log_loss = options->log_loss,
        .hide_test = options->hide_test,
    };
    return figure_write(&figure, path, error);
}

/* ---- tables ---- */

/* All that are not deleted; NULL: out of memory. */
static struct export_branch *list_all(const struct branch_list *list, size_t *count)
{
    struct export_branch *all = mem_alloc(list->count, sizeof *all);
    *count = 0;
    for (size_t i = 0; all && i < list->count; i++)
        if (lineage_branch(list, (int)i))
            all[(*count)++] = (struct export_branch){.number = (uint16_t)i, .name = list->branch[i]->name};
    return all;
}

static enum status write_table(const struct session *session, const struct branch_list *list, uint16_t main,
                               const struct publish_options *options, const char *path, struct error *error)
{
    const struct history *history = session_history(session);
    struct export_choice choice = {.branch = main, .envelope = options->envelope};
    struct export_branch *all = NULL;
    enum status status = options->series ? export_choose(&choice, options->series, error) : STATUS_OK;
    if (status == STATUS_OK && is_all(options)) {
        choice.branch_list = all = list_all(list, &choice.branches);
        if (!all)
            status = error_memory(error);
    }
    if (status == STATUS_OK)
        status = options->spool && !options->envelope ? spool_write(options->spool, history, &choice, path, error)
                                                      : export_write(history, &choice, path, error);
    mem_free(all);
    return status;
}

enum status publish_write(const struct session *session, const struct publish_options *options, const char *path,
                          struct error *error)
{
    struct all_branches all;
    uint16_t main = 0;
    enum status status = publish_check(options, path, error);
    if (status == STATUS_OK)
        status = publish_spares(session_spec(session), path, error);
    if (status != STATUS_OK)
        return status;
    if (!list_branches(&all, session))
        return error_memory(error);
    status = find_branch(&all, session, options->branch, &main, error);
    if (status == STATUS_OK)
        status = (figure_is_for(path) ? write_figure : write_table)(session, &all.list, main, options, path, error);
    mem_free(all.branch);
    return status;
}
