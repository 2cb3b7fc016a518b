#!/usr/bin/python3
"""Makes start.safetensors: a small net as Python writes it, and in its notes the loss that PyTorch finds with it.

The layout is written by hand, so that it needs no package beside PyTorch; it is not part of `make check`:

    /usr/bin/python3 tests/reference/start.py tests/reference/start.safetensors
"""
import json
import struct
import sys

import torch
from torch import nn

torch.manual_seed(3)
net = nn.ModuleDict({"layers": nn.ModuleList([nn.Linear(4, 6), nn.Linear(6, 5), nn.Linear(5, 3)]),
                     "norms": nn.ModuleList([nn.LayerNorm(6), nn.LayerNorm(5)])})
with torch.no_grad():
    for norm in net["norms"]:
        norm.weight.uniform_(0.5, 1.5)
        norm.bias.uniform_(-0.5, 0.5)

# Rows as anybody can make them again: (row + 1) * (input + 2) mod 17, and row mod 3 for a class.
ROWS = 60
x = torch.tensor([[((r + 1) * (i + 2)) % 17 / 8 - 1 for i in range(4)] for r in range(ROWS)])
y = torch.tensor([r % 3 for r in range(ROWS)])
h = x
for layer, norm in zip(net["layers"], net["norms"]):
    h = torch.tanh(norm(layer(h)))
loss = nn.functional.cross_entropy(net["layers"][2](h), y).item()

header, data = {"__metadata__": {"loss": f"{loss:.9g}"}}, b""
for name, tensor in net.state_dict().items():
    values = tensor.flatten().tolist()
    raw = struct.pack(f"<{len(values)}f", *values)
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<Q", len(text)) + text + data)
