#include <fmt/format.h>

#include "tests/oracle/maker.h"

/// Properties (§10).
namespace nurture::oracle {

namespace {

std::string act(Random& random, const std::vector<std::string>& campaigns, const std::string& programme) {
  static const std::vector<std::string> kActs = {
      "send",   "send email",           "send sms", "send guide", "send story", "hand off to sales", "assign",
      "notify", "take back from sales", "enter",    "exit"};
  if (random.percent(20)) return listened(random, pick_event(random));
  if (random.percent(10)) return "enter " + random.pick(campaigns);
  if (random.percent(10) && programme.find("exit as done") != std::string::npos) return "exit as done";
  return random.pick(kActs);
}

std::string within(Random& random) {
  static const std::vector<std::string> kWithin = {"5 minutes", "1 hour", "1 day", "36 hours", "3 days", "1 week"};
  return " within " + random.pick(kWithin);
}

std::string claim(Random& random, const std::vector<std::string>& campaigns, const std::string& programme) {
  Phrases phrases(random);
  const std::size_t form = random.below(100);
  if (form < 35) {
    std::string text = "never " + act(random, campaigns, programme);
    if (random.percent(60)) {
      text += " after " + listened(random, pick_event(random));
      if (random.percent(50)) text += " until " + listened(random, pick_event(random));
    }
    return text + (random.percent(40) ? " when " + phrases.condition({.remembered = false}, 1) : "");
  }
  if (form < 60) {
    return fmt::format("at most {} {}{}", random.between(1, 3), act(random, campaigns, programme), within(random));
  }
  if (form < 85) {
    const EventWord& word = pick_event(random);
    std::string text = listened(random, word) + " leads to " + act(random, campaigns, programme) + within(random);
    const EventWord* seen = word.updates || word.properties.empty() ? nullptr : &word;
    return text + (random.percent(40) ? " unless " + phrases.condition({.event = seen, .remembered = false}, 1) : "");
  }
  return "every membership " + (random.percent(50) ? "of " + random.pick(campaigns) + " " : std::string()) + "ends" +
         within(random);
}

}  // namespace

void claim_of_programme(Random& random, const std::vector<std::string>& campaigns, Piece& programme) {
  if (!random.percent(40)) return;
  const std::string text = render(programme);
  for (std::size_t i = 1 + random.below(3); i > 0; --i) {
    programme.parts.push_back(line(fmt::format("property \"p{}\": {}", i, claim(random, campaigns, text))));
  }
}

}  // namespace nurture::oracle
