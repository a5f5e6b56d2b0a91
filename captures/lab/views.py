# SPDX-License-Identifier: GPL-2.0-or-later
"""The same connections as a worse tap has them: the head missing, one direction only, frames missed."""

import random

import closing, random_batch, resets  # noqa: F401, E401: the scenarios that are looked at
from record import CLIENT, SERVER
from scenario import view

HEAD, ONE, DROPS = "head cut", "one direction", "tap drops"


def fins(rows):
    return [i for i, row in enumerate(rows) if row.segment.flags & 1]


def from_frame(first):
    return lambda rows: rows[first - 1:]


def from_fin(which, after=0):
    return lambda rows: rows[fins(rows)[which] + after:]


def sent_by(sender):
    return lambda rows: [row for row in rows if row.sender == sender]


def without(first, count):
    return lambda rows: rows[:first(rows)] + rows[first(rows) + count:]


def missed(rows):
    chance = random.Random(5)
    return [row for row in rows if chance.random() >= 0.05]


view("head-no-syn", "server-speaks-first", "capture starts with the SYN-ACK", HEAD, from_frame(2))
view("head-no-handshake", "halfclose-client", "capture starts after the handshake", HEAD, from_frame(4))
view("head-mid-data", "close4-client", "capture starts in mid-connection", HEAD, from_frame(5))
view("head-at-fin", "close4-client", "capture starts with the first FIN", HEAD, from_fin(0))
view("head-after-fin", "close4-client", "capture starts with the ACK of the first FIN", HEAD, from_fin(0, 1))
view("head-at-pfin", "close4-client", "capture starts with the passive FIN", HEAD, from_fin(1))
view("head-halfclose", "halfclose-client", "capture starts during a half-close", HEAD, from_fin(0, 3))
view("head-rst", "linger0-closewait", "capture starts in mid-connection that ends in RST", HEAD, from_frame(4))
view("oneway-c", "close4-client", "only client-to-server frames captured", ONE, sent_by(CLIENT))
view("oneway-s", "close4-client", "only server-to-client frames captured", ONE, sent_by(SERVER))
view("oneway-c-half", "halfclose-client", "half-close, only client-to-server frames", ONE, sent_by(CLIENT))
view("oneway-s-half", "halfclose-client", "half-close, only server-to-client frames", ONE, sent_by(SERVER))
view("gap-mid", "halfclose-client", "some frames in mid-connection missing from the capture", DROPS,
     without(lambda _: 4, 3))
view("gap-fin", "close4-client", "the first FIN and its ACK missing from the capture", DROPS,
     without(lambda rows: fins(rows)[0], 2))
for batch in ("random-04-clean2", "random-05-clean2-nots"):
    view(f"{batch}-head", batch, f"{batch} without its first half", HEAD, lambda rows: rows[len(rows) // 2:])
    view(f"{batch}-oneway-c", batch, f"{batch}, client to server only", ONE, sent_by(CLIENT))
    view(f"{batch}-oneway-s", batch, f"{batch}, server to client only", ONE, sent_by(SERVER))
    view(f"{batch}-tapdrops", batch, f"{batch}, one frame in twenty missed", DROPS, missed)
