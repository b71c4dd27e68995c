#include <cmath>
#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/experiment/counterfactual.h"
#include "runtime/outcome/format.h"

namespace nurture::experiment {
namespace {

using outcome::count_text;
using outcome::Table;
using Align = outcome::Table::Align;

constexpr unsigned kWidth = 100;

std::string rate_text(const Value& value) {
  return fmt::format("{} ({})", percent_text(value.rate), ends_text(value.interval, false));
}

std::string goals_text(const PolicyEstimate& policy, bool colour) {
  Table table(kWidth);
  table.column("goal", Align::Wrap).column("leads").column("matched").column("effective").column("as it was");
  table.column("weighted (95 %)").column("doubly robust (95 %)");
  for (const PolicyGoal& goal : policy.goals) {
    table.row({goal.goal, count_text(goal.of), count_text(goal.matched),
               count_text(static_cast<Count>(std::llround(goal.effective))), percent_text(goal.as_it_was),
               rate_text(goal.weighted), rate_text(goal.robust)});
  }
  std::string out = table.text(colour);
  for (const PolicyGoal& goal : policy.goals) {
    out += fmt::format("  {}: {} points ({}) against the log as it was.\n", goal.goal, points_text(goal.gain.rate),
                       ends_text(goal.gain.interval, true));
  }
  return out;
}

void append_wrapped(std::string& out, const std::string& text) {
  for (const std::string& line : outcome::wrap(text, kWidth - 2)) out += "  " + line + "\n";
}

void write(JsonWriter& w, std::string_view name, const Value& value) {
  w.key(name).begin_object().member("rate", value.rate).member("low", value.interval.low);
  w.member("high", value.interval.high).end_object();
}

void write(JsonWriter& w, const PolicyEstimate& policy) {
  w.begin_object().member("policy", policy.text).key("refusals").begin_array();
  for (const std::string& text : policy.refusals) w.value(text);
  w.end_array().key("warnings").begin_array();
  for (const std::string& text : policy.warnings) w.value(text);
  w.end_array().key("goals").begin_array();
  for (const PolicyGoal& goal : policy.goals) {
    w.begin_object().member("goal", goal.goal).member("of", goal.of).member("matched", goal.matched);
    w.member("effective", goal.effective).member("as_it_was", goal.as_it_was);
    write(w, "weighted", goal.weighted);
    write(w, "robust", goal.robust);
    write(w, "gain", goal.gain);
    w.end_object();
  }
  w.end_array().end_object();
}

}  // namespace

std::string to_text(const std::vector<PolicyEstimate>& policies, bool colour) {
  std::string out = outcome::bold_text("What another policy would have done", colour) + "\n";
  for (const PolicyEstimate& policy : policies) {
    out += "\n" + outcome::bold_text(policy.text, colour) + "\n";
    for (const std::string& refusal : policy.refusals) append_wrapped(out, "Refused: " + refusal);
    for (const std::string& warning : policy.warnings) append_wrapped(out, "Warning: " + warning);
    if (!policy.goals.empty()) out += goals_text(policy, colour);
  }
  return out +
         "\nMatched: leads whose arm is the one that the policy gives them. Each stands for as many as its chance of\n"
         "that arm says (weighted, self-normalised); doubly robust also uses what leads alike did under each arm.\n"
         "Effective: how many leads of equal weight the matched are worth.\n";
}

std::string to_json(const std::vector<PolicyEstimate>& policies) {
  JsonWriter w;
  w.begin_array();
  for (const PolicyEstimate& policy : policies) write(w, policy);
  w.end_array();
  return std::move(w).take();
}

}  // namespace nurture::experiment
