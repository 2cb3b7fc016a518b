/* Finds what a key does and which key does it, and reads a user's own bindings. */
#include "ui/keymap.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/text.h"
#include "learn/knob.h"
#include "ui/commands.h"
#include "ui/keymap_table.h"
#include "ui/screen.h"

#define KEYS_MAX 256 /* usual bindings */

/* A line of the user's file.  One without a command takes the key away. */
struct own_binding {
    enum key_mode mode;
    char key[KEY_NAME_SIZE];
    char command[KEY_COMMAND_SIZE];
    enum key_group group; /* where the table has no such command */
    char about[64];
};

struct keymap {
    struct key_binding usual[KEYS_MAX];
    size_t usuals;
    struct own_binding *own;
    size_t count, room;
    /* What follows from these. */
    struct key_binding *binding;  /* in force */
    struct key_line *line;        /* of the help */
    size_t bindings, lines, most; /* capacity of both */
};

/* ---- names of keys ---- */

static const struct {
    const char *name;
    uint32_t code;
} key_names[] = {
    {"space", ' '},           {"Up", KEY_ARROW_UP},       {"Down", KEY_ARROW_DOWN},
    {"Left", KEY_ARROW_LEFT}, {"Right", KEY_ARROW_RIGHT}, {"PgUp", KEY_PAGE_UP},
    {"PgDn", KEY_PAGE_DOWN},  {"Home", KEY_TO_START},     {"End", KEY_TO_END},
    {"Enter", KEY_RETURN},    {"Tab", KEY_TABULATOR},     {"Shift-Tab", KEY_BACK_TABULATOR},
    {"Backspace", KEY_ERASE}, {"Del", KEY_REMOVE},        {"Esc", KEY_ESCAPE},
    {"F1", KEY_F1},           {"Ctrl-C", KEY_CTRL_C},     {"Ctrl-L", KEY_CTRL_L},
    {"Ctrl-U", KEY_CTRL_U},   {"Ctrl-Z", KEY_CTRL_Z},     {"hash", '#'},
};
enum { KEY_NAMES = sizeof key_names / sizeof key_names[0] };

/* The name is one of the table or a single character; 0: no key has that name. */
static uint32_t key_code(const char *name)
{
    for (size_t i = 0; i < KEY_NAMES; i++)
        if (strcmp(key_names[i].name, name) == 0)
            return key_names[i].code;
    const size_t length = text_printable(name);
    if (length == 0 || name[length] || name[0] == ' ')
        return 0;
    uint32_t code = (unsigned char)name[0] & (length == 1 ? 0x7fu : 0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)name[i] & 0x3f);
    return code;
}

/* ---- the usual bindings ---- */

/* Keys that share a key cap with a knob's own one, so that Shift does not matter. */
static const struct {
    char key, also;
} same_cap[] = {{'-', '_'}, {'+', '='}};

static char cap_of(char key)
{
    for (size_t i = 0; i < sizeof same_cap / sizeof same_cap[0]; i++)
        if (same_cap[i].key == key)
            return same_cap[i].also;
    return 0;
}

/* The n-th binding of a knob: down, up, and those of the same key caps; false: it has no more. */
static bool knob_binding(enum knob_id id, size_t n, struct key_binding *out)
{
    static const char *const turn[] = {
        [FIELD_NUMBER] = "down / up", [FIELD_CHOICE] = "previous / next", [FIELD_SWITCH] = "on / off"};
    const struct field *knob = &knob_table[id];
    const bool one = knob->type == FIELD_SWITCH;
    const struct {
        char key;
        bool up, hidden;
    } key[] = {{knob->key_down, one, false},
               {one && knob->key_down ? 0 : knob->key_up, true, false},
               {cap_of(knob->key_down), one, true},
               {cap_of(knob->key_up), true, true}};
    bool first = true;
    for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) {
        if (!key[i].key)
            continue;
        if (n-- > 0) {
            first = false;
            continue;
        }
        *out = (struct key_binding){
            .group = GROUP_KNOBS,
            .shown = key[i].hidden ? KEY_HIDDEN
                     : first       ? KEY_BEGINS
                                   : KEY_JOINS,
            .key = {key[i].key},
            /* The other knobs' letters stand in the panel, which is there long before the bar. */
            .bar = first && id == KNOB_SPEED ? "speed" : NULL,
        };
        snprintf(out->command, sizeof out->command, "set %s %s", knob->name, key[i].up ? "up" : "down");
        if (first)
            snprintf(out->about, sizeof out->about, "%s %s", knob->label, turn[knob->type]);
        return true;
    }
    return false;
}

static bool table_binding(size_t index, struct key_binding *out)
{
    const struct key_row *row = &key_table[index];
    if (index >= key_table_count)
        return false;
    *out = (struct key_binding){
        .mode = row->mode,
        .group = row->group,
        .shown = !row->about     ? KEY_JOINS
                 : row->about[0] ? KEY_BEGINS
                                 : KEY_HIDDEN,
        .bar = row->bar,
    };
    snprintf(out->key, sizeof out->key, "%s", row->key);
    snprintf(out->command, sizeof out->command, "%s", row->command);
    snprintf(out->about, sizeof out->about, "%s", row->about ? row->about : "");
    return true;
}

/* Lists them; returns their number. */
static size_t list_usual(struct key_binding *out)
{
    size_t count = 0, row = 0;
    for (; row < key_table_knobs; row++)
        table_binding(row, &out[count++]);
    for (size_t i = 0; i < KNOB_COUNT; i++)
        for (size_t n = 0; count < KEYS_MAX && knob_binding((enum knob_id)i, n, &out[count]); n++)
            count++;
    for (; count < KEYS_MAX && table_binding(row, &out[count]); row++)
        count++;
    for (size_t i = 0; i < count; i++)
        out[i].code = key_code(out[i].key);
    return count;
}

/* ---- those in force ---- */

static const struct own_binding *find_own(const struct keymap *keymap, enum key_mode mode, const char *key)
{
    for (size_t i = keymap ? keymap->count : 0; i-- > 0;)
        if (keymap->own[i].mode == mode && strcmp(keymap->own[i].key, key) == 0)
            return &keymap->own[i];
    return NULL;
}

static bool is_taken(const struct keymap *keymap, const struct key_binding *usual)
{
    return find_own(keymap, usual->mode, usual->key) != NULL;
}

static bool same_word(const char *a, const char *b)
{
    const size_t length = strcspn(a, " ");
    return strcspn(b, " ") == length && strncmp(a, b, length) == 0;
}

/* What the usual bindings say of an own one, by its command, else by the first word of it. */
static struct key_binding binding_of(const struct keymap *keymap, const struct own_binding *own)
{
    struct key_binding out = {.mode = own->mode, .group = own->group, .code = key_code(own->key), .own = true};
    memcpy(out.key, own->key, sizeof out.key);
    memcpy(out.command, own->command, sizeof out.command);
    memcpy(out.about, own->about, sizeof out.about);
    for (size_t i = 0; i < keymap->usuals; i++) {
        const struct key_binding *usual = &keymap->usual[i];
        if (usual->mode == own->mode && same_word(usual->command, own->command)) {
            out.group = usual->group;
            if (strcmp(usual->command, own->command) == 0)
                out.shown = KEY_JOINS;
        }
    }
    return out;
}

static void list_bindings(struct keymap *keymap)
{
    keymap->bindings = 0;
    for (size_t i = 0; i < keymap->usuals; i++)
        if (!is_taken(keymap, &keymap->usual[i]))
            keymap->binding[keymap->bindings++] = keymap->usual[i];
    for (size_t i = 0; i < keymap->count; i++)
        if (keymap->own[i].command[0])
            keymap->binding[keymap->bindings++] = binding_of(keymap, &keymap->own[i]);
}

const struct key_binding *keymap_at(const struct keymap *keymap, size_t index)
{
    return index < keymap->bindings ? &keymap->binding[index] : NULL;
}

static const struct key_binding *find_in(const struct keymap *keymap, enum key_mode mode, uint32_t key)
{
    for (size_t i = 0; i < keymap->bindings; i++)
        if (keymap->binding[i].mode == mode && keymap->binding[i].code == key)
            return &keymap->binding[i];
    return NULL;
}

const struct key_binding *keymap_find(const struct keymap *keymap, enum key_mode mode, uint32_t key)
{
    const struct key_binding *found = key != 0 && mode != KEYS_GENERAL ? find_in(keymap, mode, key) : NULL;
    if (!found && key != 0 && mode == KEYS_PROMPT)
        found = find_in(keymap, KEYS_LINE, key);
    return found || key == 0 ? found : find_in(keymap, KEYS_GENERAL, key);
}

/* An own key comes before a usual one. */
static const char *key_of(const struct keymap *keymap, enum key_mode mode, const char *command)
{
    const char *found = NULL;
    for (size_t i = 0; i < keymap->bindings; i++) {
        const struct key_binding *binding = &keymap->binding[i];
        if (binding->mode == mode && (!found || binding->own) && strcmp(binding->command, command) == 0)
            found = binding->key;
    }
    return found;
}

const char *keymap_key(const struct keymap *keymap, enum key_mode mode, const char *command)
{
    const char *key = key_of(keymap, mode, command);
    if (!key)
        key = key_of(keymap, KEYS_GENERAL, command);
    return key ? key : "(no key)";
}

const char *keymap_keys(const struct keymap *keymap, enum key_mode mode, const char *commands, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    while (*commands && used < size) {
        char command[KEY_COMMAND_SIZE];
        const size_t length = strcspn(commands, ";");
        snprintf(command, sizeof command, "%.*s", (int)length, commands);
        used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "", keymap_key(keymap, mode, command));
        commands += length;
        commands += strspn(commands, "; ");
    }
    return out;
}

/* ---- lines of the help ---- */

static void add_key(struct key_line *line, const char *key)
{
    const size_t used = strlen(line->keys);
    snprintf(line->keys + used, sizeof line->keys - used, "%s%s", used ? " " : "", key);
}

/* The keys of a user that do one of the commands of usual bindings first .. end - 1. */
static void add_own_keys(const struct keymap *keymap, size_t first, size_t end, struct key_line *line)
{
    for (size_t i = 0; i < keymap->count; i++) {
        bool does = false;
        for (size_t k = first; k < end; k++) {
            const struct key_binding *usual = &keymap->usual[k];
            does |= usual->shown != KEY_HIDDEN && usual->mode == keymap->own[i].mode &&
                    strcmp(usual->command, keymap->own[i].command) == 0;
        }
        if (does)
            add_key(line, keymap->own[i].key);
    }
}

static struct key_line line_of(const struct key_binding *binding)
{
    struct key_line line = {.mode = binding->mode, .group = binding->group, .bar = binding->bar};
    memcpy(line.command, binding->command, sizeof line.command);
    memcpy(line.about, binding->about, sizeof line.about);
    return line;
}

/* The line that the usual binding `first` begins; returns the first that does not belong to it. */
static size_t usual_line(const struct keymap *keymap, size_t first, struct key_line *line)
{
    size_t end = first;
    *line = line_of(&keymap->usual[first]);
    for (; end < keymap->usuals && (end == first || keymap->usual[end].shown != KEY_BEGINS); end++) {
        const struct key_binding *usual = &keymap->usual[end];
        line->ways |= usual->shown != KEY_HIDDEN && strcmp(usual->command, line->command) != 0;
        if (usual->shown != KEY_HIDDEN && !is_taken(keymap, usual))
            add_key(line, usual->key);
    }
    add_own_keys(keymap, first, end, line);
    if (!line->keys[0])
        add_key(line, "(none)");
    return end;
}

static void list_lines(struct keymap *keymap)
{
    keymap->lines = 0;
    for (size_t first = 0; first < keymap->usuals;)
        first = usual_line(keymap, first, &keymap->line[keymap->lines++]);
    for (size_t i = 0; i < keymap->bindings; i++)
        if (keymap->binding[i].own && keymap->binding[i].shown != KEY_JOINS) {
            struct key_line *line = &keymap->line[keymap->lines++];
            *line = line_of(&keymap->binding[i]);
            add_key(line, keymap->binding[i].key);
        }
}

const struct key_line *keymap_line(const struct keymap *keymap, size_t index)
{
    return index < keymap->lines ? &keymap->line[index] : NULL;
}

/* ---- a user's own ---- */

/* Lists what follows from the bindings.  False: out of memory, the lists are as before. */
static bool list(struct keymap *keymap)
{
    const size_t most = keymap->usuals + keymap->count;
    if (most > keymap->most) {
        struct key_binding *binding = mem_alloc(2 * most, sizeof *binding);
        struct key_line *line = mem_alloc(2 * most, sizeof *line);
        if (!binding || !line) {
            mem_free(binding);
            mem_free(line);
            return false;
        }
        mem_free(keymap->binding);
        mem_free(keymap->line);
        keymap->binding = binding;
        keymap->line = line;
        keymap->most = 2 * most;
    }
    list_bindings(keymap);
    list_lines(keymap);
    return true;
}

struct keymap *keymap_create(void)
{
    struct keymap *keymap = mem_alloc(1, sizeof *keymap);
    if (!keymap)
        return NULL;
    keymap->usuals = list_usual(keymap->usual);
    if (list(keymap))
        return keymap;
    keymap_free(keymap);
    return NULL;
}

void keymap_free(struct keymap *keymap)
{
    if (!keymap)
        return;
    mem_free(keymap->own);
    mem_free(keymap->binding);
    mem_free(keymap->line);
    mem_free(keymap);
}

static enum status add_own(struct keymap *keymap, const struct own_binding *own, struct error *error)
{
    for (size_t i = 0; i < keymap->count; i++)
        if (keymap->own[i].mode == own->mode && strcmp(keymap->own[i].key, own->key) == 0) {
            keymap->own[i] = *own; /* the last line counts */
            return STATUS_OK;
        }
    if (keymap->count == keymap->room) {
        const size_t room = keymap->room ? 2 * keymap->room : 8;
        struct own_binding *larger = mem_resize(keymap->own, keymap->room, room, sizeof *larger);
        if (!larger)
            return error_memory(error);
        keymap->own = larger;
        keymap->room = room;
    }
    keymap->own[keymap->count++] = *own;
    return STATUS_OK;
}

static bool mode_has(const struct keymap *keymap, enum key_mode mode, const char *command)
{
    for (size_t i = 0; i < keymap->usuals; i++)
        if (keymap->usual[i].mode == mode && same_word(keymap->usual[i].command, command))
            return true;
    return false;
}

/* In every mode that has the command; everywhere, if none has. */
static enum status bind(struct keymap *keymap, struct own_binding *own, struct error *error)
{
    enum status status = STATUS_OK;
    bool bound = false;
    for (int mode = 0; mode < KEYS_MODES && status == STATUS_OK; mode++)
        if (own->command[0] && mode_has(keymap, (enum key_mode)mode, own->command)) {
            own->mode = (enum key_mode)mode;
            status = add_own(keymap, own, error);
            bound = true;
        }
    own->mode = KEYS_GENERAL;
    if (!bound)
        status = add_own(keymap, own, error);
    return status == STATUS_OK && !list(keymap) ? error_memory(error) : status;
}

/* As the table writes it: one blank between words. */
static void squeeze(const char *text, char *out, size_t size)
{
    size_t used = 0;
    for (; *text && used + 1 < size; text++)
        if (*text != ' ' || (used > 0 && text[1] && text[1] != ' '))
            out[used++] = *text;
    out[used] = '\0';
}

enum status keymap_bind(struct keymap *keymap, const struct command_lists *commands, const char *line,
                        struct error *error)
{
    struct own_binding own = {.mode = KEYS_GENERAL};
    struct request request = {.row = NULL};
    const size_t length = strcspn(line, " \t");
    const char *names[KEY_NAMES];
    char key[64], near[200];
    snprintf(key, sizeof key, "%.*s", (int)length, line);
    if (length >= KEY_NAME_SIZE || key_code(key) == 0) {
        for (size_t i = 0; i < KEY_NAMES; i++)
            names[i] = key_names[i].name;
        return error_set(error, STATUS_USAGE, "unknown key '%.40s'%s", key,
                         name_suggest(near, sizeof near, key, names, KEY_NAMES));
    }
    memcpy(own.key, key, length + 1);
    if (strcmp(own.key, "#") == 0 || strcmp(own.key, " ") == 0)
        return error_set(error, STATUS_USAGE, "unknown key '%s'", own.key);
    squeeze(line + length + strspn(line + length, " \t"), own.command, sizeof own.command);
    if (!own.command[0])
        return error_set(error, STATUS_USAGE, "a binding is written as KEY COMMAND, as in %s set lr up", own.key);
    if (strcmp(own.command, "none") == 0) {
        own.command[0] = '\0';
        return bind(keymap, &own, error);
    }
    const enum status status = command_parse(commands, NULL, own.command, &request, error);
    if (status != STATUS_OK)
        return status;
    own.group = request.row->run ? GROUP_PROGRAM : GROUP_RUN;
    snprintf(own.about, sizeof own.about, "%s", request.row->about);
    request_free(&request);
    return bind(keymap, &own, error);
}

/* ---- words ---- */

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
