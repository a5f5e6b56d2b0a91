# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written: a capture as pcapng, and beside it the states, in the form of captures/kernel."""

import dataclasses
import json
import platform
import struct

CLIENT, SERVER = "client", "server"


@dataclasses.dataclass
class Row:
    """A captured segment, and both kernels' states when it had been delivered and processed."""
    frame: int
    conn: int
    segment: object
    sender: str  # CLIENT or SERVER
    fate: str
    state: dict
    time_ns: int
    link: bytes  # the Ethernet header
    note: str = ""
    sent: dict = dataclasses.field(default_factory=dict)  # {end: flags that it has sent so far}
    held: set = dataclasses.field(default_factory=set)  # ends that a captured segment is still on its way to
    timed_out: set = dataclasses.field(default_factory=set)  # ends whose socket went without a segment
    hidden: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Connection:
    client: tuple
    server: tuple
    active: set  # ends that opened actively
    clean: bool = True


def end_text(end):
    return f"[{end[0]}]:{end[1]}" if ":" in end[0] else f"{end[0]}:{end[1]}"


def write_pcapng(path, rows):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    resolution = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)  # nanoseconds
    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(block(1, struct.pack("<HHI", 1, 0, 0) + resolution))
        for row in rows:
            frame = row.link + row.segment.packet
            file.write(block(6, struct.pack("<IIIII", 0, row.time_ns >> 32, row.time_ns & 0xFFFFFFFF, len(frame),
                                            len(frame)) + frame))


def write_truth(path, scenario, rows, connections):
    head = {"scenario": scenario.name, "description": scenario.description, "vantage": scenario.vantage,
            "kernel": platform.release(), "kind": scenario.kind,
            "conns": [{"conn": i, "client": end_text(c.client), "server": end_text(c.server), "clean": c.clean}
                      for i, c in enumerate(connections)]}
    with open(path, "w", encoding="utf-8") as file:
        print(json.dumps(head), file=file)
        for row in rows:
            line = {"frame": row.frame, "conn": row.conn, **row.state, "fate": row.fate}
            if row.hidden:
                line["hidden"] = row.hidden
            line["dir"] = "c>s" if row.sender == CLIENT else "s>c"
            if row.note:
                line["note"] = row.note
            print(json.dumps(line), file=file)
