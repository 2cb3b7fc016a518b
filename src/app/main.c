/* downhill: from words on the command line to a run, on the screen or without one. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/cli.h"
#include "app/export.h"
#include "app/headless.h"
#include "app/limits.h"
#include "app/list.h"
#include "app/predict.h"
#include "app/replay.h"
#include "app/sample.h"
#include "base/mem.h"
#include "base/signals.h"
#include "nn/kernels.h"
#include "session/session.h"
#include "ui/screen.h"
#include "ui/ui.h"

#ifndef DOWNHILL_VERSION
#define DOWNHILL_VERSION "0"
#endif

/* Said when the screen is gone. */
static void say_goodbye(const struct cli *cli, int argc, char **argv, const struct session *session,
                        const struct lines *shared)
{
    /* What was found in the file: the screen has one row for it, which may be too short. */
    puts(session_dataset(session)->report);
    if (session_dataset(session)->notes && session_dataset(session)->notes[0])
        puts(session_dataset(session)->notes);
    if (cli->action == CLI_RUN)
        again_print(stdout, argc, argv, session);
    if (shared->text)
        printf("Shared:\n%s", shared->text);
    uint64_t end;
    const char *journal = session_journal(session) ? session_journal(session) : cli->replay;
    if (session_replays(session, &end))
        again_print_replay(stdout, argv[0], journal, session_status(session)->lost[SESSION_JOURNAL] ? &end : NULL);
}

static enum status run_on_screen(struct cli *cli, const struct session_options *options, int argc, char **argv,
                                 struct error *error)
{
    struct lines shared = {0};
    const struct ui_options look = {
        .theme = cli->theme,
        .ascii = cli->ascii,
        .present = cli->present,
        .fps = cli->fps,
        .shared = &shared,
    };
    struct session *session;
    enum status status = screen_check(error); /* before files are written over */
    if (status == STATUS_OK)
        status = session_open(&session, &cli->spec, options, error);
    if (status != STATUS_OK)
        return status;
    signals_catch();
    status = ui_run(session, &look, error);
    if (status == STATUS_OK) {
        status = session_finish(session, stderr, error);
        say_goodbye(cli, argc, argv, session, &shared);
        session_close(session, NULL);
    } else {
        session_abandon(session);
    }
    mem_free(shared.text);
    return status;
}

static enum status run(struct cli *cli, int argc, char **argv, struct error *error)
{
    struct replay replay = {.script = NULL};
    enum status status = cli->action == CLI_REPLAY ? replay_load(&replay, cli, error) : STATUS_OK;
    if (status == STATUS_OK) {
        const struct session_options options = {
            .paused = cli->paused,
            .verbose = cli->verbose,
            .journal = cli->journal,
            .journal_folder = cli->journal_folder,
            .journal_usual = !cli->no_journal && cli->action == CLI_RUN,
            .script = replay.script,
            .made_with = replay.script ? &replay.facts : NULL,
        };
        status = cli->headless ? headless_run(&cli->spec, &options, isatty(STDERR_FILENO), error)
                               : run_on_screen(cli, &options, argc, argv, error);
    }
    replay_free(&replay);
    return status;
}

static enum status predict(const struct cli *cli, struct error *error)
{
    const struct predict_options options = {
        .checkpoint = cli->checkpoint,
        .rows = cli->rows,
        .form = cli->spec.csv.form,
        .best = cli->best,
        .terminal = isatty(STDOUT_FILENO),
    };
    return predict_print(stdout, &options, error);
}

static enum status act(struct cli *cli, int argc, char **argv, struct error *error)
{
    switch (cli->action) {
    case CLI_HELP:
        cli_help(stdout);
        return STATUS_OK;
    case CLI_VERSION:
        puts("downhill " DOWNHILL_VERSION);
        return STATUS_OK;
    case CLI_PREDICT:
        return predict(cli, error);
    case CLI_LIST:
        return list_print(stdout, cli->list, error);
    case CLI_RUN:
    case CLI_REPLAY:
        break;
    }
    return run(cli, argc, argv, error);
}

/* sample and export read their own command line; cli_parse reads that of all other commands. */
static enum status carry_out(struct cli *cli, int argc, char **argv, struct error *error)
{
    if (argc > 1 && strcmp(argv[1], "export") == 0)
        return export_command(argc - 2, argv + 2, error);
    if (argc > 1 && strcmp(argv[1], "sample") == 0)
        return sample_command(argc - 2, argv + 2, stdout, isatty(STDOUT_FILENO), error);
    const enum status status = cli_parse(cli, argc, argv, error);
    return status == STATUS_OK ? act(cli, argc, argv, error) : status;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of its write, which is told */

    struct error error = {.status = STATUS_OK};
    struct cli cli = {.action = CLI_RUN};
    enum status status = limits_meet(argv, &error);
    if (status == STATUS_OK)
        status = kernels_check(&error);
    if (status == STATUS_OK)
        status = carry_out(&cli, argc, argv, &error);
    if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = error_set(&error, STATUS_FAILED, "standard output: could not be written");
    if (status != STATUS_OK)
        fprintf(stderr, "downhill: %s%s\n", error.message, status == STATUS_USAGE ? " (downhill --help)" : "");
    signals_release();
    cli_free(&cli);
    return (int)status;
}
