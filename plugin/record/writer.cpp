// See writer.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/writer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "epan.h"
#include "record/statistics_block.h"

extern "C" {
#include <wiretap/pcap-encap.h>
}

namespace tcpwave::record {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

[[noreturn]] void fail(const std::string& file, int error, char* info) {
  std::string text = file + ": " + wtap_strerror(error);
  if (info != nullptr) text += std::string(": ") + info;
  g_free(info);
  if (error == EPIPE) throw ReaderGone(text);
  throw std::runtime_error(text);
}

void add_text(wtap_block_t block, guint option, std::string_view text) {
  if (!text.empty()) wtap_block_add_string_option(block, option, text.data(), text.size());
}

GArray* one(wtap_block_t block) {
  GArray* const blocks = g_array_new(FALSE, FALSE, sizeof(wtap_block_t));
  return g_array_append_vals(blocks, &block, 1);
}

wtap_block_t interface_block(const About& about, int encapsulation) {
  wtap_block_t block = wtap_block_create(WTAP_BLOCK_IF_ID_AND_INFO);
  auto* const fixed =
      static_cast<wtapng_if_descr_mandatory_t*>(wtap_block_get_mandatory_data(block));
  fixed->wtap_encap = encapsulation;
  fixed->time_units_per_second = static_cast<guint64>(kSecond);
  fixed->tsprecision = WTAP_TSPREC_NSEC;
  fixed->snap_len = static_cast<guint32>(about.snap_length);
  constexpr std::uint8_t kNanoseconds = 9;
  wtap_block_add_uint8_option(block, OPT_IDB_TSRESOL, kNanoseconds);
  add_text(block, OPT_IDB_NAME, about.device);
  add_text(block, OPT_IDB_OS, about.kernel);
  if (!about.filter.empty()) {
    if_filter_opt_t filter{};
    filter.type = if_filter_pcap;
    filter.data.filter_str = const_cast<char*>(about.filter.c_str());  // copied
    wtap_block_add_if_filter_option(block, OPT_IDB_FILTER, &filter);
  }
  return block;
}

int open_file(const std::string& name) {
  if (name == "-") return dup(STDOUT_FILENO);
  return open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

}  // namespace

/// One that is being written.
struct Writer::File {
  std::string name;
  wtap_dumper* dumper = nullptr;
  int encapsulation = 0;
  int at_end = -1;  ///< the same open file, for the block after libwiretap's last
  GArray* sections = nullptr;
  wtapng_iface_descriptions_t interfaces{};

  File(std::string name_, const About& about) : name(std::move(name_)) {
    const int fd = open_file(name);
    if (fd < 0) throw std::runtime_error(name + ": " + std::strerror(errno));
    at_end = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    encapsulation = wtap_pcap_encap_to_wtap_encap(about.link_type);
    wtap_block_t section = wtap_block_create(WTAP_BLOCK_SECTION);
    add_text(section, OPT_SHB_OS, about.kernel);
    add_text(section, OPT_SHB_USERAPPL, "tcpwave-record " TCPWAVE_VERSION);
    sections = one(section);
    interfaces.interface_data = one(interface_block(about, encapsulation));
    wtap_dump_params params{};
    params.encap = encapsulation;
    params.snaplen = about.snap_length;
    params.tsprec = WTAP_TSPREC_NSEC;
    params.shb_hdrs = sections;
    params.idb_inf = &interfaces;
    int error = 0;
    char* info = nullptr;
    dumper = wtap_dump_fdopen(fd, wtap_pcapng_file_type_subtype(), WTAP_UNCOMPRESSED, &params,
                              &error, &info);
    if (dumper != nullptr) return;
    ::close(fd);
    release();
    fail(name, error, info);
  }
  ~File() {
    int error = 0;
    char* info = nullptr;
    if (dumper != nullptr) wtap_dump_close(dumper, nullptr, &error, &info);
    g_free(info);
    release();
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void release() const {
    wtap_block_array_free(sections);
    wtap_block_array_free(interfaces.interface_data);
    if (at_end >= 0) ::close(at_end);
  }

  void write(const Packet& packet, wtap_rec& record) const {
    record.rec_type = REC_TYPE_PACKET;
    record.tsprec = WTAP_TSPREC_NSEC;
    record.presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN | WTAP_HAS_INTERFACE_ID;
    record.ts.secs = packet.time_ns / kSecond;
    record.ts.nsecs = static_cast<int>(packet.time_ns % kSecond);
    auto& header = record.rec_header.packet_header;
    header.caplen = static_cast<guint32>(packet.bytes.size());
    header.len = packet.length;
    header.pkt_encap = encapsulation;
    header.interface_id = 0;
    if (encapsulation == WTAP_ENCAP_ETHERNET) header.pseudo_header.eth.fcs_len = -1;
    if (!packet.words.empty()) {
      record.block = wtap_block_create(WTAP_BLOCK_PACKET);
      for (const Word& word : packet.words)
        add_text(record.block, OPT_COMMENT, kernel::comment_of(word).view());
    }
    int error = 0;
    char* info = nullptr;
    if (!epan::dump(dumper, record, packet.bytes.data(), packet.bytes.size(), &error, &info))
      fail(name, error, info);
  }
};

Writer::Writer(WriterOptions options, About about)
    : options_(std::move(options)), about_(std::move(about)) {
  static const bool ready = [] {
    ws_log_set_level(LOG_LEVEL_WARNING);  // it says everything until told what to say
    wtap_init(FALSE);
    return true;
  }();
  static_cast<void>(ready);
  open();
}

Writer::~Writer() = default;

std::string Writer::next_name(std::int64_t time_ns) const {
  if (!options_.ring) return options_.file;
  const std::filesystem::path path(options_.file);
  const auto seconds = static_cast<time_t>(time_ns / kSecond);
  tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 64> middle{};
  std::array<char, 32> stamp{};
  std::strftime(stamp.data(), stamp.size(), "%Y%m%d%H%M%S", &local);
  std::snprintf(middle.data(), middle.size(), "_%05u_%s", number_, stamp.data());
  return (path.parent_path() / path.stem()).string() + middle.data() + path.extension().string();
}

void Writer::open() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  opened_ns_ = now.tv_sec * kSecond + now.tv_nsec;
  ++number_;
  file_ = std::make_unique<File>(next_name(opened_ns_), about_);
  bytes_ = in_file_ = 0;
  if (options_.ring) written_.push_back(file_->name);
  if (options_.files != 0 && written_.size() > options_.files) {
    std::error_code ignored;  // somebody else may have removed it
    std::filesystem::remove(written_.front(), ignored);
    written_.pop_front();
  }
}

bool Writer::is_full(const Packet& packet) const {
  const Limits& limits = options_.next_file;
  return (limits.bytes != 0 && bytes_ >= limits.bytes) ||
         (limits.packets != 0 && in_file_ >= limits.packets) ||
         (limits.duration_ns != 0 && packet.time_ns - opened_ns_ >= limits.duration_ns);
}

void Writer::write(const Packet& packet) {
  if (options_.ring && in_file_ != 0 && is_full(packet)) open();
  wtap_rec record{};
  epan::init_record(record, packet.bytes.size());
  try {
    file_->write(packet, record);
  } catch (const std::runtime_error&) {
    wtap_rec_cleanup(&record);
    throw;
  }
  wtap_rec_cleanup(&record);
  bytes_ = static_cast<std::uint64_t>(wtap_get_bytes_dumped(file_->dumper));
  ++packets_;
  ++in_file_;
  comments_ += packet.words.size();
}

void Writer::flush() {
  if (!options_.at_once) return;
  int error = 0;
  if (!wtap_dump_flush(file_->dumper, &error)) fail(file_->name, error, nullptr);
  // Where nothing comes, nothing is written that would fail.
  pollfd reader{file_->at_end, 0, 0};
  if (poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0)
    fail(file_->name, EPIPE, nullptr);
}

void Writer::close(const Capture::Counts& counts, const std::string& comment) {
  int error = 0;
  char* info = nullptr;
  wtap_dumper* const dumper = std::exchange(file_->dumper, nullptr);
  if (!wtap_dump_close(dumper, nullptr, &error, &info)) fail(file_->name, error, info);
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto block = statistics_block(
      {now.tv_sec * kSecond + now.tv_nsec, counts.received + counts.dropped_by_kernel,
       counts.dropped_by_interface, counts.dropped_by_kernel + counts.dropped_by_queue, comment});
  if (::write(file_->at_end, block.data(), block.size()) != static_cast<ssize_t>(block.size()))
    throw std::runtime_error(file_->name + ": " + std::strerror(errno));
}

}  // namespace tcpwave::record
