#include "compiler/recall/memory.h"

#include <algorithm>
#include <set>

#include "compiler/recall/bytes.h"
#include "stdlib/stdlib.h"

namespace nurture::recall {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// "<std/b2b.nurture>", as sources name what came from the standard library; or null.
const std::string_view* embedded(const std::string& path) {
  for (const EmbeddedFile& file : stdlib_modules) {
    if (path.size() == file.name.size() + 2 && path.substr(1, file.name.size()) == file.name) return &file.content;
  }
  return nullptr;
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

}  // namespace

/// How an entry stands in a file, for either coder.
class EntryForm {
 public:
  template <typename Coder>
  static void code(Coder& coder, Memory::Entry& entry) {
    coder.list(entry.inputs, [&](Input& input) {
      coder.number(input.kind);
      coder.text(input.path);
      coder.number(input.limit);
      digest(coder, input.answer);
    });
    coder.list(entry.sources, [&](Memory::Source& source) {
      coder.number(source.id);
      coder.text(source.path);
      digest(coder, source.content);
    });
    coder.list(entry.diagnostics, [&](Diagnostic& each) { diagnostic(coder, each); });
    coder.number(entry.campaigns);
  }

  /// What a damaged file could hold and a check never finds.
  static bool sound(const Memory::Entry& entry) {
    std::set<FileId> files;
    for (const Memory::Source& source : entry.sources) {
      const bool shared = embedded(source.path) != nullptr;
      if (shared ? source.id < kSharedFiles : source.id != files.size()) return false;
      files.insert(source.id);
    }
    auto known = [&](const Span& span) { return files.contains(span.file) && span.begin <= span.end; };
    auto kind = [](const Input& input) { return input.kind <= Input::Kind::Exists; };
    return std::all_of(entry.inputs.begin(), entry.inputs.end(), kind) &&
           std::all_of(entry.diagnostics.begin(), entry.diagnostics.end(), [&](const Diagnostic& each) {
             return each.id < DiagnosticId::Count && known(each.span) &&
                    std::all_of(
                        each.labels.begin(), each.labels.end(), [&](const Label& l) { return known(l.span); }) &&
                    std::all_of(each.edits.begin(), each.edits.end(), [&](const Edit& e) { return known(e.span); });
           });
  }

 private:
  template <typename Coder>
  static void digest(Coder& coder, Digest& digest) {
    coder.number(digest.size);
    for (std::uint64_t& hash : digest.hashes) coder.number(hash);
  }
  template <typename Coder>
  static void place(Coder& coder, Span& span) {
    coder.number(span.file);
    coder.number(span.begin);
    coder.number(span.end);
  }
  template <typename Coder>
  static void diagnostic(Coder& coder, Diagnostic& each) {
    coder.number(each.id);
    place(coder, each.span);
    coder.text(each.message);
    coder.text(each.hint);
    coder.list(each.labels, [&](Label& label) {
      place(coder, label.span);
      coder.text(label.text);
    });
    coder.list(each.edits, [&](Edit& edit) {
      place(coder, edit.span);
      coder.text(edit.replacement);
    });
  }
};

void Memory::load(std::string_view bytes) {
  entries_.clear();
  changed_ = false;
  Reader reader(bytes);
  std::string maker;
  reader.text(maker);
  if (maker != maker_) return;
  std::vector<std::pair<std::string, Entry>> rows;
  std::string body;
  reader.text(body);
  std::uint64_t hash = 0;
  reader.number(hash);
  if (!reader.sound() || !reader.at_end() || hash != digest_of(body).hashes[0]) return;
  Reader inner(body);
  inner.list(rows, [&](auto& row) {
    inner.text(row.first);
    EntryForm::code(inner, row.second);
  });
  if (!inner.sound() || !inner.at_end()) return;
  for (auto& [root, entry] : rows) {
    if (EntryForm::sound(entry)) entries_.emplace(std::move(root), std::move(entry));
  }
}

std::string Memory::save() const {
  std::vector<std::pair<std::string, Entry>> rows(entries_.begin(), entries_.end());
  Writer inner;
  inner.list(rows, [&](auto& row) {
    inner.text(row.first);
    EntryForm::code(inner, row.second);
  });
  std::string body = std::move(inner).take();
  std::uint64_t hash = digest_of(body).hashes[0];
  Writer writer;
  std::string maker = maker_;
  writer.text(maker);
  writer.text(body);
  writer.number(hash);
  return std::move(writer).take();
}

std::optional<Findings> Memory::recall(const std::string& root, FileSystem& files) const {
  auto found = entries_.find(root);
  if (found == entries_.end()) return std::nullopt;
  const Entry& entry = found->second;
  std::map<std::string, std::string> texts;
  for (const Input& input : entry.inputs) {
    if (!holds(input, files, texts[input.path])) return std::nullopt;
  }
  Findings out;
  for (const Source& source : entry.sources) {
    const std::string_view* module = embedded(source.path);
    std::string text = module ? std::string(*module) : texts[source.path];
    if (digest_of(without_mark(text)) != source.content) return std::nullopt;
    if (module) {
      out.sources.share(std::make_shared<const SourceFile>(source.id, source.path, std::move(text)));
    } else {
      out.sources.add(source.path, std::move(text));
    }
  }
  for (const Diagnostic& each : entry.diagnostics) {
    Diagnostic& told = out.diagnostics.add(each.id, each.span, each.message);
    told = each;
    told.severity = info(each.id).severity;
  }
  out.campaigns = entry.campaigns;
  return out;
}

void Memory::remember(const std::string& root, const std::vector<Input>& inputs, const sema::Unit& unit) {
  // Beyond the limit the diagnostics are not all there.
  if (unit.diagnostics.left_out() > 0) return;
  Entry entry{inputs, {}, unit.diagnostics.all(), unit.model.campaigns.size()};
  for (const SourceFile* file : unit.sources.all()) {
    entry.sources.push_back({file->id(), file->path(), digest_of(file->content())});
  }
  entries_[root] = std::move(entry);
  changed_ = true;
}

}  // namespace nurture::recall
