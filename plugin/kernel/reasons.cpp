// See reasons.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/reasons.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace tcpwave::kernel {
namespace {

using enum Finding;

constexpr std::array kCauses{RstInHandshake,       ConnectionRefused, HalfOpenPeer,  RstAbort,
                             RstUnreadData,        RstOrphanData,     RstCloserGone, RstPeerGone,
                             RstUnknownConnection, RstKeepalive,      RstRepeated,   TimeWaitKilled,
                             RstForeignPath,       RstNoConnection,   RstBadAck};

Verdict one_of(std::initializer_list<Finding> right, Finding cause) {
  return std::ranges::find(right, cause) != right.end() ? Verdict::Agrees : Verdict::Differs;
}

/// An abort that somebody asked for: which of ours it is, is a matter of the state.
Verdict judge_abort(State met, Finding cause) {
  switch (met) {
    case State::Unknown:
      return Verdict::Open;
    case State::SynSent:
    case State::SynReceived:
      return one_of({RstInHandshake}, cause);
    case State::CloseWait:
    case State::LastAck:
      return one_of({RstPeerGone}, cause);
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
      return one_of({RstCloserGone}, cause);
    case State::Closed:
    case State::Listen:
    case State::Established:
    case State::TimeWait:
      return one_of({RstAbort, RstInHandshake}, cause);
  }
  return Verdict::Open;
}

}  // namespace

bool is_cause(Finding finding) { return std::ranges::find(kCauses, finding) != kCauses.end(); }

Verdict verdict_on(std::string_view reason, State met, Finding cause) {
  if (reason == "NO_SOCKET")
    return one_of({ConnectionRefused, RstUnknownConnection, RstNoConnection, RstRepeated,
                   RstOrphanData, RstCloserGone, HalfOpenPeer, RstInHandshake, TimeWaitKilled},
                  cause);
  if (reason == "TCP_ABORT_ON_CLOSE") return one_of({RstUnreadData}, cause);
  if (reason == "TCP_ABORT_ON_DATA") return one_of({RstOrphanData, RstCloserGone}, cause);
  if (reason == "TCP_KEEPALIVE_TIMEOUT") return one_of({RstKeepalive}, cause);
  if (reason == "TCP_TIMEWAIT_SOCKET") return one_of({RstOrphanData, RstCloserGone}, cause);
  if (reason == "TCP_ABORT_ON_LINGER") return one_of({RstCloserGone}, cause);
  if (reason == "TCP_ABORT_ON_MEMORY") return one_of({RstCloserGone, RstAbort}, cause);
  if (reason == "INVALID_SYN") return one_of({RstInHandshake}, cause);
  if (reason == "TCP_STATE" || reason == "TCP_DISCONNECT_WITH_DATA") return judge_abort(met, cause);
  return Verdict::Open;
}

}  // namespace tcpwave::kernel
