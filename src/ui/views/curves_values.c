/* Reads single values of the curves: for legends, and for the crosshair. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "ui/curves.h"

double curves_value_at(const struct view_data *data, unsigned series, double step)
{
    struct bucket all;
    history_read(data->history, view_branch(data), series, 0, floor(step) + 1, 1, &all);
    return (double)bucket_newest(&all);
}

double curves_value(const struct view_data *data, unsigned series)
{
    if (data->settings->crosshair)
        return curves_value_at(data, series, data->settings->cursor);
    const struct bucket *last = history_last(data->history, view_branch(data), series);
    return last ? (double)bucket_newest(last) : NAN;
}

/* It has the digits that both losses show: further ones are noise. */
bool curves_gap(const struct view_data *data, char *out, size_t size)
{
    const double train = curves_value(data, SERIES_TRAIN_LOSS), test = curves_value(data, SERIES_TEST_LOSS);
    const double larger = fmax(fabs(train), fabs(test)), gap = test - train;
    if (!isfinite(gap))
        return false;
    if (!(larger >= 1e-3 && larger < 1e6)) {
        number_steady(out, size, gap);
        return true;
    }
    const int decimals = (int)fmin(fmax(2 - floor(log10(larger)), 0), 5);
    const double digit = pow(10, decimals);
    snprintf(out, size, "%.*f", decimals, rint(gap * digit) / digit + 0.0); /* + 0.0: no -0 */
    return true;
}

bool curves_best_shown(const struct view_data *data)
{
    const struct session_status *status = data->status;
    const struct bucket *last = history_last(data->history, view_branch(data), SERIES_TEST_LOSS);
    return !data->settings->hide_test && isfinite(status->best_test_loss) && status->best_step > 0 &&
           !(last && (double)bucket_newest(last) < status->best_test_loss);
}

static const unsigned readable[] = {SERIES_TRAIN_LOSS,   SERIES_TEST_LOSS, SERIES_TRAIN_ACC,
                                    SERIES_TEST_ACC,     SERIES_GRAD_NORM, SERIES_LR,
                                    SERIES_UPDATE_RATIO, SERIES_LOSS,      SERIES_OLD_LOSS};

unsigned curves_readable(const struct view_data *data)
{
    return (unsigned)(sizeof readable / sizeof readable[0]) - !curves_tell_of_old(data); /* it is the last one */
}

bool curves_tell_of_old(const struct view_data *data)
{
    return !data->settings->hide_test && history_last(data->history, view_branch(data), SERIES_OLD_LOSS);
}

bool curves_rate_moves(const struct view_data *data)
{
    const double *knob = view_knobs(data)->value;
    return knob[KNOB_SCHEDULE] != knob_table[KNOB_SCHEDULE].standard || knob[KNOB_WARMUP] > 0;
}

static bool of_test(unsigned series)
{
    return series == SERIES_TEST_LOSS || series == SERIES_TEST_ACC || series == SERIES_OLD_LOSS;
}

void curves_read_out(const struct view_data *data, char *out, size_t size)
{
    const unsigned series = readable[data->settings->cursor_series % curves_readable(data)];
    const double step = fmax(data->settings->cursor, 0);
    const double value = curves_value_at(data, series, step);
    char at[32], number[32] = "-";
    if (of_test(series) && data->settings->hide_test)
        snprintf(number, sizeof number, "hidden");
    else if (isfinite(value))
        number_exact(number, sizeof number, value);
    snprintf(out, size, "%s %s · step %s · epoch %.4g", series_table[series].name, number,
             number_count(at, sizeof at, (uint64_t)step), story_epoch_at(data->story, view_branch(data), step));
    for (char *c = out; *c; c++)
        if (*c == '_')
            *c = ' ';
}
