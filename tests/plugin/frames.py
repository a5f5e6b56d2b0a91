"""Frames for captures that no ordinary machine records: tunnels, fragments, errors, faults.

A frame is bytes; each function wraps bytes in one more header. Only what the tests of the plugin
need. Addresses are host numbers: 1 is 10.0.0.1 or 2001:db8::1.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import struct

TCP, UDP, GRE, ICMP, IPIP, IPV6_IN_IP, DESTINATION_OPTIONS, ICMPV6 = 6, 17, 47, 1, 4, 41, 60, 58
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def v4(host):
    return bytes([10, host >> 16, host >> 8 & 0xFF, host & 0xFF])


def v6(host):
    return bytes.fromhex("20010db8") + bytes(10) + struct.pack("!H", host)


def tcp(source, destination, ports, flags, seq, ack=0, data=b"", *, options=b"", window=8000,
        offset=None, address=v4, good=True):
    """A TCP segment with the right checksum for these two hosts (or a wrong one)."""
    words = 5 + len(options) // 4 if offset is None else offset
    header = struct.pack("!HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, words << 4,
                         flags, window, 0, 0)
    body = header + options + data
    a, b = address(source), address(destination)
    length = struct.pack("!I", len(body))
    total = checksum(a + b + length + bytes([0, 0, 0, TCP]) + body)
    if not good:
        total ^= 0x5555
    return body[:16] + struct.pack("!H", total) + body[18:]


def ipv4(source, destination, payload, protocol=TCP, *, ident=1, more=False, offset=0, ttl=64,
         length=None):
    word = (0x2000 if more else 0) | offset // 8
    total = 20 + len(payload) if length is None else length
    header = struct.pack("!BBHHHBBH", 0x45, 0, total, ident, word, ttl, protocol, 0)
    header += v4(source) + v4(destination)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(source, destination, payload, protocol=TCP, *, hops=64):
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops) + v6(source) + \
        v6(destination) + payload


def destination_options(payload, protocol=TCP):
    return bytes([protocol, 0, 1, 4, 0, 0, 0, 0]) + payload


def fragments(source, destination, payload, size, protocol=TCP, ident=77):
    """The payload in IPv4 fragments of `size` octets (a multiple of 8)."""
    parts = [payload[i:i + size] for i in range(0, len(payload), size)]
    return [ipv4(source, destination, part, protocol, ident=ident, more=i < len(parts) - 1,
                 offset=i * size) for i, part in enumerate(parts)]


def udp(source_port, destination_port, payload):
    return struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0) + payload


def gre(payload, key=None, protocol=0x0800):
    if key is None:
        return struct.pack("!HH", 0, protocol) + payload
    return struct.pack("!HHI", 0x2000, protocol, key) + payload


def vxlan(vni, frame):
    return udp(54321, 4789, struct.pack("!II", 0x08000000, vni << 8) + frame)


def geneve(vni, frame, options=b""):
    return udp(54321, 6081, struct.pack("!BBHI", len(options) // 4, 0, 0x6558, vni << 8) + options +
               frame)


def gtp(teid, packet):
    return udp(2152, 2152, struct.pack("!BBHI", 0x30, 255, len(packet), teid) + packet)


def icmp_error(packet, kind=3, code=3):
    """Destination unreachable with the first octets of the packet in question."""
    body = struct.pack("!BBHI", kind, code, 0, 0) + packet
    return body[:2] + struct.pack("!H", checksum(body)) + body[4:]


def icmpv6_error(source, destination, packet):
    body = struct.pack("!BBHI", 1, 4, 0, 0) + packet
    pseudo = v6(source) + v6(destination) + struct.pack("!II", len(body), ICMPV6)
    return body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]


def ethernet(packet, *, vlans=()):
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in vlans)
    return bytes.fromhex("020000000002020000000001") + tags + struct.pack("!H", kind) + packet


def cooked(packet, version=1):
    """As the "any" device of Linux captures it."""
    address = struct.pack("!HQ", 6, packet[15] << 48)  # differs by direction, as it would
    if version == 1:
        return struct.pack("!HH", 0, 1) + address[:10] + struct.pack("!H", 0x0800) + packet
    return struct.pack("!HHIHBB", 0x0800, 0, 3, 1, 0, 6) + address[2:] + packet


ETHERNET, COOKED, COOKED_2, RAW = 1, 113, 276, 101


def write_pcap(path, frames, *, snap=0, start=1_700_000_000.0, step=0.010, link=ETHERNET):
    """A classic pcap file, its frames ten milliseconds apart."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
        for i, frame in enumerate(frames):
            microseconds = round((start + i * step) * 1_000_000)
            captured = frame[:snap] if snap else frame
            file.write(struct.pack("<IIII", microseconds // 1_000_000, microseconds % 1_000_000,
                                   len(captured), len(frame)) + captured)


def conversation(client=1, server=2, *, port=40000, isn=1000, peer_isn=5000, address=v4,
                 data=b"hello"):
    """(source, destination, TCP segment) of a whole connection, closed in four segments by the
    client: eight segments, two of them with data."""
    ports, back = (port, 80), (80, port)
    n = len(data)

    def out(flags, seq, ack, payload=b""):
        return client, server, tcp(client, server, ports, flags, isn + seq, ack and peer_isn + ack,
                                   payload, address=address)

    def reply(flags, seq, ack, payload=b""):
        return server, client, tcp(server, client, back, flags, peer_isn + seq, isn + ack, payload,
                                   address=address)

    return [out(SYN, 0, 0), reply(SYN | ACK, 0, 1), out(ACK, 1, 1),
            out(PSH | ACK, 1, 1, data), reply(ACK, 1, 1 + n),
            out(FIN | ACK, 1 + n, 1), reply(ACK, 1, 2 + n), reply(FIN | ACK, 1, 2 + n),
            out(ACK, 2 + n, 2)]
