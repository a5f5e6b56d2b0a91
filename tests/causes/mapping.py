# SPDX-License-Identifier: GPL-2.0-or-later
"""What may be said about a RST, given the kernel's own reason: judge(row) -> (right, near).

Made from the meaning of the findings and from Linux 6.18's sources, before any answer of tcpwave was looked at.
  right  the finding's text and explanation are true of what happened;
  near   the segment on the wire is (or may be) the same, and the explanation differs from what happened in
         something the wire does not show for sure. Acceptable while the confidence is not "certain".
Everything else among CAUSES is wrong. `row` is a line of captures/causes/*.causes.jsonl.

Amended after the first scoring, where the mapping was mistaken:
 A1 rst_repeated is near where an earlier RST of the OTHER end is in the capture and this one is an answer.
 A2 an abort by an end that has sent nothing but its SYN: rst_in_handshake is true as well.
 A3 an answer in SYN_SENT that ends the other end's TIME_WAIT: time_wait_killed is true.
 A4 SO_LINGER 0 in FIN_WAIT_1 whose FIN never left the host (queued behind data): on the wire it is rst_abort.
"""
CAUSES = {"connection_refused", "rst_in_handshake", "half_open_peer", "rst_abort", "rst_unread_data", "rst_orphan_data",
          "rst_closer_gone", "rst_peer_gone", "rst_unknown_connection", "rst_keepalive", "rst_repeated", "time_wait_killed",
          "rst_foreign_path", "rst_no_connection", "rst_bad_ack"}
ACTIVE = {"ESTABLISHED": "rst_abort", "CLOSE_WAIT": "rst_peer_gone", "LAST_ACK": "rst_peer_gone", "FIN_WAIT_1": "rst_closer_gone",
          "FIN_WAIT_2": "rst_closer_gone", "CLOSING": "rst_closer_gone", "SYN_RECEIVED": "rst_in_handshake"}
# "trigger_kind": syn synack ack data fin data+fin rst None (what the RST answers)


def judge(r):
    right, near = _judge(r)
    right, near = set(right), set(near)
    if r["origin"] == "kernel":
        if r["answer"] and r.get("earlier_rst"):
            near.add("rst_repeated")                      # A1
        if not r["answer"] and r.get("only_syn"):
            right.add("rst_in_handshake")                 # A2
        if r.get("state") == "SYN_SENT" and r.get("peer_state") == "TIME_WAIT":
            right.add("time_wait_killed")                 # A3
        if not r["answer"] and r.get("state") == "FIN_WAIT_1" and not r.get("fin_me") and r.get("seq_rel") == 0:
            right.add("rst_abort")                        # A4
    near -= right
    if not r["first"]:
        # an earlier RST of the same sender on this connection is in the capture
        right.add("rst_repeated")
    return right, near


def _judge(r):
    tk, st, gone, reason = r.get("trigger_kind"), r.get("state"), r.get("gone"), r.get("reason")
    if r["origin"] == "box":
        if tk == "syn":
            return {"connection_refused", "rst_foreign_path"}, {"rst_in_handshake"}
        if r.get("ttl_rel") in ("same", "none"):          # nothing on the wire gives the box away
            return {"rst_foreign_path", "rst_unknown_connection"}, {"rst_abort", "rst_orphan_data", "rst_closer_gone", "rst_peer_gone"}
        return {"rst_foreign_path"}, {"rst_unknown_connection"}
    # ---- answers to a segment -----------------------------------------------------------
    if r["answer"]:
        if tk == "syn":
            return {"connection_refused"}, set()
        if reason == "TCP_ABORT_ON_DATA":
            if tk == "ack":                               # TCP_LINGER2 < 0: the ACK of the FIN is answered
                return {"rst_closer_gone"}, {"rst_orphan_data", "rst_unknown_connection"}
            return {"rst_orphan_data"}, {"rst_unknown_connection", "rst_closer_gone"}
        if reason == "TCP_TIMEWAIT_SOCKET":               # an orphan in FIN_WAIT_2
            if tk == "fin":
                return {"rst_orphan_data", "rst_closer_gone"}, {"rst_unknown_connection"}
            return {"rst_orphan_data"}, {"rst_unknown_connection", "rst_closer_gone"}
        if st == "SYN_SENT":                              # a SYN,ACK or ACK that does not answer the SYN
            if tk == "synack":
                return {"rst_in_handshake", "rst_unknown_connection", "half_open_peer"}, set()
            return {"half_open_peer"}, {"rst_in_handshake", "rst_unknown_connection"}
        if st == "SYN_RECEIVED" or reason == "INVALID_SYN":
            return {"rst_in_handshake"}, {"rst_unknown_connection"}
        if gone == "request" or gone == "gone in SYN_SENT":
            return {"rst_in_handshake"}, {"rst_unknown_connection"}
        if gone == "never":
            return {"rst_unknown_connection", "rst_no_connection"}, {"rst_in_handshake"}
        tw = {"time_wait_killed"} if r.get("peer_state") == "TIME_WAIT" or r.get("peer_time_wait") else set()
        if gone == "mini socket gone":                    # orphan FIN_WAIT_2 timed out, or no room for it
            if tk == "fin":
                return {"rst_closer_gone", "rst_unknown_connection"} | tw, {"rst_orphan_data"}
            return {"rst_orphan_data", "rst_closer_gone", "rst_unknown_connection"} | tw, set()
        if gone == "own answer RST":
            return {"rst_unknown_connection"} | tw, {"rst_orphan_data", "rst_closer_gone", "rst_in_handshake"}
        if gone == "own abort":                           # its own RST came first
            return {"rst_unknown_connection"} | tw, ({"rst_abort", "rst_orphan_data", "rst_closer_gone", "rst_peer_gone"})
        if gone and gone.startswith("gone in FIN_WAIT"):
            return {"rst_unknown_connection", "rst_closer_gone"} | ({"rst_orphan_data"} if tk and "data" in tk else set()), {"rst_orphan_data"}
        # forgotten, closed in order, killed by the peer's RST, died silently of a timer
        return {"rst_unknown_connection"} | tw, {"rst_orphan_data"} if r.get("fin_me") else set()
    # ---- aborts of a socket that was there --------------------------------------------------
    base = ACTIVE.get(st, "rst_abort")
    if reason == "TCP_ABORT_ON_CLOSE":
        return {"rst_unread_data"}, {base}
    if reason == "TCP_KEEPALIVE_TIMEOUT":
        return {"rst_keepalive"}, {base}
    if reason == "TCP_ABORT_ON_LINGER":
        return {"rst_closer_gone"}, {"rst_unread_data"}
    if reason == "TCP_ABORT_ON_MEMORY":
        return {"rst_closer_gone", "rst_abort"}, {"rst_unread_data"}
    if reason == "TCP_DISCONNECT_WITH_DATA":
        return {base}, {"rst_abort", "rst_peer_gone", "rst_unread_data"}
    # TCP_STATE and the like: SO_LINGER 0, disconnect, SOCK_DESTROY, listener closed
    if r.get("unread") and r["action"] in ("destroy", "disconnect", "listener_close", "listener_kill"):
        return {base, "rst_unread_data"}, set()
    if r["action"].startswith("listener"):                # accept() never saw it: what came is unread, too
        return {base, "rst_unread_data"} if r.get("peer_sent_data") else {base}, {"rst_unread_data", "rst_in_handshake", "rst_abort"}
    return {base}, {"rst_unread_data"} | ({"rst_abort"} if base == "rst_peer_gone" else set())
