#include "tools/nurture/report/replay.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/experiment/assignments.h"
#include "runtime/outcome/deliveries.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/tee.h"
#include "runtime/outcome/unassumed.h"
#include "tools/nurture/evidence/probes.h"

namespace nurture::tool::report {

namespace {

/// What both are counted by: all of a range, and what in it is history.
struct SeenSinks {
  SeenSinks(const vm::BoundModule& bound, const store::Store& store, Instant horizon, const review::Groups* groups)
      : summary(*bound.module, horizon),
        passages(*bound.module),
        review(bound, store, horizon, groups),
        tee({&summary, &passages, &review}),
        unassumed(tee) {}
  outcome::SummarySink summary;
  outcome::PassageSink passages;
  review::ReviewSink review;
  outcome::Tee tee;
  outcome::Unassumed unassumed;
};

struct RangeSinks {
  RangeSinks(const vm::BoundModule& bound, const store::Store& store, Instant horizon, const review::Groups* groups,
             outcome::Sink* deliveries, bool assumes)
      : all(bound, store, horizon, groups),
        history(assumes ? std::make_unique<SeenSinks>(bound, store, horizon, groups) : nullptr),
        assignments(*bound.module, store, horizon),
        tee({&all.tee, history ? &history->unassumed : nullptr, assumes ? nullptr : &assignments, deliveries}) {}
  SeenSinks all;
  std::unique_ptr<SeenSinks> history;
  experiment::AssignmentSink assignments;
  outcome::Tee tee;
};

Seen nothing_seen(const bytecode::Module& module) {
  Seen seen;
  seen.tally = outcome::Tally(module);
  seen.passages.resize(module.campaigns.size());
  return seen;
}

/// Adds those of the leads that come after.
void merge(Seen& into, const SeenSinks& later) {
  into.tally.merge(later.summary.tally());
  outcome::merge(into.passages, later.passages.campaigns());
  into.counts.merge(later.review.counts());
}

/// `deliveries`: null where nothing is known of them.
void sum_up(Seen& seen, const bytecode::Module& module, const outcome::RunFacts& facts, const store::Store& store,
            const outcome::Deliveries* deliveries, const std::string& by, const review::Groups* groups) {
  seen.summary = outcome::summarize(module, facts, store, seen.tally, deliveries);
  if (groups == nullptr) return;
  seen.breakdown = review::Breakdown{by, groups->names(), {}};
  for (outcome::Tally& group : seen.counts.groups) {
    group.ends_missing = seen.tally.ends_missing;
    seen.breakdown->summaries.push_back(outcome::summarize(module, facts, store, group));
  }
}

std::string near_text(const std::string& name, const sema::Model& model, const bytecode::Module& module) {
  std::vector<std::string_view> names;
  for (const bytecode::Field& field : module.schema.lead) names.push_back(outcome::name_of(module, field.name));
  for (const sema::Segment& segment : model.segments) names.push_back(segment.name);
  const std::string_view near = closest(name, names);
  return near.empty() ? "It takes the name of a segment, or of an attribute of the lead without `lead.`."
                      : fmt::format("Did you mean \"{}\"?", near);
}

/// The stays of all leads in a segment, by a probe for it.
Result<std::vector<review::Stay>> stays_in(const evidence::Probed& probed, std::uint16_t campaign, store::Store& store,
                                           const engine::RunOptions& run) {
  const vm::BoundModule bound = vm::bind(probed.module, store.texts, store.lists);
  std::vector<std::unique_ptr<review::StaySink>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t) {
    sinks.push_back(std::make_unique<review::StaySink>(campaign));
    return sinks.back().get();
  });
  if (!status) return status.error();
  std::vector<review::Stay> stays;
  for (const auto& sink : sinks) stays.insert(stays.end(), sink->stays().begin(), sink->stays().end());
  return stays;
}

}  // namespace

Result<By> find_by(const std::string& name, const sema::Model& model, const bytecode::Module& module) {
  if (name.empty()) return By{};
  const auto& fields = module.schema.lead;
  for (std::uint16_t i = 0; i < fields.size(); ++i) {
    if (outcome::name_of(module, fields[i].name) != name) continue;
    if (review::AttributeGroups::groupable(fields[i].type)) return By{By::What::Attribute, name, i, 0};
    return Error{fmt::format("--by {}: nearly every lead has a value of its own for it", name),
                 "Declare a segment with the bounds that matter, and name that."};
  }
  for (std::uint32_t i = 0; i < model.segments.size(); ++i) {
    if (model.segments[i].name == name) return By{By::What::Segment, name, 0, i};
  }
  return Error{
      fmt::format("--by {0}: there is no segment \"{0}\" in this programme, and no such attribute of the lead", name),
      near_text(name, model, module)};
}

Result<std::unique_ptr<review::Groups>> groups_of(const By& by, const std::string& programme,
                                                  const driver::Checked& checked, const bytecode::Module& module,
                                                  store::Store& store, const engine::RunOptions& run,
                                                  FileSystem& files) {
  std::unique_ptr<review::Groups> groups;
  if (by.what == By::What::Attribute) groups = std::make_unique<review::AttributeGroups>(module, store, by.attribute);
  if (by.what != By::What::Segment) return groups;
  auto probed = evidence::with_probes(programme, checked, files, {by.segment});
  if (!probed) return probed.error();
  if (probed->probes.empty()) {
    return Error{fmt::format("--by {}: this segment can't be asked of every lead", by.name),
                 "Name one that asks about leads, and not about accounts."};
  }
  auto stays = stays_in(*probed, probed->probes.front().campaign, store, run);
  if (!stays) return stays.error();
  groups = std::make_unique<review::SegmentGroups>(by.name, std::move(*stays));
  return groups;
}

Result<Replayed> replay(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run,
                        const std::string& by, const review::Groups* groups) {
  const vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  const Instant horizon = outcome::horizon_of(store, run.until);
  outcome::Deliveries deliveries(module);
  std::vector<std::unique_ptr<RangeSinks>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t) {
    outcome::Sink* throttled = deliveries.any() ? deliveries.sink() : nullptr;
    sinks.push_back(std::make_unique<RangeSinks>(bound, store, horizon, groups, throttled, run.assumed.has_value()));
    return &sinks.back()->tee;
  });
  if (!status) return status.error();
  if (deliveries.any()) deliveries.settle();
  Replayed out;
  out.all = nothing_seen(module);
  if (run.assumed) out.history = nothing_seen(module);
  if (out.history) out.history->tally.ends_missing = true;
  experiment::AssignmentSink assignments(module, store, horizon);
  for (auto& sink : sinks) {
    merge(out.all, sink->all);
    if (out.history) merge(*out.history, *sink->history);
    assignments.merge(sink->assignments);
    sink.reset();
  }
  if (!run.assumed) out.experiments = assignments.experiments();
  const outcome::RunFacts facts = outcome::run_facts(module, store, run.until);
  sum_up(out.all, module, facts, store, &deliveries, by, groups);
  if (out.history) sum_up(*out.history, module, facts, store, nullptr, by, groups);
  return out;
}

}  // namespace nurture::tool::report
