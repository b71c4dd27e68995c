#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/outcome/names.h"
#include "runtime/review/review.h"
#include "runtime/statistics/proportions.h"

namespace nurture::review {

namespace {

using bytecode::kNone;
using outcome::CampaignSummary;
using outcome::GoalCounts;
using outcome::GoalSummary;
using statistics::Proportion;

void number(JsonWriter& w, std::string_view key, const std::optional<double>& value) {
  w.key(key);
  value ? w.value(*value) : w.null();
}

void interval(JsonWriter& w, const std::optional<statistics::Interval>& found) {
  number(w, "low", found ? std::optional(found->low) : std::nullopt);
  number(w, "high", found ? std::optional(found->high) : std::nullopt);
}

void write_rate(JsonWriter& w, std::string_view key, Proportion sample) {
  w.key(key).begin_object().member("part", sample.reached).member("of", sample.of);
  number(w, "rate", sample.of == 0 ? std::nullopt : std::optional(sample.rate()));
  interval(w, statistics::wilson(sample));
  w.end_object();
}

void write_distribution(JsonWriter& w, std::string_view key, const outcome::Durations& durations) {
  const outcome::Distribution d = durations.distribution();
  w.key(key).begin_object().member("count", d.spread.count);
  for (const auto& [name, value] :
       {std::pair("median_us", d.spread.median), std::pair("p10_us", d.p10), std::pair("p25_us", d.p25),
        std::pair("p75_us", d.p75), std::pair("p90_us", d.p90), std::pair("p95_us", d.spread.p95)}) {
    w.key(name);
    d.spread.count == 0 ? w.null() : w.value(value);
  }
  w.member("exact", d.spread.exact).member("width_us", d.width).key("parts").begin_array();
  for (std::uint64_t part : d.parts) w.value(part);
  w.end_array().member("longer", d.longer).end_object();
}

Proportion proportion(const GoalSummary& goal, const GoalCounts& counts) {
  return {outcome::rate_part(goal, counts), outcome::rate_of(goal, counts)};
}

void write_goal_rates(JsonWriter& w, const GoalSummary& goal) {
  w.member("name", goal.name);
  write_rate(w, "treated", proportion(goal, goal.treated));
  write_rate(w, "held_out", proportion(goal, goal.held_out));
}

class Writer {
 public:
  explicit Writer(const Review& review) : review_(review), module_(review.module) {}

  std::string write() {
    w_.begin_object().member("level", statistics::kLevel);
    w_.key("campaigns").begin_array();
    for (std::size_t i = 0; i < module_.campaigns.size(); ++i) campaign(i);
    w_.end_array();
    touches();
    owners();
    contents();
    breakdown();
    w_.end_object();
    return std::move(w_).take();
  }

 private:
  std::string_view name(bytecode::StringIndex index) const { return outcome::name_of(module_, index); }

  void campaign(std::size_t index) {
    const CampaignSummary& summary = review_.summary.campaigns[index];
    const outcome::CampaignTally& tally = review_.tally.campaigns[index];
    w_.begin_object().member("name", summary.name);
    goals(index, summary, tally);
    stages(index, summary, tally);
    paths(index);
    write_distribution(w_, "stay", tally.stay);
    write_distribution(w_, "response", tally.response);
    w_.end_object();
  }

  void goals(std::size_t index, const CampaignSummary& summary, const outcome::CampaignTally& tally) {
    w_.key("goals").begin_array();
    for (std::size_t i = 0; i < summary.goals.size(); ++i) {
      const bytecode::Goal& goal = module_.campaigns[index].goals[i];
      w_.begin_object();
      write_goal_rates(w_, summary.goals[i]);
      w_.key("within_us");
      goal.within == kNone ? w_.null() : w_.value(module_.constants[goal.within].value.duration().nominal());
      w_.member("where", outcome::place_text(module_, goal.place));
      write_distribution(w_, "time", tally.goals[i].time);
      write_distribution(w_, "time_held_out", tally.goals_held_out[i].time);
      w_.end_object();
    }
    w_.end_array();
  }

  /// Of the memberships that were not held out, how many were ever in a stage, and how often one came back to it.
  void stages(std::size_t index, const CampaignSummary& summary, const outcome::CampaignTally& tally) {
    const Count treated = summary.entered - summary.held_out;
    w_.key("stages").begin_array();
    for (std::size_t i = 0; i < summary.stages.size(); ++i) {
      const outcome::StageSummary& stage = summary.stages[i];
      const Count memberships = review_.counts.paths[index].memberships[i];
      w_.begin_object().member("name", stage.name).member("entries", stage.entered);
      w_.member("where", outcome::place_text(module_, module_.campaigns[index].stages[i].place));
      w_.member("memberships", memberships).member("returns", stage.entered - memberships);
      w_.member("active", stage.active);
      write_rate(w_, "share", {memberships, treated});
      write_distribution(w_, "time", tally.stages[i].spent);
      w_.end_object();
    }
    w_.end_array();
  }

  void paths(std::size_t index) {
    const bytecode::Campaign& campaign = module_.campaigns[index];
    w_.member("visits", kVisits).key("paths").begin_array();
    for (const auto& [step, count] : review_.counts.paths[index].steps) {
      w_.begin_object().member("visit", step.visit).key("from");
      step.from == kNone ? w_.null() : w_.value(name(campaign.stages[step.from].name));
      switch (step.to) {
        case Step::To::Stage:
          w_.member("to", "stage").member("name", name(campaign.stages[step.what].name));
          break;
        case Step::To::Exit:
          w_.member("to", "exit").member("name", name(campaign.reasons[step.what]));
          break;
        case Step::To::Inside:
          w_.member("to", "inside").key("name").null();
          break;
        case Step::To::Further:
          w_.member("to", "further").key("name").null();
          break;
      }
      w_.member("count", count).end_object();
    }
    w_.end_array();
  }

  void touches() {
    const TouchTally& touches = review_.counts.touches;
    const outcome::Summary& summary = review_.summary;
    w_.key("touches").begin_object();
    w_.member("leads_sent", summary.leads_sent).key("per_lead").begin_array();
    for (const auto& [messages, leads] : touches.per_lead) {
      w_.begin_object().member("messages", messages).member("leads", leads).end_object();
    }
    w_.end_array().key("per_week").begin_array();
    for (const auto& [messages, weeks] : touches.per_week) {
      w_.begin_object().member("messages", messages).member("weeks", weeks).end_object();
    }
    w_.end_array().key("limits").begin_array();
    for (const auto& [rule, tally] : touches.limits) limit(module_.rules[rule], tally);
    w_.end_array().end_object();
  }

  void limit(const bytecode::Rule& rule, const LimitTally& tally) {
    const std::string where = outcome::place_text(module_, rule.place);
    Count held_back = 0;
    for (const CampaignSummary& campaign : review_.summary.campaigns) {
      for (const outcome::RuleSummary& row : campaign.rules) {
        if (row.where == where) held_back += row.counts.deferred + row.counts.skipped;
      }
    }
    w_.begin_object().member("owner", name(rule.owner)).member("rule", name(rule.label)).member("where", where);
    w_.member("allowed", rule.most).member("most", tally.most).member("leads_at", tally.leads_at);
    w_.member("held_back", held_back).end_object();
  }

  /// Who has most to do first; behind them all others in one, and what nobody is named for.
  void owners() {
    struct Row {
      std::optional<std::string> name;
      Count people = 1;
      OwnerTally tally;
    };
    std::vector<Row> rows;
    Row nobody;
    nobody.people = 0;
    for (const auto& [owner, tally] : review_.counts.owners) {
      if (owner)
        rows.push_back({std::string(review_.store.texts.at(*owner)), 1, tally});
      else
        nobody.tally = tally;
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      const Count most = a.tally.sum().all(), other = b.tally.sum().all();
      return most != other ? most > other : a.name < b.name;
    });
    while (rows.size() > kMostOwners + 1) {
      Row last = std::move(rows.back());
      rows.pop_back();
      rows.back().name = "all others";
      rows.back().people += last.people;
      rows.back().tally.merge(last.tally);
    }
    if (review_.counts.owners.contains(std::nullopt)) rows.push_back(std::move(nobody));
    w_.key("owners").begin_array();
    for (const Row& row : rows) owner(row.name, row.people, row.tally);
    w_.end_array();
  }

  void owner(const std::optional<std::string>& name, Count people, const OwnerTally& tally) {
    const WorkCounts sum = tally.sum();
    Count most = 0;
    for (const auto& [week, counts] : tally.weeks) most = std::max(most, counts.all());
    w_.begin_object().key("name");
    name ? w_.value(*name) : w_.null();
    w_.member("people", people).member("hand_offs", sum.hand_offs).member("calls", sum.calls);
    w_.member("tasks", sum.tasks).member("most_in_a_week", most).member("missed", tally.missed);
    write_distribution(w_, "answers", tally.answers);
    w_.key("weeks").begin_array();
    for (const auto& [week, counts] : tally.weeks) {
      w_.begin_object().member("week_of", calendar::format_date(week)).member("hand_offs", counts.hand_offs);
      w_.member("calls", counts.calls).member("tasks", counts.tasks).member("all", counts.all()).end_object();
    }
    w_.end_array().end_object();
  }

  void contents() {
    const std::vector<std::uint16_t> kinds = reaction_kinds(module_);
    w_.key("contents").begin_array();
    for (std::size_t i = 0; i < module_.contents.size(); ++i) {
      const bytecode::Content& content = module_.contents[i];
      const ContentTally& tally = review_.counts.touches.contents[i];
      w_.begin_object().member("name", name(content.name)).member("channel", name(content.channel));
      w_.member("where", outcome::place_text(module_, content.place));
      w_.member("sent", tally.sent).member("leads", tally.leads).key("reactions").begin_array();
      for (std::uint16_t kind : kinds) {
        const auto found = tally.reactions.find(kind);
        if (found != tally.reactions.end()) reaction(kind, found->second, tally.leads);
      }
      w_.end_array().end_object();
    }
    w_.end_array();
  }

  void reaction(std::uint16_t kind, const ReactionTally& tally, Count leads) {
    w_.begin_object().member("event", name(module_.schema.kinds[kind].name)).member("events", tally.events);
    write_rate(w_, "leads", {tally.leads, leads});
    w_.member("machine", tally.machine).end_object();
  }

  void breakdown() {
    w_.key("breakdown");
    if (review_.breakdown == nullptr) {
      w_.null();
      return;
    }
    const Breakdown& breakdown = *review_.breakdown;
    w_.begin_object().member("by", breakdown.by).key("groups").begin_array();
    for (std::size_t i = 0; i < breakdown.groups.size(); ++i) {
      if (breakdown.summaries[i].leads_entered + breakdown.summaries[i].accounts_entered > 0)
        group(breakdown.groups[i], breakdown.summaries[i]);
    }
    w_.end_array().end_object();
  }

  void group(const std::string& name, const outcome::Summary& summary) {
    w_.begin_object().member("name", name).member("leads_entered", summary.leads_entered);
    w_.member("leads_sent", summary.leads_sent).key("campaigns").begin_array();
    for (const CampaignSummary& campaign : summary.campaigns) {
      Count sent = 0;
      for (const outcome::SendSummary& message : campaign.messages) {
        sent += message.of(outcome::SendEnd::Sent) + message.of(outcome::SendEnd::Later);
      }
      w_.begin_object().member("name", campaign.name).member("entered", campaign.entered);
      w_.member("held_out", campaign.held_out).member("active", campaign.active).member("exited", campaign.exited);
      w_.member("sent", sent).member("handed_off", campaign.sales.handed_off).key("goals").begin_array();
      for (const GoalSummary& goal : campaign.goals) {
        w_.begin_object();
        write_goal_rates(w_, goal);
        w_.end_object();
      }
      w_.end_array().end_object();
    }
    w_.end_array().end_object();
  }

  const Review& review_;
  const bytecode::Module& module_;
  JsonWriter w_;
};

}  // namespace

std::string to_json(const Review& review) { return Writer(review).write(); }

}  // namespace nurture::review
