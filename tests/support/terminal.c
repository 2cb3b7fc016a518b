#include "support/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define LIMIT_MS  20000
#define ROW_BYTES 4096

struct terminal {
    int fd;
    pid_t pid;
    bool ended;
    int status;
    VTerm *vterm;
    VTermScreen *screen;
    bool alternate, cursor;
    struct termios before;
    uint64_t bytes;
    char row[ROW_BYTES];
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct terminal *terminal = user;
    if (property == VTERM_PROP_ALTSCREEN)
        terminal->alternate = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE)
        terminal->cursor = value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void answer(const char *bytes, size_t count, void *user)
{
    const struct terminal *terminal = user;
    ssize_t written = write(terminal->fd, bytes, count);
    (void)written;
}

static void become(const char *const argv[], const char *const environment[])
{
    static const int usual[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        signal(usual[i], SIG_DFL); /* whatever this test was started by: nohup ignores one */
    for (size_t i = 0; environment && environment[i]; i++) {
        const char *equals = strchr(environment[i], '=');
        if (!equals) {
            unsetenv(environment[i]);
            continue;
        }
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(equals - environment[i]), environment[i]);
        setenv(name, equals + 1, 1);
    }
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

struct terminal *terminal_open(const char *const argv[], const char *const environment[], int columns, int rows)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);
    if (!terminal)
        return NULL;
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
        free(terminal);
        return NULL;
    }
    tcgetattr(slave, &terminal->before);
    close(slave);
    close(master);
    terminal->pid = forkpty(&terminal->fd, NULL, &terminal->before, &size);
    if (terminal->pid == 0)
        become(argv, environment);
    if (terminal->pid < 0) {
        free(terminal);
        return NULL;
    }
    terminal->cursor = true;
    terminal->vterm = vterm_new(rows, columns);
    vterm_set_utf8(terminal->vterm, 1);
    vterm_output_set_callback(terminal->vterm, answer, terminal);
    terminal->screen = vterm_obtain_screen(terminal->vterm);
    vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_reset(terminal->screen, 1);
    return terminal;
}

static void reap(struct terminal *terminal, int flags)
{
    if (!terminal->ended && waitpid(terminal->pid, &terminal->status, flags) == terminal->pid)
        terminal->ended = true;
}

void terminal_close(struct terminal *terminal)
{
    if (!terminal)
        return;
    reap(terminal, WNOHANG);
    if (!terminal->ended) {
        kill(terminal->pid, SIGKILL);
        reap(terminal, 0);
    }
    if (terminal->fd >= 0)
        close(terminal->fd);
    vterm_free(terminal->vterm);
    free(terminal);
}

void terminal_type(struct terminal *terminal, const char *bytes)
{
    size_t left = strlen(bytes);
    while (left > 0) {
        ssize_t written = write(terminal->fd, bytes, left);
        if (written <= 0)
            return;
        bytes += written;
        left -= (size_t)written;
    }
}

void terminal_resize(struct terminal *terminal, int columns, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    vterm_set_size(terminal->vterm, rows, columns);
    ioctl(terminal->fd, TIOCSWINSZ, &size);
}

void terminal_signal(struct terminal *terminal, int number)
{
    kill(terminal->pid, number);
}

void terminal_hang_up(struct terminal *terminal)
{
    close(terminal->fd);
    terminal->fd = -1;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One read, waiting at most so long for it; false when the other side is closed. */
static bool read_some(struct terminal *terminal, int milliseconds)
{
    struct pollfd wait = {.fd = terminal->fd, .events = POLLIN};
    if (poll(&wait, 1, milliseconds) <= 0)
        return true;
    char bytes[65536];
    ssize_t count = read(terminal->fd, bytes, sizeof bytes);
    if (count <= 0)
        return false;
    terminal->bytes += (uint64_t)count;
    vterm_input_write(terminal->vterm, bytes, (size_t)count);
    return true;
}

bool terminal_pump(struct terminal *terminal, int milliseconds)
{
    for (int64_t end = now_ms() + milliseconds, left; (left = end - now_ms()) > 0;)
        if (!read_some(terminal, (int)left))
            return false;
    return true;
}

static bool expect(struct terminal *terminal, const char *text, bool there)
{
    for (int64_t end = now_ms() + LIMIT_MS; now_ms() < end;) {
        if (terminal_shows(terminal, text) == there)
            return true;
        if (!read_some(terminal, 20))
            return terminal_shows(terminal, text) == there;
    }
    return false;
}

bool terminal_expect(struct terminal *terminal, const char *text)
{
    return expect(terminal, text, true);
}

bool terminal_expect_gone(struct terminal *terminal, const char *text)
{
    return expect(terminal, text, false);
}

bool terminal_shows(struct terminal *terminal, const char *text)
{
    int rows, columns;
    vterm_get_size(terminal->vterm, &rows, &columns);
    for (int row = 0; row < rows; row++)
        if (strstr(terminal_row(terminal, row), text))
            return true;
    return false;
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

const char *terminal_row(struct terminal *terminal, int row)
{
    int rows, columns;
    size_t used = 0, end = 0;
    vterm_get_size(terminal->vterm, &rows, &columns);
    for (int column = 0; column < columns && used + 8 < ROW_BYTES; column++) {
        uint32_t glyph = terminal_cell(terminal, column, row).glyph;
        used += put_utf8(terminal->row + used, glyph ? glyph : ' ');
        if (glyph && glyph != ' ')
            end = used;
    }
    terminal->row[end] = '\0';
    return terminal->row;
}

static uint32_t rgb(const struct terminal *terminal, VTermColor colour)
{
    vterm_screen_convert_color_to_rgb(terminal->screen, &colour);
    return (uint32_t)colour.rgb.red << 16 | (uint32_t)colour.rgb.green << 8 | colour.rgb.blue;
}

struct terminal_cell terminal_cell(struct terminal *terminal, int column, int row)
{
    VTermScreenCell cell;
    if (!vterm_screen_get_cell(terminal->screen, (VTermPos){.row = row, .col = column}, &cell))
        return (struct terminal_cell){0};
    return (struct terminal_cell){
        .glyph = cell.chars[0],
        .ink = rgb(terminal, cell.fg),
        .ground = rgb(terminal, cell.bg),
        .bold = cell.attrs.bold,
        .reverse = cell.attrs.reverse,
    };
}

void terminal_print(struct terminal *terminal)
{
    int rows, columns;
    vterm_get_size(terminal->vterm, &rows, &columns);
    for (int row = 0; row < rows; row++)
        fprintf(stderr, "| %s\n", terminal_row(terminal, row));
}

int terminal_wait(struct terminal *terminal)
{
    bool open = terminal->fd >= 0;
    const int64_t end = now_ms() + LIMIT_MS;
    while (now_ms() < end && !terminal->ended) {
        if (open)
            open = read_some(terminal, 10);
        else
            poll(NULL, 0, 5);
        reap(terminal, WNOHANG);
    }
    /* The last bytes may still be on their way through the pseudo-terminal: its end comes after them. */
    while (open && terminal->ended && now_ms() < end + LIMIT_MS)
        open = read_some(terminal, 20);
    if (!terminal->ended)
        return -1;
    return WIFEXITED(terminal->status) ? WEXITSTATUS(terminal->status) : 128 + WTERMSIG(terminal->status);
}

bool terminal_gone(struct terminal *terminal)
{
    reap(terminal, WNOHANG);
    return terminal->ended;
}

bool terminal_restored(struct terminal *terminal)
{
    struct termios after;
    bool cooked = tcgetattr(terminal->fd, &after) == 0 && after.c_lflag == terminal->before.c_lflag &&
                  after.c_iflag == terminal->before.c_iflag && after.c_oflag == terminal->before.c_oflag;
    if (!cooked || terminal->alternate || !terminal->cursor)
        fprintf(stderr, "modes %s, %s screen, cursor %s\n", cooked ? "as before" : "changed",
                terminal->alternate ? "alternate" : "normal", terminal->cursor ? "shown" : "hidden");
    return cooked && !terminal->alternate && terminal->cursor;
}

uint64_t terminal_bytes(const struct terminal *terminal)
{
    return terminal->bytes;
}

pid_t terminal_pid(const struct terminal *terminal)
{
    return terminal->pid;
}

int terminal_fd(const struct terminal *terminal)
{
    return terminal->fd;
}
