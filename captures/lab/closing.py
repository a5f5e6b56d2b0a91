# SPDX-License-Identifier: GPL-2.0-or-later
"""Closes that go well, and those whose segments are lost, doubled or cross."""

import socket

import host
from record import CLIENT, SERVER
from scenario import scenario
from segment import bare_ack, data, fin
from wire import COPY, DROP, DUPLICATE, HOLD, LATE, LOSE


def opened(lab, **options):
    client, server = lab.open(**options)
    lab.exchange(client, server)
    return client, server


@scenario("close4-client", "handshake, request/response, 4-segment close by the client", stamps=False)
@scenario("close4-v6", "4-segment close over IPv6", six=True)
def close4_client(lab, six=False):
    client, server = opened(lab, six=six)
    lab.close(client, server)


@scenario("close4-server", "handshake, request/response, 4-segment close by the server")
def close4_server(lab):
    client, server = opened(lab)
    lab.close(server, client)


@scenario("nodata-close", "handshake and immediate close, no data")
def nodata_close(lab):
    client, server = lab.open()
    lab.close(client, server)


@scenario("close3-client", "3-segment close by the client (server answers FIN+ACK)", first=CLIENT)
@scenario("close3-server", "3-segment close by the server (client answers FIN+ACK)", first=SERVER)
@scenario("close3-v6", "3-segment close by the server over IPv6", first=SERVER, six=True)
def close3(lab, first, six=False):
    client, server = opened(lab, six=six)
    lab.close(*(client, server) if first == CLIENT else (server, client), wait=False)


@scenario("server-speaks-first", "banner from the server, client answers, server closes")
def server_speaks_first(lab):
    client, server = lab.open()
    lab.tell(server, client, 60)
    lab.exchange(client, server)
    lab.close(server, client)


@scenario("halfclose-client", "client shuts down, server keeps sending in CLOSE_WAIT, then closes", closer=CLIENT)
@scenario("halfclose-server", "server shuts down, client keeps sending in CLOSE_WAIT, then closes", closer=SERVER)
def halfclose(lab, closer):
    client, server = opened(lab)
    first, second = (client, server) if closer == CLIENT else (server, client)
    lab.shut(first)
    for _ in range(4):
        lab.tell(second, first, 600)
    lab.close(second, first)


@scenario("halfclose-bulk", "client shuts down at once, server sends a larger body in CLOSE_WAIT and closes")
def halfclose_bulk(lab):
    client, server = lab.open()
    lab.tell(client, server)
    lab.shut(client)
    lab.tell(server, client, 30000)
    lab.close(server, client)


@scenario("simclose", "simultaneous close: both FINs under way, CLOSING on both sides", stamps=False)
@scenario("simclose-tap-order", "simultaneous close, both FINs captured before either is delivered", hold=True)
@scenario("simclose-ack-lost", "simultaneous close, the ACK of one FIN is lost: CLOSING and TIME_WAIT", lost=bare_ack)
@scenario("simclose-fin-lost", "simultaneous close, the client's FIN is lost once", lost=fin)
def simclose(lab, hold=False, lost=None):
    client, server = opened(lab)
    if hold:
        lab.fate(CLIENT, fin, HOLD, after=1)
    if lost:
        lab.fate(CLIENT, lost, DROP)
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_WR)
    lab.settle(quiet=0.5 if lost else 0.1)


@scenario("simclose-data", "simultaneous close with data in flight both ways")
def simclose_data(lab):
    client, server = opened(lab)
    for end in (client, server):
        lab.say(end, 300)
        end.shutdown(socket.SHUT_WR)
    lab.settle(quiet=0.1)


@scenario("fin-with-data", "FIN carrying data, both sides")
@scenario("fin-with-data-lost", "FIN carrying data is lost once", lost=True)
def fin_with_data(lab, lost=False):
    client, server = opened(lab)
    if lost:
        lab.fate(CLIENT, fin, DROP)
    for end, peer in ((client, server), (server, client)):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        lab.say(end, 200)
        end.shutdown(socket.SHUT_WR)
        lab.settle(quiet=0.5 if lost else 0.1)
        host.read(peer)


@scenario("fin1-lost", "the active closer's FIN is captured and lost", sender=CLIENT, which=fin, fate=DROP)
@scenario("fin1-lost-unseen", "the active closer's FIN is lost before the tap", "after-loss", sender=CLIENT, which=fin,
          fate=LOSE)
@scenario("finack-lost", "the ACK of the first FIN is lost; the FIN is retransmitted", sender=SERVER, which=bare_ack,
          fate=DROP, stamps=False)
@scenario("finack-lost-unseen", "the ACK of the first FIN is lost before the tap", "after-loss", sender=SERVER,
          which=bare_ack, fate=LOSE)
@scenario("pfin-lost", "the passive FIN is lost once", sender=SERVER, which=fin, fate=DROP)
@scenario("pfin-lost-unseen", "the passive FIN is lost before the tap", "after-loss", sender=SERVER, which=fin,
          fate=LOSE)
def one_lost(lab, sender, which, fate):
    client, server = opened(lab)
    lab.fate(sender, which, fate)
    client.shutdown(socket.SHUT_WR)
    lab.settle(quiet=0.5)
    server.close()
    lab.settle(quiet=0.5)


@scenario("finack-lost-then-fin", "the ACK of the first FIN is lost, the passive FIN carries the ACK")
def finack_lost_then_fin(lab):
    client, server = opened(lab)
    lab.fate(SERVER, bare_ack, DROP)
    client.shutdown(socket.SHUT_WR)
    lab.settle(quiet=0.1)
    server.close()
    lab.settle(quiet=0.3)


@scenario("pfin-lost-3seg", "3-segment close whose FIN+ACK is lost")
def pfin_lost_3seg(lab):
    client, server = opened(lab)
    lab.fate(SERVER, fin, DROP)
    client.shutdown(socket.SHUT_WR)
    lab.until(lab.captured(fin))
    server.close()
    lab.settle(quiet=0.6)


@scenario("lastack-lost", "the final ACK is lost: FIN retransmitted in LAST_ACK, re-ACK from TIME_WAIT", times=1)
@scenario("lastack-lost-thrice", "the final ACK is lost three times", times=3)
@scenario("lastack-lost-unseen", "the final ACK is lost before the tap", "after-loss", times=1, fate=LOSE)
def lastack_lost(lab, times, fate=DROP):
    client, server = opened(lab)
    client.shutdown(socket.SHUT_WR)
    lab.settle()
    lab.fate(CLIENT, bare_ack, fate, times=times)
    server.close()
    lab.settle(quiet=1.2 if times > 1 else 0.5)


@scenario("lastack-orphan-dies", "the passive closer never gets its ACK and dies in LAST_ACK")
def lastack_orphan_dies(lab):
    lab.server.namespace.sysctl("ipv4.tcp_orphan_retries", 3)
    client, server = opened(lab)
    client.shutdown(socket.SHUT_WR)
    lab.settle()
    lab.silence(CLIENT)
    server.close()
    lab.run(4)


@scenario("fin-dup", "both FINs and the ACK of FIN are duplicated", fate=DUPLICATE)
@scenario("fin-dup-down", "both FINs and the ACK of FIN arrive twice", fate=COPY)
def fin_dup(lab, fate):
    client, server = opened(lab)
    lab.fate(CLIENT, fin, fate)
    lab.fate(SERVER, fin, fate)
    lab.close(client, server)


@scenario("fin-after-lost-data", "the last data segment is lost, the FIN arrives: not CLOSE_WAIT "
          "before the retransmission",          fate=DROP)
@scenario("fin-after-lost-data-unseen", "the last data segment is lost before the tap, the FIN arrives", "after-loss",
          fate=LOSE)
@scenario("fin-overtakes-data", "the FIN overtakes the last data segment (reordered before the tap)", "after-loss",
          fate=LATE)
@scenario("fin-overtakes-data-down", "the FIN overtakes the last data segment after the tap", fate=HOLD)
def fin_and_data(lab, fate):
    client, server = opened(lab)
    lab.fate(CLIENT, data, fate)
    lab.say(client, 200)
    client.shutdown(socket.SHUT_WR)
    lab.settle(quiet=0.5)
    host.read(server)
    server.close()
    lab.settle()


@scenario("fin-unanswered", "active close into a silent network: FIN retransmissions, then the orphan dies")
def fin_unanswered(lab):
    lab.client.namespace.sysctl("ipv4.tcp_orphan_retries", 3)
    client, _server = opened(lab)
    lab.silence(CLIENT, SERVER)
    client.close()
    lab.run(8)


@scenario("finwait2-timeout", "FIN_WAIT_2 orphan times out (TCP_LINGER2 1 s); the late FIN gets a RST")
def finwait2_timeout(lab):
    client, server = opened(lab)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_LINGER2, 1)
    client.close()
    lab.settle()
    lab.run(1.6)
    server.close()
    lab.settle()


@scenario("close-pending-data", "close with data still to be sent: FIN_WAIT_1 while data flows")
def close_pending_data(lab):
    client, server = lab.open()
    server.send(b"x" * 60000)
    server.close()
    got = 0
    while got < 60000:
        lab.step(0.05)
        got += len(host.read(client))
    lab.settle()
    client.close()
    lab.settle()


@scenario("urgent", "urgent data, then close")
def urgent(lab):
    client, server = opened(lab)
    client.send(b"!", socket.MSG_OOB)
    lab.settle()
    host.read(server)
    lab.close(client, server)
