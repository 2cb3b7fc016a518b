#!/usr/bin/python3
"""Makes language.csv: the losses of the first 50 steps of small language models, as PyTorch computes them.

The transformer has nanoGPT's arithmetic.  Weights and tokens come from one integer hash, as in tests/unit/test_language_reference.c.  Run it from
the repository root; it needs PyTorch and is not part of `make check`:

    /usr/bin/python3 tests/reference/language.py > tests/reference/language.csv
"""
import torch
from torch import nn
from torch.nn import functional

from formula import BIAS, GAIN, INPUT, SHIFT, WEIGHT, choice, print_figures, scale, uniform

STEPS = 50
VOCABULARY = 65
PERIOD = 97  # tokens before the text begins again: there is something to learn
ALPHA = 16
EMBEDDINGS = ("transformer.wte.", "transformer.wpe.", "wte.")

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # the truth: what single precision may differ from is the test's tolerance

# name, kind, context, layers, width, heads, tied, window, rank, trained, sequences, optimiser, rate, weight decay, clip
CASES = [
    ("transformer_adamw", "transformer", 16, 2, 32, 4, False, 0, 0, "all", 4, "adamw", 0.003, 0.1, 1.0),
    ("transformer_sgd", "transformer", 20, 2, 36, 3, False, 0, 0, "all", 3, "sgd", 0.1, 0.01, 0.0),
    ("transformer_tied", "transformer", 16, 2, 32, 2, True, 0, 0, "all", 4, "adamw", 0.003, 0.1, 1.0),
    ("transformer_wide", "transformer", 40, 1, 136, 2, False, 0, 0, "all", 2, "adamw", 0.001, 0.1, 1.0),
    ("adapters_adamw", "transformer", 16, 2, 32, 4, False, 0, 4, "adapters", 4, "adamw", 0.0005, 0.1, 1.0),
    ("all_and_adapters", "transformer", 16, 2, 32, 4, True, 0, 3, "all", 4, "sgd", 0.03, 0.0, 1.0),
    ("last_block_adamw", "transformer", 16, 2, 32, 4, False, 0, 0, "last", 4, "adamw", 0.003, 0.1, 0.0),
    ("window_adamw", "mlp", 16, 0, 24, 0, False, 5, 0, "all", 4, "adamw", 0.01, 0.1, 0.0),
    ("bigram_sgd", "bigram", 16, 0, 0, 0, False, 0, 0, "all", 4, "sgd", 2.0, 0.0, 0.0),
]


class Adapted(nn.Module):
    """A dense layer, perhaps with an adapter."""

    def __init__(self, fan_in, fan_out, rank):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(fan_out, fan_in))
        self.bias = nn.Parameter(torch.empty(fan_out))
        self.rank = rank
        if rank:
            self.lora_A = nn.Parameter(torch.empty(rank, fan_in))
            self.lora_B = nn.Parameter(torch.empty(fan_out, rank))

    def forward(self, x):
        y = functional.linear(x, self.weight, self.bias)
        if self.rank:
            y = y + ALPHA / self.rank * (x @ self.lora_A.T @ self.lora_B.T)
        return y


class Attention(nn.Module):
    def __init__(self, width, heads, rank):
        super().__init__()
        self.heads = heads
        self.c_attn = Adapted(width, 3 * width, rank)
        self.c_proj = Adapted(width, width, rank)

    def forward(self, x):
        sequences, length, width = x.shape
        q, k, v = (part.view(sequences, length, self.heads, width // self.heads).transpose(1, 2)
                   for part in self.c_attn(x).split(width, dim=2))
        score = q @ k.transpose(2, 3) / (width // self.heads) ** 0.5
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        y = score.masked_fill(later, -torch.inf).softmax(3) @ v
        return self.c_proj(y.transpose(1, 2).reshape(sequences, length, width))


class Perceptron(nn.Module):
    def __init__(self, width, rank):
        super().__init__()
        self.c_fc = Adapted(width, 4 * width, rank)
        self.c_proj = Adapted(4 * width, width, rank)

    def forward(self, x):
        return self.c_proj(functional.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, width, heads, rank):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads, rank)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Perceptron(width, rank)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self, context, layers, width, heads, tied, rank):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(VOCABULARY, width),
            "wpe": nn.Embedding(context, width),
            "h": nn.ModuleList([Block(width, heads, rank) for _ in range(layers)]),
            "ln_f": nn.LayerNorm(width),
        })
        self.lm_head = nn.Linear(width, VOCABULARY, bias=False)
        if tied:
            self.lm_head.weight = self.transformer.wte.weight

    def forward(self, token):
        x = self.transformer.wte(token) + self.transformer.wpe.weight[:token.shape[1]]
        for block in self.transformer.h:
            x = block(x)
        return self.lm_head(self.transformer.ln_f(x))


class Window(nn.Module):
    def __init__(self, width, window):
        super().__init__()
        self.window = window
        self.wte = nn.Embedding(VOCABULARY, width)
        self.mlp = nn.Sequential(nn.Linear(window * width, width), nn.Tanh(), nn.Linear(width, VOCABULARY))

    def forward(self, token):
        x = self.wte(token)
        length = token.shape[1]
        back = [functional.pad(x, (0, 0, n, 0))[:, :length] for n in range(self.window)]
        return self.mlp(torch.cat(back, 2))


class Bigram(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, VOCABULARY)

    def forward(self, token):
        return self.table(token)


def slices(model):
    """Names and parameters in the order of the model's slices: adapters last."""
    named = list(model.named_parameters())
    return [n for n in named if "lora" not in n[0]] + [n for n in named if "lora" in n[0]]


def fill(model):
    for index, (name, parameter) in enumerate(slices(model)):
        norm = ".ln_" in name
        if name.endswith(".bias"):
            value = uniform(SHIFT, index, parameter.shape) / 4 if norm else uniform(BIAS, index, parameter.shape) / 8
        elif norm:
            value = 1 + uniform(GAIN, index, parameter.shape) / 4
        else:
            value = uniform(WEIGHT, index, parameter.shape) * scale(parameter.shape[1])
        parameter.data = value


def is_trained(name, trained, layers):
    last = (f"transformer.h.{layers - 1}.", "transformer.ln_f.", "lm_head.")
    return trained == "all" or (trained == "adapters" and "lora" in name) or (trained == "last" and name.startswith(last))


def batch(step, sequences, context):
    """Windows of the text; every fifth answer does not count."""
    text = choice(INPUT, 0, PERIOD, VOCABULARY)
    first = [(step * sequences + b) * 7 for b in range(sequences)]
    rows = torch.stack([text[(torch.arange(context + 1) + at) % PERIOD] for at in first])
    answer = rows[:, 1:].clone().flatten()
    answer[::5] = -1
    return rows[:, :-1], answer


def losses(case):
    _, kind, context, layers, width, heads, tied, window, rank, trained, sequences, optimiser, rate, decay, clip = case
    if kind == "transformer":
        model = Transformer(context, layers, width, heads, tied, rank)
    else:
        model = Window(width, window) if kind == "mlp" else Bigram()
    fill(model)
    chosen = [(n, p) for n, p in slices(model) if is_trained(n, trained, layers)]
    decays = [p for n, p in chosen if p.dim() > 1 and not n.startswith(EMBEDDINGS)]
    plain = [p for n, p in chosen if p.dim() == 1 or n.startswith(EMBEDDINGS)]
    groups = [{"params": decays, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
    if optimiser == "sgd":
        opt = torch.optim.SGD(groups, lr=rate)
    else:
        opt = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    result = []
    for step in range(STEPS):
        token, answer = batch(step, sequences, context)
        loss = functional.cross_entropy(model(token).flatten(0, 1), answer, ignore_index=-1)
        opt.zero_grad()
        loss.backward()
        if clip > 0:
            torch.nn.utils.clip_grad_norm_([p for _, p in chosen], clip)
        opt.step()
        result.append(loss.item())
    return result


print_figures([case[0] for case in CASES], [losses(case) for case in CASES])
