/* The state of the screen: one struct, which ui_run owns, and the functions that read and change it. */
#ifndef UI_UI_STATE_H
#define UI_UI_STATE_H

#include "plot/grid.h"
#include "session/session.h"
#include "ui/command_line.h"
#include "ui/commands.h"
#include "ui/keymap.h"
#include "ui/screen.h"
#include "ui/ui.h"
#include "ui/view.h"

#define PENDING_MAX 256

struct ui {
    struct session *session;
    const struct command_lists *commands;
    const struct keymap *keymap;
    struct lines *shared; /* of ui_options */
    struct screen *screen;
    struct palette palette;
    struct grid grid;
    struct scratch scratch;
    struct story story;
    struct data_bounds bounds;
    struct view_settings settings;
    enum key_mode mode;
    int help_top;
    struct command_line line, prompt_line;
    char line_error[160];
    /* Of a `:` line that was opened for a value of this knob, its name may be missing; KNOB_COUNT: for any command. */
    size_t line_knob;

    /* Commands that the session has not taken yet, oldest first. */
    struct request pending[PENDING_MAX];
    size_t pending_count;
    uint32_t next_token;
    /* The value that a knob will have once what was sent is echoed, so that quick presses add up. */
    double wish[KNOB_COUNT];
    uint32_t wish_token[KNOB_COUNT]; /* of the newest command; 0: none under way */

    const struct session_branch **branch; /* [branches]: the session's, as of the last news */
    size_t branches, branch_room;
    struct comparison comparison;
    unsigned compared; /* of its pictures, how many have been asked for */

    const struct dataset *prompted; /* the data that the prompt is about */
    struct samples samples;

    struct picture_request request;
    bool requested;
    unsigned request_rate;

    bool mouse;
    int drag_x; /* of the chart; -1: not dragging */
    bool sent;  /* a command went out since the last frame */
    bool done;
};

double ui_now(void); /* seconds */

/* Borrowed views of the state for one frame. */
struct branch_list ui_branches(const struct ui *ui);
struct view_data ui_view_data(struct ui *ui);
struct frame_layout ui_frame(const struct ui *ui);

/* The keys that count now: of the open mode, of what the run waits for, or of the view. */
enum key_mode ui_keys(struct ui *ui);

/* Takes the pictures of a comparison as they come. */
void comparison_advance(struct ui *ui);

/* Of a text: the prompt of the present data unless it is a person's own, and what has been written of it. */
void prompt_follow(struct ui *ui);

/* Queues a command and tries to send it; takes over its text. */
void ui_send(struct ui *ui, struct request request);
/* Whether the run is on its way to another step.  The scrubber's and the comparison's ways do not count. */
bool ui_is_walking(const struct ui *ui);
/* Says that the run is on its way, and how to give that up. */
void ui_say_walking(struct ui *ui);
void ui_flush(struct ui *ui);
void ui_turn(struct ui *ui, enum knob_id knob, int direction);
void ui_set(struct ui *ui, enum knob_id knob, double value);
/* A message that stays until the next event, and one that goes by itself. */
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ui_toast(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Flips a setting, and shows `on` or `off`, whichever it is now. */
void ui_toggle(struct ui *ui, bool *what, const char *on, const char *off);
void ui_open_line(struct ui *ui, const char *text);
void ui_open_prompt(struct ui *ui);
/* Leaves what is open. */
void ui_leave(struct ui *ui);
/* The line that is open. */
struct command_line *ui_line(struct ui *ui);
void ui_theme(struct ui *ui, const char *name);
void ui_show_view(struct ui *ui, size_t view);

/* Understands a line that names a command, and carries it out; an empty line does nothing.  STATUS_USAGE with the
 * reason where it is wrong or refused. */
enum status ui_obey(struct ui *ui, const char *line, struct error *error);
/* Refuses a file that the run itself reads or writes. */
enum status ui_spare(const struct ui *ui, const char *path, struct error *error);
/* Leaves the scrubber; the session goes back to the present. */
void scrubber_close(struct ui *ui);
/* Asks for what was at the scrubber's step. */
void scrubber_ask(struct ui *ui);

/* The two words of an argument that says which way a command goes, for ARGUMENT_WORD. */
const char *word_previous_next(size_t index), *word_down_up(size_t index), *word_up_down(size_t index),
    *word_left_right(size_t index), *word_out_in(size_t index), *word_older_newer(size_t index),
    *word_start_end(size_t index);
/* Which way it is when the first argument is such a word: -1 for the first of the two, else 1. */
static inline int ui_direction(const struct request *request)
{
    return request->value[0].number ? 1 : -1;
}

/* Inputs. */
void ui_key(struct ui *ui, uint32_t key);
void ui_mouse(struct ui *ui, const struct input *input);

/* Draws the whole screen into the grid. */
void ui_draw(struct ui *ui);
/* The grid as text, without trailing blanks.  STATUS_FAILED with the reason when the file could not be written: the old
 * one is then still there. */
enum status ui_shot(struct ui *ui, const char *path, struct error *error);

/* The help screen; returns the number of its lines. */
int help_draw(const struct view_data *data, struct area area, int top);
int help_lines(const struct view_data *data, int width);
/* Selects the next branch of the tree, or the one before. */
void ui_choose_branch(struct ui *ui, int direction);

#endif
