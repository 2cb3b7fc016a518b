/* Any bytes as presses on the `:` line: each byte below 0x20 is one of its keys, the rest is typed, a line end means
 * Enter. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "learn/knob.h"
#include "support/lines.h"
#include "ui/command_line.h"
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
static const struct command_source source = {&app_commands, &no_branches};

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
    struct request parsed;
    struct error error = {.status = STATUS_OK};
    char about[200];
    command_describe(&app_commands, line->text, about, sizeof about);
    must_be_clean(about, "a clean hint");
    if (parse_line(line->text, &parsed, &error) != STATUS_OK) {
        must(error.status == STATUS_USAGE && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    } else if (parsed.row && parsed.row->argument[0].type == ARGUMENT_KNOB) {
        const double value = parsed.value[1].real;
        must(parsed.value[0].number < KNOB_COUNT, "a knob");
        must(isinf(value) || knob_check((enum knob_id)parsed.value[0].number, value, NULL) == STATUS_OK,
             "a value in its range");
    } else if (parsed.row) {
        bool text = false;
        for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
            text |= argument_is_text(&parsed.row->argument[i]);
        must(text || !parsed.text, "a text only where one is taken");
    }
    request_free(&parsed);
    line_remember(line);
    line_open(line, "");
}

static void press(struct command_line *line, uint32_t character)
{
    switch (character) {
    case '\t':
    case 0x0b:
        line_complete(line, character == '\t' ? 1 : -1, command_words, &source);
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
