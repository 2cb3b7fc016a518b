/* FNV-1a (Fowler, Noll, Vo) of 64 bits: tells whether bytes are the same, against accident, not against intent. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* What `hash` becomes by more bytes; HASH_START before the first. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* The same for a large block, at least ten times as fast; another value than that of hash_bytes.  Words are read as this
 * machine stores them. */
uint64_t hash_block(uint64_t hash, const void *block, size_t size);

/* Spreads each bit of a finished hash over all of them (the last step of MurmurHash3, Appleby), for hashes that are
 * added up. */
uint64_t hash_mix(uint64_t hash);

#endif
