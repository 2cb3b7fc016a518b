/* The picture of view 1: what the model makes of the input plane (or line), with the data on it. */
#ifndef UI_SURFACE_H
#define UI_SURFACE_H

#include "ui/view.h"

/* Whether the task has such a picture: one or two inputs. */
bool surface_possible(const struct view_data *data);
void surface_request(const struct view_data *data, struct box box, struct picture_request *request);
/* Without a heading and test points, as the knobs had the training data. */
void surface_draw_alone(const struct view_data *data, struct area screen, struct box box, const struct knobs *knobs);
void surface_draw(const struct view_data *data, struct area screen, struct box heading, struct box box);

#endif
