/* View 4: how single rows are answered. */
#include "ui/draw.h"
#include "ui/view.h"
#include "ui/views/confusion.h"
#include "ui/views/language.h"
#include "ui/views/results.h"
#include "ui/views/scatter.h"
#include "ui/views/worst.h"

#define BESIDE_FROM 100 /* columns from which both halves are beside each other */
#define GAP         3   /* columns between them */
#define CELL_ABOVE  5   /* rows of a cell at most where the list is below the matrix */

bool view_wants_predictions(const struct view_data *data, struct box body, struct picture_request *request)
{
    if (data->dataset->kind == TASK_TEXT)
        return language_wants(data, body, request);
    *request = (struct picture_request){.predictions = true};
    return true;
}

static void heading(const struct view_data *data, struct area screen, struct box box, const char *title,
                    const char *explained)
{
    struct pen pen = pen_at(screen, box, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, title);
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, explained);
}

struct halves {
    struct box left, right; /* each with a heading; above each other where they do not fit beside */
    bool beside;
};

static struct halves cut_halves(const struct view_data *data, struct box body, bool images)
{
    struct halves halves = {.left = body, .right = body, .beside = body.width >= BESIDE_FROM};
    if (halves.beside) {
        halves.left.width = body.width * (images ? 50 : 48) / 100;
        halves.right.x = body.x + halves.left.width + GAP;
        halves.right.width = body.width - halves.left.width - GAP;
        return halves;
    }
    halves.left.height = body.height * 6 / 10;
    if (data->dataset->kind == TASK_CLASSIFY)
        halves.left.height = 1 + confusion_rows(data->dataset->classes, halves.left.height - 1, CELL_ABOVE);
    halves.right.y = body.y + halves.left.height;
    halves.right.height = body.height - halves.left.height;
    return halves;
}

static struct box below_heading(struct box box)
{
    return (struct box){box.x, box.y + 1, box.width, box.height - 1};
}

/* A class that is never predicted is told in the summary below the matrix, or here where that has no room. */
static void head_classes(const struct view_data *data, struct area screen, struct box box, bool summary)
{
    char unpredicted[CONFUSION_SENTENCE];
    if (!summary && !data->settings->hide_test && confusion_unpredicted(data, unpredicted))
        heading(data, screen, box, "confusion", unpredicted);
    else
        heading(data, screen, box, "confusion",
                data->settings->other_picture ? "test rows in % of the true class: down true, across predicted"
                                              : "test rows: down true, across predicted");
}

/* The matrix with its heading, and below it how sure the answers are if they have room there: whether they had. */
static bool draw_classes(const struct view_data *data, struct area screen, struct box half, bool beside)
{
    const struct area area = box_area(screen, below_heading(half));
    struct area matrix = area;
    const int left = area.height - RESULTS_SURE_ROWS - 1;
    const bool sureness = beside && left >= confusion_rows(data->dataset->classes, left, 1);
    if (sureness)
        matrix.height = left;
    head_classes(data, screen, half, confusion_sums_up(data, matrix));
    const int used = confusion_draw(data, matrix, true);
    if (sureness && used > 0)
        results_draw_sureness(data, area_part(area, 0, used + 1, area.width, area.height - used - 1));
    return sureness;
}

void view_draw_predictions(const struct view_data *data, struct area screen, struct box body)
{
    if (data->dataset->kind == TASK_TEXT) {
        language_draw(data, screen, body);
        return;
    }
    const bool classes = data->dataset->kind == TASK_CLASSIFY;
    const bool images = worst_image_side(data->dataset) > 0;
    const struct halves halves = cut_halves(data, body, images);
    bool sure_drawn = false;
    if (classes) {
        sure_drawn = draw_classes(data, screen, halves.left, halves.beside);
    } else {
        heading(data, screen, halves.left, "predicted against true", "test rows");
        scatter_draw(data, box_area(screen, below_heading(halves.left)));
    }
    heading(data, screen, halves.right, "worst examples",
            classes && images ? "true → predicted, p of the right one" : "test rows with the largest loss");
    worst_draw(data, box_area(screen, below_heading(halves.right)), classes && !sure_drawn);
}
