#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/summary.h"

namespace nurture::outcome {
namespace {

using Writer = JsonWriter;

void write_instant(Writer& w, std::string_view key, Instant at) {
  w.key(key);
  if (at == kNever) {
    w.null();
  } else {
    w.value(calendar::format_utc(at));
  }
}

void write_spread(Writer& w, std::string_view key, const Spread& spread) {
  w.key(key).begin_object().member("count", spread.count);
  w.key("median_us");
  spread.count == 0 ? w.null() : w.value(spread.median);
  w.key("p95_us");
  spread.count == 0 ? w.null() : w.value(spread.p95);
  w.member("exact", spread.exact).end_object();
}

void write_run(Writer& w, const RunFacts& f) {
  w.key("run").begin_object();
  w.member("programme", f.programme).member("seed", fmt::format("{:016x}", f.seed));
  w.member("timezone", f.timezone).member("tzdata", f.tzdata);
  write_instant(w, "first", f.first);
  write_instant(w, "last", f.last);
  write_instant(w, "horizon", f.horizon);
  w.member("leads", f.leads);
  if (f.accounts > 0) w.member("accounts", f.accounts);
  w.member("events", f.events).end_object();
}

void write_totals(Writer& w, const Summary& s) {
  w.key("totals").begin_object();
  w.member("leads_merged", s.leads_merged).member("leads_entered", s.leads_entered);
  w.member("leads_in_no_campaign", s.facts.leads - s.leads_merged - s.leads_entered);
  w.member("leads_sent", s.leads_sent);
  if (s.facts.accounts > 0) w.member("accounts_entered", s.accounts_entered);
  w.key("busiest").begin_object().member("sends", s.busiest_sends).key("lead");
  s.busiest_sends == 0 ? w.null() : w.value(s.busiest_lead);
  w.key("week_of");
  s.busiest_sends == 0 ? w.null() : w.value(calendar::format_date(s.busiest_week_of));
  w.end_object();
  w.key("sales_holds").begin_object();
  w.member("by_hand_off", s.holds_by_hand_off).member("by_event", s.holds_by_event);
  if (s.facts.accounts > 0) w.member("by_account", s.holds_by_account);
  w.key("ended").begin_object();
  for (HoldEnd end : {HoldEnd::Event, HoldEnd::TakenBack, HoldEnd::Expired}) {
    w.member(hold_end_word(end), s.holds_ended[static_cast<std::size_t>(end)]);
  }
  w.end_object();
  write_spread(w, "length", s.hold_length);
  w.member("with_sales_at_end", s.with_sales_at_end).end_object();
  w.member("orphan_reactions", s.orphan_reactions).end_object();
  if (s.reactions.empty()) return;
  w.key("assumed_events").begin_object();
  for (const Named& row : s.reactions) w.member(row.name, row.count);
  w.end_object();
}

void write_throttles(Writer& w, const Summary& s) {
  if (s.throttles.empty()) return;
  w.key("throttles").begin_array();
  for (const ThrottleSummary& row : s.throttles) {
    w.begin_object().member("owner", row.owner).member("rule", row.label).member("where", row.where);
    w.member("messages", row.messages).member("delayed", row.delayed).member("longest_us", row.longest);
    w.key("slowest");
    row.slowest.empty() ? w.null() : w.value(row.slowest);
    w.end_object();
  }
  w.end_array();
}

void write_weeks(Writer& w, const Summary& s) {
  w.key("weeks").begin_array();
  for (const WeekSummary& week : s.weeks) {
    w.begin_object().member("week_of", calendar::format_date(week.of));
    if (!week.week.empty()) w.member("week", week.week);
    w.key("sends").begin_object();
    for (std::size_t i = 0; i < s.channels.size(); ++i) w.member(s.channels[i], week.sends[i]);
    w.end_object();
    w.member("hand_offs", week.hand_offs).member("calls", week.calls).member("tasks", week.tasks).end_object();
  }
  w.end_array();
}

void write_refused(Writer& w, const std::array<Count, kRefusalCauses>& refused) {
  w.key("refused").begin_object();
  for (std::size_t i = 0; i < refused.size(); ++i) w.member(refusal_word(static_cast<RefusalCause>(i)), refused[i]);
  w.end_object();
}

void write_named(Writer& w, std::string_view key, const std::vector<Named>& rows) {
  w.key(key).begin_object();
  for (const Named& row : rows) w.member(row.name, row.count);
  w.end_object();
}

void write_fired(Writer& w, std::string_view key, const std::vector<Named>& rows) {
  w.key(key).begin_array();
  for (const Named& row : rows) w.begin_object().member("on", row.name).member("count", row.count).end_object();
  w.end_array();
}

void write_people(Writer& w, const CampaignSummary& c) {
  w.member("entered", c.entered).member("held_out", c.held_out);
  w.member("active", c.active).member("active_held_out", c.active_held_out);
  w.member("exited", c.exited).member("turned_away", c.turned_away);
  write_refused(w, c.refused);
  w.key("entries").begin_array();
  for (const EntrySummary& e : c.entries) {
    w.begin_object().member("label", e.label).member("where", e.where);
    w.member("treated", e.treated).member("held_out", e.held_out);
    write_refused(w, e.refused);
    w.end_object();
  }
  w.end_array().key("exits").begin_array();
  for (const ExitSummary& e : c.exits) {
    w.begin_object().member("reason", e.reason).member("count", e.count).member("held_out", e.held_out).end_object();
  }
  w.end_array();
  write_spread(w, "stay", c.stay);
}

void write_stages(Writer& w, const CampaignSummary& c) {
  w.key("stages").begin_array();
  for (const StageSummary& s : c.stages) {
    w.begin_object().member("name", s.name).member("entered", s.entered).member("left", s.left);
    w.member("active", s.active).member("longest_active_us", s.longest_active);
    write_named(w, "left_to", s.left_to);
    w.member("left_campaign", s.left_campaign);
    write_spread(w, "spent", s.spent);
    w.end_object();
  }
  w.end_array().key("waits").begin_array();
  for (const WaitSummary& s : c.waits) {
    w.begin_object().member("stage", s.stage).member("anchor", s.anchor).member("label", s.label);
    w.member("where", s.where).member("began", s.began);
    write_fired(w, "handlers", s.handlers);
    w.member("timer", s.timer).member("left", s.left).member("horizon", s.horizon).end_object();
  }
  w.end_array();
  write_fired(w, "reactions", c.reactions);
}

constexpr std::array<std::string_view, kSendEnds> kEndWords{"sent",      "sent_later", "suppressed", "skipped",
                                                            "exhausted", "gave_up",    "cancelled",  "pending"};

void write_sends(Writer& w, std::string_view key, const std::vector<SendSummary>& sends) {
  w.key(key).begin_array();
  for (const SendSummary& s : sends) {
    w.begin_object().member("content", s.content).member("channel", s.channel);
    if (!s.where.empty()) w.member("where", s.where);
    w.member("asked", s.asked).key("deferred").begin_object();
    for (std::size_t cause = 1; cause < kDetails; ++cause) {
      if (s.deferred_by[cause] > 0) w.member(detail_word(static_cast<Detail>(cause)), s.deferred_by[cause]);
    }
    w.end_object().key("ends").begin_object();
    for (std::size_t end = 0; end < kSendEnds; ++end) {
      w.key(kEndWords[end]).begin_object().member("count", s.of(static_cast<SendEnd>(end)));
      w.key("causes").begin_object();
      for (std::size_t cause = 1; cause < kDetails; ++cause) {
        Count n = s.of(static_cast<SendEnd>(end), static_cast<Detail>(cause));
        if (n > 0) w.member(detail_word(static_cast<Detail>(cause)), n);
      }
      w.end_object().end_object();
    }
    w.end_object();
    write_spread(w, "slip", s.slip);
    w.end_object();
  }
  w.end_array();
}

void write_rules(Writer& w, const std::vector<RuleSummary>& rules) {
  w.key("rules").begin_array();
  for (const RuleSummary& r : rules) {
    w.begin_object().member("owner", r.owner).member("rule", r.label).member("where", r.where);
    w.member("deferred", r.counts.deferred).member("suppressed", r.counts.suppressed);
    w.member("skipped", r.counts.skipped).member("gave_up", r.counts.gave_up).member("work", r.counts.work);
    w.member("leads", r.counts.leads).end_object();
  }
  w.end_array();
}

void write_sales(Writer& w, const SalesSummary& s) {
  w.key("sales").begin_object();
  w.member("handed_off", s.handed_off).member("already_with_sales", s.already_with_sales);
  w.member("answered", s.answered);
  write_named(w, "answers", s.answers);
  write_spread(w, "response", s.response);
  w.member("promised", s.promised).member("promises_missed", s.promises_missed);
  w.member("taken_back", s.taken_back).end_object();
}

void write_work(Writer& w, const CampaignSummary& c) {
  w.key("work").begin_array();
  for (const WorkSummary& s : c.work) {
    w.begin_object().member("kind", s.kind).member("name", s.name).member("where", s.where);
    w.member("count", s.count).end_object();
  }
  w.end_array();
  write_named(w, "sets", c.sets);
}

/// Exact, so that no reader loses a hundredth to a floating-point number.
std::string decimal_text(std::int64_t bits) {
  const bool negative = bits < 0;
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(bits) : static_cast<std::uint64_t>(bits);
  return fmt::format("{}{}.{:04}", negative ? "-" : "", size / kDecimalScale, size % kDecimalScale);
}

void write_counts(Writer& w, const GoalSummary& goal, const GoalCounts& counts) {
  Count of = rate_of(goal, counts);
  w.member("reached", counts.all_reached()).key("rate");
  of == 0 ? w.null() : w.value(static_cast<double>(rate_part(goal, counts)) / static_cast<double>(of));
  w.member("rate_of", of).member("rate_part", rate_part(goal, counts));
  w.member("reached_early", counts.reached_early).member("open", counts.open);
  write_spread(w, "time", counts.time);
  if (goal.has_worth) w.member("worth", decimal_text(counts.worth));
}

void write_goals(Writer& w, const CampaignSummary& c) {
  w.key("goals").begin_array();
  for (const GoalSummary& g : c.goals) {
    w.begin_object().member("name", g.name).member("endless", g.endless).member("of_send", g.of_send);
    w.key("treated").begin_object();
    write_counts(w, g, g.treated);
    w.end_object().key("held_out").begin_object();
    write_counts(w, g, g.held_out);
    w.end_object().end_object();
  }
  w.end_array();
}

void write_splits(Writer& w, const CampaignSummary& c) {
  w.key("splits").begin_array();
  for (const SplitSummary& split : c.splits) {
    w.begin_object().member("name", split.name).member("where", split.where).key("branches").begin_array();
    for (const BranchSummary& b : split.branches) {
      w.begin_object().member("name", b.name).member("share", b.share).member("passes", b.passes);
      w.member("memberships", b.memberships).key("goals").begin_array();
      for (std::size_t i = 0; i < b.goals.size(); ++i) {
        w.begin_object().member("goal", c.goals[i].name);
        write_counts(w, c.goals[i], b.goals[i]);
        w.end_object();
      }
      w.end_array().end_object();
    }
    w.end_array().end_object();
  }
  w.end_array();
}

void write_properties(Writer& w, const std::vector<PropertySummary>& properties) {
  w.key("properties").begin_array();
  for (const PropertySummary& p : properties) {
    w.begin_object().member("name", p.name).member("claim", p.label).member("where", p.where);
    w.member("verdict", p.verdict()).member("violations", p.violations).member("leads", p.leads);
    w.member("open", p.open).key("first").begin_array();
    for (const PropertySummary::Violation& each : p.first) {
      w.begin_object().member("lead", each.lead);
      write_instant(w, "at", each.at);
      w.member("local", each.local);
      write_instant(w, "since", each.from);
      w.member("campaign", each.campaign).member("text", each.text).end_object();
    }
    w.end_array().end_object();
  }
  w.end_array();
}

void write_campaign(Writer& w, const CampaignSummary& c) {
  w.begin_object().member("name", c.name);
  write_people(w, c);
  write_stages(w, c);
  write_sends(w, "messages", c.messages);
  write_sends(w, "sends", c.sends);
  write_rules(w, c.rules);
  write_sales(w, c.sales);
  write_work(w, c);
  write_goals(w, c);
  write_splits(w, c);
  w.end_object();
}

}  // namespace

std::string to_json(const Summary& summary) {
  Writer w(Writer::Layout::Indented);
  w.begin_object();
  write_run(w, summary.facts);
  write_totals(w, summary);
  write_properties(w, summary.properties);
  write_throttles(w, summary);
  write_weeks(w, summary);
  w.key("campaigns").begin_array();
  for (const CampaignSummary& campaign : summary.campaigns) write_campaign(w, campaign);
  w.end_array().end_object();
  return std::move(w).take() + "\n";
}

}  // namespace nurture::outcome
