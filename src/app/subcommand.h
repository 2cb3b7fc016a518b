/* The table of subcommands: `downhill predict`, `downhill list` and so on; the first row is a run, which has no name. */
#ifndef APP_SUBCOMMAND_H
#define APP_SUBCOMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "app/cli.h"

#define SUBCOMMAND_TABLES_MAX 20
#define SUBCOMMANDS_MAX       16

struct subcommand {
    const char *name;  /* NULL: a run */
    const char *usage; /* what stands behind `downhill` in help, and what it does */
    const struct field_table *table[SUBCOMMAND_TABLES_MAX]; /* the fields that it takes, NULL behind them */
    bool refuses_state;             /* takes no field that affects the state: its journal says all these */
    size_t words_min, words_max;    /* that it takes besides options */
    const char *too_few, *too_many; /* messages */
    /* What cannot be, before any file is read; NULL: nothing besides. */
    enum status (*check)(const struct cli *cli, struct error *error);
    enum status (*run)(struct cli *cli, struct error *error);
};

extern const struct subcommand subcommand_table[];
extern const size_t subcommand_count;

#endif
