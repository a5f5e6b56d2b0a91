# SPDX-License-Identifier: GPL-2.0-or-later
"""A scenario is a function that gets a Lab; the decorator keeps it in a list with its name.

    @scenario("close4-client", "handshake, request and response, four-segment close by the client")
    def close4(lab):
        client, server = lab.open()
        lab.exchange(client, server)
        lab.close(client, server)
"""

import dataclasses
import socket

import hidden
import host
from record import CLIENT, SERVER, write_pcapng, write_truth
from wire import DROP, Wire

ALL = {}
PORT, SERVER_PORT = 40000, 8000


@dataclasses.dataclass
class Scenario:
    name: str
    description: str
    play: object
    vantage: str
    kind: str
    stamps: bool
    keep: object = None  # of the rows, those that a worse tap has; all where there is none


def scenario(name, description, vantage="mid", kind="named", stamps=True, **arguments):
    def keep(play):
        if name in ALL:
            raise ValueError(f"two scenarios {name}")
        ALL[name] = Scenario(name, description, lambda lab: play(lab, **arguments), vantage, kind, stamps)
        return play
    return keep


def view(name, base, description, vantage, keep):
    """What a worse tap would have of another scenario."""
    of = ALL[base]
    ALL[name] = dataclasses.replace(of, name=name, description=description, vantage=vantage, keep=keep)


class Lab(Wire):
    """Two hosts and the wire between them, with what most scenarios do."""

    def __init__(self, stamps=True):
        super().__init__(host.Host("192.0.2.10", "2001:db8:a::10", "02000000000a"),
                         host.Host("198.51.100.20", "2001:db8:b::20", "02000000000b"))
        self.client, self.server = self.hosts[CLIENT], self.hosts[SERVER]
        for each in self.hosts.values():
            each.namespace.sysctl("ipv4.tcp_timestamps", int(stamps))
        self.listeners = {}

    def listener(self, port=SERVER_PORT, six=False, **options):
        if port not in self.listeners:
            self.listeners[port] = self.server.listen(port, six, **options)
        return self.listeners[port]

    def connecting(self, port=PORT, server_port=SERVER_PORT, six=False, isn=None, socket_options=()):
        """The client's socket, its SYN under way."""
        s = self.client.socket(port, six)
        for option in socket_options:
            s.setsockopt(*option)
        client = (self.client.address6 if six else self.client.address, port)
        server = (self.server.address6 if six else self.server.address, server_port)
        self.opened(client, server)
        host.connect(s, server, isn)
        return s

    def open(self, port=PORT, six=False, **options):
        """Both ends' sockets of a connection that is open."""
        listener = self.listener(six=six)
        client = self.connecting(port, six=six, **options)
        return client, self.accepted(listener)

    def accepted(self, listener=None):
        server = None

        def waits():
            nonlocal server
            server = server or host.accept(listener or self.listener())
            return server is not None

        self.until(waits)
        self.settle()
        return server

    def say(self, sender, octets=120):
        sender.send(b"x" * octets)

    def tell(self, sender, receiver, octets=120):
        """Data, read by the other end."""
        left = octets
        got = 0
        while got < octets:
            if left:
                try:
                    left -= sender.send(b"x" * left)
                except BlockingIOError:
                    pass
            self.step(0.05)
            got += len(host.read(receiver))
        self.settle()

    def exchange(self, client, server, request=120, response=400):
        self.tell(client, server, request)
        self.tell(server, client, response)

    def shut(self, s):
        s.shutdown(socket.SHUT_WR)
        self.settle()

    def close(self, first, second, wait=True):
        """`first` sends its FIN, then `second`; with `wait` the ACK goes alone."""
        self.shut(first) if wait else first.shutdown(socket.SHUT_WR)
        self.until(lambda: second.recv(1, socket.MSG_PEEK) == b"" if self._readable(second) else False)
        host.read(second)
        second.close()
        self.settle()
        host.read(first)
        first.close()
        self.settle()

    @staticmethod
    def _readable(s):
        try:
            s.recv(1, socket.MSG_PEEK)
            return True
        except BlockingIOError:
            return False

    def silence(self, *ends):
        """From now on nothing of these ends arrives."""
        for end in ends:
            self.fate(end, lambda _: True, DROP, times=-1)


def play(chosen, folder):
    """Plays a scenario and writes its two files; how many segments it has."""
    lab = Lab(chosen.stamps)
    chosen.play(lab)
    if not lab.rows:
        raise RuntimeError(f"{chosen.name}: nothing was captured")
    hidden.mark(lab.rows, lab.connections)
    rows = lab.rows
    if chosen.keep:
        rows = chosen.keep(lab.rows)
        hidden.cut(lab.rows, rows)
        for frame, row in enumerate(rows, 1):
            row.frame = frame
        for connection in lab.connections:
            connection.clean = False
    write_pcapng(folder / f"{chosen.name}.pcapng", rows)
    write_truth(folder / f"{chosen.name}.truth.jsonl", chosen, rows, lab.connections)
    return len(rows)
