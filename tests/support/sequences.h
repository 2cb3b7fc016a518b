/* Runs in which things are done by chance, and their replays. */
#ifndef TESTS_SUPPORT_SEQUENCES_H
#define TESTS_SUPPORT_SEQUENCES_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/random.h"
#include "engine/journal.h"
#include "support/sessions.h"

static inline void temporary_file(char *path, size_t size)
{
    snprintf(path, size, "/tmp/downhill-time-XXXXXX");
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
}

/* The hash at the end of a journal's replay; 0: it departed. */
static inline uint64_t replay_hash(const char *path)
{
    struct spec spec;
    struct journal_facts facts;
    struct journal_script *script;
    struct error error = {0};
    spec_init(&spec);
    ck_assert_msg(journal_read(&script, path, &spec, &facts, &error) == STATUS_OK, "%s", error.message);
    struct session *session =
        open_with(&spec, &(struct session_options){.headless = true, .script = script, .made_with = &facts});
    bool departed = false;
    struct event event;
    while (!session_status(session)->ended) {
        session_wait(session, 50);
        while (session_echo(session, &event))
            departed |= event.kind == EVENT_DEPARTED;
    }
    const uint64_t hash = departed ? 0 : session_status(session)->state_hash;
    session_close(session, NULL);
    journal_script_free(script);
    return hash;
}

/* Checkpoints of a sequence lie beside its journal; none is written twice, since a replay reads them again. */
#define SEQUENCE_LENGTH 12

static inline struct wish about_file(const char *kind, const char *journal, uint32_t index)
{
    struct wish command = {.name = kind};
    snprintf(command.text, sizeof command.text, "%s.%u", journal, index);
    return command;
}

/* One that was saved as `index` or before, if any was. */
static inline struct wish about_saved(const char *journal, uint32_t index)
{
    struct wish command = about_file("load", journal, index);
    while (index > 0 && access(command.text, F_OK) != 0)
        command = about_file("load", journal, --index);
    return command;
}

static inline void remove_files(const char *journal)
{
    unlink(journal);
    for (uint32_t i = 0; i < SEQUENCE_LENGTH; i++)
        unlink(about_file("save", journal, i).text);
}

/* One thing that a person might do, chosen by chance. */
static inline void do_something(struct session *session, const char *journal, uint64_t seed, uint32_t index)
{
    static const enum knob_id knobs[] = {KNOB_LR,       KNOB_BATCH,          KNOB_DROPOUT,     KNOB_OPTIMIZER,
                                         KNOB_SCHEDULE, KNOB_TRAIN_FRACTION, KNOB_LABEL_NOISE, KNOB_EARLY_STOP,
                                         KNOB_PATIENCE, KNOB_MOMENTUM};
    const struct session_status *status = session_status(session);
    uint32_t chance[8];
    for (uint32_t i = 0; i < 8; i++)
        chance[i] = random_bits(random_key(seed, RANDOM_SAMPLE, index), i);
    const uint16_t branch = (uint16_t)(chance[1] % session_branches(session));
    const uint64_t reach = session_branch(session, branch)->last + 1;
    switch (chance[0] % 16) {
    case 0:
    case 1:
    case 2: {
        const enum knob_id knob = knobs[chance[1] % (sizeof knobs / sizeof knobs[0])];
        const double value = knob_step(knob, status->knobs.value[knob], chance[2] % 2 ? 1 : -1);
        tell(session, (struct wish){.name = "knob", .knob = knob, .value = value});
        break;
    }
    case 3:
    case 4:
        tell(session, (struct wish){.name = "rewind", .branch = branch, .number = chance[2] % reach});
        break;
    case 5:
        tell(session, (struct wish){.name = "fork"});
        break;
    case 6:
        tell(session, (struct wish){.name = "switch", .branch = branch});
        break;
    case 7:
        tell(session, (struct wish){.name = "scrub", .branch = branch, .number = chance[2] % reach});
        break;
    case 8:
        tell(session, (struct wish){.name = chance[1] % 2 ? "restart" : "seed", .number = chance[2] % 9});
        break;
    case 9:
        tell(session, (struct wish){.name = "race", .branch = branch});
        break;
    case 10:
        if (chance[1] % 2)
            tell(session, (struct wish){.name = "twin", .text = "lr=0.05"});
        else
            tell(session, (struct wish){.name = "twin", .text = "hidden=12"});
        break;
    case 11:
    case 12:
        tell(session, about_file("save", journal, index));
        break;
    case 13:
    case 14:
        tell(session, about_saved(journal, chance[1] % SEQUENCE_LENGTH));
        break;
    default:
        tell(session, (struct wish){.name = "delete", .branch = branch});
        break;
    }
    /* Some steps; in half of the cases interrupted by a pause, wherever that comes. */
    const struct event going =
        tell(session, (struct wish){.name = "until", .number = status->step + 1 + chance[3] % 200});
    if (chance[4] % 2 || going.kind != EVENT_GO) /* it may be beyond already, where something began to run by itself */
        tell(session, (struct wish){.name = "pause"});
    while (status->state == SESSION_RUNNING)
        session_wait(session, 50);
}

/* A run of twelve such things, and the replay of its journal, which has to end with the same bits. */
static inline void check_sequence(uint64_t seed)
{
    char path[64];
    temporary_file(path, sizeof path);
    struct spec spec = spec_of(seed % 3 == 2 ? "samples/iris.csv" : "spiral", 0, 0);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true, .journal = path});
    for (uint32_t k = 0; k < SEQUENCE_LENGTH; k++)
        do_something(session, path, seed, k);
    const uint64_t end = session_status(session)->state_hash;
    ck_assert_uint_ne(end, 0);
    ck_assert(session_close(session, NULL));
    ck_assert_msg(replay_hash(path) == end, "the replay of %s ends elsewhere", path);
    remove_files(path);
}

#endif
