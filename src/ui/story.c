#include "ui/story.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "plot/marker.h"

#define MERGE_SECONDS 1.0
#define TOAST_SECONDS 4.0

/* The branch has the past of another, event->what. */
static bool branches_off(enum event_kind kind)
{
    return event_table[kind].begins == EVENT_BEGINS_OFFSHOOT;
}

void story_init(struct story *story, const struct knobs *start, const struct trainer_stage *stage)
{
    *story = (struct story){.stage = stage, .knobs = *start};
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

static char upper(char letter)
{
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

void story_report(struct story *story, const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    const size_t word = strspn(text, letters), length = strlen(text);
    const bool open = length > 0 && !strchr(".!?", text[length - 1]);
    story_say(story, "%s%s", text, open ? "." : "");
    if (text[word] == ' ')
        story->message[0] = upper(story->message[0]);
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
                                    .at = now};
    snprintf(marker->label, sizeof marker->label, "%s", marker_label(event));
}

/* The part that holds the position (a step, or an epoch), in the branch or in what it grew out of; the first part for what lies
 * before.  `end`: the step with which the part ends; may be NULL. */
static const struct story_epochs *part_at(const struct story *story, uint16_t branch, double at, bool by_epoch,
                                          double *end)
{
    double until = INFINITY;
    for (;;) {
        const struct story_epochs *found = NULL;
        for (size_t i = 0; i < story->epoch_parts; i++) {
            const struct story_epochs *part = &story->epochs[i];
            if (part->branch != branch)
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
        if (!found || found->parent < 0 || (by_epoch ? found->epoch : found->step) <= at)
            return found;
        until = found->step;
        branch = (uint16_t)found->parent;
    }
}

static double steps_per_epoch(const struct story *story, size_t stage)
{
    const struct dataset *dataset = story->stage[stage].dataset;
    const double rows = (double)batch_rows(dataset, story->knobs.value[KNOB_TRAIN_FRACTION]);
    return fmax(ceil(rows / fmax(story->knobs.value[KNOB_BATCH], 1)), 1);
}

/* The stage that a part belongs to: a branch that does not grow out of another begins with the first (but for a checkpoint, which the run's
 * status tells of), and a turn is one of the stage that it is made in. */
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
    struct story_epochs part = {.branch = event->branch,
                                .parent = -1,
                                .stage = stage,
                                .step = step,
                                .steps_per_epoch = steps_per_epoch(story, stage)};
    if (event->kind == EVENT_KNOB) {
        const double epoch = story_epoch_at(story, event->branch, step);
        part.epoch = event->what == KNOB_TRAIN_FRACTION ? ceil(epoch) : epoch;
    } else if (event->kind == EVENT_STAGE) {
        part.epoch = ceil(story_epoch_at(story, event->branch, step));
    } else if (branches_off(event->kind)) {
        part.parent = event->what;
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

static const char *direction(const struct event *event, double from)
{
    if (knob_table[event->what].scale == KNOB_CHOICE)
        return "";
    const enum knob_id knob = (enum knob_id)event->what;
    const double rise = knob_height(knob, event->to) - knob_height(knob, from);
    return rise > 0 ? " up" : rise < 0 ? " down" : "";
}

static void tell(struct story *story, const struct event *event, const char *branch, double now)
{
    char step[32], from[32], to[32];
    number_count(step, sizeof step, event->step);
    switch (event->kind) {
    case EVENT_KNOB: {
        const enum knob_id id = (enum knob_id)event->what;
        const struct knob *knob = &knob_table[id];
        const double before = told_from(story, event, now);
        if (knob->scale == KNOB_SWITCH)
            story_say(story, "%s %s at step %s.", knob->label, knob_format(id, event->to, to, sizeof to), step);
        else if (id == KNOB_OPTIMIZER)
            story_say(story, "optimizer: %s at step %s.", event->label, step);
        else
            story_say(story, "%s%s: %s → %s at step %s.", knob->label, direction(event, before),
                      knob_format(id, before, from, sizeof from), knob_format(id, event->to, to, sizeof to), step);
        break;
    }
    case EVENT_EARLY_STOP:
        story_say(story, "Stopped: the best test loss was %s at step %s; those weights are back.",
                  number_short(to, sizeof to, event->to),
                  number_count(from, sizeof from, event->from > 0 ? (uint64_t)event->from : 0));
        break;
    case EVENT_DIVERGED:
        story_say(story, "The loss is no longer a number after step %s: the steps were far too big.", step);
        break;
    case EVENT_RESTART:
        story_say(story, "Again from the same start; the old curve stays grey.");
        break;
    case EVENT_SEED:
        story_say(story, "Again from another start: seed %.0f.", event->to);
        break;
    case EVENT_PAUSE:
        story_say(story, "Paused at step %s.", step);
        break;
    case EVENT_GO:
        story_say(story, "%s, from step %s.", event->label, step);
        story->message[0] = upper(story->message[0]);
        break;
    case EVENT_REFUSED:
        story_report(story, event->label);
        break;
    case EVENT_END:
        if (event->what == EVENT_END_OF_JOURNAL)
            story_say(story, "The replay is over: step %s, the same numbers as in the journal.", step);
        else if (event->what == EVENT_END_OF_STAGES)
            story_say(story, "The last stage is over: step %s.", step);
        else
            story_say(story, "Paused at step %s, as asked.", step);
        break;
    case EVENT_REWIND:
        story_say(story, "Back at step %s: %s begins; what came after stays grey.", step, branch);
        break;
    case EVENT_FORK:
        story_say(story, "Forked at step %s: from here on it is %s.", step, branch);
        break;
    case EVENT_TWIN:
        story_say(story, "A twin with %s: %s, brought to the same step.", event->label, branch);
        break;
    case EVENT_LOAD:
        story_say(story, "Loaded: %s, on from step %s as %s.", event->label, step, branch);
        break;
    case EVENT_SWITCH:
        story_say(story, "On with %s, from its end at step %s.", branch, step);
        break;
    case EVENT_RACE:
        story_say(story, event->to > 0 ? "The race is on: %s takes the same steps." : "The race is over: %s rests.",
                  branch);
        break;
    case EVENT_NAMED:
        story_say(story, "It is called %s.", event->label);
        break;
    case EVENT_DELETED:
        story_say(story, "Forgotten: %s.", branch);
        break;
    case EVENT_SAVED:
        story_say(story, "Kept as %s.", event->label);
        break;
    case EVENT_DEPARTED:
        story_say(story, "From step %s on these are not the numbers of the journal.", step);
        break;
    case EVENT_STAGE:
        story_say(story, "Stage %u, %s, begins at step %s on what was learnt before.", event->what + 1, event->label,
                  step);
        break;
    case EVENT_START:
    case EVENT_SHOWN:
    case EVENT_KINDS:
        return;
    }
    story->kind = event->kind;
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

/* What a walk through time or a checkpoint brought along had no event: the newest part takes the run's own stage and knobs.  The computed epoch may
 * drift from the counted one (a last batch that is smaller, rounding of shares): that part is moved when it is off by more than an epoch. */
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
