/* View 4: how single rows are answered. */
#include "ui/draw.h"
#include "ui/language.h"
#include "ui/results.h"
#include "ui/view.h"
#include "ui/worst.h"

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

void view_draw_predictions(const struct view_data *data, struct area screen, struct box body)
{
    if (data->dataset->kind == TASK_TEXT) {
        language_draw(data, screen, body);
        return;
    }
    const bool classes = data->dataset->kind == TASK_CLASSIFY;
    const bool images = worst_image_side(data->dataset) > 0;
    struct box left = body, right = body;
    if (body.width >= 100) {
        left.width = body.width * (images ? 50 : 48) / 100;
        right.x = body.x + left.width + 3;
        right.width = body.width - left.width - 3;
    } else {
        left.height = body.height * 6 / 10;
        const int classes_rows = (int)data->dataset->classes;
        const int enough = classes_rows > 4 ? classes_rows + 3 : 2 * classes_rows + 6; /* with a summary */
        if (classes && left.height > enough)
            left.height = enough;
        right.y = body.y + left.height;
        right.height = body.height - left.height;
    }
    const struct box left_body = {left.x, left.y + 1, left.width, left.height - 1};
    const struct box right_body = {right.x, right.y + 1, right.width, right.height - 1};
    if (classes) {
        heading(data, screen, left, "confusion",
                data->settings->other_picture ? "test rows in % of the true class: down true, across predicted"
                                              : "test rows: down true, across predicted");
        results_draw_confusion(data, box_area(screen, left_body), true);
    } else {
        heading(data, screen, left, "predicted against true", "test rows");
        results_draw_scatter(data, box_area(screen, left_body));
    }
    heading(data, screen, right, "worst examples",
            classes && images ? "true → predicted, p of the right one" : "test rows with the largest loss");
    worst_draw(data, box_area(screen, right_body));
}
