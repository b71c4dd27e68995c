#include <fmt/format.h>

#include "runtime/base/check.h"
#include "runtime/outcome/compare.h"
#include "runtime/outcome/names.h"

namespace nurture::outcome {

namespace {

std::uint32_t at(const std::vector<std::uint32_t>& table, std::int64_t index) {
  NURTURE_CHECK(index >= 0 && static_cast<std::size_t>(index) < table.size());
  return table[static_cast<std::size_t>(index)];
}

/// Kind and what it is about under one number.
std::int64_t target_key(Kind kind, std::int64_t what) { return static_cast<std::int64_t>(kind) << 32 | what; }

}  // namespace

std::uint32_t SharedNames::id(std::string_view name) {
  const auto [found, fresh] = ids_.emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (fresh) names_.emplace_back(name);
  return found->second;
}

Translation::Translation(const bytecode::Module& module, SharedNames& names, const Renamed& renamed)
    : treated_(names.id("treated")),
      held_out_(names.id("held out")),
      nothing_(names.id("")),
      sales_(names.id("sales")),
      taken_back_(names.id("take back")) {
  const auto id = [&](bytecode::StringIndex index) { return names.id(name_of(module, index)); };
  for (const bytecode::Content& each : module.contents) contents_.push_back(id(each.name));
  for (const bytecode::Field& each : module.schema.lead)
    attributes_.push_back(names.id(fmt::format("set lead.{}", name_of(module, each.name))));
  for (const bytecode::Score& each : module.scores)
    scores_.push_back(names.id(fmt::format("score.{}", name_of(module, each.name))));
  for (const bytecode::Campaign& each : module.campaigns) {
    Campaign campaign;
    const std::string name(name_of(module, each.name));
    const auto now = [&](const std::string& key, std::string_view otherwise) {
      const auto found = renamed.find(key);
      return names.id(found == renamed.end() ? otherwise : found->second);
    };
    campaign.name = now(name, name);
    for (const bytecode::Stage& stage : each.stages) {
      const std::string_view own = name_of(module, stage.name);
      campaign.stages.push_back(now(fmt::format("{}/{}", name, own), own));
    }
    for (bytecode::StringIndex reason : each.reasons) campaign.reasons.push_back(id(reason));
    for (const bytecode::Goal& goal : each.goals) campaign.goals.push_back(id(goal.name));
    for (const bytecode::AssignSite& site : each.assigns) {
      const std::string_view as = name_of(module, site.name);
      campaign.assigns.push_back(
          names.id(as.empty() ? std::string(work_word(site.kind)) : fmt::format("{} {}", work_word(site.kind), as)));
    }
    campaign.notifies.assign(each.notifies.size(), names.id("notify"));
    for (const bytecode::SplitSite& split : each.splits) {
      campaign.splits.push_back(id(split.name));
      campaign.branches.emplace_back();
      for (const auto& branch : split.branches) campaign.branches.back().push_back(id(branch.name));
    }
    campaigns_.push_back(std::move(campaign));
  }
  // What audiences and addresses are called is anywhere among the texts.
  for (std::size_t i = 0; i < module.strings.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    for (Kind kind : {Kind::AudienceJoined, Kind::AudienceLeft, Kind::WebhookCalled})
      targets_[target_key(kind, index)] =
          names.id(fmt::format("{} {}", action_word(kind), action_target(module, kind, index)));
  }
  for (std::size_t i = 0; i < module.campaigns.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    for (Kind kind : {Kind::AskedToEnroll, Kind::AskedToRemove})
      targets_[target_key(kind, index)] =
          names.id(fmt::format("{} {}", action_word(kind), names.name(campaigns_[i].name)));
  }
}

bool Translation::translate(const Outcome& o, Decision& d) const {
  if (o.campaign == bytecode::kNone) return false;
  NURTURE_CHECK(o.campaign < campaigns_.size());
  const Campaign& campaign = campaigns_[o.campaign];
  d = {
      .at = o.at, .member = 0, .campaign = campaign.name, .what = nothing_, .detail = 0, .place = o.place, .facet = {}};
  switch (o.kind) {
    case Kind::Entered:
    case Kind::HeldOut:
      d.facet = Facet::Entries;
      d.detail = o.kind == Kind::Entered ? treated_ : held_out_;
      return true;
    case Kind::Sent:
      d.facet = Facet::Messages;
      d.what = at(contents_, o.a);
      return true;
    case Kind::HandedOff:
      d.facet = Facet::HandOffs;
      d.what = sales_;
      return true;
    case Kind::Assigned:
      d.facet = Facet::Work;
      d.what = at(campaign.assigns, o.a);
      return true;
    case Kind::Notified:
      d.facet = Facet::Work;
      d.what = at(campaign.notifies, o.a);
      return true;
    case Kind::GoalCredited:
      d.facet = Facet::Goals;
      d.what = at(campaign.goals, o.a);
      return true;
    case Kind::Exited:
      d.facet = Facet::Exits;
      d.detail = at(campaign.reasons, o.a);
      return true;
    case Kind::Split:
      d.facet = Facet::Branches;
      d.what = at(campaign.splits, o.a);
      d.detail = at(campaign.branches[static_cast<std::size_t>(o.a)], o.b);
      return true;
    case Kind::InFlight:
      d.facet = Facet::AtTheEnd;
      d.detail = o.stage == bytecode::kNone ? held_out_ : at(campaign.stages, o.stage);
      return true;
    case Kind::TakenBack:
      d.facet = Facet::Deeds;
      d.what = taken_back_;
      return true;
    case Kind::LeadSet:
      d.facet = Facet::Deeds;
      d.what = at(attributes_, o.a);
      return true;
    case Kind::ScoreChanged:
      d.facet = Facet::Deeds;
      d.what = at(scores_, o.a);
      return true;
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      d.facet = Facet::Deeds;
      d.what = targets_.at(target_key(o.kind, o.a));
      return true;
    case Kind::Began:
    case Kind::Refused:
    case Kind::StageEntered:
    case Kind::StageLeft:
    case Kind::TriggerFired:
    case Kind::WaitBegan:
    case Kind::WaitEnded:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::Cancelled:
    case Kind::Pending:
    case Kind::AlreadyWithSales:
    case Kind::HoldBegan:
    case Kind::HoldEnded:
    case Kind::Answered:
    case Kind::PromiseMissed:
    case Kind::NotAssigned:
    case Kind::Remembered:
    case Kind::HistoryCut:
    case Kind::GoalCensored:
    case Kind::PropertyViolated:
    case Kind::PropertyOpen:
    case Kind::OrphanReaction:
    case Kind::SentToLeads:
    case Kind::MergedInto:
    case Kind::Merged:
    case Kind::MovedHere:
    case Kind::Reacted:
      return false;
  }
  return false;
}

void DecisionSink::on(const Outcome& outcome) {
  Decision decision;
  if (!translation_.translate(outcome, decision)) return;
  decision.member = members_[outcome.lead];
  decisions_.push_back(decision);
}

}  // namespace nurture::outcome
