#include "tools/nurture/report/replay.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/experiment/assignments.h"
#include "runtime/outcome/deliveries.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/tee.h"
#include "tools/nurture/evidence/probes.h"

namespace nurture::tool::report {

namespace {

struct RangeSinks {
  RangeSinks(const vm::BoundModule& bound, const store::Store& store, Instant horizon, const review::Groups* groups,
             outcome::Sink* deliveries)
      : summary(*bound.module, horizon),
        passages(*bound.module),
        review(bound, store, horizon, groups),
        assignments(*bound.module, store, horizon),
        tee({&summary, &passages, &review, &assignments, deliveries}) {}
  outcome::SummarySink summary;
  outcome::PassageSink passages;
  review::ReviewSink review;
  experiment::AssignmentSink assignments;
  outcome::Tee tee;
};

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
    sinks.push_back(std::make_unique<RangeSinks>(bound, store, horizon, groups, throttled));
    return &sinks.back()->tee;
  });
  if (!status) return status.error();
  if (deliveries.any()) deliveries.settle();
  Replayed out;
  out.tally = outcome::Tally(module);
  out.passages.resize(module.campaigns.size());
  experiment::AssignmentSink assignments(module, store, horizon);
  for (auto& sink : sinks) {
    out.tally.merge(sink->summary.tally());
    outcome::merge(out.passages, sink->passages.campaigns());
    out.counts.merge(sink->review.counts());
    assignments.merge(sink->assignments);
    sink.reset();
  }
  out.experiments = assignments.experiments();
  const outcome::RunFacts facts = outcome::run_facts(module, store, run.until);
  out.summary = outcome::summarize(module, facts, store, out.tally, &deliveries);
  if (groups == nullptr) return out;
  out.breakdown = review::Breakdown{by, groups->names(), {}};
  for (const outcome::Tally& group : out.counts.groups) {
    out.breakdown->summaries.push_back(outcome::summarize(module, facts, store, group));
  }
  return out;
}

}  // namespace nurture::tool::report
