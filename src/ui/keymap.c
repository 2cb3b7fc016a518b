#include "ui/keymap.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ui/keymap_modes.h"
#include "ui/screen.h"

/* General rows before and after those that knob_table brings. */
static const struct key_binding first_rows[] = {
    {.group = GROUP_RUN, .action = ACTION_PAUSE, .up = {' '}, .keys = "space", .about = "pause / go", .bar = "pause"},
    {.group = GROUP_RUN,
     .action = ACTION_SEND,
     .sends = "step",
     .up = {'.'},
     .keys = ".",
     .about = "one step, then pause",
     .bar = "step"},
    {.group = GROUP_RUN,
     .action = ACTION_SEND,
     .sends = "epoch",
     .up = {'>'},
     .keys = ">",
     .about = "one epoch, then pause",
     .bar = "epoch"},
    {.group = GROUP_RUN,
     .action = ACTION_SEND,
     .sends = "restart",
     .up = {'r'},
     .keys = "r",
     .about = "same start again, the old curve grey",
     .bar = "again"},
    {.group = GROUP_RUN, .action = ACTION_NEW_SEED, .up = {'R'}, .keys = "R", .about = "again from another seed"},
    {.group = GROUP_RUN,
     .action = ACTION_SCRUB,
     .up = {'u'},
     .keys = "u",
     .about = "look back; Enter undoes the last change",
     .bar = "undo"},
    {.group = GROUP_RUN, .action = ACTION_UNDO, .up = {'U'}, .keys = "U", .about = "undo the last change at once"},
    {.group = GROUP_RUN,
     .action = ACTION_SEND,
     .sends = "stage",
     .up = {'G'},
     .keys = "G",
     .about = "on to the next stage"},
    {.group = GROUP_RUN,
     .action = ACTION_SEND,
     .sends = "fork",
     .up = {'f'},
     .keys = "f",
     .about = "fork: another branch from here"},
    {.group = GROUP_RUN, .action = ACTION_KEEP, .up = {'k'}, .keys = "k", .about = "keep a checkpoint in a file"},
};

static const struct key_binding last_rows[] = {
    {.group = GROUP_PANEL,
     .action = ACTION_SELECT,
     .down = {KEY_ARROW_UP},
     .up = {KEY_ARROW_DOWN},
     .keys = "Up Down",
     .about = "choose a knob in the panel"},
    {.group = GROUP_PANEL,
     .action = ACTION_TURN,
     .down = {KEY_ARROW_LEFT},
     .up = {KEY_ARROW_RIGHT},
     .keys = "Left Right",
     .about = "turn it down / up"},
    {.group = GROUP_PANEL, .action = ACTION_TYPE_VALUE, .up = {KEY_RETURN}, .keys = "Enter", .about = "type its value"},

    {.group = GROUP_VIEWS,
     .action = ACTION_NEXT_VIEW,
     .down = {KEY_BACK_TABULATOR},
     .up = {KEY_TABULATOR},
     .keys = "Tab Shift-Tab",
     .about = "next / previous view",
     .bar = "view"},
    {.group = GROUP_VIEWS, .action = ACTION_VIEW, .number = 1, .up = {'1', '&'}, .keys = "1 &", .about = "curves"},
    {.group = GROUP_VIEWS,
     .action = ACTION_VIEW,
     .number = 4,
     .up = {'4', '\''},
     .keys = "4 '",
     .about = "predictions"},
    {.group = GROUP_VIEWS, .action = ACTION_VIEW, .number = 5, .up = {'5', '('}, .keys = "5 (", .about = "branches"},
    {.group = GROUP_VIEWS,
     .action = ACTION_OTHER_PICTURE,
     .up = {'g'},
     .keys = "g",
     .about = "the view's other picture"},
    {.group = GROUP_VIEWS, .action = ACTION_PROMPT, .up = {'i'}, .keys = "i", .about = "of a text: an own prompt"},
    {.group = GROUP_VIEWS,
     .action = ACTION_HIDE_TEST,
     .up = {'t'},
     .keys = "t",
     .about = "hide / show test data: predict first!"},
    {.group = GROUP_VIEWS,
     .action = ACTION_BIG,
     .up = {'v'},
     .keys = "v",
     .about = "big numbers, for the last row",
     .bar = "big"},

    {.group = GROUP_CURVES,
     .action = ACTION_LOG,
     .up = {'y'},
     .keys = "y",
     .about = "loss axis logarithmic / linear",
     .bar = "log"},
    {.group = GROUP_CURVES, .action = ACTION_RECENT, .up = {'x'}, .keys = "x", .about = "recent steps / the whole run"},
    {.group = GROUP_CURVES, .action = ACTION_EPOCHS, .up = {'X'}, .keys = "X", .about = "axis in epochs / steps"},
    {.group = GROUP_CURVES,
     .action = ACTION_SMOOTH,
     .up = {'m'},
     .keys = "m",
     .about = "smoother curves, in three steps"},
    {.group = GROUP_CURVES,
     .action = ACTION_CROSSHAIR,
     .up = {'c'},
     .keys = "c",
     .about = "crosshair: read exact values",
     .bar = "read"},
    {.group = GROUP_CURVES, .action = ACTION_ZOOM, .down = {'Z'}, .up = {'z'}, .keys = "z Z", .about = "zoom in / out"},
    {.group = GROUP_CURVES,
     .action = ACTION_PAN,
     .down = {KEY_PAGE_UP},
     .up = {KEY_PAGE_DOWN},
     .keys = "PgUp PgDn",
     .about = "pan to older / newer steps"},
    {.group = GROUP_CURVES, .action = ACTION_WHOLE, .up = {KEY_TO_START}, .keys = "Home", .about = "the whole run"},
    {.group = GROUP_CURVES,
     .action = ACTION_FOLLOW,
     .up = {KEY_TO_END},
     .keys = "End",
     .about = "follow the newest step"},

    {.group = GROUP_PROGRAM,
     .action = ACTION_LINE,
     .up = {':'},
     .keys = ":",
     .about = "a command: lr 0.05, until 5000, seed 7",
     .bar = "command"},
    {.group = GROUP_PROGRAM,
     .action = ACTION_HELP,
     .up = {'?', KEY_F1},
     .keys = "? F1",
     .about = "this help",
     .bar = "help"},
    {.group = GROUP_PROGRAM,
     .action = ACTION_MOUSE,
     .up = {'M'},
     .keys = "M",
     .about = "mouse on / off (off: text selection)"},
    {.group = GROUP_PROGRAM,
     .action = ACTION_QUIT,
     .up = {'q'},
     .keys = "q",
     .about = "quit (asks once)",
     .bar = "quit"},
    {.group = GROUP_PROGRAM, .action = ACTION_QUIT_NOW, .up = {KEY_CTRL_C}, .keys = "Ctrl-C", .about = "quit at once"},
    {.group = GROUP_PROGRAM, .action = ACTION_SUSPEND, .up = {KEY_CTRL_Z}, .keys = "Ctrl-Z", .about = "suspend"},
    {.group = GROUP_PROGRAM,
     .action = ACTION_REDRAW,
     .up = {KEY_CTRL_L},
     .keys = "Ctrl-L",
     .about = "draw the screen anew"},
};

#define FIRST (sizeof first_rows / sizeof first_rows[0])
#define LAST  (sizeof last_rows / sizeof last_rows[0])

/* Keys that share a key cap with a knob's own one, so that Shift does not matter. */
static const struct {
    char key, also;
} same_cap[] = {{'-', '_'}, {'+', '='}};

static bool has_keys(const struct field *knob)
{
    return knob->key_down != 0 || knob->key_up != 0;
}

static void add_knob_key(uint32_t *codes, char key, char *text, size_t size)
{
    size_t n = 0;
    if (key == 0)
        return;
    codes[n++] = (uint32_t)(unsigned char)key;
    for (size_t i = 0; i < sizeof same_cap / sizeof same_cap[0]; i++)
        if (same_cap[i].key == key)
            codes[n++] = (uint32_t)(unsigned char)same_cap[i].also;
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%c", used ? " " : "", key);
}

static struct key_binding knob_row(enum knob_id id)
{
    static const char *const turn[] = {
        [FIELD_NUMBER] = "down / up", [FIELD_CHOICE] = "previous / next", [FIELD_SWITCH] = "on / off"};
    const struct field *knob = &knob_table[id];
    struct key_binding row = {.group = GROUP_KNOBS, .action = ACTION_KNOB, .knob = id};
    if (id == KNOB_SPEED) /* the other knobs' letters stand in the panel, which is there long before the bar */
        row.bar = "speed";
    if (knob->type == FIELD_SWITCH) {
        add_knob_key(row.up, knob->key_down ? knob->key_down : knob->key_up, row.keys, sizeof row.keys);
    } else {
        add_knob_key(row.down, knob->key_down, row.keys, sizeof row.keys);
        add_knob_key(row.up, knob->key_up, row.keys, sizeof row.keys);
    }
    snprintf(row.about, sizeof row.about, "%s %s", knob->label, turn[knob->type]);
    return row;
}

static size_t knob_rows(void)
{
    size_t count = 0;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        count += has_keys(&knob_table[i]);
    return count;
}

size_t key_binding_count(void)
{
    return FIRST + knob_rows() + LAST + key_mode_row_count;
}

struct key_binding key_binding_at(size_t index)
{
    if (index < FIRST)
        return first_rows[index];
    index -= FIRST;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (has_keys(&knob_table[i]) && index-- == 0)
            return knob_row((enum knob_id)i);
    if (index < LAST)
        return last_rows[index];
    struct key_binding row = key_mode_rows[index - LAST];
    row.group = GROUP_MODE;
    return row;
}

static bool in(const uint32_t *codes, uint32_t key)
{
    for (size_t i = 0; i < KEY_CODES && codes[i]; i++)
        if (codes[i] == key)
            return true;
    return false;
}

static bool find_in(enum key_mode mode, uint32_t key, struct key_binding *out, int *direction)
{
    const size_t count = key_binding_count();
    for (size_t i = 0; i < count; i++) {
        const struct key_binding row = key_binding_at(i);
        if (row.mode != mode || (!in(row.down, key) && !in(row.up, key)))
            continue;
        *direction = in(row.up, key) ? 1 : -1;
        *out = row;
        return true;
    }
    return false;
}

bool key_find(enum key_mode mode, uint32_t key, struct key_binding *out, int *direction)
{
    if (key == 0)
        return false;
    return (mode != KEYS_GENERAL && find_in(mode, key, out, direction)) ||
           (mode == KEYS_PROMPT && find_in(KEYS_LINE, key, out, direction)) ||
           find_in(KEYS_GENERAL, key, out, direction);
}

const char *key_mode_name(enum key_mode mode)
{
    static const char *const name[] = {
        [KEYS_GENERAL] = "general",     [KEYS_CROSSHAIR] = "crosshair", [KEYS_SCRUBBER] = "look back",
        [KEYS_BRANCHES] = "branches",   [KEYS_COMPARE] = "compare",     [KEYS_WALKING] = "walking",
        [KEYS_DIVERGED] = "rescue",     [KEYS_HELP] = "help",           [KEYS_LINE] = "command",
        [KEYS_ATTENTION] = "attention", [KEYS_PASSAGE] = "passage",     [KEYS_PROMPT] = "prompt",
        [KEYS_QUITTING] = "quitting",
    };
    static_assert(sizeof name / sizeof name[0] == KEYS_MODES, "a name for each mode");
    return name[mode];
}

const char *key_group_heading(enum key_group group)
{
    static const char *const heading[] = {
        [GROUP_RUN] = "the run",      [GROUP_KNOBS] = "knobs: small letter down, capital up",
        [GROUP_PANEL] = "knob panel", [GROUP_VIEWS] = "views",
        [GROUP_CURVES] = "curves",    [GROUP_PROGRAM] = "the program",
        [GROUP_MODE] = "while open",
    };
    static_assert(sizeof heading / sizeof heading[0] == KEY_GROUPS, "a heading for each group");
    return heading[group];
}

struct key_line key_line(size_t index, char *keys, size_t size)
{
    const struct key_binding row = key_binding_at(index);
    snprintf(keys, size, "%s", row.keys);
    struct key_line line = {.mode = key_mode_name(row.mode), .keys = keys};
    snprintf(line.about, sizeof line.about, "%s", row.about);
    return line;
}
