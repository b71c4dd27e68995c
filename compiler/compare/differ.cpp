#include "compiler/compare/differ.h"

#include <algorithm>
#include <fmt/format.h>
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

  /// ", after …": what a new or moved item follows.
  static std::string place(const Match& each) {
    if (!each.previous) return {};
    const Item& previous = *each.previous;
    return ", after " +
           (is_called(previous) ? previous.label : ticked(previous.plain ? line_head(previous) : previous.head));
  }

  void match(const Match& each) {
    const std::string after = place(each);
    if (each.moved)
      add(Change::Kind::Moved,
          fmt::format("{} has moved{}", shown(*each.after), after.empty() ? " to the start" : after), each.before,
          each.after);
    else if (!each.before)
      add(Change::Kind::Added, fmt::format("{} is new{}", shown(*each.after), after), nullptr, each.after);
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

}  // namespace

void inside(const Item& before, const Item& after, std::vector<Change>& out) {
  Differ(after.label, out).inside(before, after);
}

}  // namespace nurture::compare
