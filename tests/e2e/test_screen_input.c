/* What a terminal may send: after each of these the screen still hears a new size and a signal, without a further
 * byte. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "support/on_screen.h"
#include "unit/suite.h"

#define SMALL_COLUMNS 30
#define SMALL_ROWS    8

static void check_hears_resize(struct terminal *terminal)
{
    terminal_resize(terminal, SMALL_COLUMNS, SMALL_ROWS);
    expect(terminal, "a little more room");
}

static void check_hears_end(struct terminal *terminal)
{
    terminal_signal(terminal, SIGTERM);
    ck_assert_int_eq(terminal_wait(terminal), 0);
    ck_assert(terminal_restored(terminal));
}

static const char *const unusual_bytes[] = {
    "\033[<2;50;16M",               /* right press */
    "\033[<2;50;16M\033[<2;50;16m", /* right click */
    "\033[<1;50;16M\033[<1;50;16m", /* middle click */
    "\033[<34;51;16M",              /* right drag */
    "\033[<66;50;16M",              /* wheel left */
    "\033[<67;50;16M",              /* wheel right */
    "\033[<128;50;16M",             /* a further button */
    "\033[<35;50;16M",              /* a motion without a button */
    "\033[<0;500;500M",             /* outside of the screen */
    "\033[<0;-5;-7M",               /* negative */
    "\033[<-1;5;7M",
    "\033[<0;0;0M",
    "\033[<0;99999999999;1M",
    "\033[<", /* cut off */
    "\033[<0",
    "\033[<0;50;16",
    "\033[M",
    "\033[M !",
    "\033[",
    "\033O",
    "\xe2\x82",
    "\xff\xfe",
    "\033[I\033[O",                   /* focus */
    "\033[200~\033[201~",             /* pasting */
    "\033[>0;276;0c",                 /* an answer */
    "\033[1;5A\033[27;5;13~\033[42q", /* keys that mean nothing here */
};

START_TEST(unusual_bytes_do_not_deafen_the_screen)
{
    for (int half = 0; half < 2; half++) {
        struct terminal *terminal = start("spiral --paused");
        expect(terminal, "learning rate");
        terminal_type(terminal, unusual_bytes[_i]);
        terminal_pump(terminal, 100);
        if (half == 0)
            check_hears_resize(terminal);
        check_hears_end(terminal);
        terminal_close(terminal);
    }
}
END_TEST

START_TEST(reports_after_the_mouse_is_off_do_not_deafen_the_screen)
{
    static const char *const reports[] = {"\033[<0;50;16M", "\033[<2;50;16M", "\033[<32;50;16M", "\033[<64;50;16M",
                                          "\033[<"};
    struct terminal *terminal = start("spiral --paused");
    expect(terminal, "learning rate");
    terminal_type(terminal, "M");
    expect(terminal, "Mouse off");
    terminal_type(terminal, reports[_i]);
    terminal_pump(terminal, 100);
    check_hears_resize(terminal);
    check_hears_end(terminal);
    terminal_close(terminal);
}
END_TEST

/* The report of another button changes nothing, and its digits and letters are no keys. */
START_TEST(a_right_click_is_no_key)
{
    struct terminal *terminal = start("spiral --paused");
    expect(terminal, "learning rate");
    terminal_type(terminal, "\033[<2;50;16M\033[<2;50;16m\033[<66;5;5M\033[<0;-4;5ML");
    expect(terminal, "lr 0.2 → 0.5");
    ck_assert(!terminal_shows(terminal, "Mouse off"));
    ck_assert(terminal_shows(terminal, "1 curves"));
    mouse(terminal, 64, COLUMNS - 10, 3);
    quit(terminal);
}
END_TEST

/* Returns when all that was typed before has been drawn: the second picture follows the whole of the first. */
static void await_picture(struct terminal *terminal)
{
    terminal_type(terminal, "M");
    expect(terminal, "Mouse off");
    terminal_type(terminal, "M");
    expect_gone(terminal, "Mouse off");
}

/* The number of the first label on the steps' axis, the only row that has numbers in a line. */
static long first_label(struct terminal *terminal)
{
    for (int row = 0; row < ROWS; row++) {
        const char *text = terminal_row(terminal, row), *line = strstr(text, "\u2500\u2500\u2500");
        const char *digit = line ? strpbrk(text, "0123456789") : NULL;
        if (digit)
            return strtol(digit, NULL, 10);
    }
    terminal_print(terminal);
    ck_abort_msg("no axis of steps");
}

/* Dragged to the left the chart shows later steps, dragged to the right earlier ones, also beyond the edge of the
 * screen; the wheel shows fewer. */
START_TEST(a_chart_that_is_dragged_goes_along)
{
    struct terminal *terminal = start("spiral --steps 400 --speed max");
    char bytes[64];
    expect(terminal, "as asked");
    ck_assert_int_eq(first_label(terminal), 0);
    for (int i = 0; i < 4; i++)
        terminal_type(terminal, "\033[<64;41;9M");
    await_picture(terminal);
    long label = first_label(terminal);
    ck_assert_int_gt(label, 0);
    for (int i = 0; i < 4; i++) {
        const bool right = i % 2 == 1;
        const int from = right ? 35 : 50, to = i == 3 ? 500 : right ? 50 : 35;
        snprintf(bytes, sizeof bytes, "\033[<0;%d;9M\033[<32;%d;9M\033[<0;%d;9m", from, to, to);
        terminal_type(terminal, bytes);
        await_picture(terminal);
        const long now = first_label(terminal);
        ck_assert_msg(right ? now < label : now > label, "from %ld to %ld", label, now);
        label = now;
    }
    quit(terminal);
}
END_TEST

/* What lies under the mouse stays there: at the left end the chart keeps its first steps, at the right its last. */
START_TEST(the_wheel_zooms_where_the_mouse_is)
{
    struct terminal *terminal = start("spiral --steps 400 --speed max");
    expect(terminal, "as asked");
    for (int i = 0; i < 4; i++)
        terminal_type(terminal, "\033[<64;12;9M");
    await_picture(terminal);
    ck_assert_int_lt(first_label(terminal), 100);
    for (int i = 0; i < 8; i++)
        terminal_type(terminal, "\033[<65;12;9M");
    for (int i = 0; i < 4; i++)
        terminal_type(terminal, "\033[<64;70;9M");
    await_picture(terminal);
    ck_assert_int_gt(first_label(terminal), 200);
    quit(terminal);
}
END_TEST

static int row_of_batch_size(struct terminal *terminal)
{
    for (int row = 0; row < ROWS; row++)
        if (strstr(terminal_row(terminal, row), "batch size"))
            return row;
    terminal_print(terminal);
    ck_abort_msg("no row of the batch size");
}

/* A mouse that is off, and a wheel over the page of help, turn no knob. */
START_TEST(the_wheel_turns_only_what_can_be_seen)
{
    struct terminal *terminal = start("spiral --paused");
    expect(terminal, "learning rate");
    await_picture(terminal);
    const int row = row_of_batch_size(terminal);
    terminal_type(terminal, "?");
    expect(terminal, "lines 1");
    mouse(terminal, 64, COLUMNS - 10, row);
    terminal_type(terminal, "?");
    expect_gone(terminal, "lines 1");
    terminal_type(terminal, "M");
    expect(terminal, "Mouse off");
    mouse(terminal, 64, COLUMNS - 10, row);
    terminal_type(terminal, "L"); /* what came before it has been seen, too ... */
    expect(terminal, "lr 0.2 → 0.5");
    terminal_type(terminal, "L"); /* ... and drawn: the second picture follows the whole of the first */
    expect(terminal, "lr 0.2 → 1");
    ck_assert_int_eq(row_of_batch_size(terminal), row);
    ck_assert_int_eq(strtol(strstr(terminal_row(terminal, row), "batch size") + strlen("batch size"), NULL, 10), 10);
    terminal_type(terminal, "M");
    expect_gone(terminal, "Mouse off");
    mouse(terminal, 64, COLUMNS - 10, row);
    expect(terminal, "batch 10 → 20");
    quit(terminal);
}
END_TEST

/* The keys that the terminal's description names, where they are those of a usual terminal, too. */
START_TEST(pages_go_down_and_up)
{
    struct terminal *terminal = start("spiral --paused");
    expect(terminal, "learning rate");
    terminal_type(terminal, "?");
    expect(terminal, "lines 1");
    terminal_type(terminal, "\033[6~");
    expect(terminal, "lines 11");
    terminal_type(terminal, "\033[5~");
    expect_gone(terminal, "lines 11");
    ck_assert(terminal_shows(terminal, "lines 1"));
    terminal_type(terminal, "?");
    quit(terminal);
}
END_TEST

/* ---- by chance ---- */

static uint32_t by_chance(uint32_t index, uint32_t most)
{
    return random_bits(random_key(7, RANDOM_SAMPLE, 0), index) % most;
}

/* A key (none that leaves or stops the program), or a mouse report: valid, cut off or hostile. */
static void put_by_chance(char *out, size_t size, uint32_t index)
{
    static const char *const named[] = {"\033OA", "\033OB", "\033OC", "\033OD", "\033[5~", "\033[6~",
                                        "\033OH", "\033OF", "\033[Z", "\033OP", "\033",    "\r",
                                        "\t",     "\x7f",   "é",      "€",      "\x0c",    "\x15"};
    const uint32_t kind = by_chance(8 * index, 10), button = by_chance(8 * index + 1, 256);
    const uint32_t x = by_chance(8 * index + 2, COLUMNS + 10), y = by_chance(8 * index + 3, ROWS + 5);
    const char last = by_chance(8 * index + 4, 3) ? 'M' : 'm';
    if (kind < 4)
        snprintf(out, size, "%c", 32 + (int)by_chance(8 * index + 5, 95));
    else if (kind < 6)
        snprintf(out, size, "%s", named[by_chance(8 * index + 5, sizeof named / sizeof *named)]);
    else if (kind < 8)
        snprintf(out, size, "\033[<%u;%u;%u%c", button % 128, x, y, last);
    else if (kind == 8)
        snprintf(out, size, "\033[<%d;%d;%d%c", (int)button - 100, (int)x - 60, (int)y * 99999 - 800000, last);
    else
        snprintf(out, size, "\033[<%u;%u;%u%c", button, x, y, last);
    if (kind == 9)
        out[2 + by_chance(8 * index + 6, 10)] = '\0';
    for (char *at = out; *at; at++)
        if (*at == 'q') /* leaves */
            *at = '.';
}

/* For more of them: KEYS=20000. */
START_TEST(keys_and_mouse_reports_by_chance_are_survived)
{
    const char *wanted = getenv("KEYS");
    const uint32_t count = wanted ? (uint32_t)strtoul(wanted, NULL, 10) : 1500;
    struct terminal *terminal = NULL;
    char *program = realpath(process_program(), NULL), *folder = process_folder();
    ck_assert_ptr_nonnull(program);
    ck_assert_int_eq(setenv("DOWNHILL", program, 1), 0);
    ck_assert_int_eq(chdir(folder), 0); /* for the files that a key or a command may write */
    for (uint32_t i = 0; i < count; i++) {
        if (!terminal) {
            terminal = start("spiral --speed 200 --journal none");
            expect(terminal, "learning rate");
        }
        char bytes[64];
        put_by_chance(bytes, sizeof bytes, i);
        terminal_type(terminal, bytes);
        const bool goes_on = terminal_pump(terminal, 3);
        const bool last = i + 1 == count;
        if (!goes_on) { /* a command of the : line, completed by chance, may have ended it */
            ck_assert_int_eq(terminal_wait(terminal), 0);
        } else if (last || i % 500 == 499) {
            check_hears_resize(terminal);
            terminal_resize(terminal, COLUMNS, ROWS);
            expect_gone(terminal, "a little more room");
        }
        if (goes_on && last)
            check_hears_end(terminal);
        if (!goes_on || last) {
            terminal_close(terminal);
            terminal = NULL;
        }
    }
    free(program);
    process_folder_remove(folder);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("screen input");
    TCase *tests = tcase_create("screen input");
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, unusual_bytes_do_not_deafen_the_screen, 0, sizeof unusual_bytes / sizeof *unusual_bytes);
    tcase_add_loop_test(tests, reports_after_the_mouse_is_off_do_not_deafen_the_screen, 0, 5);
    tcase_add_test(tests, a_right_click_is_no_key);
    tcase_add_test(tests, a_chart_that_is_dragged_goes_along);
    tcase_add_test(tests, the_wheel_zooms_where_the_mouse_is);
    tcase_add_test(tests, the_wheel_turns_only_what_can_be_seen);
    tcase_add_test(tests, pages_go_down_and_up);
    tcase_add_test(tests, keys_and_mouse_reports_by_chance_are_survived);
    suite_add_tcase(suite, tests);
    return suite;
}
