/* The key table: no key is taken twice, every knob with letters has them, modes come first. */
#include "ui/keymap.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/commands.h"
#include "learn/knob.h"
#include "suite.h"
#include "support/lines.h"
#include "ui/screen.h"

static struct keymap *usual;

static void make_usual(void)
{
    usual = keymap_create();
    ck_assert_ptr_nonnull(usual);
}

static void free_usual(void)
{
    keymap_free(usual);
}

/* What a key does while that mode is open; NULL: nothing. */
static const char *does(enum key_mode mode, uint32_t key)
{
    const struct key_binding *found = keymap_find(usual, mode, key);
    return found ? found->command : NULL;
}

static bool does_this(enum key_mode mode, uint32_t key, const char *command)
{
    return does(mode, key) && strcmp(does(mode, key), command) == 0;
}

START_TEST(no_key_twice_in_a_mode)
{
    const struct key_binding *a, *b;
    for (size_t i = 0; (a = keymap_at(usual, i)) != NULL; i++)
        for (size_t j = i + 1; (b = keymap_at(usual, j)) != NULL; j++)
            ck_assert_msg(a->mode != b->mode || strcmp(a->key, b->key) != 0, "'%s' and '%s' share a key", a->command,
                          b->command);
}
END_TEST

START_TEST(every_row_can_be_read)
{
    const struct key_line *line;
    for (size_t i = 0; (line = keymap_line(usual, i)) != NULL; i++) {
        ck_assert(line->keys[0] && line->about[0] && key_mode_name(line->mode)[0]);
        ck_assert_msg(strcmp(line->keys, "(none)") != 0, "row '%s' has no key", line->about);
        ck_assert(key_group_heading(line->group)[0]);
        ck_assert_msg(strchr(line->keys, '[') == NULL && strchr(line->keys, ']') == NULL, "brackets need AltGr");
    }
}
END_TEST

/* Each key is one that a terminal sends, and each command is one that can be typed. */
START_TEST(every_binding_is_understood)
{
    const struct key_binding *binding;
    struct request request;
    struct error error = {.message = ""};
    for (size_t i = 0; (binding = keymap_at(usual, i)) != NULL; i++) {
        ck_assert_msg(binding->code != 0, "no key is called '%s'", binding->key);
        ck_assert_msg(command_parse(&app_commands, NULL, binding->command, &request, &error) == STATUS_OK, "%s: %s",
                      binding->command, error.message);
        request_free(&request);
    }
}
END_TEST

START_TEST(knob_letters_turn_knobs)
{
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const struct field *knob = &knob_table[i];
        char down[64], up[64];
        snprintf(down, sizeof down, "set %s down", knob->name);
        snprintf(up, sizeof up, "set %s up", knob->name);
        if (knob->type == FIELD_SWITCH) {
            if (knob->key_down)
                ck_assert(does_this(KEYS_GENERAL, (unsigned char)knob->key_down, up));
            continue;
        }
        if (knob->key_down) {
            ck_assert(does_this(KEYS_GENERAL, (unsigned char)knob->key_down, down));
        }
        if (knob->key_up) {
            ck_assert(does_this(KEYS_GENERAL, (unsigned char)knob->key_up, up));
        }
        if (isalpha((unsigned char)knob->key_down))
            ck_assert_int_eq(knob->key_up, toupper((unsigned char)knob->key_down));
    }
}
END_TEST

START_TEST(shift_does_not_matter_for_speed)
{
    ck_assert(does_this(KEYS_GENERAL, '_', "set speed down"));
    ck_assert(does_this(KEYS_GENERAL, '=', "set speed up"));
}
END_TEST

START_TEST(a_mode_comes_before_the_general_keys)
{
    ck_assert(does_this(KEYS_GENERAL, KEY_ARROW_LEFT, "turn down"));
    ck_assert(does_this(KEYS_CROSSHAIR, KEY_ARROW_LEFT, "cursor left 1"));
    ck_assert(does_this(KEYS_CROSSHAIR, 'q', "leave"));
    ck_assert(does_this(KEYS_CROSSHAIR, 'l', "set lr down"));
    ck_assert(does_this(KEYS_GENERAL, 'q', "ask-quit"));
    ck_assert(does_this(KEYS_QUITTING, 'q', "quit"));
}
END_TEST

START_TEST(time_has_its_keys)
{
    ck_assert(does_this(KEYS_SCRUBBER, KEY_ARROW_LEFT, "look-step left 1"));
    ck_assert(does_this(KEYS_SCRUBBER, KEY_RETURN, "go-there"));
    for (const char *way_out = "uq"; *way_out; way_out++)
        ck_assert(does_this(KEYS_SCRUBBER, (unsigned char)*way_out, "leave"));
    ck_assert(does_this(KEYS_CROSSHAIR, KEY_RETURN, "look-here"));
    ck_assert(does_this(KEYS_BRANCHES, KEY_RETURN, "go-on-with"));
    ck_assert(does_this(KEYS_BRANCHES, KEY_TABULATOR, "cycle-view next"));
    ck_assert(does_this(KEYS_BRANCHES, 'L', "set lr up"));
    ck_assert(does_this(KEYS_DIVERGED, KEY_RETURN, "rescue"));
    ck_assert(does_this(KEYS_WALKING, KEY_ESCAPE, "return"));
}
END_TEST

START_TEST(keys_send_the_commands_that_they_name)
{
    static const struct {
        uint32_t key;
        const char *sends;
    } keys[] = {{'.', "step"}, {'>', "epoch"}, {'r', "restart"}, {'G', "stage"}, {'f', "fork"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        ck_assert(does_this(KEYS_GENERAL, keys[i].key, keys[i].sends));
        ck_assert_ptr_eq(commands_find(&app_commands, keys[i].sends), engine_command(keys[i].sends));
    }
}
END_TEST

START_TEST(keys_of_the_design)
{
    static const char singles[] = " .>-_+=rRlLbBdDwWnNjJaApPoOsSe145(&'yxXmczZtvg:M?quUfk";
    for (const char *key = singles; *key; key++)
        ck_assert_msg(does(KEYS_GENERAL, (unsigned char)*key), "no key '%c'", *key);
    static const uint32_t named[] = {KEY_ARROW_UP,       KEY_ARROW_DOWN, KEY_ARROW_LEFT, KEY_ARROW_RIGHT, KEY_PAGE_UP,
                                     KEY_PAGE_DOWN,      KEY_TO_START,   KEY_TO_END,     KEY_RETURN,      KEY_TABULATOR,
                                     KEY_BACK_TABULATOR, KEY_F1,         KEY_CTRL_C,     KEY_CTRL_L,      KEY_CTRL_Z};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        ck_assert_msg(does(KEYS_GENERAL, named[i]), "no key %x", named[i]);
    ck_assert(!does(KEYS_GENERAL, 0));
    ck_assert(!does(KEYS_GENERAL, '~'));
}
END_TEST

/* A prompt is edited as a command is, but entered for itself. */
START_TEST(the_prompt_has_the_keys_of_the_line)
{
    ck_assert(does_this(KEYS_PROMPT, KEY_RETURN, "enter-prompt"));
    ck_assert(does_this(KEYS_PROMPT, KEY_CTRL_U, "clear-line"));
    ck_assert(does_this(KEYS_LINE, KEY_RETURN, "enter-line"));
}
END_TEST

/* ---- a user's own ---- */

static char said[2048];

static struct keymap *read_keys(const char *lines)
{
    char text[1024];
    snprintf(text, sizeof text, "%s", lines);
    memset(said, 0, sizeof said);
    FILE *out = fmemopen(said, sizeof said, "w");
    ck_assert_ptr_nonnull(out);
    struct keymap *keymap = keymap_create();
    ck_assert_ptr_nonnull(keymap);
    keys_parse(keymap, "keys", text, out);
    fclose(out);
    return keymap;
}

static bool binds(const struct keymap *keymap, enum key_mode mode, uint32_t key, const char *command)
{
    const struct key_binding *found = keymap_find(keymap, mode, key);
    return found && strcmp(found->command, command) == 0;
}

START_TEST(own_keys_come_before_the_usual_ones)
{
    struct keymap *keymap =
        read_keys("# mine\n\n  x   set lr   up\r\nL none\nh go-there\nspace restart\nF1 until 5000\n\xc3\xa9 pause\n");
    char keys[64];
    ck_assert_str_eq(said, "");
    ck_assert(binds(keymap, KEYS_GENERAL, 'x', "set lr up"));
    ck_assert(!keymap_find(keymap, KEYS_GENERAL, 'L'));
    ck_assert(binds(keymap, KEYS_GENERAL, 'l', "set lr down"));
    ck_assert(binds(keymap, KEYS_GENERAL, ' ', "restart"));
    ck_assert(binds(keymap, KEYS_GENERAL, KEY_F1, "until 5000"));
    ck_assert(binds(keymap, KEYS_GENERAL, 0xe9, "pause"));
    /* A command of a mode is bound there, and the mode keeps its other keys. */
    ck_assert(binds(keymap, KEYS_SCRUBBER, 'h', "go-there"));
    ck_assert(binds(keymap, KEYS_SCRUBBER, KEY_RETURN, "go-there"));
    ck_assert(!keymap_find(keymap, KEYS_GENERAL, 'h'));
    /* What is shown is what is bound. */
    ck_assert_str_eq(keymap_key(keymap, KEYS_GENERAL, "set lr up"), "x");
    ck_assert_str_eq(keymap_key(keymap, KEYS_SCRUBBER, "go-there"), "h");
    ck_assert_str_eq(keymap_key(keymap, KEYS_GENERAL, "recent"), "(no key)");
    ck_assert_str_eq(keymap_keys(keymap, KEYS_GENERAL, "set lr up; restart; step", keys, sizeof keys), "x space .");
    keymap_free(keymap);
}
END_TEST

START_TEST(the_help_shows_own_keys)
{
    struct keymap *keymap = read_keys("x set lr up\nL none\nF1 until 5000\n");
    const struct key_line *line;
    bool rate = false, recent = false, until = false;
    for (size_t i = 0; (line = keymap_line(keymap, i)) != NULL; i++) {
        rate |= strcmp(line->about, "learning rate down / up") == 0 && strcmp(line->keys, "l x") == 0;
        recent |= strcmp(line->about, "recent steps / the whole run") == 0 && strcmp(line->keys, "(none)") == 0;
        until |= strcmp(line->keys, "F1") == 0 && strcmp(line->command, "until 5000") == 0 && line->about[0];
    }
    ck_assert(rate && recent && until);
    keymap_free(keymap);
}
END_TEST

START_TEST(wrong_lines_are_said_and_ignored)
{
    struct keymap *keymap = read_keys("x set lr up\nQQ pause\nz frobnicate\ny set lr fast\nw\nv race nobody\n");
    ck_assert_ptr_nonnull(strstr(said, "downhill: keys:2: unknown key 'QQ'"));
    ck_assert_ptr_nonnull(strstr(said, "downhill: keys:3: unknown command 'frobnicate'"));
    ck_assert_ptr_nonnull(strstr(said, "downhill: keys:4: learning rate 'fast'"));
    ck_assert_ptr_nonnull(strstr(said, "downhill: keys:5: a binding is written as KEY COMMAND"));
    ck_assert_ptr_nonnull(strstr(said, "downhill: keys:6: race: "));
    ck_assert_ptr_null(strstr(said, "keys:1:"));
    ck_assert(binds(keymap, KEYS_GENERAL, 'x', "set lr up"));
    ck_assert(binds(keymap, KEYS_GENERAL, 'z', "zoom in"));
    ck_assert(keymap_find(keymap, KEYS_GENERAL, 'w'));
    keymap_free(keymap);
}
END_TEST

START_TEST(a_key_is_one_character_of_valid_utf_8)
{
    struct keymap *keymap = read_keys("\xc3\xa9 set lr up\n\xe0\x80\xaf pause\n\xed\xa0\x80 pause\nxy pause\n");
    ck_assert(binds(keymap, KEYS_GENERAL, 0xe9, "set lr up"));
    ck_assert_ptr_null(strstr(said, "keys:1:"));
    for (int line = 2; line <= 4; line++) {
        char message[64];
        snprintf(message, sizeof message, "keys:%d: unknown key", line);
        ck_assert_ptr_nonnull(strstr(said, message));
    }
    keymap_free(keymap);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("keymap");
    TCase *test = tcase_create("keymap");
    tcase_add_checked_fixture(test, make_usual, free_usual);
    tcase_add_test(test, no_key_twice_in_a_mode);
    tcase_add_test(test, every_row_can_be_read);
    tcase_add_test(test, knob_letters_turn_knobs);
    tcase_add_test(test, shift_does_not_matter_for_speed);
    tcase_add_test(test, a_mode_comes_before_the_general_keys);
    tcase_add_test(test, time_has_its_keys);
    tcase_add_test(test, keys_send_the_commands_that_they_name);
    tcase_add_test(test, keys_of_the_design);
    tcase_add_test(test, the_prompt_has_the_keys_of_the_line);
    tcase_add_test(test, every_binding_is_understood);
    tcase_add_test(test, own_keys_come_before_the_usual_ones);
    tcase_add_test(test, the_help_shows_own_keys);
    tcase_add_test(test, wrong_lines_are_said_and_ignored);
    tcase_add_test(test, a_key_is_one_character_of_valid_utf_8);
    suite_add_tcase(suite, test);
    return suite;
}
