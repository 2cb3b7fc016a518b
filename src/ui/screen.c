#include "ui/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/colour.h"
#include "ui/rendition.h"
#include "ui/rescue.h"
#include "ui/terminfo.h"
#include "ui/tty.h"

enum {
    RUN_CELLS = 512,         /* changed cells handed over at once */
    CAPABILITIES_MOST = 512, /* of one kind in a terminal description */
    ENTRY_BYTES = 32768,
};

#define DIRECT_NAME "downhill-direct"

struct screen {
    SCREEN *terminal;
    WINDOW *keys; /* a pad that keys are read from: reading from a pad never draws */
    FILE *in, *out;
    int wake[2]; /* pipe from the signal handlers: one letter each */
    int width, height;
    bool open;               /* between newterm and endwin */
    bool ascii, mouse, held; /* held: the left button is down */
    bool redraw;             /* `shown` is not what the terminal shows */
    struct grid shown;
    struct renderer renderer;
    struct pair_table pairs;
    uint64_t cells_written;
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- the terminal's description ---- */

static const char *capability(const char *name)
{
    const char *value = tigetstr(name);
    return value == (const char *)-1 ? NULL : value;
}

static const char mouse_on[] = "\033[?1002h\033[?1006h", mouse_off[] = "\033[?1003l\033[?1002l\033[?1000l\033[?1006l";

static void prepare_rescue(int file, int wake, const struct termios *modes)
{
    static const char *const undo[] = {"sgr0", "op", "rmkx", "rmcup", "cnorm"};
    rescue_prepare(file, wake, modes);
    if (capability("kmous"))
        rescue_add(mouse_off);
    for (size_t i = 0; i < LENGTH(undo); i++)
        rescue_add(capability(undo[i]));
    rescue_install();
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
    const bool can_move = capability("cup") != NULL;
    del_curterm(cur_term);
    if (!can_move)
        return error_set(error, STATUS_FAILED, "terminal type TERM='%s' cannot place its cursor: use --headless", name);
    return STATUS_OK;
}

/* ---- direct colour ---- */

/* Parameterised strings: p1 is 0xRRGGBB; 38 sets the ink, 48 the ground. */
#define DIRECT_STRING(target) "\033[" target ";2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm"

/* The description of $TERM with other colours, compiled; 0: it could not be. */
static size_t describe_direct(const char *name, int file, uint8_t *out)
{
    uint8_t flag[CAPABILITIES_MOST] = {0};
    int32_t number[CAPABILITIES_MOST];
    const char *string[CAPABILITIES_MOST];
    struct terminfo entry = {.name = DIRECT_NAME "|direct colour", .flag = flag, .number = number, .string = string};
    int code = 0;
    if (setupterm(name, file, &code) != OK)
        return 0;
    for (; boolnames[entry.flags] && entry.flags < CAPABILITIES_MOST; entry.flags++)
        flag[entry.flags] = tigetflag(boolnames[entry.flags]) > 0 && strcmp(boolnames[entry.flags], "ccc") != 0;
    for (; numnames[entry.numbers] && entry.numbers < CAPABILITIES_MOST; entry.numbers++) {
        const char *what = numnames[entry.numbers];
        const int value = tigetnum(what);
        number[entry.numbers] = strcmp(what, "colors") == 0  ? RENDITION_DIRECT
                                : strcmp(what, "pairs") == 0 ? 0x10000
                                : value >= 0                 ? value
                                                             : -1;
    }
    for (; strnames[entry.strings] && entry.strings < CAPABILITIES_MOST; entry.strings++) {
        const char *what = strnames[entry.strings];
        string[entry.strings] = strcmp(what, "setaf") == 0                              ? DIRECT_STRING("38")
                                : strcmp(what, "setab") == 0                            ? DIRECT_STRING("48")
                                : strcmp(what, "initc") == 0 || strcmp(what, "oc") == 0 ? NULL
                                                                                        : capability(what);
    }
    entry.mouse = capability("XM");
    const size_t size = terminfo_compile(&entry, out, ENTRY_BYTES);
    del_curterm(cur_term);
    return size;
}

/* A terminal with direct colour, from a description that is on the disk for this moment only; NULL: do without. */
static SCREEN *open_direct(const char *name, FILE *out, FILE *in)
{
    char folder[200];
    const char *before = getenv("TERMINFO");
    char *kept = before ? mem_string(before) : NULL;
    uint8_t *entry = mem_alloc(ENTRY_BYTES, 1);
    const size_t size = entry ? describe_direct(name, fileno(out), entry) : 0;
    SCREEN *terminal = NULL;
    if (size > 0 && (kept || !before) && terminfo_save(folder, sizeof folder, DIRECT_NAME, entry, size)) {
        if (setenv("TERMINFO", folder, 1) == 0)
            terminal = newterm(DIRECT_NAME, out, in);
        if (kept)
            setenv("TERMINFO", kept, 1);
        else
            unsetenv("TERMINFO");
        terminfo_discard(folder, DIRECT_NAME);
    }
    mem_free(kept);
    mem_free(entry);
    return terminal;
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

static void measure(struct screen *screen)
{
    tty_size(fileno(screen->out), &screen->width, &screen->height);
}

/* ---- opening and closing ---- */

static void mouse_switch(struct screen *screen, bool on)
{
    if (!capability("kmous"))
        return;
    mousemask(on ? BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED | REPORT_MOUSE_POSITION : 0,
              NULL);
    /* Curses asks for clicks only; drags are asked for here.  Its own output is flushed at each doupdate. */
    fputs(on ? mouse_on : mouse_off, screen->out);
    fflush(screen->out);
    screen->mouse = on;
    screen->held = false;
}

static void enter(struct screen *screen, bool mouse)
{
    raw();
    noecho();
    nonl();
    curs_set(0);
    set_escdelay(25);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    mouseinterval(0);
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
    screen->wake[0] = screen->wake[1] = -1;
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
    measure(screen);
    if (!grid_resize(&screen->shown, screen->width, screen->height)) {
        status = error_memory(error);
        goto out;
    }
    if (pipe(screen->wake) != 0) {
        status = error_set(error, STATUS_FAILED, "cannot make a pipe: %s", strerror(errno));
        goto out;
    }
    for (int end = 0; end < 2; end++) {
        fcntl(screen->wake[end], F_SETFL, O_NONBLOCK);
        fcntl(screen->wake[end], F_SETFD, FD_CLOEXEC);
    }
    screen->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || tty_is_plain(name);

    use_env(FALSE); /* exported LINES and COLUMNS would freeze the size */
    use_tioctl(TRUE);
    if (tty_wants_direct_colour(name))
        screen->terminal = open_direct(name, screen->out, screen->in);
    if (!screen->terminal)
        screen->terminal = newterm(name, screen->out, screen->in);
    if (!screen->terminal) {
        status = error_set(error, STATUS_FAILED, "the terminal could not be set up (TERM='%s'): use --headless", name);
        goto out;
    }
    screen->open = true;
    prepare_rescue(picture, screen->wake[1], &modes);
    enter(screen, options->mouse);
    screen->keys = newpad(1, 1);
    if (!screen->keys) {
        status = error_memory(error);
        goto out;
    }
    keypad(screen->keys, TRUE);
    nodelay(screen->keys, TRUE);

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
        if (screen->keys)
            delwin(screen->keys);
        endwin();
        /* Some terminals bring the cursor back hidden with the other screen, as it was saved with it. */
        if (capability("cnorm"))
            fputs(capability("cnorm"), screen->out);
        rescue_remove();
        delscreen(screen->terminal);
    }
    for (int end = 0; end < 2; end++)
        if (screen->wake[end] >= 0)
            close(screen->wake[end]);
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

/* Takes the terminal again after something else has had it. */
static void resume(struct screen *screen)
{
    const bool mouse = screen->mouse;
    measure(screen);
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
    /* The whole job stops, as it would by the terminal's own Ctrl-Z; this process last, and before anything else is done. */
    struct sigaction on_stop, on_continue, action = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTSTP, &action, &on_stop);
    sigaction(SIGCONT, &action, &on_continue);
    kill(0, SIGTSTP);
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &on_stop, NULL);
    sigaction(SIGCONT, &on_continue, NULL);
    screen->mouse = mouse;
    resume(screen);
}

/* ---- input ---- */

static bool take_signal(struct screen *screen, struct input *input)
{
    char letter;
    if (read(screen->wake[0], &letter, 1) != 1)
        return false;
    switch (letter) {
    case 'w':
        measure(screen);
        resizeterm(screen->height, screen->width);
        screen->redraw = true;
        input->kind = INPUT_RESIZE;
        break;
    case 'z':
        screen_suspend(screen);
        input->kind = INPUT_REDRAW;
        break;
    case 'c':
        endwin();
        resume(screen);
        input->kind = INPUT_REDRAW;
        break;
    default:
        rescue_heard();
        input->kind = INPUT_END;
        break;
    }
    return true;
}

static bool take_mouse(struct screen *screen, struct input *input)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return false;
    *input = (struct input){.kind = INPUT_MOUSE, .x = event.x, .y = event.y};
    if (event.bstate & BUTTON4_PRESSED) {
        input->action = MOUSE_WHEEL_UP;
    } else if (event.bstate & BUTTON5_PRESSED) {
        input->action = MOUSE_WHEEL_DOWN;
    } else if (event.bstate & BUTTON1_RELEASED) {
        input->action = MOUSE_RELEASE;
        screen->held = false;
    } else if (screen->held) {
        input->action = MOUSE_DRAG;
    } else if (event.bstate & BUTTON1_PRESSED) {
        input->action = MOUSE_PRESS;
        screen->held = true;
    } else {
        return false;
    }
    return true;
}

static uint32_t key_of_code(wint_t code)
{
    static const struct {
        int code;
        enum key key;
    } table[] = {
        {KEY_UP, KEY_ARROW_UP},     {KEY_DOWN, KEY_ARROW_DOWN},
        {KEY_LEFT, KEY_ARROW_LEFT}, {KEY_RIGHT, KEY_ARROW_RIGHT},
        {KEY_PPAGE, KEY_PAGE_UP},   {KEY_A3, KEY_PAGE_UP},
        {KEY_NPAGE, KEY_PAGE_DOWN}, {KEY_C3, KEY_PAGE_DOWN},
        {KEY_HOME, KEY_TO_START},   {KEY_A1, KEY_TO_START},
        {KEY_FIND, KEY_TO_START},   {KEY_END, KEY_TO_END},
        {KEY_C1, KEY_TO_END},       {KEY_SELECT, KEY_TO_END},
        {KEY_ENTER, KEY_RETURN},    {KEY_BTAB, KEY_BACK_TABULATOR},
        {KEY_BACKSPACE, KEY_ERASE}, {KEY_DC, KEY_REMOVE},
        {KEY_F(1), KEY_F1},
    };
    for (size_t i = 0; i < LENGTH(table); i++)
        if (table[i].code == (int)code)
            return table[i].key;
    return 0;
}

static uint32_t key_of_character(wint_t character)
{
    switch (character) {
    case '\t':
        return KEY_TABULATOR;
    case '\r':
    case '\n':
        return KEY_RETURN;
    case '\033':
        return KEY_ESCAPE;
    case 8:
    case 127:
        return KEY_ERASE;
    default:
        return (uint32_t)character;
    }
}

static bool take_key(struct screen *screen, struct input *input)
{
    for (;;) {
        wint_t code = 0;
        const int kind = wget_wch(screen->keys, &code);
        if (kind == ERR)
            return false;
        if (kind == KEY_CODE_YES && code == KEY_MOUSE) {
            if (take_mouse(screen, input))
                return true;
            continue;
        }
        const uint32_t key = kind == KEY_CODE_YES ? key_of_code(code) : key_of_character(code);
        if (key != 0) {
            *input = (struct input){.kind = INPUT_KEY, .key = key};
            return true;
        }
    }
}

void screen_read(struct screen *screen, int timeout_ms, struct input *input)
{
    const uint64_t start = clock_now();
    *input = (struct input){.kind = INPUT_NONE};
    for (;;) {
        if (take_signal(screen, input) || take_key(screen, input))
            return;
        const uint64_t gone = (clock_now() - start) / 1000000;
        const int left = timeout_ms < 0 ? -1 : gone < (uint64_t)timeout_ms ? timeout_ms - (int)gone : 0;
        struct pollfd file[2] = {{.fd = fileno(screen->in), .events = POLLIN},
                                 {.fd = screen->wake[0], .events = POLLIN}};
        const int ready = poll(file, 2, left);
        if (ready == 0 && left == 0)
            return;
        if (ready > 0 && (file[0].revents & (POLLHUP | POLLERR | POLLNVAL))) {
            input->kind = INPUT_END;
            return;
        }
    }
}
