/* The usual bindings, but for those of knobs. */
#ifndef UI_KEYMAP_TABLE_H
#define UI_KEYMAP_TABLE_H

#include "ui/keymap.h"

/* A binding without an `about` joins the line above; one with an empty one is hidden. */
struct key_row {
    enum key_mode mode;
    enum key_group group;
    const char *key, *command, *about, *bar;
};

/* The general ones before and after those of knobs, then those of modes. */
extern const struct key_row key_table[];
extern const size_t key_table_count;
extern const size_t key_table_knobs; /* rows before those of knobs */

#endif
