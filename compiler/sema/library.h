#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"
#include "runtime/base/embedded.h"

namespace nurture::sema {

/// A module that is no file of the machine, as its text says it.
struct Module {
  std::shared_ptr<const SourceFile> source;
  ast::Tree tree;
  ast::File file;
};

/// Where `use` finds modules by dotted name: "std.b2b" is the embedded "std/b2b.nurture". Each is parsed when it is
/// first asked for, once for all compilations; several threads may ask. The texts must outlive it and be free of
/// errors.
class Library {
 public:
  explicit Library(std::span<const EmbeddedFile> modules);

  /// Null where there is none of that name.
  std::shared_ptr<const Module> find(std::string_view dotted) const;

 private:
  /// Ids are reserved for each, so that they do not hang on which module is asked for first.
  struct Slot {
    EmbeddedFile text;
    FileId file;
    ast::NodeId first_node;
    std::once_flag read;
    std::shared_ptr<const Module> module;
  };

  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace nurture::sema
