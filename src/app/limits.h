/* Limits on memory and stack that the system sets on the program (ulimit). */
#ifndef APP_LIMITS_H
#define APP_LIMITS_H

#include "base/status.h"

/* Must be called before anything else.  Raises the limit of the stack to what the system allows.  When the matrix
 * library has started without enough memory for its threads, starts the program again with one library thread, and does
 * not return; one thread needs no memory of its own for nets that the program multiplies itself.  STATUS_FAILED: the
 * stack is too small. */
enum status limits_meet(char **argv, struct error *error);

#endif
