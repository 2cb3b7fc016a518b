/* The command line: words into a request that main carries out.
 *
 * Subcommands are rows of one table (app/subcommand.h), options are fields (base/field.h) in the tables of their owners,
 * which a subcommand lists.  Options come before or after other words; `--` ends them. */
#ifndef APP_CLI_H
#define APP_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "app/export.h"
#include "app/sample.h"
#include "base/field.h"
#include "base/status.h"
#include "setup/spec.h"
#include "ui/ui.h"

#define CLI_WORDS_MAX 2
#define CLI_SAID_MAX  128

struct subcommand;

/* The fields that were set, each once. */
struct said {
    const struct field *field[CLI_SAID_MAX];
    size_t count;
};

struct cli {
    const struct subcommand *command;
    int argc;
    char **argv;
    const char *word[CLI_WORDS_MAX]; /* that are no options, behind the subcommand's name; point into argv */
    size_t words;
    struct said said;
    bool help, version;
    /* A run, or a replay, which sets only what its journal does not say. */
    struct spec spec; /* owned: cli_free */
    struct ui_options screen;
    const char *replay;         /* the journal to replay, or NULL; points into argv */
    const char *journal;        /* file for the run's journal, NULL: the usual place; points into argv */
    bool no_journal;            /* none is kept */
    const char *journal_folder; /* in place of the usual one, or NULL; points into config */
    char *config;               /* text of the file `config`, or NULL; owned */
    bool force;                 /* of a replay: whatever the data are now */
    bool headless;
    bool verbose; /* says at the end what memory the run took */
    bool paused;  /* opens paused on step 0 */
    /* Other subcommands. */
    struct sample_options sample;
    struct export_options export;
};

/* With --load the run is the checkpoint's as far as the words say nothing else.  STATUS_FAILED when the file cannot be
 * read. STATUS_USAGE with a message that names the option and what would be right. `cli` is to be freed in any case. */
enum status cli_parse(struct cli *cli, int argc, char **argv, struct error *error);
void cli_free(struct cli *cli);

#endif
