#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures to measure the plugin's cost with: many short connections, few long ones, a flood of SYNs.

    captures.py short|pages|long|syn SEGMENTS FILE [SNAP]

Each has as many segments as asked for. `short`: 64 HTTP requests at a time over IPv4, each in a
connection of its own of eleven segments with time stamps, snapped at 96 bytes. `pages`: the same
with answers of three full segments, not snapped. `long`: five downloads. `syn`: every SYN from
another address and port. SNAP is another snap length, in bytes. The same arguments give the same file.
"""
import ipaddress
import random
import struct
import sys

SNAP = 96
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
SERVER = "192.0.2.1"


class Pcap:
    """Writes Ethernet frames, one microsecond apart, until there are enough."""

    def __init__(self, path, segments, snap=SNAP):
        self.file, self.snap = open(path, "wb"), snap
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, 1))
        self.left = segments
        self.now = 1_700_000_000_000_000

    def write(self, source, destination, tcp, payload):
        length = 20 + len(tcp) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, length, self.left & 0xFFFF, 0x4000, 64, 6, 0,
                         source[0], destination[0])
        frame = b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + ip + tcp
        frame += (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"x" * self.snap)[:payload]
        self.now += 7
        self.file.write(struct.pack("<IIII", self.now // 1_000_000, self.now % 1_000_000,
                                    min(self.snap, len(frame)), 14 + length) + frame[:self.snap])
        self.left -= 1


class End:
    """One end of a connection: an address, a port, and the numbers that it is at."""

    def __init__(self, address, port, isn):
        self.address = (ipaddress.ip_address(address).packed, port)
        self.port, self.next, self.clock = port, isn, isn >> 3
        self.peer = None

    def send(self, pcap, flags, payload=0):
        self.clock += 1
        options = struct.pack(">BBBBII", 1, 1, 8, 10, self.clock, self.peer.clock)
        if flags & SYN:
            options = struct.pack(">BBHBB", 2, 4, 1460, 4, 2) + options[2:] + struct.pack(
                ">BBBB", 1, 3, 3, 7)
        ack = self.peer.next if flags & ACK else 0
        head = struct.pack(">HHIIBBHHH", self.port, self.peer.port, self.next & 0xFFFFFFFF,
                           ack & 0xFFFFFFFF, (20 + len(options)) // 4 << 4, flags, 502,
                           self.next & 0xFFFF, 0)
        pcap.write(self.address, self.peer.address, head + options, payload)
        self.next += payload + bool(flags & SYN) + bool(flags & FIN)


def pair(chance, client, port, server_port=80):
    a = End(client, port, chance.getrandbits(32))
    b = End(SERVER, server_port, chance.getrandbits(32))
    a.peer, b.peer = b, a
    return a, b


def request(pcap, a, b, answer):
    """One request in a connection of its own; stops after each segment."""
    for end, flags, payload in ((a, SYN, 0), (b, SYN | ACK, 0), (a, ACK, 0), (a, PSH | ACK, 84),
                                (b, ACK, 0), *((b, PSH | ACK, size) for size in answer), (a, ACK, 0),
                                (b, FIN | ACK, 0), (a, ACK, 0), (a, FIN | ACK, 0), (b, ACK, 0)):
        end.send(pcap, flags, payload)
        yield


def download(pcap, a, b):
    for end, flags, payload in ((a, SYN, 0), (b, SYN | ACK, 0), (a, ACK, 0), (a, PSH | ACK, 84)):
        end.send(pcap, flags, payload)
        yield
    while True:
        for _ in range(2):
            b.send(pcap, ACK, 1448)
            yield
        a.send(pcap, ACK)
        yield


def short(pcap, chance, answer=(853,)):
    def opened():
        n = 0
        while True:
            n += 1
            client = f"198.18.{n // 28000 % 250}.{n % 5 + 1}"
            yield request(pcap, *pair(chance, client, 32768 + n % 28000), answer)

    fresh = opened()
    going = [next(fresh) for _ in range(64)]
    while pcap.left > 0:
        i = chance.randrange(len(going))
        if next(going[i], "over") == "over":
            going[i] = next(fresh)


def pages(pcap, chance):
    short(pcap, chance, answer=(1448, 1448, 1448))


def long(pcap, chance):
    going = [download(pcap, *pair(chance, "198.18.0.1", 40000 + i)) for i in range(5)]
    while pcap.left > 0:
        next(chance.choice(going))


def syn(pcap, chance):
    n = 0
    while pcap.left > 0:
        n += 1
        client = str(ipaddress.ip_address(0x0A000000 + n // 60000))
        a, _ = pair(chance, client, 1024 + n % 60000)
        a.send(pcap, SYN)


def main():
    kinds = {"short": short, "pages": pages, "long": long, "syn": syn}
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in kinds or not all(n.isdigit() for n in sys.argv[2::2]):
        sys.exit(__doc__)
    snap = int(sys.argv[4]) if len(sys.argv) == 5 else 1514 if sys.argv[1] == "pages" else SNAP
    kinds[sys.argv[1]](Pcap(sys.argv[3], int(sys.argv[2]), snap), random.Random(1))


if __name__ == "__main__":
    main()
