#include "tools/nurture/diff_log.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <thread>

#include "runtime/engine/engine.h"
#include "runtime/outcome/compare.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/summary.h"
#include "tools/nurture/log_members.h"

namespace nurture::tool {

namespace {

using bytecode::Module;
using outcome::Decision;
using outcome::Facet;
using outcome::Fate;

constexpr std::size_t kPart = 32'768;  // leads that are replayed and compared at a time

// Whether one reading of the log does for both -----------------------------------------------------------------------

std::vector<std::string> names_of(const Module& module, const std::vector<bytecode::Field>& fields) {
  std::vector<std::string> names;
  for (const bytecode::Field& each : fields) names.emplace_back(outcome::name_of(module, each.name));
  return names;
}

/// What events are read as, by number.
std::vector<std::vector<std::string>> numbering(const Module& module) {
  std::vector<std::vector<std::string>> out{names_of(module, module.schema.lead),
                                            names_of(module, module.schema.account)};
  for (const bytecode::EventKind& each : module.schema.kinds) {
    out.push_back(names_of(module, each.properties));
    out.back().emplace_back(outcome::name_of(module, each.name));
  }
  return out;
}

std::set<std::string> executed_names(const Module& module) {
  std::set<std::string> names;
  for (std::uint16_t each : executed_campaigns(module, {}))
    names.emplace(outcome::name_of(module, module.campaigns[each].name));
  return names;
}

bool has_accounts(const Module& module) {
  return std::any_of(module.campaigns.begin(), module.campaigns.end(),
                     [](const bytecode::Campaign& each) { return each.for_account; });
}

/// Both versions make the same of a log: the same words, the same sources, the same campaigns whose own traces are left
/// out.
bool read_alike(const Module& before, const Module& after, const compare::Comparison& comparison) {
  constexpr std::array<std::string_view, 6> kReading{"event",   "lead.",    "account.",
                                                     "source ", "library ", "the programme"};
  for (const compare::Change& change : comparison.changes) {
    for (std::string_view each : kReading) {
      if (change.about.starts_with(each)) return false;
    }
  }
  return numbering(before) == numbering(after) && executed_names(before) == executed_names(after) &&
         has_accounts(before) == has_accounts(after);
}

// The replays ---------------------------------------------------------------------------------------------------------

/// One version, bound to the log that it reads.
struct Side {
  const Module& module;
  store::Store& store;
  const outcome::Translation& translation;
  vm::BoundModule bound;
  Assuming assuming;
};

class Replayer {
 public:
  Replayer(Side& before, Side& after, const LogMembers& members, const engine::RunOptions& run)
      : before_(before), after_(after), members_(members), run_(run) {}

  Status run(Host& host) {
    Progress progress(host, "comparing");
    std::uint64_t done = 0;
    for (const auto& part : members_.parts(std::max<std::size_t>(kPart, run_.threads * kPart / 4))) {
      auto old = decisions(before_, members_.of_before(), members_.leads_before(part));
      if (!old) return old.error();
      auto now = decisions(after_, members_.of_after(), members_.leads_after(part));
      if (!now) return now.error();
      compare(part, *old, *now);
      progress.show(done += part.size(), members_.size(), "leads");
    }
    result_.members = members_.size();
    return Done{};
  }
  const outcome::LogComparison& result() const { return result_; }

 private:
  Result<std::vector<Decision>> decisions(Side& side, const std::vector<std::uint32_t>& numbers,
                                          std::vector<store::LeadIndex> leads) {
    std::vector<Decision> all;
    if (leads.empty()) return all;
    engine::RunOptions run = run_;
    run.leads = std::move(leads);
    run.assumed = side.assuming.first;
    std::vector<std::unique_ptr<outcome::DecisionSink>> sinks;
    const auto status = engine::run(side.bound, side.store, run, [&](std::size_t) {
      sinks.push_back(std::make_unique<outcome::DecisionSink>(side.translation, numbers));
      return sinks.back().get();
    });
    if (!status) return status.error();
    for (const auto& sink : sinks) all.insert(all.end(), sink->decisions().begin(), sink->decisions().end());
    std::stable_sort(all.begin(), all.end(), [](const Decision& a, const Decision& b) { return a.member < b.member; });
    return all;
  }

  /// The members from `first` to `last` of a part.
  static outcome::LogComparison compare_some(const std::vector<Decision>& before, const std::vector<Decision>& after,
                                             std::uint32_t first, std::uint32_t last) {
    const auto from = [](const std::vector<Decision>& all, std::uint32_t member) {
      return std::lower_bound(all.begin(), all.end(), member,
                              [](const Decision& each, std::uint32_t wanted) { return each.member < wanted; });
    };
    outcome::MemberComparer comparer;
    std::vector<Decision> old, now;
    auto i = from(before, first), j = from(after, first);
    while ((i != before.end() && i->member < last) || (j != after.end() && j->member < last)) {
      const std::uint32_t a = i != before.end() ? i->member : UINT32_MAX;
      const std::uint32_t member = std::min(a, j != after.end() ? j->member : UINT32_MAX);
      old.clear();
      now.clear();
      for (; i != before.end() && i->member == member; ++i) old.push_back(*i);
      for (; j != after.end() && j->member == member; ++j) now.push_back(*j);
      comparer.compare(old, now);
    }
    return comparer.take();
  }

  void compare(const std::vector<std::uint32_t>& part, const std::vector<Decision>& before,
               const std::vector<Decision>& after) {
    const std::size_t threads = std::min<std::size_t>(run_.threads, part.size());
    std::vector<outcome::LogComparison> found(threads);
    std::vector<std::thread> others;
    const auto work = [&](std::size_t nth) {
      const std::uint32_t first = part[nth * part.size() / threads];
      const std::uint32_t last = nth + 1 == threads ? UINT32_MAX : part[(nth + 1) * part.size() / threads];
      found[nth] = compare_some(before, after, first, last);
    };
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work, i);
    work(0);
    for (std::thread& each : others) each.join();
    for (const auto& each : found) result_.merge(each);
  }

  Side& before_;
  Side& after_;
  const LogMembers& members_;
  const engine::RunOptions& run_;
  outcome::LogComparison result_;
};

// In words ------------------------------------------------------------------------------------------------------------

/// "gets … later", "now gets …".
std::string with_time(Fate fate, const std::string& base) {
  switch (fate) {
    case Fate::Earlier:
      return base + " earlier";
    case Fate::Later:
      return base + " later";
    case Fate::Added:
      return "now " + base;
    case Fate::Same:
    case Fate::Other:
    case Fate::Lost:
      return base;
  }
  return base;
}

std::string at_the_end(const std::string& stage) { return stage == "held out" ? stage : "in " + stage; }

std::string in_words(Facet facet, Fate fate, const std::string& before, const std::string& after) {
  const bool lost = fate == Fate::Lost, other = fate == Fate::Other;
  switch (facet) {
    case Facet::Entries:
      if (other) return fmt::format("enters {}, was {}", after, before);
      return lost ? "does not enter" : with_time(fate, "enters");
    case Facet::Messages:
      if (other) return fmt::format("gets \"{}\" instead of \"{}\"", after, before);
      return lost ? fmt::format("does not get \"{}\"", before) : with_time(fate, fmt::format("gets \"{}\"", after));
    case Facet::HandOffs:
      return lost ? "is not handed to sales" : with_time(fate, "is handed to sales");
    case Facet::Work:
      return lost ? fmt::format("makes no `{}`", before) : with_time(fate, fmt::format("makes a `{}`", after));
    case Facet::Goals:
      return lost ? fmt::format("does not reach \"{}\"", before)
                  : with_time(fate, fmt::format("reaches \"{}\"", after));
    case Facet::Exits:
      if (other) return fmt::format("leaves as {} instead of {}", after, before);
      return lost ? fmt::format("does not leave as {}", before) : with_time(fate, fmt::format("leaves as {}", after));
    case Facet::Branches:
      if (other) return fmt::format("takes the branch \"{}\" instead of \"{}\"", after, before);
      return lost ? fmt::format("does not come to the split \"{}\"", before)
                  : with_time(fate, fmt::format("comes to the split \"{}\"", after));
    case Facet::Deeds:
      return lost ? fmt::format("makes no `{}`", before) : with_time(fate, fmt::format("makes a `{}`", after));
    case Facet::AtTheEnd:
      if (other) return fmt::format("is {} at the end instead of {}", at_the_end(after), at_the_end(before));
      return lost ? fmt::format("is not {} at the end", at_the_end(before))
                  : with_time(fate, fmt::format("is {} at the end", at_the_end(after)));
  }
  return {};
}

class Teller {
 public:
  Teller(const outcome::LogComparison& found, const outcome::SharedNames& names, const LogMembers& members,
         const Module& before, const Module& after)
      : found_(found), names_(names), members_(members), before_(before), after_(after) {}

  LogDiff tell() const {
    LogDiff diff;
    diff.leads = members_.leads();
    diff.accounts = members_.size() - members_.leads();
    diff.different = found_.different;
    for (std::size_t i = 0; i < outcome::kFacets; ++i) total(static_cast<Facet>(i), diff);
    for (const auto& [key, difference] : found_.differences) diff.rows.push_back(row(key, difference));
    return diff;
  }

 private:
  void total(Facet facet, LogDiff& diff) const {
    const auto& fates = found_.fates[static_cast<std::size_t>(facet)];
    const auto of = [&](Fate fate) { return fates[static_cast<std::size_t>(fate)]; };
    LogTotal made{std::string(outcome::facet_word(facet)),
                  found_.before(facet),
                  found_.after(facet),
                  of(Fate::Same),
                  of(Fate::Earlier),
                  of(Fate::Later),
                  of(Fate::Other),
                  of(Fate::Lost),
                  of(Fate::Added)};
    if (made.before + made.after > 0) diff.totals.push_back(std::move(made));
  }

  LogRow row(const outcome::DifferenceKey& key, const outcome::Difference& found) const {
    LogRow made;
    made.campaign = names_.name(key.campaign);
    made.facet = outcome::facet_word(key.facet);
    made.fate = outcome::fate_word(key.fate);
    made.before = names_.name(key.before), made.after = names_.name(key.after);
    made.what = in_words(key.facet, key.fate, made.before, made.after);
    made.leads = found.leads, made.count = found.count;
    made.lead = members_.key(found.member);
    if (found.before != kNever) {
      made.at_before = calendar::format_utc(found.before);
      made.local_before = outcome::clock_text(found.before, outcome::programme_zone(before_));
      made.place_before = outcome::place_text(before_, found.place_before);
    }
    if (found.after != kNever) {
      made.at_after = calendar::format_utc(found.after);
      made.local_after = outcome::clock_text(found.after, outcome::programme_zone(after_));
      made.place_after = outcome::place_text(after_, found.place_after);
    }
    return made;
  }

  const outcome::LogComparison& found_;
  const outcome::SharedNames& names_;
  const LogMembers& members_;
  const Module& before_;
  const Module& after_;
};

// All of it -----------------------------------------------------------------------------------------------------------

std::optional<Module> compiled(const Version& version, int& exit_code) {
  auto made = driver::compile(version.checked);
  if (made) return std::move(made->module);
  exit_code = fail(made.error(), kTrouble);
  return std::nullopt;
}

/// What the two were read as: the second where they differ in that.
struct Readings {
  eventlog::Imported before;
  std::optional<eventlog::Imported> after;
};

std::optional<Readings> read_both(const Module& before, const Module& after, const compare::Comparison& comparison,
                                  const LogOptions& options, Host& host, int& exit_code) {
  auto first = read_logs(before, options, {}, host, exit_code);
  if (!first) return std::nullopt;
  Readings readings{std::move(*first), std::nullopt};
  if (read_alike(before, after, comparison)) return readings;
  if (std::find(options.events.begin(), options.events.end(), "-") != options.events.end()) {
    exit_code = fail({"the two versions read the log in different ways, and standard input can be read only once",
                      "Put the log into a file."});
    return std::nullopt;
  }
  LogOptions again = options;
  again.rejects = "none";
  readings.after = read_logs(after, again, {}, host, exit_code);
  if (!readings.after) return std::nullopt;
  return readings;
}

}  // namespace

std::optional<LogDiff> diff_logs(const Version& before, const Version& after, const compare::Comparison& comparison,
                                 const DiffLogOptions& options, Host& host, int& exit_code) {
  const auto old_module = compiled(before, exit_code), new_module = compiled(after, exit_code);
  if (!old_module || !new_module) return std::nullopt;
  auto run = run_options(*new_module, options.run, options.logs.threads);
  if (!run) {
    exit_code = fail(run.error(), kUsage);
    return std::nullopt;
  }
  auto old_assuming = assuming(*old_module, options.assume), new_assuming = assuming(*new_module, options.assume);
  for (const auto* each : {&old_assuming, &new_assuming}) {
    if (*each) continue;
    Error error = each->error();
    error.message += each == &old_assuming ? " (the version before)" : " (the version after)";
    exit_code = fail(error, kUsage);
    return std::nullopt;
  }
  auto readings = read_both(*old_module, *new_module, comparison, options.logs, host, exit_code);
  if (!readings) {
    if (exit_code == kFindings) exit_code = kTrouble;  // 1 is for what differs
    return std::nullopt;
  }
  store::Store& old_store = readings->before.store;
  store::Store& new_store = readings->after ? readings->after->store : old_store;
  if (run->until == kNever)
    run->until = std::max(outcome::horizon_of(old_store, kNever), outcome::horizon_of(new_store, kNever));
  outcome::SharedNames names;
  outcome::Renamed renamed = comparison.campaigns;
  renamed.insert(comparison.stages.begin(), comparison.stages.end());
  const outcome::Translation old_words(*old_module, names, renamed);
  const outcome::Translation new_words(*new_module, names, {});
  Side old_side{*old_module, old_store, old_words, vm::bind(*old_module, old_store.texts, old_store.lists),
                *old_assuming};
  Side new_side{*new_module, new_store, new_words, vm::bind(*new_module, new_store.texts, new_store.lists),
                *new_assuming};
  const LogMembers members(old_store, new_store);
  Replayer replayer(old_side, new_side, members, *run);
  if (auto status = replayer.run(host); !status) {
    exit_code = fail(status.error());
    return std::nullopt;
  }
  LogDiff diff = Teller(replayer.result(), names, members, *old_module, *new_module).tell();
  diff.read_twice = readings->after.has_value();
  diff.assuming = *new_assuming;
  if (diff.assuming.runs > 0) {
    auto old_runs = run_many(old_side.bound, old_store, *run, *old_assuming, host, "simulating the version before");
    if (!old_runs) {
      exit_code = fail(old_runs.error());
      return std::nullopt;
    }
    auto new_runs = run_many(new_side.bound, new_store, *run, *new_assuming, host, "simulating the version after");
    if (!new_runs) {
      exit_code = fail(new_runs.error());
      return std::nullopt;
    }
    diff.differences = new_runs->minus(*old_runs);
  }
  std::stable_sort(diff.rows.begin(), diff.rows.end(),
                   [](const LogRow& a, const LogRow& b) { return a.campaign < b.campaign; });
  return diff;
}

}  // namespace nurture::tool
