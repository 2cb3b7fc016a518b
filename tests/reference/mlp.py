#!/usr/bin/python3
"""Makes mlp.csv: the losses of the first 50 steps of small nets, as PyTorch computes them.

Weights, inputs and answers come from one integer hash, so that the test (tests/unit/test_reference.c) makes exactly the same
floats without a file.  Run it from the repository root; it needs PyTorch and is not part of `make check`:

    /usr/bin/python3 tests/reference/mlp.py > tests/reference/mlp.csv
"""
import torch
from torch import nn

from formula import BIAS, GAIN, INPUT, LABEL, SHIFT, TARGET, WEIGHT, choice, print_figures, scale, uniform

STEPS = 50
ROWS = 64

# name, inputs, hidden, outputs, activation, layer norm, batch, loss, optimiser, rate, weight decay, momentum, clip
CASES = [
    ("tanh_ce_sgd", 2, [8, 8], 2, "tanh", False, 10, "cross_entropy", "sgd", 0.5, 0.0, 0.0, 0.0),
    ("tanh_ce_sgd_decay", 5, [9], 3, "tanh", False, 16, "cross_entropy", "sgd", 0.3, 0.05, 0.0, 0.0),
    ("relu_norm_ce_adam", 6, [20, 17], 4, "relu", True, 16, "cross_entropy", "adam", 0.01, 0.0, 0.9, 0.0),
    ("leaky_ce_adam_decay", 64, [64], 10, "leaky_relu", False, 32, "cross_entropy", "adam", 0.002, 0.01, 0.8, 0.0),
    ("gelu_ce_adamw", 7, [24, 24], 5, "gelu", False, 21, "cross_entropy", "adamw", 0.01, 0.1, 0.9, 0.0),
    ("tanh_mse_momentum", 3, [16], 1, "tanh", False, 8, "mse", "momentum", 0.02, 0.0, 0.9, 0.0),
    ("leaky_huber_nesterov", 4, [12, 12, 12], 1, "leaky_relu", False, 12, "huber", "nesterov", 0.02, 0.001, 0.9, 0.0),
    ("sigmoid_bce_rmsprop", 5, [10], 1, "sigmoid", False, 9, "bce", "rmsprop", 0.005, 0.0, 0.0, 0.0),
    ("relu_ce_sgd_clip", 6, [18], 3, "relu", False, 13, "cross_entropy", "sgd", 0.5, 0.0, 0.0, 0.1),
    ("tanh_norm_ce_adamw_clip", 8, [16, 16], 4, "tanh", True, 16, "cross_entropy", "adamw", 0.01, 0.01, 0.9, 0.3),
    ("wide_relu_ce_adam", 100, [300, 200], 10, "relu", False, 64, "cross_entropy", "adam", 0.001, 0.0, 0.9, 0.0),
]

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # the truth: what single precision may differ from is the test's tolerance

ACTIVATION = {
    "tanh": nn.Tanh(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.01),
    "sigmoid": nn.Sigmoid(),
    "gelu": nn.GELU(approximate="tanh"),
}
LOSS = {
    "cross_entropy": nn.CrossEntropyLoss(),
    "bce": nn.BCEWithLogitsLoss(),
    "mse": nn.MSELoss(),
    "huber": nn.HuberLoss(),
}


def build(inputs, hidden, outputs, activation, norm):
    modules, decayed, plain = [], [], []
    widths = [inputs, *hidden, outputs]
    for layer, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
        dense = nn.Linear(fan_in, fan_out)
        dense.weight.data = uniform(WEIGHT, layer, (fan_out, fan_in)) * scale(fan_in)
        dense.bias.data = uniform(BIAS, layer, (fan_out,)) * 0.125
        modules.append(dense)
        decayed.append(dense.weight)
        plain.append(dense.bias)
        if layer < len(hidden):
            if norm:
                layer_norm = nn.LayerNorm(fan_out, eps=1e-5)
                layer_norm.weight.data = 1 + uniform(GAIN, layer, (fan_out,)) * 0.25
                layer_norm.bias.data = uniform(SHIFT, layer, (fan_out,)) * 0.25
                modules.append(layer_norm)
                plain += [layer_norm.weight, layer_norm.bias]
            modules.append(ACTIVATION[activation])
    return nn.Sequential(*modules), decayed, plain


def optimiser(name, decayed, plain, rate, decay, momentum):
    groups = [{"params": decayed, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
    if name in ("sgd", "momentum", "nesterov"):
        return torch.optim.SGD(groups, lr=rate, momentum=0 if name == "sgd" else momentum, nesterov=name == "nesterov")
    if name == "rmsprop":
        return torch.optim.RMSprop(groups, lr=rate, alpha=0.99, eps=1e-8)
    kind = torch.optim.Adam if name == "adam" else torch.optim.AdamW
    return kind(groups, lr=rate, betas=(momentum, 0.999), eps=1e-8)


def losses(case):
    _, inputs, hidden, outputs, activation, norm, batch, loss_name, opt_name, rate, decay, momentum, clip = case
    net, decayed, plain = build(inputs, hidden, outputs, activation, norm)
    opt = optimiser(opt_name, decayed, plain, rate, decay, momentum)
    x = uniform(INPUT, 0, (ROWS, inputs)) * 2
    label = choice(LABEL, 0, ROWS, max(2, outputs))
    target = uniform(TARGET, 0, (ROWS,)) * 2
    result = []
    for step in range(STEPS):
        rows = torch.arange(step * batch, (step + 1) * batch) % ROWS
        logits = net(x[rows])
        if loss_name == "cross_entropy":
            loss = LOSS[loss_name](logits, label[rows])
        else:
            answer = label[rows].double() if loss_name == "bce" else target[rows]
            loss = LOSS[loss_name](logits[:, 0], answer)
        opt.zero_grad()
        loss.backward()
        if clip > 0:
            torch.nn.utils.clip_grad_norm_(decayed + plain, clip)
        opt.step()
        result.append(loss.item())
    return result


print_figures([case[0] for case in CASES], [losses(case) for case in CASES])
