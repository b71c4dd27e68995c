#include "compiler/flow/guard_limits.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <string>
#include <vector>

#include "compiler/ast/dump.h"
#include "compiler/flow/blocks.h"
#include "compiler/flow/length.h"
#include "compiler/flow/walks.h"

namespace nurture::flow {

namespace {

using ast::as;
using ast::NodeKind;

/// Runs of a repeat that are looked at: a limit that is kept so long is kept.
constexpr std::int64_t kMostRuns = 12;
constexpr int kMostSteps = 20'000;

/// A send of the way that a lead takes who does nothing.
struct Touch {
  Instant at = 0;  ///< at the latest
  const ast::Send* send = nullptr;
  std::string channel;
};

/// What surely lies behind: since the last place at which ways of several lengths come together.
struct Way {
  Instant now = 0;
  std::vector<Touch> touches;
};

std::string ordinal(std::size_t n) {
  static constexpr std::array kWords{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"};
  return n <= kWords.size() ? kWords[n - 1] : std::to_string(n) + "th";
}

class Limits {
 public:
  Limits(const sema::Model& model, const sema::Campaign& campaign, Diagnostics& diagnostics)
      : model_(model), campaign_(campaign), diagnostics_(diagnostics) {
    for (const auto* rules : {&campaign.rules, &model.rules}) {
      for (const sema::Rule& rule : *rules) {
        const bool sends = rule.governs == sema::Rule::Governs::Sends;
        if (sends && rule.clause->kind == ast::Clause::Kind::Limit) limits_.push_back(&rule);
      }
    }
  }

  void run() {
    if (limits_.empty() || campaign_.decl->for_account) return;
    for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) stage(i, {});
  }

 private:
  void stage(std::uint32_t index, Way way) {
    if (!seen_.insert(index).second) return;
    block(campaign_.stages[index].clause->body, way);
  }

  /// Whether control comes out of it; the way then ends there.
  bool block(const ast::Block& block, Way& way) {
    return std::all_of(block.statements.begin(), block.statements.end(),
                       [&](const ast::Stmt* each) { return ++steps_ < kMostSteps && statement(*each, way); });
  }

  bool statement(const ast::Stmt& stmt, Way& way);
  bool arms(const std::vector<const ast::Block*>& blocks, Way& way);
  bool repeat(const ast::Repeat& stmt, Way& way);
  void send(const ast::Send& stmt, Way& way);
  void report(const sema::Rule& rule, const Duration& per, const std::vector<const Touch*>& counted);
  std::string channel_of(const ast::Send& send) const;

  static void pass(Way& way, const Bound& longest) {
    if (longest) {
      way.now += at_most(longest);
    } else {
      way = {};
    }
  }

  const sema::Model& model_;
  const sema::Campaign& campaign_;
  Diagnostics& diagnostics_;
  std::vector<const sema::Rule*> limits_;
  std::set<std::uint32_t> seen_;
  std::set<const sema::Rule*> told_;
  int steps_ = 0;
};

bool Limits::statement(const ast::Stmt& stmt, Way& way) {
  switch (stmt.kind) {
    case NodeKind::Send:
      send(as<ast::Send>(stmt), way);
      return true;
    case NodeKind::Wait: {
      const auto& wait = as<ast::Wait>(stmt);
      pass(way, delay_of_wait(model_, wait).longest);
      return !wait.otherwise || block(*wait.otherwise, way);
    }
    case NodeKind::If: {
      const auto& branch = as<ast::If>(stmt);
      std::vector<const ast::Block*> blocks;
      for (const ast::IfArm& arm : branch.arms) blocks.push_back(&arm.body);
      static const ast::Block kNone;
      blocks.push_back(branch.otherwise ? &*branch.otherwise : &kNone);
      return arms(blocks, way);
    }
    case NodeKind::SplitStmt: {
      std::vector<const ast::Block*> blocks;
      for (const ast::SplitArm& arm : as<ast::SplitStmt>(stmt).arms) blocks.push_back(&arm.body);
      return arms(blocks, way);
    }
    case NodeKind::Repeat:
      return repeat(as<ast::Repeat>(stmt), way);
    case NodeKind::GoTo: {
      const std::string& name = as<ast::GoTo>(stmt).stage.text;
      for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) {
        if (campaign_.stages[i].name == name) stage(i, way);
      }
      return false;
    }
    default:
      return falls_through(model_, stmt);  // every other statement takes no time
  }
}

/// What is behind all of them is what was behind each, if none of them sends or waits.
bool Limits::arms(const std::vector<const ast::Block*>& blocks, Way& way) {
  bool any = false, alike = true;
  for (const ast::Block* each : blocks) {
    Way own = way;
    if (!block(*each, own)) continue;
    any = true;
    alike = alike && own.now == way.now && own.touches.size() == way.touches.size();
  }
  if (!alike) way = {};
  return any;
}

bool Limits::repeat(const ast::Repeat& stmt, Way& way) {
  const Bound period = delay_of_repeat(model_, stmt).longest;
  if (!stmt.every) pass(way, period);  // up to the first
  for (std::int64_t run = 0; run < std::min(stmt.times, kMostRuns); ++run) {
    const Instant begun = way.now;
    if (!block(stmt.body, way)) return false;
    if (!period) {
      way = {};
    } else {
      way.now = std::max(way.now, begun + at_most(period));
    }
  }
  return true;
}

/// The channel of what it sends, if there is only one; empty if limits do not count it.
std::string Limits::channel_of(const ast::Send& send) const {
  std::string channel;
  for (std::uint32_t each : model_.contents_of(send)) {
    const sema::Content& content = model_.contents[each];
    if (content.message_class != sema::Content::Class::Marketing) return "";
    if (!channel.empty() && channel != content.channel) return "";
    channel = content.channel;
  }
  return channel;
}

void Limits::send(const ast::Send& stmt, Way& way) {
  const std::string channel = channel_of(stmt);
  if (channel.empty() || stmt.to_leads) return;
  way.touches.push_back({way.now, &stmt, channel});
  for (const sema::Rule* rule : limits_) {
    const auto per = constant_duration(model_, rule->clause->duration);
    if (!per || told_.contains(rule) || (!rule->channel.empty() && rule->channel != channel)) continue;
    std::vector<const Touch*> counted;
    for (const Touch& each : way.touches) {
      const bool same = rule->channel.empty() || rule->channel == each.channel;
      if (same && way.now - each.at < at_least(*per)) counted.push_back(&each);
    }
    if (static_cast<std::int64_t>(counted.size()) > rule->clause->number) report(*rule, *per, counted);
  }
  if (stmt.otherwise) {
    Way own = way;
    block(*stmt.otherwise, own);
  }
}

void Limits::report(const sema::Rule& rule, const Duration& per, const std::vector<const Touch*>& counted) {
  const Touch& last = *counted.back();
  told_.insert(&rule);
  if (last.send->now_or_skip) return;
  const std::string what = rule.channel.empty() ? "message" : rule.channel;
  Diagnostic& said = diagnostics_.report(
      DiagnosticId::MoreThanLimit, last.send->span,
      fmt::format("the {} {} within {} where {} is the limit: it is held back, even from a lead who does nothing",
                  ordinal(counted.size()), what, ast::written(per), rule.clause->number));
  if (counted.front()->send != last.send) said.labels.push_back({counted.front()->send->span, "counted from here"});
  said.labels.push_back({rule.clause->span, "the limit"});
  said.hint = "Wait longer between the sends, or widen the limit.";
}

}  // namespace

void review_limits(const sema::Model& model, const CampaignGraph& graph, Diagnostics& diagnostics) {
  Limits(model, model.campaigns[graph.campaign], diagnostics).run();
}

}  // namespace nurture::flow
