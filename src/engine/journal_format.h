/* The lines of a journal: commands by the rows of the engine, and tables of outcomes and facts. */
#ifndef ENGINE_JOURNAL_FORMAT_H
#define ENGINE_JOURNAL_FORMAT_H

#include <stdbool.h>

#include "base/file_kind.h"
#include "base/lines.h"
#include "base/status.h"
#include "engine/journal.h"

#define JOURNAL_TITLE    FILE_KIND_JOURNAL
#define JOURNAL_VERSION  2
#define JOURNAL_LINE_MAX 32768 /* the longest is the path of a file of which each byte is escaped */

/* Adds the entry's line. */
void journal_write_entry(struct lines *out, const struct journal_entry *entry);
/* Reads an entry from a line, which is cut up; the caller frees the text of its request, also on failure.  STATUS_FAILED
 * with the reason when it is none. */
enum status journal_read_entry(char *line, struct journal_entry *out, struct error *error);

/* The checkpoint with which a run began is no part of a spec's text: a checkpoint keeps one of those too, and stands
 * for itself. */
void journal_write_load(struct lines *out, const struct spec *spec);
bool journal_is_load(const char *line);
/* The line is cut up. */
enum status journal_read_load(char *line, struct spec *spec, struct error *error);

enum { JOURNAL_FACTS = 7 };

void journal_write_facts(struct lines *out, const struct journal_facts *facts);
const char *journal_fact_name(size_t fact);
bool journal_fact_is_needed(size_t fact); /* every journal has it */
/* The fact that the line is about, or JOURNAL_FACTS. */
size_t journal_find_fact(const char *line);
/* Its value; the line is cut up. */
enum status journal_read_fact(char *line, size_t fact, struct journal_facts *facts, struct error *error);

#endif
