# SPDX-License-Identifier: GPL-2.0-or-later
"""Data on an imperfect path: loss, reordering and copies on both sides of the tap, closed windows."""

import host
from record import CLIENT, SERVER
from scenario import scenario
from segment import bare_ack, data
from wire import COPY, DROP, DUPLICATE, HOLD, LATE, LOSE


@scenario("bulk", "20 kB upload, no loss")
@scenario("bulk-loss", "upload with data segments captured and lost (fast retransmit)",
          fates=[(CLIENT, data, DROP, 2, 1), (CLIENT, data, DROP, 3, 1)])
@scenario("bulk-loss-unseen", "upload with data segments lost before the tap", "after-loss",
          fates=[(CLIENT, data, LOSE, 2, 1), (CLIENT, data, LOSE, 3, 1)])
@scenario("bulk-ack-loss", "most ACKs lost",
          fates=[(SERVER, bare_ack, DROP, 0, 1), (SERVER, bare_ack, DROP, 1, 3)])
@scenario("bulk-dup", "data duplicated before the tap",
          fates=[(CLIENT, data, DUPLICATE, 1, 1), (CLIENT, data, DUPLICATE, 3, 1)])
@scenario("bulk-dup-down", "data duplicated after the tap",
          fates=[(CLIENT, data, COPY, 1, 1), (CLIENT, data, COPY, 3, 1)])
@scenario("bulk-reorder-up", "data reordered before the tap", "after-loss",
          fates=[(CLIENT, data, LATE, 1, 1), (CLIENT, data, LATE, 4, 1)])
@scenario("bulk-reorder-down", "data reordered after the tap",
          fates=[(CLIENT, data, HOLD, 1, 1), (CLIENT, data, HOLD, 4, 1)])
def bulk(lab, fates=()):
    client, server = lab.open()
    for sender, kind, fate, skip, times in fates:
        lab.fate(sender, kind, fate, skip=skip, times=times, after=2)
    lab.tell(client, server, 20_000)
    lab.tell(server, client, 200)
    lab.close(client, server)


@scenario("bulk-tail-loss", "last data segment lost (TLP or RTO)")
def tail_loss(lab):
    client, server = lab.open()
    lab.tell(client, server, 3000)
    lab.fate(CLIENT, data, DROP)
    lab.tell(client, server, 200)
    lab.close(client, server)


@scenario("download-loss-v6", "IPv6 download with losses both seen and unseen", "mixed")
def download(lab):
    client, server = lab.open(six=True)
    lab.tell(client, server)
    lab.fate(SERVER, data, DROP, skip=2)
    lab.fate(SERVER, data, LOSE, skip=6)
    lab.tell(server, client, 20_000)
    lab.close(server, client)


@scenario("wrap-loss", "wrap with losses and SACK")
def wrap_loss(lab):
    client, server = lab.open(isn=2**32 - 6000)
    lab.fate(CLIENT, data, DROP, skip=3)
    lab.tell(client, server, 20_000)
    lab.close(client, server)


@scenario("fullduplex", "data both ways at once, then close")
def full_duplex(lab):
    client, server = lab.open()
    for end in (client, server):
        lab.say(end, 12_000)
    lab.settle(quiet=0.1)
    for end in (client, server):
        host.read(end)
    lab.close(client, server)


@scenario("zerowin", "zero window, probes, window opens, close")
@scenario("zerowin-close", "close while the window is zero: FIN_WAIT_1 with the FIN unsent", close=True)
def zero_window(lab, close=False):
    client, server = lab.open()
    octets = 0
    try:
        while octets < 200_000:
            octets += client.send(b"x" * 65536)
            lab.step(0.01)
    except BlockingIOError:
        pass
    lab.run(1.5)
    if close:
        client.close()
        lab.run(0.5)
    got = 0
    while got < octets:
        lab.step(0.05)
        got += len(host.read(server))
    lab.settle(quiet=0.3)
    if close:
        server.close()
        lab.settle()
    else:
        lab.close(client, server)
