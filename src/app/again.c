/* Rebuilds from a journal the command line that runs its newest branch again.
 *
 * DESIGN.  The newest branch began with the knobs as earlier branches had left them.  So the turns of those, in their
 * order, come first and at step 0; then the words given, whose script ran on every branch; then the branch's own turns
 * by hand. */
#include "app/again.h"

#include <string.h>

#include "app/option.h"
#include "base/lines.h"
#include "base/mem.h"
#include "base/number.h"

#define TURNS_MOST 100

static void print_word(FILE *out, const char *word)
{
    struct lines quoted = {0};
    share_word(&quoted, word);
    if (quoted.text)
        fputs(quoted.text, out);
    mem_free(quoted.text);
}

static bool is_turn(const struct event *event, const struct session_status *status, bool earlier)
{
    if (event->kind != EVENT_KNOB)
        return false;
    return earlier ? event->branch < status->branch : event->branch == status->branch && event->token != 0;
}

static size_t count_turns(const struct session *session)
{
    const struct history *history = session_history(session);
    size_t count = 0;
    for (size_t i = 0; i < history_events(history); i++)
        count += is_turn(history_event(history, i), session_status(session), true) ||
                 is_turn(history_event(history, i), session_status(session), false);
    return count;
}

static void print_turns(FILE *out, const struct session *session, bool earlier)
{
    const struct history *history = session_history(session);
    for (size_t i = 0; i < history_events(history); i++) {
        const struct event *event = history_event(history, i);
        const enum knob_id knob = (enum knob_id)event->what;
        char value[40];
        if (is_turn(event, session_status(session), earlier))
            fprintf(out, " --at %llu:%s=%s", earlier ? 0 : (unsigned long long)event->step, knob_table[knob].name,
                    knob_format(knob, event->to, value, sizeof value));
    }
}

/* Going on after an early stop is a key, for which there is no word. */
static void print_stop(FILE *out, const struct session *session)
{
    const struct history *history = session_history(session);
    const struct session_status *status = session_status(session);
    for (size_t i = 0; i < history_events(history); i++) {
        const struct event *event = history_event(history, i);
        char step[32];
        if (event->kind == EVENT_EARLY_STOP && event->branch == status->branch && event->step < status->step) {
            fprintf(out, "(it stopped early at step %s and went on: press space there)\n",
                    number_count(step, sizeof step, event->step));
            return;
        }
    }
}

/* Whether a command that repeats the run leaves the option out: a seed, or the journal, which is not to be
 * overwritten. */
static bool is_left_out(const struct field *field)
{
    return strcmp(field->name, "seed") == 0 || strcmp(field->name, "data-seed") == 0 ||
           strcmp(field->name, "journal") == 0;
}

/* Words from argv[at] on, up to `--`; the index behind. */
static int print_options(FILE *out, int argc, char **argv, int at)
{
    while (at < argc && strcmp(argv[at], "--") != 0) {
        struct option option;
        int end = at;
        const bool is_option =
            option_is(argv[at]) && option_read(&option, &subcommand_table[0], argc, argv, &end, NULL) == STATUS_OK;
        if (!is_option)
            end = at + 1;
        for (const bool left_out = is_option && is_left_out(option.field); at < end; at++)
            if (!left_out) {
                fputc(' ', out);
                print_word(out, argv[at]);
            }
    }
    return at;
}

/* A step back in time, a twin or a checkpoint has no word on the command line. */
static bool is_straight(const struct session *session)
{
    const size_t branches = session_branches(session);
    bool straight = (size_t)session_status(session)->branch + 1 == branches;
    for (size_t i = 1; i < branches; i++) {
        const enum event_kind reason = session_branch(session, i)->reason;
        straight &= reason == EVENT_RESTART || reason == EVENT_SEED;
    }
    return straight;
}

static void print_set_up(FILE *out, const struct session *session)
{
    char command[2048];
    if (session_share(session, command, sizeof command))
        fprintf(out, "From step 0 with these knobs: %s\n", command);
}

void again_print(FILE *out, int argc, char **argv, const struct session *session)
{
    if (!is_straight(session)) {
        print_set_up(out, session);
        return;
    }
    const uint64_t seed = session_status(session)->seed, data_seed = session_model(session)->data_seed;
    const size_t turns = count_turns(session);
    fputs("Again: ", out);
    print_word(out, argv[0]);
    if (turns <= TURNS_MOST)
        print_turns(out, session, true);
    int at = print_options(out, argc, argv, 1);
    fprintf(out, " --seed %llu", (unsigned long long)seed);
    if (data_seed != seed)
        fprintf(out, " --data-seed %llu", (unsigned long long)data_seed);
    if (turns <= TURNS_MOST)
        print_turns(out, session, false);
    for (; at < argc; at++) {
        fputc(' ', out);
        print_word(out, argv[at]);
    }
    if (turns > TURNS_MOST)
        fprintf(out, "\n(and %zu turns of knobs by hand)", turns);
    fputc('\n', out);
    print_stop(out, session);
}

void again_print_replay(FILE *out, const char *program, const char *journal, const uint64_t *end)
{
    char step[32];
    if (!journal)
        return;
    if (end)
        fprintf(out, "Replay up to step %s: ", number_count(step, sizeof step, *end));
    else
        fputs("Replay: ", out);
    print_word(out, program);
    fputs(" replay ", out);
    print_word(out, journal);
    fputc('\n', out);
}
