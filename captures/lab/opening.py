# SPDX-License-Identifier: GPL-2.0-or-later
"""How connections open: lost and doubled handshakes, crossing SYNs, full queues, deferred accepts, Fast Open."""

import socket

import host
from record import CLIENT, SERVER
from scenario import PORT, SERVER_PORT, scenario
from segment import bare_ack, syn, synack
from wire import DROP, DUPLICATE, HOLD, LOSE


def finish(lab, client, server=None):
    server = server or lab.accepted()
    lab.exchange(client, server)
    lab.close(client, server)


@scenario("syn-lost", "first SYN captured and lost; retransmitted", sender=CLIENT, which=syn, fate=DROP)
@scenario("syn-lost-unseen", "first SYN lost before the tap", "after-loss", sender=CLIENT, which=syn, fate=LOSE)
@scenario("syn-nohost-then-works", "two SYNs lost, then the third is answered", sender=CLIENT, which=syn, fate=DROP,
          times=2)
@scenario("synack-lost", "first SYN-ACK captured and lost", sender=SERVER, which=synack, fate=DROP)
@scenario("synack-lost-unseen", "first SYN-ACK lost before the tap", "after-loss", sender=SERVER, which=synack,
          fate=LOSE)
@scenario("ack3-lost-idle", "third handshake ACK lost, no data: SYN-ACK retransmitted", sender=CLIENT,
          which=bare_ack, fate=DROP)
@scenario("ack3-lost-unseen", "third handshake ACK lost before the tap, SYN-ACK retransmitted", "after-loss",
          sender=CLIENT, which=bare_ack, fate=LOSE)
def lost(lab, sender, which, fate, times=1):
    lab.fate(sender, which, fate, times=times)
    finish(lab, *lab.open())


@scenario("syn-dup", "SYN duplicated, SYN-ACK duplicated")
def syn_dup(lab):
    lab.fate(CLIENT, syn, DUPLICATE)
    lab.fate(SERVER, synack, DUPLICATE)
    finish(lab, *lab.open())


@scenario("syn-never-answered", "SYNs into a black hole; the client gives up")
def syn_never_answered(lab):
    lab.client.namespace.sysctl("ipv4.tcp_syn_retries", 2)
    lab.listener()
    lab.silence(CLIENT)
    lab.connecting()
    lab.run(8)


@scenario("synack-never", "every SYN-ACK is lost; both sides give up")
def synack_never(lab):
    lab.client.namespace.sysctl("ipv4.tcp_syn_retries", 2)
    lab.server.namespace.sysctl("ipv4.tcp_synack_retries", 2)
    lab.listener()
    lab.silence(SERVER)
    lab.connecting()
    lab.run(9)


@scenario("refused", "connection refused: RST to the SYN", times=1)
@scenario("refused-retry", "refused three times from the same port, then accepted", times=3)
def refused(lab, times):
    for _ in range(times):
        client = lab.connecting()
        lab.settle()
        client.close()
    if times > 1:
        finish(lab, *lab.open())


@scenario("ack3-lost-data", "third handshake ACK lost, data completes the handshake")
@scenario("ack3-lost-fin", "third handshake ACK lost, the FIN completes the handshake", first="fin")
def ack3_lost_then(lab, first="data"):
    lab.listener()
    lab.fate(CLIENT, bare_ack, DROP)
    client = lab.connecting()
    lab.until(lab.captured(bare_ack))
    if first == "data":
        lab.say(client)
        server = lab.accepted()
        host.read(server)
        lab.tell(server, client, 400)
        lab.close(client, server)
    else:
        client.shutdown(socket.SHUT_WR)
        server = lab.accepted()
        server.close()
        lab.settle()


@scenario("ack3-data", "the third handshake ACK carries data", then=())
@scenario("ack3-data-fin", "the third handshake ACK carries data and FIN", then=("data", "fin"))
@scenario("ack3-fin", "the third handshake ACK carries the FIN (delayed ACK, shutdown)", then=("fin",))
def ack3_with(lab, then):
    """Without quick ACKs the client waits a moment for something to send its third ACK with."""
    lab.listener()
    client = lab.connecting(socket_options=[(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)])
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
    lab.until(lab.captured(synack))
    if "fin" in then and "data" in then:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    if then != ("fin",):
        lab.say(client)
    if "fin" in then:
        client.shutdown(socket.SHUT_WR)
    server = lab.accepted()
    host.read(server)
    server.close()
    lab.settle()
    client.close()
    lab.settle()


@scenario("simopen", "simultaneous open: both SYNs cross; then data and close")
@scenario("simopen-tap-order", "simultaneous open, both SYNs captured before either is delivered", fate=HOLD)
@scenario("simopen-synack-lost", "simultaneous open, one SYN-ACK lost", dropped=synack)
def simopen(lab, fate=None, dropped=None):
    ends = ((lab.client.address, PORT), (lab.server.address, SERVER_PORT))
    client, server = lab.client.socket(PORT), lab.server.socket(SERVER_PORT)
    lab.opened(*ends, both_active=True)
    if fate:
        lab.fate(CLIENT, syn, fate, after=1)
    if dropped:
        lab.fate(CLIENT, dropped, DROP)
    host.connect(client, ends[1])
    host.connect(server, ends[0])
    lab.settle(quiet=1.3 if dropped else 0.1)
    lab.exchange(client, server)
    lab.close(client, server)


def fill_queue(lab):
    """Three clients where there is room for two: the third's SYN is taken, its third ACK is not."""
    lab.listener(backlog=1)
    clients = [lab.client.socket(PORT + i) for i in range(3)]
    for i, client in enumerate(clients):
        lab.opened((lab.client.address, PORT + i), (lab.server.address, SERVER_PORT))
        host.connect(client, (lab.server.address, SERVER_PORT))
        if i == 0:
            lab.settle()
    lab.settle(quiet=0.3)
    return clients


@scenario("backlog-full-syn", "accept queue full: further SYNs are ignored until accept()")
def backlog_full_syn(lab):
    lab.listener(backlog=0)
    first = lab.connecting()
    lab.settle()
    late = lab.connecting(PORT + 1)
    lab.settle()
    one = lab.accepted()
    two = lab.accepted()
    lab.close(first, one)
    lab.close(late, two)


@scenario("backlog-full-ack", "accept queue full when the third ACK arrives: server stays SYN_RECEIVED")
def backlog_full_ack(lab):
    clients = fill_queue(lab)
    lab.say(clients[2])
    lab.settle(quiet=0.3)
    servers = [lab.accepted(), lab.accepted()]
    lab.settle(quiet=1.3)
    servers.append(lab.accepted())
    host.read(servers[2])
    for client, server in zip(clients, servers, strict=True):
        lab.close(client, server)


@scenario("backlog-abort", "accept queue full with tcp_abort_on_overflow: RST to the third ACK")
def backlog_abort(lab):
    lab.server.namespace.sysctl("ipv4.tcp_abort_on_overflow", 1)
    clients = fill_queue(lab)
    for client in clients[:2]:
        lab.close(client, lab.accepted())


@scenario("defer-accept", "server with TCP_DEFER_ACCEPT: bare third ACK leaves SYN_RECEIVED, data completes")
def defer_accept(lab):
    lab.listener(options=[(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)])
    client = lab.connecting()
    lab.settle()
    lab.say(client)
    server = lab.accepted()
    host.read(server)
    lab.tell(server, client, 400)
    lab.close(client, server)


def fast_open(lab, payload, cookie_first):
    if cookie_first:
        for each in (lab.client, lab.server):
            each.namespace.sysctl("ipv4.tcp_fastopen", 3)
    listener = lab.listener(options=[(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)])
    target = (lab.server.address, SERVER_PORT)

    def send(port, flag=socket.MSG_FASTOPEN):
        client = lab.client.socket(port)
        lab.opened((lab.client.address, port), target)
        try:
            client.sendto(payload, flag, target)
        except BlockingIOError:
            pass
        return client
    return listener, send


@scenario("tfo-cookie", "TCP Fast Open: cookie request, then data in the SYN")
def tfo_cookie(lab):
    listener, send = fast_open(lab, b"x" * 120, cookie_first=True)
    for port in (PORT, PORT + 1):
        client = send(port)
        server = lab.accepted(listener)
        lab.settle()
        host.read(server)
        lab.tell(server, client, 100)
        lab.close(client, server)


@scenario("tfo-data-ignored", "SYN with data to a server without Fast Open: the data is not acknowledged")
def tfo_data_ignored(lab):
    lab.client.namespace.sysctl("ipv4.tcp_fastopen", 5)  # without a cookie
    lab.listener()
    client = lab.client.socket(PORT)
    target = (lab.server.address, SERVER_PORT)
    lab.opened((lab.client.address, PORT), target)
    try:
        client.sendto(b"x" * 120, socket.MSG_FASTOPEN, target)
    except BlockingIOError:
        pass
    server = lab.accepted()
    lab.settle()
    host.read(server)
    lab.close(client, server)


@scenario("tfo-server-data-early", "TFO without cookie: the server answers while still SYN_RECEIVED")
@scenario("tfo-server-close-early", "TFO: the server answers and closes while still SYN_RECEIVED", close=True)
@scenario("tfo-syn-lost", "TFO: the SYN with data is lost; plain SYN is retransmitted", lost=True)
@scenario("tfo-shutdown-synsent", "TFO: the client sends SYN+data and shuts down in SYN_SENT: the SYN-ACK meets a RST",
          shut=True)
def tfo_without_cookie(lab, close=False, lost=False, shut=False):
    for each in (lab.client, lab.server):
        each.namespace.sysctl("ipv4.tcp_fastopen", 0x607)
    listener, send = fast_open(lab, b"x" * 120, cookie_first=None)
    if lost:
        lab.fate(CLIENT, syn, DROP)
    client = send(PORT)
    lab.until(lab.captured(syn))
    if shut:
        client.shutdown(socket.SHUT_WR)
        lab.settle()
        return
    if lost:
        server = lab.accepted(listener)
    else:
        server = host.accept(listener)  # before the SYN,ACK has passed the tap
        host.read(server)
        lab.say(server, 300)
    if close:
        server.close()
    lab.settle(quiet=0.1)
    host.read(client)
    if close:
        client.close()
    else:
        host.read(server)
        lab.close(client, server)
    lab.settle()


@scenario("syncookies", "syncookies always: no socket until the third ACK")
@scenario("syncookies-ack-lost", "syncookies: third ACK lost, data completes", lost=True)
def syncookies(lab, lost=False):
    lab.server.namespace.sysctl("ipv4.tcp_syncookies", 2)
    lab.listener()
    if lost:
        lab.fate(CLIENT, bare_ack, DROP)
    client = lab.connecting()
    lab.settle()
    if lost:
        lab.say(client)
    server = lab.accepted()
    host.read(server)
    lab.tell(server, client, 400)
    lab.close(client, server)


@scenario("close-in-synsent", "the client closes while SYN_SENT; the SYN-ACK meets a RST")
def close_in_synsent(lab):
    lab.listener()
    client = lab.connecting()
    lab.until(lab.captured(syn))
    client.close()
    lab.settle()


@scenario("ack-to-listen", "stray ACK and stray FIN to a listening port: RST")
def ack_to_listen(lab):
    lab.listener()
    lab.opened((lab.client.address, PORT), (lab.server.address, SERVER_PORT))
    for letters in ("A", "FA"):
        lab.forge(CLIENT, letters, seq=1000, ack=5000)
        lab.settle()


@scenario("wrap-isn-max", "the client's ISN is 2^32-1: the SYN wraps", isn=2**32 - 1)
@scenario("wrap-in-data", "sequence numbers wrap inside the data", isn=2**32 - 3000)
@scenario("wrap-at-fin", "the client's FIN is the sequence number 2^32-1", isn=2**32 - 122)
@scenario("wrap-sign", "sequence numbers cross 2^31", isn=2**31 - 3000)
def wrap(lab, isn):
    client, server = lab.open(isn=isn)
    lab.tell(client, server, 120)
    if isn != 2**32 - 122:
        lab.tell(client, server, 8000)
    lab.tell(server, client, 400)
    lab.close(client, server)
