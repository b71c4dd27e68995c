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
  if (sight.sees_lead()) take(lead_words(), "lead.", sight.account);
  take(account_words(), "account.", true);
  for (const TableWord& word : table_words()) {
    if (sight.sees_lead()) take(word.lookups, "", true);
  }
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
      if (random_.percent(30) && sight.sees_lead()) return "(lead.weight / " + operand(as) + ")";
      return "(" + operand(as) + (random_.percent(30) ? " * " : sign) + operand(as) + ")";
    case Decimal:
      if (random_.percent(30)) return "(" + operand(as) + " * " + operand({"", Percent, false}) + ")";
      if (random_.percent(20) && sight.sees_lead()) return "(lead.budget / " + operand(as) + ")";
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
    if (left.find('.') == std::string::npos) left = sight.sees_lead() ? "lead.tier" : "account.tier";
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
  const std::string tier = sight.sees_lead() ? "lead.tier" : "account.tier";
  std::string left = as.type == Choice ? tier : value(as, sight, false, 0);
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

/// How many leads of the account there are: each is seen as in a campaign of its own.
std::string Phrases::leads_atom(const Sight& sight) {
  static const std::vector<std::string> kCounts = {" >= 1", " >= 2", " < 2", " is 0", " is not 1", " > few"};
  if (random_.percent(10)) return "busy";
  Sight lead;
  lead.clock = sight.clock;
  lead.watched = sight.watched;
  const std::string where = random_.percent(85) ? " where (" + condition(lead, 1) + ")" : "";
  if (random_.percent(40)) return "count of leads" + where + random_.pick(kCounts);
  return "(" + std::string(random_.percent(60) ? "any" : "no") + " lead" + where + ")";
}

std::string Phrases::flag(const Sight& sight) {
  if (!sight.sees_lead()) return "account.key_account";
  return random_.percent(50) ? "lead.vip" : "lead.active";
}

std::string Phrases::atom(const Sight& sight) {
  if (sight.account && random_.percent(25)) return leads_atom(sight);
  if (random_.percent(30)) return past_atom(sight);
  std::size_t what = random_.below(100);
  if (what < 50) return comparison(random_.pick(comparable()), sight);
  if (what < 60) return text_atom(sight);
  if (what < 68) {
    static const std::vector<Property> kListed = {
        {"", Text, false}, {"", Integer, false}, {"", Choice, false}, {"", Date, false}, {"", Number, false}};
    return membership(random_.pick(kListed), sight);
  }
  if (what < 75 && !sight.sees_lead()) return leads_atom(sight);
  if (what < 72) return value({"", Text, false}, sight, false, 0) + " in lead.topics";
  if (what < 75) return value({"", Integer, false}, sight, false, 0) + " in lead.numbers";
  if (what < 83) {
    std::vector<bool> optional;
    const std::vector<std::string> all = names(random_.pick(comparable()), sight, optional);
    return (all.empty() ? "account.title" : random_.pick(all)) + (random_.percent(60) ? " is known" : " is unknown");
  }
  if (what < 90) return flag(sight);
  if (what < 93) return flag(sight) + " is " + std::string(random_.percent(50) ? "not true" : "false");
  if (what < 97) {
    const std::string member = sight.account ? "account" : "lead";
    return member + " is " + std::string(random_.percent(50) ? "" : "not ") + "with sales";
  }
  return sight.sees_lead() && random_.percent(70) ? "good_one" : "big_account";
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
  if (!sight.sees_lead()) {
    return "\"Dear {account.title else 'all'}" +
           std::string(random_.percent(30) ? ", {account.employees else 0}" : "") + "\"";
  }
  std::string nick = random_.percent(50) ? "lead.nick else 'friend'" : "lead.country else 'there'";
  out = "\"Dear {" + nick + "}";
  if (random_.percent(40)) out += ", {lead.visits} visits";
  if (random_.percent(30)) out += ", {lead.active}";
  if (random_.percent(30)) out += ", {lead.joined_on else 2026-01-02}";
  return out + "\"";
}

std::string Phrases::person(const Sight& sight) { return value({"", Text, false}, sight, true, 0); }

}  // namespace nurture::oracle
