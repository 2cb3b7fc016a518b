/* Lists the objectives, and finds the usual one for some data. */
#include "learn/objective.h"

#define ROW_DECLARED(number, name) extern const struct objective objective_##name;
OBJECTIVE_LIST(ROW_DECLARED)

#define ROW(number, name) [OBJECTIVE_##number] = &objective_##name,
const struct objective *const objective_table[] = {OBJECTIVE_LIST(ROW)};

enum objective_id objective_usual(enum task_kind kind, bool pairs)
{
    enum objective_id id = 0;
    while (id < OBJECTIVE_COUNT && (objective_table[id]->takes != kind || objective_table[id]->pairs != pairs))
        id++;
    return id;
}

const struct objective *objective_for(enum task_kind kind)
{
    return objective_table[objective_usual(kind, false)];
}
