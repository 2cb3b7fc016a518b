/* A look at a log in CSV, for tests. */
#ifndef TESTS_SUPPORT_LOG_H
#define TESTS_SUPPORT_LOG_H

/* Its rows, the header among them, or -1 where one lacks columns or its end. For runs whose events have no comma. */
static inline long log_whole_rows(const char *log)
{
    long rows = 0;
    int commas = 0;
    const char *start = log;
    for (; *log; log++) {
        commas += *log == ',';
        if (*log != '\n')
            continue;
        if (commas != 13)
            return -1;
        commas = 0;
        rows++;
        start = log + 1;
    }
    return start == log ? rows : -1;
}

#endif
