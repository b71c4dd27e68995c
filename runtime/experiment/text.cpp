#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/experiment/experiment.h"
#include "runtime/outcome/format.h"

namespace nurture::experiment {
namespace {

using outcome::count_text;
using outcome::counted;
using outcome::Table;
using Align = outcome::Table::Align;

constexpr unsigned kWidth = 100;
constexpr std::string_view kNothing = "–";

int decimals(double points) { return std::abs(points) < 1 ? 3 : 2; }

std::string relative_text(const Lift& lift) {
  if (!lift.relative) return std::string(kNothing);
  const Interval& interval = *lift.relative_interval;
  const std::string high = std::isfinite(interval.high) ? fmt::format("{:+.0f}", interval.high * 100) : "any";
  return fmt::format("{:+.0f} % ({:+.0f} to {})", *lift.relative * 100, interval.low * 100, high);
}

std::string p_text(double p) {
  if (p >= 0.9995) return "1";
  return p < 0.0001 ? "< 0.0001" : fmt::format("{:.{}f}", p, p < 0.001 ? 4 : 3);
}

std::string heading_of(const Experiment& e) {
  std::string name = e.campaign.empty() ? title_of(e) : e.campaign + ", " + title_of(e);
  if (!e.where.empty()) name += fmt::format(" ({})", e.where);
  return fmt::format(
      "{}: {}", name,
      e.accounts ? counted(e.assigned(), "account", "accounts") : counted(e.assigned(), "lead", "leads"));
}

std::string arms_text(const Experiment& e, bool colour) {
  Table table(kWidth);
  table.column("", Align::Wrap).column(e.accounts ? "accounts" : "leads");
  if (e.by_account) table.column("accounts");
  table.column("share").column(e.declared ? "declared" : "equal parts");
  for (const Arm& arm : e.arms) {
    std::vector<std::string> cells{arm.name, count_text(arm.assigned)};
    if (e.by_account) cells.push_back(count_text(arm.accounts));
    cells.push_back(outcome::share_text(arm.assigned, e.assigned()));
    cells.push_back(fmt::format("{:.1f} %", arm.share * 100));
    table.row(std::move(cells));
  }
  return table.text(colour);
}

std::string ratio_text(const Experiment& e) {
  const auto p = sample_ratio_p(e);
  if (!p) return "";
  const std::string_view as = e.declared ? "as declared" : "in equal parts";
  if (*p >= kSampleRatioAlarm)
    return fmt::format("  Sample ratio: {} (p {}{}).\n", as, *p < 0.0001 ? "" : "= ", p_text(*p));
  return fmt::format(
      "  Sample ratio: NOT {} (p {}{}). Something other than the draw decided who is\n"
      "  in which arm: until it is known what, no lift below can be trusted.\n",
      as, *p < 0.0001 ? "" : "= ", p_text(*p));
}

void goal_row(Table& table, const Experiment& e, const Goal& goal, std::size_t arm) {
  const Proportion ground = goal.arms[arm].ground;
  const auto known = estimate(e, goal, arm);
  std::vector<std::string> cells{e.arms[arm].name, count_text(ground.of), count_text(ground.reached)};
  if (!known) {
    cells.resize(8);
    std::fill(cells.begin() + 3, cells.end(), std::string(kNothing));
    table.row(std::move(cells));
    return;
  }
  cells.push_back(percent_text(known->rate));
  cells.push_back(ends_text(known->interval, false));
  if (const auto& lift = known->lift) {
    cells.push_back(points_text(lift->difference) + " (" + ends_text(lift->interval, true) + ")");
    cells.push_back(relative_text(*lift));
    cells.push_back(lift->looks ? p_text(lift->looks->p) : std::string(kNothing));
  }
  cells.resize(8);
  table.row(std::move(cells));
}

std::string goal_text(const Experiment& e, const Goal& goal, bool colour) {
  Table table(kWidth);
  table.column("", Align::Wrap).column("of").column("reached").column("rate").column("95 %");
  table.column("lift, points (95 %)").column("relative (95 %)").column("safe p");
  for (std::size_t arm = 0; arm < e.arms.size(); ++arm) goal_row(table, e, goal, arm);
  return fmt::format("  Goal {}\n", goal.name) + table.text(colour);
}

std::string notes_of(const Experiment& e) {
  std::string out;
  if (e.moved > 0) {
    out += fmt::format("  {} got another arm later on, and counted in the first.\n", counted(e.moved, "lead", "leads"));
  }
  if (e.by_account) {
    out += "  Drawn for whole accounts, whose leads are alike: intervals, safe p and sample ratio go by accounts.\n";
  }
  for (const std::string& goal : e.left_out) {
    out += fmt::format("  Left out: goal {}, `of send`. Who gets no message has no time to reach it.\n", goal);
  }
  if (e.goals.empty() && e.left_out.empty()) out += "  The campaign has no goal to compare the arms by.\n";
  return out;
}

std::string experiment_text(const Experiment& e, bool colour) {
  std::string out = outcome::bold_text(heading_of(e), colour) + "\n";
  out += arms_text(e, colour) + ratio_text(e);
  for (const Goal& goal : e.goals) out += "\n" + goal_text(e, goal, colour);
  return out + notes_of(e);
}

std::size_t comparisons(const std::vector<Experiment>& experiments) {
  std::size_t n = 0;
  for (const Experiment& e : experiments) {
    for (const Goal& goal : e.goals) {
      for (std::size_t arm = 0; arm < e.arms.size(); ++arm) {
        const auto known = estimate(e, goal, arm);
        n += known && known->lift ? 1 : 0;
      }
    }
  }
  return n;
}

std::string legend(std::size_t n) {
  std::string out =
      "Every lead counts in the arm that it was given, once, whatever it got afterwards. `of`: whose time for\n"
      "the goal is over. Rates have Wilson intervals, lifts Newcombe's: both are for one look at the end. Who\n"
      "looks again and again, and stops at what pleases, goes by `safe p`, which holds at any number of looks\n"
      "(–: too few to say).\n";
  if (n >= 5) {
    out += fmt::format("With {} comparisons, one in twenty finds a difference by chance alone.\n", count_text(n));
  }
  return out;
}

}  // namespace

std::string title_of(const Experiment& experiment) {
  switch (experiment.kind) {
    case Kind::Holdout:
      return "holdout";
    case Kind::PolicyHoldout:
      return "holdout of policy " + experiment.name;
    case Kind::Split:
      return "split " + experiment.name;
    case Kind::Recorded:
      return experiment.name + ", as the log records it";
  }
  return "";
}

std::string percent_text(double share) { return fmt::format("{:.{}f} %", share * 100, decimals(share * 100)); }

std::string ends_text(const Interval& interval, bool sign) {
  const int digits = std::min(decimals(interval.low * 100), decimals(interval.high * 100));
  if (!sign) return fmt::format("{:.{}f} to {:.{}f}", interval.low * 100, digits, interval.high * 100, digits);
  return fmt::format("{:+.{}f} to {:+.{}f}", interval.low * 100, digits, interval.high * 100, digits);
}

std::string points_text(double difference) {
  return fmt::format("{:+.{}f}", difference * 100, decimals(difference * 100));
}

std::string to_text(const std::vector<Experiment>& experiments, bool colour) {
  std::vector<Experiment> seen;
  std::copy_if(experiments.begin(), experiments.end(), std::back_inserter(seen),
               [](const Experiment& e) { return e.assigned() > 0; });
  std::string out = seen.empty() ? "" : outcome::bold_text("Experiments", colour) + "\n\n";
  for (const Experiment& e : seen) out += experiment_text(e, colour) + "\n";
  const std::size_t n = comparisons(seen);
  return n > 0 ? out + legend(n) : out;
}

}  // namespace nurture::experiment
