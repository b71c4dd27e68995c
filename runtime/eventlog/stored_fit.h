#pragma once

#include <string>
#include <vector>

#include "runtime/eventlog/stored.h"

/// Whether a store was made as a programme would make it now.
namespace nurture::eventlog {

/// The way forward where it was not.
inline constexpr const char* kImportAgain = "import the log again with this programme: nurture log import";

/// Its source reads the same events from the same rows.
Status check_source(const bytecode::Module& module, const StoredFacts& facts);

/// Rows that a campaign logged are in the store, or are not, as a run of these campaigns asks (§7.3).
Status check_origins(const bytecode::Module& module, const std::vector<std::uint16_t>& executed,
                     const Origins& origins);

/// Where the programme finds its schema in the store. Error: what it declares otherwise, or anew.
Result<store::Places> places_in(const bytecode::Module& module, const store::SchemaNames& store,
                                const StoredFacts& facts);

}  // namespace nurture::eventlog
