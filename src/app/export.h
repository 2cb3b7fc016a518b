/* `downhill export JOURNAL -o FILE`: the figures of a run, from its journal, which is repeated without a screen.  A
 * table has each step's values: they go through a file beside it (store/spool.h), so that memory does not grow with
 * the run.  A figure and an envelope are made from the history, as on the screen. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "base/field.h"
#include "base/status.h"
#include "ui/publish.h"

struct cli;

struct export_options {
    const char *path, *theme;
    struct publish_options look;
};
extern const struct export_options export_usual;
extern const struct field_table export_fields;

#define EXPORT_NEEDS "export takes a journal and a file: downhill export RUN.journal -o RUN.svg"

/* All that can be wrong is said before a long run is repeated. */
enum status export_check(const struct cli *cli, struct error *error);

/* STATUS_USAGE with what would be right, STATUS_FAILED with the reason when the journal cannot be read or the file not
 * be written, or when the run departs from its journal: the file is then written all the same. */
enum status export_command(struct cli *cli, struct error *error);

#endif
