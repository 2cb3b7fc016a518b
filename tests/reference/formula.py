"""Numbers that the tests make as well, without a file (tests/support/reference.h), and the form of the figures."""
import numpy as np
import torch

WEIGHT, BIAS, GAIN, SHIFT, INPUT, LABEL, TARGET = range(7)


def bits(kind, layer, count):
    """`count` 32-bit integers for one tensor."""
    word = np.uint64(0xFFFFFFFF)
    start = 0x9E3779B9 * (16 * layer + kind + 1) & 0xFFFFFFFF
    h = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(start)) & word
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        h ^= h >> np.uint64(shift)
        h = h * np.uint64(factor) & word
    return h ^ (h >> np.uint64(15))


def uniform(kind, layer, shape):
    """Multiples of 2^-15 in [-1, 1), row by row."""
    h = bits(kind, layer, int(np.prod(shape)))
    return torch.from_numpy(((h >> np.uint64(16)).astype(np.float64) / 32768 - 1).reshape(shape))


def choice(kind, layer, count, several):
    """`count` integers below `several`."""
    return torch.from_numpy((bits(kind, layer, count) >> np.uint64(8)).astype(np.int64) % several)


def scale(fan_in):
    """The largest power of two that is at most 1 / sqrt(fan_in): products with it are exact."""
    s = 1.0
    while s * s * fan_in > 1:
        s /= 2
    return s


def print_figures(names, columns):
    print("step," + ",".join(names))
    for step, row in enumerate(zip(*columns)):
        print(str(step) + "," + ",".join(f"{loss:.9g}" for loss in row))
