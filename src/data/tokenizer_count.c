/* Counts how often each piece occurs in a tokenizer's training text. */
#include "data/tokenizer_count.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "data/tokenizer_parts.h"

void piece_counts_free(struct piece_counts *counts)
{
    mem_free(counts->piece);
    mem_free(counts->slot);
    *counts = (struct piece_counts){.pieces = 0};
}

static bool grow(struct piece_counts *counts)
{
    const size_t room = counts->room ? 2 * counts->room : 1024;
    struct counted_piece *piece = mem_resize(counts->piece, counts->room, room, sizeof *piece);
    if (!piece)
        return false;
    counts->piece = piece;
    uint32_t *slot = mem_alloc(2 * room, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < counts->pieces; i++) {
        size_t at = piece[i].hash & (2 * room - 1);
        while (slot[at] != 0)
            at = (at + 1) & (2 * room - 1);
        slot[at] = (uint32_t)i + 1;
    }
    mem_free(counts->slot);
    counts->slot = slot;
    counts->room = room;
    return true;
}

static bool count_piece(struct piece_counts *counts, const unsigned char *bytes, size_t length)
{
    if (counts->pieces == counts->room && !grow(counts))
        return false;
    const uint64_t wide = hash_bytes(HASH_START, bytes, length);
    const uint32_t hash = (uint32_t)(wide ^ wide >> 32);
    size_t at = hash & (2 * counts->room - 1);
    for (; counts->slot[at] != 0; at = (at + 1) & (2 * counts->room - 1)) {
        struct counted_piece *piece = &counts->piece[counts->slot[at] - 1];
        if (piece->hash == hash && piece->length == length && memcmp(piece->bytes, bytes, length) == 0) {
            piece->count++;
            return true;
        }
    }
    counts->piece[counts->pieces++] =
        (struct counted_piece){.bytes = bytes, .hash = hash, .count = 1, .length = (uint32_t)length};
    counts->slot[at] = (uint32_t)counts->pieces;
    return true;
}

bool piece_counts_add(struct piece_counts *counts, const unsigned char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        const size_t piece = piece_length(bytes + at, length - at);
        if (piece > 1 && !count_piece(counts, bytes + at, piece))
            return false;
        at += piece;
    }
    return true;
}
