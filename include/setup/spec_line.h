/* One line of a spec's text, for files that have others among them. */
#ifndef SETUP_SPEC_LINE_H
#define SETUP_SPEC_LINE_H

#include "base/status.h"
#include "setup/spec.h"

/* Sets what the line says; an empty one says nothing.  The line is cut up. */
enum status spec_take_line(struct spec *spec, char *line, struct error *error);

#endif
