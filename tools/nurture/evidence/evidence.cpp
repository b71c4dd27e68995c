#include "tools/nurture/evidence/evidence.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "runtime/outcome/tee.h"
#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

namespace {

struct RangeSinks {
  RangeSinks(const Probed& programme, Instant horizon)
      : summary(programme.module, horizon), counting(programme), tee({&summary, &counting}) {}
  outcome::SummarySink summary;
  CountingSink counting;
  outcome::Tee tee;
};

struct Replayed {
  outcome::Summary summary;
  Seen seen;
};

Result<Replayed> replay(const Probed& programme, const vm::BoundModule& bound, const store::Store& store,
                        const engine::RunOptions& run) {
  const Instant horizon = outcome::horizon_of(store, run.until);
  std::vector<std::unique_ptr<RangeSinks>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t) {
    sinks.push_back(std::make_unique<RangeSinks>(programme, horizon));
    return &sinks.back()->tee;
  });
  if (!status) return status.error();
  outcome::Tally total(programme.module);
  Seen seen(programme.module.campaigns.size());
  for (const auto& sink : sinks) {
    total.merge(sink->summary.tally());
    seen.merge(sink->counting.seen());
  }
  auto facts = outcome::run_facts(programme.module, store, run.until);
  return Replayed{outcome::summarize(programme.module, facts, store, total), std::move(seen)};
}

Status report(const Evidence& evidence) {
  values_nobody_has(evidence);
  segments(evidence);
  splits(evidence);
  zones(evidence);
  sharing(evidence);
  over_capacity(evidence);
  return launch(evidence);
}

}  // namespace

int look(const std::string& root, driver::Checked& checked, const findings::Capacity& capacity,
         const LogOptions& options, FileSystem& files, Host& host) {
  if (checked.unit->model.campaigns.empty()) return kOk;
  auto programme = with_probes(root, checked, files);
  if (!programme) return fail(programme.error());
  int code = kOk;
  auto log = read_logs(programme->module, options, {}, host, code);
  if (!log) return code;
  Progress progress(host, "replaying");
  engine::RunOptions run;
  run.threads = thread_count(options.threads);
  run.texts = capacity.calls_per_owner.has_value();
  run.progress = [&](std::uint64_t done) { progress.show(done, log->store.leads.size(), "leads"); };
  const vm::BoundModule bound = vm::bind(programme->module, log->store.texts, log->store.lists);
  auto replayed = replay(*programme, bound, log->store, run);
  if (!replayed) return fail(replayed.error());
  const Evidence evidence{checked,  *programme,     *log,
                          bound,    replayed->seen, replayed->summary,
                          capacity, run.threads,    checked.unit->diagnostics};
  auto reported = report(evidence);
  return reported ? int{kOk} : fail(reported.error());
}

bool Evidence::own(const Span& span) const {
  const sema::Unit& unit = *checked.unit;
  const auto end = unit.files.begin() + static_cast<std::ptrdiff_t>(unit.own_files);
  return std::any_of(unit.files.begin(), end, [&](const ast::File& file) { return file.file == span.file; });
}

std::uint16_t Evidence::in_module(const sema::Campaign& campaign) const {
  const auto& all = programme.module.campaigns;
  auto found = std::find_if(all.begin(), all.end(), [&](const bytecode::Campaign& each) {
    return programme.module.strings[each.name] == campaign.name;
  });
  return static_cast<std::uint16_t>(found - all.begin());
}

const outcome::CampaignSummary& Evidence::summary_of(const sema::Campaign& campaign) const {
  return *std::find_if(summary.campaigns.begin(), summary.campaigns.end(),
                       [&](const outcome::CampaignSummary& each) { return each.name == campaign.name; });
}

const ast::Stmt* Evidence::statement(const sema::Campaign& campaign, bytecode::PlaceIndex index) const {
  const bytecode::Place& place = programme.module.places[index];
  const std::string& path = programme.module.strings[place.file];
  const std::uint32_t number = static_cast<std::uint32_t>(&campaign - model().campaigns.data());
  for (const flow::Node& node : checked.graphs[number].nodes) {
    if (!node.statement) continue;
    const Span& span = node.statement->span;
    const SourceFile& file = checked.unit->sources.file(span.file);
    if (file.path() != path) continue;
    const LineColumn at = file.locate(span.begin);
    if (at.line == place.line && at.column == place.column) return node.statement;
  }
  return nullptr;
}

std::string share_of_leads(Count part, Count whole) {
  return fmt::format("{} of the log's {} leads ({} %)", outcome::count_text(part), outcome::count_text(whole),
                     whole == 0 ? 0 : (100 * part + whole / 2) / whole);
}

}  // namespace nurture::tool::evidence
