#include "runtime/base/json.h"

#include "runtime/experiment/experiment.h"

namespace nurture::experiment {
namespace {

std::string_view kind_word(Kind kind) {
  switch (kind) {
    case Kind::Holdout:
      return "holdout";
    case Kind::PolicyHoldout:
      return "policy_holdout";
    case Kind::Split:
      return "split";
    case Kind::Recorded:
      return "recorded";
  }
  return "";
}

void write(JsonWriter& w, std::string_view name, const std::optional<double>& value) {
  w.key(name);
  value ? w.value(*value) : w.null();
}

void write(JsonWriter& w, const std::optional<Lift>& lift) {
  w.key("lift");
  if (!lift) {
    w.null();
    return;
  }
  w.begin_object().member("difference", lift->difference);
  w.member("low", lift->interval.low).member("high", lift->interval.high);
  const auto& relative = lift->relative_interval;
  write(w, "relative", lift->relative);
  write(w, "relative_low", relative ? std::optional(relative->low) : std::nullopt);
  write(w, "relative_high", relative ? std::optional(relative->high) : std::nullopt);
  w.key("looks");
  if (const auto& looks = lift->looks) {
    w.begin_object().member("p", looks->p).member("low", looks->difference.low);
    w.member("high", looks->difference.high).end_object();
  } else {
    w.null();
  }
  w.end_object();
}

void write(JsonWriter& w, const Experiment& e, const Goal& goal) {
  w.begin_object().member("name", goal.name).key("arms").begin_array();
  for (std::size_t arm = 0; arm < e.arms.size(); ++arm) {
    const Reached& counts = goal.arms[arm];
    const auto known = estimate(e, goal, arm);
    w.begin_object().member("arm", e.arms[arm].name).member("of", counts.ground.of);
    w.member("reached", counts.ground.reached).member("open", counts.open);
    write(w, "rate", known ? std::optional(known->rate) : std::nullopt);
    write(w, "low", known ? std::optional(known->interval.low) : std::nullopt);
    write(w, "high", known ? std::optional(known->interval.high) : std::nullopt);
    write(w, "weight", known ? std::optional(known->weight) : std::nullopt);
    write(w, known ? known->lift : std::nullopt);
    w.end_object();
  }
  w.end_array().end_object();
}

void write(JsonWriter& w, const Experiment& e) {
  w.begin_object().member("kind", kind_word(e.kind)).member("campaign", e.campaign).member("name", e.name);
  w.member("where", e.where).member("units", e.accounts ? "accounts" : "leads");
  w.member("by_account", e.by_account).member("declared", e.declared);
  write(w, "sample_ratio_p", sample_ratio_p(e));
  w.member("moved", e.moved).member("against", e.arms[e.against].name).key("left_out").begin_array();
  for (const std::string& goal : e.left_out) w.value(goal);
  w.end_array().key("arms").begin_array();
  for (const Arm& arm : e.arms) {
    w.begin_object().member("name", arm.name).member("share", arm.share).member("assigned", arm.assigned);
    w.key("accounts");
    e.by_account ? w.value(arm.accounts) : w.null();
    w.end_object();
  }
  w.end_array().key("goals").begin_array();
  for (const Goal& goal : e.goals) write(w, e, goal);
  w.end_array().end_object();
}

}  // namespace

std::string to_json(const std::vector<Experiment>& experiments) {
  JsonWriter w;
  w.begin_array();
  for (const Experiment& e : experiments) write(w, e);
  w.end_array();
  return std::move(w).take();
}

}  // namespace nurture::experiment
