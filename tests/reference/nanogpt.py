#!/usr/bin/python3
"""Makes nanogpt.safetensors: weights as the state dict of a nanoGPT model has them, and in the notes the losses that PyTorch finds with
them.  The arithmetic is nanoGPT's (pre-norm blocks, exact GELU, a tied head), written for this test; so is the layout of the file, which
needs no package beside PyTorch.  It is not part of `make check`:

    /usr/bin/python3 tests/reference/nanogpt.py tests/reference/nanogpt.safetensors
"""
import json
import math
import struct
import sys

import torch
from torch.nn import functional as F

V, T, C, LAYERS, HEADS = 256, 8, 16, 2, 2
torch.manual_seed(11)


def tensor(*shape, mean=0.0, sd=0.25):
    return mean + sd * torch.randn(*shape)


state = {"transformer.wte.weight": tensor(V, C), "transformer.wpe.weight": tensor(T, C)}
for n in range(LAYERS):
    block = f"transformer.h.{n}."
    for norm in ("ln_1", "ln_2"):
        state[block + norm + ".weight"] = tensor(C, mean=1)
        state[block + norm + ".bias"] = tensor(C)
    # The causal mask, a buffer: there where PyTorch has no attention of its own.
    state[block + "attn.bias"] = torch.tril(torch.ones(T, T)).view(1, 1, T, T)
    for layer, out, into in (("attn.c_attn", 3 * C, C), ("attn.c_proj", C, C), ("mlp.c_fc", 4 * C, C),
                             ("mlp.c_proj", C, 4 * C)):
        state[block + layer + ".weight"] = tensor(out, into)
        state[block + layer + ".bias"] = tensor(out)
state["transformer.ln_f.weight"] = tensor(C, mean=1)
state["transformer.ln_f.bias"] = tensor(C)
state["lm_head.weight"] = state["transformer.wte.weight"]


def loss_of(biases):
    def get(name):
        found = state[name]
        return found if biases or not name.endswith(".bias") else torch.zeros_like(found)

    def dense(x, name):
        return F.linear(x, get(name + ".weight"), get(name + ".bias"))

    def norm(x, name):
        return F.layer_norm(x, (C,), get(name + ".weight"), get(name + ".bias"), 1e-5)

    # Rows as anybody can make them again.
    tokens = torch.tensor([[(7 * t * t + 31 * s + 11) % V for t in range(T + 1)] for s in range(3)])
    x = get("transformer.wte.weight")[tokens[:, :-1]] + get("transformer.wpe.weight")
    for n in range(LAYERS):
        block = f"transformer.h.{n}."
        q, k, v = (part.view(3, T, HEADS, C // HEADS).transpose(1, 2)
                   for part in dense(norm(x, block + "ln_1"), block + "attn.c_attn").split(C, 2))
        weights = (q @ k.transpose(2, 3) / math.sqrt(C // HEADS)).masked_fill(
            state[block + "attn.bias"] == 0, -math.inf).softmax(3)
        x = x + dense((weights @ v).transpose(1, 2).reshape(3, T, C), block + "attn.c_proj")
        x = x + dense(F.gelu(dense(norm(x, block + "ln_2"), block + "mlp.c_fc")), block + "mlp.c_proj")
    logits = F.linear(norm(x, "transformer.ln_f"), state["lm_head.weight"])
    return F.cross_entropy(logits.view(-1, V), tokens[:, 1:].reshape(-1)).item()


notes = {"loss": f"{loss_of(True):.9g}", "loss_without_biases": f"{loss_of(False):.9g}"}
header, data = {"__metadata__": notes}, b""
for name, values in state.items():
    numbers = values.flatten().tolist()
    raw = struct.pack(f"<{len(numbers)}f", *numbers)
    header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<Q", len(text)) + text + data)
print(notes)
