// See merged.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "merged.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace tcpwave::archive {

Pcap open_capture(const std::string& file) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  Pcap capture(pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                       error.data()),
               &pcap_close);
  if (!capture) throw std::runtime_error(file + ": " + error.data());
  return capture;
}

Merged::Merged(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    Source source;
    source.file = file;
    source.order = waiting_.size();
    source.capture = open_capture(file);
    const int link_type = pcap_datalink(source.capture.get());
    if (link_type_ == -1) link_type_ = link_type;
    if (link_type != link_type_)
      throw std::runtime_error(file + ": its link type differs from that of " + files.front() +
                               "; split files of one link type at a time");
    advance(source);
    if (!source.capture) continue;  // it has no frame
    source.first_ns = source.frame.time_ns();
    // Opened again when its turn is near; what comes from a pipe cannot be.
    if (files.size() > 1) source.capture.reset();
    waiting_.push_back(std::move(source));
  }
  std::stable_sort(waiting_.begin(), waiting_.end(), [](const Source& a, const Source& b) {
    return std::pair(a.first_ns, a.order) > std::pair(b.first_ns, b.order);
  });
}

bool Merged::later(const Source& a, const Source& b) {
  return std::pair(a.frame.time_ns(), a.order) > std::pair(b.frame.time_ns(), b.order);
}

/// Its next frame; at the end the file is closed.
void Merged::advance(Source& source) {
  pcap_pkthdr* header = nullptr;
  const u_char* octets = nullptr;
  const int got = pcap_next_ex(source.capture.get(), &header, &octets);
  if (got == 1) {
    source.frame = {header, {octets, header->caplen}};
    return;
  }
  if (got != PCAP_ERROR_BREAK)
    damaged_.push_back(source.file + ": " + pcap_geterr(source.capture.get()));
  source.capture.reset();
}

void Merged::open_due() {
  while (!waiting_.empty() &&
         (open_.empty() || waiting_.back().first_ns <= open_.front().frame.time_ns())) {
    Source source = std::move(waiting_.back());
    waiting_.pop_back();
    if (!source.capture) {
      source.capture = open_capture(source.file);
      advance(source);
      if (!source.capture) continue;
    }
    open_.push_back(std::move(source));
    std::push_heap(open_.begin(), open_.end(), later);
  }
}

const Frame* Merged::next() {
  if (std::exchange(taken_, false)) {
    std::pop_heap(open_.begin(), open_.end(), later);
    advance(open_.back());
    if (open_.back().capture)
      std::push_heap(open_.begin(), open_.end(), later);
    else
      open_.pop_back();
  }
  open_due();
  if (open_.empty()) return nullptr;
  taken_ = true;
  return &open_.front().frame;
}

}  // namespace tcpwave::archive
