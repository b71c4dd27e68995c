#include <fmt/format.h>

#include "tests/oracle/maker.h"

namespace nurture::oracle {

using enum TypeKind;

namespace {

bool same_type(const Property& a, const Property& b) {
  return a.type == b.type && (a.type != List || a.element == b.element);
}

const std::vector<Property>& comparable() {
  static const std::vector<Property> words = {
      {"", Text, false},    {"", Choice, false},
      {"", Integer, false}, {"", Number, false},
      {"", Decimal, false}, {"", Date, false},
      {"", Time, false},    {"", DateTime, false},
      {"", Percent, false}, {"", TypeKind::Duration, false},
  };
  return words;
}

}  // namespace

std::vector<std::string> Phrases::names(const Property& as, const Sight& sight, std::vector<bool>& optional) const {
  std::vector<std::string> out;
  auto take = [&](const std::vector<Property>& words, const std::string& prefix, bool always_optional) {
    for (const Property& p : words) {
      if (!same_type(p, as)) continue;
      out.push_back(prefix + p.name);
      optional.push_back(p.optional || always_optional);
    }
  };
  take(lead_words(), "lead.", false);
  take(account_words(), "account.", true);
  for (const TableWord& word : table_words()) take(word.lookups, "", true);
  if (sight.event) {
    for (int twice = 0; twice < 2; ++twice) take(sight.event->properties, "event.", false);
  }
  if (sight.entry) take(*sight.entry, "entry.", true);
  if (sight.remembered && (as.type == Text || as.type == Integer)) {
    out.push_back(as.type == Text ? "kept" : "tally");
    optional.push_back(true);
  }
  return out;
}

std::string Phrases::leaf(const Property& as, const Sight& sight, bool& optional) {
  optional = false;
  if (sight.clock && as.type == DateTime && random_.percent(15)) return "now";
  if (sight.clock && as.type == Date && random_.percent(15)) return "today";
  if (as.type == Integer && random_.percent(5)) return "few";
  std::vector<bool> may_be_unknown;
  std::vector<std::string> all = names(as, sight, may_be_unknown);
  if (all.empty() || random_.percent(40)) return literal(pick_value(random_, as));
  std::size_t at = random_.below(all.size());
  optional = may_be_unknown[at];
  return all[at];
}

std::string Phrases::sum(const Property& as, const Sight& sight, int depth) {
  auto operand = [&](const Property& p) { return value(p, sight, false, depth - 1); };
  std::string sign = random_.percent(50) ? " + " : " - ";
  Property length{"", TypeKind::Duration, false};
  switch (as.type) {
    case Integer:
      return "(" + operand(as) + (random_.percent(30) ? " * " : sign) + operand(as) + ")";
    case Number:
      if (random_.percent(25)) return "(" + operand({"", Integer, false}) + " / " + operand({"", Integer, false}) + ")";
      if (random_.percent(30)) return "(lead.weight / " + operand(as) + ")";
      return "(" + operand(as) + (random_.percent(30) ? " * " : sign) + operand(as) + ")";
    case Decimal:
      if (random_.percent(30)) return "(" + operand(as) + " * " + operand({"", Percent, false}) + ")";
      if (random_.percent(20)) return "(lead.budget / " + operand(as) + ")";
      return "(" + operand(as) + (random_.percent(20) ? " * " : sign) + operand(as) + ")";
    case Percent:
      return "(" + operand(as) + sign + operand(as) + ")";
    case DateTime:
      if (random_.percent(40)) {
        return "(" + random_.pick(duration_texts()) + (random_.percent(50) ? " before " : " after ") + operand(as) +
               ")";
      }
      return "(" + operand(as) + sign + operand(length) + ")";
    case Date:
      return "(" + random_.pick(std::vector<std::string>{"1 day", "2 days", "1 week", "1 month"}) +
             (random_.percent(50) ? " before " : " after ") + operand(as) + ")";
    case TypeKind::Duration:
      if (random_.percent(30))
        return "(" + operand({"", DateTime, false}) + " - " + operand({"", DateTime, false}) + ")";
      return "(" + operand(length) + " + " + random_.pick(duration_texts()) + ")";
    case Text:
    case Boolean:
    case Time:
    case Choice:
    case List:
    case Content:
      break;
  }
  bool optional = false;
  return leaf(as, sight, optional);
}

std::string Phrases::value(const Property& as, const Sight& sight, bool known, int depth) {
  if (depth > 0 && random_.percent(20)) {
    std::string made = sum(as, sight, depth);
    return known ? "(" + made + " else " + literal(pick_value(random_, as)) + ")" : made;
  }
  bool optional = false;
  std::string made = leaf(as, sight, optional);
  if (optional && (known || random_.percent(15))) {
    return "(" + made + " else " + literal(pick_value(random_, as)) + ")";
  }
  return made;
}

std::string Phrases::comparison(const Property& as, const Sight& sight) {
  std::vector<bool> optional;
  std::vector<std::string> all = names(as, sight, optional);
  std::string left = all.empty() || random_.percent(15) ? value(as, sight, false) : random_.pick(all);
  if (as.type == Choice) {
    if (left.find('.') == std::string::npos) left = "lead.tier";
    std::string right = literal(pick_value(random_, as));
    return left + (random_.percent(70) ? " is " : " is not ") + right;
  }
  if (!all.empty() && random_.percent(12)) {
    left = random_.pick(all);
    Datum low = pick_value(random_, as);
    return left + " between " + literal(low) + " and " + value(as, sight, false);
  }
  static const std::vector<std::string> kSigns = {" is ", " is not ", " < ", " <= ", " > ", " >= ", " < ", " >= "};
  return left + random_.pick(kSigns) + value(as, sight, false);
}

std::string Phrases::membership(const Property& as, const Sight& sight) {
  std::string left = as.type == Choice ? "lead.tier" : value(as, sight, false, 0);
  std::string out = left + (random_.percent(70) ? " in [" : " not in [");
  for (std::int64_t n = random_.between(1, 3); n > 0; --n)
    out += literal(pick_value(random_, as)) + (n > 1 ? ", " : "");
  return out + "]";
}

std::string Phrases::text_atom(const Sight& sight) {
  static const std::vector<std::string> kTests = {"starts with", "ends with", "contains", "is", "is not"};
  static const std::vector<std::string> kGlobs = {"*", "?S", "/pricing*", "*lan*", "?lan*", "d*o", "", "*/*"};
  std::vector<bool> optional;
  std::string left = random_.pick(names({"", Text, false}, sight, optional));
  std::string ignoring = random_.percent(40) ? " ignoring case" : "";
  if (random_.percent(25)) return left + " matches \"" + random_.pick(kGlobs) + "\"" + ignoring;
  return left + " " + random_.pick(kTests) + " \"" +
         random_.pick(std::vector<std::string>{"U", "S", "us", "éLAN", "Él", "an", "/pricing", "/jobs", "demo", ""}) +
         "\"" + ignoring;
}

std::string Phrases::atom(const Sight& sight) {
  if (random_.percent(30)) return past_atom(sight);
  std::size_t what = random_.below(100);
  if (what < 50) return comparison(random_.pick(comparable()), sight);
  if (what < 60) return text_atom(sight);
  if (what < 68) {
    static const std::vector<Property> kListed = {
        {"", Text, false}, {"", Integer, false}, {"", Choice, false}, {"", Date, false}, {"", Number, false}};
    return membership(random_.pick(kListed), sight);
  }
  if (what < 72) return value({"", Text, false}, sight, false, 0) + " in lead.topics";
  if (what < 75) return value({"", Integer, false}, sight, false, 0) + " in lead.numbers";
  if (what < 83) {
    std::vector<bool> optional;
    return random_.pick(names(random_.pick(comparable()), sight, optional)) +
           (random_.percent(60) ? " is known" : " is unknown");
  }
  if (what < 90) return random_.percent(50) ? "lead.vip" : "lead.active";
  if (what < 93) return "lead.vip is " + std::string(random_.percent(50) ? "not true" : "false");
  if (what < 97) return "lead is " + std::string(random_.percent(50) ? "" : "not ") + "with sales";
  return "good_one";
}

std::string Phrases::condition(const Sight& sight, int depth) {
  if (depth > 0 && random_.percent(35)) {
    std::string left = condition(sight, depth - 1);
    std::string right = condition(sight, depth - 1);
    return "(" + left + (random_.percent(50) ? " and " : " or ") + right + ")";
  }
  if (random_.percent(12)) return "not (" + atom(sight) + ")";
  return atom(sight);
}

std::string Phrases::message(const Sight& sight) {
  std::string out = "\"Dear {" + value({"", Text, false}, {.entry = sight.entry}, false, 0) + "";
  std::vector<bool> optional;
  std::string nick = random_.percent(50) ? "lead.nick else 'friend'" : "lead.country else 'there'";
  out = "\"Dear {" + nick + "}";
  if (random_.percent(40)) out += ", {lead.visits} visits";
  if (random_.percent(30)) out += ", {lead.active}";
  if (random_.percent(30)) out += ", {lead.joined_on else 2026-01-02}";
  return out + "\"";
}

std::string Phrases::person(const Sight& sight) { return value({"", Text, false}, sight, true, 0); }

}  // namespace nurture::oracle
