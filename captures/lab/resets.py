# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that end in a RST, and sockets that vanish."""

import socket

import host
from record import CLIENT, SERVER
from scenario import PORT, scenario
from segment import data, rst
from wire import DROP, LATE, LOSE


def opened(lab):
    client, server = lab.open()
    lab.exchange(client, server)
    return client, server


@scenario("linger0-est-client", "RST (SO_LINGER 0) by the client in ESTABLISHED", end=CLIENT)
@scenario("linger0-est-server", "RST (SO_LINGER 0) by the server in ESTABLISHED", end=SERVER)
@scenario("kill-est", "process killed (SIGKILL) in ESTABLISHED", end=CLIENT, how=socket.socket.close)
def abort_open(lab, end, how=host.abort):
    client, server = opened(lab)
    how(client if end == CLIENT else server)
    lab.settle()
    (server if end == CLIENT else client).close()
    lab.settle()


@scenario("linger0-closewait", "RST (SO_LINGER 0) in CLOSE_WAIT", stamps=False)
@scenario("kill-closewait", "process killed (SIGKILL) in CLOSE_WAIT", how=socket.socket.close)
def abort_close_wait(lab, how=host.abort):
    client, server = opened(lab)
    lab.shut(client)
    how(server)
    lab.settle()


@scenario("linger0-finwait1", "RST (SO_LINGER 0) in FIN_WAIT_1 (the FIN is on its way)")
def abort_fin_wait_1(lab):
    client, _server = opened(lab)
    client.shutdown(socket.SHUT_WR)
    host.abort(client)
    lab.settle()


@scenario("linger0-finwait2", "RST (SO_LINGER 0) in FIN_WAIT_2")
@scenario("kill-finwait2", "process killed (SIGKILL) in FIN_WAIT_2", how=socket.socket.close)
def abort_fin_wait_2(lab, how=host.abort):
    client, server = opened(lab)
    lab.shut(client)
    how(client)
    lab.settle()
    server.close()
    lab.settle()


@scenario("linger0-crossing-data", "RST crosses data from the peer")
def abort_crossing(lab):
    client, server = opened(lab)
    lab.fate(CLIENT, rst, LATE, after=1)
    host.abort(client)
    lab.say(server)
    lab.settle()


@scenario("unread-close", "close with unread receive data: RST instead of FIN")
@scenario("kill-unread", "process killed with unread data: RST")
@scenario("unread-close-closewait", "close with unread data in CLOSE_WAIT: RST", after_fin=True)
def unread_close(lab, after_fin=False):
    client, server = opened(lab)
    lab.say(client)
    lab.settle()
    if after_fin:
        lab.shut(client)
    server.close()
    lab.settle()


@scenario("data-after-fullclose", "data to an orphan in FIN_WAIT_2: RST")
@scenario("data-after-fullclose-fw1", "data crosses the FIN of a full close (orphan in FIN_WAIT_1): RST", crossing=True)
@scenario("datafin-after-fullclose", "data+FIN to an orphan in FIN_WAIT_2: RST", with_fin=True)
def data_after_full_close(lab, crossing=False, with_fin=False):
    client, server = opened(lab)
    if crossing:
        lab.say(server)
    client.close()
    if not crossing:
        lab.settle()
        if with_fin:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        lab.say(server)
        if with_fin:
            server.shutdown(socket.SHUT_WR)
    lab.settle()


@scenario("rst-lost", "RST captured and lost; later data meets a RST", fate=DROP)
@scenario("rst-lost-unseen", "RST lost before the tap; later data meets a RST", "after-loss", fate=LOSE)
def rst_lost(lab, fate):
    client, server = opened(lab)
    lab.fate(CLIENT, rst, fate)
    host.abort(client)
    lab.settle()
    lab.say(server)
    lab.settle()


@scenario("vanish-data", "client host forgets the connection (crash); data meets a RST")
@scenario("vanish-fin", "crashed client; the server closes, its FIN meets a RST", fin=True)
def vanish(lab, fin=False):
    client, server = opened(lab)
    host.vanish(client)
    lab.settle()
    if fin:
        server.close()
    else:
        lab.say(server)
    lab.settle()


@scenario("vanish-reconnect", "half-open: crashed client reconnects from the same port into ESTABLISHED")
def vanish_reconnect(lab):
    client, server = opened(lab)
    host.vanish(client)
    lab.settle()
    client = lab.connecting()
    new = lab.accepted()
    lab.exchange(client, new)
    lab.close(client, new)
    server.close()


@scenario("keepalive-ok", "keepalive probes answered, then close")
@scenario("keepalive-death", "peer silenced: keepalive probes, then RST from the dying side", silent=True)
@scenario("keepalive-reset", "crashed peer answers a keepalive probe with RST", crashed=True)
def keepalive(lab, silent=False, crashed=False):
    client, server = opened(lab)
    for name, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2)):
        server.setsockopt(socket.IPPROTO_TCP, name, value)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if silent:
        lab.silence(CLIENT)
    if crashed:
        host.vanish(client)
    lab.run(2.5 if not silent else 4.5)
    if not silent and not crashed:
        lab.close(client, server)


@scenario("user-timeout", "TCP_USER_TIMEOUT: unacknowledged data, connection dies silently")
def user_timeout(lab):
    tcp_user_timeout = 18
    client, server = opened(lab)
    client.setsockopt(socket.IPPROTO_TCP, tcp_user_timeout, 1000)
    lab.fate(CLIENT, data, DROP, times=-1)
    lab.say(client)
    lab.run(2.5)
    lab.say(server)
    lab.settle()


@scenario("listener-closes", "the listener is closed while a connection waits in the accept queue")
def listener_closes(lab):
    listener = lab.listener()
    client = lab.connecting()
    lab.settle()
    lab.say(client)
    lab.settle()
    listener.close()
    lab.settle()


@scenario("timewait-rst", "RST in TIME_WAIT (assassination: Linux with rfc1337=0 kills it)")
@scenario("timewait-stray", "old data and an old FIN arrive in TIME_WAIT", stray=True)
def time_wait(lab, stray=False):
    client, server = opened(lab)
    lab.close(client, server)
    if stray:
        lab.forge(SERVER, "FA", seq=-1)
        lab.settle()
        lab.forge(SERVER, "PA", seq=-101, payload=100)
    else:
        lab.forge(SERVER, "R")
    lab.settle()


@scenario("reuse-server-tw", "server in TIME_WAIT; the client reuses the 4-tuple: SYN accepted")
@scenario("reuse-thrice", "three incarnations of one 4-tuple, ended by FIN, RST, FIN", ends=("fin", "rst", "fin"))
def reuse(lab, ends=("fin", "fin")):
    for how in ends:
        client, server = opened(lab)
        if how == "rst":
            host.abort(client)
            lab.settle()
            server.close()
        else:
            lab.close(server, client)
        lab.run(0.1)


@scenario("reuse-tw-oldsyn", "server in TIME_WAIT gets a SYN with an old sequence number and no timestamps: "
          "re-ACK, RST, SYN again", stamps=False)
def reuse_old_syn(lab):
    client, server = lab.open(isn=2_000_000_000)
    lab.exchange(client, server)
    lab.close(server, client)
    client = lab.connecting(isn=1_000_000_000)
    lab.settle()
    server = lab.accepted()
    lab.exchange(client, server)
    lab.close(client, server)


@scenario("retries-exhausted", "tcp_retries2 exhausted: connection dies silently")
def retries_exhausted(lab):
    lab.client.namespace.sysctl("ipv4.tcp_retries2", 3)
    client, server = opened(lab)
    lab.fate(CLIENT, data, DROP, times=-1)
    lab.say(client)
    lab.run(8)
    lab.say(server)
    lab.settle()


@scenario("reuse-client-tw", "client in TIME_WAIT reuses its own port (tcp_tw_reuse); the server has forgotten")
def reuse_client(lab):
    lab.client.namespace.sysctl("ipv4.tcp_tw_reuse", 1)
    for _ in (1, 2):
        client, server = opened(lab)
        lab.close(client, server)
        lab.run(1.2)


@scenario("two-interleaved", "two connections interleaved, one aborted, one closed", stamps=False)
def two_interleaved(lab):
    pairs = [lab.open(PORT + i) for i in (0, 1)]
    for client, server in pairs:
        lab.tell(client, server)
    for client, server in pairs:
        lab.tell(server, client)
    host.abort(pairs[0][0])
    lab.settle()
    lab.close(*pairs[1])
