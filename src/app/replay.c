/* Reads a journal for `downhill replay` and fills in the request that repeats its run. */
#include "app/replay.h"

#include "app/find.h"
#include "base/file.h"
#include "engine/journal_facts.h"

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
