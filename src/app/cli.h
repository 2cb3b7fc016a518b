/* The command line: words into a request that main carries out.
 *
 * Options are rows of one table (name, argument, help, what it does to the request); each knob is an option too, made
 * from the knob table.  `--help` is printed from the same rows. */
#ifndef APP_CLI_H
#define APP_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"
#include "setup/spec.h"

#define OPTIONS_MAX 64

enum cli_action { CLI_RUN, CLI_REPLAY, CLI_LIST, CLI_PREDICT, CLI_HELP, CLI_VERSION };

struct cli {
    enum cli_action action;
    struct spec spec;           /* CLI_RUN; owned: cli_free.  CLI_REPLAY: only its log and speed */
    const char *replay;         /* CLI_REPLAY: the journal; points into argv */
    const char *journal;        /* file for the run's journal, NULL: the usual place; points into argv */
    bool no_journal;            /* none is kept */
    const char *journal_folder; /* in place of the usual one, or NULL; points into config */
    char *config;               /* text of the file `config`, or NULL; owned */
    bool force;                 /* CLI_REPLAY: whatever the data are now */
    bool headless;
    bool verbose;                  /* says at the end what memory the run took */
    bool paused;                   /* opens paused on step 0 */
    const char *of_run;            /* name of an option that changes the run; NULL: there is none */
    bool said[OPTIONS_MAX];        /* which rows of the option table are on the command line */
    const char *of_rows;           /* name of an option that says how a table is written, or NULL */
    const char *list;              /* CLI_LIST: what, or NULL; points into argv */
    bool best;                     /* --best: CLI_PREDICT and --load take the weights of the least test loss */
    const char *checkpoint, *rows; /* CLI_PREDICT: the two files, or NULL; point into argv */
    const char *theme;             /* NULL: dark, or what --present chooses; points into argv */
    bool ascii;
    bool present;
    unsigned fps; /* 0: the screen's own choice */
};

/* With --load the run is the checkpoint's as far as the words say nothing else.  STATUS_FAILED when the file cannot be
 * read. STATUS_USAGE with a message that names the option and what would be right. `cli` is to be freed in any case. */
enum status cli_parse(struct cli *cli, int argc, char **argv, struct error *error);
void cli_free(struct cli *cli);

void cli_help(FILE *out);

/* How many words, from argv[at] on, belong together: an option and its value, else one. *name: the option's long
 * name, NULL where it is none. */
int cli_words(int argc, char **argv, int at, const char **name);

#endif
