/* The `:` line: editing, history and completion, without a terminal. */
#ifndef UI_COMMAND_LINE_H
#define UI_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_SIZE       200 /* bytes, the final NUL included */
#define LINE_HISTORY    50
#define LINE_CANDIDATES 96

/* Writes the words that could stand where the last word of `before` (empty after a blank) begins or goes on, at most
 * `most`; returns their number. The words outlive the call. `source`: what it was given to choose from. */
typedef size_t line_words(const void *source, const char *before, const char **word, size_t most);

struct command_line {
    char text[LINE_SIZE];                  /* UTF-8 */
    size_t cursor;                         /* byte */
    char history[LINE_HISTORY][LINE_SIZE]; /* oldest first */
    size_t entries;
    size_t browsing;       /* entry on the line; == entries: the new one */
    char draft[LINE_SIZE]; /* what was typed before browsing */
    char stem[LINE_SIZE];  /* what was typed before the first Tab */
    int candidate;         /* shown now; -1: not completing */
};

void line_open(struct command_line *line, const char *text);   /* history stays */
void line_type(struct command_line *line, uint32_t character); /* controls are ignored */
bool line_erase(struct command_line *line, int direction); /* -1 before, +1 under the cursor; false: nothing there */
void line_move(struct command_line *line, int direction);
void line_to_end(struct command_line *line, int direction);
void line_clear(struct command_line *line);
void line_browse(struct command_line *line, int direction); /* -1 older, +1 newer */
void line_complete(struct command_line *line, int direction, line_words *words, const void *source); /* cycles */
void line_remember(struct command_line *line); /* adds the text to the history; repeats only once */

#endif
