/* Says when a schedule is over and the learning rate with it: a run that goes on then trains, but learns nothing. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "metrics/history.h"
#include "nn/schedule.h"
#include "session/session_parts.h"

#define NOTHING 1e-3 /* a rate of so small a share of the knob's is as good as none */

/* Whether a scripted change that is still to come starts the schedule again at that step or before. */
static bool begins_anew(const struct spec *spec, uint64_t step)
{
    for (size_t i = spec->turns_done; i < spec->turns; i++) {
        const enum knob_id knob = spec->turn[i].knob;
        if (spec->turn[i].step <= step && (knob == KNOB_SCHEDULE || knob == KNOB_HORIZON || knob == KNOB_WARMUP))
            return true;
    }
    return false;
}

void session_warn_of_schedule(struct session *session)
{
    const struct spec *spec = &session->spec;
    const double *knob = trainer_knobs(session->trainer)->value;
    const size_t schedule = (size_t)knob[KNOB_SCHEDULE];
    const double share = schedule_last_factor((enum schedule_id)schedule);
    const uint64_t step = trainer_step_count(session->trainer), end = trainer_schedule_end(session->trainer);
    const bool is_over = session->goes_on && step >= end;
    char message[sizeof session->warning[0]], at[32], ends[32], last[32], rate[32];
    if (session->options.script || share >= 1 || begins_anew(spec, is_over ? step : end))
        return;
    number_count(at, sizeof at, step);
    number_count(ends, sizeof ends, end);
    number_count(last, sizeof last, spec->steps);
    number_short(rate, sizeof rate, share * knob[KNOB_LR]);
    if (is_over && (spec->steps == 0 || spec->steps > step))
        snprintf(
            message, sizeof message,
            "%.200s is at step %s, where its schedule %s has been over since step %s: the learning rate stays at %s; "
            "--horizon N begins the schedule anew, --schedule constant leaves it",
            spec->load_path, at, schedule_table[schedule].name, ends, rate);
    else if (!is_over && share < NOTHING && spec->stages == 0 && !(spec->epochs > 0) && spec->steps > end)
        snprintf(message, sizeof message,
                 "the schedule %s is over at step %s, the run ends at step %s: between them the learning rate is %s; "
                 "--horizon %llu spreads it over the run",
                 schedule_table[schedule].name, ends, last, rate, (unsigned long long)spec->steps);
    else
        return;
    text_clean(message);
    session->warned_rate = session_warn(session, message);
}

void session_watch_rate(struct session *session)
{
    const double *knob = session->status.knobs.value;
    const size_t schedule = (size_t)knob[KNOB_SCHEDULE];
    const double share = schedule_last_factor((enum schedule_id)schedule);
    const struct bucket *rate = history_last(session->history, session->status.branch, SERIES_LR);
    char message[sizeof session->warning[0]], horizon[32], left[32];
    if (!rate || rate->count == 0)
        return;
    const bool is_over = share < NOTHING && (double)rate->last <= share * knob[KNOB_LR] * (1 + 1e-6);
    if (!is_over || session->warned_rate) {
        session->warned_rate &= is_over;
        return;
    }
    snprintf(message, sizeof message,
             "the learning rate is %s: the schedule %s is over at its horizon of %s steps: turn horizon or schedule",
             number_short(left, sizeof left, share * knob[KNOB_LR]), schedule_table[schedule].name,
             number_count(horizon, sizeof horizon, (uint64_t)knob[KNOB_HORIZON]));
    session->warned_rate = session_warn(session, message);
}
