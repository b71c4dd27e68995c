#include "runtime/eventlog/stored_fit.h"

#include <algorithm>
#include <fmt/format.h>

namespace nurture::eventlog {

Status check_source(const bytecode::Module& module, const StoredFacts& facts) {
  if (mapping_of(module, facts.source) == facts.mapping) return Done{};
  return Error{fmt::format("the store does not fit the programme: the source \"{}\" reads rows otherwise than when the "
                           "log was imported",
                           facts.source),
               kImportAgain};
}

Status check_origins(const bytecode::Module& module, const std::vector<std::uint16_t>& executed,
                     const Origins& origins) {
  for (const auto& [name, rows] : origins) {
    const bool runs = std::any_of(executed.begin(), executed.end(), [&, &origin = name](std::uint16_t campaign) {
      return module.strings[module.campaigns[campaign].name] == origin;
    });
    if (runs ? rows.applied == 0 : rows.superseded == 0) continue;
    return Error{fmt::format("the store does not fit this run: it {} what the campaign \"{}\" logged, because that one "
                             "{} when the log was imported",
                             runs ? "has" : "leaves out", name, runs ? "did not run" : "ran"),
                 "import the log again with the programme as it is, or read the log itself"};
  }
  return Done{};
}

Result<store::Places> places_in(const bytecode::Module& module, const store::SchemaNames& store,
                                const StoredFacts& facts) {
  return store::places(store::names_of(module), store, undeclared(facts.totals));
}

}  // namespace nurture::eventlog
