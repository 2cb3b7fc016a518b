/* A recipe while it is read: recipe.c has its lines, recipe_keys.c knows what they may say. */
#ifndef APP_RECIPE_PARTS_H
#define APP_RECIPE_PARTS_H

#include "app/cli.h"
#include "base/lines.h"
#include "learn/stage.h"
#include "setup/spec.h"

struct recipe {
    struct spec *spec;
    const char *path;
    /* Lines (recipe.c). */
    const char *text;
    size_t length, at;
    size_t line; /* number of the one that inih has */
    size_t section_line;
    bool heard; /* a key of the section */
    enum status status;
    struct error *error;
    /* What they say (recipe_keys.c). */
    const char *section;   /* its name; NULL before the first */
    struct lines sections; /* that were there: each with a line end before and behind */
    struct lines keys;     /* of the section: each with a line end before and behind */
    struct said said;      /* fields that the keys have set */
    struct spec_stage *stage;
    size_t stage_line[TRAINER_STAGES_MAX];
    const char *data; /* "text", "table" or "toy" */
};

/* A section begins; STATUS_USAGE for one that there is not, or that was there already.  The keys of the one before are
 * forgotten. */
enum status recipe_begin_section(struct recipe *recipe, const char *name, struct error *error);
/* A key of it. */
enum status recipe_set(struct recipe *recipe, const char *key, const char *value, struct error *error);

#endif
