/* Carries out `downhill export`: repeats a run from its journal and writes its curves as a figure or a table. */
#include "app/export.h"

#include <stdio.h>
#include <string.h>

#include "app/find.h"
#include "app/option.h"
#include "base/file.h"
#include "base/name.h"
#include "base/number.h"
#include "engine/journal.h"
#include "engine/journal_facts.h"
#include "session/session.h"
#include "store/spool.h"
#include "ui/publish.h"

enum { POLL_MS = 200 };

struct export_request {
    const char *journal, *path, *theme;
    struct publish_options look;
};

struct flag {
    const char *name;
    bool takes_value;
    void (*set)(struct export_request *request, const char *value);
};

static void set_path(struct export_request *request, const char *value)
{
    request->path = value;
}

static void set_theme(struct export_request *request, const char *value)
{
    request->theme = value;
}

static void set_series(struct export_request *request, const char *value)
{
    request->look.series = value;
}

static void set_envelope(struct export_request *request, const char *value)
{
    (void)value;
    request->look.envelope = true;
}

static void set_branch(struct export_request *request, const char *value)
{
    request->look.branch = value;
}

static void set_log(struct export_request *request, const char *value)
{
    (void)value;
    request->look.log_loss = true;
}

static const struct flag flag_table[] = {
    {"-o", true, set_path},         {"--theme", true, set_theme},
    {"--series", true, set_series}, {"--envelope", false, set_envelope},
    {"--log", false, set_log},      {"--branch", true, set_branch},
};
#define FLAGS (sizeof flag_table / sizeof flag_table[0])

static enum status take_flag(struct export_request *request, int argc, char **argv, int *at, struct error *error)
{
    const char *names[FLAGS], *word = argv[(*at)++];
    for (size_t i = 0; i < FLAGS; i++) {
        names[i] = flag_table[i].name;
        if (strcmp(word, names[i]) != 0)
            continue;
        if (flag_table[i].takes_value && *at == argc)
            return error_set(error, STATUS_USAGE, "%s needs a value", word);
        flag_table[i].set(request, flag_table[i].takes_value ? argv[(*at)++] : NULL);
        return STATUS_OK;
    }
    char near[256];
    return error_set(error, STATUS_USAGE, "export: unknown option '%.60s'%s", word,
                     name_suggest(near, sizeof near, word, names, FLAGS));
}

/* All that can be wrong is said before a long run is repeated. */
static enum status parse(struct export_request *request, int argc, char **argv, struct error *error)
{
    for (int at = 0; at < argc;) {
        if (argv[at][0] == '-' && argv[at][1]) {
            const enum status status = take_flag(request, argc, argv, &at, error);
            if (status != STATUS_OK)
                return status;
        } else if (request->journal) {
            return error_set(error, STATUS_USAGE, "'%.60s': one journal is exported at a time", argv[at]);
        } else {
            request->journal = argv[at++];
        }
    }
    if (!request->journal || !request->path || !request->journal[0] || !request->path[0])
        return error_set(error, STATUS_USAGE,
                         "export takes a journal and a file: downhill export RUN.journal -o RUN.svg");
    if (file_same(request->journal, request->path))
        return error_set(error, STATUS_USAGE, "%.200s: it would overwrite the journal", request->path);
    const enum status status = publish_check(&request->look, request->path, error);
    request->look.palette = palette_find(request->theme);
    return status == STATUS_OK ? option_check_theme(request->theme, error) : status;
}

static const struct event *departure(const struct session *session)
{
    const struct history *history = session_history(session);
    for (size_t i = 0; i < history_events(history); i++)
        if (history_event(history, i)->kind == EVENT_DEPARTED)
            return history_event(history, i);
    return NULL;
}

static enum status watch_and_write(struct session *session, const struct export_request *request, struct error *error)
{
    while (!session_status(session)->ended)
        session_wait(session, POLL_MS);
    enum status status = publish_write(session, &request->look, request->path, error);
    const struct event *departed = departure(session);
    char step[32];
    if (status == STATUS_OK && departed)
        status = error_set(error, STATUS_FAILED, "the run departs from its journal at step %s",
                           number_count(step, sizeof step, departed->step));
    return status;
}

/* Takes over the contents of `spec`. */
static enum status repeat_and_write(struct spec *spec, struct journal_script *script, const struct journal_facts *facts,
                                    struct export_request *request, struct error *error)
{
    struct publish_options *look = &request->look;
    const bool each_step = !look->envelope && !publish_is_figure(request->path);
    enum status status = publish_spares(spec, request->path, error);
    if (status == STATUS_OK && each_step)
        status = spool_create(&look->spool, request->path, error);
    if (status != STATUS_OK) {
        spec_free(spec);
        return status;
    }
    const struct session_options options = {
        .headless = true, .exact = true, .spool = look->spool, .script = script, .made_with = facts};
    struct session *session;
    status = session_open(&session, spec, &options, error);
    if (status == STATUS_OK) {
        status = watch_and_write(session, request, error);
        session_close(session, NULL);
    }
    spool_free(look->spool);
    return status;
}

enum status export_command(int argc, char **argv, struct error *error)
{
    struct export_request request = {.theme = "light"}; /* paper */
    enum status status = parse(&request, argc, argv, error);
    if (status != STATUS_OK)
        return status;
    struct journal_script *script = NULL;
    struct journal_facts facts;
    struct spec spec;
    spec_init(&spec);
    status = journal_read(&script, request.journal, &spec, &facts, error);
    if (status == STATUS_OK)
        status = find_files(&spec, request.journal, error);
    if (status == STATUS_OK)
        status = journal_facts_check(&facts, &spec, error);
    if (status == STATUS_OK) {
        spec.threads = facts.threads;
        status = repeat_and_write(&spec, script, &facts, &request, error);
    } else {
        spec_free(&spec);
    }
    journal_script_free(script);
    return status;
}
