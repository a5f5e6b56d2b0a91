#!/usr/bin/env python3
"""An Elasticsearch mapping of tcpwave's fields, as `tshark -T ek` writes them.

elastic_mapping.py > mapping.json

It starts from tshark's own, which differs from tshark's output in three things: it expects the fields at
the top, while they stand within TCP's; it calls a relative time a date, while it is written as seconds;
and it leaves out strings, which are then stored but not found.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import subprocess
import sys


def tshark(*arguments):
    return subprocess.run(["tshark", *arguments], check=True, capture_output=True, text=True).stdout


mapping = json.loads(tshark("-G", "elastic-mapping", "--elastic-mapping-filter", "tcpwave"))
layers = mapping["mappings"]["properties"]["layers"]["properties"]
fields = layers.pop("tcpwave")["properties"]
for line in tshark("-G", "fields").splitlines():
    kind, _, name, *rest = line.split("\t")
    if kind != "F" or not name.startswith("tcpwave."):
        continue
    key = "tcpwave_" + name.replace(".", "_")
    if rest[0] == "FT_RELATIVE_TIME":
        fields[key] = {"type": "double"}
    elif rest[0] == "FT_STRING":
        fields[key] = {"type": "keyword"}
layers["tcp"] = {"properties": {"tcpwave": {"properties": fields}}}
json.dump(mapping, sys.stdout, indent=1)
