#!/usr/bin/python3
"""Makes trainer.csv: losses and learning rates of 50 steps of one small net, as PyTorch computes them.

Here the whole program takes the steps (the trainer, with its knobs), not an optimiser by itself: the test is
tests/unit/test_trainer_reference.c.  Each optimiser runs with weight decay, once without and once with clipping; each
schedule runs with plain gradient descent.  A schedule has two columns: the losses, and with _lr behind its name the rates.
Weights and data come from one integer hash (formula.py).  Run it from the repository root; it needs PyTorch and is not
part of `make check`:

    /usr/bin/python3 tests/reference/trainer.py > tests/reference/trainer.csv
"""
import torch
from torch import nn
from torch.optim import lr_scheduler

from formula import BIAS, INPUT, LABEL, WEIGHT, choice, print_figures, scale, uniform

STEPS = 50
ROWS, INPUTS, HIDDEN, CLASSES = 32, 6, 12, 3
HORIZON, WARMUP = 40, 8  # the schedules end before the last step, so that what follows is seen
CHECKS = 3  # steps from check to check of the plateau schedule: the trainer's cadence for this net

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # the truth: what single precision may differ from is the test's tolerance

# name, rate, momentum
OPTIMISERS = [
    ("sgd", 0.4, 0.0),
    ("momentum", 0.05, 0.9),
    ("nesterov", 0.05, 0.8),
    ("rmsprop", 0.005, 0.0),
    ("adam", 0.02, 0.9),
    ("adamw", 0.02, 0.85),
]
DECAY, CLIP = 0.03, 0.1


def build():
    layers, decayed, plain = [], [], []
    for layer, (fan_in, fan_out) in enumerate(((INPUTS, HIDDEN), (HIDDEN, CLASSES))):
        dense = nn.Linear(fan_in, fan_out)
        dense.weight.data = uniform(WEIGHT, layer, (fan_out, fan_in)) * scale(fan_in)
        dense.bias.data = uniform(BIAS, layer, (fan_out,)) * 0.125
        layers.append(dense)
        decayed.append(dense.weight)
        plain.append(dense.bias)
    return nn.Sequential(layers[0], nn.Tanh(), layers[1]), decayed, plain


def optimiser(name, decayed, plain, rate, momentum, decay):
    groups = [{"params": decayed, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
    if name in ("sgd", "momentum", "nesterov"):
        return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=name == "nesterov")
    if name == "rmsprop":
        return torch.optim.RMSprop(groups, lr=rate, alpha=0.99, eps=1e-8)
    kind = torch.optim.Adam if name == "adam" else torch.optim.AdamW
    return kind(groups, lr=rate, betas=(momentum, 0.999), eps=1e-8)


def schedule(name, opt):
    if name == "step":
        return lr_scheduler.StepLR(opt, HORIZON // 10, 0.5)
    if name == "exponential":
        return lr_scheduler.ExponentialLR(opt, 0.01 ** (1 / HORIZON))
    if name == "cosine":
        return lr_scheduler.CosineAnnealingLR(opt, HORIZON)
    if name == "warmup-cosine":
        rise = lr_scheduler.LinearLR(opt, 1 / WARMUP, 1.0, WARMUP - 1)
        return lr_scheduler.SequentialLR(opt, [rise, lr_scheduler.CosineAnnealingLR(opt, HORIZON - WARMUP)], [WARMUP])
    if name == "one-cycle":  # its peak is at 30 % of the horizon, its end at the horizon
        peak = 0.3 * HORIZON
        return lr_scheduler.OneCycleLR(opt, opt.param_groups[0]["lr"], total_steps=HORIZON + 1,
                                       pct_start=(peak + 1) / (HORIZON + 1), cycle_momentum=False)
    if name == "plateau":
        return lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=9, threshold=1e-4)
    return None


def run(name, rate, momentum=0.0, decay=0.0, clip=0.0, with_schedule=None):
    net, decayed, plain = build()
    opt = optimiser(name, decayed, plain, rate, momentum, decay)
    follow = schedule(with_schedule, opt)
    x = uniform(INPUT, 0, (ROWS, INPUTS)) * 2
    label = choice(LABEL, 0, ROWS, CLASSES)
    losses, rates = [], []
    for step in range(STEPS):
        loss = nn.functional.cross_entropy(net(x), label)
        if with_schedule == "plateau" and step % CHECKS == 0:
            follow.step(loss.item())
        losses.append(loss.item())
        rates.append(opt.param_groups[0]["lr"])
        opt.zero_grad()
        loss.backward()
        if clip > 0:
            nn.utils.clip_grad_norm_(decayed + plain, clip)
        opt.step()
        # From the horizon on a schedule stays where it is.
        if follow and with_schedule != "plateau" and step < HORIZON:
            follow.step()
    return losses, rates


names, columns = [], []
for name, rate, momentum in OPTIMISERS:
    for suffix, clip in (("", 0.0), ("_clip", CLIP)):
        names.append(name + suffix)
        columns.append(run(name, rate, momentum, DECAY, clip)[0])
for name, rate in (("constant", 0.5), ("step", 0.5), ("exponential", 0.5), ("cosine", 0.5), ("warmup-cosine", 0.5),
                   ("one-cycle", 0.5), ("plateau", 1e-5)):
    losses, rates = run("sgd", rate, with_schedule=name)
    names += [name, name + "_lr"]
    columns += [losses, rates]
print_figures(names, columns)
