/* Direct colour where $TERM does not speak of it: its description again, with other colours. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/screen_parts.h"
#include "ui/terminfo.h"

enum {
    CAPABILITIES_MOST = 512, /* of one kind in a terminal description */
    ENTRY_BYTES = 32768,
};

#define DIRECT_NAME "downhill-direct"

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
                                                                                        : screen_capability(what);
    }
    entry.mouse = screen_capability("XM");
    const size_t size = terminfo_compile(&entry, out, ENTRY_BYTES);
    del_curterm(cur_term);
    return size;
}

SCREEN *screen_open_direct(const char *name, FILE *out, FILE *in)
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
