/* What the corpora know: tables of common knowledge.
 *
 * Every table is const and ends where its count says; texts are plain ASCII, lower case where English has it, without
 * an article ("cow") unless it belongs to the name ("the Netherlands").  NULL: not stated, because there is none or no
 * single one. */
#ifndef CORPORA_FACTS_H
#define CORPORA_FACTS_H

#include <stddef.h>

struct country {
    const char *name, *capital, *continent;
    const char *language;  /* official or spoken by most */
    const char *currency;  /* "euro" */
    const char *river;     /* on which the capital lies */
    const char *neighbour; /* one that it has a border with, by land or through the sea between them */
};
extern const struct country countries[];
extern const size_t country_count;

struct animal {
    const char *name;
    const char *class; /* "mammal" */
    const char *food;  /* what it eats, or is seen eating */
    const char *home;  /* with its preposition: "on a farm" */
    const char *legs;  /* in words */
    const char *colour;
    const char *moves; /* in the third person: "swims" */
};
extern const struct animal animals[];
extern const size_t animal_count;

struct person {
    const char *name;
    const char *he, *his, *him;
};
extern const struct person people[];
extern const size_t person_count;

struct job {
    const char *name;
    const char *work;  /* in the third person: "bakes bread" */
    const char *place; /* with its preposition */
};
extern const struct job jobs[];
extern const size_t job_count;

struct weather {
    const char *name;   /* "raining": it was … */
    const char *did;    /* what a person did then, in the past tense */
    const char *we_did; /* the same for several */
};
extern const struct weather weathers[];
extern const size_t weather_count;

struct month {
    const char *name, *days, *season; /* the season of the northern half of the Earth */
};
extern const struct month months[];
extern const size_t month_count;

extern const char *const days[]; /* of the week, from Monday */
extern const size_t day_count;

extern const char *const foods[];
extern const size_t food_count;

extern const char *const games[];
extern const size_t game_count;

enum { ADDEND_COUNT = 8, NUMBER_COUNT = 2 * ADDEND_COUNT - 1 }; /* sums are of 0 … 7 */
struct number {
    const char *digits, *words;
};
extern const struct number numbers[NUMBER_COUNT]; /* numbers[n] is n */

/* For the clinic. */
struct complaint {
    const char *symptom, *finding, *advice, *warning;
};
extern const struct complaint complaints[];
extern const size_t complaint_count;

#endif
