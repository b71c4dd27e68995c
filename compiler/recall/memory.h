#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/recall/inputs.h"
#include "compiler/sema/model.h"
#include "compiler/source/source.h"

/// What checks of programmes found, kept from one run to the next.
namespace nurture::recall {

/// What is told of a checked programme: no trees, no model.
struct Findings {
  SourceManager sources;
  Diagnostics diagnostics;  ///< before the project's levels
  std::size_t campaigns = 0;
};

class Memory {
 public:
  /// `maker`: whatever decides beside the files that a check reads. What another one remembered is of no use.
  explicit Memory(std::string maker) : maker_(std::move(maker)) {}

  /// Takes what `save` gave in an earlier run. Bytes of another maker, or damaged ones, are nothing remembered.
  void load(std::string_view bytes);
  std::string save() const;
  /// Whether `save` would give something else than what was loaded.
  bool changed() const { return changed_; }

  /// What the check of the programme at `root` found, if all that it read is as it was. May be asked by several
  /// threads.
  std::optional<Findings> recall(const std::string& root, FileSystem& files) const;
  /// Keeps what a check found that read `inputs`.
  void remember(const std::string& root, const std::vector<Input>& inputs, const sema::Unit& unit);

 private:
  /// A file of the sources: its text is in an input, or in the standard library.
  struct Source {
    FileId id;
    std::string path;
    Digest content;
  };
  struct Entry {
    std::vector<Input> inputs;
    std::vector<Source> sources;
    std::vector<Diagnostic> diagnostics;
    std::size_t campaigns = 0;
  };
  friend class EntryForm;

  std::string maker_;
  std::map<std::string, Entry> entries_;  ///< by root
  bool changed_ = false;
};

}  // namespace nurture::recall
