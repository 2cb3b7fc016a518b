/* The options of the command line, one table row each; knobs are options too, made from a table of their own. */
#ifndef APP_OPTION_H
#define APP_OPTION_H

#include "app/cli.h"

struct option {
    const char *name;
    char letter;          /* short form, or 0 */
    const char *argument; /* NULL: a switch */
    const char *about;
    bool with_replay; /* says nothing that a journal says */
    bool config;      /* the file `config` may set it (app/config.h) */
    enum status (*take)(struct cli *cli, const struct option *option, const char *value, struct error *error);
};
extern const struct option option_table[];
extern const size_t option_count; /* at most OPTIONS_MAX */

/* The row of the option with that name, of which `length` bytes count; NULL when there is none. */
const struct option *option_find(const char *name, size_t length);

/* STATUS_USAGE, with the nearest name, for a theme that there is none of. */
enum status option_check_theme(const char *name, struct error *error);

#endif
