/* Learning-rate schedules: a factor on the base rate as a function of the step.  Over the first `warmup` steps, step s
 * (0 for the first) multiplies the factor of every schedule by (s + 1) / warmup; warmup-cosine has no factor of its own
 * there and begins its cosine afterwards.  No libm: the factor has the same bits on every machine. */
#ifndef NN_SCHEDULE_H
#define NN_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

enum schedule_id {
    SCHEDULE_CONSTANT,
    SCHEDULE_STEP,          /* x 0.5 at each tenth of the horizon */
    SCHEDULE_EXPONENTIAL,   /* evenly on a log scale to 1/100 at the horizon */
    SCHEDULE_COSINE,        /* half a cosine to 0 at the horizon (Loshchilov & Hutter 2017, without restarts) */
    SCHEDULE_WARMUP_COSINE, /* linear rise over `warmup` steps (0: 5 % of the horizon), then the cosine over the rest */
    /* Smith & Topin 2018: 1/25 up to 1 at 30 % of the horizon, then down to 1/250,000, along half cosines */
    SCHEDULE_ONE_CYCLE,
    SCHEDULE_PLATEAU, /* x 0.5 after each 10 checks (as patience counts them) without a better train loss */
    SCHEDULE_COUNT,
};

#define SCHEDULE_PLATEAU_PATIENCE 10
#define SCHEDULE_PLATEAU_CHANGE   1e-4 /* relative: a loss must be lower by this share to count as better */

/* State of the plateau schedule: updated at evaluations; plain data.  `best` must start at +inf. */
struct schedule_plateau {
    double best;     /* least loss so far; +inf before the first */
    uint32_t misses; /* evaluations since */
    uint32_t cuts;   /* times that the rate was halved */
};

struct schedule_point {
    uint64_t step;                          /* steps taken since the schedule began: 0 for its first update */
    uint64_t horizon;                       /* steps at which it ends (it stays there afterwards); >= 1 */
    uint64_t warmup;                        /* steps of linear warm-up; 0: none (warmup-cosine: 5 % of the horizon) */
    const struct schedule_plateau *plateau; /* may be NULL: no cuts yet */
};

struct schedule {
    const char *name;
    const char *about;
    double (*factor)(const struct schedule_point *at);
};
extern const struct schedule schedule_table[SCHEDULE_COUNT];

/* The factor from the horizon on; 1 for schedules that have no end. */
double schedule_last_factor(enum schedule_id schedule);

void schedule_plateau_update(struct schedule_plateau *plateau, double loss);

#endif
