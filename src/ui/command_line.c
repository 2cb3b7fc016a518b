/* Edits the `:` line: characters, history and completion. */
#include "ui/command_line.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void set_text(struct command_line *line, const char *text)
{
    snprintf(line->text, sizeof line->text, "%s", text);
    line->cursor = strlen(line->text);
}

void line_open(struct command_line *line, const char *text)
{
    set_text(line, text);
    line->browsing = line->entries;
    line->candidate = -1;
}

void line_type(struct command_line *line, uint32_t character)
{
    char bytes[4];
    if (character < 0x20 || character > 0x10ffff || (character >= 0x7f && character < 0xa0) ||
        (character >= 0xd800 && character < 0xe000))
        return;
    const size_t length = text_encode(character, bytes), used = strlen(line->text);
    if (used + length >= sizeof line->text)
        return;
    memmove(line->text + line->cursor + length, line->text + line->cursor, used - line->cursor + 1);
    memcpy(line->text + line->cursor, bytes, length);
    line->cursor += length;
    line->candidate = -1;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t before(const struct command_line *line)
{
    size_t at = line->cursor;
    while (at > 0 && continues(line->text[--at]))
        ;
    return at;
}

static size_t after(const struct command_line *line)
{
    size_t at = line->cursor;
    if (line->text[at])
        at++;
    while (continues(line->text[at]))
        at++;
    return at;
}

bool line_erase(struct command_line *line, int direction)
{
    const size_t from = direction < 0 ? before(line) : line->cursor;
    const size_t to = direction < 0 ? line->cursor : after(line);
    line->candidate = -1;
    if (from == to)
        return false;
    memmove(line->text + from, line->text + to, strlen(line->text + to) + 1);
    line->cursor = from;
    return true;
}

void line_move(struct command_line *line, int direction)
{
    line->cursor = direction < 0 ? before(line) : after(line);
    line->candidate = -1;
}

void line_to_end(struct command_line *line, int direction)
{
    line->cursor = direction < 0 ? 0 : strlen(line->text);
    line->candidate = -1;
}

void line_clear(struct command_line *line)
{
    set_text(line, "");
    line->candidate = -1;
}

void line_browse(struct command_line *line, int direction)
{
    if ((direction < 0 && line->browsing == 0) || (direction > 0 && line->browsing == line->entries))
        return;
    if (line->browsing == line->entries)
        memcpy(line->draft, line->text, sizeof line->draft);
    line->browsing = direction < 0 ? line->browsing - 1 : line->browsing + 1;
    set_text(line, line->browsing == line->entries ? line->draft : line->history[line->browsing]);
    line->candidate = -1;
}

void line_complete(struct command_line *line, int direction, line_words *words, const void *source)
{
    const char *word[LINE_CANDIDATES];
    if (line->candidate < 0) {
        snprintf(line->stem, sizeof line->stem, "%.*s", (int)line->cursor, line->text);
        line->candidate = direction > 0 ? -1 : 0;
    }
    const int count = (int)words(source, line->stem, word, LINE_CANDIDATES);
    if (count == 0) {
        line->candidate = -1;
        return;
    }
    line->candidate = (line->candidate + direction + count) % count;
    const char *blank = strrchr(line->stem, ' ');
    const int kept = blank ? (int)(blank + 1 - line->stem) : 0;
    char text[LINE_SIZE];
    snprintf(text, sizeof text, "%.*s%s%s", kept, line->stem, word[line->candidate], count == 1 && !blank ? " " : "");
    set_text(line, text);
    if (count == 1)
        line->candidate = -1;
}

void line_remember(struct command_line *line)
{
    if (line->text[0] && (line->entries == 0 || strcmp(line->history[line->entries - 1], line->text) != 0)) {
        if (line->entries == LINE_HISTORY) {
            memmove(line->history[0], line->history[1], (LINE_HISTORY - 1) * sizeof line->history[0]);
            line->entries--;
        }
        memcpy(line->history[line->entries++], line->text, sizeof line->text);
    }
    line->browsing = line->entries;
}
