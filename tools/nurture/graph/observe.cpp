#include "tools/nurture/graph/observe.h"

#include <map>
#include <memory>
#include <string>

#include "runtime/outcome/passages.h"
#include "runtime/outcome/summary.h"
#include "runtime/outcome/tee.h"

namespace nurture::tool {

using bytecode::kNone;
using outcome::Durations;
using outcome::Kind;
using outcome::Passage;
using outcome::PassageTally;
using picture::Observed;
using picture::Record;
using picture::Spot;
using picture::Times;

namespace {

struct Sinks {
  Sinks(const bytecode::Module& module, Instant horizon)
      : summary(module, horizon), passages(module), tee({&summary, &passages}) {}
  outcome::SummarySink summary;
  outcome::PassageSink passages;
  outcome::Tee tee;
};

Times times_of(const Durations& durations) {
  const outcome::Spread spread = durations.spread();
  return {spread.count, spread.median};
}

/// Says the records of one campaign in the terms of a picture.
class Translator {
 public:
  Translator(const sema::Unit& unit, const bytecode::Module& module, std::size_t campaign)
      : module_(module), campaign_(module.campaigns[campaign]) {
    for (const SourceFile* file : unit.sources.all()) files_[file->path()] = file->id();
  }

  void passages(const outcome::Passages& passages) {
    std::map<std::uint16_t, Durations> in_stage;
    for (const auto& [passage, tally] : passages) {
      passage_of(passage, tally);
      if (passage.kind == Kind::StageLeft) in_stage[passage.stage].merge(tally.took);
    }
    for (const auto& [stage, stayed] : in_stage) {
      picture::Recorded& record = made_.records[{Record::Kind::StageLeft, {}, stage}];
      record = {stayed.count(), times_of(stayed)};
    }
  }

  void sends(const std::vector<outcome::SendTally>& tallies) {
    for (std::size_t i = 0; i < tallies.size(); ++i) {
      const bytecode::SendSite& site = campaign_.sends[i];
      if (site.to_leads) continue;  // what its leads get is theirs; the account goes on
      const Spot spot = spot_of(site.place);
      add(Record::Kind::Asked, spot, 0, tallies[i].asked);
      for (std::size_t end = 0; end < outcome::kSendEnds; ++end) {
        outcome::Count count = 0;
        for (outcome::Count each : tallies[i].ends[end]) count += each;
        send_ended(static_cast<outcome::SendEnd>(end), spot, count);
      }
      if (tallies[i].slip.count() > 0) made_.records[{Record::Kind::Did, spot, 0}].took = times_of(tallies[i].slip);
    }
  }

  void totals(const outcome::CampaignSummary& summary) {
    made_.totals.entered = summary.entered;
    made_.totals.inside = summary.active;
    made_.totals.held_out = summary.held_out;
    made_.inside_held_out = summary.active_held_out;
    made_.totals.stay = {summary.stay.count, summary.stay.median};
    for (const outcome::ExitSummary& exit : summary.exits) {
      if (exit.count > 0) made_.totals.left.push_back({exit.reason, exit.count});
      made_.exits[exit.reason] = exit.count;
      made_.exits_held_out[exit.reason] = exit.held_out;
    }
  }

  Observed take() { return std::move(made_); }

 private:
  Spot spot_of(bytecode::PlaceIndex place) const {
    const bytecode::Place& at = module_.places[place];
    const auto file = files_.find(module_.strings[at.file]);
    return {file == files_.end() ? 0 : file->second, at.line, at.column};
  }

  void add(Record::Kind kind, Spot spot, std::int64_t detail, outcome::Count count) {
    if (count > 0) made_.records[{kind, spot, detail}].count += count;
  }

  void send_ended(outcome::SendEnd end, Spot spot, outcome::Count count) {
    switch (end) {
      case outcome::SendEnd::Sent:
      case outcome::SendEnd::Later:
        return;
      case outcome::SendEnd::Exhausted:
        return add(Record::Kind::NotSent, spot, picture::kExhausted, count);
      case outcome::SendEnd::Suppressed:
      case outcome::SendEnd::Skipped:
      case outcome::SendEnd::GaveUp:
        return add(Record::Kind::NotSent, spot, 0, count);
      case outcome::SendEnd::Cancelled:
      case outcome::SendEnd::Pending:
        return add(Record::Kind::Stopped, spot, 0, count);
    }
  }

  /// How a wait ended: by its time, by a handler, or neither.
  void wait_ended(const Passage& passage, const PassageTally& tally) {
    constexpr auto kFirstHandler = static_cast<std::int64_t>(outcome::WaitEnd::Handler);
    Record record{Record::Kind::TimeRanOut, spot_of(passage.place), 0};
    if (passage.detail >= kFirstHandler) {
      record.kind = Record::Kind::Answered;
      record.detail = passage.detail - kFirstHandler;
    } else if (passage.detail != static_cast<std::int64_t>(outcome::WaitEnd::Timer)) {
      return;
    }
    picture::Recorded& made = made_.records[record];
    made.count += tally.count;
    made.took = times_of(tally.took);
  }

  void passage_of(const Passage& passage, const PassageTally& tally);

  const bytecode::Module& module_;
  const bytecode::Campaign& campaign_;
  std::map<std::string, FileId> files_;
  Observed made_;
};

void Translator::passage_of(const Passage& passage, const PassageTally& tally) {
  const auto at_place = [&](Record::Kind kind, std::int64_t detail = 0) {
    add(kind, spot_of(passage.place), detail, tally.count);
  };
  switch (passage.kind) {
    case Kind::Entered:
      return add(Record::Kind::Entered, {}, passage.detail == kNone ? picture::kEnrolled : passage.detail, tally.count);
    case Kind::StageEntered:
      return add(Record::Kind::StageEntered, {}, passage.stage, tally.count);
    case Kind::StageLeft:
      return at_place(Record::Kind::StageLeft, passage.stage);
    case Kind::TriggerFired:
      return at_place(Record::Kind::Fired);
    case Kind::WaitBegan:
      return at_place(Record::Kind::Began);
    case Kind::WaitEnded:
      return wait_ended(passage, tally);
    case Kind::Split:
      return at_place(Record::Kind::Drew, passage.detail);
    case Kind::Exited:
      return at_place(Record::Kind::Exited, passage.detail);
    case Kind::InFlight:
      add(Record::Kind::Inside, {}, passage.stage, tally.count);
      if (passage.detail == kNone) return;
      return add(Record::Kind::Inside, spot_of(campaign_.states[static_cast<std::size_t>(passage.detail)].place),
                 passage.stage, tally.count);
    case Kind::SentToLeads:
      return at_place(Record::Kind::Asked);
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::Assigned:
    case Kind::NotAssigned:
    case Kind::Notified:
    case Kind::LeadSet:
    case Kind::Remembered:
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      return at_place(Record::Kind::Did);
    default:
      return;  // nothing that a picture shows
  }
}

}  // namespace

Result<std::vector<Observed>> observe(const sema::Unit& unit, const bytecode::Module& module, store::Store& store,
                                      const engine::RunOptions& run) {
  vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  const Instant horizon = outcome::horizon_of(store, run.until);
  std::vector<std::unique_ptr<Sinks>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t) {
    sinks.push_back(std::make_unique<Sinks>(module, horizon));
    return &sinks.back()->tee;
  });
  if (!status) return status.error();
  outcome::Tally total(module);
  std::vector<outcome::Passages> passages(module.campaigns.size());
  for (const auto& each : sinks) {
    total.merge(each->summary.tally());
    outcome::merge(passages, each->passages.campaigns());
  }
  const outcome::Summary summary =
      outcome::summarize(module, outcome::run_facts(module, store, run.until), store, total);
  return observed_in(unit, module, {total, passages, summary});
}

std::vector<Observed> observed_in(const sema::Unit& unit, const bytecode::Module& module, const Counted& counted) {
  std::vector<Observed> observed;
  for (std::size_t i = 0; i < module.campaigns.size(); ++i) {
    Translator translator(unit, module, i);
    translator.passages(counted.passages[i]);
    translator.sends(counted.tally.campaigns[i].sends);
    translator.totals(counted.summary.campaigns[i]);
    observed.push_back(translator.take());
  }
  return observed;
}

}  // namespace nurture::tool
