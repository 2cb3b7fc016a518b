#include "data/separator.h"

#include <stdbool.h>

size_t separator_count(const char *p, const char *end, char separator, const char **next)
{
    size_t count = 0;
    bool quoted = false;
    for (; p < end; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && (*p == '\n' || *p == '\r'))
            break;
        else if (!quoted && *p == separator)
            count++;
    }
    *next = p < end ? p + 1 : end;
    return count;
}

char separator_guess(const char *from, const char *end)
{
    static const char candidates[] = {',', ';', '\t'};
    char best = ',';
    size_t best_alike = 0, best_count = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        const char *p = from;
        size_t count = separator_count(p, end, candidates[i], &p), alike = 1;
        for (int lines = 1; lines < 10 && p < end; lines++) {
            bool blank = *p == '\n' || *p == '\r';
            alike += separator_count(p, end, candidates[i], &p) == count && !blank;
        }
        if (count > 0 && (alike > best_alike || (alike == best_alike && count > best_count))) {
            best = candidates[i];
            best_alike = alike;
            best_count = count;
        }
    }
    return best;
}
