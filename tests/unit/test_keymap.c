/* The key table: no key is taken twice, every knob with letters has them, modes come first. */
#include "ui/keymap.h"

#include <ctype.h>
#include <string.h>

#include "suite.h"
#include "ui/screen.h"

static bool has_code(const uint32_t *codes, uint32_t code)
{
    for (size_t i = 0; i < KEY_CODES && codes[i]; i++)
        if (codes[i] == code)
            return true;
    return false;
}

START_TEST(no_key_twice_in_a_mode)
{
    for (size_t i = 0; i < key_binding_count(); i++) {
        const struct key_binding a = key_binding_at(i);
        for (size_t k = 0; k < KEY_CODES && a.up[k]; k++)
            ck_assert_msg(!has_code(a.down, a.up[k]), "row '%s' goes both ways", a.keys);
        for (size_t j = i + 1; j < key_binding_count(); j++) {
            const struct key_binding b = key_binding_at(j);
            if (a.mode != b.mode)
                continue;
            const uint32_t *codes[] = {a.down, a.up};
            for (size_t side = 0; side < 2; side++)
                for (size_t k = 0; k < KEY_CODES && codes[side][k]; k++)
                    ck_assert_msg(!has_code(b.down, codes[side][k]) && !has_code(b.up, codes[side][k]),
                                  "'%s' and '%s' share a key", a.keys, b.keys);
        }
    }
}
END_TEST

START_TEST(every_row_can_be_read)
{
    for (size_t i = 0; i < key_binding_count(); i++) {
        char keys[32];
        const struct key_line line = key_line(i, keys, sizeof keys);
        ck_assert(line.keys[0] && line.about[0] && line.mode[0]);
        const struct key_binding row = key_binding_at(i);
        ck_assert_msg(row.up[0] != 0, "row '%s' has no key", row.keys);
        ck_assert(key_group_heading(row.group)[0]);
        ck_assert_msg(strchr(row.keys, '[') == NULL && strchr(row.keys, ']') == NULL, "brackets need AltGr");
    }
}
END_TEST

START_TEST(knob_letters_turn_knobs)
{
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const struct field *knob = &knob_table[i];
        struct key_binding found;
        int direction;
        if (knob->type == FIELD_SWITCH) {
            if (knob->key_down)
                ck_assert(key_find(KEYS_GENERAL, (unsigned char)knob->key_down, &found, &direction) && found.knob == i);
            continue;
        }
        if (knob->key_down) {
            ck_assert(key_find(KEYS_GENERAL, (unsigned char)knob->key_down, &found, &direction));
            ck_assert(found.action == ACTION_KNOB && found.knob == i);
            ck_assert_int_eq(direction, -1);
        }
        if (knob->key_up) {
            ck_assert(key_find(KEYS_GENERAL, (unsigned char)knob->key_up, &found, &direction));
            ck_assert(found.action == ACTION_KNOB && found.knob == i);
            ck_assert_int_eq(direction, 1);
        }
        if (isalpha((unsigned char)knob->key_down))
            ck_assert_int_eq(knob->key_up, toupper((unsigned char)knob->key_down));
    }
}
END_TEST

START_TEST(shift_does_not_matter_for_speed)
{
    struct key_binding found;
    int direction;
    ck_assert(key_find(KEYS_GENERAL, '_', &found, &direction));
    ck_assert(found.knob == KNOB_SPEED && direction == -1);
    ck_assert(key_find(KEYS_GENERAL, '=', &found, &direction));
    ck_assert(found.knob == KNOB_SPEED && direction == 1);
}
END_TEST

START_TEST(a_mode_comes_before_the_general_keys)
{
    struct key_binding found;
    int direction;
    ck_assert(key_find(KEYS_GENERAL, KEY_ARROW_LEFT, &found, &direction) && found.action == ACTION_TURN);
    ck_assert(key_find(KEYS_CROSSHAIR, KEY_ARROW_LEFT, &found, &direction) && found.action == ACTION_CURSOR);
    ck_assert_int_eq(direction, -1);
    ck_assert(key_find(KEYS_CROSSHAIR, 'q', &found, &direction) && found.action == ACTION_LEAVE);
    ck_assert(key_find(KEYS_CROSSHAIR, 'l', &found, &direction) && found.knob == KNOB_LR);
    ck_assert(key_find(KEYS_GENERAL, 'q', &found, &direction) && found.action == ACTION_QUIT);
    ck_assert(key_find(KEYS_QUITTING, 'q', &found, &direction) && found.action == ACTION_QUIT_NOW);
}
END_TEST

START_TEST(time_has_its_keys)
{
    struct key_binding found;
    int direction;
    ck_assert(key_find(KEYS_SCRUBBER, KEY_ARROW_LEFT, &found, &direction) && found.action == ACTION_CURSOR_STEP);
    ck_assert_int_eq(direction, -1);
    ck_assert(key_find(KEYS_SCRUBBER, KEY_RETURN, &found, &direction) && found.action == ACTION_REWIND);
    for (const char *way_out = "uq"; *way_out; way_out++)
        ck_assert(key_find(KEYS_SCRUBBER, (unsigned char)*way_out, &found, &direction) && found.action == ACTION_LEAVE);
    ck_assert(key_find(KEYS_CROSSHAIR, KEY_RETURN, &found, &direction) && found.action == ACTION_SCRUB_HERE);
    ck_assert(key_find(KEYS_BRANCHES, KEY_RETURN, &found, &direction) && found.action == ACTION_SWITCH);
    ck_assert(key_find(KEYS_BRANCHES, KEY_TABULATOR, &found, &direction) && found.action == ACTION_NEXT_VIEW);
    ck_assert(key_find(KEYS_BRANCHES, 'L', &found, &direction) && found.knob == KNOB_LR);
    ck_assert(key_find(KEYS_DIVERGED, KEY_RETURN, &found, &direction) && found.action == ACTION_RESCUE);
    ck_assert(key_find(KEYS_WALKING, KEY_ESCAPE, &found, &direction) && strcmp(found.sends, "return") == 0);
}
END_TEST

START_TEST(keys_send_the_commands_that_they_name)
{
    static const struct {
        uint32_t key;
        const char *sends;
    } keys[] = {{'.', "step"}, {'>', "epoch"}, {'r', "restart"}, {'G', "stage"}, {'f', "fork"}};
    struct key_binding found;
    int direction;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        ck_assert(key_find(KEYS_GENERAL, keys[i].key, &found, &direction));
        ck_assert_int_eq(found.action, ACTION_SEND);
        ck_assert_str_eq(found.sends, keys[i].sends);
    }
}
END_TEST

START_TEST(keys_of_the_design)
{
    static const char singles[] = " .>-_+=rRlLbBdDwWnNjJaApPoOsSe145(&'yxXmczZtvg:M?quUfk";
    struct key_binding found;
    int direction;
    for (const char *key = singles; *key; key++)
        ck_assert_msg(key_find(KEYS_GENERAL, (unsigned char)*key, &found, &direction), "no key '%c'", *key);
    static const uint32_t named[] = {KEY_ARROW_UP,       KEY_ARROW_DOWN, KEY_ARROW_LEFT, KEY_ARROW_RIGHT, KEY_PAGE_UP,
                                     KEY_PAGE_DOWN,      KEY_TO_START,   KEY_TO_END,     KEY_RETURN,      KEY_TABULATOR,
                                     KEY_BACK_TABULATOR, KEY_F1,         KEY_CTRL_C,     KEY_CTRL_L,      KEY_CTRL_Z};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        ck_assert_msg(key_find(KEYS_GENERAL, named[i], &found, &direction), "no key %x", named[i]);
    ck_assert(!key_find(KEYS_GENERAL, 0, &found, &direction));
    ck_assert(!key_find(KEYS_GENERAL, '~', &found, &direction));
}
END_TEST

/* A prompt is edited as a command is, but entered for itself. */
START_TEST(the_prompt_has_the_keys_of_the_line)
{
    struct key_binding found;
    int direction;
    ck_assert(key_find(KEYS_PROMPT, KEY_RETURN, &found, &direction));
    ck_assert_int_eq(found.action, ACTION_PROMPT_ENTER);
    ck_assert(key_find(KEYS_PROMPT, KEY_CTRL_U, &found, &direction));
    ck_assert_int_eq(found.action, ACTION_LINE_CLEAR);
    ck_assert(key_find(KEYS_LINE, KEY_RETURN, &found, &direction));
    ck_assert_int_eq(found.action, ACTION_LINE_ENTER);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("keymap");
    TCase *test = tcase_create("keymap");
    tcase_add_test(test, no_key_twice_in_a_mode);
    tcase_add_test(test, every_row_can_be_read);
    tcase_add_test(test, knob_letters_turn_knobs);
    tcase_add_test(test, shift_does_not_matter_for_speed);
    tcase_add_test(test, a_mode_comes_before_the_general_keys);
    tcase_add_test(test, time_has_its_keys);
    tcase_add_test(test, keys_send_the_commands_that_they_name);
    tcase_add_test(test, keys_of_the_design);
    tcase_add_test(test, the_prompt_has_the_keys_of_the_line);
    suite_add_tcase(suite, test);
    return suite;
}
