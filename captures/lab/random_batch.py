# SPDX-License-Identifier: GPL-2.0-or-later
"""Batches of random connections, all at once, on paths that lose, double and reorder segments.

The seed is the batch's name, so that a batch is the same plan each time; what the kernels make of it depends
on their timers.
"""

import dataclasses
import random
import socket
import time

import host
from record import CLIENT
from scenario import scenario
from wire import COPY, DROP, DUPLICATE, HOLD, LATE, LOSE, Rule

CONNECTIONS = 25
AT_ONCE = 6
LONGEST = 60.0


@dataclasses.dataclass
class Plan:
    """What both applications do, as steps of a talk; each ends by a function of both sockets."""
    port: int
    octets: list  # (sender is the client, how many)
    ending: str
    six: bool


def make_plan(chance, number):
    talk = [(chance.random() < 0.5, chance.choice((50, 120, 600, 5000, 15000))) for _ in range(chance.randrange(4))]
    ending = chance.choice(("client", "client", "server", "server", "both", "client-now", "server-now", "half",
                            "abort-client", "abort-server", "unread", "refused"))
    return Plan(41000 + number, talk, ending, chance.random() < 0.2)


class Talk:
    """One connection in progress. step() goes on as far as it can and says whether it is over."""

    def __init__(self, lab, plan):
        self.lab, self.plan = lab, plan
        self.port = 8001 if plan.ending == "refused" else (8006 if plan.six else 8000)
        self.client = lab.connecting(plan.port, self.port, plan.six)
        self.server, self.left, self.got = None, list(plan.octets), 0
        self.since = time.monotonic()
        self.work = self._run()

    def step(self):
        try:
            next(self.work)
            return False
        except (StopIteration, ConnectionError, BrokenPipeError):
            return True

    def _run(self):
        end = self.since + LONGEST / 4
        while self.server is None:
            self.server = self.lab.take(self.plan)
            if self.server is None and (self.plan.ending == "refused" and time.monotonic() > self.since + 0.5
                                        or time.monotonic() > end):
                self.client.close()
                return
            yield
        for by_client, octets in self.left:
            yield from self._tell(*(self.client, self.server) if by_client else (self.server, self.client), octets, end)
        yield from self._end()

    @staticmethod
    def _tell(sender, receiver, octets, end):
        sent = got = 0
        while got < octets and time.monotonic() < end:
            try:
                sent += sender.send(b"x" * (octets - sent)) if sent < octets else 0
            except BlockingIOError:
                pass
            got += len(host.read(receiver))
            yield

    @staticmethod
    def _pause(seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            yield

    def _end(self):
        ending = self.plan.ending
        first, second = (self.client, self.server) if "server" not in ending else (self.server, self.client)
        if ending.startswith("abort"):
            host.abort(first)
            yield from self._pause(0.1)
            second.close()
            return
        if ending == "unread":
            self.client.send(b"x" * 100)
            yield from self._pause(0.1)
            self.server.close()
            self.client.close()
            return
        first.shutdown(socket.SHUT_WR)
        if ending == "both":
            second.shutdown(socket.SHUT_WR)
        elif not ending.endswith("now"):
            yield from self._pause(0.1)
        if ending == "half":
            yield from self._tell(second, first, 700, time.monotonic() + 5)
        if ending != "both":
            second.shutdown(socket.SHUT_WR)
        yield from self._pause(0.8)
        host.read(first)
        host.read(second)
        first.close()
        second.close()


class Batch:
    """The talks of a batch, on one lab."""

    def __init__(self, lab, name, loss):
        self.lab, self.random = lab, random.Random(name)
        self.listeners = {8000: lab.server.listen(8000), 8006: lab.server.listen(8006, six=True)}
        self.waiting = {}
        lab.take = self.take
        if loss:
            self.loss = loss
            lab.chance = self.fate

    def take(self, plan):
        """The server's socket of a plan, once it can be accepted."""
        for listener in self.listeners.values():
            accepted = host.accept(listener)
            if accepted:
                self.waiting[accepted.getpeername()[1]] = accepted
        return self.waiting.pop(plan.port, None)

    def fate(self, _waiting):
        pick = self.random.random()
        for fate, share in self.loss.items():
            if pick < share:
                return Rule(CLIENT, None, fate, 0, 1, after=self.random.randrange(1, 4))
            pick -= share
        return None

    def run(self):
        plans = [make_plan(self.random, n) for n in range(CONNECTIONS)]
        talks, end = [], time.monotonic() + LONGEST
        while (plans or talks) and time.monotonic() < end:
            if plans and len(talks) < AT_ONCE:
                talks.append(Talk(self.lab, plans.pop(0)))
            self.lab.step(0.01)
            talks = [talk for talk in talks if not talk.step()]
        self.lab.settle(quiet=1.0)


LIGHT, HEAVY = 0.02, 0.06
PROFILES = {
    "00-clean": ({}, "mid", True),
    "01-light-before": ({LOSE: LIGHT, DUPLICATE: LIGHT, LATE: LIGHT}, "before-loss", True),
    "02-light-after": ({DROP: LIGHT, COPY: LIGHT, HOLD: LIGHT}, "after-loss", True),
    "03-heavy-mixed": ({LOSE: HEAVY, DROP: HEAVY, HOLD: LIGHT, LATE: LIGHT}, "mixed", True),
    "04-clean2": ({}, "mid", True),
    "05-clean2-nots": ({}, "mid", False),
    "06-light-mixed-nots": ({LOSE: LIGHT, DROP: LIGHT, LATE: LIGHT}, "mixed", False),
    "07-reorder-dup": ({DUPLICATE: LIGHT, COPY: LIGHT, HOLD: HEAVY, LATE: HEAVY}, "mixed", True),
}

for profile, (loss, vantage, stamps) in PROFILES.items():
    @scenario(f"random-{profile}", f"random connections, profile {profile[3:]}", vantage, kind="random", stamps=stamps,
              name_of_batch=profile, fates=loss)
    def batch(lab, name_of_batch, fates):
        Batch(lab, name_of_batch, fates).run()
