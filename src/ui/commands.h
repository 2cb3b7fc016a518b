/* What can be typed on the `:` line: one table row each, and the name of every knob. */
#ifndef UI_COMMANDS_H
#define UI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "learn/knob.h"

struct ui;

enum command_words { WORDS_NONE, WORDS_VIEWS, WORDS_THEMES, WORDS_BRANCHES };

struct command_row {
    const char *name, *alias; /* alias: NULL or a second name */
    const char *arguments;    /* "STEP"; NULL: takes none */
    const char *example;      /* of an argument that must be there: "5000" */
    bool optional;            /* the argument may be left out */
    const char *about;
    enum command_words words; /* how the argument is completed */
    enum status (*run)(struct ui *ui, const char *argument, struct error *error);
    const char *sends; /* where there is nothing to run: the command of the run, with the argument as its text */
};
extern const struct command_row command_table[];
extern const size_t command_count;

/* A line understood: a row, or a knob and its value. */
struct command_parsed {
    const struct command_row *row; /* NULL: a knob */
    enum knob_id knob;
    double value;
    char argument[200];
};

/* STATUS_USAGE with the reason and the nearest name where the line means nothing; an empty line is STATUS_OK with
 * neither row nor knob (knob == KNOB_COUNT). */
enum status command_parse(const char *text, struct command_parsed *out, struct error *error);

/* Completion: names of commands and knobs, then the values that the first word takes; `branches`: const struct
 * branch_list of those that can be named. */
size_t command_words(const void *branches, const char *before, const char **word, size_t most);

/* One line about the command or knob that the text begins with, or "". */
void command_describe(const char *text, char *out, size_t size);

#endif
