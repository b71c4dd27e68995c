#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "runtime/fit/trail.h"
#include "runtime/store/parallel.h"

namespace nurture::fit {

/// The leads that a thread takes at a time.
inline constexpr std::size_t kLeadsAtOnce = 1'024;

/// Calls `add(sum, trail)` for every lead on some thread, with that thread's sum, which begins as `empty`, and merges
/// the sums. Who is added where is left to chance: a Sum says the same whatever the order is.
template <typename Sum, typename Add>
Sum over_leads(const Plan& plan, const Options& options, const Sum& empty, const Add& add) {
  const std::size_t leads = plan.store().lead_count();
  const std::size_t parts = (leads + kLeadsAtOnce - 1) / kLeadsAtOnce;
  const auto threads = static_cast<unsigned>(std::clamp<std::size_t>(parts, 1, std::max(1U, options.threads)));
  std::vector<Sum> sums(threads, empty);
  std::atomic<std::size_t> next{0};
  const std::thread::id caller = std::this_thread::get_id();
  store::in_parallel(threads, threads, [&](std::size_t thread) {
    Trail trail(plan, options);
    for (std::size_t part = next++; part < parts; part = next++) {
      const std::size_t end = std::min(leads, (part + 1) * kLeadsAtOnce);
      for (std::size_t lead = part * kLeadsAtOnce; lead < end; ++lead) {
        trail.read(static_cast<store::LeadIndex>(lead));
        add(sums[thread], trail);
      }
      if (options.progress && std::this_thread::get_id() == caller) options.progress(end);
    }
  });
  for (unsigned thread = 1; thread < threads; ++thread) sums[0].merge(sums[thread]);
  return std::move(sums[0]);
}

}  // namespace nurture::fit
