/* Runs whose disk fills up, or whose folder is taken away: that is said, the run goes on, and what was whole stays
 * whole. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/session.h"
#include "store/checkpoint.h"
#include "suite.h"
#include "support/sequences.h"
#include "support/wishes.h"

static char folder[64], journal[96], kept[96];

static void make_folder(void)
{
    strcpy(folder, "/tmp/downhill-disk-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(journal, sizeof journal, "%s/a.journal", folder);
    snprintf(kept, sizeof kept, "%s/a.safetensors", folder);
}

static void remove_folder(void)
{
    unlink(journal);
    unlink(kept);
    rmdir(folder);
}

/* A limit on the size of files stands for a full disk.  Check writes into a file itself: nothing may be asserted
 * meanwhile. */
static void fill_disk(off_t size)
{
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = (rlim_t)size, .rlim_max = RLIM_INFINITY});
}

static void empty_disk(void)
{
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}), 0);
}

static off_t size_of(const char *path)
{
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    return about.st_size;
}

static struct session *open_paused(void)
{
    struct spec spec = spec_of("spiral", 0, 0);
    return open_with(&spec, &(struct session_options){.paused = true, .journal = journal});
}

static void turn(struct session *session, double rate)
{
    tell(session, (struct wish){.name = "knob", .knob = KNOB_LR, .value = rate});
}

static struct event save(struct session *session)
{
    struct wish command = {.name = "save"};
    snprintf(command.text, sizeof command.text, "%s", kept);
    return tell(session, command);
}

/* At the end, once more. */
static void ends_with(struct session *session, const char *loss, bool replays)
{
    struct error error = {.message = ""};
    uint64_t end;
    ck_assert_int_eq(session_finish(session, NULL, &error), STATUS_FAILED);
    ck_assert_msg(strstr(error.message, loss) != NULL, "%s", error.message);
    ck_assert(session_status(session)->lost[SESSION_JOURNAL]);
    ck_assert_int_eq(session_replays(session, &end), replays);
    session_close(session, NULL);
}

/* Once, and never again; but the state stands. */
static void warns(struct session *session, const char *what)
{
    session_poll(session);
    const char *warning = session_warning(session);
    ck_assert_ptr_nonnull(warning);
    ck_assert_msg(strstr(warning, what) != NULL, "%s", warning);
    ck_assert_ptr_nonnull(strstr(warning, "the run goes on without its journal: "));
    ck_assert_ptr_nonnull(strstr(warning, "/a.journal"));
    turn(session, 0.3);
    turn(session, 0.4);
    session_poll(session);
    ck_assert_ptr_null(session_warning(session));
    ck_assert(session_status(session)->lost[SESSION_JOURNAL]);
    ck_assert(!session_status(session)->lost[SESSION_LOG]);
}

static uint64_t straight(void)
{
    struct spec spec = spec_of("spiral", 0, 0);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    run_to(session, 100);
    turn(session, 0.1);
    const uint64_t hash = session_status(session)->state_hash;
    session_close(session, NULL);
    return hash;
}

START_TEST(a_journal_that_finds_no_room)
{
    struct session *session = open_paused();
    run_to(session, 100);
    turn(session, 0.1);
    fill_disk(size_of(journal) + 5);
    turn(session, 0.2);
    empty_disk();
    warns(session, "File too large");
    run_to(session, 300);
    ends_with(session, "a.journal: the journal is incomplete, it ends at step 100: File too large", true);
    ck_assert_uint_eq(replay_hash(journal), straight());
}
END_TEST

START_TEST(a_journal_that_is_removed)
{
    struct session *session = open_paused();
    run_to(session, 100);
    ck_assert_int_eq(unlink(journal), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    turn(session, 0.1);
    warns(session, "it was removed");
    run_to(session, 300);
    ends_with(session, "a.journal: the journal is lost: it was removed", false);
    ck_assert_int_ne(access(journal, F_OK), 0);
}
END_TEST

START_TEST(a_journal_that_is_cut_from_outside)
{
    struct session *session = open_paused();
    run_to(session, 100);
    turn(session, 0.1);
    ck_assert_int_eq(truncate(journal, 100), 0);
    turn(session, 0.2);
    warns(session, "it was changed from outside");
    ends_with(session, "a.journal: the journal is lost: it was changed from outside", false);
}
END_TEST

START_TEST(a_journal_in_whose_place_another_file_is_put)
{
    struct session *session = open_paused();
    run_to(session, 100);
    FILE *other = fopen(kept, "w");
    ck_assert_ptr_nonnull(other);
    fclose(other);
    ck_assert_int_eq(rename(kept, journal), 0);
    turn(session, 0.1);
    warns(session, "another file was put in its place");
    ends_with(session, "a.journal: the journal is lost: another file was put in its place", false);
    ck_assert_int_eq(size_of(journal), 0);
}
END_TEST

/* Nothing is written after it: only the end of the run can tell. */
START_TEST(a_journal_that_is_removed_at_the_end)
{
    struct session *session = open_paused();
    run_to(session, 100);
    turn(session, 0.1);
    struct wish quit = {.name = "end"};
    tell(session, quit);
    while (!session_status(session)->ended)
        session_wait(session, 50);
    ck_assert_int_eq(unlink(journal), 0);
    ends_with(session, "a.journal: the journal is lost: it was removed", false);
}
END_TEST

/* It is whole, but not where a person looks for it. */
START_TEST(a_journal_that_is_moved)
{
    uint64_t end;
    struct session *session = open_paused();
    run_to(session, 100);
    ck_assert_int_eq(rename(journal, kept), 0);
    turn(session, 0.1);
    ck_assert_ptr_null(session_warning(session));
    ck_assert_int_eq(session_finish(session, NULL, NULL), STATUS_FAILED);
    ck_assert(!session_replays(session, &end));
    session_close(session, NULL);
}
END_TEST

static uint64_t step_of_kept(void)
{
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    ck_assert_msg(checkpoint_open(&file, kept, &error) == STATUS_OK, "%s", error.message);
    const uint64_t step = checkpoint_file_step(file);
    checkpoint_close(file);
    return step;
}

/* Saving was refused with the reason; it goes on from where it was. */
static void could_not_save(struct session *session, const struct event *event, const char *reason)
{
    ck_assert_int_eq(event->kind, EVENT_REFUSED);
    ck_assert_msg(strstr(event->label, reason) != NULL, "%s", event->label);
    run_to(session, session_status(session)->step + 50);
}

START_TEST(a_checkpoint_that_finds_no_room)
{
    struct session *session = open_paused();
    run_to(session, 100);
    ck_assert_int_eq(save(session).kind, EVENT_SAVED);
    run_to(session, 200);
    fill_disk(size_of(kept) / 2);
    const struct event event = save(session);
    empty_disk();
    could_not_save(session, &event, "File too large");
    ck_assert_uint_eq(step_of_kept(), 100);
    ck_assert_int_eq(save(session).kind, EVENT_SAVED);
    ck_assert_uint_eq(step_of_kept(), 250);
    ck_assert(session_close(session, NULL));
    unlink(journal);
    unlink(kept);
    ck_assert_msg(rmdir(folder) == 0, "something was left in the folder");
}
END_TEST

/* One that is due each so many steps: it stands on the screen until one is written again. */
START_TEST(a_checkpoint_on_the_way_that_finds_no_room)
{
    struct spec spec = spec_of("spiral", 0, 0);
    spec.save_path = mem_string(kept);
    spec.save_every = 100;
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    fill_disk(1000);
    tell(session, (struct wish){.name = "until", .number = 150});
    while (!session_status(session)->lost[SESSION_CHECKPOINT])
        session_wait(session, 50);
    empty_disk();
    const char *warning = session_warning(session);
    ck_assert_ptr_nonnull(warning);
    ck_assert_ptr_nonnull(strstr(warning, "a.safetensors: cannot be written: File too large"));
    while (session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 50);
    run_to(session, 250);
    while (session_status(session)->lost[SESSION_CHECKPOINT])
        session_wait(session, 50);
    ck_assert_uint_eq(step_of_kept(), 200);
    ck_assert(session_close(session, NULL));
}
END_TEST

/* The superuser writes where he likes. */
START_TEST(a_folder_that_becomes_read_only)
{
    struct session *session = open_paused();
    run_to(session, 100);
    ck_assert_int_eq(save(session).kind, EVENT_SAVED);
    ck_assert_int_eq(chmod(folder, 0555), 0);
    if (access(folder, W_OK) != 0) {
        const struct event event = save(session);
        could_not_save(session, &event, "Permission denied");
        ck_assert_uint_eq(step_of_kept(), 100);
    }
    turn(session, 0.1); /* the journal is open already */
    ck_assert_ptr_null(session_warning(session));
    ck_assert_int_eq(chmod(folder, 0755), 0);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_folder_that_is_moved_away)
{
    char elsewhere[80];
    struct session *session = open_paused();
    run_to(session, 100);
    ck_assert_int_eq(save(session).kind, EVENT_SAVED);
    snprintf(elsewhere, sizeof elsewhere, "%s.moved", folder);
    ck_assert_int_eq(rename(folder, elsewhere), 0);
    const struct event event = save(session);
    could_not_save(session, &event, "No such file");
    ck_assert_int_eq(tell(session, (struct wish){.name = "load", .text = "/nowhere/at/all"}).kind, EVENT_REFUSED);
    turn(session, 0.1);
    ck_assert_ptr_null(session_warning(session)); /* it moved with its folder */
    const uint64_t end = session_status(session)->state_hash;
    struct error error;
    ck_assert(!session_close(session, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "a.journal: the journal is no longer there: it was moved"));
    ck_assert_int_eq(rename(elsewhere, folder), 0);
    ck_assert_uint_eq(step_of_kept(), 100);
    ck_assert_uint_eq(replay_hash(journal), end);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("disk");
    TCase *tests = tcase_create("disk");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_journal_that_finds_no_room);
    tcase_add_test(tests, a_journal_that_is_removed);
    tcase_add_test(tests, a_journal_that_is_cut_from_outside);
    tcase_add_test(tests, a_journal_in_whose_place_another_file_is_put);
    tcase_add_test(tests, a_journal_that_is_removed_at_the_end);
    tcase_add_test(tests, a_journal_that_is_moved);
    tcase_add_test(tests, a_checkpoint_on_the_way_that_finds_no_room);
    tcase_add_test(tests, a_checkpoint_that_finds_no_room);
    tcase_add_test(tests, a_folder_that_becomes_read_only);
    tcase_add_test(tests, a_folder_that_is_moved_away);
    suite_add_tcase(suite, tests);
    return suite;
}
