#include "compiler/sema/library.h"

#include <algorithm>

#include "compiler/syntax/syntax.h"
#include "runtime/base/check.h"

namespace nurture::sema {

namespace {

constexpr std::string_view kEnding = ".nurture";

bool is_named(const EmbeddedFile& file, std::string_view dotted) {
  if (file.name.size() != dotted.size() + kEnding.size() || !file.name.ends_with(kEnding)) return false;
  return std::equal(dotted.begin(), dotted.end(), file.name.begin(),
                    [](char asked, char there) { return asked == there || (asked == '.' && there == '/'); });
}

std::shared_ptr<const Module> read(const EmbeddedFile& text, FileId id, ast::NodeId first_node) {
  auto source = std::make_shared<const SourceFile>(id, "<" + std::string(text.name) + ">", std::string(text.content));
  auto module = std::make_shared<Module>(Module{source, ast::Tree(first_node), {}});
  Diagnostics found;
  module->file = syntax::parse(*source, module->tree, found);
  NURTURE_CHECK(found.all().empty());
  // A node takes at least one byte of text to say, or the ids of the next module would begin among these.
  NURTURE_CHECK(module->tree.size() - first_node <= text.content.size());
  return module;
}

}  // namespace

Library::Library(std::span<const EmbeddedFile> modules) {
  FileId file = kSharedFiles;
  ast::NodeId node = ast::kSharedNodes;
  for (const EmbeddedFile& each : modules) {
    slots_.push_back(std::make_unique<Slot>());
    slots_.back()->text = each;
    slots_.back()->file = file++;
    slots_.back()->first_node = node;
    node += static_cast<ast::NodeId>(each.content.size());
  }
}

std::shared_ptr<const Module> Library::find(std::string_view dotted) const {
  auto found =
      std::find_if(slots_.begin(), slots_.end(), [&](const auto& slot) { return is_named(slot->text, dotted); });
  if (found == slots_.end()) return nullptr;
  Slot& slot = **found;
  std::call_once(slot.read, [&] { slot.module = read(slot.text, slot.file, slot.first_node); });
  return slot.module;
}

}  // namespace nurture::sema
