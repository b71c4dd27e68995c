#include <algorithm>
#include <fmt/format.h>

#include "tests/oracle/generate.h"
#include "tests/oracle/maker.h"

namespace nurture::oracle {

using enum TypeKind;

const EventWord& pick_event(Random& random) { return random.pick(heard_words()); }

namespace {

Piece block(std::string open, std::vector<Piece> parts, bool droppable = true) {
  return {std::move(open) + " {", std::move(parts), "}", droppable};
}

}  // namespace

void CampaignMaker::plan() {
  stages_ = 1 + random_.below(3);
  lasts_ = random_.percent(85);
  const auto& open = neighbours_.enrollable;
  const auto& accounts = neighbours_.accounts;
  account_ = std::find(accounts.begin(), accounts.end(), name_) != accounts.end();
  const bool enrollable = std::find(open.begin(), open.end(), name_) != open.end();
  if (!plain_ && !enrollable && !account_ && random_.percent(20)) key_ = random_.percent(65) ? "id" : "size";
  remembers_ = random_.percent(50) && !plain_;
  std::vector<const EventWord*> possible;
  for (const EventWord& word : heard_words()) {
    if (key_.empty() || word.has(key_)) possible.push_back(&word);
  }
  idle_ = key_.empty() && !plain_ ? random_.below(3) : 0;
  const bool events = idle_ == 0 || random_.percent(75);
  for (std::size_t n = events ? 1 + random_.below(2) : 0; n > 0; --n) entering_.push_back(random_.pick(possible));
  for (const EventWord* word : entering_) {
    for (const Property& p : word->properties) {
      auto known = std::find_if(entry_properties_.begin(), entry_properties_.end(),
                                [&](const Property& other) { return other.name == p.name; });
      if (known == entry_properties_.end()) entry_properties_.push_back(p);
    }
  }
}

std::string CampaignMaker::event_ref(const EventWord& word, bool with_where) {
  std::string out = word.name;
  if (word.has("content") && random_.percent(40)) out += " of " + random_.pick(content_words()).name;
  if (word.machine && random_.percent(25)) out += " including machine";
  if (with_where && !word.updates && random_.percent(35)) {
    Sight sight = inside();
    sight.event = &word;
    const std::string condition = of_event(sight);
    if (!condition.empty()) out += " where " + condition;
  }
  return out;
}

/// A condition on the event at hand; of a plain campaign as a rule a comparison, or none.
std::string CampaignMaker::of_event(const Sight& sight) {
  if (!plain_ || random_.percent(8)) return phrases_.condition(sight, 1);
  static const std::vector<std::string> kCompares = {"size >= ", "size < ", "3 > ", "size is "};
  if (sight.event == nullptr || !sight.event->has("size")) return "";
  const std::string& compares = random_.pick(kCompares);
  return compares + (compares.starts_with('3') ? "size" : std::to_string(random_.between(0, 6)));
}

/// A condition for a `when`.
std::string CampaignMaker::watched() {
  Sight sight = inside();
  sight.clock = false;
  sight.watched = true;
  return phrases_.condition(sight, 1);
}

void CampaignMaker::entries(std::vector<Piece>& out) {
  for (const EventWord* word : entering_) {
    Sight sight{.event = word, .entry = nullptr, .remembered = false, .account = account_};
    std::string text = "enter on " + word->name;
    if (word->has("content") && random_.percent(30)) text += " of " + random_.pick(content_words()).name;
    if (word->machine && random_.percent(25)) text += " including machine";
    const auto add = [&](const char* introduced, const std::string& condition) {
      if (!condition.empty()) text += introduced + condition;
    };
    if (!word->updates && random_.percent(25)) add(" where ", of_event(sight));
    if (random_.percent(25)) add(" if ", of_event(sight));
    if (stages_ > 1 && random_.percent(20)) text += " at stage " + stage_name(random_.below(stages_));
    out.push_back(line(text));
  }
}

/// What may stand behind every entry.
std::string CampaignMaker::options() {
  std::string out;
  Sight outside{.account = account_};
  if (random_.percent(25)) out += " if " + phrases_.condition(outside, 1);
  if (stages_ > 1 && random_.percent(20)) out += " at stage " + stage_name(random_.below(stages_));
  return out;
}

std::string CampaignMaker::silence() {
  static const std::vector<std::string> kSpans = {"1 day", "2 days", "1 week", "10 days", "1 month"};
  std::string out = "on silence of " + random_.pick(kSpans);
  if (random_.percent(40)) return out;
  const EventWord& word = pick_event(random_);
  out += " of " + word.name;
  if (random_.percent(30)) return out + ", " + pick_event(random_).name;
  if (word.updates || !random_.percent(40)) return out;
  Sight sight{.event = &word, .account = account_};
  return out + " where " + phrases_.condition(sight, 1);
}

std::string CampaignMaker::idle_entry() {
  static const std::vector<std::string> kEvery = {"Monday 09:00", "Sunday 02:30", "Monday to Friday 08:30",
                                                  "Tuesday",      "23:30",        "Friday 17:00 in \"Asia/Kathmandu\""};
  static const std::vector<std::string> kDates = {"lead.renewal_on", "lead.joined_on", "lead.meeting_at",
                                                  "account.since"};
  std::string spread = random_.percent(30) ? " also those already true, spread over " + duration() : "";
  Sight outside{.account = account_};
  outside.clock = false;
  outside.watched = true;
  switch (random_.below(6)) {
    case 0:
      return "every " + random_.pick(kEvery) + options();
    case 1:
      return fmt::format("once at 2026-03-{:02} {}{}", random_.between(1, 31), random_.percent(50) ? "02:30" : "09:00",
                         options());
    case 2: {
      std::string date = account_ ? kDates.back() : random_.pick(kDates);
      std::string at = date != "lead.meeting_at" && random_.percent(40) ? " at 09:00" : "";
      std::string length = random_.pick(std::vector<std::string>{"1 day", "3 days", "1 week", "1 month"});
      if (at.empty() && random_.percent(20)) length = "6 hours";
      return length + " before " + date + at + (random_.percent(40) ? " or at once if late" : "") + options() + spread;
    }
    case 3:
      return silence() + options() + spread;
    default:
      return "when " + phrases_.condition(outside, 1) + options() + spread;
  }
}

void CampaignMaker::idle_entries(std::vector<Piece>& out) {
  for (std::size_t n = idle_; n > 0; --n) out.push_back(line("enter " + idle_entry()));
}

/// One of those behind this campaign: enrolments that go round would bring thousands of memberships.
std::string CampaignMaker::other(const std::vector<std::string>& campaigns) {
  std::vector<std::string> others;
  const auto& all = neighbours_.names;
  const auto place = [&](const std::string& name) { return std::find(all.begin(), all.end(), name) - all.begin(); };
  for (const std::string& name : campaigns) {
    if (place(name) > place(name_)) others.push_back(name);
  }
  return others.empty() ? "" : random_.pick(others);
}

void CampaignMaker::goals(std::vector<Piece>& out) {
  for (std::size_t n = random_.below(3); n > 0; --n) {
    if (random_.percent(30)) {
      std::string within = random_.percent(60) ? " within " + duration() : "";
      out.push_back(line(fmt::format("goal g{}: when {}{}", n, watched(), within)));
      continue;
    }
    if (random_.percent(15)) {
      out.push_back(line(fmt::format("goal g{}: order.placed worth {}", n, random_.percent(60) ? "amount" : "size")));
      continue;
    }
    std::string text = fmt::format("goal g{}: {}", n, event_ref(pick_event(random_)));
    if (random_.percent(70))
      text += " within " + duration() + (random_.percent(30) ? " of send" : random_.percent(30) ? " of entry" : "");
    if (random_.percent(35)) text += " then exit as " + reason();
    out.push_back(line(text));
  }
}

void CampaignMaker::exits(std::vector<Piece>& out) {
  for (std::size_t n = random_.below(3); n > 0; --n) {
    bool on = plain_ || random_.percent(60);
    if (!plain_ && random_.percent(15)) {
      out.push_back(line("exit " + silence() + " as " + reason()));
      continue;
    }
    std::string cause = on ? "on " + event_ref(pick_event(random_)) : "when " + watched();
    out.push_back(line("exit " + cause + " as " + reason()));
  }
}

Piece CampaignMaker::trigger(std::size_t stage, bool must_leave) {
  Where body{.sight = inside(), .stage = stage};
  body.may_wait = false;
  body.depth = 1;
  body.reaction = true;
  body.may_exit = random_.percent(40);
  std::string head;
  if (!plain_ && random_.percent(15)) {
    head = silence();
  } else if (plain_ || random_.percent(60)) {
    const EventWord& word = pick_event(random_);
    body.sight.event = &word;
    head = "on " + event_ref(word);
  } else {
    head = "when " + watched() + (random_.percent(30) ? " becomes true" : "");
  }
  if (!lasts_) {
    body.may_leave = must_leave;
    body.may_exit = must_leave;
    return block(head, must_leave ? std::vector<Piece>{line("exit as " + reason())} : falling(body, 2));
  }
  if (must_leave) return block(head, {line("exit as " + reason(), false)});
  bool leaves = random_.percent(45);
  if (!leaves) return block(head, falling(body, 3));
  std::vector<Piece> parts = falling(body, 2);
  std::size_t to = random_.below(stages_);
  bool out_of_it = body.may_exit && random_.percent(40);
  parts.push_back(line(out_of_it             ? "exit as " + reason()
                       : random_.percent(15) ? "restart stage"
                                             : "go to " + stage_name(to)));
  return block(head, std::move(parts));
}

Piece CampaignMaker::stage(std::size_t index) {
  Piece out = block("stage " + stage_name(index), {}, index != 0);
  for (std::size_t n = random_.below(3); n > 0; --n) out.parts.push_back(trigger(index, false));
  Where where{.sight = inside(), .stage = index};
  where.main = true;
  std::vector<Piece> statements = leaving(where);
  bool stays = render(block("", statements)).find("stay\n") != std::string::npos;
  if (stays) out.parts.push_back(trigger(index, true));
  if (remembers_ && !plain_ && index == 0) {
    out.parts.push_back(line(account_ ? "remember kept as account.title" : "remember kept as lead.country"));
    out.parts.push_back(line(account_ ? "remember tally as account.employees" : "remember tally as lead.level"));
  }
  for (Piece& piece : statements) out.parts.push_back(std::move(piece));
  return out;
}

void CampaignMaker::clauses(std::vector<Piece>& out) {
  Sight sight{.account = account_};
  for (int twice = 0; twice < 2; ++twice) {
    const unsigned rarely = plain_ ? 4 : 1;
    if (random_.percent(15 / rarely)) out.push_back(line("audience " + phrases_.condition(sight, 1)));
    if (random_.percent(12 / rarely)) out.push_back(line("exclude " + phrases_.condition(sight, 1)));
  }
  entries(out);
  idle_entries(out);
  if (random_.percent(4)) out.push_back(line("status paused"));
  if (!key_.empty())
    out.push_back(line("one membership per " + key_ + (random_.percent(50) ? " up to 2 at once" : "")));
  if (random_.percent(80)) out.push_back(line(random_.percent(50) ? "reenter always" : "reenter after " + duration()));
  if (lasts_) {
    static const std::vector<std::string> kSpans = {"1 day", "1 week", "10 days", "1 month", "2 months", "6 hours"};
    out.push_back(line("lasts at most " + random_.pick(kSpans) + " as too_long"));
  }
  if (plain_) return reactions(out);
  if (random_.percent(20)) out.push_back(line(random_.percent(50) ? "holdout 30%" : "holdout 50.5%"));
  if (random_.percent(30)) {
    static const std::vector<std::string> kSales = {"pause", "continue", "leave as with_them"};
    out.push_back(line("while with sales " + random_.pick(kSales)));
  }
  if (random_.percent(30)) out.push_back(line("priority " + std::to_string(random_.between(-1, 2))));
  sending(out);
  goals(out);
  reactions(out);
  if (random_.percent(25)) out.push_back(on_exit());
}

void CampaignMaker::reactions(std::vector<Piece>& out) {
  exits(out);
  for (std::size_t n = random_.below(3); n > 0; --n) out.push_back(trigger(stages_, false));
}

Piece CampaignMaker::make() {
  plan();
  Piece out = block("campaign " + name_ + (account_ ? " for account" : ""), {});
  clauses(out.parts);
  for (std::size_t i = 0; i < stages_; ++i) out.parts.push_back(stage(i));
  return out;
}

namespace {

/// With events that reach the colleagues of who did them, in `of_account` of a hundred.
Piece declarations(Random& random, unsigned of_account) {
  auto fields = [](const std::string& head, const std::vector<Property>& words) {
    Piece out = block(head, {}, false);
    for (const Property& p : words) {
      std::string fallback = p.optional          ? ""
                             : p.type == Choice  ? " = gold"
                             : p.type == List    ? " = []"
                             : p.type == Boolean ? " = true"
                                                 : " = 0";
      bool event = head.starts_with("event");
      out.parts.push_back(line(p.name + ": " + type_text(p) + (event ? "" : fallback), false));
    }
    return out;
  };
  Piece out;
  Piece program = block("program", {}, false);
  program.parts = {
      line("name \"Oracle\"", false),
      line("timezone \"" + random.pick(std::vector<std::string>{"Europe/London", "UTC", "America/New_York"}) + "\"",
           false)};
  // Long enough that circles through a hold's end stay comparable in their number.
  static const std::vector<std::string> kHolds = {"1 hour", "2 days", "1 week", "30 days"};
  if (random.percent(50)) program.parts.push_back(line("sales hold at most " + random.pick(kHolds)));
  out.parts.push_back(program);
  out.parts.push_back(fields("lead", lead_words()));
  out.parts.push_back(fields("account", account_words()));
  for (const EventWord& word : event_words()) {
    std::string head = "event " + word.name + " " + word.head;
    if (word.name != "handoff.late" && random.percent(of_account)) head += " of account";
    out.parts.push_back(word.properties.empty() ? line(head) : fields(head, word.properties));
  }
  for (const TableWord& word : table_words()) out.parts.push_back(line(word.declaration, false));
  for (const EventWord& word : group_words())
    out.parts.push_back(line("event group " + word.name + ": " + word.head, false));
  for (const ContentWord& word : content_words()) {
    Phrases phrases(random);
    Piece content = block("content " + word.name + ": " + word.channel, {line("subject " + phrases.message({}))});
    static const std::vector<std::string> kDates = {"until 2026-03-24", "until 2026-03-30", "from 2026-03-12",
                                                    "from 2026-03-28", "from 2026-03-10 until 2026-03-29"};
    if (random.percent(20)) content.parts.push_back(line("available " + random.pick(kDates)));
    if (random.percent(20))
      content.parts.push_back(block("variant when " + phrases.condition({.remembered = false}, 1),
                                    {line("subject " + phrases.message({}), false)}));
    if (!word.message_class.empty()) content.parts.push_back(line(word.message_class));
    if (!word.asks.empty()) content.parts.push_back(line(word.asks));
    out.parts.push_back(content);
  }
  Phrases phrases(random);
  for (Piece& score : score_declarations(random)) out.parts.push_back(std::move(score));
  out.parts.push_back(line("let few: " + std::to_string(random.between(1, 3))));
  out.parts.push_back(
      line("let pause_time: " + random.pick(std::vector<std::string>{"90 minutes", "1 day", "3 days"})));
  declare_sending(random, out.parts);
  out.parts.push_back(line("segment good_one: lead.level >= few or lead.country is \"US\""));
  out.parts.push_back(line("segment big_account: account.employees >= few or account.title is \"US\""));
  out.parts.push_back(line("segment busy: count of leads where (lead.active) >= few"));
  return out;
}

}  // namespace

Piece generate_programme(Random& random) {
  const bool accounts = random.percent(40);
  Piece out = declarations(random, accounts ? 20 : random.percent(20) ? 30 : 0);
  std::size_t campaigns = 1 + random.below(4);
  static const std::vector<std::string> kNames = {"north", "south", "east", "west"};
  Neighbours neighbours;
  for (std::size_t i = 0; i < campaigns; ++i) {
    if (accounts && random.percent(60)) {
      neighbours.accounts.push_back(kNames[i]);
      continue;
    }
    neighbours.names.push_back(kNames[i]);
    if (random.percent(50)) neighbours.enrollable.push_back(kNames[i]);
  }
  for (std::size_t i = 0; i < campaigns; ++i) {
    add_campaign(random, kNames[i], CampaignMaker(random, kNames[i], neighbours).make(), out.parts);
  }
  claim_of_programme(random, {kNames.begin(), kNames.begin() + static_cast<std::ptrdiff_t>(campaigns)}, out);
  Random for_scenario = random.fork();
  if (for_scenario.percent(70)) scenario_of_programme(for_scenario, out);
  return out;
}

Piece generate_plain_programme(Random& random) {
  Piece out = declarations(random, 0);
  Neighbours neighbours;
  neighbours.plain = true;
  for (const char* name : {"north", "south"}) {
    neighbours.names.emplace_back(name);
    out.parts.push_back(CampaignMaker(random, name, neighbours).make());
    if (random.percent(60)) break;
  }
  return out;
}

}  // namespace nurture::oracle
