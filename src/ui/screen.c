/* Starts and ends the use of the terminal and writes the cells that changed, through curses. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/signals.h"
#include "ui/colour.h"
#include "ui/screen_parts.h"
#include "ui/tty.h"

#define RUN_CELLS 512 /* changed cells handed over at once */

/* ---- the terminal's description ---- */

const char *screen_capability(const char *name)
{
    const char *value = tigetstr(name);
    return value == (const char *)-1 ? NULL : value;
}

static const char mouse_on[] = "\033[?1002h\033[?1006h", mouse_off[] = "\033[?1003l\033[?1002l\033[?1000l\033[?1006l";

/* How a signal puts the terminal back. */
static void prepare_signals(int terminal, const struct termios *modes)
{
    static const char *const undo[] = {"sgr0", "op", "rmkx", "rmcup", "cnorm"};
    signals_prepare_screen(terminal, modes);
    if (screen_capability("kmous"))
        signals_add_sequence(mouse_off);
    for (size_t i = 0; i < LENGTH(undo); i++)
        signals_add_sequence(screen_capability(undo[i]));
    signals_open_screen();
}

static const char *terminal_name(void)
{
    const char *name = getenv("TERM");
    return name && name[0] ? name : "unknown";
}

enum status screen_check(struct error *error)
{
    const char *name = terminal_name();
    int code = 0;
    if (!isatty(STDOUT_FILENO))
        return error_set(error, STATUS_FAILED, "standard output is not a terminal: use --headless");
    if (setupterm(name, STDOUT_FILENO, &code) != OK)
        return error_set(error, STATUS_FAILED,
                         "unknown terminal type TERM='%s': set TERM (try xterm-256color), or use --headless", name);
    const bool can_move = screen_capability("cup") != NULL;
    del_curterm(cur_term);
    if (!can_move)
        return error_set(error, STATUS_FAILED, "terminal type TERM='%s' cannot place its cursor: use --headless", name);
    return STATUS_OK;
}

static unsigned colours_wanted(void)
{
    if (tty_refuses_colour() || !has_colors())
        return 0;
    start_color();
    return COLORS >= RENDITION_DIRECT ? RENDITION_DIRECT
           : COLORS >= 256            ? 256
           : COLORS >= 16             ? 16
           : COLORS >= 8              ? 8
                                      : 0;
}

void screen_measure(struct screen *screen)
{
    tty_size(fileno(screen->out), &screen->width, &screen->height);
}

/* ---- opening and closing ---- */

static void mouse_switch(struct screen *screen, bool on)
{
    if (!screen_capability("kmous"))
        return;
    fputs(on ? mouse_on : mouse_off, screen->out); /* what curses writes is flushed at each doupdate */
    fflush(screen->out);
    screen->mouse = on;
    screen->decoder.held = false;
}

/* A read takes the bytes that are there and does not wait for one.  Curses sets these modes again after a stop. */
static void read_without_waiting(int terminal)
{
    struct termios modes;
    if (tcgetattr(terminal, &modes) != 0)
        return;
    modes.c_cc[VMIN] = modes.c_cc[VTIME] = 0;
    tcsetattr(terminal, TCSANOW, &modes);
    def_prog_mode();
}

static void enter(struct screen *screen, bool mouse)
{
    raw();
    noecho();
    nonl();
    /* Where it cannot be hidden it is put where nothing is looked at: screen_show. */
    leaveok(stdscr, curs_set(0) != ERR);
    scrollok(stdscr, FALSE);
    keypad(stdscr, TRUE); /* keys send what the terminal's description says */
    typeahead(-1);        /* a frame is drawn to its end, whatever arrives meanwhile */
    read_without_waiting(fileno(screen->out));
    screen_learn_keys(&screen->decoder);
    renderer_init(&screen->renderer, colours_wanted(), screen->ascii);
    screen->pairs.most = COLOR_PAIRS - 1 < PAIRS_MOST ? COLOR_PAIRS - 1 : PAIRS_MOST;
    resizeterm(screen->height, screen->width);
    if (mouse)
        mouse_switch(screen, true);
    screen->redraw = true;
}

enum status screen_open(struct screen **out, const struct screen_options *options, struct error *error)
{
    const char *name = terminal_name();
    *out = NULL;
    setlocale(LC_CTYPE, "");
    enum status status = screen_check(error);
    if (status != STATUS_OK)
        return status;

    struct screen *screen = mem_alloc(1, sizeof *screen);
    if (!screen)
        return error_memory(error);
    struct termios modes;
    const int keys = isatty(STDIN_FILENO) ? dup(STDIN_FILENO) : open("/dev/tty", O_RDONLY | O_CLOEXEC);
    const int picture = dup(STDOUT_FILENO);
    screen->in = keys >= 0 ? fdopen(keys, "r") : NULL;
    screen->out = picture >= 0 ? fdopen(picture, "w") : NULL;
    if (!screen->in && keys >= 0)
        close(keys);
    if (!screen->out && picture >= 0)
        close(picture);
    if (!screen->in || !screen->out || tcgetattr(picture, &modes) != 0) {
        status = error_set(error, STATUS_FAILED, "not a terminal: use --headless");
        goto out;
    }
    screen_measure(screen);
    if (!grid_resize(&screen->shown, screen->width, screen->height)) {
        status = error_memory(error);
        goto out;
    }
    screen->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || tty_is_plain(name);

    use_env(FALSE); /* exported LINES and COLUMNS would freeze the size */
    use_tioctl(TRUE);
    if (tty_wants_direct_colour(name))
        screen->terminal = screen_open_direct(name, screen->out, screen->in);
    if (!screen->terminal)
        screen->terminal = newterm(name, screen->out, screen->in);
    if (!screen->terminal) {
        status = error_set(error, STATUS_FAILED, "the terminal could not be set up (TERM='%s'): use --headless", name);
        goto out;
    }
    screen->open = true;
    prepare_signals(picture, &modes);
    enter(screen, options->mouse);

out:
    if (status != STATUS_OK) {
        screen_close(screen);
        return status;
    }
    *out = screen;
    return STATUS_OK;
}

void screen_close(struct screen *screen)
{
    if (!screen)
        return;
    if (screen->open) {
        if (screen->mouse)
            mouse_switch(screen, false);
        endwin();
        /* Some terminals bring the cursor back hidden with the other screen, as it was saved with it. */
        if (screen_capability("cnorm"))
            fputs(screen_capability("cnorm"), screen->out);
        fflush(screen->out);
        signals_close_screen();
        delscreen(screen->terminal);
    }
    if (screen->in)
        fclose(screen->in);
    if (screen->out)
        fclose(screen->out);
    grid_free(&screen->shown);
    mem_free(screen);
}

/* ---- colours ---- */

static void pairs_forget(struct screen *screen)
{
    reset_color_pairs();
    pair_forget_all(&screen->pairs);
    screen->redraw = true;
}

static attr_t attributes_of(uint8_t attributes)
{
    return (attributes & CELL_BOLD ? A_BOLD : A_NORMAL) | (attributes & CELL_DIM ? A_DIM : A_NORMAL) |
           (attributes & CELL_UNDERLINE ? A_UNDERLINE : A_NORMAL) | (attributes & CELL_REVERSE ? A_REVERSE : A_NORMAL);
}

/* False when there is no colour pair left. */
static bool to_curses(struct screen *screen, const struct cell *cell, cchar_t *out)
{
    const struct rendition look = rendition_of(&screen->renderer, cell);
    bool fresh = false;
    int pair = screen->renderer.colours > 0 ? pair_find(&screen->pairs, look.ink, look.ground, &fresh) : 0;
    if (pair > 0 && fresh)
        init_extended_pair(pair, (int)look.ink, (int)look.ground);
    const wchar_t text[2] = {(wchar_t)look.glyph, 0};
    setcchar(out, text, attributes_of(look.attributes), 0, &pair);
    return pair >= 0;
}

/* ---- showing ---- */

/* Hands the changed cells of one row to curses. */
static bool show_row(struct screen *screen, int y, const struct cell *row, int width)
{
    static const struct cell nothing = {0};
    struct cell *shown = &screen->shown.cell[(size_t)y * (size_t)screen->width];
    cchar_t run[RUN_CELLS];
    for (int x = 0; x < screen->width;) {
        int count = 0;
        for (; x + count < screen->width && count < RUN_CELLS; count++) {
            const struct cell *cell = row && x + count < width ? &row[x + count] : &nothing;
            if (!screen->redraw && rendition_same(cell, &shown[x + count]))
                break;
            if (!to_curses(screen, cell, &run[count]))
                return false;
            shown[x + count] = *cell;
        }
        if (count > 0)
            mvadd_wchnstr(y, x, run, count);
        screen->cells_written += (uint64_t)count;
        x += count > 0 ? count : 1;
    }
    return true;
}

static bool show_all(struct screen *screen, const struct grid *grid)
{
    for (int y = 0; y < screen->height; y++)
        if (!show_row(screen, y, y < grid->height ? &grid->cell[(size_t)y * (size_t)grid->width] : NULL, grid->width))
            return false;
    return true;
}

bool screen_show(struct screen *screen, const struct grid *grid)
{
    struct pollfd line = {.fd = fileno(screen->out), .events = POLLOUT};
    if (poll(&line, 1, 0) != 1 || !(line.revents & POLLOUT))
        return false;
    if (screen->shown.width != screen->width || screen->shown.height != screen->height) {
        if (!grid_resize(&screen->shown, screen->width, screen->height))
            return false;
        screen->redraw = true;
    }
    if (!show_all(screen, grid)) {
        pairs_forget(screen);
        show_all(screen, grid);
    }
    if (screen->redraw)
        clearok(curscr, TRUE);
    screen->redraw = false;
    wmove(stdscr, screen->height - 1, screen->width - 1);
    wnoutrefresh(stdscr);
    doupdate();
    return true;
}

void screen_redraw(struct screen *screen)
{
    screen->redraw = true;
}

void screen_size(const struct screen *screen, int *width, int *height)
{
    *width = screen->width;
    *height = screen->height;
}

uint64_t screen_cells_written(const struct screen *screen)
{
    return screen->cells_written;
}

struct palette screen_palette(const struct screen *screen, const char *name)
{
    struct palette palette = *palette_find(screen->renderer.colours == 0 ? "mono" : name);
    palette.ascii = screen->ascii;
    if (palette.mono && screen->renderer.colours > 0) /* where there are colours, nothing is reversed */
        palette.role[ROLE_SELECTED] = 0x505050;
    if (screen->renderer.colours > 0 && screen->renderer.colours <= 16) { /* grounds that would vanish */
        const bool dark = colour_brightness(palette.role[ROLE_GROUND]) < 128;
        palette.role[ROLE_SELECTED] = dark ? 0x0000ee : 0x00cdcd;
        palette.role[ROLE_BAR] = palette.role[ROLE_GAP] = palette.role[ROLE_GROUND];
    }
    return palette;
}

void screen_mouse(struct screen *screen, bool on)
{
    mouse_switch(screen, on);
}

/* ---- stopping and continuing ---- */

void screen_resume(struct screen *screen)
{
    const bool mouse = screen->mouse;
    screen_measure(screen);
    resizeterm(screen->height, screen->width);
    clearok(curscr, TRUE);
    doupdate(); /* after endwin: sets the modes again */
    curs_set(0);
    if (mouse)
        mouse_switch(screen, true);
    screen->redraw = true;
}

void screen_suspend(struct screen *screen)
{
    const bool mouse = screen->mouse;
    if (mouse)
        mouse_switch(screen, false);
    endwin();
    signals_stop();
    screen->mouse = mouse;
    screen_resume(screen);
}
