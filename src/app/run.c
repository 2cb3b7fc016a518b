/* Carries out a run or a replay, on the screen or without one. */
#include "app/run.h"

#include <stdio.h>
#include <unistd.h>

#include "app/again.h"
#include "app/headless.h"
#include "app/keys.h"
#include "app/replay.h"
#include "base/mem.h"
#include "base/signals.h"
#include "session/session.h"
#include "ui/screen.h"
#include "ui/ui.h"

/* Said when the screen is gone. */
static void say_goodbye(const struct cli *cli, const struct session *session, const struct lines *shared)
{
    /* What was found in the file: the screen has one row for it, which may be too short. */
    puts(session_dataset(session)->report);
    if (session_dataset(session)->notes && session_dataset(session)->notes[0])
        puts(session_dataset(session)->notes);
    if (!cli->replay)
        again_print(stdout, cli->argc, cli->argv, session);
    if (shared->text)
        printf("Shared:\n%s", shared->text);
    uint64_t end;
    const char *journal = session_journal(session) ? session_journal(session) : cli->replay;
    if (session_replays(session, &end))
        again_print_replay(stdout, cli->argv[0], journal, session_status(session)->lost[SESSION_JOURNAL] ? &end : NULL);
}

static enum status run_on_screen(struct cli *cli, const struct session_options *options, struct error *error)
{
    struct lines shared = {0};
    struct keymap *keymap = keys_read(stderr);
    struct ui_options look = cli->screen;
    look.shared = &shared;
    look.commands = &app_commands;
    look.keymap = keymap;
    struct session *session;
    enum status status = keymap ? screen_check(error) : error_memory(error); /* before files are written over */
    if (status == STATUS_OK)
        status = session_open(&session, &cli->spec, options, error);
    if (status != STATUS_OK) {
        keymap_free(keymap);
        return status;
    }
    signals_catch();
    status = ui_run(session, &look, error);
    keymap_free(keymap);
    if (status == STATUS_OK) {
        status = session_finish(session, stderr, error);
        say_goodbye(cli, session, &shared);
        session_close(session, NULL);
    } else {
        session_abandon(session);
    }
    mem_free(shared.text);
    return status;
}

static enum status run(struct cli *cli, struct error *error)
{
    struct replay replay = {.script = NULL};
    enum status status = cli->replay ? replay_load(&replay, cli, error) : STATUS_OK;
    if (status == STATUS_OK) {
        const struct session_options options = {
            .paused = cli->paused,
            .verbose = cli->verbose,
            .journal = cli->journal,
            .journal_folder = cli->journal_folder,
            .journal_usual = !cli->no_journal && !cli->replay,
            .script = replay.script,
            .made_with = replay.script ? &replay.facts : NULL,
        };
        status = cli->headless ? headless_run(&cli->spec, &options, isatty(STDERR_FILENO), error)
                               : run_on_screen(cli, &options, error);
    }
    replay_free(&replay);
    return status;
}

enum status run_command(struct cli *cli, struct error *error)
{
    return run(cli, error);
}

enum status replay_command(struct cli *cli, struct error *error)
{
    cli->replay = cli->word[0];
    return run(cli, error);
}
