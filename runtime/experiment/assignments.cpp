#include "runtime/experiment/assignments.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/calendar/calendar.h"
#include "runtime/engine/engine.h"
#include "runtime/outcome/names.h"

namespace nurture::experiment {

using outcome::Kinds;
using outcome::Outcome;
using RecordKind = outcome::Kind;

namespace {

constexpr double kWhole = 10'000;  // shares of a module are in 0.01 %

Experiment of_holdout(const bytecode::Module& module, const bytecode::Campaign& campaign) {
  Experiment out;
  out.kind = Kind::Holdout;
  out.name = "holdout";
  out.where = outcome::place_text(module, campaign.place);
  out.arms = {{"held out", campaign.holdout / kWhole, 0}, {"treated", 1 - campaign.holdout / kWhole, 0}};
  return out;
}

Experiment of_policy(const bytecode::Module& module, const bytecode::Rule& rule) {
  Experiment out;
  out.kind = Kind::PolicyHoldout;
  out.name = outcome::name_of(module, rule.owner);
  out.where = outcome::place_text(module, rule.place);
  out.arms = {{"held out", rule.share / kWhole, 0}, {"written to", 1 - rule.share / kWhole, 0}};
  return out;
}

Experiment of_split(const bytecode::Module& module, const bytecode::SplitSite& site) {
  Experiment out;
  out.kind = Kind::Split;
  out.name = outcome::name_of(module, site.name);
  out.where = outcome::place_text(module, site.place);
  out.by_account = site.by_account;
  for (const bytecode::SplitBranch& branch : site.branches)
    out.arms.push_back({std::string(outcome::name_of(module, branch.name)), branch.share / kWhole, 0});
  return out;
}

void tally(Proportion& into, Proportion more) {
  into.of += more.of;
  into.reached += more.reached;
}

void tally(std::vector<Proportion>& into, const std::vector<Proportion>& more) {
  into.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) tally(into[i], more[i]);
}

/// Arms of no share are never drawn, and nothing is compared with one of all.
bool drawn(std::uint16_t share) { return share > 0 && share < 10'000; }

}  // namespace

AssignmentSink::AssignmentSink(const bytecode::Module& module, const store::Store& store, Instant horizon)
    : module_(module), store_(store), horizon_(horizon), of_campaign_(module.campaigns.size()) {
  for (std::uint16_t c = 0; c < module.campaigns.size(); ++c) add_experiments(c);
}

void AssignmentSink::add_experiments(std::uint16_t index) {
  const bytecode::Campaign& campaign = module_.campaigns[index];
  if (drawn(campaign.holdout)) add(index, 0, of_holdout(module_, campaign));
  for (std::uint16_t rule = 0; rule < module_.rules.size(); ++rule) {
    const bytecode::Rule& row = module_.rules[rule];
    const bool applies =
        row.everywhere || std::find(campaign.rules.begin(), campaign.rules.end(), rule) != campaign.rules.end();
    if (row.kind == bytecode::RuleKind::Holdout && applies && drawn(row.share) && !campaign.for_account)
      add(index, rule, of_policy(module_, row));
  }
  for (std::uint16_t split = 0; split < campaign.splits.size(); ++split) {
    Experiment experiment = of_split(module_, campaign.splits[split]);
    if (std::all_of(experiment.arms.begin(), experiment.arms.end(), [](const Arm& arm) { return arm.share > 0; }))
      add(index, split, std::move(experiment));
  }
}

void AssignmentSink::add(std::uint16_t index, std::uint16_t what, Experiment experiment) {
  const bytecode::Campaign& campaign = module_.campaigns[index];
  experiment.campaign = outcome::name_of(module_, campaign.name);
  experiment.accounts = campaign.for_account;
  experiment.by_account &= !campaign.for_account;
  Draw draw{index, what, {}};
  for (std::uint16_t g = 0; g < campaign.goals.size(); ++g) {
    std::string name(outcome::name_of(module_, campaign.goals[g].name));
    if (campaign.goals[g].of_send) {
      experiment.left_out.push_back(std::move(name));
      continue;
    }
    draw.goals.push_back(g);
    experiment.goals.push_back({std::move(name), std::vector<Reached>(experiment.arms.size())});
  }
  of_campaign_[index].push_back(experiments_.size());
  experiments_.push_back(std::move(experiment));
  accounts_.emplace_back();
  draws_.push_back(std::move(draw));
}

Kinds AssignmentSink::wants() const {
  if (experiments_.empty()) return 0;
  return outcome::kinds({RecordKind::Entered, RecordKind::HeldOut, RecordKind::Split, RecordKind::GoalCredited,
                         RecordKind::MergedInto, RecordKind::MovedHere});
}

void AssignmentSink::on(const Outcome& o) {
  ++order_;
  if (o.kind == RecordKind::MergedInto) {
    merged_ = true;
  } else if (o.campaign == bytecode::kNone || of_campaign_[o.campaign].empty()) {
    return;
  } else if (o.kind == RecordKind::Entered || o.kind == RecordKind::HeldOut) {
    members_.push_back(
        {o.lead, o.campaign, o.membership, o.kind == RecordKind::HeldOut, o.lead, o.at, outcome::zone_of(module_, o)});
  } else if (o.kind == RecordKind::Split) {
    const std::uint32_t account = o.value.known ? static_cast<std::uint32_t>(o.value.bits) : store::kNoAccount;
    passes_.push_back(
        {member_of(o), static_cast<std::uint16_t>(o.a), static_cast<std::uint16_t>(o.b), account, order_});
  } else if (o.kind == RecordKind::GoalCredited) {
    credits_.push_back({member_of(o), static_cast<std::uint16_t>(o.a), o.at, order_});
  } else if (o.kind == RecordKind::MovedHere) {
    moved(o);
  }
}

std::size_t AssignmentSink::member_of(const Outcome& o) const {
  auto found = std::find_if(members_.rbegin(), members_.rend(), [&](const Member& m) {
    return m.lead == o.lead && m.campaign == o.campaign && m.number == o.membership;
  });
  NURTURE_CHECK(found != members_.rend());
  return static_cast<std::size_t>(members_.rend() - found) - 1;
}

/// A membership of another lead that became this one (§7.4).
void AssignmentSink::moved(const Outcome& o) {
  for (Member& member : members_) {
    if (member.lead != static_cast<store::LeadIndex>(o.a) || member.campaign != o.campaign ||
        member.number != static_cast<std::uint32_t>(o.b))
      continue;
    member.lead = o.lead;
    member.number = o.membership;
  }
}

void AssignmentSink::lead_done(store::LeadIndex) {
  if (merged_) {
    merged_ = false;
    return;
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    bool first = true;
    for (std::size_t before = 0; before < i; ++before) first = first && !same_unit(before, i);
    if (first) count(i);
  }
  members_.clear();
  passes_.clear();
  credits_.clear();
  order_ = 0;
}

bool AssignmentSink::same_unit(std::size_t a, std::size_t b) const {
  return members_[a].campaign == members_[b].campaign && members_[a].unit == members_[b].unit;
}

bool AssignmentSink::drawn_out(const Draw& draw, const Member& member) const {
  const bytecode::Rule& rule = module_.rules[draw.index];
  return engine::draw(module_.seed, module_.strings[rule.owner], "holdout", store_.texts.at(store_.leads[member.unit]),
                      std::nullopt) < rule.share;
}

void AssignmentSink::count(std::size_t first) {
  const Member& member = members_[first];
  for (std::size_t index : of_campaign_[member.campaign]) {
    switch (experiments_[index].kind) {
      case Kind::Holdout:
        count_in(index, first, member.held_out ? 0 : 1, 0);
        break;
      case Kind::PolicyHoldout:
        if (!member.held_out) count_in(index, first, drawn_out(draws_[index], member) ? 0 : 1, 0);
        break;
      case Kind::Split:
        count_split(index, first);
        break;
      case Kind::Recorded:
        break;
    }
  }
}

void AssignmentSink::count_split(std::size_t experiment, std::size_t first) {
  auto pass = std::find_if(passes_.begin(), passes_.end(), [&](const Pass& each) {
    return each.split == draws_[experiment].index && same_unit(each.member, first);
  });
  if (pass != passes_.end()) count_in(experiment, pass->member, pass->branch, pass->order, pass->account);
}

Instant AssignmentSink::end_of(const Member& member, const bytecode::Goal& goal) const {
  if (goal.within == bytecode::kNone) return horizon_;
  return calendar::add(member.at, module_.constants[goal.within].value.duration(), member.zone).value_or(kNever);
}

void AssignmentSink::count_in(std::size_t index, std::size_t member, std::size_t arm, std::uint32_t since,
                              std::uint32_t account) {
  Experiment& experiment = experiments_[index];
  ++experiment.arms[arm].assigned;
  grounds_.assign(experiment.goals.size(), {});
  for (std::size_t g = 0; g < experiment.goals.size(); ++g) {
    const std::uint16_t number = draws_[index].goals[g];
    const bytecode::Goal& goal = module_.campaigns[members_[member].campaign].goals[number];
    const Instant end = end_of(members_[member], goal);
    auto credit = std::find_if(credits_.begin(), credits_.end(), [&](const Credit& each) {
      return each.goal == number && each.member >= member && each.at <= end && same_unit(each.member, member);
    });
    const bool reached = credit != credits_.end();
    if (reached && credit->order < since) continue;
    Reached& counts = experiment.goals[g].arms[arm];
    const bool over = end <= horizon_;
    grounds_[g] = {over && reached ? Count{1} : Count{0}, over ? Count{1} : Count{0}};
    tally(counts.ground, grounds_[g]);
    counts.open += !reached && (!over || goal.within == bytecode::kNone) ? 1 : 0;
  }
  if (experiment.by_account) count_group(index, arm, account);
}

/// Colleagues are in other ranges, too: their account is added up when all are there.
void AssignmentSink::count_group(std::size_t index, std::size_t arm, std::uint32_t account) {
  if (account != store::kNoAccount) {
    tally(accounts_[index][std::uint64_t{account} << 16 | arm], grounds_);
    return;
  }
  Experiment& experiment = experiments_[index];
  ++experiment.arms[arm].accounts;
  for (std::size_t g = 0; g < grounds_.size(); ++g) experiment.goals[g].arms[arm].accounts.add(grounds_[g]);
}

std::vector<Experiment> AssignmentSink::experiments() const {
  std::vector<Experiment> out = experiments_;
  for (std::size_t e = 0; e < out.size(); ++e) {
    for (const auto& [key, group] : accounts_[e]) {
      const std::size_t arm = key & 0xffff;
      ++out[e].arms[arm].accounts;
      for (std::size_t g = 0; g < group.size(); ++g) out[e].goals[g].arms[arm].accounts.add(group[g]);
    }
  }
  return out;
}

void AssignmentSink::merge(const AssignmentSink& other) {
  for (std::size_t e = 0; e < experiments_.size(); ++e) {
    Experiment& into = experiments_[e];
    const Experiment& from = other.experiments_[e];
    for (std::size_t arm = 0; arm < into.arms.size(); ++arm) {
      into.arms[arm].assigned += from.arms[arm].assigned;
      into.arms[arm].accounts += from.arms[arm].accounts;
      for (std::size_t g = 0; g < into.goals.size(); ++g) {
        Reached& counts = into.goals[g].arms[arm];
        tally(counts.ground, from.goals[g].arms[arm].ground);
        counts.open += from.goals[g].arms[arm].open;
        counts.accounts.add(from.goals[g].arms[arm].accounts);
      }
    }
    for (const auto& [key, group] : other.accounts_[e]) tally(accounts_[e][key], group);
  }
}

}  // namespace nurture::experiment
