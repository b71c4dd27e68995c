#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/experiment/recorded.h"
#include "runtime/outcome/outcome.h"
#include "runtime/store/builder.h"

/// Worlds whose truth is known, as programmes and logs: who is given which arm, and what people do then.
namespace nurture::experiment::test {

inline constexpr Instant kStart = 1'735'689'600'000'000;  ///< 2025-01-01T00:00:00Z

/// Of a text without mistakes.
bytecode::Module compiled(const std::string& text);

/// Rows of a log, with times from kStart.
class Log {
 public:
  explicit Log(const bytecode::Module& module);

  /// Sets an attribute of a lead, a text.
  void lead(const std::string& key, std::string_view attribute, const std::string& value);
  void account(const std::string& lead, const std::string& account);
  /// `value`: of the kind's first property, a text; empty: unknown.
  void event(const std::string& lead, Instant after, std::string_view kind, const std::string& value = "");
  store::Store build(Instant ends);

 private:
  std::uint16_t kind_of(std::string_view name) const;

  const bytecode::Module& module_;
  store::Builder builder_;
};

/// Runs all campaigns, with a sink for each range.
void run(const bytecode::Module& module, store::Store& store, Instant until,
         const std::function<outcome::Sink*(std::size_t range)>& make_sink);

/// Of a campaign that was compiled with these names, as `nurture experiment` does.
Lookout lookout_of(const bytecode::Module& module, std::string_view campaign, std::string_view arm, std::string_view by,
                   const std::vector<std::string>& policies);
Recorded observed(const bytecode::Module& module, store::Store& store, const Lookout& lookout, Instant until = kNever);

/// The holdouts and splits of a programme, as `nurture simulate` counts them.
std::vector<Experiment> simulated(const bytecode::Module& module, store::Store& store, Instant until = kNever);

}  // namespace nurture::experiment::test
