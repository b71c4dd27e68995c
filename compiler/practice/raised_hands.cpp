#include <algorithm>

#include "compiler/practice/lints.h"
#include "compiler/practice/readiness.h"

// Who hears a raised hand, and where. Practice, rules 2 and 22; §5.6.

namespace nurture::practice {

namespace {

using sema::Campaign;

bool entered_by(const Facts& facts, const Campaign& campaign, const Kinds& kinds) {
  return std::any_of(campaign.entries.begin(), campaign.entries.end(),
                     [&](const ast::Clause* entry) { return facts.any(entry->event, kinds); });
}

bool listens(const Facts& facts, const Doings& doings, const Kinds& kinds) {
  return std::any_of(doings.listeners.begin(), doings.listeners.end(), [&](const Listener& each) {
    return facts.any(each.trigger->event, kinds) ||
           (each.trigger->condition && facts.waits_for(*each.trigger->condition, kinds));
  });
}

bool goal_ends_it(const Facts& facts, const Campaign& campaign, const Kinds& kinds) {
  return std::any_of(campaign.goals.begin(), campaign.goals.end(), [&](const sema::Goal& goal) {
    return goal.clause->reason && facts.any(goal.clause->event, kinds);
  });
}

/// Somewhere a raised hand takes leads out of this campaign.
bool removed_elsewhere(const Review& review, const Campaign& campaign) {
  if (!campaign.removed) return false;
  for (std::size_t i = 0; i < review.model.campaigns.size(); ++i) {
    const Campaign& other = review.model.campaigns[i];
    if (&other == &campaign) continue;
    if (entered_by(review.facts, other, review.facts.raised_hand) ||
        listens(review.facts, review.facts.campaigns[i], review.facts.raised_hand))
      return true;
  }
  return false;
}

/// Whether it offers a talk with sales, as far as its name tells: customers are offered other things.
bool offers_sales(const ast::ContentDecl& decl) {
  const auto names = [&](std::string_view word) { return decl.offers.text.find(word) != std::string::npos; };
  return names("sales") || names("demo") || names("meeting") || names("trial");
}

/// Whether it nurtures somebody towards talking to sales: its messages serve a stage of buying, or offer a talk.
bool nurtures(const sema::Model& model, const Doings& doings) {
  for (const Sent& sent : doings.sends) {
    for (std::uint32_t content : sent.contents) {
      const ast::ContentDecl& decl = *model.contents[content].decl;
      if (sent.marketing && (decl.for_stage || offers_sales(decl))) return true;
    }
  }
  return false;
}

/// The first place of the campaign that listens to this kind, or none.
const ast::EventRef* where_heard(const Review& review, std::uint32_t campaign, std::uint32_t kind) {
  for (const Listener& each : review.facts.campaigns[campaign].listeners) {
    const auto& kinds = review.facts.kinds(each.trigger->event);
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return &each.trigger->event;
  }
  return nullptr;
}

bool has_entry(const Review& review, const Campaign& campaign, std::uint32_t kind) {
  Kinds only(review.model.kinds.size());
  only[kind] = true;
  return entered_by(review.facts, campaign, only);
}

/// What the campaigns of a programme do about one kind of raised hand.
struct Hearing {
  std::size_t listeners = 0;               ///< campaigns in which a member is heard
  bool entered = false;                    ///< by a campaign without a holdout
  const Campaign* with_holdout = nullptr;  ///< the first that hears it but for those it holds out
  const Campaign* first = nullptr;
  const ast::EventRef* place = nullptr;       ///< in the first
  const ast::EventRef* thrown_out = nullptr;  ///< an exit that leaves it at that
  const Campaign* thrown_out_of = nullptr;
};

void hear_exits(const Review& review, const Campaign& campaign, const Doings& doings, std::uint32_t kind,
                Hearing& out) {
  if (out.thrown_out || campaign.on_exit) return;
  for (const Listener& each : doings.listeners) {
    const auto& kinds = review.facts.kinds(each.trigger->event);
    if (each.where != Listener::Where::Exit || std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    out.thrown_out = &each.trigger->event;
    out.thrown_out_of = &campaign;
    return;
  }
}

Hearing hearing(const Review& review, std::uint32_t kind) {
  Hearing out;
  for (std::uint32_t i = 0; i < review.model.campaigns.size(); ++i) {
    const Campaign& campaign = review.model.campaigns[i];
    const ast::EventRef* place = where_heard(review, i, kind);
    const bool entered = has_entry(review, campaign, kind);
    if (entered && !campaign.holdout) out.entered = true;
    if ((place || entered) && campaign.holdout && !out.with_holdout) out.with_holdout = &campaign;
    if (!place) continue;
    ++out.listeners;
    if (!out.first) {
      out.first = &campaign;
      out.place = place;
    }
    hear_exits(review, campaign, review.facts.campaigns[i], kind, out);
  }
  return out;
}

std::string catch_all(const Facts& facts) {
  return fmt::format(
      "Let a campaign be entered by it, without a holdout and whoever asks: `enter on {}`, and hand off there.",
      facts.raising_a_hand);
}

void report_uncaught(const Review& review, std::uint32_t kind, const Hearing& heard) {
  const bool lost = heard.thrown_out != nullptr;
  const ast::EventRef& place = lost ? *heard.thrown_out : *heard.place;
  auto about = sema::about(review.diagnostics, lost ? *heard.thrown_out_of : *heard.first);
  Diagnostic& said =
      review.diagnostics.report(DiagnosticId::RequestUncaught, place.span, review.model.kinds[kind].name);
  said.hint = catch_all(review.facts);
}

void report_held_out(const Review& review, const Hearing& heard) {
  const Campaign& campaign = *heard.with_holdout;
  auto about = sema::about(review.diagnostics, campaign);
  Diagnostic& said = review.diagnostics.report(DiagnosticId::HoldoutUnanswered, campaign.holdout->span, campaign.name);
  if (heard.first == &campaign) said.labels.push_back({heard.place->span, "heard only from those it treats"});
  said.hint = catch_all(review.facts);
}

/// What an entry by a raised hand asks of the lead beside it.
const ast::Expr* guard_of(const Campaign& campaign, const ast::Clause& entry) {
  if (entry.condition) return entry.condition;
  if (entry.event.where) return entry.event.where;
  return campaign.audience.empty() ? nullptr : campaign.audience.front()->condition;
}

void report_turned_away(const Review& review, const Campaign& campaign) {
  for (const ast::Clause* entry : campaign.entries) {
    if (!review.facts.all(entry->event, review.facts.raised_hand)) continue;
    const ast::Expr* guard = guard_of(campaign, *entry);
    if (!guard) continue;
    auto about = sema::about(review.diagnostics, campaign);
    Diagnostic& said = review.diagnostics.report(DiagnosticId::TurnedAway, guard->span, campaign.name);
    said.labels.push_back({entry->span, "although they raise a hand"});
    said.hint =
        "Let another campaign be entered by it for the rest, if only to tell somebody; whom nobody should answer "
        "belongs "
        "into an `exclude`.";
    return;
  }
}

}  // namespace

/// Practice, rule 2: whoever is ready to buy is heard in the middle of any campaign.
void raised_hand_unheard(const Review& review) {
  const Facts& facts = review.facts;
  if (!facts.any_raised_hand) return;
  for (std::size_t i = 0; i < review.model.campaigns.size(); ++i) {
    const Campaign& campaign = review.model.campaigns[i];
    const Doings& doings = facts.campaigns[i];
    if (!doings.sends_marketing || !nurtures(review.model, doings)) continue;
    if (listens(facts, doings, facts.raised_hand) || entered_by(facts, campaign, facts.raised_hand) ||
        goal_ends_it(facts, campaign, facts.raised_hand) || removed_elsewhere(review, campaign))
      continue;
    auto about = sema::about(review.diagnostics, campaign);
    review.diagnostics.report(DiagnosticId::NoRaisedHand, campaign.decl->name.span, campaign.name).hint = fmt::format(
        "Let whoever asks to talk leave it at once: `on {} {{ go to … }}`, or `exit on {} as raised_hand` where "
        "another campaign hands off.",
        facts.raising_a_hand, facts.raising_a_hand);
  }
}

/// Practice, rule 22, and §5.6: no raised hand falls between campaigns. One finding for each way to be lost, however
/// many kinds of raised hand there are.
void raised_hand_lost(const Review& review) {
  bool uncaught = false, held_out = false;
  for (std::uint32_t kind = 0; kind < review.model.kinds.size(); ++kind) {
    if (!review.facts.raised_hand[kind]) continue;
    const Hearing heard = hearing(review, kind);
    if (heard.entered) continue;
    if (heard.with_holdout) {
      if (!held_out) report_held_out(review, heard);
      held_out = true;
    } else if (heard.place && !uncaught && (heard.thrown_out || heard.listeners > 1)) {
      report_uncaught(review, kind, heard);
      uncaught = true;
    }
  }
}

/// Practice, rule 22: whom one campaign turns away another takes.
void turned_away(const Review& review) {
  const Campaign* only = nullptr;
  for (const Campaign& campaign : review.model.campaigns) {
    if (!entered_by(review.facts, campaign, review.facts.raised_hand)) continue;
    if (only) return;
    only = &campaign;
  }
  if (only) report_turned_away(review, *only);
}

}  // namespace nurture::practice
