#pragma once

#include <string>
#include <vector>

#include "runtime/eventlog/batch.h"
#include "runtime/eventlog/stored.h"
#include "runtime/store/join.h"

/// The parts of a store file, to which logs were appended, as one: what an import of all of them at once makes.
namespace nurture::eventlog {

/// What a part says of itself beside its events.
struct PartFacts {
  StoredFacts facts;
  Span span{};
};
/// What `import_to_file` does, with all that it found out.
Status import_part(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, ByteSink& sink,
                   PartFacts& made, const MemoryBound& memory);

PartFacts part_facts(StoredFacts facts, Instant first, Instant last);

/// `all` with what comes behind it. What only the events of both say stands as if they had nothing in common: see
/// count_joined. The warnings are those of all.
void add_facts(PartFacts& all, PartFacts more);

/// What joining found out about the events of all parts.
void count_joined(StoredFacts& facts, store::Join& join, const std::vector<store::KindNames>& kinds);

/// Parts as `store::load` gives them, as one store in memory; one part stays what it is. Error: parts that do not
/// belong together, as no append writes them. `path` is for messages.
Result<OpenedStore> joined(std::vector<OpenedStore> parts, const std::string& path);

/// The same as a file of one part. What does not fit into memory goes where `space` says.
Status write_joined(std::vector<OpenedStore> parts, const std::string& path, store::Workspace& space, ByteSink& sink);

}  // namespace nurture::eventlog
