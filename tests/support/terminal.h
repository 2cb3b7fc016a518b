/* A terminal for tests: runs a program on a pseudo-terminal, keeps its screen with libvterm, sends keys and new sizes.
 *
 * Nothing here waits for a fixed time: terminal_expect reads until the text is there or a generous limit has passed, so
 * that a slow machine is only slower. */
#ifndef TESTS_SUPPORT_TERMINAL_H
#define TESTS_SUPPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct terminal;

struct terminal_cell {
    uint32_t glyph;       /* code point; 0 blank */
    uint32_t ink, ground; /* 0xRRGGBB */
    bool bold, reverse;
};

/* `environment`: NULL-terminated list of NAME=VALUE that are set, or NAME alone to unset. NULL when it could not
 * start. */
struct terminal *terminal_open(const char *const argv[], const char *const environment[], int columns, int rows);
/* Ends the program if it still runs; frees. */
void terminal_close(struct terminal *terminal);

void terminal_type(struct terminal *terminal, const char *bytes);
void terminal_resize(struct terminal *terminal, int columns, int rows);
void terminal_signal(struct terminal *terminal, int number);
/* The window is closed: nobody reads or writes on this side any more. */
void terminal_hang_up(struct terminal *terminal);

/* Reads what the program writes for so long; false once it has closed the terminal. */
bool terminal_pump(struct terminal *terminal, int milliseconds);
/* True as soon as the screen holds the text; false after the limit, or when the program has ended without it. */
bool terminal_expect(struct terminal *terminal, const char *text);
bool terminal_expect_gone(struct terminal *terminal, const char *text);
bool terminal_shows(struct terminal *terminal, const char *text);

/* Row of the screen as UTF-8, without blanks at its end; valid until the next call. */
const char *terminal_row(struct terminal *terminal, int row);
struct terminal_cell terminal_cell(struct terminal *terminal, int column, int row);
void terminal_print(struct terminal *terminal); /* the whole screen on stderr, for a failed test */

/* Waits for the program's end: exit status, or 128 + signal; -1 when it still runs after the limit. */
int terminal_wait(struct terminal *terminal);

/* Whether it has ended; reads nothing. */
bool terminal_gone(struct terminal *terminal);

/* Seen from outside, after the program: back on the normal screen, with a cursor and cooked modes. */
bool terminal_restored(struct terminal *terminal);
uint64_t terminal_bytes(const struct terminal *terminal); /* written by the program so far */
pid_t terminal_pid(const struct terminal *terminal);
/* While stopped nothing is read from the program, as after Ctrl-S. */
int terminal_fd(const struct terminal *terminal);

#endif
