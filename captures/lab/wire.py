# SPDX-License-Identifier: GPL-2.0-or-later
"""The path between two hosts, one segment at a time, with the tap in its middle.

Every segment waits here until it is its turn; then its fate is looked up, the tap records it, the other
kernel gets it, and both kernels are asked for their states. Only then comes the next.
"""

import dataclasses
import select
import time
from enum import Enum

from record import CLIENT, SERVER, Connection, Row
from segment import RST, parse, build

PACE = 0.001  # seconds that a segment takes
QUIET = 0.06  # so long nothing comes where nothing more is under way: a delayed ACK takes 40 ms
LONGEST = 30.0  # seconds that anything is waited for

Fate = Enum("Fate", "DELIVER DROP LOSE DUPLICATE COPY HOLD LATE")
DELIVER = Fate.DELIVER
DROP = Fate.DROP  # captured, then lost
LOSE = Fate.LOSE  # lost before the tap
DUPLICATE = Fate.DUPLICATE  # twice before the tap
COPY = Fate.COPY  # captured once, delivered twice
HOLD = Fate.HOLD  # captured now, delivered when `after` further segments have been captured
LATE = Fate.LATE  # `after` further segments overtake it before the tap


class TooLong(Exception):
    """What a scenario waits for does not come."""


@dataclasses.dataclass
class Rule:
    sender: str
    kind: object  # predicate of a segment
    fate: Fate
    skip: int  # so many of the kind pass first
    times: int
    after: int

    def takes(self, sender, segment):
        if sender != self.sender or self.times == 0 or not self.kind(segment):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclasses.dataclass
class Waiting:
    sender: str
    segment: object
    delay: int = 0  # so many others go first
    fate: Fate = DELIVER
    judged: bool = False
    note: str = ""


class Wire:
    def __init__(self, client, server):
        self.hosts = {CLIENT: client, SERVER: server}
        self.queue, self.held, self.rules = [], [], []
        self.rows, self.connections = [], []
        self.current = {}  # {both ends: connection number}
        self.last = {}  # {(connection, end): its last segment}
        self.sent, self.before = {}, {}
        self.chance = None  # for random fates: segment -> Rule or None

    # --- what a scenario says ---

    def fate(self, sender, kind, fate, skip=0, times=1, after=1):
        """The next segments of this kind from this end have that fate."""
        self.rules.append(Rule(sender, kind, fate, skip, times, after))

    def opened(self, client, server, both_active=False):
        """A connection begins: the next segments between these ends are its own."""
        self.connections.append(Connection(client, server, {CLIENT, SERVER} if both_active else {CLIENT}))
        self.current[frozenset((client, server))] = len(self.connections) - 1
        return len(self.connections) - 1

    def forge(self, sender, letters, conn=0, seq=0, ack=0, payload=0, stamps=False, unseen=False):
        """A third party sends in this end's name; seq and ack count from where both ends are."""
        c = self.connections[conn]
        source, target = (c.client, c.server) if sender == CLIENT else (c.server, c.client)
        own, other = self.last.get((conn, sender)), self.last.get((conn, SERVER if sender == CLIENT else CLIENT))
        base = own.end if own else (other.ack if other else 0)
        covers = (other.end if other else 0) if "A" in letters else 0
        packet = build(source, target, letters, base + seq, covers + ack if "A" in letters else 0, payload,
                       stamps=own.stamps if stamps and own else b"")
        c.clean = False
        if unseen:
            self._deliver(sender, packet)
            self.collect()
        else:
            self._pass(Waiting(sender, parse(packet), judged=True), "injected")

    def settle(self, quiet=QUIET, longest=LONGEST):
        """Until nothing is under way and nothing has come for a while."""
        end = time.monotonic() + longest
        silent_until = time.monotonic() + quiet
        while time.monotonic() < end:
            over = time.monotonic() >= silent_until  # asked before the look, in case we were not let run
            if self.step(silent_until - time.monotonic()):
                silent_until = time.monotonic() + quiet
            elif over:
                return
        raise TooLong(f"no silence within {longest} s")

    def run(self, seconds):
        """So long, whatever comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.step(end - time.monotonic())

    def until(self, condition, longest=LONGEST):
        end = time.monotonic() + longest
        while not condition():
            if time.monotonic() > end:
                raise TooLong(f"{condition}: not within {longest} s")
            self.step(0.01)

    def captured(self, kind, sender=None, count=1):
        """Whether so many segments of a kind have been captured; for until()."""
        return lambda: sum(kind(r.segment) and sender in (None, r.sender) for r in self.rows) >= count

    # --- how it is done ---

    def collect(self):
        for sender, host in self.hosts.items():
            for packet in host.namespace.packets():
                segment = parse(packet)
                if segment is None:
                    continue
                self.queue.append(Waiting(sender, segment))
                conn = self.current.get(frozenset((segment.source, segment.target)))
                self.sent[conn, sender] = self.sent.get((conn, sender), 0) | segment.flags

    def step(self, patience):
        """One segment; False where none came within `patience` seconds."""
        self.collect()
        if not self.queue and self.held:  # nobody overtakes it any more
            self._release(self.held.pop(0))
            return True
        if not self.queue:
            tuns = [host.namespace.tun for host in self.hosts.values()]
            select.select(tuns, [], [], max(0.0, min(patience, 0.05)))
            self.collect()
            if not self.queue:
                return False
        self._next()
        return True

    def _next(self):
        position = next((i for i, w in enumerate(self.queue) if w.delay == 0), 0)
        waiting = self.queue.pop(position)
        if not waiting.judged:
            rule = self._rule(waiting)
            waiting.judged = True
            if rule:
                waiting.fate = rule.fate
                if rule.fate == LATE:
                    waiting.delay = rule.after
                    self.queue.insert(0, waiting)
                    return
                if rule.fate == HOLD:
                    waiting.delay = rule.after
        for other in self.queue:
            other.delay = max(0, other.delay - 1)
        time.sleep(PACE)
        self._pass(waiting, {DROP: "dropped", HOLD: "reordered", LATE: "reordered"}.get(waiting.fate, "delivered"))

    def _rule(self, waiting):
        for rule in self.rules:
            if rule.takes(waiting.sender, waiting.segment):
                return rule
        return self.chance(waiting) if self.chance else None

    def _pass(self, waiting, fate):
        segment, sender = waiting.segment, waiting.sender
        conn = self.current.get(frozenset((segment.source, segment.target)))
        if conn is None:
            raise TooLong(f"a segment of no connection: {segment}")
        if fate != "delivered" or waiting.fate != DELIVER:
            self.connections[conn].clean = False
        if waiting.fate == LOSE:
            return
        gone = self._gone(conn)
        time_ns = time.time_ns()
        if fate not in ("dropped",) and waiting.fate != HOLD:
            self._deliver(sender, segment.packet)
            if waiting.fate == COPY:
                self._deliver(sender, segment.packet)
        if waiting.fate == HOLD:
            self.held.append(waiting)
        self._record(waiting, conn, fate, time_ns, gone)
        if waiting.fate == DUPLICATE:
            time.sleep(PACE)
            note = f"copy of frame {len(self.rows)}"
            self._pass(Waiting(sender, segment, judged=True, note=note), "duplicate")
        for held in [h for h in self.held if h is not waiting]:
            held.delay -= 1
            if held.delay < 0:
                self.held.remove(held)
                self._release(held)

    def _release(self, held):
        """What the tap has recorded long ago arrives. The next row shows what it did; if there is none,
        the last one does."""
        self._deliver(held.sender, held.segment.packet)
        self.collect()
        row = self.rows[-1]
        held.delay = 0
        conn = row.conn
        row.state, row.sent, row.held = self._states(conn), self._sent(conn), self._held(conn)
        self.before[conn] = row.state

    def _deliver(self, sender, packet):
        self.hosts[SERVER if sender == CLIENT else CLIENT].namespace.deliver(packet)

    def _record(self, waiting, conn, fate, time_ns, gone):
        self.collect()
        if fate != "injected":
            self.last[conn, waiting.sender] = waiting.segment
        self.before[conn] = self._states(conn)
        host, other = (self.hosts[e] for e in ((CLIENT, SERVER) if waiting.sender == CLIENT else (SERVER, CLIENT)))
        ether_type = b"\x86\xdd" if waiting.segment.packet[0] >> 4 == 6 else b"\x08\x00"
        self.rows.append(Row(len(self.rows) + 1, conn, waiting.segment, waiting.sender, fate, self.before[conn],
                             time_ns, other.mac + host.mac + ether_type, waiting.note, self._sent(conn),
                             self._held(conn), gone))

    def _sent(self, conn):
        return {end: self.sent.get((conn, end), 0) for end in self.hosts}

    def _held(self, conn):
        return {SERVER if h.sender == CLIENT else CLIENT for h in self.held
                if self.current.get(frozenset((h.segment.source, h.segment.target))) == conn}

    def _gone(self, conn):
        """The ends whose socket went, since the last segment, without sending a RST."""
        before = self.before.get(conn)
        if not before:
            return set()
        now = self._states(conn)
        return {end for end in self.hosts if now[end] == "CLOSED"
                and before[end] not in ("CLOSED", "TIME_WAIT", "LISTEN") and not self.sent.get((conn, end), 0) & RST}

    def _states(self, conn):
        c = self.connections[conn]
        state = {CLIENT: self.hosts[CLIENT].table.state(c.client, c.server),
                 SERVER: self.hosts[SERVER].table.state(c.server, c.client)}
        opened = {"LISTEN", "SYN_RECEIVED", "SYN_SENT", "CLOSED"}
        for end in self.hosts:  # of a connection that was open, or that its end has reset, LISTEN says nothing
            was = any(r.conn == conn and r.state[end] not in opened for r in self.rows)
            if state[end] == "LISTEN" and (was or self.sent.get((conn, end), 0) & RST):
                state[end] = "CLOSED"
        return state
