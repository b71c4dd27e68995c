#include <fmt/format.h>

#include "tests/oracle/maker.h"

/// What decides when and whether messages go out. Hours open and close at quarters of an hour only: the reference looks
/// at no other instants.
namespace nurture::oracle {

namespace {

Piece block(std::string open, std::vector<Piece> parts, bool droppable = true) {
  return {std::move(open) + " {", std::move(parts), "}", droppable};
}

std::string channel(Random& random) {
  static const std::vector<std::string> kChannels = {"email ", "sms ", ""};
  return random.pick(kChannels);
}

std::string hours_zone(Random& random) {
  static const std::vector<std::string> kZones = {"", "", " in lead.timezone", " in \"America/New_York\"",
                                                  " in \"Australia/Lord_Howe\""};
  return random.pick(kZones);
}

std::string event(Random& random) { return listened(random, pick_event(random)); }

std::string never(Random& random) {
  static const std::vector<std::string> kWhat = {"send email",         "send sms", "send",
                                                 "send transactional", "assign",   "send marketing"};
  std::string text = "never " + random.pick(kWhat);
  bool any = false;
  if (random.percent(60)) {
    text += " after " + event(random) + (random.percent(25) ? ", " + event(random) : "");
    if (random.percent(70)) text += " until " + event(random);
    any = true;
  }
  if (random.percent(20)) {
    text += random.percent(50) ? " outside office" : " outside nights";
    any = true;
  }
  if (!any || random.percent(30)) {
    Phrases phrases(random);
    text += " when " + phrases.condition({.remembered = false}, 1);
  }
  return text;
}

std::string quiet(Random& random) {
  static const std::vector<std::string> kHours = {"20:00 to 08:00", "22:30 to 06:15", "12:00 to 14:00",
                                                  "01:15 to 02:45", "02:00 to 03:00"};
  return "quiet hours " + random.pick(kHours) + hours_zone(random);
}

Piece policy(Random& random, const std::string& name) {
  Piece out = block("policy " + name, {});
  for (std::size_t n = random.below(3); n > 0; --n) out.parts.push_back(line(never(random)));
  if (random.percent(40)) out.parts.push_back(line(limit(random)));
  if (random.percent(30)) out.parts.push_back(line(quiet(random)));
  if (random.percent(10)) out.parts.push_back(line("send only in office"));
  if (random.percent(10)) out.parts.push_back(line("throttle email to 1 per hour"));
  if (random.percent(15)) out.parts.push_back(line(random.percent(50) ? "holdout 20%" : "holdout 50.5%"));
  return out;
}

}  // namespace

std::string listened(Random& random, const EventWord& word) {
  std::string text = word.name;
  if (word.machine && random.percent(25)) text += " including machine";
  if (!word.updates && !word.properties.empty() && random.percent(25)) {
    Phrases phrases(random);
    text += " where (" + phrases.condition({.event = &word, .remembered = false}, 1) + ")";
  }
  return text;
}

std::string limit(Random& random) {
  static const std::vector<std::string> kPer = {"1 hour", "1 day", "24 hours", "3 days", "7 days", "1 month"};
  return fmt::format("limit {}to {} per {}", channel(random), random.between(1, 3), random.pick(kPer));
}

void declare_sending(Random& random, std::vector<Piece>& out) {
  std::string off;
  for (int i = 0; i < 4; ++i) off += fmt::format("2026-03-{:02} ", random.between(1, 31));
  out.push_back(line("calendar off { " + off + "2026-04-03 to 2026-04-06 }", false));
  static const std::vector<std::string> kOffice = {"Monday to Friday 09:00 to 17:00",
                                                   "Monday, Wednesday Friday 09:00 to 10:00",
                                                   "09:30 to 12:00 13:00 to 17:45", "Tuesday 01:30 to 03:15 Sunday"};
  static const std::vector<std::string> kNights = {"22:00 to 06:00", "Friday 20:30 to 04:00 Sunday 01:00 to 03:00",
                                                   "Saturday, Sunday 12:00 to 12:00"};
  auto hours = [&](const std::string& spans) {
    return spans + hours_zone(random) + (random.percent(60) ? " except off" : "");
  };
  out.push_back(line("window office { " + hours(random.pick(kOffice)) + " }", false));
  out.push_back(line("window nights { " + hours(random.pick(kNights)) + " }", false));
  out.push_back(line("stream library: [guide, report, story, ping]", false));
  out.push_back(line("stream again_and_again: [story, thanks] again after " +
                         random.pick(std::vector<std::string>{"1 day", "36 hours", "1 week"}),
                     false));
  if (random.percent(60)) out.push_back(policy(random, "house"));
  if (random.percent(20)) out.push_back(policy(random, "more_rules"));
}

/// Clauses of a campaign.
void CampaignMaker::sending(std::vector<Piece>& out) {
  if (random_.percent(20)) out.push_back(line(random_.percent(60) ? "send only in office" : "send only in nights"));
  if (random_.percent(20)) out.push_back(line(limit(random_)));
  if (random_.percent(15)) out.push_back(line(random_.percent(70) ? "exclusive in track" : "exclusive in other_track"));
  if (random_.percent(10)) {
    static const std::vector<std::string> kActive = {"from 2026-03-12", "until 2026-03-28",
                                                     "from 2026-03-10 until 2026-03-29",
                                                     "from 2026-03-11 06:30 until 2026-03-27 12:00"};
    out.push_back(line("active " + random_.pick(kActive)));
  }
}

Piece CampaignMaker::on_exit() {
  Where where{.sight = inside(), .stage = stages_};
  where.may_wait = false;
  where.may_leave = true;  // with `reaction` and `may_exit`, what makes sends say `now or skip`
  where.may_exit = true;
  where.reaction = true;
  where.depth = 3;
  std::vector<Piece> parts;
  for (std::size_t n = 1 + random_.below(2); n > 0; --n) {
    const std::string to = account_ ? " to leads" : "";
    parts.push_back(random_.percent(40) ? line("send " + sent() + to + " now or skip") : work(where));
  }
  return block("on exit", std::move(parts));
}

}  // namespace nurture::oracle
