#pragma once

#include <memory>
#include <string>

#include "runtime/base/append.h"
#include "runtime/eventlog/joined.h"
#include "runtime/eventlog/stored.h"

/// More of a log behind a store that is there: of its bytes none changes (docs/store.md).
namespace nurture::eventlog {

/// A store to which nobody else appends as long as this lives.
struct Appending {
  std::unique_ptr<Appender> file;  ///< `commit` makes what was written a part of the store
  std::string path;
  store::SchemaNames names;
  PartFacts all;           ///< of all parts, as far as they are known without their events; rejects are left out
  std::uint64_t rows = 0;  ///< of the logs of all parts
  std::size_t parts = 0;   ///< in the file
  std::uint64_t end = 0;   ///< bytes of them
};
/// Goes by the directories of the parts: their events are not looked at. `file`: of that path. Errors: no store, a
/// damaged directory.
Result<Appending> begin_append(FileSystem& files, std::unique_ptr<Appender> file, const std::string& path);

/// Reads logs as `import_to_file` does, behind the store; the source is the store's where none is asked for. Afterwards
/// `to.all` and what else is there are of all parts. An Error names why one import of all logs would not have made what
/// both are.
Status append_to_file(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, Appending& to,
                      ImportTotals& totals, const MemoryBound& memory = {});

}  // namespace nurture::eventlog
