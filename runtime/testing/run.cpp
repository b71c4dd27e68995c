#include <algorithm>
#include <optional>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/engine.h"
#include "runtime/outcome/names.h"
#include "runtime/testing/describe.h"
#include "runtime/testing/judge.h"
#include "runtime/testing/testing.h"

namespace nurture::testing {
namespace {

using bytecode::Module;
using bytecode::TestPlan;
using outcome::Kind;
using outcome::Outcome;
using Forced = engine::ForcedDraws::Split;

class Collector final : public outcome::Sink {
 public:
  void on(const Outcome& out) override { outcomes.push_back(out); }
  std::vector<Outcome> outcomes;
};

/// How much longer than the horizon a run goes that looks for what nearly happened.
constexpr Duration kLater{12, 0, 0};

/// One test: every combination of the draws it reaches.
class Runner {
 public:
  Runner(const Module& module, const TestPlan& plan, const TestHooks& hooks)
      : module_(module), plan_(plan), hooks_(hooks) {}

  TestResult run() {
    result_.name = plan_.name;
    result_.place = plan_.place;
    Status built = build_world(module_, plan_, world_);
    if (!built.ok()) {
      result_.error = built.error().message + "; " + built.error().hint;
      return std::move(result_);
    }
    std::vector<Forced> forced;
    for (const auto& split : plan_.splits) forced.push_back({split.campaign, split.split, split.branch});
    given_ = forced.size();
    explore(std::move(forced));
    result_.passed = result_.error.empty() && result_.failures.empty();
    return std::move(result_);
  }

 private:
  /// Runs with these draws; where it reaches a split that none of them decides, once for each of its branches instead.
  void explore(std::vector<Forced> forced) {
    if (!result_.error.empty()) return;
    Collector collector;
    if (!replay(forced, world_.horizon, collector, hooks_.passage)) return;
    if (const Outcome* open = first_open(forced, collector.outcomes)) {
      const auto split = static_cast<std::uint16_t>(open->a);
      const auto& branches = module_.campaigns[open->campaign].splits[split].branches;
      forced.push_back({open->campaign, split, 0});
      for (std::uint16_t branch = 0; branch < branches.size(); ++branch) {
        if (branches[branch].share == 0) continue;
        forced.back().branch = branch;
        explore(forced);
      }
      return;
    }
    if (++result_.runs > kMaxCombinations) return say_too_many(forced);
    judge_run(forced, collector.outcomes);
  }

  bool replay(const std::vector<Forced>& forced, Instant until, Collector& collector, vm::Passage* passage) {
    engine::RunOptions options;
    options.until = until;
    options.texts = true;
    options.scores = true;
    options.campaigns = plan_.also;
    options.campaigns.push_back(plan_.campaign);
    std::sort(options.campaigns.begin(), options.campaigns.end());
    options.draws.splits = forced;
    options.draws.holdout = plan_.holdout;
    options.passage = passage;
    options.native = hooks_.native;
    Status status = engine::run(world_.bound, world_.store, options, [&](std::size_t) { return &collector; });
    if (!status.ok()) result_.error = status.error().message;
    return status.ok();
  }

  static const Outcome* first_open(const std::vector<Forced>& forced, const std::vector<Outcome>& outcomes) {
    for (const Outcome& out : outcomes) {
      if (out.kind != Kind::Split) continue;
      const bool decided = std::any_of(forced.begin(), forced.end(), [&](const Forced& draw) {
        return draw.campaign == out.campaign && draw.split == out.a;
      });
      if (!decided) return &out;
    }
    return nullptr;
  }

  void judge_run(const std::vector<Forced>& forced, const std::vector<Outcome>& outcomes) {
    for (const Outcome& out : outcomes) {
      if (hooks_.outcome) hooks_.outcome(plan_, out);
    }
    std::vector<bool> verdicts;
    for (const Question& question : world_.questions) {
      verdicts.push_back(holds(question, outcomes, plan_.campaign, world_));
    }
    if (result_.runs == 1) {
      verdicts_ = verdicts;
      first_draws_ = draws_text(forced);
    }
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      const bool told = result_.runs > 1 && !verdicts_[i];
      if (!verdicts[i] && !told) explain(world_.questions[i], forced, outcomes);
    }
    if (verdicts != verdicts_) return say_disagreement(verdicts, forced);
    if (result_.failures.empty()) judge_properties(forced, outcomes);
  }

  /// What the programme claims of every lead holds in every test too.
  void judge_properties(const std::vector<Forced>& forced, const std::vector<Outcome>& outcomes) {
    for (const Outcome& out : outcomes) {
      if (out.kind != Kind::PropertyViolated) continue;
      const bytecode::Property& property = module_.properties[static_cast<std::size_t>(out.a)];
      const bytecode::Place& place = module_.places[property.place];
      result_.failures.push_back({{module_.strings[place.file], place.line},
                                  module_.strings[property.label],
                                  "\"" + module_.strings[property.name] + "\" to hold for every lead",
                                  "at " + clock_text(out.at, world_) + ": " +
                                      outcome::violation_text(module_, property, out.at, out.b, world_.zone),
                                  draws_text(forced),
                                  timeline(outcomes, world_)});
      return;
    }
  }

  void explain(const Question& question, const std::vector<Forced>& forced, const std::vector<Outcome>& outcomes) {
    const Instant later = calendar::add(world_.horizon, kLater, world_.zone).value_or(world_.horizon);
    Collector longer;
    if (!replay(forced, later, longer, nullptr)) return;
    result_.failures.push_back(
        {question.line->place, question.line->written, question_text(question, world_),
         nearest(question, asked_outcomes(question, longer.outcomes), plan_.campaign, world_, later),
         draws_text(forced), timeline(outcomes, world_)});
  }

  void say_disagreement(const std::vector<bool>& verdicts, const std::vector<Forced>& forced) {
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (verdicts[i] == verdicts_[i]) continue;
      const auto says = [](bool holds) { return holds ? "holds" : "fails"; };
      result_.error = "`" + world_.questions[i].line->written + "` " + says(verdicts_[i]) + " if " + first_draws_ +
                      ", but " + says(verdicts[i]) + " if " + draws_text(forced) +
                      "; say which with `given split … is …`, or write a test for each";
      return;
    }
  }

  void say_too_many(const std::vector<Forced>& forced) {
    const std::string example = draws_text({forced.begin(), forced.begin() + static_cast<std::ptrdiff_t>(given_) + 1});
    std::string names;
    for (std::size_t i = given_; i < forced.size(); ++i) {
      names += (names.empty() ? "" : ", ") + module_.strings[site(forced[i]).name];
    }
    result_.error = "the test reaches more than " + std::to_string(kMaxCombinations) +
                    " combinations of the branches of its splits (" + names + "); decide some of them, as in `given " +
                    example + "`";
  }

  const bytecode::SplitSite& site(const Forced& draw) const {
    return module_.campaigns[draw.campaign].splits[draw.split];
  }

  /// The draws that the test itself leaves open.
  std::string draws_text(const std::vector<Forced>& forced) const {
    std::string text;
    for (std::size_t i = given_; i < forced.size(); ++i) {
      text += (text.empty() ? "split " : " and split ") + module_.strings[site(forced[i]).name] + " is " +
              module_.strings[site(forced[i]).branches[forced[i].branch].name];
    }
    return text;
  }

  const Module& module_;
  const TestPlan& plan_;
  const TestHooks& hooks_;
  TestResult result_;
  World world_;
  std::size_t given_ = 0;       ///< draws that the test itself decides
  std::vector<bool> verdicts_;  ///< of the first combination
  std::string first_draws_;
};

}  // namespace

TestResult run_test(const Module& module, const TestPlan& plan, const TestHooks& hooks) {
  return Runner(module, plan, hooks).run();
}

std::vector<TestResult> run_tests(const Module& module, const std::vector<TestPlan>& plans, const TestHooks& hooks) {
  std::vector<TestResult> results;
  for (const TestPlan& plan : plans) results.push_back(run_test(module, plan, hooks));
  return results;
}

}  // namespace nurture::testing
