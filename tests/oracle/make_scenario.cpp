#include <fmt/format.h>
#include <set>

#include "tests/oracle/maker.h"

/// Scenarios (§7.5).
namespace nurture::oracle {

namespace {

struct ReactionWord {
  std::string text;
  bool about_content = false;  ///< it has to be about a message
};

const std::vector<ReactionWord>& reactions() {
  static const std::vector<ReactionWord> words = {
      {"email.clicked"},
      {"email.clicked by machine"},
      {"sms.clicked"},
      {"email.replied", true},
      {"page.viewed { url: \"/pricing\" }"},
      {"page.viewed { url: \"/pricing\", size: 3 } by machine"},
      {"demo.requested"},
      {"demo.requested { ref: \"US\" }"},
      {"form.submitted { form: \"demo\" }"},
      {"order.placed { id: \"a\" }"},
      {"meeting.booked { flag: true, id: \"b\" }"},
      {"sales.accepted"},
      {"sales.rejected { ref: \"us\" }"},
      {"sales.rejected"},
      {"opportunity.created"},
      {"opportunity.lost"},
  };
  return words;
}

/// Those that this programme may assume: events of accounts are nobody's reaction.
std::vector<ReactionWord> reactions_in(const Piece& programme) {
  std::vector<ReactionWord> words = reactions();
  for (const Piece& part : programme.parts) {
    if (!part.open.starts_with("event ") || part.open.find(" of account") == std::string::npos) continue;
    const std::string name = part.open.substr(6, part.open.find(' ', 6) - 6);
    std::erase_if(words, [&](const ReactionWord& word) { return word.text.substr(0, word.text.find(' ')) == name; });
  }
  return words;
}

/// One that the rule does not speak of yet.
std::string reaction(Random& random, const std::vector<ReactionWord>& words, bool about_content,
                     std::set<std::string>& said) {
  for (;;) {
    const ReactionWord& word = random.pick(words);
    if ((about_content || !word.about_content) && said.insert(word.text).second) return word.text;
  }
}

/// Some points, rising, and inside of the window.
std::string course(Random& random) {
  static const std::vector<std::string> kLengths = {"1 minute", "30 minutes", "1 hour", "24 hours",
                                                    "2 days",   "3 days",     "1 week", "2 weeks"};
  std::size_t window = random.below(kLengths.size());
  std::string out = " within " + kLengths[window];
  std::size_t share = 0;
  for (std::size_t at = 0; at < window; ++at) {
    if (!random.percent(30)) continue;
    share += 5 + random.below(30);
    if (share >= 100) break;
    out += share == 50 || share < 12 ? fmt::format(", half by {}", kLengths[at])
                                     : fmt::format(", {}% by {}", share, kLengths[at]);
    if (share == 50 || share < 12) share = 50;
  }
  if (random.percent(35)) {
    static const std::vector<std::string> kWindows = {"1 hour", "2 days", "1 week", "30 days"};
    out += fmt::format(", times {} per send of {} in last {}",
                       random.pick(std::vector<std::string>{"95%", "50%", "12.5%", "0%"}),
                       random.percent(60) ? "email" : "sms", random.pick(kWindows));
  }
  return out;
}

std::string rate(Random& random) {
  return random.pick(std::vector<std::string>{" 0%", " 5%", " 33.3%", " 60%", " 100%"});
}

Piece rule(Random& random, const std::vector<ReactionWord>& words, const std::vector<std::string>& conditions) {
  const std::size_t form = random.below(100);
  const bool sends = form < 60;
  std::string head = "after ";
  if (form < 15) {
    head += "send";
  } else if (form < 35) {
    head += random.percent(60) ? "send of email" : "send of sms";
  } else if (sends) {
    head += "send of " + random.pick(content_words()).name;
  } else if (form < 75) {
    head += "hand off";
  } else {
    head += random.pick(std::vector<std::string>{"email.clicked", "sms.clicked", "page.viewed", "demo.requested",
                                                 "sales.accepted", "sales.rejected", "form.submitted"});
  }
  if (random.percent(35)) {
    head +=
        " if " + (random.percent(50) ? random.pick(conditions)
                                     : fmt::format("touch {} {}", random.percent(50) ? "is" : ">", random.below(4)));
  }
  // A reaction to a reaction is rare, so that no circle of them grows.
  const auto often = [&] { return form < 75 ? rate(random) : random.percent(50) ? " 5%" : " 15%"; };
  Piece out{head + " {", {}, "}"};
  std::set<std::string> said;
  for (std::size_t i = 1 + random.below(4); i > 0; --i) {
    const std::string said_now = reaction(random, words, sends, said);
    out.parts.push_back(line(said_now + often() + course(random)));
  }
  if (random.percent(35)) {
    Piece group{"one of {", {}, "}"};
    for (const char* share : {" 40%", " 25%", " 35%"}) {
      if (!random.percent(70)) continue;
      const std::string said_now = reaction(random, words, sends, said);
      group.parts.push_back(line(said_now + (form < 75 ? share : " 5%") + course(random)));
    }
    out.parts.insert(out.parts.begin() + static_cast<std::ptrdiff_t>(random.below(out.parts.size() + 1)), group);
  }
  return out;
}

}  // namespace

void scenario_of_programme(Random& random, Piece& programme) {
  Phrases phrases(random);
  std::vector<std::string> conditions;
  for (int i = 0; i < 4; ++i) conditions.push_back(phrases.condition({.remembered = false, .clock = false}, 1));
  const std::vector<ReactionWord> words = reactions_in(programme);
  if (words.size() < 12) return;
  Piece scenario{"scenario usual {", {}, "}"};
  for (std::size_t i = 2 + random.below(5); i > 0; --i) scenario.parts.push_back(rule(random, words, conditions));
  programme.parts.push_back(std::move(scenario));
}

}  // namespace nurture::oracle
