#include <algorithm>
#include <fmt/format.h>

#include "tests/oracle/maker.h"

/// Conditions over the past (§3.2) and scores (§5.10). What a `when` watches compares them with what stays the same.
namespace nurture::oracle {

using enum TypeKind;

namespace {

const std::vector<std::string>& windows() {
  static const std::vector<std::string> texts = {"1 minute", "30 minutes", "1 hour",  "6 hours",   "1 day",
                                                 "2 days",   "1 week",     "1 month", "pause_time"};
  return texts;
}

const std::vector<std::string>& signs() {
  static const std::vector<std::string> texts = {" < ", " <= ", " > ", " >= ", " is ", " is not "};
  return texts;
}

}  // namespace

/// Reads the event's own properties, constants and `entry.` only.
std::string Phrases::past_where(const EventWord& word, const Sight& sight) {
  const Property& p = random_.pick(word.properties);
  std::string left = (random_.percent(25) ? "event." : "") + p.name;
  if (random_.percent(20)) return left + (random_.percent(70) ? " is known" : " is unknown");
  if (p.type == Boolean) return left + " is " + (random_.percent(50) ? "true" : "false");
  std::string right = literal(pick_value(random_, p));
  for (std::size_t i = 0; sight.entry && i < sight.entry->size() && random_.percent(50); ++i) {
    if ((*sight.entry)[i].type == p.type && (*sight.entry)[i].name != p.name) right = "entry." + (*sight.entry)[i].name;
  }
  if (p.type == Text && random_.percent(40)) return left + " starts with \"/p\"";
  return left + random_.pick(signs()) + right;
}

/// `(page.viewed where … in last 2 days)`; with a property, `(page.viewed.size …)`.
std::string Phrases::asked(const EventWord& word, const std::string& property, const Sight& sight) {
  std::string out = "(" + word.name + (property.empty() ? "" : "." + property);
  if (word.has("content") && random_.percent(30)) out += " of " + random_.pick(content_words()).name;
  if (word.machine && random_.percent(25)) out += " including machine";
  if (!word.updates && !word.properties.empty() && random_.percent(35)) out += " where " + past_where(word, sight);
  std::size_t bound = random_.below(100);
  if (bound < 55) out += " in last " + random_.pick(windows());
  if (bound >= 55 && bound < 70 && sight.entry) out += random_.percent(60) ? " since entry" : " since stage";
  return out + ")";
}

std::string Phrases::instant(const Sight& sight) {
  static const std::vector<std::string> kDates = {"lead.joined_on", "lead.renewal_on", "lead.meeting_at",
                                                  "account.since"};
  if (random_.percent(50)) return sight.sees_lead() ? random_.pick(kDates) : kDates.back();
  return (random_.percent(70) ? "last" : "first") + asked(random_.pick(heard_words()), "", sight);
}

std::string Phrases::count_atom(const Sight& sight) {
  const EventWord& word = random_.pick(heard_words());
  std::string bound = random_.percent(80) ? std::to_string(random_.between(0, 4)) : "few";
  if (random_.percent(70)) return "count" + asked(word, "", sight) + random_.pick(signs()) + bound;
  std::vector<const Property*> numbers;
  for (const Property& p : word.properties) {
    if (p.type == Integer || p.type == Number || p.type == Decimal || p.type == Percent) numbers.push_back(&p);
  }
  if (numbers.empty()) return "any" + asked(word, "", sight);
  const Property& p = *random_.pick(numbers);
  return "sum" + asked(word, p.name, sight) + random_.pick(signs()) + literal(pick_value(random_, p));
}

std::string Phrases::value_atom(const Sight& sight) {
  const EventWord& word = random_.pick(heard_words());
  std::vector<const Property*> known;
  for (const Property& p : word.properties) {
    if (p.type != Boolean && p.type != List && !word.updates) known.push_back(&p);
  }
  if (known.empty()) return "none" + asked(word, "", sight);
  const Property& p = *random_.pick(known);
  static const std::vector<std::string> kWords = {"first", "last", "latest"};
  std::string left = random_.pick(kWords) + asked(word, p.name, sight);
  if (random_.percent(20)) return left + " is known";
  return left + random_.pick(signs()) + literal(pick_value(random_, p));
}

std::string Phrases::score_atom(const Sight& sight) {
  static const std::vector<std::string> kBounds = {"0", "1", "2.5", "5", "10", "20", "-3", "lead.weight", "0.000001"};
  static const std::vector<std::string> kOrder = {" < ", " <= ", " > ", " >= "};
  if (sight.account) return leads_atom(sight);
  std::string name = random_.percent(70) ? "score.heat" : "score.fit";
  if (!sight.watched && random_.percent(20)) return "(" + name + " + 1.5) * 2 >= " + random_.pick(kBounds);
  if (random_.percent(15)) return name + " between 1 and 8";
  if (random_.percent(15)) return random_.pick(kBounds) + random_.pick(kOrder) + name;
  return name + random_.pick(kOrder) + random_.pick(kBounds);
}

std::string Phrases::past_atom(const Sight& sight) {
  static const std::vector<std::string> kDays = {"0", "1", "2", "7", "30", "lead.level"};
  switch (random_.below(11)) {
    case 0:
    case 1:
      return (random_.percent(50) ? "any" : "none") + asked(random_.pick(heard_words()), "", sight);
    case 2:
    case 3:
      return count_atom(sight);
    case 4:
      return value_atom(sight);
    case 5:
      return "days since " + instant(sight) + random_.pick(signs()) + kDays[random_.below(sight.sees_lead() ? 6 : 5)];
    case 6:
      return instant(sight) + (random_.percent(75) ? " in last " : " not in last ") + random_.pick(windows());
    case 7:
      return (!sight.sees_lead()    ? "account.since"
              : random_.percent(60) ? "lead.renewal_on"
                                    : "lead.meeting_at") +
             std::string(" within next ") + random_.pick(windows());
    case 8:
      if (sight.stages > 0 && random_.percent(50))
        return fmt::format("visits of s{}{}{}", random_.below(sight.stages), random_.pick(signs()),
                           random_.between(0, 3));
      if (!sight.was.empty())
        return "was in " + sight.was + (random_.percent(50) ? " in last " + random_.pick(windows()) : "");
      return (random_.percent(60) && !sight.account ? "sent(" : "clicked(") + random_.pick(content_words()).name + ")";
    case 9:
      if (random_.percent(40)) return "today" + random_.pick(signs()) + literal(pick_value(random_, {"", Date, false}));
      return score_atom(sight);
    default:
      return score_atom(sight);
  }
}

/// Two scores: one that halves, one that stays.
std::vector<Piece> score_declarations(Random& random) {
  static const std::vector<std::string> kHalves = {"6 hours", "1 day", "1 week", "36 hours"};
  auto rows = [&](std::vector<Piece>& out) {
    Phrases phrases(random);
    for (std::int64_t n = random.between(1, 3); n > 0; --n) {
      const EventWord& word = random.pick(heard_words());
      std::string text = word.name;
      if (word.machine && random.percent(25)) text += " including machine";
      if (!word.updates && !word.properties.empty() && random.percent(40))
        text += " where " + phrases.past_where(word, {});
      static const std::vector<std::string> kPoints = {"1", "5", "2.5", "20", "-4", "+10", "0.25"};
      text += " gives " + random.pick(kPoints);
      if (random.percent(35))
        text += fmt::format(" at most {} times per {}", random.between(1, 3), random.pick(windows()));
      out.push_back(line(text));
    }
    if (random.percent(30)) out.push_back(line("cap 25"));
    if (random.percent(30)) out.push_back(line("floor -6.5"));
  };
  Piece heat{"score heat {", {}, "}", false}, fit{"score fit {", {}, "}", false};
  rows(heat.parts);
  heat.parts.push_back(line("halves every " + random.pick(kHalves)));
  rows(fit.parts);
  return {heat, fit};
}

}  // namespace nurture::oracle
