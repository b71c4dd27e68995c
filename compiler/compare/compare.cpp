#include "compiler/compare/compare.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "compiler/compare/align.h"
#include "compiler/compare/differ.h"

namespace nurture::compare {

namespace {

std::optional<Thing> thing_of(const std::string& noun) {
  static const std::map<std::string, Thing> kThings{
      {"campaign", Thing::Campaign}, {"stage", Thing::Stage},        {"content", Thing::Content},
      {"stream", Thing::Stream},     {"segment", Thing::Segment},    {"window", Thing::Window},
      {"calendar", Thing::Calendar}, {"score", Thing::Score},        {"table", Thing::Table},
      {"event", Thing::Event},       {"lead", Thing::LeadAttribute}, {"account", Thing::AccountAttribute},
  };
  const auto found = kThings.find(noun);
  return found == kThings.end() ? std::nullopt : std::optional<Thing>(found->second);
}

/// Whether two of these that say the same are one thing under two names. What an event says is little.
bool can_be_renamed(Thing thing) {
  return thing != Thing::Event && thing != Thing::LeadAttribute && thing != Thing::AccountAttribute;
}

/// Whether it makes a difference what it is called: to what is remembered by name, and to draws.
bool name_counts(Thing thing) {
  return thing == Thing::Campaign || thing == Thing::Stage || thing == Thing::Content || thing == Thing::Score;
}

/// What it is but for its name.
std::string nameless(const Item& item) {
  Item copy = item;
  copy.key.clear();
  copy.head.clear();
  seal(copy);
  return copy.whole;
}

/// Whether more than half of what is written in them is the same.
bool are_alike(const Item& a, const Item& b) {
  const auto is_written = [](const Item& each) { return each.span.begin != each.span.end; };
  const auto same = std::count_if(a.items.begin(), a.items.end(), [&](const Item& x) {
    return is_written(x) &&
           std::any_of(b.items.begin(), b.items.end(), [&](const Item& y) { return x.whole == y.whole; });
  });
  return same * 2 > std::max(std::count_if(a.items.begin(), a.items.end(), is_written),
                             std::count_if(b.items.begin(), b.items.end(), is_written));
}

class Programmes {
 public:
  Programmes(const sema::Unit& before, const sema::Unit& after) : before_unit_(before), after_unit_(after) {
    after_ = portray(after, {});
    before_ = portray(before, renames_);
    // What refers to something that was renamed may itself be the same but for its name.
    for (int round = 0; round < 8 && find_renames(before_.items, after_.items, ""); ++round)
      before_ = portray(before, renames_);
  }

  Comparison compare() {
    renamed();
    for (const Match& each : align(before_.items, after_.items)) top(each);
    join_shared();
    reach();
    sort();
    return std::move(out_);
  }

 private:
  bool find_renames(const std::vector<Item>& before, const std::vector<Item>& after, const std::string& campaign);
  void top(const Match& match);
  void lone(const Item& item, bool fresh);
  void renamed();
  Change renamed(const Named& named, const std::string& now) const;
  void join_shared();
  void reach();
  void sort();
  std::map<std::string, std::set<Named>> reached() const;
  std::string old_name(Thing thing, const std::string& now) const {
    for (const auto& [named, name] : renames_) {
      if (named.first == thing && name == now) return named.second;
    }
    return now;
  }

  const sema::Unit& before_unit_;
  const sema::Unit& after_unit_;
  Renames renames_;
  Portrait before_, after_;
  Comparison out_;
  std::vector<std::pair<std::size_t, const Item*>> shared_;  ///< changes, and what they are of, in the version after
  std::set<std::string> modules_;
};

bool Programmes::find_renames(const std::vector<Item>& before, const std::vector<Item>& after,
                              const std::string& campaign) {
  bool found = false;
  std::vector<const Item*> gone, fresh;
  for (const Match& each : align(before, after)) {
    const Item& any = each.after ? *each.after : *each.before;
    if (any.noun == "campaign" && each.before && each.after)
      found |= find_renames(each.before->items, each.after->items, old_name(Thing::Campaign, any.key));
    const auto thing = thing_of(any.noun);
    if (!thing || !can_be_renamed(*thing)) continue;
    if (!each.before) fresh.push_back(each.after);
    if (!each.after) gone.push_back(each.before);
  }
  const auto pair_up = [&](const auto& same) {
    for (const Item* old : gone) {
      const auto now = std::find_if(fresh.begin(), fresh.end(),
                                    [&](const Item* each) { return each->noun == old->noun && same(*old, *each); });
      if (now == fresh.end()) continue;
      const std::string name = campaign.empty() ? old->key : campaign + "/" + old->key;
      found |= renames_.emplace(Named{*thing_of(old->noun), name}, (*now)->key).second;
      fresh.erase(now);
    }
  };
  if (gone.empty() || fresh.empty()) return found;
  pair_up([](const Item& a, const Item& b) { return nameless(a) == nameless(b); });
  const bool exact = found;
  if (!exact) {
    pair_up(
        [](const Item& a, const Item& b) { return (a.noun == "stage" || a.noun == "campaign") && are_alike(a, b); });
  }
  return found;
}

Change Programmes::renamed(const Named& named, const std::string& now) const {
  Change change;
  change.kind = Change::Kind::Renamed;
  change.before = named.second, change.after = now;
  if (named.first == Thing::Campaign) {
    change.about = "campaign " + now;
    change.campaigns = {now};
    change.what = fmt::format(
        "it was called {}: who is or was in it is not known by the new name, and its holdout and splits are drawn anew",
        named.second);
  } else if (named.first == Thing::Stage) {
    const std::size_t slash = named.second.find('/');
    const std::string campaign = named.second.substr(0, slash);
    const auto called = renames_.find({Thing::Campaign, campaign});
    change.campaigns = {called == renames_.end() ? campaign : called->second};
    change.about = "campaign " + change.campaigns.front();
    change.path = {"stage " + now};
    change.before = named.second.substr(slash + 1);
    change.what = fmt::format("it was called {}: who is in it is found by that name", change.before);
  } else if (named.first == Thing::Content) {
    change.about = "content " + now;
    change.what = fmt::format("it was called {}: who got it by that name has not got this one", named.second);
  } else {
    change.about = "score " + now;
    change.what = fmt::format("it was called {}", named.second);
  }
  return change;
}

void Programmes::renamed() {
  for (const auto& [named, now] : renames_) {
    if (!name_counts(named.first)) continue;
    if (named.first == Thing::Stage) out_.stages[named.second] = now;
    for (const Item& item : after_.items) {
      if (thing_of(item.noun) == named.first && item.key == now && named.first != Thing::Campaign)
        shared_.emplace_back(out_.changes.size(), &item);
    }
    out_.changes.push_back(renamed(named, now));
  }
}

/// It is in one of the versions only.
void Programmes::lone(const Item& item, bool fresh) {
  const std::vector<Item>& all = (fresh ? before_ : after_).items;
  const auto same = [&](const Item& each) { return each.noun == item.noun && nameless(each) == nameless(item); };
  if (item.noun == "policy" && std::any_of(all.begin(), all.end(), same)) return;  // under another name
  Change change;
  change.kind = fresh ? Change::Kind::Added : Change::Kind::Removed;
  change.about = item.label;
  change.what = fresh ? "it is new" : "it is gone";
  (fresh ? change.after_at : change.before_at) = item.span;
  const sema::Unit& unit = fresh ? after_unit_ : before_unit_;
  if (const std::string& file = unit.sources.file(item.span.file).path(); file.starts_with('<')) {
    if (!modules_.insert(file).second) return;
    change.about = "library " + file;
    change.what = fresh ? "what it declares is there now" : "what it declares is there no more";
    change.after_at = change.before_at = {};
  }
  out_.changes.push_back(std::move(change));
}

void Programmes::top(const Match& match) {
  const Item& any = match.after ? *match.after : *match.before;
  const std::size_t first = out_.changes.size();
  if (!match.before || !match.after)
    lone(any, match.after != nullptr);
  else if (match.before->whole != match.after->whole)
    inside(*match.before, *match.after, out_.changes);
  if (any.noun == "campaign" && match.before && match.after)
    out_.campaigns[old_name(Thing::Campaign, any.key)] = any.key;
  for (std::size_t i = first; i < out_.changes.size(); ++i) {
    if (any.noun == "campaign")
      out_.changes[i].campaigns = {any.key};
    else
      shared_.emplace_back(i, &any);
  }
}

/// What rules or a template say is said once, with the campaigns in which it is so.
void Programmes::join_shared() {
  std::map<std::string, std::size_t> first;
  std::vector<bool> gone(out_.changes.size(), false);
  for (std::size_t i = 0; i < out_.changes.size(); ++i) {
    Change& change = out_.changes[i];
    if (!change.about.starts_with("rules ") && !change.about.starts_with("template ")) continue;
    const auto [at, fresh] = first.emplace(sentence(change) + change.before + "\x1f" + change.after, i);
    if (fresh) continue;
    auto& campaigns = out_.changes[at->second].campaigns;
    if (std::find(campaigns.begin(), campaigns.end(), change.campaigns.front()) == campaigns.end())
      campaigns.push_back(change.campaigns.front());
    gone[i] = true;
  }
  // The indices of what is declared are those of before.
  std::vector<std::size_t> now(out_.changes.size());
  std::vector<Change> kept;
  for (std::size_t i = 0; i < out_.changes.size(); ++i) {
    now[i] = kept.size();
    if (!gone[i]) kept.push_back(std::move(out_.changes[i]));
  }
  for (auto& [index, item] : shared_) index = now[index];
  for (Change& each : kept) std::sort(each.campaigns.begin(), each.campaigns.end());
  out_.changes = std::move(kept);
}

/// By campaign: all that it names, and what that names in turn; of both versions.
std::map<std::string, std::set<Named>> Programmes::reached() const {
  std::map<Named, std::set<Named>> names;
  std::map<std::string, std::set<Named>> campaigns;
  for (const Portrait* portrait : {&before_, &after_}) {
    for (const Item& item : portrait->items) {
      if (item.noun == "campaign")
        campaigns[item.key].insert(item.names.begin(), item.names.end());
      else if (const auto thing = thing_of(item.noun))
        names[{*thing, item.key}].insert(item.names.begin(), item.names.end());
    }
  }
  for (auto& [campaign, all] : campaigns) {
    std::vector<Named> open(all.begin(), all.end());
    while (!open.empty()) {
      const Named next = open.back();
      open.pop_back();
      const auto found = names.find(next);
      if (next.first == Thing::Campaign || found == names.end()) continue;
      for (const Named& each : found->second) {
        if (all.insert(each).second) open.push_back(each);
      }
    }
  }
  return campaigns;
}

void Programmes::reach() {
  if (shared_.empty()) return;
  const auto all = reached();
  for (const auto& [index, item] : shared_) {
    Change& change = out_.changes[index];
    if (item->noun == "programme" || item->noun == "policy") {
      change.everywhere = true;
      continue;
    }
    const auto thing = thing_of(item->noun);
    if (!thing) continue;
    for (const auto& [campaign, names] : all) {
      if (names.contains({*thing, item->key})) change.campaigns.push_back(campaign);
    }
  }
}

/// Campaigns first, then what they share.
void Programmes::sort() {
  const auto rank = [](const Change& change) {
    if (change.about.starts_with("campaign ")) return 0;
    if (change.about.starts_with("rules ") || change.about.starts_with("template ")) return 1;
    return 2;
  };
  std::stable_sort(out_.changes.begin(), out_.changes.end(), [&](const Change& a, const Change& b) {
    const int x = rank(a), y = rank(b);
    return x != y ? x < y : x == 0 && a.about < b.about;
  });
}

}  // namespace

Comparison compare(const sema::Unit& before, const sema::Unit& after) { return Programmes(before, after).compare(); }

std::string sentence(const Change& change) {
  std::string out = change.about;
  for (const std::string& each : change.path) out += ", " + each;
  return out + ": " + change.what;
}

}  // namespace nurture::compare
