#include <map>

#include "compiler/sema/passes.h"
#include "compiler/syntax/syntax.h"

namespace nurture::sema {

namespace {

constexpr std::uint64_t kMostBytes = 4u << 20;  ///< of one body; a mail is far smaller

/// Reads the body files of contents. Two contents may share one; each has its own tree of it, because what `entry.`
/// means depends on who sends it.
class Bodies {
 public:
  Bodies(Context& context, FileSystem& files) : context_(context), files_(files) {}

  void read(Content& content) {
    const ast::ContentDecl& decl = *content.decl;
    content.body = body(decl.body, decl.body_span);
    for (const ast::ContentVariant& each : decl.variants) {
      content.variant_bodies.push_back(body(each.body, each.body_span));
    }
  }

 private:
  ast::Message body(const std::string& written, Span span) {
    if (written.empty() || context_.embedded(span)) return {};
    const SourceFile* source = file(written, span);
    return source ? syntax::parse_body(*source, context_.unit.tree, context_.out) : ast::Message{};
  }

  const SourceFile* file(const std::string& written, Span span) {
    std::string path = beside(context_.unit.sources.file(span.file).path(), written);
    if (auto known = by_path_.find(path); known != by_path_.end()) return known->second;
    Result<std::string> text = files_.read_file(path, kMostBytes);
    if (text) return by_path_[path] = &context_.unit.sources.add(path, std::move(*text));
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::NoBodyFile, span, written);
    diagnostic.hint = fmt::format("The path is taken from the folder of this file: {}.", text.error().message);
    return nullptr;
  }

  Context& context_;
  FileSystem& files_;
  std::map<std::string, const SourceFile*> by_path_;
};

}  // namespace

void read_bodies(Context& context, FileSystem& files) {
  Bodies bodies(context, files);
  for (Content& content : context.model.contents) bodies.read(content);
}

}  // namespace nurture::sema
