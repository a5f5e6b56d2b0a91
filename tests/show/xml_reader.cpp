// SPDX-License-Identifier: GPL-2.0-or-later
#include "show/xml_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace tcpwave {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string fault() {
    if (text_.starts_with("<?xml")) at_ = text_.find("?>") + 2;
    while (fault_.empty() && at_ < text_.size()) {
      if (text_[at_] == '<')
        tag();
      else
        characters('<');
    }
    if (fault_.empty() && !open_.empty()) wrong("not closed: " + open_.back());
    if (fault_.empty() && roots_ != 1) wrong("not one root");
    return fault_;
  }

 private:
  void wrong(const std::string& what) { fault_ = what + " at " + std::to_string(at_); }
  [[nodiscard]] char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string name() {
    const std::size_t begin = at_;
    while (std::isalnum(static_cast<unsigned char>(now())) != 0 || now() == '-' || now() == ':')
      ++at_;
    if (begin == at_) wrong("no name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  /// Text up to `end`, which is not allowed in it, nor is a bare "&" or a control character.
  void characters(char end) {
    static constexpr std::array<std::string_view, 5> kEntities{"&amp;", "&lt;", "&gt;", "&quot;",
                                                               "&#39;"};
    while (fault_.empty() && at_ < text_.size() && now() != end) {
      const std::string_view rest = text_.substr(at_);
      const bool known = std::any_of(kEntities.begin(), kEntities.end(),
                                     [&](std::string_view e) { return rest.starts_with(e); });
      if (now() == '&' && !known) return wrong("bare &");
      if (now() == '<') return wrong("bare <");
      if (static_cast<unsigned char>(now()) < 0x20 && now() != '\n') return wrong("control");
      if (open_.empty() && now() != '\n') return wrong("text outside");
      ++at_;
    }
  }

  void attribute() {
    name();
    if (now() != '=' || text_.substr(at_ + 1, 1) != "\"") return wrong("no value");
    at_ += 2;
    open_.emplace_back();  // text is allowed here
    characters('"');
    open_.pop_back();
    ++at_;
  }

  void tag() {
    ++at_;
    const bool closing = now() == '/';
    if (closing) ++at_;
    const std::string element = name();
    if (closing) {
      if (open_.empty() || open_.back() != element) return wrong("closes " + element);
      open_.pop_back();
    }
    while (fault_.empty() && now() == ' ') {
      ++at_;
      attribute();
    }
    const bool empty = now() == '/';
    if (empty) ++at_;
    if (now() != '>') return wrong("no >");
    ++at_;
    if (closing) return;
    if (open_.empty()) ++roots_;
    if (!empty) open_.push_back(element);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  int roots_ = 0;
  std::string fault_;
};

}  // namespace

std::string xml_fault(std::string_view document) { return Reader(document).fault(); }

}  // namespace tcpwave
