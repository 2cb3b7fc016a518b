/* What lines are about: each function gives the places of a pattern (pattern.h) the words of a row of the tables of
 * facts, and of others as chance will have it. */
#ifndef CORPORA_SUBJECTS_H
#define CORPORA_SUBJECTS_H

#include "corpora/choice.h"
#include "corpora/pattern.h"

/* country capital continent language currency river neighbour; person */
void bind_country(struct bindings *bindings, size_t subject, struct choice *choice);

/* animal class food home legs colour moves; person */
void bind_animal(struct bindings *bindings, size_t subject, struct choice *choice);

/* The subject is x ADDEND_COUNT + y.  x y z = x + y in digits, "x words" "y words" "z words"; person; things, where x
 * is several of them and y at least one.  Nothing where the sum is held out. */
extern const size_t sum_count;
void bind_sum(struct bindings *bindings, size_t subject, struct choice *choice);

/* day "next day"; person game */
void bind_day(struct bindings *bindings, size_t subject, struct choice *choice);

/* month "next month" days season, number in words; person */
void bind_month(struct bindings *bindings, size_t subject, struct choice *choice);

/* The subject is a person.  person he his him; friend, food that neither is kept from; country capital language, "other
 * capital"; day month game animal; job work place */
void bind_scene(struct bindings *bindings, size_t subject, struct choice *choice);

/* The same; the subject is a kind of weather.  weather did "we did" */
void bind_weather(struct bindings *bindings, size_t subject, struct choice *choice);

/* An exam paper: q1 … q8 without their answers; day */
extern const size_t paper_count;
void bind_paper(struct bindings *bindings, size_t subject, struct choice *choice);

/* symptom finding advice warning; person he age history allergy; day month; duration severity review; temperature pulse
 * pressure */
void bind_complaint(struct bindings *bindings, size_t subject, struct choice *choice);

#endif
