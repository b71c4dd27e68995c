#include <algorithm>

#include "tests/oracle/maker.h"

/// Campaigns written in parts: clauses in `rules` that they follow, or the whole as a `template`. They mean the same.
namespace nurture::oracle {

namespace {

/// Some clauses before the stages move into rules of their own.
void into_rules(Random& random, const std::string& name, Piece& campaign, std::vector<Piece>& out) {
  auto first_stage = std::find_if(campaign.parts.begin(), campaign.parts.end(),
                                  [](const Piece& part) { return part.open.starts_with("stage "); });
  const auto clauses = static_cast<std::size_t>(first_stage - campaign.parts.begin());
  if (clauses < 2) return;
  const std::size_t begin = random.below(clauses);
  const std::size_t end = begin + 1 + random.below(clauses - begin);
  const auto from = campaign.parts.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto to = campaign.parts.begin() + static_cast<std::ptrdiff_t>(end);
  Piece rules{"rules " + name + "_rules {", {from, to}, "}", false};
  campaign.parts.insert(campaign.parts.erase(from, to), line("follow " + name + "_rules", false));
  out.push_back(std::move(rules));
}

void replace(Piece& piece, const std::string& word, const std::string& by) {
  for (std::size_t at = 0; (at = piece.open.find(word, at)) != std::string::npos; at += by.size()) {
    piece.open.replace(at, word.size(), by);
  }
  for (Piece& part : piece.parts) replace(part, word, by);
}

/// The campaign as a template, with its pause for a parameter, and made from it.
void into_template(Random& random, const std::string& name, Piece campaign, std::vector<Piece>& out) {
  campaign.open = "template " + name + "_made(own_pause: duration = 2 days) {";
  replace(campaign, "pause_time", "own_pause");
  campaign.droppable = false;
  out.push_back(std::move(campaign));
  const std::string argument = random.percent(50) ? "own_pause: pause_time" : "";
  out.push_back(line("campaign " + name + " from " + name + "_made(" + argument + ")"));
}

}  // namespace

void add_campaign(Random& random, const std::string& name, Piece campaign, std::vector<Piece>& out) {
  if (random.percent(15)) into_rules(random, name, campaign, out);
  const bool account = campaign.open.find(" for account") != std::string::npos;
  if (!account && random.percent(15)) return into_template(random, name, std::move(campaign), out);
  out.push_back(std::move(campaign));
}

}  // namespace nurture::oracle
