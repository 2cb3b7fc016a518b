/* Learning-rate schedules: a factor on the base rate as a function of the step. */
#ifndef NN_SCHEDULE_H
#define NN_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

enum schedule_id {
    SCHEDULE_CONSTANT,
    SCHEDULE_STEP,        /* x 0.5 each tenth of the horizon */
    SCHEDULE_EXPONENTIAL, /* to 1/100 at the horizon */
    SCHEDULE_COSINE,
    SCHEDULE_WARMUP_COSINE,
    SCHEDULE_ONE_CYCLE,   /* Smith & Topin 2018 */
    SCHEDULE_PLATEAU,     /* x 0.5 after 10 evaluations without a better train loss */
    SCHEDULE_COUNT,
};

/* State of the plateau schedule: updated at evaluations; plain data. */
struct schedule_plateau {
    double best;     /* least loss so far; +inf before the first */
    uint32_t misses;
    uint32_t cuts;
};

struct schedule_point {
    uint64_t step;     /* steps since the schedule began */
    uint64_t horizon;  /* steps at which it ends (it stays there afterwards); >= 1 */
    uint64_t warmup;   /* steps of linear warm-up; used by every schedule but constant when > 0 */
    const struct schedule_plateau *plateau;
};

struct schedule {
    const char *name;
    const char *about;
    double (*factor)(const struct schedule_point *at);
};
extern const struct schedule schedule_table[SCHEDULE_COUNT];

void schedule_plateau_update(struct schedule_plateau *plateau, double loss);

#endif
