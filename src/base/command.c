/* Finds commands by name, and copies and frees requests. */
#include "base/command.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

const struct command *command_find(const struct command_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct command *row = list->row[i];
        if (strcasecmp(row->name, name) == 0 || (row->alias && strcasecmp(row->alias, name) == 0))
            return row;
    }
    return NULL;
}

const struct command *commands_find(const struct command_lists *lists, const char *name)
{
    const struct command *row = NULL;
    for (size_t i = 0; i < lists->count && !row; i++)
        row = command_find(lists->list[i], name);
    return row;
}

const struct command *commands_at(const struct command_lists *lists, size_t index)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (index < lists->list[i]->count)
            return lists->list[i]->row[index];
        index -= lists->list[i]->count;
    }
    return NULL;
}

bool request_has(const struct request *request, enum command_flag flag)
{
    const struct command *row = request->row;
    const bool of_arguments = flag == COMMAND_RECORDED || flag == COMMAND_TAKES_OVER;
    return (row->flags & flag) && !(of_arguments && row->records && !row->records(request));
}

bool request_is_input(const struct request *request)
{
    return request->row->apply && request_has(request, COMMAND_RECORDED);
}

uint64_t request_number(const struct request *request, enum argument_type type)
{
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        if (request->row->argument[i].type == type)
            return request->value[i].number;
    return 0;
}

const char *request_text(const struct request *request)
{
    return request->text ? request->text : "";
}

bool request_copy(struct request *to, const struct request *from)
{
    char *text = from->text ? mem_string(from->text) : NULL;
    if (from->text && !text)
        return false;
    *to = *from;
    to->text = text;
    return true;
}

void request_free(struct request *request)
{
    mem_free(request->text);
    request->text = NULL;
}
