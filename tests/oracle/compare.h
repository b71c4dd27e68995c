#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "runtime/bytecode/codec.h"
#include "tests/oracle/interpreter.h"
#include "tests/oracle/log.h"
#include "tests/oracle/programme_text.h"

/// One programme on both sides.
namespace nurture::oracle {

struct Built {
  driver::Checked checked;
  bytecode::Module module;  ///< encoded, decoded and verified
  std::string complaint;    ///< why there is none
  bool ok() const { return complaint.empty(); }
};
Built build(const std::string& text);

struct Verdict {
  std::vector<std::string> reference;
  std::vector<std::string> engine;
  std::string failure;  ///< of either side itself
  bool agree() const { return failure.empty() && reference == engine; }
};
/// How a run is asked for.
struct Asked {
  unsigned threads = 1;
  Instant until = kNever;
  std::optional<Instant> deployed;
  std::optional<Assume> assume{};  ///< with the scenario of the programme, if it has it
  bool linked = false;             ///< the leads of each account run interleaved, as one unit: no lead may notice
  bool picky = false;              ///< the engine is not asked for some kinds of outcomes, and may pass over leads
  bool native = false;             ///< the engine runs native code
  bool stored = false;             ///< the log goes through a store file, which is mapped, checked and read in place
  std::size_t vectors = 0;         ///< as RunOptions::vectors
};
std::string show(const Asked& asked);
Verdict compare(const Built& built, const Log& log, const Asked& asked);

/// Both streams side by side around the first line that differs.
std::string difference(const Verdict& verdict);

/// Takes pieces out of programme and log for as long as the sides still differ.
void shrink(Piece& programme, Log& log, Asked& asked);

}  // namespace nurture::oracle
