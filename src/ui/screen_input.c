/* What comes in: keys, the mouse, and signals through the pipe. */
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "ui/rescue.h"
#include "ui/screen_parts.h"

static bool take_signal(struct screen *screen, struct input *input)
{
    char letter;
    if (read(screen->wake[0], &letter, 1) != 1)
        return false;
    switch (letter) {
    case 'w':
        screen_measure(screen);
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
        screen_resume(screen);
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
