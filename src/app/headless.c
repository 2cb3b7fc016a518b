/* Runs a session without a screen to its end: prints progress, notes on the data, and the outcome. */
#include "app/headless.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/signals.h"
#include "metrics/history.h"
#include "session/session.h"

enum {
    POLL_MS = 50,
    LINE = 256, /* bytes of a progress line; usually some 70 */
};
#define PROGRESS_NS 100000000u

/* ---- what is said ---- */

/* The newest value of a series; NaN when there is none. */
static double newest(const struct session *session, unsigned series)
{
    const struct bucket *bucket = history_last(session_history(session), session_status(session)->branch, series);
    return bucket ? (double)bucket_newest(bucket) : NAN;
}

/* "-" where there is none. */
static char *format_loss(char *out, size_t size, double value)
{
    if (isnan(value))
        snprintf(out, size, "-");
    else
        number_short(out, size, value);
    return out;
}

static const struct event *newest_event(const struct session *session, enum event_kind kind)
{
    const struct history *history = session_history(session);
    for (size_t i = history_events(history); i-- > 0;)
        if (history_event(history, i)->kind == kind)
            return history_event(history, i);
    return NULL;
}

/* "98.0 %", or the plain figure where it is no share; "-" where there is none. */
static char *format_accuracy(char *out, size_t size, const struct session *session, double value)
{
    char share[16];
    if (isnan(value))
        snprintf(out, size, "-");
    else if (session_model(session)->objective->accuracy_is_share)
        snprintf(out, size, "%s %%", number_percent(share, sizeof share, value, 1));
    else
        number_short(out, size, value);
    return out;
}

/* What the accuracy is, where it is no share: "R²"; else empty. */
static const char *accuracy_label(const struct session *session)
{
    const struct objective *objective = session_model(session)->objective;
    return objective->accuracy_is_share ? "" : objective->accuracy_label;
}

static const struct headline *headline(const struct session *session)
{
    return &session_model(session)->objective->headline;
}

static void format_left(char *out, size_t size, const struct session *session)
{
    const struct session_status *status = session_status(session);
    const struct spec *spec = session_spec(session);
    double end = spec->steps > 0 ? (double)spec->steps : INFINITY;
    if (spec->epochs > 0 && status->epoch > 0)
        end = fmin(end, (double)status->step * spec->epochs / status->epoch);
    double seconds = ceil((end - (double)status->step) / status->steps_per_second);
    if (!(seconds >= 0 && seconds < 1e6)) {
        out[0] = '\0';
        return;
    }
    unsigned whole = (unsigned)seconds;
    if (whole < 3600)
        snprintf(out, size, "  %u:%02u left", whole / 60, whole % 60);
    else
        snprintf(out, size, "  %u:%02u:%02u left", whole / 3600, whole / 60 % 60, whole % 60);
}

/* One line that is written over itself. */
struct progress {
    bool shown;    /* at all */
    uint64_t next; /* time of the next line */
    int width;     /* columns of the one that stands there */
};

static void progress_put(struct progress *progress, const char *line)
{
    int width = (int)strlen(line); /* no fewer than its columns */
    fprintf(stderr, "\r%s%*s", line, progress->width > width ? progress->width - width : 0, "");
    if (width == 0)
        putc('\r', stderr);
    fflush(stderr);
    progress->width = width;
}

/* "  890 steps/s  0:12 left", once it is measured. */
static void format_speed(char *out, size_t size, const struct session *session)
{
    const double speed = session_status(session)->steps_per_second;
    char steps[32], left[32];
    out[0] = '\0';
    if (!(speed > 0))
        return;
    if (speed < 10)
        number_short(steps, sizeof steps, speed);
    else
        number_count(steps, sizeof steps, (uint64_t)speed);
    format_left(left, sizeof left, session);
    snprintf(out, size, "  %s steps/s%s", steps, left);
}

/* From the first evaluation on. */
static void progress_show(struct progress *progress, const struct session *session)
{
    const uint64_t now = clock_now();
    const double train_loss = newest(session, headline(session)->train);
    if (!progress->shown || now < progress->next || isnan(train_loss))
        return;
    progress->next = now + PROGRESS_NS;
    const char *label = accuracy_label(session);
    char step[32], loss[32], accuracy[32], speed[80], line[LINE];
    number_count(step, sizeof step, session_status(session)->step);
    number_short(loss, sizeof loss, train_loss);
    format_accuracy(accuracy, sizeof accuracy, session, newest(session, headline(session)->test_score));
    format_speed(speed, sizeof speed, session);
    snprintf(line, sizeof line, "step %s  train loss %s  test%s%s %s%s", step, loss, label[0] ? " " : "", label,
             accuracy, speed);
    progress_put(progress, line);
}

static void progress_erase(struct progress *progress)
{
    if (progress->width > 0)
        progress_put(progress, "");
}

static void print_outcome(const struct session *session)
{
    const char *label = accuracy_label(session);
    char train_loss[32], test_loss[32], train[32], test[32];
    format_loss(train_loss, sizeof train_loss, newest(session, headline(session)->train));
    format_loss(test_loss, sizeof test_loss, newest(session, headline(session)->test));
    format_accuracy(train, sizeof train, session, newest(session, headline(session)->train_score));
    format_accuracy(test, sizeof test, session, newest(session, headline(session)->test_score));
    const char *space = label[0] ? " " : "";
    printf("step %llu  train loss %s  test loss %s  train%s%s %s  test%s%s %s\n",
           (unsigned long long)session_status(session)->step, train_loss, test_loss, space, label, train, space, label,
           test);
}

static void say_early_stop(const struct session *session)
{
    const struct event *stop = newest_event(session, EVENT_EARLY_STOP);
    if (!stop)
        return;
    char at[32], best[32], when[32];
    fprintf(stderr,
            "downhill: stopped early at step %s: the best test loss was %s at step %s, those weights are back\n",
            number_count(at, sizeof at, stop->step), number_short(best, sizeof best, stop->to),
            number_count(when, sizeof when, (uint64_t)stop->from));
}

/* The newest change of the rate by --at or a replay, on the present branch; NULL: only the schedule has changed it. */
static const struct event *newest_change_of_rate(const struct session *session)
{
    const struct history *history = session_history(session);
    for (size_t i = history_events(history); i-- > 0;) {
        const struct event *event = history_event(history, i);
        if (event->kind == EVENT_KNOB && event->branch == session_status(session)->branch &&
            (event->what == KNOB_LR || event->what == KNOB_OPTIMIZER))
            return event;
    }
    return NULL;
}

/* Ends of stages and of the run that came while early stopping waited, or that brought the best back.  What a
 * checkpoint tells of was said by the run that wrote it. */
static void say_ends(const struct session *session)
{
    const struct history *history = session_history(session);
    const uint64_t begin = forest_first(history_forest(history), 0);
    for (size_t i = 0; i < history_events(history); i++) {
        const struct event *event = history_event(history, i);
        const bool back = event->kind == EVENT_BEST;
        if ((!back && event->kind != EVENT_CUT) || event->step <= begin)
            continue;
        char at[32], best[32], when[32];
        fprintf(stderr, "downhill: %s at step %s%s: the best test loss was %s at step %s, %s\n",
                back ? "ended" : "the end came", number_count(at, sizeof at, event->step),
                back ? "" : " while early stopping waited", number_short(best, sizeof best, event->to),
                number_count(when, sizeof when, (uint64_t)event->from),
                back ? "those weights are back" : "--end-with best ends with those weights, a checkpoint keeps both");
    }
}

static enum status report_divergence(const struct session *session, struct error *error)
{
    const struct event *event = newest_event(session, EVENT_DIVERGED);
    const struct session_status *status = session_status(session);
    uint64_t step = (event ? event->step : status->step) + 1; /* the step that was not taken */
    const char *what = event && isfinite(event->to) ? "gradient" : "loss";
    const struct event *change = newest_change_of_rate(session);
    char at[32], rate[32], when[32], advice[EVENT_LABEL_SIZE + 64] = "try a smaller --lr";
    if (change)
        snprintf(advice, sizeof advice, "%s at step %s was too much", change->label,
                 number_count(when, sizeof when, change->step));
    number_short(rate, sizeof rate, event ? event->from : status->knobs.value[KNOB_LR]);
    return error_set(error, STATUS_DIVERGED,
                     "%s became non-finite at step %s: the steps were too big at learning rate %s, %s", what,
                     number_count(at, sizeof at, step), rate, advice);
}

/* ---- the run ---- */

/* The last stage's end is the run's. */
static bool stages_end(const struct spec *spec)
{
    bool end = spec->stages > 0;
    for (size_t i = 0; i < spec->stages; i++)
        end &= spec->stage[i].steps > 0 || spec->stage[i].epochs > 0;
    return end;
}

/* It must be sure to end. */
static bool ends(const struct spec *spec)
{
    bool stops = spec->knobs.value[KNOB_EARLY_STOP] > 0;
    for (size_t i = 0; i < spec->turns; i++)
        stops |= spec->turn[i].knob == KNOB_EARLY_STOP && spec->turn[i].value > 0;
    return stops || spec->steps > 0 || spec->epochs > 0 || stages_end(spec);
}

/* Until the session has ended: by itself, by a signal (true), or since nobody reads the log on standard output
 * any more: what else would it run for? */
static bool watch(struct session *session, struct progress *progress, bool log_is_output)
{
    bool interrupted = false, unread = false, quitting = false;
    while (!session_status(session)->ended) {
        session_wait(session, POLL_MS);
        const char *warning = session_warning(session);
        unread |= log_is_output && session_log_lost(session);
        if (warning && !unread) {
            progress_erase(progress);
            fprintf(stderr, "downhill: %s\n", warning);
        }
        interrupted |= signals_ending() && !session_status(session)->ended;
        if (!quitting && (interrupted || unread))
            quitting = session_send(session, &(struct request){.row = session_command("end")});
        progress_show(progress, session);
    }
    progress_erase(progress);
    return interrupted;
}

/* A replay is as its journal says, which may have ended in any way: also where a step was tried in vain. */
static enum status report_replay(const struct session *session, struct error *error)
{
    const struct event *departed = newest_event(session, EVENT_DEPARTED);
    const struct event *diverged = newest_event(session, EVENT_DIVERGED);
    const struct session_status *status = session_status(session);
    char step[32];
    if (departed)
        return error_set(error, STATUS_FAILED, "the run departs from its journal at step %s",
                         number_count(step, sizeof step, departed->step));
    const bool last = diverged && diverged->branch == status->branch && diverged->step == status->step;
    return last ? report_divergence(session, error) : STATUS_OK;
}

/* What was said and can have no effect. */
static void warn_in_vain(const struct session *session)
{
    const struct spec *spec = session_spec(session);
    const uint64_t step = session_status(session)->step;
    if (spec->load_path && spec->steps > 0 && step >= spec->steps)
        fprintf(stderr, "downhill: %s is at step %llu already: --steps %llu counts those before it too\n",
                spec->load_path, (unsigned long long)step, (unsigned long long)spec->steps);
    for (size_t i = 0; i < spec->turns && spec->steps > 0; i++)
        if (spec->turn[i].step > spec->steps && spec->turn[i].step > step)
            fprintf(stderr, "downhill: --at %llu:%s: the run ends at step %llu before that\n",
                    (unsigned long long)spec->turn[i].step, knob_table[spec->turn[i].knob].name,
                    (unsigned long long)spec->steps);
}

/* What was left out of the data or changed on the way, a line each. */
static void print_notes(const struct session *session)
{
    const struct dataset *before = NULL;
    for (size_t i = 0; i < session_stages(session); i++) {
        const struct dataset *dataset = session_stage(session, i)->dataset;
        const char *at = dataset == before ? NULL : dataset->notes;
        before = dataset;
        while (at && *at) {
            const int length = (int)strcspn(at, "\n");
            fprintf(stderr, "downhill: %.*s\n", length, at);
            at += length + (at[length] == '\n');
        }
    }
}

/* Finishes the session of a run that has ended with `status` and, unless that is STATUS_OK, `error`; what went wrong in
 * addition is said.  The status of both. */
static enum status finish_session(struct session *session, enum status status, struct error *error)
{
    struct error unwritten;
    const enum status written = session_finish(session, stderr, &unwritten);
    session_close(session, NULL);
    if (written == STATUS_OK)
        return status;
    if (status == STATUS_OK)
        return error_set(error, written, "%s", unwritten.message);
    if (written != STATUS_DIVERGED) {
        fprintf(stderr, "downhill: %s\n", unwritten.message);
        return status;
    }
    if (status == STATUS_DIVERGED) /* said already */
        return status;
    fprintf(stderr, "downhill: %s\n", error->message);
    return error_set(error, STATUS_DIVERGED, "%s", unwritten.message);
}

enum status headless_run(struct spec *spec, const struct session_options *options, bool progress, struct error *error)
{
    const bool replay = options->script != NULL;
    if (!replay && !ends(spec))
        return error_set(error, STATUS_USAGE,
                         "a run without a screen needs an end: say --steps N, --epochs X or --early-stop%s",
                         spec->stages > 0 ? ", or give each stage steps or epochs" : "");

    struct session_options without_screen = *options;
    without_screen.headless = true;
    struct session *session;
    enum status status = session_open(&session, spec, &without_screen, error);
    if (status != STATUS_OK)
        return status;

    signals_catch();
    const char *report = session_dataset(session)->report;
    if (progress && report)
        fprintf(stderr, "%s\n", report);
    if (!replay)
        print_notes(session);
    if (!replay)
        warn_in_vain(session);
    const char *log_path = session_spec(session)->log_path;
    const bool log_is_output = log_path && file_is_stream(log_path);
    struct progress line = {.shown = progress};
    const bool interrupted = watch(session, &line, log_is_output);

    char step[32];
    number_count(step, sizeof step, session_status(session)->step);
    if (!replay && session_status(session)->state == SESSION_DIVERGED)
        status = report_divergence(session, error);
    else if (interrupted)
        status = error_set(error, STATUS_FAILED, "interrupted at step %s", step);
    else if (replay)
        status = report_replay(session, error);
    if (session_status(session)->state == SESSION_STOPPED_EARLY)
        say_early_stop(session);
    say_ends(session);
    if (!log_is_output && status != STATUS_DIVERGED)
        print_outcome(session);

    return finish_session(session, status, error);
}
