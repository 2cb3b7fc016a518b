/* Writes events as sentences: one template for each kind, with its values filled in. */
#include "ui/words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "learn/knob.h"

struct telling {
    const struct event *event;
    double from;
    const char *branch;
};

typedef void word_writer(const struct telling *telling, char *out, size_t size);

/* ---- what is in braces ---- */

static void write_branch(const struct telling *telling, char *out, size_t size)
{
    snprintf(out, size, "%s", telling->branch);
}

static void write_step(const struct telling *telling, char *out, size_t size)
{
    number_count(out, size, telling->event->step);
}

static void write_end(const struct telling *telling, char *out, size_t size)
{
    number_count(out, size, telling->event->to > 0 ? (uint64_t)telling->event->to : 0);
}

static void write_label(const struct telling *telling, char *out, size_t size)
{
    snprintf(out, size, "%s", telling->event->label);
}

static void write_seed(const struct telling *telling, char *out, size_t size)
{
    snprintf(out, size, "%.0f", telling->event->to);
}

static void write_best_loss(const struct telling *telling, char *out, size_t size)
{
    number_short(out, size, telling->event->to);
}

static void write_best_step(const struct telling *telling, char *out, size_t size)
{
    number_count(out, size, telling->from > 0 ? (uint64_t)telling->from : 0);
}

static void write_stage(const struct telling *telling, char *out, size_t size)
{
    snprintf(out, size, "%u", telling->event->what + 1u);
}

static const char *direction(enum knob_id knob, double from, double to)
{
    if (knob_table[knob].type == FIELD_CHOICE)
        return "";
    const double rise = knob_height(knob, to) - knob_height(knob, from);
    return rise > 0 ? " up" : rise < 0 ? " down" : "";
}

static void write_turn(const struct telling *telling, char *out, size_t size)
{
    const enum knob_id id = (enum knob_id)telling->event->what;
    const struct field *knob = &knob_table[id];
    char before[32], after[32];
    knob_format(id, telling->event->to, after, sizeof after);
    if (knob->type == FIELD_SWITCH)
        snprintf(out, size, "%s %s", knob->label, after);
    else if (id == KNOB_OPTIMIZER) /* its label has the rate, too */
        snprintf(out, size, "optimizer: %s", telling->event->label);
    else
        snprintf(out, size, "%s%s: %s → %s", knob->label, direction(id, telling->from, telling->event->to),
                 knob_format(id, telling->from, before, sizeof before), after);
}

/* ---- sentences ---- */

static const char *choose_end(const struct event *event)
{
    if (event->what == EVENT_END_OF_JOURNAL)
        return "The replay is over: step {step}, the same numbers as in the journal.";
    return event->what == EVENT_END_OF_STAGES ? "The last stage is over: step {step}."
                                              : "Paused at step {step}, as asked.";
}

static const char *choose_race(const struct event *event)
{
    if (!(event->to > 0))
        return "The race is over: {branch} rests.";
    return event->from > 0 ? "The race is on: {branch} takes the same steps."
                           : "{branch} takes the same steps from here on: space starts the race.";
}

/* True when it begins, when it has arrived, and when it is given up on its way. */
static const char *choose_twin(const struct event *event)
{
    return strcmp(event->label, "scratch") == 0 ? "A twin from {label} takes the same steps, up to step {end}."
                                                : "A twin with {label} takes the same steps, up to step {end}.";
}

static const struct {
    const char *sentence;
    const char *(*choose)(const struct event *event);
} wording[EVENT_KINDS] = {
    [EVENT_KNOB] = {.sentence = "{turn} at step {step}."},
    [EVENT_EARLY_STOP] = {.sentence =
                              "Stopped: the best test loss was {best} at step {best step}; those weights are back."},
    [EVENT_DIVERGED] = {.sentence = "The loss is no longer a number after step {step}: the steps were far too big."},
    [EVENT_RESTART] = {.sentence = "Again from the same start; the old curve stays grey."},
    [EVENT_SEED] = {.sentence = "Again from another start: seed {seed}."},
    [EVENT_REWIND] = {.sentence = "Back at step {step}: {branch} begins; what came after stays grey."},
    [EVENT_FORK] = {.sentence = "Forked at step {step}: from here on it is {branch}."},
    [EVENT_TWIN] = {.choose = choose_twin},
    [EVENT_ARRIVED] = {.sentence = "The twin is there: {branch}, at step {step}."},
    [EVENT_LOAD] = {.sentence = "Loaded: on from step {step} as {branch}."},
    [EVENT_STAGE] = {.sentence = "Stage {stage}, {label}, begins at step {step} on what was learnt before."},
    [EVENT_PAUSE] = {.sentence = "{label} at step {step}."},
    [EVENT_GO] = {.sentence = "{label}, from step {step}."},
    [EVENT_SWITCH] = {.sentence = "On with {branch}, from its end at step {step}."},
    [EVENT_RACE] = {.choose = choose_race},
    [EVENT_NAMED] = {.sentence = "It is called {label}."},
    [EVENT_DELETED] = {.sentence = "Forgotten: {branch}."},
    [EVENT_SAVED] = {.sentence = "Kept as {label}."},
    [EVENT_DEPARTED] = {.sentence = "From step {step} on these are not the numbers of the journal."},
    [EVENT_END] = {.choose = choose_end},
    [EVENT_BEST] = {.sentence = "Ended at step {step} with the best: test loss {best} at step {best step}."},
    [EVENT_CUT] = {.sentence = "Ended before early stopping: the best was {best} at step {best step}."},
};

static const struct {
    const char *name;
    word_writer *write;
} braces[] = {
    {"branch", write_branch},       {"step", write_step},   {"end", write_end},
    {"label", write_label},         {"seed", write_seed},   {"best", write_best_loss},
    {"best step", write_best_step}, {"stage", write_stage}, {"turn", write_turn},
};

/* What stands for the name in braces. */
static void write_word(const char *name, size_t length, const struct telling *telling, char *out, size_t size)
{
    for (size_t i = 0; i < sizeof braces / sizeof braces[0]; i++)
        if (strlen(braces[i].name) == length && strncmp(name, braces[i].name, length) == 0)
            braces[i].write(telling, out, size);
}

bool words_of_event(const struct event *event, double from, const char *branch, char *out, size_t size)
{
    const struct telling telling = {event, from, branch};
    const char *next = wording[event->kind].choose ? wording[event->kind].choose(event) : wording[event->kind].sentence;
    size_t used = 0;
    out[0] = 0;
    if (!next)
        return false;
    while (*next && used < size) {
        char word[EVENT_LABEL_SIZE + 64] = "";
        const size_t plain = strcspn(next, "{"), name = strcspn(next + plain, "}");
        used += (size_t)snprintf(out + used, size - used, "%.*s", (int)plain, next);
        next += plain;
        if (!*next || used >= size)
            break;
        write_word(next + 1, name - 1, &telling, word, sizeof word);
        used += (size_t)snprintf(out + used, size - used, "%s", word);
        next += name + 1;
    }
    if (event->kind == EVENT_GO || event->kind == EVENT_PAUSE)
        words_begin(out);
    return true;
}

void words_begin(char *text)
{
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
}
