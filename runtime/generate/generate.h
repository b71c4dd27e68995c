#pragma once

#include <cstdint>
#include <functional>

#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "runtime/generate/scenario.h"

namespace nurture::generate {

enum class Form : std::uint8_t { Ndjson, Csv };

struct Options {
  std::uint64_t leads = 1'000;
  std::uint64_t seed = 1;
  Form form = Form::Ndjson;
  std::function<void(std::uint64_t leads, std::uint64_t events)> progress;  ///< may be empty
};

struct Totals {
  std::uint64_t leads = 0;
  std::uint64_t events = 0;
};

/// Writes the log lead by lead, each lead's events in time order, in bounded memory; and the lead table (CSV) where a
/// sink is given. Lead n depends on seed and n alone: a longer log begins with the shorter one. The same bytes on every
/// machine.
Result<Totals> generate(const Scenario& scenario, const Options& options, ByteSink& log, ByteSink* leads);

}  // namespace nurture::generate
