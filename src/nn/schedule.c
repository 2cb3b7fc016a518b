/* Holds the table of learning-rate schedules and computes their factors. */
#include "nn/schedule.h"

#include <assert.h>
#include <math.h>

#include "base/elementary.h"

#define STEP_CUTS          10
#define EXPONENTIAL_LN_END -4.605170185988091 /* ln(1/100) */
#define WARMUP_SHARE       20                 /* of the horizon: 1/20 */
#define CYCLE_RISE         0.3
#define CYCLE_START        (1.0 / 25)
#define CYCLE_END          (1.0 / 250000)

/* Half a cosine from `from` at progress 0 to `to` at progress 1. */
static double anneal(double from, double to, double progress)
{
    return to + (from - to) * 0.5 * (1 + elementary_cos(ELEMENTARY_PI * progress));
}

/* Share of the way from step `begin` to the horizon, 0 … 1. */
static double progress_from(const struct schedule_point *at, uint64_t begin)
{
    if (at->step >= at->horizon)
        return 1;
    return at->step <= begin ? 0 : (double)(at->step - begin) / (double)(at->horizon - begin);
}

static double rise(uint64_t step, uint64_t warmup)
{
    return step < warmup ? (double)(step + 1) / (double)warmup : 1;
}

static double factor_constant(const struct schedule_point *at)
{
    return rise(at->step, at->warmup);
}

static double factor_step(const struct schedule_point *at)
{
    int cuts = at->step < at->horizon ? (int)(at->step * STEP_CUTS / at->horizon) : STEP_CUTS;
    return ldexp(1, -cuts) * rise(at->step, at->warmup);
}

static double factor_exponential(const struct schedule_point *at)
{
    return elementary_exp(EXPONENTIAL_LN_END * progress_from(at, 0)) * rise(at->step, at->warmup);
}

static double factor_cosine(const struct schedule_point *at)
{
    return anneal(1, 0, progress_from(at, 0)) * rise(at->step, at->warmup);
}

static double factor_warmup_cosine(const struct schedule_point *at)
{
    uint64_t warmup = at->warmup > 0 ? at->warmup : at->horizon / WARMUP_SHARE;
    if (at->step < warmup)
        return rise(at->step, warmup);
    return anneal(1, 0, progress_from(at, warmup));
}

static double factor_one_cycle(const struct schedule_point *at)
{
    double progress = progress_from(at, 0);
    double factor = progress < CYCLE_RISE ? anneal(CYCLE_START, 1, progress / CYCLE_RISE)
                                          : anneal(1, CYCLE_END, (progress - CYCLE_RISE) / (1 - CYCLE_RISE));
    return factor * rise(at->step, at->warmup);
}

static double factor_plateau(const struct schedule_point *at)
{
    uint32_t cuts = at->plateau ? at->plateau->cuts : 0;
    return ldexp(1, -(int)(cuts < 1000 ? cuts : 1000)) * rise(at->step, at->warmup);
}

const struct schedule schedule_table[] = {
    [SCHEDULE_CONSTANT] = {"constant", "the rate as it is set, once the warm-up is over", factor_constant},
    [SCHEDULE_STEP] = {"step", "halved at each tenth of the horizon", factor_step},
    [SCHEDULE_EXPONENTIAL] = {"exponential", "falls evenly on a log scale, to 1/100 at the horizon",
                              factor_exponential},
    [SCHEDULE_COSINE] = {"cosine", "half a cosine, to 0 at the horizon (Loshchilov & Hutter 2017)", factor_cosine},
    [SCHEDULE_WARMUP_COSINE] = {"warmup-cosine", "linear rise over the warm-up steps, then a half cosine to 0",
                                factor_warmup_cosine},
    [SCHEDULE_ONE_CYCLE] =
        {"one-cycle",
         "from 1/25 up to the full rate at 30 % of the horizon, then down to almost 0 (Smith & Topin 2018)",
         factor_one_cycle},
    [SCHEDULE_PLATEAU] = {"plateau",
                          "halved after each 10 checks (as patience counts them) without a better train loss",
                          factor_plateau},
};
static_assert(sizeof schedule_table / sizeof schedule_table[0] == SCHEDULE_COUNT, "one row per schedule");

double schedule_last_factor(enum schedule_id schedule)
{
    return schedule_table[schedule].factor(&(struct schedule_point){.step = 1, .horizon = 1});
}

void schedule_plateau_update(struct schedule_plateau *plateau, double loss)
{
    if (loss < plateau->best * (1 - SCHEDULE_PLATEAU_CHANGE)) {
        plateau->best = loss;
        plateau->misses = 0;
    } else if (++plateau->misses >= SCHEDULE_PLATEAU_PATIENCE) {
        plateau->misses = 0;
        plateau->cuts++;
    }
}
