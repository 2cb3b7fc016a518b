/* What `:export FILE` and `downhill export` write of a session: a figure or a table, by the file's ending. */
#ifndef UI_PUBLISH_H
#define UI_PUBLISH_H

#include <stdbool.h>

#include "base/status.h"
#include "plot/palette.h"
#include "session/session.h"

struct publish_options {
    const struct palette *palette; /* of a figure */
    bool log_loss, hide_test;      /* of a figure */
    const char *series;            /* of a table: "loss,test_loss"; NULL: all that was measured */
    bool envelope;                 /* of a table: least, largest and mean instead of a row a step */
    const char *branch;            /* its name or number; NULL: the one that is being written */
    struct spool *spool;           /* each step's values, for a table; NULL: what the history still knows */
};

/* As `branch`, of a table of each step's values: all that are not deleted, each with the steps that it took itself. */
#define PUBLISH_ALL "all"

bool publish_is_figure(const char *path);
/* STATUS_USAGE with the endings that there are, when `path` has none of them, or with what else cannot be written
 * so. */
enum status publish_check(const struct publish_options *options, const char *path, struct error *error);
/* STATUS_USAGE for a path at which the run reads something. */
enum status publish_spares(const struct spec *spec, const char *path, struct error *error);

/* Other branches that are neither hidden nor deleted are a figure's ghosts, the newest first.  STATUS_USAGE when there
 * is no such branch, STATUS_FAILED with the reason when the file could not be written: the old one is then still
 * there. */
enum status publish_write(const struct session *session, const struct publish_options *options, const char *path,
                          struct error *error);

#endif
