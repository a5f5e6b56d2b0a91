# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP segments as the kernels send them, taken apart as far as fates need, and segments that we forge."""

import dataclasses
import random
import socket
import struct

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
LETTERS = {"F": FIN, "S": SYN, "R": RST, "P": PSH, "A": ACK, "U": URG}


@dataclasses.dataclass
class Segment:
    packet: bytes  # from the IP header on
    source: tuple  # (address, port)
    target: tuple
    seq: int
    ack: int
    flags: int
    payload: int
    stamps: bytes  # the option, empty where there is none

    def has(self, flag):
        return bool(self.flags & flag)

    @property
    def length(self):
        return self.payload + self.has(SYN) + self.has(FIN)

    @property
    def end(self):
        return (self.seq + self.length) % 2**32


def parse(packet):
    """Nothing for what is no TCP: the kernels also ask for routers and neighbours."""
    six = packet[0] >> 4 == 6
    if packet[6 if six else 9] != socket.IPPROTO_TCP:
        return None
    header = 40 if six else packet[0] % 16 * 4
    family = socket.AF_INET6 if six else socket.AF_INET
    size = 16 if six else 4
    at = 8 if six else 12
    addresses = [socket.inet_ntop(family, packet[at + i * size:at + (i + 1) * size]) for i in (0, 1)]
    tcp = packet[header:]
    ports = struct.unpack_from("!HH", tcp)
    seq, ack = struct.unpack_from("!II", tcp, 4)
    options = tcp[12] // 16 * 4
    return Segment(packet, (addresses[0], ports[0]), (addresses[1], ports[1]), seq, ack, tcp[13] & 63,
                   len(tcp) - options, _stamps(tcp[20:options]))


def _stamps(options):
    at = 0
    while at < len(options) and options[at] != 0:
        if options[at] == 1:
            at += 1
            continue
        size = options[at + 1]
        if options[at] == 8:
            return options[at:at + size]
        at += size
    return b""


def checksum(octets):
    octets += bytes(len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def build(source, target, letters, seq, ack=0, payload=0, window=502, stamps=b""):
    """A forged segment, as a packet."""
    flags = sum(LETTERS[letter] for letter in letters)
    options = b"\1\1" + stamps if stamps else b""
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], seq % 2**32, ack % 2**32, (5 + len(options) // 4) << 4, flags,
                      window, 0, 0) + options + b"x" * payload
    six = ":" in source[0]
    family = socket.AF_INET6 if six else socket.AF_INET
    ends = socket.inet_pton(family, source[0]) + socket.inet_pton(family, target[0])
    pseudo = ends + struct.pack("!II" if six else "!HH", *((len(tcp), 6) if six else (6, len(tcp))))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    if six:
        return struct.pack("!IHBB", 6 << 28, len(tcp), 6, 64) + ends + tcp
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), random.randrange(1, 2**16), 0x4000, 64, 6, 0) + ends
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


# What a fate can be meant for.
def syn(s): return s.flags & (SYN | ACK | RST) == SYN
def synack(s): return s.flags & (SYN | ACK) == SYN | ACK
def fin(s): return s.has(FIN)
def rst(s): return s.has(RST)
def data(s): return s.payload > 0
def bare_ack(s): return s.flags & ~PSH == ACK and s.payload == 0
def any_segment(_): return True
