#include "app/replay.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lines.h"
#include "base/mem.h"
#include "data/toys.h"
#include "run/journal_facts.h"

/* The file's name in the folder of the journal; NULL: out of memory. */
static char *beside(const char *journal, const char *path)
{
    const char *folder = strrchr(journal, '/'), *base = strrchr(path, '/');
    struct lines name = {0};
    lines_add(&name, "%.*s%s", folder ? (int)(folder + 1 - journal) : 0, journal, base ? base + 1 : path);
    return name.text;
}

/* A journal and its table travel together: what is not where it was is looked for beside the journal. */
static enum status find_file(const char **path, const char *journal, struct error *error)
{
    if (!*path || strcmp(*path, "-") == 0 || access(*path, F_OK) == 0)
        return STATUS_OK;
    char *other = beside(journal, *path);
    if (!other)
        return error_memory(error);
    if (access(other, F_OK) != 0) {
        const enum status status = error_set(error, STATUS_FAILED, "%.150s: %s (and %.150s is not there either)", *path,
                                             strerror(errno), other);
        mem_free(other);
        return status;
    }
    mem_free((char *)*path); /* owned by the spec */
    *path = other;
    return STATUS_OK;
}

static enum status find_files(struct spec *spec, const char *journal, struct error *error)
{
    const char *task = spec->task, *load = spec->load_path;
    const bool toy = toy_find(task) != NULL;
    enum status status = STATUS_OK;
    if (!toy)
        status = find_file(&task, journal, error);
    if (!toy && status == STATUS_OK)
        status = find_file(&spec->csv.test_path, journal, error);
    if (status == STATUS_OK)
        status = find_file(&load, journal, error);
    for (size_t i = 0; i < spec->stages && status == STATUS_OK; i++) {
        const char *data = spec->stage[i].data;
        status = find_file(&data, journal, error);
        spec->stage[i].data = (char *)data;
    }
    spec->task = (char *)task;
    spec->load_path = (char *)load;
    return status;
}

/* What the command line may say about a replay. */
static void keep_said(struct spec *spec, struct spec *said)
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (said->knob_given[i])
            spec->knobs.value[i] = said->knobs.value[i];
    spec->log_path = said->log_path;
    spec->log_every = said->log_every;
    spec->save_path = said->save_path;
    spec->save_every = said->save_every;
    said->log_path = said->save_path = NULL;
}

enum status replay_load(struct replay *replay, struct cli *cli, struct error *error)
{
    *replay = (struct replay){.script = NULL};
    struct spec spec;
    spec_init(&spec);
    enum status status = journal_read(&replay->script, cli->replay, &spec, &replay->facts, error);
    if (status == STATUS_OK)
        status = find_files(&spec, cli->replay, error);
    if (status == STATUS_OK && !cli->force)
        status = journal_facts_check(&replay->facts, &spec, error);
    if (status == STATUS_OK && (file_same(cli->journal, cli->replay) || file_same(cli->spec.log_path, cli->replay) ||
                                file_same(cli->spec.save_path, cli->replay)))
        status = error_set(error, STATUS_USAGE, "%.200s: it would be overwritten", cli->replay);
    if (status != STATUS_OK) {
        spec_free(&spec);
        return status;
    }
    spec.threads = replay->facts.threads;
    keep_said(&spec, &cli->spec);
    spec_free(&cli->spec);
    cli->spec = spec;
    return STATUS_OK;
}

void replay_free(struct replay *replay)
{
    journal_script_free(replay->script);
}
