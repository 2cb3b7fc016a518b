/* Decimal numbers read fast: about 5 ns for "-123.4567".
 *
 * Up to 15 digits with at most 22 behind the mark give the double nearest to the text (whole number and power of ten
 * are exact, so the one division rounds once); longer ones are within three units in the last place of a double, far
 * below what is kept of them as a float.  The locale has no say. */
#ifndef DATA_DECIMAL_H
#define DATA_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that must be readable behind the end of any text that is parsed. */
#define DECIMAL_PADDING 16

/* 10^i, exact. */
extern const double decimal_power[23];
extern const uint32_t decimal_power_integer[8];

/* Any number, slowly. */
const char *decimal_read_long(const char *text, char mark, char other, double *value);

/* Number of digits at the start of eight bytes, given as digits (each byte xor '0'). */
static inline unsigned decimal_digit_count(uint64_t digits)
{
    /* Adding 0x76 reaches a byte's top bit from ten on; what a larger byte carries goes upwards only. */
    uint64_t other = ((digits + UINT64_C(0x7676767676767676)) | digits) & UINT64_C(0x8080808080808080);
    return other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
}

/* Value of the first `count` (at most 7) digits: moved to the end of the eight, then added up in pairs, fours,
 * eight. */
static inline uint64_t decimal_digit_value(uint64_t digits, unsigned count)
{
    digits = digits << (56 - 8 * count) << 8;
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (digits * 10000 + (digits >> 32)) & UINT64_C(0xffffffff);
}

static inline uint64_t decimal_load(const char *text)
{
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes ^ UINT64_C(0x3030303030303030);
}

/* Reads [+-]digits[.digits] of at most seven digits on either side: the numbers of most tables.  NULL for any other
 * text, numbers too. */
__attribute__((always_inline)) static inline const char *decimal_read_short(const char *text, char mark, char other,
                                                                            double *value)
{
    bool negative = *text == '-';
    const char *p = text + (negative | (*text == '+'));
    uint64_t digits = decimal_load(p);
    unsigned whole = decimal_digit_count(digits), behind = 0;
    if (whole == 8)
        return NULL;
    uint64_t mantissa = decimal_digit_value(digits, whole);
    p += whole;
    if (*p == mark || *p == other) {
        digits = decimal_load(++p);
        behind = decimal_digit_count(digits);
        if (behind == 8)
            return NULL;
        mantissa = mantissa * decimal_power_integer[behind] + decimal_digit_value(digits, behind);
        p += behind;
    }
    if (whole + behind == 0 || (*p | 0x20) == 'e')
        return NULL;
    /* No branch on the sign, which nobody can predict. */
    *value = (double)(int64_t)mantissa / decimal_power[behind] * (1.0 - 2.0 * negative);
    return p;
}

/* Reads [+-]digits[.digits][e[+-]digits] with at least one digit before the exponent; `mark` and `other` are
 * the decimal marks, which may be the same.  Returns the end of the number, or NULL where there is none. */
static inline const char *decimal_read(const char *text, char mark, char other, double *value)
{
    const char *end = decimal_read_short(text, mark, other, value);
    return end ? end : decimal_read_long(text, mark, other, value);
}

#endif
