/* Turns values into positions on linear, logarithmic and bent scales, and chooses ticks. */
#include "plot/scale.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

double scale_position(const struct scale *scale, double value)
{
    if (scale->bend > 0)
        return value <= scale->bend
                   ? SCALE_BEND_AT * (value - scale->low) / (scale->bend - scale->low)
                   : SCALE_BEND_AT + (1 - SCALE_BEND_AT) * log(value / scale->bend) / log(scale->high / scale->bend);
    if (!scale->logarithmic)
        return (value - scale->low) / (scale->high - scale->low);
    return value > 0 ? log(value / scale->low) / log(scale->high / scale->low) : -1;
}

double scale_value(const struct scale *scale, double position)
{
    if (scale->bend > 0 && position > SCALE_BEND_AT)
        return scale->bend * pow(scale->high / scale->bend, (position - SCALE_BEND_AT) / (1 - SCALE_BEND_AT));
    if (scale->bend > 0)
        return scale->low + (scale->bend - scale->low) * position / SCALE_BEND_AT;
    if (!scale->logarithmic)
        return scale->low + (scale->high - scale->low) * position;
    return scale->low * pow(scale->high / scale->low, position);
}

/* The least of 1, 2, 5 x 10^n that is not below `x` > 0, also where x is such a number but for rounding. */
static double round_up(double x)
{
    const double power = pow(10, floor(log10(x)));
    const double digit = x / power * (1 - 1e-9);
    return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
}

static double round_down(double x)
{
    const double power = pow(10, floor(log10(x)));
    const double digit = x / power * (1 + 1e-9);
    return (digit >= 10 ? 10 : digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * power;
}

struct scale scale_nice(double low, double high, bool logarithmic)
{
    if (!isfinite(low) || !isfinite(high))
        low = 0, high = 1;
    low = fmin(fmax(low, -1e300), 1e300); /* so that their distance is a number */
    high = fmin(fmax(high, -1e300), 1e300);
    if (low > high) {
        const double swap = low;
        low = high;
        high = swap;
    }
    if (logarithmic) {
        if (high <= 0)
            high = 1;
        if (low <= 0)
            low = high * 1e-3;
        low = fmax(low, 1e-30); /* far from where powers of ten lose digits */
        high = fmax(high, low);
        struct scale scale = {.low = round_down(low), .high = round_up(high), .logarithmic = true};
        if (scale.high < scale.low * 9.999)
            scale.low = round_down(scale.high / 9.999);
        return scale;
    }
    if (low >= 0 && low < 0.5 * high)
        low = 0;
    const double span = high - low;
    if (span <= 1e-9 * fmax(fabs(low), fabs(high)) || span < 1e-300) {
        const double room = fmax(fabs(high) * 0.1, 1e-6);
        low -= room;
        high += room;
    }
    const double step = round_up((high - low) / 5);
    return (struct scale){.low = floor(low / step + 1e-9) * step, .high = ceil(high / step - 1e-9) * step};
}

/* Intervals between ticks: more would crowd, fewer say little. */
enum { INTERVALS_LEAST = 2, INTERVALS_MOST = 5 };

struct scale scale_on_rows(double low, double high, int rows, bool hangs)
{
    const struct scale nice = scale_nice(low, high, false);
    const int gaps = rows - 1;
    if (gaps < 2 || !(high - low > 1e-30 && high - low < 1e30)) /* far from where powers of ten lose digits */
        return nice;
    const int least = gaps < 3 * INTERVALS_LEAST ? 1 : INTERVALS_LEAST;
    struct scale best = {.low = -INFINITY, .high = INFINITY};
    for (int apart = 2; apart <= gaps / least; apart++) { /* rows from tick to tick */
        if (gaps / apart > INTERVALS_MOST)
            continue;
        for (double step = round_up((high - low) * apart / gaps);; step = round_up(step * 1.5)) {
            struct scale scale = {.low = low, .high = high, .step = step};
            const double length = step * gaps / apart;
            if (hangs && fabs(remainder(high, step)) > 1e-6 * step)
                break; /* it would not be a tick */
            if (hangs)
                scale.low = high - length;
            else
                scale.high = (scale.low = floor(low / step + 1e-9) * step) + length;
            if (scale.low > low + 1e-9 * length || scale.high < high - 1e-9 * length)
                continue;
            if (scale.high - scale.low < (best.high - best.low) * (1 - 1e-9))
                best = scale;
            break;
        }
    }
    return isfinite(best.high) ? best : nice;
}

struct scale scale_bent(double bend, double high)
{
    struct scale scale = scale_nice(0, bend, false);
    if (!(high > scale.high))
        return scale;
    scale.bend = scale.high;
    scale.high = round_up(fmin(high, 1e300));
    return scale;
}

/* ---- labels ---- */

/* Digits behind the point that a multiple of `step` needs. */
static int decimals_of(double step)
{
    int decimals = 0;
    while (decimals < 9 && fabs(step - rint(step)) > 1e-6 * step) {
        step *= 10;
        decimals++;
    }
    return decimals;
}

static void label_count(struct tick *tick, double step)
{
    static const struct {
        double unit;
        const char *letter;
    } large[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        const int decimals = decimals_of(step / large[i].unit);
        if (fabs(tick->value) >= large[i].unit && decimals <= 2) {
            snprintf(tick->label, sizeof tick->label, "%.*f%s", decimals, tick->value / large[i].unit, large[i].letter);
            return;
        }
    }
    if (tick->value < 0 || tick->value >= 1e18)
        snprintf(tick->label, sizeof tick->label, "%.0f", tick->value);
    else
        number_count(tick->label, sizeof tick->label, (uint64_t)(tick->value + 0.5));
}

/* `step` is the distance of linear ticks; on a logarithmic scale the value itself says how many digits it needs. */
static void label_tick(struct tick *tick, double step, enum tick_style style)
{
    const double size = fabs(tick->value);
    if (style == TICK_COUNT) {
        label_count(tick, step);
    } else if (style == TICK_PERCENT) {
        snprintf(tick->label, sizeof tick->label, "%.*f%%", decimals_of(step * 100), tick->value * 100);
    } else if (size == 0) {
        strcpy(tick->label, "0");
    } else if (size < 1e-3 || size >= 1e6) {
        const double power = floor(log10(size) + 1e-9);
        const int decimals = decimals_of(step / pow(10, power));
        snprintf(tick->label, sizeof tick->label, "%.*fe%.0f", decimals < 3 ? decimals : 3,
                 tick->value / pow(10, power), power);
    } else if (size >= 1e4 && decimals_of(step / 1e3) <= 1) {
        snprintf(tick->label, sizeof tick->label, "%.*fk", decimals_of(step / 1e3), tick->value / 1e3);
    } else if (tick->value >= 1e3 && decimals_of(step) == 0) {
        number_count(tick->label, sizeof tick->label, (uint64_t)(tick->value + 0.5));
    } else {
        snprintf(tick->label, sizeof tick->label, "%.*f", decimals_of(step), tick->value);
    }
}

/* ---- ticks ---- */

static size_t linear_ticks(const struct scale *scale, size_t most, enum tick_style style, struct tick *out)
{
    const double span = scale->high - scale->low;
    double step = scale->step > 0 ? scale->step : round_up(span / (double)(most + 1));
    if (style == TICK_COUNT && step < 1)
        step = 1;
    for (;;) {
        const double first = ceil(scale->low / step - 1e-6), last = floor(scale->high / step + 1e-6);
        if (last - first + 1 > (double)most) {
            step = round_up(step * 1.5);
            continue;
        }
        const size_t count = last >= first ? (size_t)(last - first) + 1 : 0;
        for (size_t i = 0; i < count; i++) {
            out[i].value = (first + (double)i) * step + 0.0; /* + 0.0: no -0 */
            label_tick(&out[i], step, style);
        }
        return count;
    }
}

static size_t logarithmic_ticks(const struct scale *scale, size_t most, enum tick_style style, struct tick *out)
{
    static const double digits[] = {1, 2, 5};
    const double first = floor(log10(scale->low) - 1e-9), last = floor(log10(scale->high) + 1e-9);
    for (double every = 0; every <= last - first + 1; every++) { /* 0: 1, 2, 5 of each decade; n: each n-th decade */
        const size_t per_decade = every == 0 ? 3 : 1;
        size_t count = 0;
        for (double decade = first; decade <= last; decade++) {
            if (every > 1 && fmod(fabs(decade), every) != 0)
                continue;
            for (size_t d = 0; d < per_decade && count <= most; d++) {
                const double value = digits[d] * pow(10, decade);
                if (value < scale->low * (1 - 1e-9) || value > scale->high * (1 + 1e-9))
                    continue;
                if (count < most) {
                    out[count].value = value;
                    label_tick(&out[count], value, style);
                }
                count++;
            }
        }
        if (count <= most && (count >= 2 || every > 0))
            return count;
    }
    return 0;
}

/* Each part as a scale of its own; the bend itself belongs to the lower one. */
static size_t bent_ticks(const struct scale *scale, size_t most, enum tick_style style, struct tick *out)
{
    const size_t lower_most = (size_t)((double)most * SCALE_BEND_AT + 0.5);
    const struct scale lower = {.low = scale->low, .high = scale->bend};
    const struct scale upper = {.low = scale->bend, .high = scale->high, .logarithmic = true};
    struct tick above[SCALE_TICKS_MAX];
    size_t count = scale_ticks(&lower, lower_most > 1 ? lower_most : 1, style, out);
    for (size_t i = 0; i < count; i++) /* as many digits as those above the bend */
        label_tick(&out[i], out[i].value, style);
    const size_t found = scale_ticks(&upper, most > count ? most - count : 0, style, above);
    for (size_t i = 0; i < found; i++)
        if (above[i].value > scale->bend * (1 + 1e-9))
            out[count++] = above[i];
    return count;
}

size_t scale_ticks(const struct scale *scale, size_t most, enum tick_style style, struct tick *out)
{
    if (most > SCALE_TICKS_MAX)
        most = SCALE_TICKS_MAX;
    if (most > 1 && scale->bend > 0)
        return bent_ticks(scale, most, style, out);
    if (most == 0 || !isfinite(scale->low) || !isfinite(scale->high) || !(scale->high > scale->low))
        return 0;
    const size_t count = scale->logarithmic ? logarithmic_ticks(scale, most, style, out) : 0;
    return count >= 2 ? count : linear_ticks(scale, most, style, out);
}
