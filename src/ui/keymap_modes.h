/* Rows of the key table that belong to modes; the general ones are in keymap.c. */
#ifndef UI_KEYMAP_MODES_H
#define UI_KEYMAP_MODES_H

#include "ui/keymap.h"

extern const struct key_binding key_mode_rows[];
extern const size_t key_mode_row_count;

#endif
