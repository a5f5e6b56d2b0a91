# SPDX-License-Identifier: GPL-2.0-or-later
"""What nobody at the tap can know: states that rest on something that was not captured (yet).

Each rule marks an end on a row, with the reason. They err towards marking nothing: a state that stays
unmarked counts against whoever is scored.
"""

from record import CLIENT, SERVER
from segment import ACK, FIN, RST, SYN

CLOSING_STATES = ("FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK", "TIME_WAIT")
OPENING_STATES = ("SYN_SENT", "SYN_RECEIVED")
WAITS_FOR_ACK = ("SYN_RECEIVED", "FIN_WAIT_1", "CLOSING", "LAST_ACK")
ENDS = (CLIENT, SERVER)


def other(end):
    return SERVER if end == CLIENT else CLIENT


def mark(rows, connections):
    for number, connection in enumerate(connections):
        own = [row for row in rows if row.conn == number]
        if any((c.client, c.server) == (connection.client, connection.server) for c in connections[:number]):
            _listener_left(own)
        _only_forged(own)
        for end in ENDS:
            _not_captured_yet(own, end, end in connection.active)
            _lost_without_trace(own, end)
            _gone(own, end)
            _no_socket(own, end)
            _ignored_ack(own, end)
            _forged_reset(own, end)


def _hide(row, end, why):
    row.hidden.setdefault(end, why)


def _not_captured_yet(rows, end, active):
    """A SYN, FIN or RST of its own that is sent, or for a FIN at least due."""
    seen, closed = 0, False  # closed: seen to be so
    for row in rows:
        if row.sender == end and row.fate != "injected":
            seen |= row.segment.flags
        state, sent = row.state[end], row.sent[end]
        if state == "CLOSED" and sent & RST and not seen & RST and not closed:
            _hide(row, end, "RST sent, not captured")
        elif state in CLOSING_STATES and not seen & FIN:
            _hide(row, end, "FIN sent, not captured" if sent & FIN else "application closed, FIN not sent yet")
        elif active and state in OPENING_STATES and not seen & SYN:
            _hide(row, end, "SYN sent, not captured")
        elif end in row.held:
            _hide(row, end, "in flight past the tap: captured, not delivered yet")
        closed = state == "CLOSED" and end not in row.hidden


def _only_forged(rows):
    if all(row.fate == "injected" or row.segment.has(RST) for row in rows):
        for row in rows:
            for end in ENDS:
                _hide(row, end, "only forged segments")


def _listener_left(rows):
    """Of a port used again, before the new connection is there: is the old socket gone, or was there none?"""
    for row in rows:
        if row.state[SERVER] == "SYN_RECEIVED":
            return
        if row.state[SERVER] in ("CLOSED", "LISTEN"):
            _hide(row, SERVER, "the old incarnation's socket is gone, the listener is left: CLOSED or LISTEN")


def _sent_again(rows, lost):
    """Whether something after a lost segment tells that it did not arrive."""
    after = rows[rows.index(lost) + 1:]
    if lost.segment.has(RST) and any(r.sender != lost.sender and not r.segment.has(RST) for r in after):
        return True
    if lost.segment.length or lost.segment.has(RST):
        return any(r.sender == lost.sender and r.segment.length and r.segment.seq == lost.segment.seq for r in after)
    return any(r.sender != lost.sender and r.segment.length and
               (r.segment.seq - lost.segment.ack) % 2**32 > 2**31 for r in after)


def _no_socket(rows, end):
    """A SYN,ACK was sent, and there is only the listener: a SYN cookie, or the request has expired."""
    for row in rows:
        if row.state[end] == "LISTEN" and row.sent[end] & SYN:
            _hide(row, end, "no socket behind the SYN-ACK (syncookie or expired request)")


def _lost_without_trace(rows, end):
    for lost in rows:
        if lost.fate != "dropped" or lost.sender == end or _sent_again(rows, lost):
            continue
        for row in rows[rows.index(lost):]:
            if row is not lost and row.sender != end and row.fate != "dropped":
                break
            if lost.segment.flags & (SYN | FIN | RST) or row.state[end] in WAITS_FOR_ACK:
                _hide(row, end, "lost without a trace")


def _gone(rows, end):
    gone = False
    for row in rows:
        gone = gone or end in row.timed_out
        if row.sender == end and row.segment.has(RST):
            gone = False
        if gone and row.state[end] == "CLOSED":
            _hide(row, end, "socket gone without a segment (timer or application)")


def _ignored_ack(rows, end):
    """The end stays SYN_RECEIVED although the third ACK was delivered, until it sends its SYN,ACK again."""
    answered, ignored = None, False
    for row in rows:
        segment = row.segment
        if row.sender == end and segment.flags & (SYN | ACK) == SYN | ACK:
            answered, ignored = segment, False
        elif row.sender != end and answered and segment.has(ACK) and not segment.has(SYN) and \
                segment.ack == answered.end and row.fate != "dropped":
            ignored = True
        if ignored and row.state[end] == "SYN_RECEIVED":
            _hide(row, end, "handshake ACK ignored by the kernel")


def cut(whole, kept):
    """In a capture that misses frames: states that rest on a FIN which it does not have and nothing tells of."""
    for end in ENDS:
        for conn in {row.conn for row in kept}:
            fins = [r for r in whole if r.conn == conn and r.sender == end and r.segment.has(FIN)
                    and r.fate != "injected"]
            rows = [r for r in kept if r.conn == conn]
            if not fins or any(f in rows for f in fins) or _tells_of(rows, end, fins[0].segment):
                continue
            for row in rows:
                if row.sent[end] & FIN:
                    _hide(row, end, "its FIN is not in this capture")
                    _hide(row, other(end), "the peer's FIN is not in this capture")


def _tells_of(rows, end, fin):
    """Something of the end up to its FIN, and a number beyond it."""
    before = any(r.sender == end and r.segment.end == (fin.end - 1) % 2**32 for r in rows)
    beyond = any(r.segment.seq == fin.end if r.sender == end else r.segment.ack == fin.end for r in rows)
    return before and beyond


def _forged_reset(rows, end):
    """A RST in this end's name after which it says nothing: who is to know that it was not its own?"""
    for i, row in enumerate(rows):
        if row.fate != "injected" or row.sender != end or not row.segment.has(RST):
            continue
        if not any(r.sender == end and r.fate != "injected" for r in rows[i + 1:]):
            for later in rows if row.state[other(end)] == "CLOSED" and i < 3 else rows[i:]:
                _hide(later, end, "nothing tells that the RST was forged")
