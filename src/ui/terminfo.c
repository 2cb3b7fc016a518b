/* Writes a terminal description with direct colour. */
#include "ui/terminfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC_32_BIT = 01036 };

/* Bytes written so far; `size` is never passed, `full` remembers that it would have been. */
struct writer {
    uint8_t *out;
    size_t at, size;
    int full;
};

static void put(struct writer *writer, const void *bytes, size_t count)
{
    if (count > writer->size - writer->at) {
        writer->full = 1;
        return;
    }
    memcpy(writer->out + writer->at, bytes, count);
    writer->at += count;
}

static void put_number(struct writer *writer, int32_t value, size_t bytes)
{
    const uint32_t bits = (uint32_t)value;
    const uint8_t little[4] = {(uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16), (uint8_t)(bits >> 24)};
    put(writer, little, bytes);
}

/* Numbers begin at even places. */
static void align(struct writer *writer)
{
    if (writer->at % 2 != 0)
        put_number(writer, 0, 1);
}

static size_t length_of(const char *string)
{
    return string ? strlen(string) + 1 : 0;
}

/* header: magic, bytes of names, flags, numbers, strings, bytes of the string table; then these, in this order. */
static void put_standard(struct writer *writer, const struct terminfo *entry)
{
    size_t table = 0;
    for (size_t i = 0; i < entry->strings; i++)
        table += length_of(entry->string[i]);
    const size_t header[] = {MAGIC_32_BIT, length_of(entry->name), entry->flags, entry->numbers, entry->strings, table};
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        put_number(writer, (int32_t)header[i], 2);
    put(writer, entry->name, length_of(entry->name));
    put(writer, entry->flag, entry->flags);
    align(writer);
    for (size_t i = 0; i < entry->numbers; i++)
        put_number(writer, entry->number[i], 4);
    int32_t offset = 0;
    for (size_t i = 0; i < entry->strings; i++) {
        put_number(writer, entry->string[i] ? offset : -1, 2);
        offset += (int32_t)length_of(entry->string[i]);
    }
    for (size_t i = 0; i < entry->strings; i++)
        if (entry->string[i])
            put(writer, entry->string[i], length_of(entry->string[i]));
    align(writer);
}

/* header: flags, numbers, strings, items in the string table, its bytes; then these: flags, offsets of values, offsets
 * of names (counted from the first name on), values, names (flags' names first). */
static void put_extended(struct writer *writer, const struct terminfo *entry)
{
    const int32_t strings = entry->mouse ? 1 : 0;
    const size_t value = length_of(entry->mouse);
    const int32_t header[] = {1, 0, strings, 1 + 2 * strings,
                              (int32_t)(value + sizeof "RGB" + (size_t)strings * sizeof "XM")};
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        put_number(writer, header[i], 2);
    put_number(writer, 1, 1); /* the flag RGB is set */
    align(writer);
    if (strings)
        put_number(writer, 0, 2);
    put_number(writer, 0, 2);
    if (strings)
        put_number(writer, (int32_t)sizeof "RGB", 2);
    if (strings)
        put(writer, entry->mouse, value);
    put(writer, "RGB", sizeof "RGB");
    if (strings)
        put(writer, "XM", sizeof "XM");
}

size_t terminfo_compile(const struct terminfo *entry, uint8_t *out, size_t size)
{
    struct writer writer = {.out = out, .size = size < 32768 ? size : 32768}; /* curses reads no larger ones */
    put_standard(&writer, entry);
    put_extended(&writer, entry);
    return writer.full ? 0 : writer.at;
}

/* Curses looks in a folder named after the entry's first letter, or after that letter's code where file names don't
 * tell capitals from small letters. */
enum folder_kind { BY_LETTER, BY_CODE, FOLDER_KINDS };

static void entry_path(char *out, size_t size, const char *folder, const char *name, enum folder_kind kind,
                       const char *file)
{
    if (kind == BY_LETTER)
        snprintf(out, size, "%s/%c%s%s", folder, name[0], file ? "/" : "", file ? file : "");
    else
        snprintf(out, size, "%s/%02x%s%s", folder, (unsigned)(unsigned char)name[0], file ? "/" : "", file ? file : "");
}

static bool write_entry(const char *folder, const char *name, enum folder_kind kind, const uint8_t *entry, size_t size)
{
    char path[512];
    entry_path(path, sizeof path, folder, name, kind, NULL);
    if (mkdir(path, 0700) != 0)
        return false;
    entry_path(path, sizeof path, folder, name, kind, name);
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    const bool written = fwrite(entry, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

bool terminfo_save(char *folder, size_t folder_size, const char *name, const uint8_t *entry, size_t size)
{
    const char *base = getenv("TMPDIR");
    const int length = snprintf(folder, folder_size, "%s/downhill-XXXXXX", base && base[0] ? base : "/tmp");
    if (length < 0 || (size_t)length >= folder_size || !mkdtemp(folder))
        return false;
    for (int kind = 0; kind < FOLDER_KINDS; kind++)
        if (!write_entry(folder, name, (enum folder_kind)kind, entry, size)) {
            terminfo_discard(folder, name);
            return false;
        }
    return true;
}

void terminfo_discard(const char *folder, const char *name)
{
    char path[512];
    for (int kind = 0; kind < FOLDER_KINDS; kind++) {
        entry_path(path, sizeof path, folder, name, (enum folder_kind)kind, name);
        unlink(path);
        entry_path(path, sizeof path, folder, name, (enum folder_kind)kind, NULL);
        rmdir(path);
    }
    rmdir(folder);
}
