/* The program itself on a terminal of 120 x 36, read back through a terminal emulator: how soon it shows something, how
 * soon it answers, how much it writes, and what the screen costs training. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/rows.h"
#include "support/process.h"
#include "support/terminal.h"

#define COLUMNS        120
#define ROWS           36
#define STARTS         9
#define APART_MS       1150 /* presses within a second would be one marker */
#define HEADLESS_STEPS "2000000"
#define PAIRS          5
#define LIMIT_NS       10000000000u

static const char *const environment[] = {
    "TERM=xterm-256color", "LC_ALL=C.UTF-8", "COLORTERM", "NO_COLOR", "LINES", "COLUMNS", NULL};

static struct terminal *start(const char *const words[])
{
    const char *argv[16] = {process_program()};
    for (size_t i = 0; words[i]; i++)
        argv[i + 1] = words[i];
    return terminal_open(argv, environment, COLUMNS, ROWS);
}

static double seconds_since(uint64_t start)
{
    return (double)(clock_now() - start) * 1e-9;
}

/* Braille dots of the curves: grids have few in a cell, a line's cell has at least two. */
static bool shows_curve(struct terminal *terminal)
{
    unsigned dense = 0;
    for (int y = 2; y < ROWS - 2; y++)
        for (int x = 0; x < COLUMNS / 2; x++) {
            uint32_t glyph = terminal_cell(terminal, x, y).glyph;
            dense += glyph > 0x2800 && glyph <= 0x28ff && __builtin_popcount(glyph & 0xff) >= 2;
        }
    return dense >= 3;
}

static void first_curve(void)
{
    const char *what = "typed -> first curve on the screen (ms)";
    double ms[STARTS];
    char text[32];
    for (int i = 0; i < STARTS; i++) {
        uint64_t begin = clock_now();
        struct terminal *terminal = start((const char *const[]){"spiral", NULL});
        bool there = false;
        while (terminal && !there && clock_now() - begin < LIMIT_NS && terminal_pump(terminal, 1))
            there = shows_curve(terminal);
        ms[i] = seconds_since(begin) * 1e3;
        terminal_close(terminal);
        if (!there) {
            bench_note(what, "no curve appeared");
            return;
        }
    }
    double median = bench_median(ms, STARTS);
    snprintf(text, sizeof text, "%.0f ms", median);
    bench_row(what, text, "", median, false, 150);
}

/* The rate climbs its ladder: each press has a label of its own. */
static void key_to_marker(void)
{
    const char *what = "key pressed -> its marker, slowest of 27 (ms)";
    static const char *const label[] = {"0.001 → 0.002", "0.002 → 0.005", "0.005 → 0.01", "0.01 → 0.02", "0.02 → 0.05",
                                        "0.05 → 0.1",    "0.1 → 0.2",     "0.2 → 0.5",    "0.5 → 1"};
    double slowest = 0;
    char text[32];
    for (int run = 0; run < 3; run++) {
        struct terminal *terminal = start((const char *const[]){"spiral", "--lr", "0.001", NULL});
        terminal_pump(terminal, APART_MS);
        for (size_t i = 0; i < sizeof label / sizeof label[0]; i++) {
            uint64_t begin = clock_now();
            terminal_type(terminal, "L");
            while (!terminal_shows(terminal, label[i]) && clock_now() - begin < LIMIT_NS && terminal_pump(terminal, 1))
                continue;
            double ms = seconds_since(begin) * 1e3;
            slowest = ms > slowest ? ms : slowest;
            terminal_pump(terminal, APART_MS);
        }
        terminal_close(terminal);
    }
    snprintf(text, sizeof text, "%.0f ms", slowest);
    bench_row(what, text, "", slowest, false, 50);
}

static void bytes_written(void)
{
    char text[32];
    struct terminal *terminal = start((const char *const[]){"spiral", "--speed", "max", NULL});
    terminal_pump(terminal, 1000);
    uint64_t before = terminal_bytes(terminal), begin = clock_now();
    terminal_pump(terminal, 8000);
    double kilobytes = (double)(terminal_bytes(terminal) - before) / 1000 / seconds_since(begin);
    terminal_close(terminal);
    snprintf(text, sizeof text, "%.0f kB/s", kilobytes);
    bench_row("bytes to the terminal, view 1 at 120x36 (kB/s)", text, "", kilobytes, false, 200);
}

/* "step 458,239" of the title. */
static double step_shown(struct terminal *terminal)
{
    const char *at = strstr(terminal_row(terminal, 0), "step ");
    double step = 0;
    for (at = at ? at + 5 : ""; (*at >= '0' && *at <= '9') || *at == ','; at++)
        if (*at != ',')
            step = step * 10 + (*at - '0');
    return step;
}

static double speed_on_screen(void)
{
    struct terminal *terminal = start((const char *const[]){"spiral", "--speed", "max", NULL});
    terminal_pump(terminal, 700);
    double step = step_shown(terminal), first = step, time, last;
    /* From one change of the number to another: it is as old as its frame. */
    while (step_shown(terminal) == first && terminal_pump(terminal, 1))
        continue;
    first = step_shown(terminal);
    uint64_t begin = clock_now();
    terminal_pump(terminal, 1500);
    step = step_shown(terminal);
    while ((last = step_shown(terminal)) == step && terminal_pump(terminal, 1))
        continue;
    time = seconds_since(begin);
    terminal_close(terminal);
    return (last - first) / time;
}

static double speed_headless(void)
{
    uint64_t begin = clock_now();
    pid_t process = fork();
    if (process == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(process_program(), process_program(), "spiral", "--headless", "--steps", HEADLESS_STEPS, (char *)NULL);
        _exit(127);
    }
    waitpid(process, NULL, 0);
    return strtod(HEADLESS_STEPS, NULL) / seconds_since(begin);
}

static void screen_against_headless(void)
{
    double on[PAIRS], off[PAIRS], ratio[PAIRS];
    char on_text[32], off_text[32];
    for (int i = 0; i < PAIRS; i++) {
        on[i] = speed_on_screen();
        off[i] = speed_headless();
        ratio[i] = on[i] / off[i];
    }
    bench_row("training with the screen on, against headless",
              bench_speed(on_text, sizeof on_text, bench_median(on, PAIRS)),
              bench_speed(off_text, sizeof off_text, bench_median(off, PAIRS)), bench_median(ratio, PAIRS), true, 0.95);
}

void rows_screen(void)
{
    if (access(process_program(), X_OK) != 0) {
        bench_note("the screen's rows", "not run: no program at DOWNHILL");
        return;
    }
    screen_against_headless();
    first_curve();
    key_to_marker();
    bytes_written();
}
