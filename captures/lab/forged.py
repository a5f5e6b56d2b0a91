# SPDX-License-Identifier: GPL-2.0-or-later
"""A third party sends segments in an end's name. Numbers count from where both ends are."""

from record import CLIENT, SERVER
from scenario import scenario
from segment import syn, synack
from wire import DROP


def go_on(lab, client, server):
    lab.exchange(client, server)
    lab.close(client, server)


def forgery(name, description, letters, sender=CLIENT, **numbers):
    """On an open connection, which then goes on as if nothing had been."""
    @scenario(name, description)
    def play(lab):
        client, server = lab.open()
        lab.exchange(client, server)
        lab.forge(sender, letters, **numbers)
        lab.settle()
        go_on(lab, client, server)
    return play


forgery("forged-rst-inwin", "forged RST in window, not exact: challenge ACK", "R", seq=100)
forgery("forged-rst-oow", "forged RST out of window: ignored", "R", seq=10_000_000)
forgery("forged-rst-old", "forged RST with an old sequence number: ignored", "R", seq=-50)
forgery("forged-syn-inwin", "forged SYN in window: challenge ACK", "S", seq=100)
forgery("forged-syn-oow", "forged SYN far out of window: challenge ACK", "S", seq=10_000_000)
forgery("forged-synack", "forged SYN-ACK in ESTABLISHED: challenge ACK", "SA", SERVER, seq=5000)
forgery("forged-fin-badseq", "forged FIN out of window: ignored", "FA", seq=10_000_000)
forgery("forged-fin-oldseq", "forged FIN with an old sequence number: ignored", "FA", seq=-50)
forgery("forged-fin-badack", "forged FIN in sequence acknowledging data never sent: ignored", "FA", ack=100_000)
forgery("forged-fin-noack", "forged FIN without ACK flag: ignored", "F")
forgery("forged-fin-gap", "forged FIN in window beyond a gap: queued, never reached", "FA", seq=2000)
forgery("forged-fin-gap-stamps", "the same by one who sees the time stamps", "FA", seq=2000, stamps=True)
forgery("forged-data-badack", "forged data acknowledging data never sent: ignored", "PA", ack=100_000, payload=50)


@scenario("forged-rst-exact", "forged RST with the exact sequence number towards the server", sender=CLIENT,
          letters="R")
@scenario("forged-rstack-exact-c", "forged RST+ACK with the exact sequence number towards the client", sender=SERVER,
          letters="RA")
@scenario("forged-rst-unseen", "exact RST that the tap does not see; the client's data then meets a RST", sender=CLIENT,
          letters="R", unseen=True)
def reset(lab, sender, letters, unseen=False):
    client, server = lab.open()
    lab.exchange(client, server)
    lab.forge(sender, letters, unseen=unseen)
    lab.settle()
    if unseen:
        lab.say(client)
    else:
        (client if sender == CLIENT else server).close()
    lab.settle()


@scenario("forged-rst-synsent-bad", "SYN_SENT: RST without/with wrong ACK is ignored, then the handshake goes on",
          tries=(("R", 0), ("RA", 77)))
@scenario("forged-rst-synsent-good", "SYN_SENT: forged RST+ACK with the right ACK kills the client", tries=(("RA", 0),))
@scenario("forged-synack-badack", "SYN_SENT: forged SYN-ACK with wrong ACK gets a RST; client stays SYN_SENT",
          tries=(("SA", 77),))
def in_syn_sent(lab, tries):
    lab.listener()
    lab.fate(CLIENT, syn, DROP)
    client = lab.connecting()
    lab.until(lab.captured(syn))
    for letters, ack in tries:
        lab.forge(SERVER, letters, seq=9000, ack=ack)
        lab.settle()
    if tries == (("RA", 0),):
        client.close()
        lab.settle()
        return
    go_on(lab, client, lab.accepted())


@scenario("rst-synrecv", "forged exact RST in SYN_RECEIVED returns the server to LISTEN")
def in_syn_received(lab):
    lab.listener()
    lab.fate(SERVER, synack, DROP)
    client = lab.connecting()
    lab.until(lab.captured(synack))
    lab.forge(CLIENT, "R")
    lab.settle()
    go_on(lab, client, lab.accepted())
