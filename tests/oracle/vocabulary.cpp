#include "tests/oracle/vocabulary.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

#include "runtime/calendar/calendar.h"

namespace nurture::oracle {

using enum TypeKind;

bool EventWord::has(const std::string& property) const {
  return std::any_of(properties.begin(), properties.end(), [&](const Property& p) { return p.name == property; });
}

const std::vector<Property>& lead_words() {
  static const std::vector<Property> words = {
      {"country", Text, true},        {"timezone", Text, true},
      {"nick", Text, true},           {"owner", Text, true},
      {"tier", Choice, true},         {"plan", Choice, false},
      {"level", Integer, true},       {"visits", Integer, false},
      {"weight", Number, true},       {"budget", Decimal, true},
      {"rate", Percent, true},        {"vip", Boolean, true},
      {"active", Boolean, false},     {"renewal_on", Date, true},
      {"joined_on", Date, true},      {"call_at", Time, true},
      {"meeting_at", DateTime, true}, {"patience", TypeKind::Duration, true},
      {"topics", List, false, Text},  {"numbers", List, false, Integer},
      {"account", Text, true},
  };
  return words;
}

const std::vector<Property>& account_words() {
  static const std::vector<Property> words = {{"title", Text, true},          {"employees", Integer, true},
                                              {"since", Date, true},          {"tier", Choice, true},
                                              {"key_account", Boolean, true}, {"timezone", Text, true}};
  return words;
}

const std::vector<EventWord>& event_words() {
  static const std::vector<EventWord> words = {
      {"form.submitted",
       "by lead",
       false,
       false,
       {{"form", Text, false}, {"ref", Text, true}, {"size", Integer, true}}},
      {"page.viewed",
       "by lead unless machine",
       true,
       false,
       {{"url", Text, false}, {"machine", Boolean, true}, {"size", Integer, true}}},
      {"email.clicked", "by lead unless machine", true, false, {{"content", Text, true}, {"machine", Boolean, true}}},
      {"sms.clicked", "by lead unless machine", true, false, {{"content", Text, true}, {"machine", Boolean, true}}},
      {"email.replied", "by lead", false, false, {{"content", Text, false}}},
      {"demo.requested", "by lead", false, false, {{"ref", Text, true}}},
      {"order.placed",
       "by lead",
       false,
       false,
       {{"id", Text, true}, {"amount", Decimal, true}, {"pay_by", Date, true}, {"size", Integer, true}}},
      {"order.shipped", "by system", false, false, {{"id", Text, false}}},
      {"meeting.booked",
       "by lead",
       false,
       false,
       {{"id", Text, true},
        {"starts_at", DateTime, true},
        {"span", TypeKind::Duration, true},
        {"clock", Time, true},
        {"share", Percent, true},
        {"ratio", Number, true},
        {"flag", Boolean, true}}},
      {"sales.accepted", "by us answers hand off", false, false, {}},
      {"sales.rejected", "by us ends sales hold answers hand off", false, false, {{"ref", Text, true}}},
      {"opportunity.created", "by us starts sales hold", false, false, {}},
      {"opportunity.lost", "by us ends sales hold", false, false, {}},
      {"mail.logged", "by us records send", false, false, {{"content", Text, false}}},
      {"handoff.late", "by system", false, false, {}},
      {"lead.updated", "by system", false, true, {}},
      {"lead.merged", "by system", false, false, {{"into", Text, false}}},
  };
  return words;
}

const std::vector<EventWord>& group_words() {
  static const std::vector<EventWord> words = {
      {"touch", "[form.submitted, page.viewed]", true, false, {{"size", Integer, true}}},
      {"answer", "[email.clicked, email.replied]", true, false, {{"content", Text, true}}},
      {"order", "[order.placed, order.shipped, meeting.booked]", false, false, {{"id", Text, true}}},
      {"anything", "[answer, order, demo.requested]", true, false, {}},
  };
  return words;
}

const std::vector<EventWord>& heard_words() {
  static const std::vector<EventWord> words = [] {
    std::vector<EventWord> all = event_words();
    all.insert(all.end(), group_words().begin(), group_words().end());
    return all;
  }();
  return words;
}

const std::vector<ContentWord>& content_words() {
  static const std::vector<ContentWord> words = {
      {"guide", ""},
      {"story", "", "email", "asks up to 2 of [level, nick, vip, budget]"},
      {"report", "class marketing", "email", "asks up to 1 of [tier, visits, owner]"},
      {"receipt", "class transactional"},
      {"echo", "answers demo.requested"},
      {"thanks", "answers touch"},
      {"ping", "", "sms"},
      {"alarm", "class transactional", "sms"},
  };
  return words;
}

const std::vector<TableWord>& table_words() {
  static const std::vector<TableWord> words = {
      {"table grid from \"grid.csv\" by code { size: integer  fee: decimal  due: date  share: percent }",
       "grid.csv",
       "code,note,size,fee,due,share\nUS,demo,3,1.25,2026-03-20,25%\nGB,,4,,2026-03-29,\n\"Élan\",\"US\",,0.5,,12.5\n",
       {{"grid.note of lead.country", Text, true},
        {"grid.size of lead.nick", Integer, true},
        {"grid.fee of lead.country", Decimal, true},
        {"grid.due of (lead.country else \"GB\")", Date, true},
        {"grid.share of lead.nick", Percent, true}}},
      {"table steps from \"steps.csv\" by level { level: integer  weight: number  tier: choice [gold, silver, \"very "
       "new\"] }",
       "steps.csv",
       "level,weight,tier\r\n0,0.5,gold\r\n2,,silver\r\n3,-1.25,very new\r\n",
       {{"steps.weight of lead.level", Number, true}, {"steps.tier of lead.visits", Choice, true}}},
  };
  return words;
}

const std::vector<std::string>& zone_words() {
  static const std::vector<std::string> words = {
      "UTC",
      "Europe/London",
      "America/New_York",
      "Asia/Kolkata",
      "Asia/Kathmandu",
      "America/St_Johns",
      "Australia/Lord_Howe",
      "Pacific/Apia",
      "Africa/Casablanca",
      "Australia/Adelaide",
      "Mars/Olympus",
  };
  return words;
}

std::string type_text(const Property& p) {
  std::string optional = p.optional ? "?" : "";
  switch (p.type) {
    case Text:
      return "text" + optional;
    case Integer:
      return "integer" + optional;
    case Number:
      return "number" + optional;
    case Decimal:
      return "decimal" + optional;
    case Boolean:
      return "boolean" + optional;
    case Date:
      return "date" + optional;
    case Time:
      return "time" + optional;
    case DateTime:
      return "datetime" + optional;
    case TypeKind::Duration:
      return "duration" + optional;
    case Percent:
      return "percent" + optional;
    case Choice:
      return "choice [gold, silver, \"very new\"]" + optional;
    case List:
      return std::string("list of ") + (p.element == Text ? "text" : "integer") + optional;
    case Content:
      return "content" + optional;
  }
  return "";
}

namespace {

Datum day(std::int32_t year, std::int32_t month, std::int32_t d) {
  return Datum::of(Date, calendar::days_from_civil(year, month, d));
}

Datum texts(const std::string& name, Random& random) {
  if (name == "timezone") return Datum::of_text(random.pick(zone_words()));
  if (name == "into") return Datum::of_text("l000" + std::to_string(random.below(6)));
  if (name == "account") return Datum::of_text("firm_" + std::to_string(random.below(3)));
  if (name == "content") return Datum::of_text(random.pick(content_words()).name);
  if (name == "id") return Datum::of_text(random.pick(std::vector<std::string>{"a", "b", "c"}));
  if (name == "url")
    return Datum::of_text(random.pick(std::vector<std::string>{"/pricing", "/pricing/pro", "/Jobs", ""}));
  return Datum::of_text(random.pick(std::vector<std::string>{"US", "us", "GB", "Élan", "élan vital", "demo"}));
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

}  // namespace

Datum pick_value(Random& random, const Property& p) {
  switch (p.type) {
    case Text:
      return texts(p.name, random);
    case Choice:
      return Datum::of_text(random.pick(std::vector<std::string>{"gold", "silver", "very new"}), Choice);
    case Integer:
      return Datum::of(Integer, random.between(-2, 5));
    case Number:
      return Datum::of_number(static_cast<double>(random.between(-4, 12)) / 4);
    case Decimal:
      return Datum::of(Decimal, random.between(-2, 10) * 2'500);
    case Boolean:
      return Datum::of_bool(random.percent(50));
    case Date:
      return random.percent(30) ? day(2026, 3, 29) : day(2026, 3, static_cast<std::int32_t>(random.between(1, 31)));
    case Time:
      return Datum::of(Time, random.between(0, 47) * 30 * kMinute);
    case DateTime:
      return Datum::of(DateTime,
                       calendar::days_from_civil(2026, 3, 1) * kDay + random.between(0, 60 * 48) * 30 * kMinute);
    case TypeKind::Duration:
      return Datum::of_duration({0, 0, random.between(1, 96) * 30 * kMinute});
    case Percent:
      return Datum::of(Percent, random.between(0, 8) * 125'000);
    case List: {
      std::vector<Datum> items;
      for (std::int64_t n = random.between(0, 3); n > 0; --n)
        items.push_back(pick_value(random, {"", p.element, false}));
      return Datum::of_list(std::move(items));
    }
    case Content:
      return Datum::of_text(random.pick(content_words()).name, Content);
  }
  return Datum::unknown();
}

std::string literal(const Datum& d) {
  switch (d.kind) {
    case Text:
      return quoted(d.text);
    case Content:
      return d.text;
    case Choice:
      return d.text == "very new" ? quoted(d.text) : d.text;
    case Integer:
      return std::to_string(d.whole);
    case Number:
      return fmt::format("{:.2f}", d.number);
    case Decimal:
      return fmt::format("{:.2f}", static_cast<double>(d.whole) / static_cast<double>(kDecimalScale));
    case Boolean:
      return d.whole ? "true" : "false";
    case Date:
      return calendar::format_date(d.whole);
    case Time:
      return calendar::format_time(d.whole);
    case DateTime:
      return calendar::format_local(d.whole, calendar::utc());
    case TypeKind::Duration:
      return fmt::format("{} minutes", d.duration.micros / kMinute);
    case Percent:
      return fmt::format("{:g}%", static_cast<double>(d.whole) / static_cast<double>(kPercentScale));
    case List: {
      std::string out;
      for (const Datum& item : d.items) out += (out.empty() ? "" : ", ") + literal(item);
      return "[" + out + "]";
    }
  }
  return "";
}

const std::vector<std::string>& duration_texts() {
  static const std::vector<std::string> texts = {
      "1 minute", "5 minutes", "30 minutes", "1 hour", "6 hours", "24 hours",
      "1 day",    "2 days",    "3 days",     "1 week", "2 weeks", "1 month",
  };
  return texts;
}

nurture::Duration duration_of(const std::string& text) {
  std::istringstream in(text);
  int n = 0;
  std::string unit;
  in >> n >> unit;
  auto days = [&](int each) { return nurture::Duration{0, static_cast<std::int16_t>(n * each), 0}; };
  if (unit.starts_with("minute")) return {0, 0, n * kMinute};
  if (unit.starts_with("hour")) return {0, 0, n * kHour};
  if (unit.starts_with("day")) return days(1);
  if (unit.starts_with("week")) return days(7);
  return {static_cast<std::int16_t>(n), 0, 0};
}

}  // namespace nurture::oracle
