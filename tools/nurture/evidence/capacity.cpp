#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

namespace {

using Kind = WorkSite::Kind;

struct Words {
  Kind kind;
  std::string_view one, many, key;
};
constexpr Words kCalls{Kind::Call, "call", "calls", "calls_per_week"};
constexpr Words kTasks{Kind::Task, "task", "tasks", "tasks_per_week"};
constexpr Words kHandOffs{Kind::HandOff, "hand-off", "hand-offs", "hand_offs_per_week"};

/// The week in which there is most of something, and in how many there is too much.
struct Worst {
  std::int64_t week = 0;
  Count count = 0;
  std::size_t over = 0;
  std::string whose;
  void take(std::int64_t of, Count there, Count capacity, const std::string& who = {}) {
    over += there > capacity ? 1 : 0;
    if (there <= count) return;
    week = of;
    count = there;
    whose = who;
  }
};

class Capacities {
 public:
  explicit Capacities(const Evidence& evidence) : evidence_(evidence) {}

  void total(const Words& words, std::optional<std::uint64_t> capacity) {
    if (!capacity) return;
    Worst worst;
    for (const auto& [week, sites] : evidence_.seen.work) {
      Count sum = 0;
      for (const auto& [site, count] : sites) sum += site.kind == words.kind ? count : 0;
      worst.take(week, sum, *capacity);
    }
    report(words, worst, *capacity, words.key);
  }

  void per_owner(std::optional<std::uint64_t> capacity) {
    if (!capacity) return;
    Worst worst;
    for (const auto& [week, owners] : evidence_.seen.calls_of) {
      for (const auto& [owner, count] : owners) worst.take(week, count, *capacity, owner);
    }
    report(kCalls, worst, *capacity, "calls_per_owner_per_week");
  }

 private:
  void report(const Words& words, const Worst& worst, Count capacity, std::string_view key) {
    if (worst.count <= capacity) return;
    const Span at = busiest(words.kind, worst.week);
    const std::string whose = worst.whose.empty() ? "" : fmt::format(" for {}", worst.whose);
    Diagnostic& said =
        evidence_.diagnostics.report(DiagnosticId::CallsOverCapacity, at,
                                     fmt::format("{}{} come up in the week of {}, and {} can be done",
                                                 outcome::counted(worst.count, words.one, words.many), whose,
                                                 outcome::day_text(worst.week), outcome::count_text(capacity)));
    const std::string weeks =
        worst.over == 1 ? "It is the only such week of the log."
                        : fmt::format("There are {} such weeks in the log{}.", outcome::count_text(worst.over),
                                      worst.whose.empty() ? "" : ", each person's counted for itself");
    said.hint = fmt::format("{} Ask more of a lead before it comes here, or raise {} in nurture.toml.", weeks, key);
  }

  /// The statement from which most of it comes, in that week.
  Span busiest(Kind kind, std::int64_t week) const {
    const std::map<WorkSite, Count>& sites = evidence_.seen.work.at(week);
    auto most = sites.end();
    for (auto site = sites.begin(); site != sites.end(); ++site) {
      if (site->first.kind == kind && (most == sites.end() || site->second > most->second)) most = site;
    }
    const bytecode::Module& module = evidence_.programme.module;
    const bytecode::Campaign& row = module.campaigns[most->first.campaign];
    const sema::Model& model = evidence_.model();
    const sema::Campaign& campaign = model.campaigns[model.find_campaign(module.strings[row.name])];
    const ast::Stmt* statement = evidence_.statement(
        campaign, kind == Kind::HandOff ? row.hand_offs[most->first.site].place : row.assigns[most->first.site].place);
    return statement ? statement->span : campaign.decl->name.span;
  }

  const Evidence& evidence_;
};

}  // namespace

/// What people are to do in a week, against what they can.
void over_capacity(const Evidence& evidence) {
  Capacities all(evidence);
  all.total(kCalls, evidence.capacity.calls);
  all.total(kTasks, evidence.capacity.tasks);
  all.total(kHandOffs, evidence.capacity.hand_offs);
  all.per_owner(evidence.capacity.calls_per_owner);
}

}  // namespace nurture::tool::evidence
