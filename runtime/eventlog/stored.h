#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/base/scratch.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/store/file.h"

/// An import as a file: the store, and all that was counted and told while it was made (docs/store.md).
namespace nurture::eventlog {

/// A rejected line with its text, as Rejected has it.
struct KeptReject {
  std::string file;
  std::uint64_t line = 0, byte = 0;
  RejectReason reason{};
  std::string detail, text;

  Rejected as_told() const { return {file, line, byte, reason, detail, text}; }
};

/// What the warnings of an import go by, for when more of the log comes.
struct Since {
  Instant last_but_one = INT64_MIN;  ///< the latest instant of the log before its last; INT64_MIN: there is none
  Instant as_of = INT64_MIN;         ///< of the lead table; INT64_MIN: it does not say
  std::uint64_t table_rows_rejected = 0;
  std::string first_table_reject;
  std::uint16_t zone_attribute = UINT16_MAX;  ///< of leads; UINT16_MAX: the programme has none
};

/// What a store says about its making.
struct StoredFacts {
  std::string source;   ///< its name; empty: the native form
  std::string mapping;  ///< the source in words and instructions: another one reads other events from the same rows
  Instant not_after = kNever;
  ImportTotals totals;  ///< its `repeated`, ties and so on are of the events in the store
  Origins origins;
  std::vector<KeptReject> rejects;  ///< in order
  Since since{};
};

/// The source as text, without anything of the module's numbering; empty for the native form.
std::string mapping_of(const bytecode::Module& module, const std::string& source);

/// How an import into a file keeps within some memory: what does not fit goes to scratch files, sorted, and is joined
/// at the end. The file is the same for any bound.
struct MemoryBound {
  std::uint64_t bytes = 0;  ///< of the whole process; 0: there is no bound
  std::function<Result<std::unique_ptr<Scratch>>()> scratch;
  std::function<std::uint64_t()> resident;  ///< bytes that the process takes now
  std::function<void()> trim;               ///< gives back to the system what is free
};

/// Reads logs as `import` does, into a store file. Every reject is told to `on_reject`, too.
Status import_to_file(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, ByteSink& sink,
                      ImportTotals& totals, const MemoryBound& memory = {});

/// Without the rejects, of which there may be any number.
std::string encode(const StoredFacts& facts);
std::string encode(const KeptReject& reject);
/// Of bytes of a stranger: nothing if they are no facts, or no rejects one behind the other.
std::optional<StoredFacts> decode(std::string_view facts, std::string_view rejects);

/// The facts of a file, or an Error that there are none.
Result<StoredFacts> facts_of(const store::StoreFile& file, const std::string& path);
Error no_store(const std::string& path);

/// Kinds of the log that the programme of the import did not declare, and their rows.
std::map<std::string, std::uint64_t> undeclared(const ImportTotals& totals);

/// Whether this is a store file. What cannot be read is none: who reads it will say why.
bool is_store(FileSystem& files, const std::string& path);

/// A store file, and which parts are in it: one that was imported, and those that were appended. Somebody who appends
/// to it meanwhile does no harm.
struct StoreView {
  std::shared_ptr<const FileView> bytes;
  store::Images images;
};
Result<StoreView> view_store(FileSystem& files, const std::string& path);

/// A store file and the facts of its making. Error: a file that is no store, or damaged.
struct OpenedStore {
  store::StoreFile file;
  StoredFacts facts;
};
Result<std::vector<OpenedStore>> open_parts(FileSystem& files, const std::string& path);
/// All parts as one.
Result<OpenedStore> open_store(FileSystem& files, const std::string& path);

/// What `import` gives, from a store file: checked, in the module's numbering, linked as its programme needs. An Error
/// names what the programme declares otherwise than the one by which the store was made.
Result<Imported> import_stored(const bytecode::Module& module, FileSystem& files, const ImportOptions& options);

}  // namespace nurture::eventlog
