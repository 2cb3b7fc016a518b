/* The program on a screen of the usual size, for tests: start it, wait for what it shows, leave it in good order. */
#ifndef TESTS_SUPPORT_ON_SCREEN_H
#define TESTS_SUPPORT_ON_SCREEN_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "support/process.h"
#include "support/terminal.h"

#define COLUMNS 120
#define ROWS    36

static const char *const plain_environment[] = {
    "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "COLORTERM", "NO_COLOR", "LINES", "COLUMNS", NULL};

static inline struct terminal *start_in(const char *const environment[], int columns, int rows, const char *arguments)
{
    char words[256], path[256];
    const char *argv[24] = {0};
    size_t count = 0;
    snprintf(path, sizeof path, "%s", process_program());
    snprintf(words, sizeof words, "%s", arguments);
    argv[count++] = path;
    for (char *word = strtok(words, " "); word && count + 1 < 24; word = strtok(NULL, " "))
        argv[count++] = word;
    struct terminal *terminal = terminal_open(argv, environment, columns, rows);
    ck_assert_ptr_nonnull(terminal);
    return terminal;
}

static inline struct terminal *start(const char *arguments)
{
    return start_in(plain_environment, COLUMNS, ROWS, arguments);
}

static inline void expect(struct terminal *terminal, const char *text)
{
    bool there = terminal_expect(terminal, text);
    if (!there)
        terminal_print(terminal);
    ck_assert_msg(there, "'%s' did not come on the screen", text);
}

static inline void expect_gone(struct terminal *terminal, const char *text)
{
    bool gone = terminal_expect_gone(terminal, text);
    if (!gone)
        terminal_print(terminal);
    ck_assert_msg(gone, "'%s' stayed on the screen", text);
}

/* As a terminal reports it: button 0 left, 64 wheel up, 65 wheel down; cells count from 1. */
static inline void mouse(struct terminal *terminal, int button, int column, int row)
{
    char bytes[64];
    snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dM", button, column + 1, row + 1);
    terminal_type(terminal, bytes);
    if (button == 0) {
        snprintf(bytes, sizeof bytes, "\033[<0;%d;%dm", column + 1, row + 1);
        terminal_type(terminal, bytes);
    }
}

/* Leaves by q q; the terminal must be as it was before. */
static inline void quit(struct terminal *terminal)
{
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    ck_assert(terminal_restored(terminal));
    terminal_close(terminal);
}

#endif
