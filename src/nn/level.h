/* The instruction level that a file is compiled for.  The build compiles nn/kernels.c and the files of nn/optim/ once
 * for each level; what such a file exports has the level in its name. */
#ifndef NN_LEVEL_H
#define NN_LEVEL_H

#if defined(KERNEL_LEVEL_v4)
#define LEVEL_OF(name) name##_v4
#elif defined(KERNEL_LEVEL_v3)
#define LEVEL_OF(name) name##_v3
#else
#define LEVEL_OF(name) name##_generic
#endif

#endif
