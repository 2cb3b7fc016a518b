/* All that defines a run: what a command line, a recipe or a journal says.  Plain data with owned strings. */
#ifndef SETUP_SPEC_H
#define SETUP_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "data/csv.h"
#include "data/dataset.h"
#include "learn/knob.h"
#include "nn/loss.h"
#include "nn/model.h"

/* A stage as it was said (setup/spec_stage.h). */
struct spec_stage {
    char *name;
    int objective;            /* enum objective_id, or -1: what the data are usually asked */
    char *data;               /* path; NULL: the run's own */
    enum language_part part;  /* what is trained */
    size_t blocks;            /* LANGUAGE_LAST: so many */
    size_t rank;              /* LANGUAGE_ADAPTERS: their rank */
    bool turns[KNOB_COUNT];   /* knobs that are turned when it begins ... */
    double value[KNOB_COUNT]; /* ... to these values */
    uint64_t steps;           /* it ends after so many steps or epochs, or with a test loss that low; 0: not by that */
    double epochs, test_loss;
    bool end_given, end_with_best; /* end_given false: end_with_best of the run holds */
};

#define SEED_MAX         UINT32_MAX
#define SPEC_THREADS_MAX 256

/* A knob turned by the script: --at STEP:KNOB=VALUE. */
struct spec_turn {
    uint64_t step;
    enum knob_id knob;
    double value;
};

struct spec {
    char *task;             /* toy name, or path of a table ("-": standard input) or a text */
    char *folder;           /* that its relative paths are from, if there are any (by spec_begin) */
    char *recipe;           /* path of the file that said all this, for the title; NULL: none */
    char *features;         /* "x,y,xy": toys of two inputs; NULL: as they are */
    size_t points;          /* toys; 0: the toy's default */
    double noise;           /* toys; < 0: the toy's default */
    struct csv_options csv; /* strings are owned by the spec; test_fraction 0: the kind's default */
    struct model_shape
        shape; /* of a net inputs and outputs, of a language model the vocabulary are found when the data are loaded */
    int loss;  /* enum loss_id, or -1: the objective's default */
    const double *start; /* where a model of a few parameters begins (constant; by spec_load); NULL: drawn */
    size_t start_count;
    uint64_t seed;      /* of weights, order, dropout and noise */
    uint64_t data_seed; /* of a toy's points, a table's split; as `seed` unless given (by spec_load) */
    bool data_seed_given;
    struct knobs knobs;          /* at step 0 */
    bool knob_given[KNOB_COUNT]; /* said by the user: defaults of the task do not replace it */
    bool net_given, activation_given;
    /* Texts.  Of shape.language a 0 (heads, layers, ...) is filled in when the data are there. */
    bool language_given; /* a model for texts was said: the task is one, whatever its name */
    int merges;          /* -1: what suits the text's length */
    char *prompt;        /* that the screen goes on with; NULL: none */
    char *answer;        /* what should follow it; NULL: nobody says */
    struct spec_stage *stage;
    size_t stages;          /* 0: the run is one; at most TRAINER_STAGES_MAX */
    uint64_t steps;         /* 0: no limit */
    double epochs;          /* 0: no limit */
    bool end_with_best;     /* the run and its stages end with the parameters of the least test loss */
    struct spec_turn *turn; /* ascending by step */
    size_t turns;
    char *log_path;      /* NULL: none; "-": standard output; .jsonl chooses JSON lines */
    uint64_t log_every;  /* 0: each evaluation */
    unsigned threads;    /* of BLAS */
    char *load_path;     /* checkpoint to begin with; NULL: none */
    bool load_weights;   /* of it, and no more: a start (of language models) */
    bool load_best;      /* its best parameters in place of its last */
    size_t turns_done;   /* of the script, that this checkpoint has behind it */
    char *save_path;     /* checkpoint to write at the end; NULL: none */
    uint64_t save_every; /* and each so many steps; 0: at the end only */
};

/* The defaults of a run on the spiral; nothing counts as given. */
void spec_init(struct spec *spec);
void spec_free(struct spec *spec);
/* Keeps the turns in the order of their steps; turns of one step in the order in which they were added.
 * STATUS_FAILED: out of memory. */
enum status spec_add_turn(struct spec *spec, uint64_t step, enum knob_id knob, double value);

/* What the run reads in the file that the path leads to, such as "the data" or "the recipe"; NULL: it does not read
 * it. */
const char *spec_reads(const struct spec *spec, const char *path);
/* What it writes there by itself, likewise: "the log" or "the checkpoint". */
const char *spec_writes(const struct spec *spec, const char *path);

/* The task is a text: a model for texts was said, or the name ends as that of one (.txt, .md, .c ...). */
bool spec_is_text(const struct spec *spec);

/* Says the defaults that need no data, and refuses outputs that would overwrite what the run reads, or each other: what
 * every way of loading begins with. */
enum status spec_begin(struct spec *spec, struct error *error);

/* Loads a table or makes a toy's data, and fills in what the user left open: teaching.md's defaults for toys, sensible
 * ones for tables (width and depth by size, Adam).  On success *dataset is owned by the caller.  Texts are loaded by
 * setup/material.h. */
enum status spec_load(struct spec *spec, struct dataset **dataset, struct error *error);
/* The second half of it, for data that are there already, those of a text too. */
void spec_fill(struct spec *spec, const struct dataset *dataset);

/* Where a run or a stage ends, 0: not by that; the steps that a schedule then runs over, 0: nobody knows. */
struct spec_end {
    uint64_t steps;
    double epochs;
};
double spec_horizon(const struct spec_end *end, const struct knobs *knobs, const struct dataset *dataset);

#endif
