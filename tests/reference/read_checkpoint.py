#!/usr/bin/env python3
"""Reads a checkpoint with nothing but the standard library, as anybody might: prints its notes' step and each parameter's first and
last value.  tests/unit/test_checkpoint.c compares them with what it wrote."""
import json
import struct
import sys

with open(sys.argv[1], "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
    data = file.read()
notes = header.pop("__metadata__")
print(notes["format"], notes["step"], notes["architecture"], json.loads(notes["columns"])["target"]["name"])
for name in sorted(header):
    if name.startswith("layers."):
        begin, end = header[name]["data_offsets"]
        values = struct.unpack(f"<{(end - begin) // 4}f", data[begin:end])
        print(name, header[name]["shape"], f"{values[0]:.9g} {values[1]:.9g} {values[-1]:.9g}")
