#include <algorithm>
#include <array>
#include <map>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

/// The kinds of event by which a lead, or a mailbox, says no to a channel: "email.unsubscribed".
std::vector<std::uint32_t> refusals_of(const Review& review, const std::string& channel) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < review.model.kinds.size(); ++i) {
    if (review.facts.consent[i] && review.model.kinds[i].name.starts_with(channel + ".")) found.push_back(i);
  }
  std::stable_partition(found.begin(), found.end(),
                        [&](std::uint32_t kind) { return !review.model.kinds[kind].name.ends_with(".bounced"); });
  return found;
}

/// A mailbox that is gone says no, not its owner.
bool is_bounce(const Review& review, std::uint32_t kind) { return review.model.kinds[kind].name.ends_with(".bounced"); }

/// Whether the record of a lead keeps in this attribute what the event tells: "email_status", "sms_consent".
bool tells(const std::string& attribute, const std::string& kind, bool bounce) {
  static constexpr std::array<std::string_view, 5> kAllowed{"consent", "unsubscribed", "opt_", "opted", "permission"};
  static constexpr std::array<std::string_view, 2> kReached{"bounce", "valid"};
  auto in = [&](std::string_view word) { return attribute.find(word) != std::string::npos; };
  if (in(kind.substr(0, kind.find('.')) + "_status")) return true;
  return bounce ? std::any_of(kReached.begin(), kReached.end(), in) : std::any_of(kAllowed.begin(), kAllowed.end(), in);
}

/// Whether a condition asks for it, of the record or of the past.
bool asks_for(const Review& review, const ast::Expr& condition, std::uint32_t kind) {
  return any_part(review.model, condition, [&](const ast::Expr& part) {
    if (const auto* past = ast::try_as<ast::Aggregate>(&part)) {
      const auto& kinds = review.facts.kinds(past->event);
      return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }
    const auto* ref = ast::try_as<ast::NameRef>(&part);
    return ref && ref->path.parts.size() == 2 && ref->path.parts.front().text == "lead" &&
           tells(ref->path.parts.back().text, review.model.kinds[kind].name, is_bounce(review, kind));
  });
}

/// Whether a policy looks after it: `never send … after` it, or `when` the record says so.
bool is_ruled_out(const Review& review, const std::string& channel, std::uint32_t kind) {
  return std::any_of(review.model.rules.begin(), review.model.rules.end(), [&](const sema::Rule& rule) {
    const ast::Clause& clause = *rule.clause;
    const bool of_channel = rule.channel.empty() || rule.channel == channel;
    if (clause.kind != ast::Clause::Kind::Never || rule.governs != sema::Rule::Governs::Sends || !of_channel)
      return false;
    if (clause.condition && asks_for(review, *clause.condition, kind)) return true;
    return std::any_of(clause.after.begin(), clause.after.end(), [&](const ast::EventRef& event) {
      const auto& kinds = review.facts.kinds(event);
      return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    });
  });
}

/// Whether nobody comes in who said no before.
bool entries_ask(const Review& review, const sema::Campaign& campaign, std::uint32_t kind) {
  auto asks = [&](const ast::Clause* clause) {
    return clause->condition && asks_for(review, *clause->condition, kind);
  };
  if (std::any_of(campaign.audience.begin(), campaign.audience.end(), asks) ||
      std::any_of(campaign.exclude.begin(), campaign.exclude.end(), asks))
    return true;
  return !campaign.entries.empty() &&
         std::all_of(campaign.entries.begin(), campaign.entries.end(), [&](const ast::Clause* entry) {
           return asks(entry) || (entry->condition2 && asks_for(review, *entry->condition2, kind));
         });
}

/// Whether a membership ends with it.
bool ends_with(const Review& review, std::uint32_t campaign, std::uint32_t kind) {
  const auto& listeners = review.facts.campaigns[campaign].listeners;
  return std::any_of(listeners.begin(), listeners.end(), [&](const Listener& each) {
    if (each.where != Listener::Where::Exit) return false;
    if (each.trigger->condition) return asks_for(review, *each.trigger->condition, kind);
    const auto& kinds = review.facts.kinds(each.trigger->event);
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  });
}

/// What a lead did, or what is the case: "unsubscribed", "cannot be reached".
std::string said_of(const std::string& kind) {
  const std::string word = kind.substr(kind.find('.') + 1);
  if (word == "unsubscribed") return "unsubscribed";
  if (word == "opted_out") return "opted out";
  return word == "bounced" ? "cannot be reached" : word;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

/// What some campaign sends by one channel.
struct OfChannel {
  std::uint32_t first = sema::kNoIndex;  ///< of the contents
  std::vector<std::uint32_t> campaigns;
};

std::map<std::string, OfChannel> by_channel(const Review& review) {
  std::map<std::string, OfChannel> out;
  for (std::uint32_t i = 0; i < review.graphs.size(); ++i) {
    const std::uint32_t campaign = review.graphs[i].campaign;
    for (const Sent& sent : review.facts.campaigns[i].sends) {
      for (std::uint32_t content : sent.contents) {
        if (review.model.contents[content].message_class != sema::Content::Class::Marketing) continue;
        OfChannel& row = out[review.model.contents[content].channel];
        row.first = std::min(row.first, content);
        if (row.campaigns.empty() || row.campaigns.back() != campaign) row.campaigns.push_back(campaign);
      }
    }
  }
  return out;
}

/// Whether each campaign that writes so sees to it by itself: nobody who said no comes in, or stays.
bool campaigns_see_to_it(const Review& review, const OfChannel& row, std::uint32_t kind) {
  return std::all_of(row.campaigns.begin(), row.campaigns.end(), [&](std::uint32_t campaign) {
    return entries_ask(review, review.model.campaigns[campaign], kind) && ends_with(review, campaign, kind);
  });
}

void report(const Review& review, const std::string& channel, const OfChannel& row,
            const std::vector<std::uint32_t>& open) {
  std::vector<std::string> words, kinds;
  for (std::uint32_t kind : open) {
    const std::string& name = review.model.kinds[kind].name;
    words.push_back(said_of(name));
    kinds.push_back(name);
  }
  const ast::ContentDecl& decl = *review.model.contents[row.first].decl;
  Diagnostic& said = review.diagnostics.report(DiagnosticId::NoConsentPolicy, decl.name.span, channel, joined(words));
  std::string list = kinds.front();
  for (std::size_t i = 1; i < kinds.size(); ++i) list += ", " + kinds[i];
  said.hint =
      fmt::format("Say it once for all campaigns: `policy consent {{ never send {} after {} }}`.", channel, list);
}

}  // namespace

/// Practice, rule 19: consent and bounces are final.
void no_consent_policy(const Review& review) {
  for (const auto& [channel, row] : by_channel(review)) {
    std::vector<std::uint32_t> open;
    for (std::uint32_t kind : refusals_of(review, channel)) {
      if (!is_ruled_out(review, channel, kind) && !campaigns_see_to_it(review, row, kind)) open.push_back(kind);
    }
    if (!open.empty()) report(review, channel, row, open);
  }
}

}  // namespace nurture::practice
