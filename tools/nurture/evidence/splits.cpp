#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "runtime/statistics/power.h"
#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

namespace {

/// How many of a goal's ground reached it.
struct Rate {
  Count of = 0, reached = 0;
};

/// What it takes to see a lift of a fifth, with 80 % power at 5 % two-sided, in the smaller of two groups, which has
/// `share` of both.
Count needed(const Rate& rate, double share) {
  constexpr double kLift = 1.2;
  // Of so few, a rate of nothing may well be one of three.
  constexpr Count kAtLeast = 3;
  const double base = static_cast<double>(std::max(rate.reached, kAtLeast)) / static_cast<double>(rate.of);
  const double lifted = std::min(1.0, base * kLift);
  if (lifted - base < 0.01 * base) return 0;
  const auto both = statistics::leads_needed(base, lifted, share);
  return both ? static_cast<Count>(std::ceil(static_cast<double>(*both) * share)) : UINT64_MAX;
}

void add(Rate& rate, const outcome::GoalSummary& goal, const outcome::GoalCounts& counts) {
  rate.of += outcome::rate_of(goal, counts);
  rate.reached += outcome::rate_part(goal, counts);
}

/// Groups that are drawn: the branches of a split, or those held out and the others.
struct Draw {
  std::string_view what;  ///< "split", "holdout"
  Span at;
  double smallest = 1, largest = 0;  ///< shares
  Count drawn = 0;                   ///< memberships of all groups
  std::vector<Rate> rates;           ///< per goal
};

class Splits {
 public:
  explicit Splits(const Evidence& evidence) : evidence_(evidence) {}

  void run() {
    const outcome::RunFacts& facts = evidence_.summary.facts;
    constexpr Instant kShortest = 28 * kDay;
    if (facts.first == kNever || facts.horizon - facts.first < kShortest) return;
    years_ = static_cast<double>(facts.horizon - facts.first) / static_cast<double>(365 * kDay);
    for (const sema::Campaign& campaign : evidence_.model().campaigns) {
      if (campaign.goals.empty()) continue;
      const outcome::CampaignSummary& summary = evidence_.summary_of(campaign);
      holdout(campaign, summary);
      const auto& sites = evidence_.programme.module.campaigns[evidence_.in_module(campaign)].splits;
      for (std::size_t i = 0; i < sites.size(); ++i) split(campaign, summary, sites[i], summary.splits[i]);
    }
  }

 private:
  void holdout(const sema::Campaign& campaign, const outcome::CampaignSummary& summary) {
    if (!campaign.holdout) return;
    const double share = static_cast<double>(campaign.holdout->number) / (100.0 * kPercentScale);
    Draw draw{
        "holdout", campaign.holdout->span, std::min(share, 1 - share), std::max(share, 1 - share), summary.entered, {}};
    for (const outcome::GoalSummary& goal : summary.goals) {
      Rate rate;
      add(rate, goal, goal.treated);
      add(rate, goal, goal.held_out);
      draw.rates.push_back(rate);
    }
    judge(campaign, draw);
  }

  void split(const sema::Campaign& campaign, const outcome::CampaignSummary& summary, const bytecode::SplitSite& site,
             const outcome::SplitSummary& counts) {
    const ast::Stmt* statement = evidence_.statement(campaign, site.place);
    if (!statement) return;
    Draw draw{"split", ast::as<ast::SplitStmt>(*statement).name.span, 1, 0, 0, std::vector<Rate>(summary.goals.size())};
    for (const outcome::BranchSummary& branch : counts.branches) {
      draw.smallest = std::min(draw.smallest, branch.share);
      draw.largest = std::max(draw.largest, branch.share);
      draw.drawn += branch.memberships;
      for (std::size_t g = 0; g < branch.goals.size(); ++g) add(draw.rates[g], summary.goals[g], branch.goals[g]);
    }
    judge(campaign, draw);
  }

  /// By the goal that takes the fewest: where not even that one can be judged, none can.
  void judge(const sema::Campaign& campaign, const Draw& draw) {
    if (draw.smallest <= 0 || draw.largest <= 0) return;
    std::size_t best = draw.rates.size();
    Count fewest = 0;
    for (std::size_t g = 0; g < draw.rates.size(); ++g) {
      if (draw.rates[g].of < kFewest) continue;
      const Count takes = needed(draw.rates[g], draw.smallest / (draw.smallest + draw.largest));
      if (best == draw.rates.size() || takes < fewest) {
        best = g;
        fewest = takes;
      }
    }
    if (best == draw.rates.size()) return;
    const auto in_log = static_cast<double>(draw.drawn) * draw.smallest;
    const auto a_year = static_cast<Count>(std::llround(in_log / years_));
    if (a_year < fewest) report(campaign, draw, best, a_year, fewest);
  }

  void report(const sema::Campaign& campaign, const Draw& draw, std::size_t goal, Count a_year, Count takes) {
    const Rate& rate = draw.rates[goal];
    const std::string why =
        fmt::format("its smallest part gets about {} a year, and it takes {}",
                    outcome::counted(a_year, "membership", "memberships"), outcome::count_text(takes));
    Diagnostic& said =
        evidence_.diagnostics.report(DiagnosticId::SplitTooSmall, draw.at, draw.what, campaign.goals[goal].name, why);
    said.labels.push_back({campaign.goals[goal].clause->name.span,
                           fmt::format("reached by {} of {} in the log", outcome::count_text(rate.reached),
                                       outcome::count_text(rate.of))});
    said.hint = fmt::format(
        "Make its smallest part larger, choose a goal that more reach, or leave the {} out: so many it takes to see a "
        "lift of a fifth, at 5 % and with a power of 80 %.",
        draw.what);
  }

  const Evidence& evidence_;
  double years_ = 1;
};

}  // namespace

void splits(const Evidence& evidence) { Splits(evidence).run(); }

}  // namespace nurture::tool::evidence
