#include <algorithm>
#include <functional>
#include <map>

#include "compiler/practice/lints.h"
#include "compiler/sema/walk.h"

// What spoils a comparison, and what spoils the CRM. Practice, rule 25.

namespace nurture::practice {

namespace {

using sema::Campaign;

// W1306 ---------------------------------------------------------------------------------------------------------------

/// Where a content goes out to leads who may have been held out elsewhere.
struct Treatment {
  const Campaign* campaign = nullptr;
  const ast::Send* send = nullptr;
};

bool is_marketing(const sema::Model& model, std::uint32_t content) {
  return model.contents[content].message_class == sema::Content::Class::Marketing;
}

/// By content: the campaigns without a holdout that send it.
std::multimap<std::uint32_t, Treatment> treatments(const Review& review) {
  std::multimap<std::uint32_t, Treatment> out;
  for (std::size_t i = 0; i < review.model.campaigns.size(); ++i) {
    const Campaign& campaign = review.model.campaigns[i];
    if (campaign.holdout) continue;
    for (const Sent& sent : review.facts.campaigns[i].sends) {
      for (std::uint32_t content : sent.contents) {
        if (is_marketing(review.model, content)) out.insert({content, {&campaign, sent.statement}});
      }
    }
  }
  return out;
}

using Said = std::map<const ast::Send*, bool>;

void look_for_leaks(const Review& review, std::size_t index, const std::multimap<std::uint32_t, Treatment>& elsewhere,
                    Said& said) {
  const Campaign& held = review.model.campaigns[index];
  for (const Sent& sent : review.facts.campaigns[index].sends) {
    for (std::uint32_t content : sent.contents) {
      auto [first, last] = elsewhere.equal_range(content);
      for (auto each = first; each != last; ++each) {
        if (!said.emplace(each->second.send, true).second) continue;
        auto about = sema::about(review.diagnostics, *each->second.campaign);
        Diagnostic& found = review.diagnostics.report(DiagnosticId::HoldoutTreated, each->second.send->span, held.name,
                                                      each->second.campaign->name);
        found.labels.push_back({held.holdout->span, "held out here"});
        found.labels.push_back({sent.statement->span, fmt::format("\"{}\" is part of what they are compared with",
                                                                  review.model.contents[content].name)});
        found.hint =
            "Send something else here, let this campaign have the holdout as well, or hold leads out of all marketing "
            "in "
            "a policy.";
      }
    }
  }
}

// W1307 ---------------------------------------------------------------------------------------------------------------

bool is_owner(const ast::Path& path) {
  return path.parts.size() == 2 && path.parts[1].text == "owner" &&
         (path.parts[0].text == "lead" || path.parts[0].text == "account");
}

/// Whether sales is in this programme at all: leads are handed off, or an event tells who has one.
bool sales_sets_owner(const Review& review) {
  const auto tells = [](const sema::EventKind& kind) {
    return kind.actor == sema::EventKind::Actor::Us &&
           std::any_of(kind.properties.begin(), kind.properties.end(),
                       [](const sema::Field& field) { return field.name == "owner"; });
  };
  const auto& kinds = review.model.kinds;
  const auto& all = review.facts.campaigns;
  return std::any_of(kinds.begin(), kinds.end(), tells) ||
         std::any_of(all.begin(), all.end(), [](const Doings& doings) { return !doings.hand_offs.empty(); });
}

/// `lead.owner is unknown` is asked for.
bool asks_whether_unowned(const Review& review, const ast::Expr* condition, const ast::Path& owner) {
  bool found = false;
  if (!condition) return false;
  for_each_part(review.model, *condition, [&](const ast::Expr& part, bool negated) {
    const auto* test = ast::try_as<ast::KnownTest>(&part);
    const auto* name = test ? ast::try_as<ast::NameRef>(test->value) : nullptr;
    if (name && test->unknown != negated && name->path.text() == owner.text()) found = true;
  });
  return found;
}

class Owners {
 public:
  Owners(const Review& review, const Campaign& campaign) : review_(review), campaign_(campaign) {}

  void look() {
    for (const Listener& each : review_.facts.campaigns[index()].listeners) {
      if (each.where == Listener::Where::Handler) continue;  // with its wait
      inside(each.trigger->condition, each.trigger->body);
    }
    for (const sema::Stage& stage : campaign_.stages) block(stage.clause->body);
    if (campaign_.on_exit) block(campaign_.on_exit->body);
  }

 private:
  std::size_t index() const { return static_cast<std::size_t>(&campaign_ - review_.model.campaigns.data()); }

  void block(const ast::Block& body) {
    for (const ast::Stmt* statement : body.statements) {
      if (const auto* set = ast::try_as<ast::SetStmt>(statement)) look_at(*set);
      if (const auto* branch = ast::try_as<ast::If>(statement)) {
        for (const ast::IfArm& arm : branch->arms) inside(arm.condition, arm.body);
        if (branch->otherwise) block(*branch->otherwise);
        continue;
      }
      sema::for_each_block(*statement, [&](const ast::Block& inner, bool) { block(inner); });
    }
  }

  void inside(const ast::Expr* condition, const ast::Block& body) {
    asked_.push_back(condition);
    block(body);
    asked_.pop_back();
  }

  void look_at(const ast::SetStmt& set) {
    if (!is_owner(set.target)) return;
    const auto unowned = [&](const ast::Expr* condition) {
      return asks_whether_unowned(review_, condition, set.target);
    };
    if (std::any_of(asked_.begin(), asked_.end(), unowned)) return;
    for (const ast::Clause* clause : campaign_.audience) {
      if (unowned(clause->condition)) return;
    }
    const auto enters_unowned = [&](const ast::Clause* entry) {
      return unowned(entry->condition) || unowned(entry->condition2);
    };
    if (!campaign_.entries.empty() && std::all_of(campaign_.entries.begin(), campaign_.entries.end(), enters_unowned))
      return;
    const std::string owner = set.target.text();
    review_.diagnostics.report(DiagnosticId::SetsOwner, set.span).hint = fmt::format(
        "Set it only where there is none: `if {} is unknown {{ … }}`; or keep your own in an attribute of its "
        "own: `set lead.nurtured_by to …`.",
        owner);
  }

  const Review& review_;
  const Campaign& campaign_;
  std::vector<const ast::Expr*> asked_;
};

}  // namespace

/// Practice, rule 25: who is held out to compare with gets nothing of it elsewhere.
void holdout_treated(const Review& review) {
  const auto is_held = [](const Campaign& campaign) { return campaign.holdout != nullptr; };
  if (std::none_of(review.model.campaigns.begin(), review.model.campaigns.end(), is_held)) return;
  const auto elsewhere = treatments(review);
  Said said;
  for (std::size_t i = 0; i < review.model.campaigns.size(); ++i) {
    if (is_held(review.model.campaigns[i])) look_for_leaks(review, i, elsewhere, said);
  }
}

/// Practice, rule 25: whose lead it is, sales says.
void sets_owner(const Review& review) {
  if (!sales_sets_owner(review)) return;
  for (const Campaign& campaign : review.model.campaigns) {
    auto about = sema::about(review.diagnostics, campaign);
    Owners(review, campaign).look();
  }
}

}  // namespace nurture::practice
