/* The files that a journal or a checkpoint names, which may have moved, or be opened from another folder. */
#ifndef APP_FIND_H
#define APP_FIND_H

#include "setup/spec.h"

/* What is not at its path is looked for in the folder that this was said in, then beside the file `kept`, since a
 * journal and its table travel together: the spec's paths become those where the files are.  STATUS_FAILED: one is in
 * no place. */
enum status find_files(struct spec *spec, const char *kept, struct error *error);

#endif
