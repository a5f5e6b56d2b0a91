// Writes pcapng files through wiretap. See pcapng.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/pcapng.h"

#include <memory>
#include <stdexcept>

#include "epan.h"

namespace tcpwave::tools {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error, char* info) {
  std::string text = file.string() + ": " + wtap_strerror(error);
  if (info != nullptr) text += std::string(": ") + info;
  g_free(info);
  throw std::runtime_error(text);
}

// The section header with nothing in it but the comment.
GArray* section_header(const std::string& comment) {
  wtap_block_t block = wtap_block_create(WTAP_BLOCK_SECTION);
  wtap_block_add_string_option(block, OPT_COMMENT, comment.data(), comment.size());
  GArray* sections = g_array_new(FALSE, FALSE, sizeof(wtap_block_t));
  return g_array_append_vals(sections, &block, 1);
}

void write_frame(wtap_dumper* dumper, const CapturedFrame& frame,
                 const std::filesystem::path& file) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  wtap_rec record{};
  epan::init_record(record, frame.ethernet.size());
  record.rec_type = REC_TYPE_PACKET;
  record.tsprec = WTAP_TSPREC_NSEC;
  record.presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN;
  record.ts.secs = frame.time_ns / kSecond;
  record.ts.nsecs = static_cast<int>(frame.time_ns % kSecond);
  record.rec_header.packet_header.caplen = static_cast<guint32>(frame.ethernet.size());
  record.rec_header.packet_header.len = record.rec_header.packet_header.caplen;
  record.rec_header.packet_header.pkt_encap = WTAP_ENCAP_ETHERNET;
  int error = 0;
  char* info = nullptr;
  const bool written =
      epan::dump(dumper, record, frame.ethernet.data(), frame.ethernet.size(), &error, &info);
  wtap_rec_cleanup(&record);
  if (!written) fail(file, error, info);
}

}  // namespace

void write_pcapng(const std::filesystem::path& file, const std::string& comment,
                  const std::vector<CapturedFrame>& frames) {
  static const bool ready = [] {
    ws_log_set_level(LOG_LEVEL_WARNING);  // it says everything until told what to say
    wtap_init(FALSE);
    return true;
  }();
  static_cast<void>(ready);
  wtap_dump_params params{};
  params.encap = WTAP_ENCAP_ETHERNET;
  params.tsprec = WTAP_TSPREC_NSEC;
  const std::unique_ptr<GArray, decltype(&wtap_block_array_free)> sections(section_header(comment),
                                                                           &wtap_block_array_free);
  params.shb_hdrs = sections.get();
  int error = 0;
  char* info = nullptr;
  wtap_dumper* dumper = wtap_dump_open(file.c_str(), wtap_pcapng_file_type_subtype(),
                                       WTAP_UNCOMPRESSED, &params, &error, &info);
  if (dumper == nullptr) fail(file, error, info);
  for (const CapturedFrame& frame : frames) write_frame(dumper, frame, file);
  if (!wtap_dump_close(dumper, nullptr, &error, &info)) fail(file, error, info);
}

}  // namespace tcpwave::tools
