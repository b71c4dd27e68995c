#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"
#include "runtime/outcome/outcome.h"
#include "runtime/store/store.h"
#include "runtime/vm/vm.h"

/// Replay: steps, settling, memberships, timers (§5, §6). Does no IO and reads no clock.
namespace nurture::engine {

/// A draw decided from outside, for tests (`given split x is branch`, `given holdout`).
struct ForcedDraws {
  struct Split {
    std::uint16_t campaign, split, branch;
  };
  std::vector<Split> splits;
  std::optional<bool> holdout;  ///< no value: by the hash
};

/// What a timer belongs to; Remark::TimerDue names it.
/// Turn: the instant at which a window, a day or a score changes a condition that is watched (§5.4).
enum class TimerKind : std::uint8_t {
  HoldEnd,
  Promise,
  Ask,
  Wait,
  Turn,
  LastsAtMost,
  Silence,   ///< an `on silence` of a membership
  Earliest,  ///< the `, at least D` of a `wait until c` is over
  Entry,     ///< an entry by the calendar, a date, silence, or a spread deployment
  Deployed,  ///< RunOptions::deployed_at
  Claim,     ///< a property's time is over without what it waits for; changes nothing
  Assumed,   ///< no timer: an event that is assumed (§7.5)
};

/// How people react to what the run sends and hands off (§7.5).
struct Assumption {
  std::uint16_t scenario = 0;  ///< into Module::scenarios
  std::uint64_t seed = 1;
  std::uint64_t run = 0;  ///< its number: each draws anew
};

/// Native code of the program for a run over so many events; null: the run is not worth it, and is interpreted.
using MakeNative =
    std::function<Result<std::shared_ptr<const vm::NativeCode>>(const vm::BoundModule& program, std::uint64_t events)>;

struct RunOptions {
  unsigned threads = 1;
  Instant until = kNever;  ///< horizon; kNever: the log's last instant (§6.4)
  bool scores = false;     ///< record what events do to scores as well
  /// The campaigns are deployed then: nothing enters before, and those for whom an entry is true already do not either,
  /// unless it says `also those already true` (§5.13). Without a value they were always there.
  std::optional<Instant> deployed_at;
  bool texts = false;                    ///< render subjects and notes into the outcomes
  std::vector<std::uint16_t> campaigns;  ///< only these run; empty: all whose status is live
  std::vector<store::LeadIndex> leads;   ///< only these (sorted); empty: all
  ForcedDraws draws;
  std::optional<Assumption> assumed;  ///< no value: nobody reacts but in the log
  outcome::Tracer* tracer = nullptr;  ///< needs threads == 1
  vm::Passage* passage = nullptr;     ///< what the bodies ran through; needs threads == 1
  MakeNative native;                  ///< null: interpreted. Asked once; the result is the same either way
  std::size_t vectors = 0;            ///< into vector_levels() (kind_set.h); what comes out is the same with each
  /// Called at each send with what the message can see; needs threads == 1.
  std::function<void(const vm::Frame& frame, std::uint16_t campaign, std::uint16_t content)> on_sent;
  /// Called now and then from the calling thread with leads done; for progress.
  std::function<void(std::uint64_t done)> progress;
};

/// Runs a verified module over a store. Leads are cut into ranges; `make_sink(i)` makes the sink of range i and is
/// called in order from the calling thread before the run; sinks of different ranges are used on different threads.
/// Merging them in the order of i gives the same bytes for any number of threads. Errors: a module that runs out of
/// fuel (only a hand-made one can), and those of RunOptions::native.
Status run(const vm::BoundModule& program, const store::Store& store, const RunOptions& options,
           const std::function<outcome::Sink*(std::size_t range)>& make_sink);

/// Whether a run of these campaigns (RunOptions::campaigns) executes this one.
bool executes(const bytecode::Module& module, const std::vector<std::uint16_t>& campaigns, std::uint16_t campaign);

/// How many ranges `run` cuts the leads into, given the options: fixed by the number of leads, not of threads.
std::size_t ranges(const store::Store& store, const RunOptions& options);

/// §5.6: the draw, in 0.01 %, of (program seed, campaign name, split name, lead key[, pass]): XXH64 of the names, each
/// followed by a zero byte, seeded with the program seed, modulo 10'000. docs/semantics.md publishes it.
std::uint16_t draw(std::uint64_t seed, std::string_view campaign, std::string_view split, std::string_view lead,
                   std::optional<std::uint64_t> pass);

}  // namespace nurture::engine
