// See capture_file.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture_file.h"

#include <cstdio>
#include <cstdlib>

#include "stopwatch.h"

namespace tcpwave::window {
namespace {

const nstime_t* time_of(packet_provider_data* provider, guint32 number) {
  const frame_data* frame = frame_data_sequence_find(provider->frames, number);
  return frame != nullptr ? &frame->abs_ts : nullptr;
}

/// Later versions ask with the file's section.
template <class... Section>
const char* no_name(packet_provider_data*, guint32, Section...) {
  return nullptr;
}

wtap_block_t no_block(packet_provider_data*, const frame_data*) { return nullptr; }

const packet_provider_funcs kFunctions = [] {
  packet_provider_funcs all{};  // later versions have more
  all.get_frame_ts = time_of;
  all.get_interface_name = no_name;
  all.get_interface_description = no_name;
  all.get_modified_block = no_block;
  return all;
}();

[[noreturn]] void fail(const std::string& path, int error) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), wtap_strerror(error));
  std::exit(1);
}

}  // namespace

CaptureFile::CaptureFile(const std::string& path, std::uint32_t most) {
  int error = 0;
  gchar* details = nullptr;
  file_ = wtap_open_offline(path.c_str(), WTAP_TYPE_AUTO, &error, &details, TRUE);
  if (file_ == nullptr) fail(path, error);
  epan::init_record(record_, 1514);
  ws_buffer_init(&bytes_, 1514);
  provider_.frames = new_frame_data_sequence();
  session_ = epan_new(&provider_, &kFunctions);
  gint64 offset = 0;
  while (frames() < most && epan::read(file_, record_, bytes_, &error, &details, &offset)) {
    frame_data fresh;
    frame_data_init(&fresh, frames() + 1, &record_, offset, cum_bytes_);
    at_.push_back(offset);
    dissect_first(frame_data_sequence_add(provider_.frames, &fresh));
    wtap_rec_reset(&record_);
  }
  if (error != 0) fail(path, error);
}

CaptureFile::~CaptureFile() {
  epan_free(session_);
  free_frame_data_sequence(provider_.frames);
  ws_buffer_free(&bytes_);
  wtap_rec_cleanup(&record_);
  wtap_close(file_);
}

void CaptureFile::run_with_taps(epan_dissect_t* edt, frame_data* frame) {
  epan::dissect(edt, wtap_file_type_subtype(file_), record_, bytes_, frame, true);
}

void CaptureFile::dissect_first(frame_data* frame) {
  epan_dissect_t* edt = epan_dissect_new(session_, have_filtering_tap_listeners(), FALSE);
  frame_data_set_before_dissect(frame, &elapsed_, &reference_, previous_);
  first_.time([&] { run_with_taps(edt, frame); });
  frame_data_set_after_dissect(frame, &cum_bytes_);
  previous_ = frame;
  epan_dissect_free(edt);
}

void CaptureFile::read(const frame_data* frame) {
  int error = 0;
  gchar* details = nullptr;
  if (!epan::read_at(file_, at_[frame->num - 1], record_, bytes_, &error, &details))
    fail("a frame read again", error);
}

void CaptureFile::visit(std::uint32_t number, const std::function<void(epan_dissect_t*)>& before,
                        const std::function<void(epan_dissect_t*)>& after) {
  frame_data* frame = frame_data_sequence_find(provider_.frames, number);
  read(frame);
  epan_dissect_t* edt = epan_dissect_new(session_, TRUE, TRUE);
  color_filters_prime_edt(edt);
  before(edt);
  frame->need_colorize = 1;
  epan::dissect(edt, wtap_file_type_subtype(file_), record_, bytes_, frame, false);
  after(edt);
  epan_dissect_free(edt);
  wtap_rec_reset(&record_);
}

void CaptureFile::retap() {
  again_ = {};
  reset_tap_listeners();
  epan_dissect_t* edt = epan_dissect_new(session_, have_filtering_tap_listeners(), FALSE);
  for (std::uint32_t number = 1; number <= frames(); ++number) {
    frame_data* frame = frame_data_sequence_find(provider_.frames, number);
    read(frame);
    again_.time([&] { run_with_taps(edt, frame); });
    epan_dissect_reset(edt);
    wtap_rec_reset(&record_);
  }
  epan_dissect_free(edt);
  draw_tap_listeners(TRUE);
}

void CaptureFile::redissect() {
  epan_free(session_);
  session_ = epan_new(&provider_, &kFunctions);
  cum_bytes_ = 0;
  elapsed_ = {};
  reference_ = previous_ = nullptr;
  for (std::uint32_t number = 1; number <= frames(); ++number) {
    frame_data* frame = frame_data_sequence_find(provider_.frames, number);
    frame_data_reset(frame);
    read(frame);
    dissect_first(frame);
    wtap_rec_reset(&record_);
  }
}

}  // namespace tcpwave::window
