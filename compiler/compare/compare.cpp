#include "compiler/compare/compare.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "compiler/compare/align.h"

namespace nurture::compare {

namespace {

constexpr std::size_t kLongest = 100;  // of what is quoted in a sentence
constexpr std::size_t kMany = 5;       // of one noun, said one by one

// Words ---------------------------------------------------------------------------------------------------------------

std::string cut(std::string text) {
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

/// As it may stand in a file, in one line.
std::string line(const Item& item) {
  if (!item.label.empty() && !item.plain && item.noun != "if") return item.label;
  std::string text = item.plain ? item.noun + " " + item.head : item.head;
  if (item.items.empty() || item.noun == "if") return text;
  text += " {";
  for (const Item& each : item.items) text += " " + line(each);
  return text + " }";
}

bool is_called(const Item& item) { return !item.label.empty() && !item.plain && item.noun != "if"; }

std::string ticked(const std::string& text) { return fmt::format("`{}`", cut(text)); }
std::string shown(const Item& item) { return is_called(item) ? item.label : ticked(line(item)); }
std::string path_label(const Item& item) { return item.label.empty() ? ticked(item.head) : item.label; }

std::string value_text(const std::string& value) { return value.starts_with('"') ? cut(value) : ticked(value); }

std::string part_name(const std::string& name) { return name.starts_with('`') ? name : "the " + name; }

std::string part_sentence(const Part& part, const Part* before, const Part* after) {
  const std::string name = part_name(part.name);
  if (part.kind == Part::Kind::Text && before && after) return fmt::format("{} is another", name);
  if (part.kind == Part::Kind::Text) return fmt::format("{} is {}", name, after ? "new" : "gone");
  if (part.value == "yes") return fmt::format("{} is {}", name, after ? "new" : "gone");
  if (!before) return fmt::format("{} is {}, none before", name, value_text(after->value));
  if (!after) return fmt::format("{} is gone, it was {}", name, value_text(before->value));
  return fmt::format("{} is {}, was {}", name, value_text(after->value), value_text(before->value));
}

std::string head_sentence(const Item& before, const Item& after) {
  if (after.plain) return fmt::format("{} is {}, was {}", after.label, cut(after.head), cut(before.head));
  return fmt::format("{}, was {}", ticked(after.head), ticked(before.head));
}

std::string plural(const std::string& noun) { return noun == "day off" ? "days off" : noun + "s"; }

// Differences ---------------------------------------------------------------------------------------------------------

/// Goes through two items that are the same thing, and says what is different in them.
class Differ {
 public:
  Differ(std::string about, std::vector<Change>& out) : about_(std::move(about)), out_(out) {}

  void inside(const Item& before, const Item& after) {
    parts(before, after);
    children(before, after);
  }

 private:
  Change& add(Change::Kind kind, std::string what, const Item* before, const Item* after) {
    Change change;
    change.kind = kind;
    change.about = origin_.empty() ? about_ : origin_;
    change.path = path_;
    change.what = std::move(what);
    if (before) change.before = line(*before), change.before_at = before->span;
    if (after) change.after = line(*after), change.after_at = after->span;
    out_.push_back(std::move(change));
    return out_.back();
  }

  static const Part* find(const Item& item, const Part& part) {
    const auto found =
        std::find_if(item.parts.begin(), item.parts.end(), [&](const Part& each) { return each.name == part.name; });
    return found == item.parts.end() ? nullptr : &*found;
  }

  static bool same_members(const std::string& a, const std::string& b) {
    const auto sorted = [](const std::string& list) {
      std::multiset<std::string> out;
      for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(", ", at), list.size());
        out.insert(list.substr(at, end - at));
        at = end + 2;
      }
      return out;
    };
    return sorted(a) == sorted(b);
  }

  void part(const Part* before, const Part* after, const Item& old_item, const Item& new_item) {
    if (before && after && before->value == after->value) return;
    const Part& any = after ? *after : *before;
    if (any.kind == Part::Kind::Order && !(before && after && same_members(before->value, after->value))) return;
    const Change::Kind kind = !before ? Change::Kind::Added : !after ? Change::Kind::Removed : Change::Kind::Changed;
    Change& change = add(kind, part_sentence(any, before, after), &old_item, &new_item);
    change.before = before ? before->value : "";
    change.after = after ? after->value : "";
    change.long_text = any.kind == Part::Kind::Text;
  }

  void parts(const Item& before, const Item& after) {
    for (const Part& each : after.parts) part(find(before, each), &each, before, after);
    for (const Part& each : before.parts) {
      if (!find(after, each)) part(&each, nullptr, before, after);
    }
  }

  void changed(const Item& before, const Item& after) {
    const bool by_parts = !after.key.empty() && !after.parts.empty();
    if (!by_parts && before.head != after.head)
      add(Change::Kind::Changed, head_sentence(before, after), &before, &after);
    path_.push_back(path_label(after));
    inside(before, after);
    path_.pop_back();
  }

  void match(const Match& each) {
    const std::string place =
        each.previous ? fmt::format(", after {}",
                                    each.previous->plain || !is_called(*each.previous)
                                        ? ticked(each.previous->plain ? line_head(*each.previous) : each.previous->head)
                                        : each.previous->label)
                      : "";
    if (each.moved)
      add(Change::Kind::Moved,
          fmt::format("{} has moved{}", shown(*each.after), place.empty() ? " to the start" : place), each.before,
          each.after);
    else if (!each.before)
      add(Change::Kind::Added, fmt::format("{} is new{}", shown(*each.after), place), nullptr, each.after);
    else if (!each.after)
      add(Change::Kind::Removed, fmt::format("{} is gone", shown(*each.before)), each.before, nullptr);
    else if (each.before->whole != each.after->whole)
      changed(*each.before, *each.after);
  }

  static std::string line_head(const Item& item) { return item.noun + " " + item.head; }

  /// Many of one noun, all new or all gone, are one change.
  bool many(const std::vector<Match>& matches, const Match& one, bool fresh) {
    const std::string& noun = (fresh ? one.after : one.before)->noun;
    std::vector<std::string> names;
    for (const Match& each : matches) {
      const Item* item = fresh ? each.after : each.before;
      if (item && !(fresh ? each.before : each.after) && item->noun == noun && item->items.empty())
        names.push_back(item->head);
    }
    if (names.size() <= kMany) return false;
    if (!said_.insert(fmt::format("{}{}", noun, fresh)).second) return true;
    const std::size_t more = names.size() - kMany;
    std::string first = fmt::format("{}", fmt::join(names.begin(), names.begin() + kMany, ", "));
    Change& change = add(
        fresh ? Change::Kind::Added : Change::Kind::Removed,
        fmt::format("{} {} are {}: {} and {} more", names.size(), plural(noun), fresh ? "new" : "gone", first, more),
        one.before, one.after);
    (fresh ? change.after : change.before) = fmt::format("{}", fmt::join(names, ", "));
    return true;
  }

  void children(const Item& before, const Item& after) {
    const std::vector<Match> matches = align(before.items, after.items);
    said_.clear();
    for (const Match& each : matches) {
      const bool lone = !each.before || !each.after;
      if (lone && many(matches, each, each.after != nullptr)) continue;
      const std::string outer = origin_;
      const Item& item = each.after ? *each.after : *each.before;
      if (!item.origin.empty()) origin_ = item.origin;
      match(each);
      origin_ = outer;
    }
  }

  std::string about_;
  std::string origin_;
  std::vector<std::string> path_;
  std::set<std::string> said_;
  std::vector<Change>& out_;
};

// The whole programme -------------------------------------------------------------------------------------------------

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
  void renamed();
  void join_shared();
  void reach();
  void sort();
  bool from_library(const sema::Unit& unit, const Item& item) const {
    return unit.sources.file(item.span.file).path().starts_with('<');
  }
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

void Programmes::renamed() {
  for (const auto& [named, now] : renames_) {
    if (!name_counts(named.first)) continue;
    Change change;
    change.kind = Change::Kind::Renamed;
    change.before = named.second, change.after = now;
    switch (named.first) {
      case Thing::Campaign:
        change.about = "campaign " + now;
        change.campaigns = {now};
        change.what = fmt::format(
            "it was called {}: who is or was in it is not known by the new name, and its holdout and splits are drawn "
            "anew",
            named.second);
        break;
      case Thing::Stage: {
        const std::size_t slash = named.second.find('/');
        const std::string campaign = named.second.substr(0, slash);
        const auto called = renames_.find({Thing::Campaign, campaign});
        change.about = "campaign " + (called == renames_.end() ? campaign : called->second);
        change.campaigns = {change.about.substr(std::string_view("campaign ").size())};
        change.path = {"stage " + now};
        change.before = named.second.substr(slash + 1);
        change.what = fmt::format("it was called {}: who is in it is found by that name", change.before);
        break;
      }
      case Thing::Content:
        change.about = "content " + now;
        change.what = fmt::format("it was called {}: who got it by that name has not got this one", named.second);
        break;
      default:
        change.about = "score " + now;
        change.what = fmt::format("it was called {}", named.second);
        break;
    }
    for (const Item& item : after_.items) {
      if (thing_of(item.noun) == named.first && item.key == now && named.first != Thing::Campaign)
        shared_.emplace_back(out_.changes.size(), &item);
    }
    out_.changes.push_back(std::move(change));
  }
}

void Programmes::top(const Match& match) {
  const Item& any = match.after ? *match.after : *match.before;
  if (any.noun == "campaign" && match.before && match.after)
    out_.campaigns[old_name(Thing::Campaign, any.key)] = any.key;
  const std::size_t first = out_.changes.size();
  const bool fresh = !match.before;
  if (match.before && match.after) {
    if (match.before->whole != match.after->whole) Differ(any.label, out_.changes).inside(*match.before, *match.after);
  } else if (any.noun == "policy" &&
             std::any_of((fresh ? before_ : after_).items.begin(), (fresh ? before_ : after_).items.end(),
                         [&](const Item& each) { return each.noun == any.noun && nameless(each) == nameless(any); })) {
    return;  // the same under another name
  } else if (from_library(fresh ? after_unit_ : before_unit_, any)) {
    const sema::Unit& unit = fresh ? after_unit_ : before_unit_;
    const std::string& module = unit.sources.file(any.span.file).path();
    if (!modules_.insert(module).second) return;
    Change change;
    change.kind = fresh ? Change::Kind::Added : Change::Kind::Removed;
    change.about = "library " + module;
    change.what = fresh ? "what it declares is there now" : "what it declares is there no more";
    out_.changes.push_back(std::move(change));
  } else {
    Change change;
    change.kind = fresh ? Change::Kind::Added : Change::Kind::Removed;
    change.about = any.label;
    change.what = fresh ? "it is new" : "it is gone";
    (fresh ? change.after_at : change.before_at) = any.span;
    out_.changes.push_back(std::move(change));
  }
  for (std::size_t i = first; i < out_.changes.size(); ++i) {
    Change& change = out_.changes[i];
    if (any.noun == "campaign")
      change.campaigns = {any.key};
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
