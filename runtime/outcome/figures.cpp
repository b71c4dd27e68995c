#include "runtime/outcome/figures.h"

#include <cmath>
#include <fmt/format.h>
#include <map>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::outcome {
namespace {

class Lister {
 public:
  explicit Lister(const Summary& summary) : summary_(summary) {}

  std::vector<Figure> list() {
    whole();
    for (const CampaignSummary& campaign : summary_.campaigns) of_campaign(campaign);
    return std::move(out_);
  }

 private:
  void add(std::string_view group, std::string name, Unit unit, double value, bool known = true) {
    // Of those that are written alike in one campaign, the later ones have a number.
    const std::size_t nth = ++seen_[fmt::format("{}/{}/{}", campaign_, group, name)];
    if (nth > 1) name += fmt::format(" ({})", nth);
    out_.push_back({campaign_, std::string(group), std::move(name), unit, value, known});
  }
  void count(std::string_view group, std::string name, Count n) {
    add(group, std::move(name), Unit::Number, static_cast<double>(n));
  }
  void share(std::string_view group, std::string name, Count part, Count whole) {
    add(group, std::move(name), Unit::Share, whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole),
        whole != 0);
  }
  void median(std::string_view group, std::string name, const Spread& spread) {
    add(group, std::move(name), Unit::Duration, static_cast<double>(spread.median), spread.count != 0);
  }

  void whole();
  void of_campaign(const CampaignSummary& c);
  void people(const CampaignSummary& c);
  void messages(const CampaignSummary& c);
  void waits(const CampaignSummary& c);
  void sales(const CampaignSummary& c);
  void goal(std::string_view group, const std::string& name, const GoalSummary& goal, const GoalCounts& counts);
  void splits(const CampaignSummary& c);

  const Summary& summary_;
  std::string campaign_;
  std::map<std::string, std::size_t> seen_;
  std::vector<Figure> out_;
};

void Lister::whole() {
  count("leads", "leads that entered a campaign", summary_.leads_entered);
  count("leads", "leads that got a message", summary_.leads_sent);
  count("leads", "most messages to one lead in one week", summary_.busiest_sends);
  if (summary_.facts.accounts > 0) count("leads", "accounts that entered a campaign", summary_.accounts_entered);
  for (const Named& each : summary_.reactions) count("assumed events", each.name, each.count);
  const Count holds = summary_.holds_by_hand_off + summary_.holds_by_event + summary_.holds_by_account;
  count("sales", "periods with sales", holds);
  count("sales", "leads with sales at the end", summary_.with_sales_at_end);
  for (const PropertySummary& property : summary_.properties) {
    count("properties", property.name + " violated", property.violations);
  }
}

void Lister::of_campaign(const CampaignSummary& c) {
  campaign_ = c.name;
  people(c);
  messages(c);
  waits(c);
  sales(c);
  for (const WorkSummary& work : c.work) count("work", work.kind + " " + work.name, work.count);
  for (const Named& each : c.sets) count("work", "set " + each.name, each.count);
  for (const GoalSummary& each : c.goals) {
    goal("goals", each.name, each, each.treated);
    if (c.held_out > 0) goal("goals", each.name + ", held out", each, each.held_out);
  }
  splits(c);
}

void Lister::people(const CampaignSummary& c) {
  count("people", "entered", c.entered);
  count("people", "held out", c.held_out);
  count("people", "turned away", c.turned_away);
  count("people", "in it at the end", c.active);
  count("people", "left", c.exited);
  for (const ExitSummary& exit : c.exits) count("people", "left as " + exit.reason, exit.count);
  for (const StageSummary& stage : c.stages) {
    count("stages", stage.name + " entered", stage.entered);
    count("stages", stage.name + " at the end", stage.active);
    median("stages", stage.name + " median time", stage.spent);
  }
}

void Lister::messages(const CampaignSummary& c) {
  for (const SendSummary& send : c.messages) {
    count("messages", send.content + " asked", send.asked);
    count("messages", send.content + " sent", send.of(SendEnd::Sent) + send.of(SendEnd::Later));
    count("messages", send.content + " sent later", send.of(SendEnd::Later));
    count("messages", send.content + " suppressed", send.of(SendEnd::Suppressed));
    count("messages", send.content + " not sent otherwise",
          send.of(SendEnd::Skipped) + send.of(SendEnd::Exhausted) + send.of(SendEnd::GaveUp) +
              send.of(SendEnd::Cancelled) + send.of(SendEnd::Pending));
  }
}

void Lister::waits(const CampaignSummary& c) {
  for (const WaitSummary& wait : c.waits) {
    const std::string name = fmt::format("{}: {}", wait.stage, wait.label);
    count("waits", name + " began", wait.began);
    for (const Named& handler : wait.handlers) count("waits", name + " " + handler.name, handler.count);
    count("waits", name + " time ran out", wait.timer);
  }
  for (const Named& each : c.reactions) count("reactions", each.name, each.count);
}

void Lister::sales(const CampaignSummary& c) {
  count("sales", "handed off", c.sales.handed_off);
  count("sales", "already with sales", c.sales.already_with_sales);
  count("sales", "answered", c.sales.answered);
  for (const Named& answer : c.sales.answers) count("sales", "answered by " + answer.name, answer.count);
  median("sales", "median time to the answer", c.sales.response);
  count("sales", "promises missed", c.sales.promises_missed);
}

void Lister::goal(std::string_view group, const std::string& name, const GoalSummary& goal, const GoalCounts& counts) {
  count(group, name + " reached", counts.all_reached());
  share(group, name + " rate", rate_part(goal, counts), rate_of(goal, counts));
  median(group, name + " median time", counts.time);
  if (goal.has_worth) add(group, name + " worth", Unit::Money, static_cast<double>(counts.worth));
}

void Lister::splits(const CampaignSummary& c) {
  for (const SplitSummary& split : c.splits) {
    for (const BranchSummary& branch : split.branches) {
      const std::string name = fmt::format("{} {}", split.name, branch.name);
      count("splits", name + " memberships", branch.memberships);
      for (std::size_t g = 0; g < branch.goals.size(); ++g) {
        goal("splits", fmt::format("{} {}", name, c.goals[g].name), c.goals[g], branch.goals[g]);
      }
    }
  }
}

}  // namespace

std::vector<Figure> figures(const Summary& summary) { return Lister(summary).list(); }

std::string figure_text(double value, Unit unit, bool mean) {
  const std::string sign = value < 0 ? "−" : "";
  const double size = std::abs(value);
  switch (unit) {
    case Unit::Number: {
      const auto tenths = static_cast<std::uint64_t>(std::llround(size * 10));
      if (!mean && tenths % 10 == 0) return sign + count_text(tenths / 10);
      return fmt::format("{}{}.{}", sign, count_text(tenths / 10), tenths % 10);
    }
    case Unit::Share:
      return fmt::format("{}{:.1f} %", sign, size * 100);
    case Unit::Duration:
      return sign + duration_text(std::llround(size));
    case Unit::Money:
      return sign + money_text(std::llround(size));
  }
  return {};
}

std::string_view unit_word(Unit unit) {
  switch (unit) {
    case Unit::Number:
      return "count";
    case Unit::Share:
      return "share";
    case Unit::Duration:
      return "microseconds";
    case Unit::Money:
      return "money";
  }
  return {};
}

}  // namespace nurture::outcome
