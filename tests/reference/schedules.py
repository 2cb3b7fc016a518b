#!/usr/bin/python3
"""Makes schedules.csv: the learning rate of each step under each schedule, as PyTorch's schedulers give it.

The base rate is 0.1 and the horizon 40 steps; a schedule stays where it is at its horizon.  The warm-up is LinearLR.  It multiplies
every schedule but warmup-cosine, whose cosine begins when the warm-up is over.  `plateau` is told the same loss at each check, one
check every 4 steps beginning before the first.  The test (tests/unit/test_rates.c) compares trainers and logs with these figures.  Run it
from the repository root; it needs PyTorch and is not part of `make check`:

    /usr/bin/python3 tests/reference/schedules.py > tests/reference/schedules.csv
"""
import warnings

import torch
from torch.optim import lr_scheduler

RATE = 0.1
HORIZON = 40
STEPS = 44
CHECK_EVERY = 4

warnings.simplefilter("ignore")  # PyTorch wants optimizer.step() before scheduler.step()


def optimizer(rate=RATE):
    return torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=rate)


def follow(make, steps, rate=RATE):
    """The rates of `steps` steps under the scheduler that make(optimizer) returns."""
    sgd = optimizer(rate)
    scheduler = make(sgd)
    rates = []
    for _ in range(steps):
        rates.append(sgd.param_groups[0]["lr"])
        scheduler.step()
    return rates


def held(make, steps=STEPS, horizon=HORIZON):
    rates = follow(make, min(steps, horizon + 1))
    return rates + [rates[-1]] * (steps - len(rates))


def rise(warmup, steps, rate=1.0):
    if warmup == 0:
        return [rate] * steps
    if warmup == 1:
        return [rate] * steps
    return follow(lambda o: lr_scheduler.LinearLR(o, 1 / warmup, 1.0, warmup - 1), steps, rate)


def warmup_cosine(warmup):
    warmup = warmup or HORIZON // 20
    rest = HORIZON - warmup
    cosine = held(lambda o: lr_scheduler.CosineAnnealingLR(o, rest), STEPS - warmup, rest)
    return rise(warmup, warmup, RATE) + cosine


def plateau():
    """Patience 9: the tenth check without a better loss halves the rate."""
    sgd = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(sgd, factor=0.5, patience=9, threshold=1e-4)
    rates = []
    for step in range(STEPS):
        if step % CHECK_EVERY == 0:
            scheduler.step(1.0)
        rates.append(sgd.param_groups[0]["lr"])
    return rates


TURN = 0.3 * HORIZON  # the step at which one-cycle is at its highest: PyTorch wants it as (TURN + 1) / total
SCHEDULES = {
    "constant": lambda o: lr_scheduler.ConstantLR(o, 1.0),
    "step": lambda o: lr_scheduler.StepLR(o, HORIZON // 10, 0.5),
    "exponential": lambda o: lr_scheduler.ExponentialLR(o, 0.01 ** (1 / HORIZON)),
    "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, HORIZON),
    "one-cycle": lambda o: lr_scheduler.OneCycleLR(o, RATE, HORIZON + 1, pct_start=(TURN + 1) / (HORIZON + 1), div_factor=25,
                                                   final_div_factor=10000, cycle_momentum=False),
}

print("schedule,warmup,step,rate")
for warmup in 0, 5:
    table = {name: held(make) for name, make in SCHEDULES.items()} | {"plateau": plateau()}
    table = {name: [a * b for a, b in zip(rates, rise(warmup, STEPS))] for name, rates in table.items()}
    table["warmup-cosine"] = warmup_cosine(warmup)
    for name, rates in table.items():
        for step, rate in enumerate(rates):
            print(f"{name},{warmup},{step},{rate:.12g}")
