/* Colours by role.  A theme is one palette; drawing code names roles, never colours. */
#ifndef PLOT_PALETTE_H
#define PLOT_PALETTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum role {
    ROLE_GROUND,
    ROLE_TEXT,
    ROLE_STRONG,
    ROLE_FAINT,
    ROLE_GRID,
    ROLE_BAR, /* BAR: ground of title and key rows */
    ROLE_KEY, /* the one accent: keys */
    ROLE_TRAIN,
    ROLE_TEST,
    ROLE_GRADIENT,
    ROLE_RATE,
    ROLE_GHOST,
    ROLE_RIVAL, /* RIVAL: the branch that runs beside */
    ROLE_GAP,   /* GAP: ground of the shading */
    ROLE_MARKER,
    ROLE_BEST,
    ROLE_WARN,
    ROLE_SELECTED, /* SELECTED: ground */
    ROLE_RUNNING,
    ROLE_PAUSED,
    ROLE_COUNT,
};

#define PALETTE_CLASSES 10

struct palette {
    const char *name;                       /* "dark" */
    uint32_t role[ROLE_COUNT];              /* 0xRRGGBB */
    uint32_t class_ground[PALETTE_CLASSES]; /* decision surface at full confidence */
    uint32_t class_ink[PALETTE_CLASSES];    /* points: lighter on dark, darker on light */
    uint32_t undecided;                     /* surface where the model is unsure: blends towards it */
    bool thick;                             /* projector: lines two dots thick */
    bool mono;                              /* no colour: attributes and textures only */
    bool ascii;                             /* plain characters */
};

extern const struct palette palette_table[]; /* dark, light, projector, mono */
extern const unsigned palette_count;

/* The name of a theme by its number; NULL behind the last. */
const char *palette_name(size_t number);

/* The theme of that name; the first one for NULL or an unknown name. */
const struct palette *palette_find(const char *name);

/* From a (share 0) to b (share 1), channel by channel. */
uint32_t colour_mix(uint32_t a, uint32_t b, double share_of_b);

#endif
