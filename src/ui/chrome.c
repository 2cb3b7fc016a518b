/* Draws what surrounds every view: title, tabs, message, hint and key bar. */
#include "ui/chrome.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "coach/hint.h"
#include "plot/marker.h"
#include "ui/curves.h"
#include "ui/draw.h"
#include "ui/recovery.h"

#define SPEED_KEPT 0.02 /* of the speed asked for: as near, it is kept */

struct state_words {
    const char *symbol, *word;
    enum role role;
};

static struct state_words state_words(enum session_state state)
{
    static const struct state_words words[] = {
        [SESSION_RUNNING] = {"▶", "running", ROLE_RUNNING},
        [SESSION_PAUSED] = {"❚❚", "paused", ROLE_PAUSED},
        [SESSION_DIVERGED] = {"✕", "not a number", ROLE_WARN},
        [SESSION_STOPPED_EARLY] = {"■", "stopped early", ROLE_BEST},
        [SESSION_ENDED] = {"■", "ended", ROLE_PAUSED},
    };
    return words[state];
}

/* What was asked for, where that is what it does. */
static void format_speed(const struct session_status *status, char *out, size_t size)
{
    char number[32];
    const double measured = status->steps_per_second, set = status->knobs.value[KNOB_SPEED];
    const double speed = fabs(measured - set) <= SPEED_KEPT * set ? set : measured;
    if (speed >= 100)
        snprintf(out, size, "%s/s", number_count(number, sizeof number, (uint64_t)speed));
    else
        snprintf(out, size, "%.*f/s", speed < 10 ? 1 : 0, speed);
}

/* What a class types to see the same run: both seeds where another start was taken on the same data. */
static void format_seed(const struct view_data *data, char *out, size_t size)
{
    const unsigned long long seed = data->status->seed, data_seed = data->model->data_seed;
    if (seed == data_seed)
        snprintf(out, size, "seed %llu  ", seed);
    else
        snprintf(out, size, "seed %llu · data %llu  ", seed, data_seed);
}

/* "12,000 train + 1,400 test", rows, or the tokens that texts are cut into. */
static void format_data(const struct dataset *dataset, char *out, size_t size)
{
    char train[32], test[32];
    const bool text = dataset->kind == TASK_TEXT, pairs = text && prompt_is_question(dataset);
    const size_t each = text && !pairs ? dataset->inputs : 1;
    snprintf(out, size, "%s train + %s test%s", number_count(train, sizeof train, dataset->train * each),
             number_count(test, sizeof test, (dataset->rows - dataset->train) * each),
             pairs  ? " pairs"
             : text ? " tokens"
                    : "");
}

/* Of a run that has several. */
static void write_stage(const struct view_data *data, struct pen *pen)
{
    char text[96];
    const size_t stage = view_stage(data);
    if (data->stages < 2 || stage >= data->stages)
        return;
    snprintf(text, sizeof text, "%.40s %zu/%zu", data->stage[stage].name, stage + 1, data->stages);
    if (pen_fits(pen, ROLE_KEY, CELL_BOLD, text))
        pen_skip(pen, 2);
}

/* "✕ not written: journal, log" in red as long as it is so, or as much of it as has room. */
static void write_lost(const struct view_data *data, struct pen *pen)
{
    static const char *const name[] = {
        [SESSION_JOURNAL] = "journal", [SESSION_LOG] = "log", [SESSION_CHECKPOINT] = "checkpoint"};
    char list[64] = "", text[96];
    size_t used = 0;
    for (size_t i = 0; i < SESSION_OUTPUTS; i++)
        if (data->status->lost[i])
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "", name[i]);
    if (used == 0)
        return;
    pen->end--;
    snprintf(text, sizeof text, "✕ not written: %s", list);
    if (!pen_right(pen, ROLE_WARN, CELL_BOLD, text)) {
        snprintf(text, sizeof text, "✕ %s", list);
        pen_right(pen, ROLE_WARN, CELL_BOLD, text);
    }
}

/* Right side first: state and step are never dropped. */
void chrome_draw_title(const struct view_data *data, struct area screen, const struct frame_layout *frame)
{
    const struct session_status *status = data->status;
    const struct session_model *model = data->model;
    const struct box box = frame->title;
    char number[32], text[160];
    draw_ground(screen, box, data->palette->role[ROLE_BAR]);
    struct pen pen = pen_at(screen, box, data->palette);
    pen.x = layout_margin(box.width);
    pen.end -= layout_margin(box.width);

    const bool back = data->settings->scrubber;
    const struct state_words looking = {"◀", "looking back", ROLE_KEY}, walking = {"▸", "walking", ROLE_KEY};
    const bool walks = status->walked >= 0;
    const struct state_words state = back ? looking : walks ? walking : state_words(status->state);
    const bool running = status->state == SESSION_RUNNING && !back && !walks;
    const uint64_t step = back ? (uint64_t)data->settings->cursor : status->step;
    const double epoch = back ? story_epoch_at(data->story, view_branch(data), (double)step) : status->epoch;
    if (running && box.width >= 56) {
        format_speed(status, text, sizeof text);
        pen_right(&pen, ROLE_TEXT, 0, text);
        pen.end--;
    }
    if (box.width >= 64) {
        if (epoch < 10)
            snprintf(text, sizeof text, "epoch %.1f", epoch);
        else
            snprintf(text, sizeof text, "epoch %s", number_count(number, sizeof number, (uint64_t)epoch));
        pen_right(&pen, ROLE_TEXT, 0, text);
        pen.end--;
    }
    const bool replay = status->replaying && !back, worded = !running && box.width >= 90;
    const char *before = replay && box.width >= 50 ? "replay · " : "";
    snprintf(text, sizeof text, "%s %s%s%sstep %s", state.symbol, before, worded ? state.word : "", worded ? " · " : "",
             number_count(number, sizeof number, step));
    pen_right(&pen, state.role, CELL_BOLD, text);
    write_lost(data, &pen);

    if (box.width >= 60)
        pen_write(&pen, ROLE_KEY, CELL_BOLD, "downhill ");
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, model->task);
    pen_skip(&pen, 2);
    write_stage(data, &pen);
    if (!box_present(frame->tabs) && box.width >= 56) {
        const struct view *view = &view_table[data->settings->view];
        snprintf(text, sizeof text, "%d %s  ", view->number, view->name);
        pen_fits(&pen, ROLE_KEY, 0, text);
    }
    if (box.width >= 76) {
        snprintf(text, sizeof text, "%s  ", model->architecture);
        if (box.width >= 96)
            pen_fits(&pen, ROLE_TEXT, 0, text);
        format_seed(data, text, sizeof text);
        pen_fits(&pen, ROLE_FAINT, 0, text);
    }
    if (box.width >= 110) {
        format_data(data->dataset, text, sizeof text);
        pen_fits(&pen, ROLE_FAINT, 0, text);
    }
}

static int tab_width(const struct view *view)
{
    return text_columns(view->name) + 5;
}

void chrome_draw_tabs(const struct view_data *data, struct area screen, struct box box)
{
    struct pen pen = pen_at(screen, box, data->palette);
    for (size_t i = 0; i < view_count; i++) {
        const bool open = i == data->settings->view;
        const int start = pen.x;
        pen_skip(&pen, 1);
        pen_format(&pen, ROLE_KEY, open ? CELL_BOLD : 0, "%d", view_table[i].number);
        pen_skip(&pen, 1);
        pen_write(&pen, open ? ROLE_STRONG : ROLE_FAINT, open ? CELL_BOLD | CELL_UNDERLINE : 0, view_table[i].name);
        pen.x = start + tab_width(&view_table[i]);
    }
    if (data->model->kernels && box.width >= 100) {
        char text[96], number[32];
        snprintf(text, sizeof text, "%s parameters · kernels %s ",
                 number_count(number, sizeof number, data->model->parameters), data->model->kernels);
        pen_right(&pen, ROLE_FAINT, 0, text);
    }
}

size_t chrome_tab_at(const struct view_data *data, struct box box, int x)
{
    (void)data;
    int start = box.x;
    for (size_t i = 0; i < view_count; i++) {
        if (x >= start && x < start + tab_width(&view_table[i]))
            return i;
        start += tab_width(&view_table[i]);
    }
    return view_count;
}

/* A bar of what is done, and the way out. */
static void write_share(const struct view_data *data, struct pen *pen, double share)
{
    enum { bar = 20 };
    char blocks[bar * 4 + 1];
    size_t used = 0;
    for (int i = 0; i < bar; i++)
        used += (size_t)snprintf(blocks + used, sizeof blocks - used, "%s",
                                 data->palette->ascii ? (i < share * bar ? "#" : ".") : (i < share * bar ? "▰" : "▱"));
    if (pen_fits(pen, ROLE_RUNNING, 0, blocks))
        pen_skip(pen, 2);
    pen_write(pen, ROLE_KEY, CELL_BOLD, keymap_key(data->keymap, KEYS_WALKING, "return"));
    pen_write(pen, ROLE_TEXT, 0, " gives up");
}

/* A walk through time that takes longer: where to, how far, and the way out.  False when there is none. */
static bool write_walk(const struct view_data *data, struct pen *pen)
{
    char step[32];
    const double share = data->status->walked;
    if (!(share >= 0))
        return false;
    pen_format(pen, ROLE_STRONG, CELL_BOLD, "walking to step %s: %.0f %%  ",
               number_count(step, sizeof step, data->settings->walk_to), fmin(share, 1) * 100);
    if (data->story->kind == EVENT_REFUSED && data->story->message[0]) { /* the answer to a key */
        pen_write(pen, ROLE_WARN, CELL_BOLD, data->story->message);
        return true;
    }
    write_share(data, pen, share);
    return true;
}

/* How far a twin is that takes longer, in the place of the sentence that announced it, and behind later ones as far as
 * there is room.  False when there is something else to say first. */
static bool write_twin(const struct view_data *data, struct pen *pen)
{
    const double share = data->status->caught_up;
    if (!(share >= 0))
        return false;
    if (data->story->message[0] && data->story->kind != EVENT_TWIN) {
        char text[48];
        snprintf(text, sizeof text, "  twin %.0f %%", fmin(share, 1) * 100);
        pen_right(pen, ROLE_STRONG, CELL_BOLD, text);
        return false;
    }
    pen_format(pen, ROLE_STRONG, CELL_BOLD, "the twin catches up: %.0f %%  ", fmin(share, 1) * 100);
    write_share(data, pen, share);
    return true;
}

/* What was turned at the scrubber's step: it looks at what was before. */
static const struct story_marker *change_at(const struct view_data *data)
{
    for (size_t i = 0; i < data->story->markers; i++) {
        const struct story_marker *marker = &data->story->marker[i];
        if (marker->kind == EVENT_KNOB && marker->step == floor(data->settings->cursor) &&
            forest_happened(data->branches.forest, view_branch(data), marker->branch, marker->step))
            return marker;
    }
    return NULL;
}

/* Where the scrubber is.  False when it is not open, or has something else to say. */
static bool write_place(const struct view_data *data, struct pen *pen)
{
    char step[32], name[LINEAGE_NAME_SIZE];
    if (!data->settings->scrubber || data->story->message[0])
        return false;
    pen_format(pen, ROLE_STRONG, CELL_BOLD, "step %s of %s",
               number_count(step, sizeof step, (uint64_t)data->settings->cursor),
               lineage_name(&data->branches, view_branch(data), name, sizeof name));
    const struct story_marker *change = change_at(data);
    if (change) {
        pen_write(pen, ROLE_TEXT, 0, " · before ");
        pen_write(pen, ROLE_MARKER, CELL_BOLD, change->label);
    }
    pen_write(pen, ROLE_TEXT, 0, " · ");
    pen_write(pen, ROLE_KEY, CELL_BOLD, keymap_key(data->keymap, KEYS_SCRUBBER, "go-there"));
    pen_write(pen, ROLE_TEXT, 0, " goes there");
    return true;
}

/* The way back after a divergence; false when there is none to be told. */
static bool write_rescue(const struct view_data *data, struct pen *pen)
{
    static const char *const words[] = {"The loss is no longer a number", "Not a number", "✕"};
    struct recovery recovery;
    char text[160], rate[32], step[32];
    const char *key = keymap_key(data->keymap, KEYS_DIVERGED, "rescue");
    if (data->status->state != SESSION_DIVERGED || data->story->kind == EVENT_REFUSED ||
        view_keys(data) != KEYS_GENERAL || !recovery_plan(data, &recovery))
        return false;
    number_count(step, sizeof step, recovery.step);
    knob_format(KNOB_LR, recovery.rate, rate, sizeof rate);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        snprintf(text, sizeof text, "%s → %s: back to step %s, rate %s", words[i], key, step, rate);
        if (pen_fits(pen, ROLE_WARN, CELL_BOLD, text))
            break;
    }
    return true;
}

int chrome_message_columns(const struct view_data *data)
{
    return text_columns(data->story->toast[0] ? data->story->toast : data->story->message);
}

void chrome_draw_message(const struct view_data *data, struct area screen, struct box box)
{
    static const enum role role[] = {
        [EVENT_TONE_PLAIN] = ROLE_TEXT, [EVENT_TONE_MOVE] = ROLE_TEXT,  [EVENT_TONE_CHANGE] = ROLE_MARKER,
        [EVENT_TONE_STOP] = ROLE_BEST,  [EVENT_TONE_ALARM] = ROLE_WARN,
    };
    const enum event_kind kind = data->story->kind;
    struct pen pen = pen_at(screen, box, data->palette);
    pen.x = layout_margin(screen.width);
    char text[160];
    if (write_walk(data, &pen))
        return;
    if (data->story->toast[0]) {
        pen_write(&pen, ROLE_TEXT, CELL_BOLD, data->story->toast);
        return;
    }
    if (write_place(data, &pen))
        return;
    if (data->settings->crosshair && !data->settings->scrubber) {
        curves_read_out(data, text, sizeof text);
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, text);
        return;
    }
    const bool spoils = marker_tells_test(kind) && data->settings->hide_test;
    if (write_rescue(data, &pen) || write_twin(data, &pen))
        return;
    if (!data->story->message[0] && data->status->replaying)
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "A replay of what the journal says: any knob takes over.");
    else if (!data->story->message[0] && data->dataset->notes && data->dataset->notes[0]) {
        pen.end -= layout_margin(screen.width);
        pen_right(&pen, ROLE_TEXT, 0, "more");
        char keys[2 * KEY_NAME_SIZE + 2];
        snprintf(keys, sizeof keys, " %s %s", keymap_key(data->keymap, KEYS_GENERAL, "help"),
                 keymap_key(data->keymap, KEYS_HELP, "scroll-end end"));
        pen_right(&pen, ROLE_KEY, CELL_BOLD, keys);
        pen_format(&pen, ROLE_TEXT, 0, "%s", data->dataset->report);
    } else if (!data->story->message[0])
        pen_format(&pen, ROLE_TEXT, 0, "%s", data->dataset->report ? data->dataset->report : data->model->task);
    else
        pen_write(&pen, role[event_table[kind].tone], CELL_BOLD, spoils ? "Stopped early." : data->story->message);
}

int chrome_draw_hint(const struct view_data *data, struct area screen, struct box box, bool with_help_key)
{
    struct pen pen = pen_at(screen, box, data->palette);
    if (with_help_key) {
        pen.end -= layout_margin(screen.width);
        pen_right(&pen, ROLE_TEXT, 0, "help");
        pen_right(&pen, ROLE_KEY, CELL_BOLD, keymap_key(data->keymap, KEYS_GENERAL, "help"));
    }
    const struct hint hint = hint_now(data);
    char hint_keys[64];
    keymap_keys(data->keymap, hint.mode, hint.commands, hint_keys, sizeof hint_keys);
    const int width = text_columns(hint_keys) + 1 + text_columns(hint.text);
    const bool shares = box.x > 0;
    if (width + 1 > pen.end - pen.x)
        return 0;
    pen.x = shares ? pen.end - width - 1 : layout_margin(screen.width);
    pen_write(&pen, ROLE_KEY, CELL_BOLD, hint_keys);
    pen_skip(&pen, 1);
    pen_write(&pen, ROLE_TEXT, 0, hint.text);
    return width;
}

/* The keys in short: "Tab" for "Tab Shift-Tab", who knows the one finds the other; of several that do the same only the
 * first; arrows. */
static void bar_keys(const struct key_line *line, bool ascii, char *out, size_t size)
{
    static const char *const arrows[][2] = {{"Left Right", "← →"}, {"Up Down", "↑ ↓"}};
    const char *also = strstr(line->keys, " Shift-");
    if (line->mode != KEYS_GENERAL && !line->ways)
        also = strchr(line->keys, ' ');
    snprintf(out, size, "%.*s", also ? (int)(also - line->keys) : (int)size - 1, line->keys);
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0] && !ascii; i++)
        if (strcmp(line->keys, arrows[i][0]) == 0)
            snprintf(out, size, "%s", arrows[i][1]);
}

/* How the mode is left; NULL when it has no key for that. */
static const struct key_line *way_out(const struct keymap *keymap, enum key_mode mode)
{
    const struct key_line *line;
    for (size_t i = 0; (line = keymap_line(keymap, i)) != NULL; i++)
        if (line->mode == mode && strcmp(line->command, "leave") == 0)
            break;
    return line;
}

/* At the right: the way out of the mode, or to the help. */
static void write_way_out(const struct view_data *data, struct pen *pen, enum key_mode mode)
{
    const struct key_line *leave = way_out(data->keymap, mode);
    char keys[sizeof leave->keys];
    if (leave)
        bar_keys(leave, pen->palette->ascii, keys, sizeof keys);
    else
        snprintf(keys, sizeof keys, "%s", keymap_key(data->keymap, KEYS_GENERAL, "help"));
    if (pen_right(pen, ROLE_TEXT, 0, leave ? leave->bar : "help"))
        pen_right(pen, ROLE_KEY, CELL_BOLD, keys);
}

void chrome_draw_way_out(const struct view_data *data, struct area screen, struct box *box, enum key_mode mode)
{
    struct pen pen = pen_at(screen, *box, data->palette);
    pen.end -= layout_margin(screen.width);
    write_way_out(data, &pen, mode);
    box->width = pen.end;
}

void chrome_draw_keys(const struct view_data *data, struct area screen, struct box box, enum key_mode mode)
{
    draw_ground(screen, box, data->palette->role[ROLE_BAR]);
    struct pen pen = pen_at(screen, box, data->palette);
    pen.x = layout_margin(screen.width);
    pen.end -= layout_margin(screen.width);
    write_way_out(data, &pen, mode);
    if (mode != KEYS_GENERAL)
        pen_format(&pen, ROLE_STRONG, CELL_BOLD, "%s  ", key_mode_name(mode));
    const struct key_line *row;
    for (size_t i = 0; (row = keymap_line(data->keymap, i)) != NULL; i++) {
        if (row->mode != mode || !row->bar || strcmp(row->command, "help") == 0 || strcmp(row->command, "leave") == 0)
            continue;
        char keys[sizeof row->keys];
        bar_keys(row, data->palette->ascii, keys, sizeof keys);
        const int width = text_columns(keys) + 1 + text_columns(row->bar);
        if (pen.x + width > pen.end)
            break;
        pen_write(&pen, ROLE_KEY, CELL_BOLD, keys);
        pen_skip(&pen, 1);
        pen_write(&pen, ROLE_TEXT, 0, row->bar);
        pen_skip(&pen, 2);
    }
}

void chrome_draw_too_small(const struct view_data *data, struct area screen)
{
    char step[32];
    const char *text[] = {"a little more room, please", "40×12 will do", "training goes on"};
    const int rows = 3;
    for (int i = 0; i < rows && i < screen.height; i++) {
        struct pen pen = pen_at(screen, (struct box){0, i, screen.width, 1}, data->palette);
        pen_write(&pen, i == 0 ? ROLE_STRONG : ROLE_TEXT, 0, text[i]);
    }
    if (screen.height > rows) {
        struct pen pen = pen_at(screen, (struct box){0, rows, screen.width, 1}, data->palette);
        pen_format(&pen, ROLE_RUNNING, CELL_BOLD, "step %s", number_count(step, sizeof step, data->status->step));
    }
}
