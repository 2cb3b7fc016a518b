/* Finds out a terminal's size and abilities without curses. */
#include "ui/tty.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define SIDE_MOST 1000

static int side_from(const char *variable, int otherwise)
{
    const char *text = getenv(variable);
    const long side = text ? strtol(text, NULL, 10) : 0;
    return side > 0 && side < SIDE_MOST ? (int)side : otherwise;
}

void tty_size(int file, int *width, int *height)
{
    struct winsize size = {0};
    const bool known = ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
    *width = known ? size.ws_col : side_from("COLUMNS", 80);
    *height = known ? size.ws_row : side_from("LINES", 24);
}

bool tty_is_plain(const char *name)
{
    static const char *const plain[] = {"linux", "vt100", "vt102", "vt220", "ansi", "cons25", "dumb"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(name, plain[i]) == 0)
            return true;
    return false;
}

bool tty_refuses_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    return refused && refused[0];
}

bool tty_wants_direct_colour(const char *name)
{
    const char *says = getenv("COLORTERM");
    return says && (strcmp(says, "truecolor") == 0 || strcmp(says, "24bit") == 0) && strstr(name, "256color") &&
           !tty_refuses_colour();
}
