/* What comes in: keys and the mouse from the terminal, and signals.
 *
 * DESIGN.  Curses never reads.  Bytes are read only when poll says that there are some, from a terminal that is set to
 * return from read at once, and decoded by ui/decoder.c; the only place that waits is the poll in screen_read, which
 * hears the terminal and the signals alike. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signals.h"
#include "ui/screen_parts.h"

static bool take_signal(struct screen *screen, struct input *input)
{
    switch (signals_next()) {
    case SIGNAL_NONE:
        return false;
    case SIGNAL_SIZE:
        screen_measure(screen);
        resizeterm(screen->height, screen->width);
        screen->redraw = true;
        input->kind = INPUT_RESIZE;
        break;
    case SIGNAL_STOP:
        screen_suspend(screen);
        input->kind = INPUT_RESIZE;
        break;
    case SIGNAL_CONTINUE:
        endwin();
        screen_resume(screen);
        input->kind = INPUT_RESIZE;
        break;
    case SIGNAL_END:
        input->kind = INPUT_END;
        break;
    }
    return true;
}

void screen_learn_keys(struct decoder *decoder)
{
    static const struct {
        const char *capability;
        enum key key;
    } table[] = {
        {"kcuu1", KEY_ARROW_UP}, {"kcud1", KEY_ARROW_DOWN}, {"kcub1", KEY_ARROW_LEFT}, {"kcuf1", KEY_ARROW_RIGHT},
        {"kpp", KEY_PAGE_UP},    {"ka3", KEY_PAGE_UP},      {"knp", KEY_PAGE_DOWN},    {"kc3", KEY_PAGE_DOWN},
        {"khome", KEY_TO_START}, {"ka1", KEY_TO_START},     {"kfnd", KEY_TO_START},    {"kend", KEY_TO_END},
        {"kc1", KEY_TO_END},     {"kslt", KEY_TO_END},      {"kent", KEY_RETURN},      {"kcbt", KEY_BACK_TABULATOR},
        {"kbs", KEY_ERASE},      {"kdch1", KEY_REMOVE},     {"kf1", KEY_F1},
    };
    for (size_t i = 0; i < LENGTH(table); i++)
        decoder_add(decoder, screen_capability(table[i].capability), table[i].key);
}

/* False for a mouse report to ignore: mouse input is off, or the cell is outside of the screen.  A drag that leaves
 * the screen is moved to the nearest cell of its edge and counts. */
static bool fits(const struct screen *screen, struct input *input)
{
    if (input->kind != INPUT_MOUSE)
        return true;
    const bool inside = input->x < screen->width && input->y < screen->height;
    const bool moves = input->action == MOUSE_DRAG || input->action == MOUSE_RELEASE;
    if (input->x >= screen->width)
        input->x = screen->width - 1;
    if (input->y >= screen->height)
        input->y = screen->height - 1;
    return screen->mouse && (inside || moves);
}

static bool take_input(struct screen *screen, struct input *input)
{
    while (decoder_next(&screen->decoder, clock_now(), input))
        if (fits(screen, input))
            return true;
    *input = (struct input){.kind = INPUT_NONE};
    return false;
}

/* Waits until the terminal has something, a signal has come, or the time is over (negative: never); takes what the
 * terminal has.  False when the terminal has gone. */
static bool receive(struct screen *screen, int timeout_ms)
{
    struct pollfd file[2] = {{.fd = fileno(screen->in), .events = POLLIN}, {.fd = signals_wake(), .events = POLLIN}};
    const size_t capacity = decoder_capacity(&screen->decoder);
    if (poll(file, 2, timeout_ms) <= 0)
        return true;
    if (file[0].revents & (POLLHUP | POLLERR | POLLNVAL))
        return false;
    if (!(file[0].revents & POLLIN) || capacity == 0)
        return true;
    unsigned char bytes[DECODER_BYTES];
    const ssize_t count = read(file[0].fd, bytes, capacity);
    if (count > 0)
        decoder_feed(&screen->decoder, bytes, (size_t)count, clock_now());
    return count >= 0 || errno == EINTR || errno == EAGAIN;
}

static int sooner(int left, int right)
{
    return left < 0 || (right >= 0 && right < left) ? right : left;
}

void screen_read(struct screen *screen, int timeout_ms, struct input *input)
{
    const uint64_t start = clock_now();
    *input = (struct input){.kind = INPUT_NONE};
    /* What has arrived is read before the decoder is asked: a sequence may have become whole meanwhile. */
    for (int wait = 0, left = timeout_ms;;) {
        if (take_signal(screen, input))
            return;
        if (!receive(screen, wait)) {
            input->kind = INPUT_END;
            return;
        }
        if (take_input(screen, input) || left == 0)
            return;
        const uint64_t now = clock_now(), gone = (now - start) / 1000000;
        left = timeout_ms < 0 ? -1 : gone < (uint64_t)timeout_ms ? timeout_ms - (int)gone : 0;
        wait = sooner(left, decoder_wait(&screen->decoder, now));
    }
}
