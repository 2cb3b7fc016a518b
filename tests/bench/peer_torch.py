#!/usr/bin/python3
"""The same nets trained with PyTorch, one thread, as the bench's peer.

Usage: peer_torch.py tiny|small|large|language.  Says "ready", then for each line on standard input runs one slice of training and answers with its
steps a second.  A step is the usual loop: a batch drawn from a shuffled epoch, forward, loss, backward, update, the loss read.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional

SLICE = 0.1  # seconds

# name: widths, activation, batch, rows, optimiser, rate
CASES = {
    "tiny": ([2, 8, 8, 2], nn.Tanh, 10, 200, torch.optim.SGD, 0.2),
    "small": ([64, 64, 10], nn.ReLU, 32, 1347, torch.optim.Adam, 0.002),
    "large": ([784, 512, 512, 10], nn.ReLU, 128, 4096, torch.optim.Adam, 0.001),
}


class Training:
    def __init__(self, widths, activation, batch, rows, optimiser, rate):
        torch.manual_seed(1)
        layers = []
        for fan_in, fan_out in zip(widths, widths[1:]):
            layers += [nn.Linear(fan_in, fan_out), activation()]
        self.net = nn.Sequential(*layers[:-1])
        self.batch, self.rows = batch, rows
        self.label = torch.arange(rows) * 7 % widths[-1]
        self.x = torch.randn(widths[-1], widths[0])[self.label] + 2 * torch.randn(rows, widths[0])
        self.optimiser = optimiser(self.net.parameters(), lr=rate)
        self.loss = nn.CrossEntropyLoss()
        self.order, self.at = torch.randperm(rows), 0

    def step(self):
        if self.at >= self.rows:
            self.order, self.at = torch.randperm(self.rows), 0
        rows = self.order[self.at:self.at + self.batch]
        self.at += self.batch
        loss = self.loss(self.net(self.x[rows]), self.label[rows])
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return loss.item()


class Block(nn.Module):
    """As nanoGPT's, without bias-free options and dropout."""

    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.triple, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("later", torch.ones(context, context, dtype=torch.bool).triu(1))

    def forward(self, x):
        sequences, length, width = x.shape
        q, k, v = (part.view(sequences, length, self.heads, -1).transpose(1, 2)
                   for part in self.triple(self.norms[0](x)).split(width, dim=2))
        score = (q @ k.transpose(2, 3)) * (width // self.heads) ** -0.5
        y = score.masked_fill(self.later, -torch.inf).softmax(3) @ v
        x = x + self.project(y.transpose(1, 2).reshape(sequences, length, width))
        return x + self.narrow(functional.gelu(self.widen(self.norms[1](x))))


class Language:
    """nanoGPT's setting for a CPU: 4 blocks, width 128, 4 heads, 12 windows of 64 tokens, vocabulary 65, AdamW, clipping at 1."""

    VOCABULARY, CONTEXT, WIDTH, SEQUENCES = 65, 64, 128, 12

    def __init__(self):
        torch.manual_seed(1)
        self.tokens, self.positions = nn.Embedding(self.VOCABULARY, self.WIDTH), nn.Embedding(self.CONTEXT, self.WIDTH)
        self.blocks = nn.Sequential(*(Block(self.WIDTH, 4, self.CONTEXT) for _ in range(4)),
                                    nn.LayerNorm(self.WIDTH), nn.Linear(self.WIDTH, self.VOCABULARY, bias=False))
        self.parameters = [p for module in (self.tokens, self.positions, self.blocks) for p in module.parameters()]
        groups = [{"params": [p for p in self.parameters if (p.dim() > 1) == decays], "weight_decay": 0.1 * decays}
                  for decays in (True, False)]
        self.optimiser = torch.optim.AdamW(groups, lr=0.001)
        self.text = torch.randint(self.VOCABULARY, (100000,))

    def step(self):
        first = torch.randint(len(self.text) - self.CONTEXT, (self.SEQUENCES,))
        x = torch.stack([self.text[at:at + self.CONTEXT] for at in first])
        y = torch.stack([self.text[at + 1:at + 1 + self.CONTEXT] for at in first])
        logits = self.blocks(self.tokens(x) + self.positions.weight)
        loss = functional.cross_entropy(logits.flatten(0, 1), y.flatten())
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        return loss.item()


def main():
    torch.set_num_threads(1)
    training = Language() if sys.argv[1] == "language" else Training(*CASES[sys.argv[1]])
    for _ in range(20):
        training.step()
    print("ready", flush=True)
    for _ in sys.stdin:
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < SLICE:
            training.step()
            steps += 1
        print(steps / (time.perf_counter() - start), flush=True)


main()
