/* Toy data sets made by generators: a table, one row each.  Points depend on (seed, points, noise) alone. */
#ifndef DATA_TOYS_H
#define DATA_TOYS_H

#include "data/dataset.h"

/* What may be asked for; a toy of classes needs two points of each. */
#define TOY_POINTS_LEAST 4
#define TOY_POINTS_MAX   10000000
#define TOY_NOISE_MAX    10.0

struct toy {
    const char *name;
    const char *about; /* one line for `downhill list toys` */
    enum task_kind kind;
    size_t inputs; /* 2, or 1 for curves */
    size_t classes;
    size_t points; /* default number of training points; as many test points */
    double noise;  /* default standard deviation (or share) of the noise */
    /* Writes point `index` of `count`: x[inputs] and its class or value.  `key` draws the randomness. */
    void (*point)(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer);
};

extern const struct toy toy_table[];
extern const size_t toy_count;

const struct toy *toy_find(const char *name);                   /* NULL when there is none ... */
enum status toy_unknown(const char *name, struct error *error); /* ... and what is to be said then: STATUS_USAGE */

/* points = 0 and noise < 0 take the toy's defaults. */
enum status toy_make(struct dataset **out, const struct toy *toy, size_t points, double noise, uint64_t seed,
                     struct error *error);

/* Which input features a two-input toy gives to the net, as "x,y,x2,y2,xy,sinx,siny"; NULL or "x,y": the two
 * as they are.  Replaces dataset->x; the first two columns must stay x and y (pictures use them). */
enum status toy_features(struct dataset *dataset, const char *list, struct error *error);
/* The features of one point (x, y) for the list above: out[dataset inputs]. */
void toy_expand(const char *list, const float *point, float *out);

#endif
