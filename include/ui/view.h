/* Views: what fills the screen between the title and the message, one table row each.
 *
 * A view reads const data (struct view_data) and writes cells: measuring and scaling happened before, so it can be
 * tested by drawing into a grid that no terminal shows. */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/grid.h"
#include "plot/palette.h"
#include "session/session.h"
#include "ui/keymap.h"
#include "ui/layout.h"
#include "ui/lineage.h"
#include "ui/prompt.h"
#include "ui/samples.h"
#include "ui/scratch.h"
#include "ui/story.h"
#include "ui/window.h"

#define SMOOTHINGS 4 /* none and three steps */

/* What view 4 shows of a language model. */
enum language_picture {
    SHOW_PROMPT,     /* how it goes on, what is likely next, what it wrote earlier */
    SHOW_ARITHMETIC, /* one prediction from logits to loss */
    SHOW_ATTENTION,
    SHOW_PASSAGE, /* the loss of each token of a passage that it has not learnt from */
    SHOW_EXAM,    /* held-out questions and what it answers; where the run has pairs */
    LANGUAGE_PICTURES,
};

struct language_settings {
    enum language_picture picture;
    struct prompt prompt;
    struct sampling sampling;
    unsigned block, head; /* of the attention; beyond the last: the last */
    size_t passage;       /* counted from the first test row; beyond the last it begins again */
};

/* What a person has set about the screen; nothing here touches training. */
struct view_settings {
    size_t view;          /* index into view_table */
    struct window window; /* steps that the curves show */
    bool log_loss, epochs, hide_test, big, other_picture;
    unsigned smoothing;       /* 0 .. SMOOTHINGS - 1 */
    bool crosshair, scrubber; /* scrubber: the crosshair is one that asks for what was at its step */
    double cursor;            /* step under the crosshair */
    unsigned cursor_series;
    uint16_t cursor_branch; /* the scrubber's; else the cursor is on the present branch */
    uint64_t walk_to;       /* step that the last walk through time was sent to */
    uint16_t branch;        /* selected in view 5 */
    size_t knob;            /* selected in the panel */
    unsigned fps_pictures;  /* pictures a second that the line can take */
    struct language_settings language;
};

/* Extent of the first two inputs (of the first input and the target, where there is one input). */
struct data_bounds {
    double x0, x1, y0, y1;
};
struct data_bounds data_bounds_of(const struct dataset *dataset);

/* Two branches beside each other in view 5. */
struct comparison {
    bool open;
    uint16_t branch[2];        /* the one that was present, and the selected one */
    uint64_t step[2];          /* their ends when it was opened */
    struct picture picture[2]; /* surfaces, or a text's continuations, at these ends; empty until they have been made */
};

/* All that drawing may read.  Pointers are borrowed for the time of one frame. */
struct view_data {
    const struct session_status *status;
    const struct session_model *model;
    const struct trainer_stage *stage; /* [stages] */
    size_t stages;
    const struct history *history;
    struct branch_list branches;
    const struct comparison *comparison;
    const struct dataset *dataset;
    struct data_bounds bounds;
    const struct picture *picture; /* NULL: none yet */
    const struct samples *samples; /* of a text */
    const struct story *story;
    const struct view_settings *settings;
    const struct palette *palette;
    struct scratch *scratch; /* memory that is kept between frames */
    const struct keymap *keymap;
    const struct command_lists *commands; /* for the help */
};

/* The branch that the charts are about: the present one, or the scrubber's. */
uint16_t view_branch(const struct view_data *data);
/* The newest step heard of a branch. */
uint64_t view_last_step(const struct view_data *data, uint16_t branch);
/* Whether the screen looks at another moment than the present. */
bool view_looks_back(const struct view_data *data);
/* The stage that is looked at. */
size_t view_stage(const struct view_data *data);
/* The data of the stage that the legends' numbers are of: the crosshair's, or the present one. */
const struct dataset *view_dataset_read(const struct view_data *data);
/* The step at which the stage began that a step of a branch belongs to. */
uint64_t view_stage_origin(const struct view_data *data, uint16_t branch, uint64_t step);
/* The knobs that were in force at the moment that is looked at. */
const struct knobs *view_knobs(const struct view_data *data);

struct view {
    int number;
    const char *name, *about;
    enum key_mode keys; /* its own; KEYS_GENERAL: none, or those of what it shows (view_keys) */
    /* Which pictures it needs at this size; false: none. */
    bool (*wants)(const struct view_data *data, struct box body, struct picture_request *request);
    void (*draw)(const struct view_data *data, struct area screen, struct box body);
};
extern const struct view view_table[];
extern const size_t view_count;

size_t view_by_number(int number); /* index, or view_count */
/* The keys of the visible view at the moment. */
enum key_mode view_keys(const struct view_data *data);

void view_draw_curves(const struct view_data *data, struct area screen, struct box body);
bool view_wants_curves(const struct view_data *data, struct box body, struct picture_request *request);
void view_draw_predictions(const struct view_data *data, struct area screen, struct box body);
bool view_wants_predictions(const struct view_data *data, struct box body, struct picture_request *request);
void view_draw_branches(const struct view_data *data, struct area screen, struct box body);
bool view_wants_branches(const struct view_data *data, struct box body, struct picture_request *request);

/* How far the curves reach: ghosts only as far as the new curve has come near them. */
struct reach view_reach(const struct view_data *data);

/* Where view 1 puts its parts: also asked by the mouse. */
struct curves_layout view_curves_layout(const struct view_data *data, struct box body);
/* Where view 5 has its tree; empty while two branches are compared. */
struct box view_branches_tree(const struct view_data *data, struct box body);

#endif
