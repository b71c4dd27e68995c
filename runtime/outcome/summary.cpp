#include "runtime/outcome/summary.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "runtime/base/check.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::outcome {
namespace {

template <typename Range>
Count sum(const Range& counts) {
  return std::accumulate(counts.begin(), counts.end(), Count{0});
}

/// Fills the summary of one campaign, part by part.
class Describer {
 public:
  Describer(const bytecode::Module& module, const bytecode::Campaign& campaign, const CampaignTally& tally, bool whole)
      : module_(module), campaign_(campaign), tally_(tally), whole_(whole) {}

  CampaignSummary describe() {
    out_.name = name(campaign_.name);
    people();
    entries();
    stages();
    waits();
    reactions();
    sends();
    messages();
    rules();
    sales();
    work();
    goals();
    splits();
    return std::move(out_);
  }

 private:
  std::string name(bytecode::StringIndex index) const { return std::string(name_of(module_, index)); }
  std::string place(bytecode::PlaceIndex index) const { return place_text(module_, index); }

  void people() {
    out_.held_out = tally_.held_out;
    out_.entered = tally_.treated + tally_.held_out;
    out_.active = tally_.active + tally_.active_held_out;
    out_.active_held_out = tally_.active_held_out;
    out_.exited = sum(tally_.exits) + sum(tally_.exits_held_out);
    NURTURE_CHECK(!whole_ || out_.entered == out_.active + out_.exited);
    NURTURE_CHECK(!whole_ || tally_.held_out == tally_.active_held_out + sum(tally_.exits_held_out));
    for (std::size_t i = 0; i < campaign_.reasons.size(); ++i) {
      Count held_out = tally_.exits_held_out[i];
      out_.exits.push_back({name(campaign_.reasons[i]), tally_.exits[i] + held_out, held_out});
    }
    out_.stay = tally_.stay.spread();
  }

  void entries() {
    for (std::size_t i = 0; i < tally_.refused.size(); ++i) {
      const bool enrolled = i == campaign_.entries.size();
      const auto& refused = tally_.refused[i];
      const Count treated = tally_.treated_by_entry[i], held_out = tally_.held_out_by_entry[i];
      if (enrolled && treated + held_out + sum(refused) == 0) continue;
      const bytecode::PlaceIndex at = enrolled ? campaign_.place : campaign_.entries[i].place;
      const auto label = entry_label(module_, campaign_, enrolled ? bytecode::kNone : static_cast<std::int64_t>(i));
      out_.entries.push_back({std::string(label), place(at), treated, held_out, refused});
      for (std::size_t cause = 0; cause < kRefusalCauses; ++cause) out_.refused[cause] += refused[cause];
    }
    out_.turned_away = sum(out_.refused);
  }

  void stages() {
    for (std::size_t i = 0; i < campaign_.stages.size(); ++i) {
      const StageTally& t = tally_.stages[i];
      StageSummary stage{name(campaign_.stages[i].name),
                         t.entered,
                         sum(t.left_to),
                         t.active,
                         t.longest_active,
                         {},
                         t.left_to.back(),
                         t.spent.spread()};
      NURTURE_CHECK(!whole_ || stage.entered == stage.left + stage.active);
      for (std::size_t to = 0; to < campaign_.stages.size(); ++to) {
        if (t.left_to[to] > 0) stage.left_to.push_back({name(campaign_.stages[to].name), t.left_to[to]});
      }
      out_.stages.push_back(std::move(stage));
    }
  }

  void waits() {
    for (std::size_t i = 0; i < campaign_.states.size(); ++i) {
      const bytecode::State& state = campaign_.states[i];
      if (state.kind == bytecode::StateKind::Deferred) continue;  // told by its send
      const StateTally& t = tally_.states[i];
      WaitSummary wait{name(campaign_.stages[state.stage].name),
                       name(state.label),
                       name(state.anchor),
                       place(state.place),
                       t.began,
                       {},
                       t.timer,
                       t.left,
                       t.horizon};
      for (std::size_t h = 0; h < t.handlers.size(); ++h) {
        wait.handlers.push_back({name(state.handlers[h].label), t.handlers[h]});
      }
      NURTURE_CHECK(!whole_ || t.began == t.timer + t.left + t.horizon + sum(t.handlers));
      out_.waits.push_back(std::move(wait));
    }
  }

  void reactions() {
    std::vector<std::pair<bytecode::PlaceIndex, Count>> fired(tally_.reactions.begin(), tally_.reactions.end());
    std::sort(fired.begin(), fired.end(), [this](const auto& a, const auto& b) {
      const bytecode::Place& p = module_.places[a.first];
      const bytecode::Place& q = module_.places[b.first];
      std::string_view file_p = name_of(module_, p.file), file_q = name_of(module_, q.file);
      return std::tie(file_p, p.line, p.column) < std::tie(file_q, q.line, q.column);
    });
    for (const auto& [at, count] : fired) out_.reactions.push_back({reaction_text(module_, campaign_, at), count});
  }

  SendSummary described(const bytecode::SendSite& site, std::string where, const SendTally& t) const {
    SendSummary send{sends_text(module_, site),
                     std::string(channel_of(module_, site.content)),
                     std::move(where),
                     t.asked,
                     t.deferred,
                     t.deferred_by,
                     t.ends,
                     t.slip.spread()};
    Count ended = 0;
    for (const auto& by_cause : t.ends) ended += sum(by_cause);
    NURTURE_CHECK(!whole_ || t.asked == ended);
    return send;
  }

  void sends() {
    for (std::size_t i = 0; i < campaign_.sends.size(); ++i) {
      const bytecode::SendSite& site = campaign_.sends[i];
      out_.sends.push_back(described(site, place(site.place), tally_.sends[i]));
    }
  }

  void messages() {
    std::vector<std::string> seen;
    for (const bytecode::SendSite& site : campaign_.sends) {
      const std::string text = sends_text(module_, site);
      if (std::find(seen.begin(), seen.end(), text) != seen.end()) continue;
      seen.push_back(text);
      SendTally total;
      for (std::size_t i = 0; i < campaign_.sends.size(); ++i) {
        if (sends_text(module_, campaign_.sends[i]) == text) total.merge(tally_.sends[i]);
      }
      out_.messages.push_back(described(site, "", total));
    }
  }

  void rules() {
    for (const auto& [rule, counts] : tally_.rules) {
      if (rule == bytecode::kNone) {
        out_.rules.push_back({"", "with sales", "", counts});
        continue;
      }
      const bytecode::Rule& row = module_.rules[rule];
      out_.rules.push_back({name(row.owner), name(row.label), place(row.place), counts});
    }
  }

  void sales() {
    SalesSummary& s = out_.sales;
    s.handed_off = sum(tally_.hand_offs);
    for (std::size_t i = 0; i < campaign_.hand_offs.size(); ++i) {
      if (campaign_.hand_offs[i].answer_within != bytecode::kNone) s.promised += tally_.hand_offs[i];
    }
    s.already_with_sales = tally_.already_with_sales;
    s.promises_missed = tally_.promises_missed;
    s.answered = tally_.answered;
    for (const auto& [kind, n] : tally_.answers) s.answers.push_back({name(module_.schema.kinds[kind].name), n});
    s.response = tally_.response.spread();
    s.taken_back = tally_.taken_back;
  }

  void work() {
    for (std::size_t i = 0; i < campaign_.assigns.size(); ++i) {
      const bytecode::AssignSite& site = campaign_.assigns[i];
      out_.work.push_back({std::string(work_word(site.kind)), name(site.name), place(site.place), tally_.assigns[i]});
    }
    for (std::size_t i = 0; i < campaign_.notifies.size(); ++i) {
      out_.work.push_back({"notify", "", place(campaign_.notifies[i].place), tally_.notifies[i]});
    }
    std::vector<std::pair<bytecode::PlaceIndex, ActionTally>> actions(tally_.actions.begin(), tally_.actions.end());
    std::sort(actions.begin(), actions.end(), [&](const auto& a, const auto& b) {
      const bytecode::Place &p = module_.places[a.first], &q = module_.places[b.first];
      return std::tie(p.line, p.column) < std::tie(q.line, q.column);
    });
    for (const auto& [at, t] : actions) {
      out_.work.push_back(
          {std::string(action_word(t.kind)), action_target(module_, t.kind, t.what), place(at), t.count});
    }
    for (const auto& [attribute, n] : tally_.sets) out_.sets.push_back({name(module_.schema.lead[attribute].name), n});
  }

  static GoalCounts counts(const GoalTally& t) {
    return {t.over, t.reached, t.reached_early, t.open, t.time.spread(), t.worth};
  }

  void goals() {
    for (std::size_t i = 0; i < campaign_.goals.size(); ++i) {
      const bytecode::Goal& goal = campaign_.goals[i];
      GoalSummary g{
          name(goal.name),         goal.within == bytecode::kNone,  goal.of_send, goal.worth != bytecode::kNoCode,
          counts(tally_.goals[i]), counts(tally_.goals_held_out[i])};
      NURTURE_CHECK(goal.of_send || g.treated.over + g.treated.reached_early + g.treated.open == tally_.treated);
      NURTURE_CHECK(goal.of_send || g.held_out.over + g.held_out.reached_early + g.held_out.open == tally_.held_out);
      out_.goals.push_back(std::move(g));
    }
  }

  void splits() {
    for (std::size_t i = 0; i < campaign_.splits.size(); ++i) {
      const bytecode::SplitSite& site = campaign_.splits[i];
      SplitSummary split{name(site.name), place(site.place), {}};
      for (std::size_t b = 0; b < site.branches.size(); ++b) {
        const BranchTally& t = tally_.splits[i][b];
        BranchSummary branch{
            name(site.branches[b].name), site.branches[b].share / 10'000.0, t.passes, t.memberships, {}};
        for (const GoalTally& goal : t.goals) branch.goals.push_back(counts(goal));
        split.branches.push_back(std::move(branch));
      }
      out_.splits.push_back(std::move(split));
    }
  }

  const bytecode::Module& module_;
  const bytecode::Campaign& campaign_;
  const CampaignTally& tally_;
  const bool whole_;  ///< every membership has its end
  CampaignSummary out_;
};

/// Channels with at least one send, by name.
std::vector<std::string> channels_used(const bytecode::Module& module, const Tally& tally) {
  std::vector<std::string> channels;
  for (const auto& [of, week] : tally.weeks) {
    for (std::size_t content = 0; content < week.sends.size(); ++content) {
      if (week.sends[content] > 0) channels.emplace_back(channel_of(module, static_cast<std::int64_t>(content)));
    }
  }
  std::sort(channels.begin(), channels.end());
  channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
  return channels;
}

WeekSummary describe_week(const bytecode::Module& module, const std::vector<std::string>& channels, std::int64_t of,
                          const WeekTally& t) {
  std::string iso = module.week_starts_on == 0 ? iso_week_text(of) : "";
  WeekSummary week{std::move(iso), of, std::vector<Count>(channels.size()), t.hand_offs, t.calls, t.tasks};
  for (std::size_t content = 0; content < t.sends.size(); ++content) {
    if (t.sends[content] == 0) continue;
    auto channel = channel_of(module, static_cast<std::int64_t>(content));
    auto at = std::lower_bound(channels.begin(), channels.end(), channel);
    week.sends[static_cast<std::size_t>(at - channels.begin())] += t.sends[content];
  }
  return week;
}

PropertySummary describe_property(const bytecode::Module& module, const store::Store& store, std::size_t index,
                                  const PropertyTally& tally) {
  const bytecode::Property& property = module.properties[index];
  const auto text = [&](bytecode::StringIndex name) { return std::string(name_of(module, name)); };
  PropertySummary out{text(property.name),
                      text(property.label),
                      place_text(module, property.place),
                      tally.violations,
                      tally.leads,
                      tally.open,
                      {}};
  for (const PropertyTally::Violation& each : tally.first) {
    const calendar::Zone* zone = each.zone != nullptr ? each.zone : programme_zone(module);
    out.first.push_back({std::string(store.texts.at(store.leads[each.lead])),
                         violation_text(module, property, each.at, each.from, zone), clock_text(each.at, zone),
                         local_with_offset(each.at, zone),
                         each.campaign == bytecode::kNone ? "" : text(module.campaigns[each.campaign].name), each.at,
                         each.from});
  }
  return out;
}

ThrottleSummary describe_throttle(const bytecode::Module& module, const store::Store& store, const ThrottleTally& row) {
  const bytecode::Rule& rule = module.rules[row.rule];
  ThrottleSummary out;
  out.owner = name_of(module, rule.owner);
  out.label = name_of(module, rule.label);
  out.where = place_text(module, rule.place);
  out.messages = row.messages;
  out.delayed = row.delayed;
  out.longest = row.longest;
  if (row.longest > 0) out.slowest = store.texts.at(store.leads[row.slowest]);
  return out;
}

/// What weeks and campaigns count apart must agree.
void check_sends(const Summary& summary) {
  Count by_week = 0;
  Count by_campaign = 0;
  for (const WeekSummary& week : summary.weeks) by_week += sum(week.sends);
  for (const CampaignSummary& campaign : summary.campaigns) {
    for (const SendSummary& send : campaign.messages) by_campaign += send.of(SendEnd::Sent) + send.of(SendEnd::Later);
  }
  NURTURE_CHECK(by_week == by_campaign);
}

}  // namespace

std::string_view PropertySummary::verdict() const {
  return violations > 0 ? "violated" : open > 0 ? "inconclusive" : "held";
}

bool Summary::violated() const {
  return std::any_of(properties.begin(), properties.end(), [](const auto& each) { return each.violations > 0; });
}

Count SendSummary::of(SendEnd end) const { return sum(ends[static_cast<std::size_t>(end)]); }

Count SendSummary::of(SendEnd end, Detail cause) const {
  return ends[static_cast<std::size_t>(end)][static_cast<std::size_t>(cause)];
}

Count rate_of(const GoalSummary& goal, const GoalCounts& counts) {
  return goal.endless ? counts.all_reached() + counts.open : counts.over;
}

Count rate_part(const GoalSummary& goal, const GoalCounts& counts) {
  return goal.endless ? counts.all_reached() : counts.reached;
}

namespace {

/// By name: several lines of a scenario may be about one.
std::vector<Named> describe_reactions(const bytecode::Module& module, const Tally& tally) {
  std::map<std::string, Count> by_name;
  for (const auto& [reaction, count] : tally.reactions) by_name[assumed_text(module, *reaction)] += count;
  std::vector<Named> rows;
  for (const auto& [name, count] : by_name) rows.push_back({name, count});
  return rows;
}

}  // namespace

Instant horizon_of(const store::Store& store, Instant until) { return until == kNever ? store.last_instant : until; }

RunFacts run_facts(const bytecode::Module& module, const store::Store& store, Instant until) {
  RunFacts facts;
  facts.programme = name_of(module, module.name);
  facts.seed = module.seed;
  facts.currency = name_of(module, module.currency);
  facts.timezone = calendar::zone_name(programme_zone(module));
  facts.tzdata = calendar::tzdata_version();
  facts.first = store.first_instant;
  facts.last = store.last_instant;
  facts.horizon = horizon_of(store, until);
  facts.leads = store.lead_count();
  facts.accounts = store.account_members;
  facts.events = store.events() - store.copies;
  return facts;
}

Summary summarize(const bytecode::Module& module, const RunFacts& facts, const store::Store& store, const Tally& tally,
                  const Deliveries* deliveries) {
  NURTURE_CHECK(tally.campaigns.size() == module.campaigns.size());
  NURTURE_CHECK(tally.ends_missing || tally.left_hanging == 0);
  Summary out;
  out.facts = facts;
  out.leads_merged = tally.leads_merged;
  out.leads_entered = tally.leads_entered;
  out.leads_sent = tally.leads_sent;
  out.accounts_entered = tally.accounts_entered;
  out.busiest_sends = tally.busiest.sends;
  if (tally.busiest.sends > 0) out.busiest_lead = store.texts.at(store.leads[tally.busiest.lead]);
  out.busiest_week_of = tally.busiest.week_of;
  out.holds_by_hand_off = tally.holds_by_hand_off;
  out.holds_by_event = tally.holds_by_event;
  out.holds_by_account = tally.holds_by_account;
  out.holds_ended = tally.holds_ended;
  out.hold_length = tally.hold_length.spread();
  out.with_sales_at_end = tally.with_sales_at_end;
  out.orphan_reactions = tally.orphan_reactions;
  out.reactions = describe_reactions(module, tally);
  out.histories_cut = tally.histories_cut;
  out.history_max = module.history_max == 0 ? bytecode::kHistoryMax : module.history_max;
  out.channels = channels_used(module, tally);
  for (const auto& [of, week] : tally.weeks) {
    out.weeks.push_back(describe_week(module, out.channels, of, week));
  }
  for (std::size_t i = 0; i < module.properties.size(); ++i) {
    out.properties.push_back(describe_property(module, store, i, tally.properties[i]));
  }
  if (deliveries != nullptr) {
    for (const ThrottleTally& row : deliveries->tallies())
      out.throttles.push_back(describe_throttle(module, store, row));
  }
  for (std::size_t i = 0; i < module.campaigns.size(); ++i) {
    out.campaigns.push_back(Describer(module, module.campaigns[i], tally.campaigns[i], !tally.ends_missing).describe());
  }
  check_sends(out);
  return out;
}

}  // namespace nurture::outcome
