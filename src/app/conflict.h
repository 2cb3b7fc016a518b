/* Options that contradict each other are refused, whatever their order; of one option that is said several times the
 * last counts, unless it may be repeated. */
#ifndef APP_CONFLICT_H
#define APP_CONFLICT_H

#include "app/cli.h"

/* Checks what the command line says, before any file is read.  STATUS_USAGE names the options that are in conflict. */
enum status conflict_check(const struct cli *cli, struct error *error);

/* The part of it that recipes share, whose keys have the names of options.  `dashes` comes before each name in the
 * message: "--" for options, "" for keys. */
enum status conflict_check_pairs(const struct said *said, const char *dashes, struct error *error);

/* Checks a run or a replay after its recipe and its checkpoint have been read. */
enum status conflict_check_run(const struct cli *cli, struct error *error);

#endif
