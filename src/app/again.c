/* DESIGN.  The newest branch began with the knobs as earlier branches had left them.  So the turns of those, in their order, come first
 * and at step 0; then the words given, whose script ran on every branch; then the branch's own turns by hand. */
#include "app/again.h"

#include <string.h>

#include "app/cli.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"

#define TURNS_MOST 100

static bool is_clean(const char *word)
{
    char *copy = mem_string(word);
    if (copy)
        text_clean(copy);
    const bool clean = copy && strcmp(copy, word) == 0;
    mem_free(copy);
    return clean;
}

/* A name with bytes that would steer the terminal, which the shell makes out of numbers. */
static void print_hostile(FILE *out, const char *word)
{
    fputs("\"$(printf '%b' '", out);
    for (; *word; word++) {
        const unsigned char c = (unsigned char)*word;
        if (c > ' ' && c < 0x7f && c != '\'' && c != '\\')
            fputc(c, out);
        else
            fprintf(out, "\\0%03o", c);
    }
    fputs("')\"", out);
}

/* Quotes a word for a POSIX shell where it needs it. */
static void print_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/+%@";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    if (!is_clean(word)) {
        print_hostile(out, word);
        return;
    }
    fputc('\'', out);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    }
    fputc('\'', out);
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

/* Words from argv[at] on, without those that name a seed, up to `--`; the index behind. */
static int print_options(FILE *out, int argc, char **argv, int at)
{
    while (at < argc && strcmp(argv[at], "--") != 0) {
        const char *name;
        const int end = at + cli_words(argc, argv, at, &name);
        const bool seed = name && (strcmp(name, "seed") == 0 || strcmp(name, "data-seed") == 0);
        for (; at < end; at++)
            if (!seed) {
                fputc(' ', out);
                print_word(out, argv[at]);
            }
    }
    return at;
}

void again_print(FILE *out, int argc, char **argv, const struct session *session)
{
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
