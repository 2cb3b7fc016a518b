/* How a function says that it could not do what was asked.
 *
 * A function that can fail returns `enum status` and, where a person will read
 * the reason, fills a `struct error`.  The message is complete ("wine.csv:17: 12
 * fields where the header has 13"): whoever catches it prints it unchanged.
 * Only app/main.c exits; the values of `enum status` are its exit codes. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_FAILED = 1,   /* file, data, memory or terminal */
    STATUS_USAGE = 2,    /* the caller asked for something that does not exist */
    STATUS_DIVERGED = 3, /* the loss was no longer a number (headless runs) */
};

struct error {
    enum status status;
    char message[512]; /* one line of UTF-8, safe to print: what names and cells held besides is '?' */
};

/* Writes the message, cleaned, and returns `status`, so that a caller can
 * `return error_set(error, STATUS_FAILED, "...", ...)`.  `error` may be NULL. */
enum status error_set(struct error *error, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* STATUS_FAILED with the standard "out of memory" message. */
enum status error_memory(struct error *error);

#endif
