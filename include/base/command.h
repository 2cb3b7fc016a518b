/* The type of a command: one row tells everything about it.
 *
 * A row stands beside the function that does it.  Its *room* is the struct on which its functions work: the engine's
 * worker, or the screen.  The engine and the screen each list their rows in one array; the code that opens the screen
 * hands these lists to the `:` line, the keys and the help.
 *
 * An *input* changes the state of one trainer between two steps.  It has `check` and `apply`, is kept with the branch on
 * which it was given, and is applied again by every lane that repeats the branch.  Of the other commands, the
 * engine's move the run from state to state, and the screen's change what is shown.
 *
 * For a command of its own list the engine calls these functions in this order; each may be NULL:
 *     prepare   may refuse, or ask that the run first goes to another branch or step
 *     (the engine goes there)
 *     reserve   may refuse, and allocates all memory; an input has `check` for this
 *     (the engine writes the command's line into the journal)
 *     apply     of an input: changes the trainer
 *     obey      changes anything else of the run, and fills the answer
 *     (the engine sends the answer)
 * `apply` and `obey` cannot fail. */
#ifndef BASE_COMMAND_H
#define BASE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct event;
struct trainer;

#define COMMAND_ARGUMENTS 4 /* most arguments of a command */

enum argument_type {
    ARGUMENT_NONE,
    ARGUMENT_NUMBER, /* a whole number */
    ARGUMENT_BRANCH, /* the number of a branch; people write its name */
    ARGUMENT_KNOB,   /* the number of a knob; written as its name */
    ARGUMENT_VALUE,  /* of the knob before it: as it is written; `down` and `up` are -infinity and infinity */
    ARGUMENT_WORD,   /* one of `choice`: its number */
    ARGUMENT_TEXT,   /* the rest of the line; only the last argument */
    ARGUMENT_FILE,   /* the same: a file that the command writes */
};

/* What stands for an argument that is left out. */
enum argument_implied {
    IMPLIED_NOTHING, /* it must be there; or, of an optional one: the number 0, no text */
    IMPLIED_PRESENT, /* the present branch */
    IMPLIED_CHOSEN,  /* the branch that is chosen on the screen, else the present one */
    IMPLIED_RIVAL,   /* the branch that runs beside the present one, else as IMPLIED_CHOSEN */
};

struct argument {
    const char *name; /* as help shows it: "STEP" */
    enum argument_type type;
    double min, max; /* of a number; of a text: max = most bytes */
    bool optional;
    enum argument_implied implied;
    const char *(*choice)(size_t index); /* words that it can be, all of an ARGUMENT_WORD; NULL behind the last */
};

enum command_flag {
    COMMAND_RECORDED = 1,       /* the journal has it: a replay needs it */
    COMMAND_LOOKS = 2,          /* leaves the run as it is: a look at an earlier state stays open */
    COMMAND_TAKES_OVER = 4,     /* given by a person, it ends a replay */
    COMMAND_BREAKS = 8,         /* cancels a command that is still on its way to a step; not in a replay */
    COMMAND_ENDS = 16,          /* the same, also in a replay */
    COMMAND_REPLACES_LIKE = 32, /* cancels an earlier command of the same row that is still on its way to a step */
    COMMAND_SEEKS = 64,         /* brings the run to a branch or a step first */
    COMMAND_GIVES_UP = 128,     /* cancels a twin that catches up beside the run; not in a replay */
    COMMAND_UNLISTED = 256      /* neither the help nor the `:` line offers it: it is for keys, or for the program */
};

union argument_value {
    uint64_t number; /* also of a branch, a knob and a word */
    double real;     /* of a knob's value */
};

/* A command with its arguments.  The text is owned: who takes a request frees it with request_free. */
struct request {
    const struct command *row;
    uint32_t token; /* chosen by the sender, comes back in the answer; 0: none */
    union argument_value value[COMMAND_ARGUMENTS];
    char *text; /* NULL: none */
};

struct command {
    const char *name, *alias; /* alias: NULL, or a second name */
    const char *about;        /* one line for the help */
    const char *example;      /* its arguments, for messages: "1200" */
    struct argument argument[COMMAND_ARGUMENTS];
    unsigned flags; /* enum command_flag */
    /* Whether COMMAND_RECORDED and COMMAND_TAKES_OVER hold for these arguments; NULL: for all. */
    bool (*records)(const struct request *);

    /* Of an input.  `check` fails with STATUS_USAGE where this trainer has no use for the request, and with
     * STATUS_FAILED without memory; once it has succeeded, `apply` cannot fail.  `apply` fills the event but for its
     * branch and step. */
    enum status (*check)(struct trainer *, const struct request *, struct error *);
    void (*apply)(struct trainer *, const struct request *, struct event *);

    /* Of the engine's commands; `room` is the struct worker. */
    enum status (*prepare)(void *room, const struct request *, struct error *);
    enum status (*reserve)(void *room, const struct request *, struct error *);
    void (*obey)(void *room, const struct request *, struct event *answer);

    /* Of the screen, in place of all above: does it, or refuses. */
    enum status (*run)(void *room, const struct request *, struct error *);
};

/* All rows of the engine, or of the screen. */
struct command_list {
    const struct command *const *row;
    size_t count;
};

/* The lists of both. */
struct command_lists {
    const struct command_list *const *list;
    size_t count;
};

/* The row of that name or alias, in letters of either case; NULL: none. */
const struct command *command_find(const struct command_list *list, const char *name);
const struct command *commands_find(const struct command_lists *lists, const char *name);
/* The rows of all lists, one after the other; NULL behind the last. */
const struct command *commands_at(const struct command_lists *lists, size_t index);

static inline bool argument_is_text(const struct argument *argument)
{
    return argument->type == ARGUMENT_TEXT || argument->type == ARGUMENT_FILE;
}

/* Whether the flag holds for this request. */
bool request_has(const struct request *request, enum command_flag flag);
/* Whether it changes a trainer's state and is to be kept with its branch. */
bool request_is_input(const struct request *request);
/* The first argument of that type, or 0. */
uint64_t request_number(const struct request *request, enum argument_type type);
/* The text, "" where there is none. */
const char *request_text(const struct request *request);
/* A copy with a text of its own.  False: out of memory. */
bool request_copy(struct request *to, const struct request *from);
/* Frees the text. */
void request_free(struct request *request);

#endif
