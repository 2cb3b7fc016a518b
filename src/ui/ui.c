/* The loop: inputs in, news from the session in, at most so many frames a second out.
 *
 * DESIGN.  One thread.  An input is answered in the frame that follows it at once: what it sent to the run is given a
 * few milliseconds to be echoed first.  Otherwise a frame is drawn only when something has arrived, and at most `fps`
 * times a second.  A terminal that takes its time lengthens the pause between frames (and lowers the rate of pictures),
 * never the answer to a key. */
#include "ui/ui.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/ui_state.h"

#define INPUTS_A_FRAME 64
#define ECHO_MS        25       /* how long a frame waits for the echo of a key */
#define SLOWEST_FRAME  1.0      /* seconds between frames on the slowest line */
#define SHOW_SHARE     0.25     /* of the time may go into showing */
#define CELL_BYTES     16.0     /* of a picture's cell on the line: two colours and a character */
#define PICTURE_BYTES  120000.0 /* a second, of the 200 kB that a screen may use */
#define PICTURES_LEAST 4
#define TEXTS_A_SECOND 2   /* of which nobody can read more */
#define TEMPERATURE    0.8 /* of what a language model writes on the screen */
#define PICTURES_MOST  15

/* When frames are drawn. */
struct pace {
    double interval; /* shortest time between frames */
    double least;    /* 1 / fps */
    double drawn_at;
    bool dirty, answer; /* something to show; an input to answer at once */
    double cells_a_picture;
    uint64_t picture_step;
};

/* The list for drawing; what the session shows may have moved since the last news.  Out of memory it stays shorter. */
static void list_branches(struct ui *ui)
{
    const size_t count = session_branches(ui->session);
    if (count > ui->branch_room) {
        const size_t room = 2 * count;
        void *more = mem_resize(ui->branch, ui->branch_room, room, sizeof *ui->branch);
        if (more) {
            ui->branch = more;
            ui->branch_room = room;
        }
    }
    ui->branches = count < ui->branch_room ? count : ui->branch_room;
    for (size_t i = 0; i < ui->branches; i++)
        ui->branch[i] = session_branch(ui->session, i);
}

static void take_event(struct ui *ui, const struct event *event)
{
    char name[LINEAGE_NAME_SIZE];
    const struct branch_list list = ui_branches(ui);
    const int branch = event->kind == EVENT_RACE ? event->what : event->branch;
    story_take(&ui->story, event, lineage_name(&list, branch, name, sizeof name), ui_now());
}

/* True when there were some. */
static bool take_echoes(struct ui *ui)
{
    struct event event;
    bool any = false;
    list_branches(ui);
    while (session_echo(ui->session, &event)) {
        any = true;
        for (size_t i = 0; i < KNOB_COUNT; i++)
            if (event.token != 0 && ui->wish_token[i] == event.token)
                ui->wish_token[i] = 0;
        if (event.kind == EVENT_RESTART || event.kind == EVENT_SEED) {
            if (ui->settings.window.mode == WINDOW_FIXED)
                ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
        }
        if (event.kind != EVENT_REFUSED || event.what != EVENT_LOOKED_AWAY)
            take_event(ui, &event);
    }
    story_settle(&ui->story, session_status(ui->session));
    prompt_follow(ui);
    comparison_advance(ui);
    const char *warning = session_warning(ui->session);
    if (warning)
        story_report(&ui->story, warning);
    return any || warning;
}

/* Asks for the pictures that the visible view needs at this size and rate. */
static void want_pictures(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    const struct frame_layout frame = ui_frame(ui);
    struct picture_request request;
    memset(&request, 0, sizeof request);
    const bool wanted =
        !frame.too_small && ui->mode != KEYS_HELP && view_table[ui->settings.view].wants(&data, frame.body, &request);
    const unsigned rate = request.text.dataset ? TEXTS_A_SECOND : ui->settings.fps_pictures;
    if (wanted == ui->requested && rate == ui->request_rate && picture_request_same(&request, &ui->request))
        return;
    ui->request = request;
    ui->requested = wanted;
    ui->request_rate = rate;
    session_want(ui->session, wanted ? &ui->request : NULL, rate);
}

static void show(struct ui *ui, struct pace *pace)
{
    const double start = ui_now();
    const uint64_t before = screen_cells_written(ui->screen);
    ui_draw(ui);
    want_pictures(ui);
    const bool shown = screen_show(ui->screen, &ui->grid);
    const double end = ui_now();
    pace->drawn_at = end;
    pace->answer = false;
    pace->dirty = !shown;
    const double wanted = shown ? (end - start) / SHOW_SHARE : pace->interval * 2;
    pace->interval = fmin(fmax(wanted, pace->least), SLOWEST_FRAME);

    const struct picture *picture = session_picture(ui->session);
    if (!shown || !picture || picture->step == pace->picture_step)
        return;
    pace->picture_step = picture->step;
    const double cells = (double)(screen_cells_written(ui->screen) - before);
    pace->cells_a_picture = pace->cells_a_picture > 0 ? 0.8 * pace->cells_a_picture + 0.2 * cells : cells;
    const double rate = PICTURE_BYTES / (CELL_BYTES * fmax(pace->cells_a_picture, 1));
    const unsigned next = (unsigned)fmin(fmax(rate, PICTURES_LEAST), PICTURES_MOST);
    if (next > ui->settings.fps_pictures + 1 || next + 1 < ui->settings.fps_pictures)
        ui->settings.fps_pictures = next;
}

/* False when memory for the new size is lacking: the old one stays. */
static void fit_grid(struct ui *ui)
{
    int width, height;
    screen_size(ui->screen, &width, &height);
    if (width != ui->grid.width || height != ui->grid.height)
        grid_resize(&ui->grid, width, height);
}

static void take_input(struct ui *ui, const struct input *input, struct pace *pace)
{
    if (input->kind == INPUT_NONE)
        return;
    pace->dirty = pace->answer = true;
    switch (input->kind) {
    case INPUT_KEY:
        ui_key(ui, input->key);
        break;
    case INPUT_MOUSE:
        ui_mouse(ui, input);
        break;
    case INPUT_END:
        ui->done = true;
        break;
    case INPUT_RESIZE:
    case INPUT_NONE:
        break;
    }
    fit_grid(ui); /* the size may be another one after any stop, which a key may bring too */
}

/* Milliseconds until the next frame may be drawn; 0 when one is due. */
static int time_left(const struct pace *pace)
{
    const double left = pace->drawn_at + pace->interval - ui_now();
    return left > 0 ? (int)ceil(left * 1000) : 0;
}

/* Takes in what the run says; after a command, waits a little for the answer among it.  True when there was
 * something. */
static bool take_news(struct ui *ui, struct pace *pace)
{
    const double until = ui_now() + ECHO_MS * 1e-3;
    bool news = session_poll(ui->session), answered = take_echoes(ui);
    while (ui->sent && !answered && ui_now() < until) {
        news |= session_wait(ui->session, 1);
        answered = take_echoes(ui);
    }
    ui->sent = false;
    pace->answer |= answered;
    news |= story_expire(&ui->story, ui_now());
    return news || answered;
}

static void run(struct ui *ui, struct pace *pace)
{
    while (!ui->done) {
        struct input input;
        screen_read(ui->screen, pace->answer ? 0 : time_left(pace), &input);
        for (int i = 0; input.kind != INPUT_NONE && !ui->done; i++) {
            take_input(ui, &input, pace);
            if (i == INPUTS_A_FRAME)
                break;
            screen_read(ui->screen, 0, &input);
        }
        ui_flush(ui);
        pace->dirty |= take_news(ui, pace);
        if (pace->dirty && (pace->answer || time_left(pace) == 0))
            show(ui, pace);
        else if (!pace->dirty && time_left(pace) == 0)
            pace->drawn_at = ui_now(); /* nothing to show: look again after an interval */
    }
}

enum status ui_run(struct session *session, const struct ui_options *options, struct error *error)
{
    struct ui *ui = mem_alloc(1, sizeof *ui);
    if (!ui)
        return error_memory(error);
    ui->session = session;
    ui->commands = options->commands;
    ui->keymap = options->keymap;
    ui->shared = options->shared;
    ui->drag_x = -1;
    ui->mouse = !options->present;
    ui->settings.big = options->present;
    ui->settings.fps_pictures = 8;
    ui->bounds = data_bounds_of(session_dataset(session));
    ui->settings.language.sampling = (struct sampling){.temperature = TEMPERATURE, .top_p = 1};
    list_branches(ui);
    story_init(&ui->story, &session_status(session)->knobs, session_stage(session, 0),
               history_forest(session_history(session)));

    const struct screen_options screen = {.ascii = options->ascii, .mouse = ui->mouse};
    enum status status = screen_open(&ui->screen, &screen, error);
    if (status == STATUS_OK) {
        const unsigned fps = options->fps ? options->fps : UI_FPS;
        struct pace pace = {.least = 1.0 / fps, .interval = 1.0 / fps, .dirty = true, .answer = true};
        ui->palette = screen_palette(ui->screen, options->theme     ? options->theme
                                                 : options->present ? "projector"
                                                                    : NULL);
        fit_grid(ui);
        run(ui, &pace);
    }
    screen_close(ui->screen);
    while (ui->pending_count > 0)
        request_free(&ui->pending[--ui->pending_count]);
    for (size_t i = 0; i < 2; i++)
        picture_free(&ui->comparison.picture[i]);
    mem_free(ui->branch);
    story_free(&ui->story);
    scratch_free(&ui->scratch);
    grid_free(&ui->grid);
    mem_free(ui);
    return status;
}
