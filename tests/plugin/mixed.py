"""Captures with many connections: one of each fate, and a server that leaks sockets.

mixed.py FILE.pcap writes the first one, mixed.py --leak FILE.pcap the second.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import sys

import frames
from frames import ACK, FIN, RST, SYN, ethernet, ipv4, tcp


class Connection:
    """Segments between a client (host 1) and a server (host 2), each with the right numbers."""

    def __init__(self, port, client=1, server=2):
        self.ends = {"client": (client, port), "server": (server, 80)}
        self.packets = 0
        self.next = {"client": 1000 * port, "server": 700000 + 1000 * port}

    def send(self, sender, flags, data=b"", again=False):
        """A frame; `again` sends the same number as the segment before."""
        receiver = "server" if sender == "client" else "client"
        (a, port), (b, peer_port) = self.ends[sender], self.ends[receiver]
        length = len(data) + bool(flags & SYN) + bool(flags & FIN)
        seq = self.next[sender] - (length if again else 0)
        if not again:
            self.next[sender] += length
        ack = self.next[receiver] if flags & ACK else 0
        self.packets += 1
        segment = tcp(a, b, (port, peer_port), flags, seq, ack, data)
        return ethernet(ipv4(a, b, segment, ident=self.packets))

    def open(self):
        return [self.send("client", SYN), self.send("server", SYN | ACK), self.send("client", ACK)]

    def request(self):
        return [self.send("client", ACK, b"GET"), self.send("server", ACK, b"200 OK"),
                self.send("client", ACK)]

    def close(self, first, segments=4):
        other = "server" if first == "client" else "client"
        return [self.send(first, FIN | ACK), self.send(other, ACK), self.send(other, FIN | ACK),
                self.send(first, ACK)][:segments]


def one_of_each():
    """Ten connections from ports 40000 to 40009, one after the other."""
    some = []
    for port, first in ((40000, "client"), (40001, "server")):
        c = Connection(port)
        some += c.open() + c.request() + c.close(first)
    c = Connection(40002)  # nothing listens
    some += [c.send("client", SYN), c.send("server", RST | ACK)]
    c = Connection(40003)  # nobody answers
    some += [c.send("client", SYN), c.send("client", SYN, again=True)]
    c = Connection(40004)  # the server aborts
    some += c.open() + c.request() + [c.send("server", RST | ACK)]
    c = Connection(40005)  # the server never closes
    some += c.open() + c.request() + c.close("client", 2)
    lost = Connection(40006)  # the last ACK is lost, the FIN comes again
    some += lost.open() + lost.request() + lost.close("client")
    c = Connection(40007)  # goes on
    some += c.open() + c.request()
    c = Connection(40008)  # never completes its handshake
    some += c.open()[:2]
    c = Connection(40009)  # gives up in its handshake
    some += c.open()[:2] + [c.send("client", RST | ACK)]
    return some + [lost.send("server", FIN | ACK, again=True), lost.send("client", ACK)]


def leak(connections=120):
    """A server that forgets to close every third connection; frames of one connection interleave
    with those of the next ones."""
    timed = []
    for i in range(connections):
        c = Connection(41000 + i)
        some = c.open() + c.request() + c.close("client", 2 if i % 3 == 0 else 4)
        timed += [(i * 0.25 + n * 0.11, frame) for n, frame in enumerate(some)]
    return [frame for _, frame in sorted(timed, key=lambda pair: pair[0])]


if __name__ == "__main__":
    if sys.argv[1] == "--leak":
        frames.write_pcap(sys.argv[2], leak(), step=0.1)
    else:
        frames.write_pcap(sys.argv[1], one_of_each(), step=0.05)
