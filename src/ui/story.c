/* Turns events into the screen's markers, messages and list of changed knobs. */
#include "ui/story.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "plot/marker.h"
#include "ui/words.h"

#define MERGE_SECONDS 1.0
#define TOAST_SECONDS 4.0

/* The branch has the past of another, event->what. */
static bool branches_off(enum event_kind kind)
{
    return event_table[kind].begins == EVENT_BEGINS_OFFSHOOT;
}

void story_init(struct story *story, const struct knobs *start, const struct trainer_stage *stage,
                const struct forest *forest)
{
    *story = (struct story){.stage = stage, .forest = forest, .knobs = *start};
}

void story_free(struct story *story)
{
    mem_free(story->marker);
    mem_free(story->epochs);
    *story = (struct story){.markers = 0};
}

void story_say(struct story *story, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(story->message, sizeof story->message, format, arguments);
    va_end(arguments);
    story->kind = EVENT_REFUSED;
    story->toast[0] = 0;
}

void story_toast(struct story *story, double now, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(story->toast, sizeof story->toast, format, arguments);
    va_end(arguments);
    story->toast_until = now + TOAST_SECONDS;
}

bool story_expire(struct story *story, double now)
{
    if (!story->toast[0] || now < story->toast_until)
        return false;
    story->toast[0] = 0;
    return true;
}

void story_report(struct story *story, const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    const size_t word = strspn(text, letters), length = strlen(text);
    const bool open = length > 0 && !strchr(".!?", text[length - 1]);
    story_say(story, "%s%s", text, open ? "." : "");
    if (text[word] == ' ')
        words_begin(story->message);
}

/* Room for one more element; false when out of memory. */
static bool grow(void **array, size_t used, size_t *room, size_t size)
{
    if (used < *room)
        return true;
    const size_t wanted = *room ? *room * 2 : 32;
    void *more = mem_resize(*array, *room, wanted, size);
    if (!more)
        return false;
    *array = more;
    *room = wanted;
    return true;
}

/* There and back before a step was made: nothing has happened. */
static bool takes_back(const struct story_marker *last, const struct event *event, double now)
{
    return last->kind == EVENT_KNOB && last->pressed && last->what == event->what && last->branch == event->branch &&
           now - last->at <= MERGE_SECONDS && last->step == (double)event->step && event->to == last->from;
}

static void add_marker(struct story *story, const struct event *event, double now)
{
    const bool pressed = event->kind == EVENT_KNOB && event->token != 0;
    const bool of_rate = event->kind == EVENT_KNOB && event->what == KNOB_LR;
    if (pressed && story->markers > 0) {
        struct story_marker *last = &story->marker[story->markers - 1];
        if (takes_back(last, event, now)) {
            story->markers--;
            return;
        }
        if (last->kind == EVENT_KNOB && last->pressed && last->what == event->what && last->branch == event->branch &&
            now - last->at <= MERGE_SECONDS && event->to != last->from) {
            marker_join(last->label, event->label);
            last->at = now;
            return;
        }
    }
    void *array = story->marker;
    if (!grow(&array, story->markers, &story->marker_room, sizeof *story->marker))
        return;
    story->marker = array;
    struct story_marker *marker = &story->marker[story->markers++];
    *marker = (struct story_marker){.kind = event->kind,
                                    .branch = event->branch,
                                    .what = event->what,
                                    .pressed = pressed || (event->kind == EVENT_STAGE && event->token != 0),
                                    .step = (double)event->step,
                                    .from = event->from,
                                    .rate = of_rate ? event->from : story->knobs.value[KNOB_LR],
                                    .at = now};
    snprintf(marker->label, sizeof marker->label, "%s", marker_label(event));
}

/* The part that holds the position (a step, or an epoch), in the branch or in what it grew out of; the first part for
 * what lies before.  `end`: the step with which the part ends; may be NULL. */
static const struct story_epochs *part_at(const struct story *story, uint16_t branch, double at, bool by_epoch,
                                          double *end)
{
    double until = INFINITY;
    struct forest_line line = forest_line(branch);
    for (;;) {
        const struct story_epochs *found = NULL;
        for (size_t i = 0; i < story->epoch_parts; i++) {
            const struct story_epochs *part = &story->epochs[i];
            if (part->branch != line.branch)
                continue;
            if (!found || (by_epoch ? part->epoch : part->step) <= at) {
                found = part;
            } else {
                until = fmin(until, part->step);
                break;
            }
        }
        if (end)
            *end = until;
        if (!found || (by_epoch ? found->epoch : found->step) <= at || !forest_up(story->forest, &line))
            return found;
        until = found->step;
    }
}

static double steps_per_epoch(const struct story *story, size_t stage)
{
    const struct dataset *dataset = story->stage[stage].dataset;
    const double rows = (double)batch_rows(dataset, story->knobs.value[KNOB_TRAIN_FRACTION]);
    return fmax(ceil(rows / fmax(story->knobs.value[KNOB_BATCH], 1)), 1);
}

/* The stage that a part belongs to: a branch that does not grow out of another begins with the first (but for a
 * checkpoint, which the run's status tells of), and a turn is one of the stage that it is made in. */
static size_t stage_of(const struct event *event, const struct story_epochs *before)
{
    if (event->kind == EVENT_STAGE)
        return event->what;
    return before && event_table[event->kind].begins != EVENT_BEGINS_ANEW ? before->stage : 0;
}

/* Begins a part at the event's step; a new share of the data, and a stage, begins a new epoch. */
static void add_epochs(struct story *story, const struct event *event)
{
    void *array = story->epochs;
    if (!grow(&array, story->epoch_parts, &story->epoch_room, sizeof *story->epochs))
        return;
    story->epochs = array;
    const double step = (double)event->step;
    const uint16_t source = branches_off(event->kind) ? event->what : event->branch;
    const struct story_epochs *before = part_at(story, source, step, false, NULL);
    const size_t stage = stage_of(event, before);
    struct story_epochs part = {
        .branch = event->branch, .stage = stage, .step = step, .steps_per_epoch = steps_per_epoch(story, stage)};
    if (event->kind == EVENT_KNOB) {
        const double epoch = story_epoch_at(story, event->branch, step);
        part.epoch = event->what == KNOB_TRAIN_FRACTION ? ceil(epoch) : epoch;
    } else if (event->kind == EVENT_STAGE) {
        part.epoch = ceil(story_epoch_at(story, event->branch, step));
    } else if (branches_off(event->kind)) {
        part.epoch = story_epoch_at(story, event->what, step);
        part.steps_per_epoch = before ? before->steps_per_epoch : part.steps_per_epoch;
    } else {
        part.epoch = step / part.steps_per_epoch; /* 0, but for a checkpoint */
    }
    story->epochs[story->epoch_parts++] = part;
}

/* Quick presses are told as one, like their marker. */
static double told_from(const struct story *story, const struct event *event, double now)
{
    const struct story_marker *last = story->markers ? &story->marker[story->markers - 1] : NULL;
    const bool same = last && last->at == now && last->kind == EVENT_KNOB && last->what == event->what;
    return same ? last->from : event->from;
}

static void tell(struct story *story, const struct event *event, const char *branch, double now)
{
    char text[sizeof story->message];
    const double from = event->kind == EVENT_KNOB ? told_from(story, event, now) : event->from;
    if (event->kind == EVENT_REFUSED) {
        story_report(story, event->label);
    } else if (words_of_event(event, from, branch, text, sizeof text)) {
        story_say(story, "%s", text);
        story->kind = event->kind;
    }
}

/* The knobs that a stage turns as it begins: nothing else tells of them. */
static void take_turns(struct story *story, const struct trainer_stage *stage)
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (stage->turns[i])
            story->knobs.value[i] = stage->value[i];
}

void story_take(struct story *story, const struct event *event, const char *branch, double now)
{
    const bool knob = event->kind == EVENT_KNOB;
    if (event->kind >= EVENT_KINDS || (knob && event->what >= KNOB_COUNT))
        return;
    if (knob) {
        story->knobs.value[event->what] = event->to;
        story->touched[event->what] = true;
    }
    if (marker_is_due(event->kind) && !(knob && !knob_table[event->what].affects_state))
        add_marker(story, event, now);
    if (event->kind == EVENT_STAGE)
        take_turns(story, &story->stage[event->what]);
    if (event_table[event->kind].begins != EVENT_BEGINS_NOTHING || event->kind == EVENT_STAGE ||
        (knob && (event->what == KNOB_BATCH || event->what == KNOB_TRAIN_FRACTION)))
        add_epochs(story, event);
    tell(story, event, branch, now);
}

/* What a walk through time or a checkpoint brought along had no event: the newest part takes the run's own stage and
 * knobs.  The computed epoch may drift from the counted one (a last batch that is smaller, rounding of shares): that
 * part is moved when it is off by more than an epoch. */
void story_settle(struct story *story, const struct session_status *status)
{
    story->knobs = status->knobs; /* a walk through time changes them without a turn */
    if (story->epoch_parts == 0)
        return;
    struct story_epochs *part = &story->epochs[story->epoch_parts - 1];
    const double step = (double)status->step;
    if (part->branch != status->branch || step < part->step || status->shown.scrubbing)
        return;
    part->stage = status->stage;
    part->steps_per_epoch = steps_per_epoch(story, part->stage);
    const double off = status->epoch - story_epoch_at(story, status->branch, step);
    if (fabs(off) > 1)
        part->epoch += off;
}

double story_epoch_at(const struct story *story, uint16_t branch, double step)
{
    const struct story_epochs *part = part_at(story, branch, step, false, NULL);
    return part ? part->epoch + (step - part->step) / part->steps_per_epoch : step / steps_per_epoch(story, 0);
}

double story_step_at(const struct story *story, uint16_t branch, double epoch)
{
    double end;
    const struct story_epochs *part = part_at(story, branch, epoch, true, &end);
    if (!part)
        return epoch * steps_per_epoch(story, 0);
    return fmin(part->step + (epoch - part->epoch) * part->steps_per_epoch, end);
}
