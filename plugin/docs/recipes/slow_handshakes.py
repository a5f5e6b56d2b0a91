#!/usr/bin/env python3
"""Connections of a capture by the round trip of their handshake, the slowest first.

slow_handshakes.py CAPTURE

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import subprocess
import sys

if len(sys.argv) != 2:
    sys.exit("usage: slow_handshakes.py CAPTURE")
command = ["tshark", "-2", "-r", sys.argv[1], "-Y", "tcpwave.handshake.step == 3", "-T", "ek"]
done = subprocess.run(command, stdout=subprocess.PIPE, text=True)  # tshark says itself what is wrong
if done.returncode != 0:
    sys.exit(done.returncode)
text = done.stdout
found = []
for line in text.splitlines():
    packet = json.loads(line)
    if "layers" not in packet:  # every other line names an index
        continue
    wave = packet["layers"]["tcp"]["tcpwave"]
    if "tcpwave_tcpwave_handshake_rtt" in wave:
        found.append((float(wave["tcpwave_tcpwave_handshake_rtt"]), wave["tcpwave_tcpwave_conn"],
                      wave["tcpwave_tcpwave_outcome"]))
for rtt, connection, outcome in sorted(found, key=lambda row: (-row[0], int(row[1]))):
    print(f"connection {connection}: {rtt * 1000:.3f} ms, {outcome}")
