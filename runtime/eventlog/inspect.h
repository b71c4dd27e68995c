#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/eventlog/eventlog.h"

/// What a log holds, before anybody replays it: `nurture log inspect`.
namespace nurture::eventlog {

/// One kind of event of the log. `declared`: the programme knows it; otherwise its rows are of no interest.
struct KindFacts {
  std::string name;
  bool declared = false;
  std::uint64_t rows = 0;
  std::uint64_t leads = 0;
  Instant first = kNever, last = kNever;  ///< kNever: not known, of a kind that a store has not kept
};

struct RejectExample {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::string detail;
  std::string text;  ///< beginning of the line
};

struct RejectFacts {
  RejectReason reason{};
  std::uint64_t rows = 0;
  std::vector<RejectExample> examples;  ///< the first few
};

struct Inspection {
  ImportTotals totals;
  std::vector<KindFacts> kinds;           ///< most rows first, then by name
  std::vector<RejectFacts> rejects;       ///< in the order of RejectReason
  Instant first = kNever, last = kNever;  ///< span of what could be read; kNever if nothing could
  std::uint64_t leads = 0;
  std::uint64_t ties = 0;          ///< rows with the lead and instant of another before; kinds of no interest included
  std::uint64_t out_of_order = 0;  ///< rows earlier than the row before of the same lead
};

/// Reads the log as an import would, and tells. A module without anything in it (`bytecode::Module{}`) is a programme
/// that declares no event: the native form is read, and every kind is of no interest. A store tells what is in it,
/// whatever the module.
Result<Inspection> inspect(const bytecode::Module& module, FileSystem& files, const ImportOptions& options);

std::string to_text(const Inspection& inspection);
std::string to_json(const Inspection& inspection);

}  // namespace nurture::eventlog
