#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/hash.h"
#include "tests/oracle/unit_run.h"

/// What people are assumed to do about what the run sends and hands off (§7.5).
namespace nurture::oracle {

namespace {

__extension__ using Wide = unsigned __int128;
constexpr Wide kAll = Wide{1} << 64;
constexpr Wide kMillion = 1'000'000;

Wide part_of_all(Wide millionths) { return millionths * kAll / kMillion; }

Datum cell(const LogEvent& event, const std::string& name) {
  auto found = event.properties.find(name);
  return found == event.properties.end() ? Datum::unknown() : found->second;
}

std::string printed(const Datum& value) {
  if (value.kind == TypeKind::Boolean) return value.whole ? "yes" : "no";
  return value.kind == TypeKind::Integer ? std::to_string(value.whole) : value.text;
}

std::int64_t micros(Duration length) { return length.days * kDay + length.micros; }

}  // namespace

void LeadRun::assumed_step(const Assumed& what, LeadRun* actor) {
  now_ = unit_.now();
  event_ = &what.event;
  actor_ = actor;
  begin_step();
  happened(what.event);
  past_.events.back().assumed = &what.event;
  if (UnitRun::person(what.of) == this) {
    tell(Kind::Reacted, nullptr, 0, what.told + (what.content.empty() ? "" : " about " + what.content));
    if (!by_machine(what.event))
      sets_off({ast::AssumedRule::Cause::Reaction, what.cause, what.content, what.event.kind, what.touch});
  }
  apply(what.event);
  for (std::uint32_t i = 0; deployed_ && i < model_.campaigns.size(); ++i) {
    if (runs(i)) offer(model_.campaigns[i], i, what.event);
  }
  settle();
  end_step();
}

// What sets off
// ---------------------------------------------------------------------------------------------------------

void LeadRun::sent_for_scenario(Membership& m, const std::string& content) {
  const std::int64_t nth = ++contents_sent_[content];
  const std::int64_t touch = for_ ? ++touched_by_[&m] : ++m.sends;
  sets_off({.cause = ast::AssumedRule::Cause::Send,
            .name = "send " + content + " " + std::to_string(nth),
            .content = content,
            .touch = touch});
}

void LeadRun::handed_off_for_scenario(Membership& m) {
  const std::int64_t nth = ++handed_off_by_[m.campaign->name];
  sets_off({.cause = ast::AssumedRule::Cause::HandOff,
            .name = "hand off " + m.campaign->name + " " + std::to_string(nth),
            .touch = ++m.hand_offs});
}

void LeadRun::unite_assumed(LeadRun& other) {
  for (const auto& [content, times] : other.contents_sent_) contents_sent_[content] += times;
  for (const auto& [campaign, times] : other.handed_off_by_) handed_off_by_[campaign] += times;
  for (const auto& [by, times] : other.touched_by_) touched_by_[by] += times;
}

// What follows
// ----------------------------------------------------------------------------------------------------------

bool LeadRun::concerns(const sema::AssumedRule& rule, const Set& set) const {
  if (rule.decl->cause != set.cause) return false;
  const std::string& of = rule.decl->of.text;
  switch (set.cause) {
    case ast::AssumedRule::Cause::HandOff:
      return true;
    case ast::AssumedRule::Cause::Reaction:
      return rule.decl->event.text() == set.event;
    case ast::AssumedRule::Cause::Send:
      return of.empty() || of == set.content || of == model_.contents[model_.find_content(set.content)].channel;
  }
  return false;
}

/// Each reaction is decided once, by the first rule that is about the cause, holds, and speaks of it.
void LeadRun::sets_off(const Set& set) {
  if (!programme_.assume) return;
  std::set<std::string> decided;
  for (const sema::Scenario& scenario : model_.scenarios) {
    if (scenario.name != programme_.assume->scenario) continue;
    for (const sema::AssumedRule& rule : scenario.rules) {
      if (!concerns(rule, set)) continue;
      const LogEvent* const at_hand = std::exchange(event_, nullptr);
      Scene seen = scene(nullptr);
      event_ = at_hand;
      seen.touch = set.touch;
      if (!holds(rule.decl->condition, seen)) continue;
      for (const sema::AssumedReaction& line : rule.reactions) {
        if (decided.insert(reaction_name(line)).second) draw_reaction(rule, line, set);
      }
    }
  }
}

std::string LeadRun::reaction_name(const sema::AssumedReaction& line) const {
  std::map<std::string, std::string> given;
  for (const ast::RecordField& field : line.decl->record) {
    given[field.name.text] = printed(evaluate(*field.value, scene(nullptr)));
  }
  std::string record;
  for (const auto& [name, value] : given) record += (record.empty() ? " { " : ", ") + name + ": " + value;
  return line.decl->kind.text() + record + (record.empty() ? "" : " }") + (line.decl->by_machine ? " by machine" : "");
}

std::uint64_t LeadRun::assumed_draw(const Set& set, const std::string& name) const {
  std::string bytes;
  for (const std::string& part : {std::to_string(programme_.assume->run), key(), set.name, name}) bytes += part + '\0';
  return hash64(bytes, programme_.assume->seed);
}

void LeadRun::draw_reaction(const sema::AssumedRule& rule, const sema::AssumedReaction& line, const Set& set) {
  const std::string name = reaction_name(line);
  if (line.decl->rate == 0) return;
  unit_.assumed_since() = std::min(unit_.assumed_since(), now_);
  // Alternatives share what is drawn: each has its part of it behind those written before it.
  Wide first = 0;
  std::string whose = name;
  if (line.decl->group != ast::AssumedReaction::kAlone) {
    bool before = true;
    whose = "";
    for (const sema::AssumedReaction& each : rule.reactions) {
      before = before && &each != &line;
      if (each.decl->group != line.decl->group) continue;
      if (whose.empty()) whose = "one of " + reaction_name(each);
      if (before) first += static_cast<std::uint64_t>(each.decl->rate);
    }
  }
  Wide rate = part_of_all(static_cast<std::uint64_t>(line.decl->rate));
  if (line.decl->tires_within) {
    for (std::int64_t n = sends_before(*line.decl, set); n > 0; --n) {
      rate = std::min(kAll, rate * static_cast<std::uint64_t>(line.decl->tires) / kMillion);
    }
  }
  const Wide drawn = assumed_draw(set, whose);
  if (drawn < part_of_all(first) || drawn >= part_of_all(first) + rate) return;

  struct Point {
    Wide share;
    std::int64_t by;
  };
  std::vector<Point> points = {{0, 0}};
  for (const ast::DelayPoint& point : line.decl->delay) {
    points.push_back({part_of_all(static_cast<std::uint64_t>(point.share)), micros(length(*point.by))});
  }
  points.push_back({kAll, micros(length(*line.decl->within))});
  const Wide when = assumed_draw(set, "when " + name);
  std::size_t to = 1;
  while (points[to].share <= when) ++to;
  const Point low = points[to - 1], high = points[to];
  const Wide passed = (when - low.share) * static_cast<std::uint64_t>(high.by - low.by) / (high.share - low.share);
  const std::int64_t delay = std::max<std::int64_t>(1, low.by + static_cast<std::int64_t>(passed));

  Assumed what;
  what.event.kind = line.decl->kind.text();
  what.event.at = now_ + delay;
  const sema::EventKind& kind = model_.kinds[model_.find_kind(what.event.kind)];
  if (kind.content_property != sema::kNoIndex && !set.content.empty())
    what.event.properties[kind.properties[kind.content_property].name] = Datum::of_text(set.content);
  if (kind.machine_property != sema::kNoIndex)
    what.event.properties[kind.properties[kind.machine_property].name] = Datum::of_bool(line.decl->by_machine);
  for (const auto& [property, value] : line.record) {
    what.event.properties[kind.properties[property].name] = datum_of(value);
  }
  what.of = this;
  what.cause = fmt::format("{:016x} {}", assumed_draw(set, name), name);
  what.content = set.content;
  what.touch = set.touch;
  what.told = name;
  unit_.expect(std::move(what));
}

// Sends that tire
// -------------------------------------------------------------------------------------------------------

std::string LeadRun::channel_of(const LogEvent& send) const {
  const sema::EventKind& kind = model_.kinds[model_.find_kind(send.kind)];
  Datum content;
  if (kind.content_property != sema::kNoIndex) content = cell(send, kind.properties[kind.content_property].name);
  const std::uint32_t known = content.known ? model_.find_content(content.text) : sema::kNoIndex;
  return known == sema::kNoIndex ? send.kind.substr(0, send.kind.find('.')) : model_.contents[known].channel;
}

/// To a lead, what its ledger has; to an account, what its log has. The cause itself does not count.
std::int64_t LeadRun::sends_before(const ast::AssumedReaction& line, const Set& set) const {
  const Instant after = now_ - micros(length(*line.tires_within));
  const std::string& channel = line.tires_channel.text;
  std::int64_t found = 0;
  for (const Sending& each : sendings_) found += each.at > after && each.channel == channel ? 1 : 0;
  for (const Happened& each : of_accounts_ ? past_.events : std::deque<Happened>{}) {
    if (!model_.kinds[model_.find_kind(each.event.kind)].records_send) continue;
    found += each.event.at > after && channel_of(each.event) == channel ? 1 : 0;
  }
  const bool itself = set.cause == ast::AssumedRule::Cause::Send &&
                      model_.contents[model_.find_content(set.content)].channel == channel;
  return found - (itself ? 1 : 0);
}

}  // namespace nurture::oracle
