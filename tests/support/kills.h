/* Runs that are killed at a moment of chance, and what they leave behind: a journal that replays and a checkpoint that
 * is whole.  When the moment comes depends on the machine; what must be there does not. */
#ifndef TESTS_SUPPORT_KILLS_H
#define TESTS_SUPPORT_KILLS_H

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "support/on_screen.h"

struct kill_place {
    char *folder;
    char journal[64], checkpoint[64];
};

static inline struct kill_place kill_place_make(void)
{
    struct kill_place place = {.folder = process_folder()};
    snprintf(place.journal, sizeof place.journal, "%s/run.journal", place.folder);
    snprintf(place.checkpoint, sizeof place.checkpoint, "%s/run.safetensors", place.folder);
    return place;
}

/* Before its first line is written there was no run.  For at most half a minute. */
static inline void await_journal(const struct kill_place *place)
{
    struct stat about;
    for (int i = 0; i < 30000 && (stat(place->journal, &about) != 0 || about.st_size == 0); i++)
        usleep(1000);
}

static inline void succeeds(const char *words)
{
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s: status %d: %s", words, outcome.status, outcome.err);
    outcome_free(&outcome);
}

static inline void check_whole(const struct kill_place *place)
{
    char words[600];
    snprintf(words, sizeof words, "replay %s --headless", place->journal);
    succeeds(words);
    snprintf(words, sizeof words, "--load %s --headless --steps 1", place->checkpoint);
    if (access(place->checkpoint, F_OK) == 0) /* it may have been killed before the first */
        succeeds(words);
}

static inline uint32_t by_chance(uint64_t seed, uint32_t index, uint32_t most)
{
    return random_bits(random_key(seed, RANDOM_SAMPLE, 0), index) % most;
}

/* Without a screen, with turns and a checkpoint each few thousand steps. */
static inline void check_killed_run(uint64_t seed)
{
    struct kill_place place = kill_place_make();
    const pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execl(process_program(), "downhill", "samples/iris.csv", "--headless", "--steps", "10000000", "--save-every",
              "5000", "--save", place.checkpoint, "--journal", place.journal, "--at", "3000:lr=0.05", "--at",
              "9000:batch=20", "--at", "9000:optimizer=adam", "--at", "20000:dropout=0.1", (char *)NULL);
        _exit(127);
    }
    await_journal(&place);
    usleep((useconds_t)by_chance(seed, 0, 300000));
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    check_whole(&place);
    process_folder_remove(place.folder);
}

/* On a terminal, under keys that turn, fork, undo and start again. */
static inline void check_killed_screen(uint64_t seed)
{
    static const char keys[] = "LlLlBbDdDdfUfUR. ";
    struct kill_place place = kill_place_make();
    char words[256];
    snprintf(words, sizeof words, "samples/iris.csv --speed max --save-every 2000 --save %s --journal %s",
             place.checkpoint, place.journal);
    struct terminal *terminal = start(words);
    expect(terminal, "learning rate");
    const uint32_t count = by_chance(seed, 0, 25);
    for (uint32_t i = 1; i <= count; i++) {
        const char key[] = {keys[by_chance(seed, i, sizeof keys - 1)], '\0'};
        terminal_type(terminal, key);
        terminal_pump(terminal, (int)by_chance(seed, 100 + i, 20));
    }
    terminal_signal(terminal, SIGKILL);
    ck_assert_int_eq(terminal_wait(terminal), 128 + SIGKILL);
    terminal_close(terminal);
    check_whole(&place);
    process_folder_remove(place.folder);
}

#endif
