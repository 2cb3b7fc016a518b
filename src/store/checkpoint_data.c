/* Whether the data at hand are those that a state was trained on: columns and classes have to be, rows should. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "data/source.h"
#include "store/checkpoint_parts.h"

enum status checkpoint_check_columns(const struct checkpoint_file *file, const struct dataset *dataset,
                                     struct error *error)
{
    const char *note = checkpoint_note(file, "columns");
    struct source *then = NULL, *now = NULL;
    struct error why = {.message = ""};
    char difference[256], *text = NULL;
    if (!note || dataset->kind == TASK_TEXT)
        return STATUS_OK;
    enum status status = source_parse(&then, note, &why);
    if (status != STATUS_OK) {
        error_set(error, status, "%s: %s", file->path, why.message);
        goto out;
    }
    text = source_text(dataset);
    status = text ? source_parse(&now, text, error) : error_memory(error);
    if (status == STATUS_OK && !source_same(then, now, difference, sizeof difference))
        status = error_set(error, STATUS_FAILED, "%s: it was trained on other data: %s", file->path, difference);
out:
    source_free(then);
    source_free(now);
    mem_free(text);
    return status;
}

void checkpoint_data_text(uint64_t hash, char text[CHECKPOINT_DATA_SIZE])
{
    snprintf(text, CHECKPOINT_DATA_SIZE, "%016" PRIx64, hash);
}

bool checkpoint_has_data(const struct checkpoint_file *file, uint64_t hash)
{
    char text[CHECKPOINT_DATA_SIZE];
    const char *note = checkpoint_note(file, "data");
    checkpoint_data_text(hash, text);
    return !file->state || !note || strcmp(note, text) == 0;
}
