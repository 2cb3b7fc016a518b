/* The layers of the net, one row each: how large the gradient is that reaches them, and how far a step moves them. */
#ifndef UI_LAYERS_H
#define UI_LAYERS_H

#include "ui/view.h"

void layers_draw(const struct view_data *data, struct area area);

#endif
