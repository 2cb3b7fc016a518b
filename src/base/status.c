/* Fills error messages. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum status error_set(struct error *error, enum status status, const char *format, ...)
{
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        text_clean(error->message);
        error->status = status;
    }
    return status;
}

enum status error_memory(struct error *error)
{
    return error_set(error, STATUS_FAILED, "out of memory");
}
