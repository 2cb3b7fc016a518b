/* Parses decimal numbers fast. */
#include "data/decimal.h"

const double decimal_power[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

const uint32_t decimal_power_integer[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* size x 10^exponent; beyond the range of doubles: 0 or infinite. */
static double scale(double size, long exponent)
{
    for (; exponent > 22 && size < 1e308; exponent -= 22)
        size *= 1e22;
    for (; exponent < -22 && size > 0.0; exponent += 22)
        size /= 1e22;
    if (exponent > 22 || exponent < -22)
        return size;
    return exponent < 0 ? size / decimal_power[-exponent] : size * decimal_power[exponent];
}

/* Digits beyond the nineteenth that counts are worth less than a double can tell: only their place is used. */
const char *decimal_read_long(const char *text, char mark, char other, double *value)
{
    const char *p = text + (*text == '-' || *text == '+');
    uint64_t mantissa = 0;
    long exponent = 0;
    int taken = 0;
    bool any = false, behind = false;
    for (;; p++) {
        if (!behind && (*p == mark || *p == other)) {
            behind = true;
            continue;
        }
        if (!is_digit(*p))
            break;
        any = true;
        if (taken < 19) {
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
            taken += mantissa > 0;
            exponent -= behind;
        } else {
            exponent += !behind;
        }
    }
    if (!any)
        return NULL;
    if (*p == 'e' || *p == 'E') {
        const char *q = p + 1;
        bool negative = *q == '-';
        q += *q == '-' || *q == '+';
        if (is_digit(*q)) {
            long given = 0;
            for (; is_digit(*q); q++)
                given = given < 100000 ? given * 10 + (*q - '0') : given;
            exponent += negative ? -given : given;
            p = q;
        }
    }
    double size = scale((double)mantissa, exponent);
    *value = *text == '-' ? -size : size;
    return p;
}
