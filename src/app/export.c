/* Carries out `downhill export`: repeats a run from its journal and writes its curves as a figure or a table. */
#include "app/export.h"

#include <stdio.h>
#include <string.h>

#include "app/find.h"
#include "app/option.h"
#include "base/file.h"
#include "base/number.h"
#include "engine/journal.h"
#include "engine/journal_facts.h"
#include "session/session.h"
#include "store/spool.h"

enum { POLL_MS = 200 };

/* ---- the words ---- */

#define WORD(member) .type = FIELD_WORD, .offset = offsetof(struct export_options, member)

static const struct field rows[] = {
    {
        .name = "output",
        .letter = 'o',
        .argument = "FILE",
        WORD(path),
        .file = true,
        .about = "the figure (.svg, .pdf, .png) or the table (.csv, .jsonl)",
    },
    {
        .name = "theme",
        WORD(theme),
        .choice = palette_name,
        .about = "colours of a figure (default: light)",
    },
    {
        .name = "log",
        FIELD_FLAG(export_options, look.log_loss),
        .about = "a figure's losses on a logarithmic axis",
    },
    {
        .name = "series",
        .argument = "NAME,NAME...",
        WORD(look.series),
        .about = "columns of a table (default: all that was measured)",
    },
    {
        .name = "envelope",
        FIELD_FLAG(export_options, look.envelope),
        .about = "a table of buckets: least, largest and mean in place of each step's values",
    },
    {
        .name = "branch",
        .argument = "BRANCH",
        WORD(look.branch),
        .about = "its name or number, or all (default: the one written last)",
    },
};
const struct field_table export_fields = {
    FIELD_ROWS(rows),
    .heading = "downhill export",
};

const struct export_options export_usual = {.theme = "light"}; /* paper */

/* Options of tables and of figures, which the other kind would ignore. */
static const struct {
    const char *name;
    bool of_figures;
} kind_table[] = {{"series", false}, {"envelope", false}, {"log", true}, {"theme", true}};

static enum status check_kind(const struct cli *cli, struct error *error)
{
    const bool figure = publish_is_figure(cli->export.path);
    for (size_t i = 0; i < sizeof kind_table / sizeof kind_table[0]; i++)
        if (said_has(&cli->said, kind_table[i].name) && kind_table[i].of_figures != figure)
            return error_set(error, STATUS_USAGE, "--%s is for %s: %.200s is a %s", kind_table[i].name,
                             figure ? "tables" : "figures", cli->export.path, figure ? "figure" : "table");
    return STATUS_OK;
}

enum status export_check(const struct cli *cli, struct error *error)
{
    const char *path = cli->export.path;
    if (!path)
        return error_set(error, STATUS_USAGE, EXPORT_NEEDS);
    if (file_same(cli->word[0], path))
        return error_set(error, STATUS_USAGE, "%.200s: it would overwrite the journal", path);
    const enum status status = publish_check(&cli->export.look, path, error);
    return status == STATUS_OK ? check_kind(cli, error) : status;
}

/* ---- the run again ---- */

static const struct event *departure(const struct session *session)
{
    const struct history *history = session_history(session);
    for (size_t i = 0; i < history_events(history); i++)
        if (history_event(history, i)->kind == EVENT_DEPARTED)
            return history_event(history, i);
    return NULL;
}

static enum status watch_and_write(struct session *session, const struct export_options *options, struct error *error)
{
    while (!session_status(session)->ended)
        session_wait(session, POLL_MS);
    enum status status = publish_write(session, &options->look, options->path, error);
    const struct event *departed = departure(session);
    char step[32];
    if (status == STATUS_OK && departed)
        status = error_set(error, STATUS_FAILED, "the run departs from its journal at step %s",
                           number_count(step, sizeof step, departed->step));
    return status;
}

/* Takes over the contents of `spec`. */
static enum status repeat_and_write(struct spec *spec, struct journal_script *script, const struct journal_facts *facts,
                                    struct export_options *options, struct error *error)
{
    struct publish_options *look = &options->look;
    const bool each_step = !look->envelope && !publish_is_figure(options->path);
    enum status status = publish_spares(spec, options->path, error);
    if (status == STATUS_OK && each_step)
        status = spool_create(&look->spool, options->path, error);
    if (status != STATUS_OK) {
        spec_free(spec);
        return status;
    }
    const struct session_options how = {
        .headless = true, .exact = true, .spool = look->spool, .script = script, .made_with = facts};
    struct session *session;
    status = session_open(&session, spec, &how, error);
    if (status == STATUS_OK) {
        status = watch_and_write(session, options, error);
        session_close(session, NULL);
    }
    spool_free(look->spool);
    return status;
}

enum status export_command(struct cli *cli, struct error *error)
{
    const char *journal = cli->word[0];
    struct journal_script *script = NULL;
    struct journal_facts facts;
    struct spec spec;
    spec_init(&spec);
    cli->export.look.palette = palette_find(cli->export.theme);
    enum status status = journal_read(&script, journal, &spec, &facts, error);
    if (status == STATUS_OK)
        status = find_files(&spec, journal, error);
    if (status == STATUS_OK)
        status = journal_facts_check(&facts, &spec, error);
    if (status == STATUS_OK) {
        spec.threads = facts.threads;
        status = repeat_and_write(&spec, script, &facts, &cli->export, error);
    } else {
        spec_free(&spec);
    }
    journal_script_free(script);
    return status;
}
