/* One option of the command line: found by its name, alias or letter in the tables of a subcommand, with its value. */
#ifndef APP_OPTION_H
#define APP_OPTION_H

#include <stdbool.h>

#include "app/subcommand.h"

struct option {
    const struct field *field;
    const char *value; /* NULL: a mark */
    bool taken_back;   /* --no-NAME of a mark */
};

static inline bool option_is(const char *word)
{
    return word[0] == '-' && word[1];
}

/* Reads the option at argv[*at] and its value, which may stand behind an equals sign or be the next word; moves *at past
 * both.  STATUS_USAGE: there is no such option, it is another subcommand's, or its value is missing or too much. */
enum status option_read(struct option *option, const struct subcommand *command, int argc, char **argv, int *at,
                        struct error *error);

/* Sets the field of an option, or of a line of a file, in the request, and notes it in `said`. */
enum status option_set(struct cli *cli, const struct option *option, struct error *error);

/* Notes that a field has been set, or no longer is. */
void said_note(struct said *said, const struct field *field, bool set);
/* Whether one of that name has been set. */
bool said_has(const struct said *said, const char *name);

#endif
