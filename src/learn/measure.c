/* Lists the measures. */
#include "learn/measure.h"

#define ROW_DECLARED(number, name, ...) extern const struct measure measure_##name;
MEASURE_LIST(ROW_DECLARED)

#define ROW(number, name, ...) [MEASURE_##number] = &measure_##name,
const struct measure *const measure_table[] = {MEASURE_LIST(ROW)};
