#include <fmt/format.h>

#include "tests/oracle/maker.h"

namespace nurture::oracle {

using enum TypeKind;

Piece line(std::string text, bool droppable) { return {std::move(text), {}, "", droppable}; }

namespace {

Piece block(std::string open, std::vector<Piece> parts, bool droppable = true) {
  return {std::move(open) + " {", std::move(parts), "}", droppable};
}

}  // namespace

/// Statements after which the body goes on.
std::vector<Piece> CampaignMaker::falling(const Where& where, std::size_t most) {
  std::vector<Piece> out;
  if (plain_ && !where.may_wait) return out;
  for (std::size_t n = random_.below(most + 1); n > 0; --n) out.push_back(plain_ ? wait(where) : statement(where));
  return out;
}

/// A body that says on every path where the lead goes.
std::vector<Piece> CampaignMaker::leaving(const Where& where) {
  std::vector<Piece> out = falling(where, where.depth > 1 ? 1 : 3);
  if (!plain_ && where.depth < 3 && random_.percent(30)) {
    out.push_back(random_.percent(50) ? branch(deeper(where), true) : split(deeper(where), true));
    return out;
  }
  for (Piece& piece : last(where)) out.push_back(std::move(piece));
  return out;
}

/// The end of a path. Going back needs time or an event in between, so a wait comes first where there is none.
std::vector<Piece> CampaignMaker::last(const Where& where) {
  std::vector<Piece> out;
  if (where.handler && !where.may_wait && random_.percent(50)) return {line("keep waiting")};
  if (where.handler && random_.percent(35)) return {line("move on")};
  if (where.main && lasts_ && random_.percent(15)) return {line("stay")};
  bool may_exit = where.may_exit;
  std::size_t to = random_.below(stages_);
  bool forward = to > where.stage;
  if (!may_exit && !lasts_ && where.stage + 1 >= stages_) {
    if (where.main && !where.handler) return {line("wait 1 hour", false), line("exit as " + reason())};
    return {line(where.handler ? "move on" : "keep waiting")};
  }
  if (may_exit && ((!lasts_ && where.stage + 1 >= stages_) || random_.percent(35)))
    return {line("exit as " + reason())};
  if (!lasts_) return {line("go to " + stage_name(where.stage + 1 + random_.below(stages_ - where.stage - 1)))};
  static const std::vector<std::string> kBack = {"30 minutes", "6 hours", "1 day", "2 days", "1 week", "pause_time"};
  if (!forward && where.main) out.push_back(line("wait " + random_.pick(kBack)));
  if (to == where.stage && (where.main || (where.handler && where.may_wait) || random_.percent(60))) {
    out.push_back(line("restart stage"));
  } else {
    out.push_back(line("go to " + stage_name(to)));
  }
  return out;
}

Piece CampaignMaker::statement(const Where& where) {
  std::size_t what = random_.below(100);
  bool deep = where.depth >= 3;
  if (what < 24) return send(where);
  if (what < 44 && where.may_wait) return wait(where);
  if (what < 54 && !deep) return branch(deeper(where), false);
  if (what < 60 && !deep) return split(deeper(where), false);
  if (what < 66 && !deep && where.may_wait) return repeat(where);
  return work(where);
}

std::string CampaignMaker::business_days() {
  const std::string days = std::to_string(random_.between(1, 8)) + " business days";
  return days + (random_.percent(50) ? random_.percent(50) ? " of office" : " of nights" : "");
}

/// A length of time, or of time inside a window.
std::string CampaignMaker::promise() {
  if (random_.percent(70)) return duration();
  static const std::vector<std::string> kHours = {"5 minutes", "90 minutes", "8 hours", "30 hours"};
  if (random_.percent(30)) return business_days();
  return random_.pick(kHours) + " of " + (random_.percent(50) ? "office" : "nights");
}

Piece CampaignMaker::work(const Where& where) {
  const Sight& sight = where.sight;
  std::string note = random_.percent(70) ? " " + phrases_.message(sight) : "";
  static const std::vector<std::size_t> kOfAccounts = {0, 0, 1, 2, 3, 4, 8};
  switch (account_ ? random_.pick(kOfAccounts) : random_.below(10)) {
    case 9: {
      std::string score = random_.percent(70) ? "score.heat" : "score.fit";
      if (random_.percent(25)) return line("reset " + score);
      static const std::vector<std::string> kPoints = {"1", "7.5", "-3", "40", "lead.visits"};
      return line("add " + random_.pick(kPoints) + " to " + score);
    }
    case 0:
      return line("hand off to sales" + note + (random_.percent(50) ? " answer within " + promise() : ""));
    case 1:
      return line("take back from sales");
    case 2:
      return line(fmt::format("assign {}{} to {}{}{}", random_.percent(50) ? "call" : "task",
                              random_.percent(30) ? " as follow_up" : "", phrases_.person(sight),
                              random_.percent(50) ? " due in " + promise() : "", note));
    case 3:
      return line("notify " + phrases_.person(sight) + note);
    case 4:
      if (remembers_) return remember(where);
      return account_ ? line("notify " + phrases_.person(sight) + note) : set(where);
    case 7: {
      std::string to = other(neighbours_.enrollable);
      if (to.empty()) return line("add to audience warm_ads");
      return line("enroll in " + to);
    }
    case 8: {
      if (account_) return line("call webhook \"https://example.com/hook\"");
      std::string from = other(neighbours_.names);
      if (from.empty() || random_.percent(30)) return line("remove from audience warm_ads");
      return random_.percent(30) ? line("call webhook \"https://example.com/hook\"") : line("remove from " + from);
    }
    default:
      return set(where);
  }
}

Piece CampaignMaker::remember(const Where& where) {
  Sight plain = where.sight;
  plain.remembered = false;
  if (random_.percent(30)) return line("remember tally as " + phrases_.value({"", Integer, false}, plain, false));
  return line("remember kept as " + phrases_.value({"", Text, false}, plain, false));
}

Piece CampaignMaker::set(const Where& where) {
  const Property& p = random_.pick(lead_words());
  if (p.name == "account" || (p.name == "timezone" && !random_.percent(15))) return set(where);
  if (p.optional && random_.percent(20)) return line("clear lead." + p.name);
  if (p.name == "timezone")
    return line("set lead.timezone to \"" + zone_words()[random_.below(zone_words().size() - 1)] + "\"");
  return line("set lead." + p.name + " to " + phrases_.value(p, where.sight, !p.optional));
}

std::string CampaignMaker::sent() {
  if (random_.percent(14)) return random_.percent(60) ? "next of library" : "next of again_and_again";
  if (random_.percent(8))
    return random_.percent(50) ? "first permitted of [ping, guide]" : "first permitted of [report, ping, story]";
  const ContentWord& content = random_.pick(content_words());
  return (random_.percent(10) ? content.channel + " " : "") + content.name;
}

/// What might be held up when the account leaves says `now or skip`, or a wait comes first.
Piece CampaignMaker::send_to_leads(const Where& where) {
  std::string text = "send " + sent() + " to leads";
  if (random_.percent(40)) text += " where " + phrases_.condition(Sight{}, 1);
  const bool leaves_soon = where.may_exit && where.may_leave;
  const bool held_up = !leaves_soon || (where.may_wait && random_.percent(65));
  if (!held_up) return line(text + " now or skip");
  if (random_.percent(40)) text += " for up to " + duration();
  if (!leaves_soon) return line(text);
  return {"", {line(text), line("wait " + duration(), false)}, "", true};
}

Piece CampaignMaker::send(const Where& where) {
  if (account_) return send_to_leads(where);
  bool leaves_soon = where.reaction && where.may_exit && where.may_leave;
  std::string text = "send " + sent();
  if (leaves_soon || random_.percent(15)) {
    text += " now or skip";
  } else if (random_.percent(30)) {
    text += " for up to " + duration();
  }
  if (!random_.percent(35)) return line(text);
  Where body = deeper(where);
  if (!where.may_wait) {
    body.may_leave = false;
    body.may_exit = false;
  }
  std::vector<Piece> parts = body.depth < 3 && body.may_leave && random_.percent(20) ? leaving(body) : falling(body, 2);
  bool none_left = text.starts_with("send next of") && random_.percent(60);
  return block(text + (none_left ? " if none left" : " else"), std::move(parts));
}

Piece CampaignMaker::branch(const Where& where, bool all_leave) {
  auto arm = [&](bool leave) { return leave && where.may_leave ? leaving(where) : falling(where, 2); };
  Piece out{"", {}, "", true};
  std::size_t arms = 1 + random_.below(2);
  std::size_t falls = random_.below(arms);
  for (std::size_t i = 0; i < arms; ++i) {
    bool leave = all_leave || (i != falls && random_.percent(50));
    out.parts.push_back(block((i ? "else if " : "if ") + phrases_.condition(where.sight), arm(leave), i != 0));
  }
  if (all_leave || random_.percent(50)) {
    out.parts.push_back(block("else", arm(all_leave || random_.percent(40)), !all_leave));
  }
  return out;
}

Piece CampaignMaker::split(const Where& where, bool all_leave) {
  static const std::vector<std::vector<std::string>> kShares = {
      {"50%", "50%"}, {"10%", "90%"}, {"33.34%", "33.33%", "33.33%"}, {"0.01%", "99.99%"}, {"20%", "30%", "50%"}};
  const auto& shares = random_.pick(kShares);
  std::size_t falls = random_.below(shares.size());
  const std::string whose = random_.percent(20) ? " by account" : "";
  const std::string anew = random_.percent(30) ? " drawn anew each pass" : "";
  Piece out{fmt::format("split p{}{}{} {{", splits_++, whose, anew), {}, "}", true};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    bool leave = where.may_leave && (all_leave || (i != falls && random_.percent(35)));
    out.parts.push_back(block(shares[i] + " b" + std::to_string(i), leave ? leaving(where) : falling(where, 2), false));
  }
  return out;
}

Piece CampaignMaker::repeat(const Where& where) {
  static const std::vector<std::string> kEvery = {
      "5 minutes", "1 hour", "1 day", "2 days", "1 week", "Tuesday 10:00", "Sunday 02:30", "Monday to Friday 09:00",
      "1 month"};
  std::string head = fmt::format("repeat every {} up to {} times", random_.pick(kEvery), random_.between(1, 4));
  return block(head, falling(deeper(where), 3));
}

std::string CampaignMaker::until(const Where& where) {
  static const std::vector<std::string> kTimes = {"09:00",
                                                  "02:30",
                                                  "00:00",
                                                  "Tuesday",
                                                  "next Tuesday",
                                                  "next Monday 09:00",
                                                  "Friday 16:30",
                                                  "Monday to Friday 08:30",
                                                  "next Sunday 02:30",
                                                  "Sunday 01:30 in \"America/New_York\"",
                                                  "next Saturday 23:30 in \"Asia/Kathmandu\""};
  if (random_.percent(50)) return random_.pick(kTimes);
  bool date = random_.percent(50);
  Property p{"", date ? Date : DateTime, false};
  bool at_most = !lasts_ || random_.percent(50);
  std::string target = phrases_.value(p, where.sight, at_most, at_most ? 0 : 1);
  if (random_.percent(20)) {
    target = fmt::format("2026-03-{:02} 02:30{}", random_.between(1, 31),
                         random_.percent(30) ? " in \"Europe/London\"" : "");
  }
  if (random_.percent(35)) target += ", at least " + duration();
  if (at_most) target += ", at most " + duration();
  return target;
}

std::string CampaignMaker::until_condition() {
  std::string out = watched();
  if (random_.percent(30)) out += ", at least " + duration();
  if (!lasts_ || random_.percent(60)) out += ", at most " + duration();
  return out;
}

Piece CampaignMaker::wait(const Where& where) {
  std::size_t what = random_.below(plain_ ? 60 : 100);
  if (!plain_ && random_.percent(6)) return line("wait " + business_days());
  const auto length = [&] { return !plain_ && random_.percent(15) ? promise() : duration(); };
  std::string head = what < 25   ? "wait " + length()
                     : what > 88 ? "wait until " + until_condition()
                     : what < 60 ? "wait up to " + length()
                                 : "wait until " + until(where);
  if ((what < 25 || what >= 60) && random_.percent(60)) return line(head);
  Piece out = block(head, {});
  handlers(out, where);
  if (out.parts.empty()) return line("wait " + duration());
  return out;
}

void CampaignMaker::handlers(Piece& wait, const Where& where) {
  Where body = deeper(where);
  body.sight = inside();
  for (std::size_t n = 1 + random_.below(3); n > 0; --n) wait.parts.push_back(handler(body));
  if (!random_.percent(50)) return;
  Where rest = body;
  rest.handler = false;
  rest.main = true;
  bool leaves = random_.percent(30) && !where.handler && rest.depth < 3 && where.main;
  if (leaves)
    wait.parts.push_back(block("on demo.requested", {line("move on", false)}));  // so that what follows is reached
  wait.parts.push_back(block("otherwise", leaves ? leaving(rest) : falling(rest, 2)));
}

Piece CampaignMaker::handler(const Where& where) {
  Where body = where;
  body.main = false;
  body.handler = true;
  body.reaction = true;
  body.may_wait = body.depth < 3 && random_.percent(40);
  body.may_exit = random_.percent(40);
  std::string head;
  if (!plain_ && random_.percent(12)) {
    head = silence();
  } else if (plain_ || random_.percent(65)) {
    const EventWord& word = pick_event(random_);
    if (!body.may_wait) body.sight.event = &word;
    head = "on " + event_ref(word);
  } else {
    head = "when " + watched() + (random_.percent(30) ? " becomes true" : "");
  }
  std::vector<Piece> parts = leaving(body);
  // A body without a way back may wait in its sends, after which the event is over.
  while (body.sight.event && render(block("", parts)).find("keep waiting") == std::string::npos) parts = leaving(body);
  return block(head, std::move(parts));
}

}  // namespace nurture::oracle
