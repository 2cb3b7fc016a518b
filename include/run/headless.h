/* A run without a screen: the same session, progress on standard error when it is a terminal, the outcome as exit status. */
#ifndef RUN_HEADLESS_H
#define RUN_HEADLESS_H

#include "run/spec.h"

enum status headless_run(struct spec *spec, bool progress, struct error *error);

#endif
