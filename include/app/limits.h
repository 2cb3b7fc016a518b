/* Limits on memory and stack that the system sets on the program (ulimit). */
#ifndef APP_LIMITS_H
#define APP_LIMITS_H

#include "base/status.h"

/* Before anything else.  Raises the limit of the stack where that is allowed.  Starts the program once more, which does
 * not return, where the matrix library has begun without the memory for its threads: with one thread it needs none for
 * nets that the program multiplies itself.  STATUS_FAILED when the stack is too small. */
enum status limits_meet(char **argv, struct error *error);

#endif
