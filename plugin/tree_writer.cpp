// See tree_writer.h. Everything on these stacks is trivially destructible: epan may longjmp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree_writer.h"

#include <type_traits>

#include "self.h"

namespace tcpwave {
namespace {

/// Adds each value that it is given as one item of one field.
class TreeSink final : public ValueSink {
 public:
  TreeSink(proto_tree* tree, int id, const Field& field) : tree_(tree), id_(id), field_(field) {}

  void number(std::uint32_t value) override {
    added(field_.type == FieldType::Bool ? proto_tree_add_boolean(tree_, id_, nullptr, 0, 0, value)
                                         : proto_tree_add_uint(tree_, id_, nullptr, 0, 0, value));
  }
  void text(const char* value) override {
    added(proto_tree_add_string(tree_, id_, nullptr, 0, 0, value));
  }
  void duration(std::int64_t nanoseconds) override {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const nstime_t value{static_cast<time_t>(nanoseconds / kSecond),
                         static_cast<int>(nanoseconds % kSecond)};
    added(proto_tree_add_time(tree_, id_, nullptr, 0, 0, &value));
  }

 private:
  void added(proto_item* item) const {
    proto_item_set_generated(item);
    if (field_.shown == Shown::Hidden) proto_item_set_hidden(item);
  }

  proto_tree* tree_;
  int id_;
  const Field& field_;
};
static_assert(std::is_trivially_destructible_v<TreeSink>);

void write_fields(proto_tree* tree, const View& view) {
  const auto list = fields();
  const Ids& ids = self().ids;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Field& field = list[i];
    if (field.of_connection && !view.annotation.tracked) continue;
    if (!proto_field_is_referenced(tree, ids.field[i])) continue;
    TreeSink sink(tree, ids.field[i], field);
    field.read(view, sink);
  }
}

proto_item* add_subtree_item(proto_tree* tree, const char* text) {
  proto_item* item =
      proto_tree_add_protocol_format(tree, self().ids.tcpwave, nullptr, 0, 0, "TCP Wave: %s", text);
  proto_item_set_generated(item);
  return item;
}

void write_findings(packet_info* pinfo, proto_item* item, const Annotation& annotation) {
  Ids& ids = self().ids;
  for (const FindingHit& hit : annotation.findings) {
    const Text text = finding_text(annotation, hit);
    expert_add_info_format(pinfo, item, &ids.finding[static_cast<std::size_t>(hit.finding)], "%s",
                           text.c_str());
  }
}

void write_mark(packet_info* pinfo, const Annotation& annotation) {
  if (pinfo->cinfo == nullptr || !self().preferences.info_mark) return;
  const Text mark = short_mark(annotation);
  if (mark.empty()) return;
  const Text bracketed = Text(" [") << mark.view() << "]";
  col_append_str(pinfo->cinfo, COL_INFO, bracketed.c_str());
}

}  // namespace

proto_tree* tree_of_layer(packet_info* pinfo, proto_tree* frame, unsigned layer) {
  if (frame == nullptr) return nullptr;
  // packet-tcp.c leaves its subtree here, one per layer: a habit of it and no promise.
  void* own = p_get_proto_data(pinfo->pool, pinfo, self().ids.tcp, layer);
  return own != nullptr ? static_cast<proto_tree*>(own) : frame;
}

void write_annotation(packet_info* pinfo, proto_tree* tree, const View& view) {
  const Annotation& annotation = view.annotation;
  write_mark(pinfo, annotation);
  const bool referenced = tree != nullptr && proto_field_is_referenced(tree, self().ids.tcpwave);
  if (!referenced) {
    // `-z expert` and filters on expert info live without our subtree.
    write_findings(pinfo, tree, annotation);
    return;
  }
  const Text text = PTREE_DATA(tree)->visible ? headline(annotation) : Text();
  proto_item* item = add_subtree_item(tree, text.c_str());
  proto_tree* subtree = proto_item_add_subtree(item, self().ids.subtree);
  write_findings(pinfo, item, annotation);
  write_fields(subtree, view);
}

void write_absence(packet_info* pinfo, proto_tree* tree, const char* why, expert_field* expert) {
  proto_item* item = tree == nullptr ? nullptr : add_subtree_item(tree, why);
  if (expert != nullptr) expert_add_info_format(pinfo, item, expert, "TCP Wave: %s", why);
}

}  // namespace tcpwave
