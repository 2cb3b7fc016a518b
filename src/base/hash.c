/* Computes 64-bit FNV-1a hashes of bytes and of large blocks, and mixes the bits of a hash. */
#include "base/hash.h"

#include <string.h>

#define PRIME UINT64_C(0x100000001b3)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * PRIME;
    return hash;
}

/* In one chain each multiplication waits for the one before it, about four cycles; eight independent chains do not
 * wait for each other. */
enum { CHAINS = 8 };

uint64_t hash_block(uint64_t hash, const void *block, size_t size)
{
    const unsigned char *bytes = block;
    uint64_t chain[CHAINS], word[CHAINS];
    for (size_t i = 0; i < CHAINS; i++)
        chain[i] = hash_mix(hash + i);
    size_t done = 0;
    for (; done + sizeof word <= size; done += sizeof word) {
        memcpy(word, bytes + done, sizeof word);
        for (size_t i = 0; i < CHAINS; i++)
            chain[i] = (chain[i] ^ word[i]) * PRIME;
    }
    for (size_t i = 0; i < CHAINS; i++)
        hash = hash_mix(hash ^ chain[i]);
    return hash_bytes(hash, bytes + done, size - done);
}

uint64_t hash_mix(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ hash >> 33;
}
