// See tree_writer.h. Everything on these stacks is trivially destructible: epan may longjmp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/tree_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "self.h"
#include "tcpwave/show/words.h"
#include "writing/labels.h"

namespace tcpwave {
namespace {

const char* label(const Field& field, Language language) {
  return field.label[static_cast<std::size_t>(language)];
}
// The tables' words are string literals, so there is a NUL behind each.
const char* colon(Language language) { return word(words(language).glue, Glue::Colon).data(); }

/// `0.001000000 seconds`
Text duration_text(std::int64_t nanoseconds, Language language) {
  constexpr double kSecond = 1e9;
  std::array<char, 64> digits{};  // printf would write them as the user's locale has it
  const auto end =
      std::to_chars(digits.begin(), digits.end(), static_cast<double>(nanoseconds) / kSecond,
                    std::chars_format::fixed, 9)
          .ptr;
  return Text({digits.data(), static_cast<std::size_t>(end - digits.data())})
         << word(words(language).glue, Glue::Seconds);
}

/// The lines that have others below them, as they come to stand in the tree.
struct Branches {
  proto_tree* top = nullptr;
  std::array<Few<proto_tree*, 8>, kBranches> of;

  /// Where the n-th value of a field of this branch stands.
  [[nodiscard]] proto_tree* below(Branch branch, std::size_t n) const {
    const auto& heads = of[static_cast<std::size_t>(branch)];
    if (branch == Branch::Top || heads.empty()) return top;
    return heads[n < heads.size() ? n : heads.size() - 1];
  }
};
static_assert(std::is_trivially_destructible_v<Branches>);

/// Wireshark cuts a longer label off (ITEM_LABEL_LENGTH is 240 bytes with its brackets and NUL).
constexpr std::size_t kLongestLine = 232;

/// The end of the last of these words that ends within a line; 0 where none does.
std::size_t end_of_last(std::string_view text, std::initializer_list<std::string_view> words) {
  std::size_t length = 0;
  for (const std::string_view word : words) {
    const std::size_t found = text.rfind(word, kLongestLine - word.size());
    if (found != std::string_view::npos) length = std::max(length, found + word.size());
  }
  return length;
}

/// How much of a text stands on one line: all of it, or whole sentences, or else whole clauses.
std::size_t line_length(std::string_view text) {
  if (text.size() <= kLongestLine) return text.size();
  std::size_t length = end_of_last(text, {". ", "。"});
  if (length == 0) length = end_of_last(text, {"; ", ", ", "；", "，"});
  if (length > 0) return length;
  length = kLongestLine;  // between two characters of UTF-8
  while ((static_cast<unsigned char>(text[length]) & 0xc0U) == 0x80U) --length;
  return length;
}

/// For printf's `%.*s`: without the blank that ends a line.
int printed_length(std::string_view line) {
  return static_cast<int>(line.size() - (line.ends_with(' ') ? 1 : 0));
}

/// Adds each value that it is given as one item of one field; in a tree that somebody sees, as a line
/// in the branch where it belongs.
class TreeSink final : public ValueSink {
 public:
  /// `branches`: null in a tree that nobody sees.
  TreeSink(proto_tree* top, Branches* branches, int id, const Field& field, const View& view)
      : top_(top), branches_(branches), id_(id), field_(field), view_(view) {}

  void number(std::uint32_t value) override {
    proto_item* item = field_.type == FieldType::Bool
                           ? proto_tree_add_boolean(tree(), id_, nullptr, 0, 0, value)
                           : proto_tree_add_uint(tree(), id_, nullptr, 0, 0, value);
    added(item, [&] { return Text() << value; });
  }
  void text(const char* value) override {
    proto_item* item = proto_tree_add_string(tree(), id_, nullptr, 0, 0, value);
    added(item, [&] { return Text(value); });
  }
  void duration(std::int64_t nanoseconds) override {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const nstime_t value{static_cast<time_t>(nanoseconds / kSecond),
                         static_cast<int>(nanoseconds % kSecond)};
    proto_item* item = proto_tree_add_time(tree(), id_, nullptr, 0, 0, &value);
    added(item, [&] { return duration_text(nanoseconds, view_.language); });
  }
  void skip() override { ++n_; }

 private:
  [[nodiscard]] proto_tree* tree() const {
    return branches_ != nullptr ? branches_->below(field_.in, n_) : top_;
  }

  /// `words` makes the value's own, for where the field says nothing else.
  template <class Words>
  void added(proto_item* item, Words words) {
    proto_item_set_generated(item);
    if (field_.shown == Display::Hidden || (field_.worth != nullptr && !field_.worth(view_)))
      proto_item_set_hidden(item);
    else if (branches_ != nullptr)
      draw(item, words);
    ++n_;
  }

  /// The first line is the item's own, further ones stand below it.
  void write_lines(proto_item* item, std::string_view text) {
    std::string_view line = text.substr(0, line_length(text));
    proto_item_set_text(item, "%.*s", printed_length(line), line.data());
    for (text.remove_prefix(line.size()); !text.empty(); text.remove_prefix(line.size())) {
      line = text.substr(0, line_length(text));
      proto_item_set_generated(proto_tree_add_none_format(
          tree(), hf_text_only, nullptr, 0, 0, "%.*s", printed_length(line), line.data()));
    }
  }

  template <class Words>
  void draw(proto_item* item, Words words) {
    const bool as_registered = field_.says == nullptr && view_.language == Language::English;
    if (!as_registered) {
      Text line;
      if (field_.shown != Display::Bare)
        line << label(field_, view_.language) << colon(view_.language);
      line << (field_.says != nullptr ? field_.says(view_, n_) : words()).view();
      write_lines(item, line.view());
    }
    const auto heads = static_cast<std::size_t>(field_.heads);
    if (field_.heads != Branch::Top)
      branches_->of[heads].push(proto_item_add_subtree(item, self().ids.branch[heads]));
  }

  proto_tree* top_;
  Branches* branches_;
  int id_;
  const Field& field_;
  const View& view_;
  std::size_t n_ = 0;
};
static_assert(std::is_trivially_destructible_v<TreeSink>);

void write_field(std::size_t i, proto_tree* top, Branches* branches, const View& view) {
  const Field& field = fields()[i];
  if (field.of_connection && !view.annotation.tracked) return;
  TreeSink sink(top, branches, self().ids.field[i], field, view);
  field.read(view, sink);
}

proto_item* add_subtree_item(proto_tree* tree, const char* text) {
  proto_item* item =
      proto_tree_add_protocol_format(tree, self().ids.tcpwave, nullptr, 0, 0, "TCP Wave: %s", text);
  proto_item_set_generated(item);
  return item;
}

/// The line says already what the expert info below it would say twice, and has its colour; filters find it.
void hide_expert(proto_tree* line) {
  proto_node* last = line == nullptr ? nullptr : line->last_child;
  if (last != nullptr && last->finfo != nullptr && last->finfo->hfinfo->id == self().ids.expert)
    proto_item_set_hidden(last);
}

/// Each on its own line where there is one, else on `item`.
void write_findings(packet_info* pinfo, proto_item* item, const Branches* branches,
                    const View& view) {
  Ids& ids = self().ids;
  std::size_t n = 0;
  for (const FindingHit& hit : view.annotation.findings) {
    const Text text = finding_text(view.annotation, hit, view.language);
    proto_tree* line = branches == nullptr ? nullptr : branches->below(Branch::Finding, n++);
    expert_add_info_format(pinfo, line != nullptr ? proto_tree_get_parent(line) : item,
                           &ids.finding[static_cast<std::size_t>(hit.finding)], "%s", text.c_str());
    hide_expert(line);
  }
}

/// All fields, as lines that somebody sees.
void draw_annotation(packet_info* pinfo, proto_item* item, proto_tree* top, const View& view) {
  Branches branches;
  branches.top = top;
  for (std::size_t i = 0; i < kFields; ++i) write_field(i, top, &branches, view);
  write_findings(pinfo, item, &branches, view);
}

/// What stands on an ICMP error about a SYN.
bool is_of_error(const Field& field) {
  for (const std::string_view name : {"tcpwave.conn", "tcpwave.handshake.step1.frame",
                                      "tcpwave.finding", "tcpwave.finding.explanation"})
    if (name == field.filter) return true;
  return false;
}

/// There the number of a connection is all that is known of it.
Field as_of_error(Field field) {
  if (field.filter == std::string_view("tcpwave.conn")) {
    field.says = nullptr;
    field.shown = Display::Labelled;
    field.heads = Branch::Top;
  }
  return field;
}

}  // namespace

void write_annotation(packet_info* pinfo, proto_tree* tree, const View& view,
                      const Audience& audience) {
  if (!audience.subtree) {
    // `-z expert` and the GUI's list of expert infos live without our subtree.
    if (audience.experts) write_findings(pinfo, tree, nullptr, view);
    return;
  }
  proto_item* item = tree;
  proto_tree* top = tree;
  if (audience.item) {
    const Text text = audience.visible ? headline(view.annotation, view.language) : Text();
    item = add_subtree_item(tree, text.c_str());
    top = proto_item_add_subtree(item, self().ids.subtree);
  }
  if (audience.visible) {
    draw_annotation(pinfo, item, top, view);
    return;
  }
  if (!view.annotation.findings.empty()) write_findings(pinfo, item, nullptr, view);
  for (const std::uint8_t i : *audience.fields) write_field(i, top, nullptr, view);
}

void write_unreachable(packet_info* pinfo, proto_tree* tree, const UnreachableSyn& syn) {
  // Its connection, its finding and the link to the SYN; the frame itself is no segment.
  Annotation annotation;
  annotation.tracked = true;
  annotation.connection = syn.connection;
  annotation.handshake_frame[0] = syn.syn_frame;
  annotation.findings.push(syn.finding);
  const View view{annotation, Known::SoFar, self().preferences.shown_language()};
  const bool referenced = tree != nullptr && proto_field_is_referenced(tree, self().ids.tcpwave);
  if (!referenced) {
    write_findings(pinfo, tree, nullptr, view);
    return;
  }
  const bool visible = PTREE_DATA(tree)->visible != 0;
  const Text text = finding_text(annotation, syn.finding, view.language);
  proto_item* item = add_subtree_item(tree, text.c_str());
  if (!visible) write_findings(pinfo, item, nullptr, view);
  Branches branches;
  branches.top = proto_item_add_subtree(item, self().ids.subtree);
  const auto list = fields();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!is_of_error(list[i])) continue;
    const Field field = as_of_error(list[i]);
    TreeSink sink(branches.top, visible ? &branches : nullptr, self().ids.field[i], field, view);
    field.read(view, sink);
  }
  if (visible) write_findings(pinfo, item, &branches, view);
}

void write_absence(packet_info* pinfo, proto_tree* tree, const char* why, expert_field* expert) {
  proto_item* item = tree == nullptr ? nullptr : add_subtree_item(tree, why);
  if (expert != nullptr) expert_add_info_format(pinfo, item, expert, "TCP Wave: %s", why);
}

}  // namespace tcpwave
