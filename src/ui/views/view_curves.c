/* View 1: the curves, the picture of the data, the knobs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/big.h"
#include "ui/curves.h"
#include "ui/draw.h"
#include "ui/panel.h"
#include "ui/view.h"
#include "ui/views/confusion.h"
#include "ui/views/language.h"
#include "ui/views/layers.h"
#include "ui/views/scatter.h"
#include "ui/views/surface.h"

#define STEADY        7 /* columns of a number that changes in place, so that what follows stands still */
#define PICTURE_LEAST 8 /* rows that a picture below the layers needs */

struct curves_layout view_curves_layout(const struct view_data *data, struct box body)
{
    const struct curves_wants wants = {
        .big = data->settings->big,
        .knobs = panel_most(data),
        .touched = panel_touched(data),
    };
    return layout_curves(body, &wants);
}

struct picture_boxes {
    struct box layers, heading, picture; /* absent: not shown */
};

/* The picture, or the layers of the model, and below them the picture where it still has room. */
static struct picture_boxes place_picture(const struct view_data *data, const struct curves_layout *layout)
{
    struct picture_boxes boxes = {.heading = layout->picture_heading, .picture = layout->picture};
    if (!data->settings->other_picture || !box_present(layout->picture))
        return boxes;
    const unsigned layers = data->model->layers < LAYERS_MEASURED ? data->model->layers : LAYERS_MEASURED;
    const int used = (int)layers + 1 + 1; /* with a heading, and a blank row */
    boxes.layers = layout->picture;
    boxes.heading = boxes.picture = (struct box){0};
    if (layout->picture.height - used - 1 < PICTURE_LEAST)
        return boxes;
    boxes.layers.height = used - 1;
    boxes.heading = layout->picture;
    boxes.heading.y += used;
    boxes.heading.height = 1;
    boxes.picture = layout->picture;
    boxes.picture.y += used + 1;
    boxes.picture.height -= used + 1;
    return boxes;
}

bool view_wants_curves(const struct view_data *data, struct box body, struct picture_request *request)
{
    const struct curves_layout layout = view_curves_layout(data, body);
    const struct box picture = place_picture(data, &layout).picture;
    if (!box_present(picture))
        return false;
    if (data->dataset->kind == TASK_TEXT)
        return language_wants_small(data, picture, request);
    *request = (struct picture_request){.predictions = true};
    if (surface_possible(data))
        surface_request(data, picture, request);
    return true;
}

enum entry { ENTRY_TRAIN, ENTRY_TEST, ENTRY_OLD };

/* Of a text that ends with blanks for longer numbers: the whole of it, or at least without the blanks. */
static bool write_steady(struct pen *pen, enum role role, int attributes, char *text)
{
    if (pen_fits(pen, role, attributes, text))
        return true;
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return pen_fits(pen, role, attributes, text);
}

/* A sample of the line and its number: "━━ train 0.0210". */
static bool write_entry(const struct view_data *data, struct pen *pen, enum entry entry, double value, bool percent,
                        bool plain)
{
    static const struct {
        const char *name, *line, *plain;
        enum role role;
    } entries[] = {
        [ENTRY_TRAIN] = {"train", "━━ ", "** ", ROLE_TRAIN},
        [ENTRY_TEST] = {"test", "╺╺ ", "++ ", ROLE_TEST},
        [ENTRY_OLD] = {"old data", "╺· ", "~~ ", ROLE_RATE},
    };
    char number[32], share[16], text[80];
    if (isnan(value) || (percent && !isfinite(value)))
        snprintf(number, sizeof number, "-");
    else if (percent)
        snprintf(number, sizeof number, "%s%%", number_percent(share, sizeof share, value, 1));
    else
        number_steady(number, sizeof number, value);
    const char *sample = plain ? "" : data->palette->ascii ? entries[entry].plain : entries[entry].line;
    snprintf(text, sizeof text, "%s%s %-*s", sample, entries[entry].name, percent ? STEADY - 1 : STEADY, number);
    pen_skip(pen, 2);
    return write_steady(pen, entries[entry].role, CELL_BOLD, text);
}

static void write_pair(const struct view_data *data, struct pen *pen, unsigned train, unsigned test, bool percent,
                       bool plain)
{
    write_entry(data, pen, ENTRY_TRAIN, curves_value(data, train), percent, plain);
    if (!data->settings->hide_test)
        write_entry(data, pen, ENTRY_TEST, curves_value(data, test), percent, plain);
    else {
        pen_skip(pen, 2);
        pen_fits(pen, ROLE_FAINT, 0, "test hidden (t)");
    }
}

static void write_gap_and_best(const struct view_data *data, struct pen *pen)
{
    char number[32], step[32], text[96];
    const struct session_status *status = data->status;
    if (data->settings->hide_test)
        return;
    pen_skip(pen, 3);
    if (curves_gap(data, number, sizeof number)) {
        snprintf(text, sizeof text, "gap %-*s", STEADY, number);
        if (!write_steady(pen, ROLE_TEXT, 0, text))
            return;
    }
    if (curves_best_shown(data)) {
        snprintf(text, sizeof text, "best %s at %s", number_steady(number, sizeof number, status->best_test_loss),
                 number_count(step, sizeof step, status->best_step));
        pen_skip(pen, 3);
        pen_fits(pen, ROLE_BEST, 0, text);
    }
}

/* What a loss in nats amounts to: "perplexity 10.1 · 3.2 bits/byte", of the test data unless they are hidden. */
static void write_measures(const struct view_data *data, struct pen *pen)
{
    const double loss = curves_value(data, data->settings->hide_test ? SERIES_TRAIN_LOSS : SERIES_TEST_LOSS);
    char perplexity[32], text[96];
    if (data->dataset->kind != TASK_TEXT || !isfinite(loss))
        return;
    const double bits = loss / log(2) / corpus_bytes_per_token(view_dataset_read(data)->corpus);
    number_steady(perplexity, sizeof perplexity, exp(loss));
    pen_skip(pen, 3);
    snprintf(text, sizeof text, "perplexity %s · %.2f bits/byte", perplexity, bits);
    if (pen_fits(pen, ROLE_TEXT, 0, text))
        return;
    snprintf(text, sizeof text, "perplexity %s", perplexity);
    if (pen_fits(pen, ROLE_TEXT, 0, text))
        return;
    snprintf(text, sizeof text, "ppl %s", perplexity);
    pen_fits(pen, ROLE_TEXT, 0, text);
}

/* How the axes differ from the usual: "log · recent · smooth 2". */
static void write_modes(const struct view_data *data, struct pen *pen)
{
    const struct view_settings *settings = data->settings;
    char text[96] = "", smooth[24] = "";
    if (settings->smoothing)
        snprintf(smooth, sizeof smooth, "smooth %u", settings->smoothing);
    const char *word[] = {
        settings->log_loss ? "log" : "",
        settings->window.mode == WINDOW_FOLLOW  ? "recent"
        : settings->window.mode == WINDOW_FIXED ? "zoomed"
                                                : "",
        settings->epochs ? "epochs" : "",
        smooth,
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof word / sizeof word[0]; i++)
        if (word[i][0])
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? " · " : "", word[i]);
    if (used)
        pen_right(pen, ROLE_KEY, 0, text);
}

static void draw_loss_legend(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    char step[32];
    struct pen pen = pen_at(screen, layout->legend, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "loss");
    if (data->settings->crosshair)
        pen_format(&pen, ROLE_KEY, CELL_BOLD, " at %s",
                   number_count(step, sizeof step, (uint64_t)fmax(data->settings->cursor, 0)));
    write_pair(data, &pen, SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, false, layout->legend.width < 44);
    if (curves_tell_of_old(data))
        write_entry(data, &pen, ENTRY_OLD, curves_value(data, SERIES_OLD_LOSS), false, layout->legend.width < 76);
    write_modes(data, &pen);
    if (!box_present(layout->accuracy_legend) && !box_present(layout->big)) {
        pen_skip(&pen, 2);
        pen_fits(&pen, ROLE_STRONG, CELL_BOLD, data->model->objective->accuracy_label);
        write_pair(data, &pen, SERIES_TRAIN_ACC, SERIES_TEST_ACC, data->model->objective->accuracy_is_share, true);
    }
    write_measures(data, &pen);
    if (!data->settings->crosshair)
        write_gap_and_best(data, &pen);
}

/* "stops in 4" with a bar that empties. */
static void write_patience(const struct view_data *data, struct pen *pen)
{
    const struct session_status *status = data->status;
    if (status->knobs.value[KNOB_EARLY_STOP] == 0 || data->settings->hide_test ||
        status->state == SESSION_STOPPED_EARLY)
        return;
    const double patience = status->knobs.value[KNOB_PATIENCE];
    const double left = fmax(patience - status->misses, 0);
    char text[96];
    snprintf(text, sizeof text, "stops in %.0f of %.0f checks", left, patience);
    const bool near = left * 3 <= patience;
    if (!pen_right(pen, near ? ROLE_WARN : ROLE_TEXT, near ? CELL_BOLD : 0, text)) {
        snprintf(text, sizeof text, "stop in %.0f", left);
        pen_right(pen, near ? ROLE_WARN : ROLE_TEXT, near ? CELL_BOLD : 0, text);
        return;
    }
    enum { bar = 10 };
    const int filled = (int)ceil(left / patience * bar);
    char blocks[bar * 4 + 1];
    size_t used = 0;
    for (int i = 0; i < bar; i++)
        used += (size_t)snprintf(blocks + used, sizeof blocks - used, "%s",
                                 data->palette->ascii ? (i < filled ? "#" : ".") : (i < filled ? "▰" : "▱"));
    pen_right(pen, near ? ROLE_WARN : ROLE_BEST, 0, blocks);
}

static void write_gradient_number(const struct view_data *data, struct pen *pen)
{
    char number[32], text[64];
    const double value = curves_value(data, SERIES_GRAD_NORM);
    static const char *const name[] = {"gradient", "grad"};
    pen_skip(pen, 2);
    for (size_t i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "%s %s", name[i], isnan(value) ? "-" : number_steady(number, sizeof number, value));
        if (pen_fits(pen, ROLE_GRADIENT, 0, text))
            return;
    }
}

static void draw_accuracy_legend(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    struct pen pen = pen_at(screen, layout->accuracy_legend, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, data->model->objective->accuracy_label);
    write_pair(data, &pen, SERIES_TRAIN_ACC, SERIES_TEST_ACC, data->model->objective->accuracy_is_share,
               layout->accuracy_legend.width < 50);
    write_patience(data, &pen);
    if (!box_present(layout->gradient_legend))
        write_gradient_number(data, &pen);
}

static void draw_gradient_legend(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    char number[32];
    const double value = curves_value(data, SERIES_GRAD_NORM);
    struct pen pen = pen_at(screen, layout->gradient_legend, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "gradient norm");
    if (layout->gradient_legend.height > 1) {
        pen.x = 0;
        pen.y++;
    } else {
        pen_skip(&pen, 2);
    }
    pen_write(&pen, ROLE_GRADIENT, CELL_BOLD, isnan(value) ? "-" : number_steady(number, sizeof number, value));
    pen_right(&pen, ROLE_FAINT, 0, "log ");
    if (!curves_rate_moves(data))
        return;
    const double rate = curves_value(data, SERIES_LR);
    pen_skip(&pen, 3);
    if (layout->gradient_legend.height > 2) {
        pen = pen_at(screen, layout->gradient_legend, data->palette);
        pen.y += 2;
    }
    pen_format(&pen, ROLE_RATE, CELL_BOLD, "rate %s",
               isfinite(rate) ? number_steady(number, sizeof number, rate) : "-");
}

/* Tasks with more than two inputs have no plane: their results are the picture. */
static void draw_data(const struct view_data *data, struct area screen, struct box heading, struct box picture)
{
    struct pen pen = pen_at(screen, heading, data->palette);
    if (data->dataset->kind == TASK_TEXT) {
        language_draw_small(data, screen, heading, picture);
    } else if (surface_possible(data)) {
        surface_draw(data, screen, heading, picture);
    } else if (data->dataset->kind == TASK_CLASSIFY) {
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "confusion");
        pen_right(&pen, ROLE_FAINT, 0, "test: true ↓ predicted →");
        confusion_draw(data, box_area(screen, picture), false);
    } else {
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "predicted against true");
        scatter_draw(data, box_area(screen, picture));
    }
}

static void draw_picture(const struct view_data *data, struct area screen, const struct curves_layout *layout)
{
    const struct picture_boxes boxes = place_picture(data, layout);
    if (box_present(boxes.layers)) {
        struct pen pen = pen_at(screen, layout->picture_heading, data->palette);
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "layers");
        layers_draw(data, box_area(screen, boxes.layers));
    }
    if (box_present(boxes.picture))
        draw_data(data, screen, boxes.heading, boxes.picture);
}

void view_draw_curves(const struct view_data *data, struct area screen, struct box body)
{
    const struct curves_layout layout = view_curves_layout(data, body);
    if (box_present(layout.big))
        big_draw(data, screen, layout.big, layout.big_rows);
    draw_loss_legend(data, screen, &layout);
    curves_draw_loss(data, screen, &layout);
    if (box_present(layout.accuracy_legend))
        draw_accuracy_legend(data, screen, &layout);
    if (box_present(layout.accuracy))
        curves_draw_accuracy(data, screen, &layout);
    if (box_present(layout.gradient_legend))
        draw_gradient_legend(data, screen, &layout);
    if (box_present(layout.gradient))
        curves_draw_gradient(data, screen, &layout);
    if (box_present(layout.picture))
        draw_picture(data, screen, &layout);
    if (box_present(layout.knobs))
        panel_draw(data, screen, layout.knobs_heading, layout.knobs);
    if (box_present(layout.layers) && !data->settings->other_picture)
        layers_draw(data, box_area(screen, layout.layers));
}
