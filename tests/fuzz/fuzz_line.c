/* Any bytes as presses on the `:` line: each byte below 0x20 is one of its keys, the rest is typed, a line end means
 * Enter. */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "ui/command_line.h"
#include "ui/commands.h"
#include "ui/lineage.h"

const char *const fuzz_words[] = {
    "lr 0.05\n",
    "until 5000\n",
    "seed 7\n",
    "view 4\n",
    "theme light\n",
    "shot a.txt\n",
    "opt\t",
    "\t\t",
    "\x01\x01",
    "\x02",
    "\x03",
    "\x04",
    "\x05\x05",
    "\x06",
    "\x0b",
    "batch=",
    "=",
    " ",
    "train-fraction 50%\n",
    "label-noise 20%\n",
    "quit\n",
    "q\n",
    "\xc3\xa9",
    "\xe2\x86\x92",
    "\xf0\x9f\x98\x80",
    "\xff",
    "nan\n",
    NULL,
};

static const struct branch_list no_branches = {.count = 0};

/* The next code point; a malformed byte is a character of its own, as when a terminal is not set to UTF-8. */
static uint32_t next_character(const uint8_t *data, size_t size, size_t *at)
{
    const uint32_t lead = data[(*at)++];
    const size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    uint32_t code = more ? lead & (0x3fu >> more) : lead;
    for (size_t i = 0; i < more && *at < size; i++)
        code = code << 6 | (data[(*at)++] & 0x3fu);
    return code;
}

static void check_line(const struct command_line *line)
{
    must(memchr(line->text, '\0', sizeof line->text) != NULL, "an end");
    must_be_clean(line->text, "whole characters");
    must(line->cursor <= strlen(line->text), "a cursor on the line");
    must(((unsigned char)line->text[line->cursor] & 0xc0) != 0x80, "a cursor between characters");
    must(line->entries <= LINE_HISTORY && line->browsing <= line->entries, "a history that fits");
}

static void enter(struct command_line *line)
{
    struct command_parsed parsed;
    struct error error = {.status = STATUS_OK};
    char about[200];
    command_describe(line->text, about, sizeof about);
    must_be_clean(about, "a clean hint");
    if (command_parse(line->text, &parsed, &error) != STATUS_OK) {
        must(error.status == STATUS_USAGE && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    } else if (parsed.row) {
        must(parsed.row->arguments || !parsed.argument[0], "no argument where none is wanted");
        must(!parsed.row->arguments || parsed.row->optional || parsed.argument[0], "an argument where one is needed");
    } else if (parsed.knob != KNOB_COUNT) {
        must(knob_check(parsed.knob, parsed.value, NULL) == STATUS_OK, "a value in its range");
    }
    line_remember(line);
    line_open(line, "");
}

static void press(struct command_line *line, uint32_t character)
{
    switch (character) {
    case '\t':
    case 0x0b:
        line_complete(line, character == '\t' ? 1 : -1, command_words, &no_branches);
        break;
    case '\n':
        enter(line);
        break;
    case 1:
    case 2:
        line_move(line, character == 1 ? -1 : 1);
        break;
    case 3:
    case 4:
        line_erase(line, character == 3 ? -1 : 1);
        break;
    case 5:
    case 6:
        line_browse(line, character == 5 ? -1 : 1);
        break;
    case 7:
    case 8:
        line_to_end(line, character == 7 ? -1 : 1);
        break;
    case 0x15:
        line_clear(line);
        break;
    default:
        line_type(line, character);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct command_line line;
    memset(&line, 0xa5, sizeof line);
    line.entries = 0;
    line_open(&line, size > 0 && data[0] == '!' ? "lr " : "");
    for (size_t at = 0; at < size;) {
        press(&line, next_character(data, size, &at));
        check_line(&line);
    }
    enter(&line);
    return 0;
}
