/* Parses numbers that people type, and formats numbers for people and files, always with a decimal point. */
#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONGEST = 400,    /* characters of a number that need strtod; the longest exact double has fewer that count */
    EXACT_POWER = 22, /* 10^22 is the largest power of ten that a double holds exactly */
};

static const double power_of_ten[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* For the rare numbers that the short cut below cannot round correctly by itself. */
static bool convert_slowly(const char *text, size_t length, double *value)
{
    char copy[LONGEST];
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    *value = strtod(copy, &end);
    return *end == '\0' && isfinite(*value);
}

size_t number_scan(const char *text, size_t length, double *value)
{
    size_t i = 0;
    bool negative = i < length && text[i] == '-';
    if (i < length && (text[i] == '-' || text[i] == '+'))
        i++;
    uint64_t digits = 0; /* the first 19 significant ones */
    int significant = 0, exponent = 0;
    bool any = false, point = false;
    for (; i < length; i++) {
        unsigned digit = (unsigned)text[i] - '0';
        if (digit < 10) {
            any = true;
            if (significant < 19) {
                digits = digits * 10 + digit;
                significant += digits != 0;
                exponent -= point;
            } else {
                significant++;
                exponent += !point;
            }
        } else if (text[i] == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (!any)
        return 0;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        size_t j = i + 1;
        bool minus = j < length && text[j] == '-';
        if (j < length && (text[j] == '-' || text[j] == '+'))
            j++;
        if (j < length && isdigit((unsigned char)text[j])) {
            int written = 0;
            for (; j < length && isdigit((unsigned char)text[j]); j++)
                written = written < 100000 ? written * 10 + (text[j] - '0') : written;
            exponent += minus ? -written : written;
            i = j;
        }
    }
    /* Clinger 1990: digits below 2^53 and a power of ten up to 10^22 are exact doubles, so that one product or
     * quotient of them is rounded once, as it should be. */
    if (digits <= UINT64_C(1) << 53 && significant <= 19 && exponent >= -EXACT_POWER && exponent <= EXACT_POWER) {
        double scaled =
            exponent < 0 ? (double)digits / power_of_ten[-exponent] : (double)digits * power_of_ten[exponent];
        *value = negative ? -scaled : scaled;
        return i;
    }
    return convert_slowly(text, i, value) ? i : 0;
}

bool number_parse(const char *text, double *value)
{
    size_t length = strlen(text);
    double number;
    size_t used = number_scan(text, length, &number);
    if (used == 0 || length - used > 1)
        return false;
    switch (text[used]) {
    case '\0':
        break;
    case '%':
        number /= 100;
        break;
    case 'k':
        number *= 1e3;
        break;
    case 'M':
        number *= 1e6;
        break;
    case 'G':
        number *= 1e9;
        break;
    default:
        return false;
    }
    if (!isfinite(number))
        return false;
    *value = number;
    return true;
}

bool number_parse_digits(const char *text, uint64_t most, uint64_t *value)
{
    uint64_t number = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        const unsigned digit = (unsigned)*text - '0';
        if (digit > 9 || digit > most || number > (most - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *value = number;
    return true;
}

bool number_parse_u64(const char *text, uint64_t *value)
{
    /* Plain digits are read exactly; anything else ("2k", "1e6") must come to a whole number. */
    if (*text && strspn(text, "0123456789") == strlen(text))
        return number_parse_digits(text, UINT64_MAX, value);
    double number;
    if (!number_parse(text, &number) || number < 0 || number > 0x1p53 || number != floor(number))
        return false;
    *value = (uint64_t)number;
    return true;
}

/* Lays out `value` with so many significant digits, trailing zeros dropped: positional between 10^low and 10^high,
 * else as 1.5e-7. */
static char *lay_out(char *out, size_t size, double value, int digits, int low, int high)
{
    if (isnan(value) || isinf(value)) {
        snprintf(out, size, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return out;
    }
    char text[40];
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    char *e = strchr(text, 'e');
    int exponent = (int)strtol(e + 1, NULL, 10);
    if (value == 0) {
        snprintf(out, size, "0");
    } else if (exponent >= low && exponent < high) {
        int decimals = digits - 1 - exponent;
        /* Rounded to the digits first: 12345 with three is 12300. */
        double rounded = strtod(text, NULL);
        char full[64];
        snprintf(full, sizeof full, "%.*f", decimals > 0 ? decimals : 0, rounded);
        if (strchr(full, '.')) {
            char *end = full + strlen(full);
            while (end[-1] == '0')
                *--end = '\0';
            if (end[-1] == '.')
                end[-1] = '\0';
        }
        snprintf(out, size, "%s", full);
    } else {
        *e = '\0';
        if (strchr(text, '.')) {
            char *end = e;
            while (end[-1] == '0')
                *--end = '\0';
            if (end[-1] == '.')
                end[-1] = '\0';
        }
        snprintf(out, size, "%se%d", text, exponent);
    }
    return out;
}

char *number_short(char *out, size_t size, double value)
{
    return lay_out(out, size, value, 3, -4, 6);
}

char *number_steady(char *out, size_t size, double value)
{
    const double away = fabs(value);
    if (!isfinite(value) || value == 0) {
        number_short(out, size, value);
    } else if (away < 1e-6) {
        snprintf(out, size, value > 0 ? "<1e-6" : ">-1e-6");
    } else {
        char text[40];
        snprintf(text, sizeof text, "%.2e", value); /* rounded first: 9.999 is 10.0 */
        const double rounded = strtod(text, NULL);
        char *e = strchr(text, 'e');
        const int exponent = (int)strtol(e + 1, NULL, 10);
        *e = '\0';
        if (exponent >= -3 && exponent < 6)
            snprintf(out, size, "%.*f", exponent < 2 ? 2 - exponent : 0, rounded);
        else
            snprintf(out, size, "%se%d", text, exponent);
    }
    return out;
}

char *number_exact(char *out, size_t size, double value)
{
    float wanted = (float)value;
    int digits = 1;
    char text[40];
    do {
        snprintf(text, sizeof text, "%.*e", digits - 1, (double)wanted);
    } while (isfinite(wanted) && strtof(text, NULL) != wanted && ++digits < 9);
    return lay_out(out, size, (double)wanted, digits, -5, 12);
}

char *number_double(char *out, size_t size, double value)
{
    int digits = 1;
    char text[40];
    do {
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
    } while (isfinite(value) && strtod(text, NULL) != value && ++digits < 17);
    return lay_out(out, size, value, digits, -5, 17);
}

char *number_count(char *out, size_t size, uint64_t value)
{
    char digits[24], text[32];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    int used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    snprintf(out, size, "%s", text);
    return out;
}

char *number_percent(char *out, size_t size, double share, int decimals)
{
    const double below = 100 - pow(10, -decimals), percent = 100 * share;
    snprintf(out, size, "%.*f", decimals, share < 1 ? fmin(percent, below) : percent);
    return out;
}

char *number_log(char *out, size_t size, double value)
{
    if (isnan(value))
        snprintf(out, size, "nan");
    else
        snprintf(out, size, "%.9g", value);
    return out;
}
