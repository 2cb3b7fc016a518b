/* Fields: values that a person can set by name, one table row each.
 *
 * A table describes the members of one struct, its owner.  From the rows come the command line, recipes, the text of a
 * spec in journals and checkpoints, the share line, `--help`, the lists and the file `config`; so a new field is one
 * row.  A row says what the value is (`type`), where it is stored (`store`, `offset`), and what it may be.  A field
 * that fits no type has functions of its own.  Messages say what is wrong and what would be right. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lines.h"
#include "base/status.h"

enum field_type {
    FIELD_NUMBER, /* from min to max, in any store */
    FIELD_CHOICE, /* one of named choices; its number is stored */
    FIELD_SWITCH, /* a choice of off and on (field_off_on) */
    FIELD_MARK,   /* written without a value: where the name appears, the number in `sets` is stored */
    FIELD_STRING, /* an owned char *; NULL: not set */
    FIELD_WORD,   /* a const char * into the text that was read, which must outlive the owner; NULL: not set */
    FIELD_LIST,   /* an owned list of different strings, NULL behind them; NULL: not set */
    FIELD_OWN,    /* by the row's `read` and `write` */
};

/* The C type of a number that is stored. */
enum field_store { FIELD_DOUBLE, FIELD_U64, FIELD_SIZE, FIELD_UNSIGNED, FIELD_INT, FIELD_BOOL };

/* A field with this max or a larger one has no upper limit: messages do not mention it. */
#define FIELD_UNBOUNDED 9007199254740992.0 /* 2^53 */

struct field {
    const char *name;     /* "train-fraction": option, recipe, journal, `:` line */
    const char *alias;    /* second accepted name, or NULL */
    char letter;          /* of the short option, or 0 */
    const char *argument; /* what stands for the value in help: "FILE"; NULL: by type */
    const char *about; /* one line for help, after the choices; of a knob without too_low and too_high: what it does */
    enum field_type type;
    enum field_store store;
    size_t offset; /* of the value in the owner */

    /* What the value may be. */
    double min, max;                      /* accepted range, both included ... */
    bool min_open, max_open;              /* ... but this end itself is refused (lr 0, dropout 1) */
    bool whole;                           /* integers only; stores of integers take nothing else anyway */
    bool percent;                         /* shown as % */
    const char *zero;                     /* what 0 is called: "off", "max"; NULL: it is just a number */
    bool zero_is_most;                    /* 0 stands above every other value (speed) */
    const char *min_does;                 /* what the lower end does, for messages; or NULL */
    const char *example;                  /* right values, for messages: "0.25 or 25%"; or NULL */
    const char *(*choice)(size_t number); /* the name of choice `number`; of a text: what is accepted */
    size_t choice_count;                  /* 0: as many as `choice` has before it returns NULL */
    int sets;                             /* FIELD_MARK: the value that the name stands for */
    bool file;                            /* a path: it is not empty, and a recipe's are relative to its folder */
    bool output;                          /* a file that standard output cannot replace */

    /* When it is set, and what this means for others. */
    double unset;                       /* the stored number that stands for "not set", which is not written */
    size_t given;                       /* offset of a bool that becomes true when the field is read; 0: none */
    bool repeats;                       /* each time adds another value */
    bool rest_of_line;                  /* the value is many words */
    bool leads;                         /* defaults of others depend on it */
    bool shapes_model;                  /* changes the model, and neither the data nor what the loss means */
    const char *against;                /* the name of a field that contradicts it, or NULL */
    const char *conflict;               /* why */
    unsigned only_for;                  /* kinds of tasks that have it, bits of the table's owner; 0: all */
    const char *key, *section;          /* of a recipe, where they differ from name and table */
    bool (*applies)(const void *owner); /* whether it is written at all; NULL: always */

    /* Knobs: what a person changes while training runs. */
    const char *label;     /* panel and messages: "train data"; NULL: no knob */
    const char *marker;    /* chart marker, short: "data" */
    char key_down, key_up; /* 0: none */
    bool affects_state;    /* false for speed and timeline: no marker, no journal line */
    const double *rungs;   /* own ladder, ascending; NULL: 1-2-5 from `least` on, with `min` below it */
    size_t rung_count;
    double least;                   /* smallest rung above min on the 1-2-5 ladder */
    const char *absent;             /* the value in files written before the row existed; NULL: every file has one */
    double standard;                /* default where a task says nothing else */
    const char *too_low, *too_high; /* what each end of the ladder does, for `list knobs` */

    /* FIELD_OWN; of other types either may replace the standard way.  `write` adds the value as `read` takes it, of a
     * field that repeats its `index`th; false: it is not set. */
    enum status (*read)(void *owner, const struct field *field, const char *text, struct error *error);
    bool (*write)(const void *owner, const struct field *field, size_t index, struct lines *out);
};

/* A field that something has no use for, and why: "NAME: REASON" is the message.  A list of them ends with a row of
 * NULLs. */
struct refusal {
    const char *name, *reason;
};
/* Why the list refuses the field of that name; NULL: it does not.  The list may be NULL. */
const char *refusal_find(const struct refusal *list, const char *name);

/* The rows of one owner, or a part of them. */
struct field_table {
    const struct field *row;
    size_t count;
    const char *heading; /* in help; NULL: the rows continue the table before */
    const char *section; /* of a recipe; NULL: recipes do not have them */
};

/* The rows of an array, in the initialiser of a struct field_table. */
#define FIELD_ROWS(array) .row = (array), .count = sizeof(array) / sizeof(array)[0]
/* A mark that makes a bool of struct `owner` true, in the initialiser of a struct field. */
#define FIELD_FLAG(owner, member)                                                                                      \
    .type = FIELD_MARK, .store = FIELD_BOOL, .offset = offsetof(struct owner, member), .sets = 1

/* By name or alias; NULL when there is none. */
const struct field *field_find(const struct field_table *table, const char *name);
/* The same in several tables. */
const struct field *field_find_in(const struct field_table *const *tables, size_t count, const char *name);

#define FIELD_NAMES_MAX 192

/* Appends the rows' names to the first `count` of `names`, which hold FIELD_NAMES_MAX at most; returns their number. */
size_t field_names(const struct field_table *table, const char *names[FIELD_NAMES_MAX], size_t count);

/* What stands for the value in help: "N", "X", "NAME", "on|off"; NULL: it takes none. */
const char *field_argument(const struct field *field);
size_t field_choices(const struct field *field);
/* The choices of a switch. */
const char *field_off_on(size_t number);
/* "above 0 and at most 100", "a whole number from 1 to 100000". */
void field_range(const struct field *field, char *out, size_t size);

/* ---- numbers, choices and switches as values ---- */

/* Parses and checks: "0.1", "20%", "adam", "on", "max". */
enum status field_parse(const struct field *field, const char *text, double *value, struct error *error);
/* As field_parse, but the value is rounded to what field_format shows of it: what a person types. */
enum status field_parse_shown(const struct field *field, const char *text, double *value, struct error *error);
/* Checks a value. */
enum status field_check(const struct field *field, double value, struct error *error);
/* As shown and as accepted by field_parse: "0.2", "50%", "adam", "off", "max". */
char *field_format(const struct field *field, double value, char *out, size_t size);
/* As files keep it: the same names for choices and 0, and numbers that field_parse takes back as the same double. */
char *field_format_exact(const struct field *field, double value, char *out, size_t size);

/* ---- any field of an owner ---- */

/* Sets it.  `text` NULL: a mark, said by its name alone.  STATUS_USAGE: the message begins with the name, of a knob with
 * its label. */
enum status field_read(void *owner, const struct field *field, const char *text, struct error *error);
/* The same for what a person types: a knob's value is rounded to what the screen shows of it. */
enum status field_read_typed(void *owner, const struct field *field, const char *text, struct error *error);
/* Whether field_unmark can take a mark back. */
bool field_can_unmark(const struct field *field);
void field_unmark(void *owner, const struct field *field);
/* Adds the value as field_read takes it, of a field that repeats its `index`th; false: it is not set. */
bool field_write(const void *owner, const struct field *field, size_t index, struct lines *out);
/* Whether the field has been set: its `given` says so; without one, field_write would write it where it applies. */
bool field_is_set(const void *owner, const struct field *field);
/* Releases the strings and lists of a table's owner. */
void field_free(const struct field_table *table, void *owner);

/* "NAME TEXT: RIGHT", for a `read` that refuses a text. */
enum status field_wrong(const struct field *field, const char *text, const char *right, struct error *error);
/* "NAME: unknown name 'TEXT': did you mean ..." */
enum status field_unknown_choice(const struct field *field, const char *text, struct error *error);

#endif
