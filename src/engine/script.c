/* Reads the entries of another run's journal one by one and compares its outcomes. */
#include "engine/script.h"

static void advance(struct script *script)
{
    request_free(&script->entry.request);
    if (!journal_next(script->from, &script->entry))
        script->from = NULL;
}

void script_begin(struct script *script)
{
    if (script->from)
        advance(script);
}

bool script_goes_on(const struct script *script)
{
    return script->from != NULL;
}

void script_drop(struct script *script)
{
    request_free(&script->entry.request);
    script->from = NULL;
}

static bool is_divergence(const struct journal_entry *entry)
{
    return !entry->input && entry->outcome == OUTCOME_DIVERGED;
}

enum script_place script_place(const struct script *script, const struct track_point *here)
{
    const struct journal_entry *entry = &script->entry;
    if (entry->branch != here->branch || entry->step < here->step)
        return SCRIPT_MISSED;
    return entry->step > here->step || is_divergence(entry) ? SCRIPT_LATER : SCRIPT_HERE;
}

struct journal_entry script_take(struct script *script)
{
    const struct journal_entry entry = script->entry;
    script->entry.request.text = NULL;
    advance(script);
    return entry;
}

bool script_agrees(const struct journal_entry *entry, struct trainer *trainer)
{
    switch (entry->outcome) {
    case OUTCOME_STATE:
    case OUTCOME_END:
        return entry->value == 0 || entry->value == state_hash(trainer_state(trainer));
    case OUTCOME_EARLY_STOP:
        return entry->value == trainer_early_stop(trainer)->best_step;
    default:
        return true;
    }
}

bool script_expects_divergence(struct script *script, const struct track_point *here)
{
    const struct journal_entry *entry = &script->entry;
    if (!script->from || entry->branch != here->branch || entry->step != here->step || !is_divergence(entry))
        return false;
    advance(script);
    return script->from != NULL;
}
