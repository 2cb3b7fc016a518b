#!/usr/bin/python3
"""The same nets trained with PyTorch, one thread, as the bench's peer.

Usage: peer_torch.py tiny|small|large.  Says "ready", then for each line on standard input runs one slice of training and answers with its
steps a second.  A step is the usual loop: a batch drawn from a shuffled epoch, forward, loss, backward, update, the loss read.
"""
import sys
import time

import torch
from torch import nn

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


def main():
    torch.set_num_threads(1)
    training = Training(*CASES[sys.argv[1]])
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
