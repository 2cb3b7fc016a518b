/* Carries out the command that a pressed key is bound to, or types its character. */
#include "ui/ui_state.h"

/* Whether the binding steers the present run: it does nothing while the scrubber looks back, and during a walk. */
static bool steers_the_present(const struct key_binding *binding)
{
    return binding->mode == KEYS_GENERAL &&
           (binding->group == GROUP_RUN || binding->group == GROUP_KNOBS || binding->group == GROUP_PANEL);
}

/* What gives up a walk also gives up a twin that catches up beside the run, where the key does nothing else. */
static const struct key_binding *find(const struct ui *ui, enum key_mode mode, uint32_t key)
{
    const struct key_binding *found = keymap_find(ui->keymap, mode, key);
    return !found && session_status(ui->session)->caught_up >= 0 ? keymap_find(ui->keymap, KEYS_WALKING, key) : found;
}

void ui_key(struct ui *ui, uint32_t key)
{
    const struct key_binding *found = find(ui, ui_keys(ui), key);
    struct error error = {.message = ""};
    const bool typing = ui->mode == KEYS_LINE || ui->mode == KEYS_PROMPT;
    if (typing && key < KEY_NAMED && !(found && key < 0x20)) {
        line_type(ui_line(ui), key);
        ui->line_error[0] = 0;
        return;
    }
    if (typing) {
        ui->line_error[0] = 0;
        /* While a line is open, the general bindings of control characters stay in force, those of named keys do not. */
        if (found && found->mode == KEYS_GENERAL && key >= KEY_NAMED)
            return;
    }
    if (ui->mode == KEYS_QUITTING && !(found && found->mode == KEYS_QUITTING))
        ui->mode = KEYS_GENERAL;
    if (found && ui->mode == KEYS_SCRUBBER && steers_the_present(found)) {
        ui_toast(ui, "You are looking back: %s goes there, %s returns to the present.",
                 keymap_key(ui->keymap, KEYS_SCRUBBER, "go-there"), keymap_key(ui->keymap, KEYS_SCRUBBER, "leave"));
    } else if (found && ui_is_walking(ui) && steers_the_present(found))
        ui_say_walking(ui);
    else if (found && ui_obey(ui, found->command, &error) != STATUS_OK)
        ui_say(ui, "%s", error.message);
}
