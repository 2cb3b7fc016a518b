/* Holds the table of the screen's options. */
#include "plot/palette.h"
#include "ui/ui.h"

#define AT(member)  .offset = offsetof(struct ui_options, member)
#define NO_HEADLESS .against = "headless", .conflict = "there is no screen"

static const struct field rows[] = {
    {
        .name = "theme",
        .type = FIELD_WORD,
        AT(theme),
        .choice = palette_name,
        NO_HEADLESS,
    },
    {
        .name = "present",
        FIELD_FLAG(ui_options, present),
        NO_HEADLESS,
        .about = "for a projector: strong colours, big numbers, no mouse",
    },
    {
        .name = "ascii",
        FIELD_FLAG(ui_options, ascii),
        NO_HEADLESS,
        .about = "plain characters only",
    },
    {
        .name = "fps",
        .type = FIELD_NUMBER,
        .store = FIELD_UNSIGNED,
        AT(fps),
        .min = 1,
        .max = 60,
        NO_HEADLESS,
        .about = "frames a second at most (1 to 60)",
    },
};

const struct field_table ui_fields = {
    FIELD_ROWS(rows),
    .heading = "Screen",
};
