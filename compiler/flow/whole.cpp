#include <algorithm>

#include "compiler/flow/analysis.h"

/// What concerns a campaign as a whole (§5.9).
namespace nurture::flow {

namespace {

void mark_reachable(CampaignGraph& graph) {
  graph.reachable.assign(graph.nodes.size(), false);
  std::vector<NodeIndex> todo{0};
  graph.reachable[0] = true;
  while (!todo.empty()) {
    NodeIndex at = todo.back();
    todo.pop_back();
    for (EdgeIndex e : graph.out[at]) {
      NodeIndex to = graph.edges[e].to;
      if (!graph.reachable[to]) {
        graph.reachable[to] = true;
        todo.push_back(to);
      }
    }
  }
}

class Whole {
 public:
  Whole(const sema::Model& model, Working& working, Diagnostics& diagnostics)
      : campaign_(model.campaigns[working.graph.campaign]),
        working_(working),
        graph_(working.graph),
        diagnostics_(diagnostics) {}

  void run() {
    mark_reachable(graph_);
    if (working_.broken) return;
    bool endless = check_stays();
    endless = check_instant_rounds() || endless;
    if (!endless) check_end();
    if (!diagnostics_.failed()) warn_unreached();
  }

 private:
  std::string stage_name(std::uint32_t stage) const { return "\"" + campaign_.stages[stage].name + "\""; }

  /// "a" to "b" and back to "a"
  std::string describe(const Round& round) const {
    std::vector<std::uint32_t> stages;
    for (NodeIndex node : round.nodes) {
      if (graph_.nodes[node].kind == Node::Kind::StageStart) stages.push_back(graph_.nodes[node].stage);
    }
    if (stages.empty()) return "the same statements again";
    if (stages.size() == 1) return stage_name(stages[0]) + " begins again and again";
    std::string text = "from " + stage_name(stages[0]);
    for (std::size_t i = 1; i < stages.size(); ++i) text += " to " + stage_name(stages[i]);
    return text + " and back to " + stage_name(stages[0]);
  }

  Span closing_span(const Round& round) const {
    return round.closing ? round.closing->span : graph_.nodes[round.nodes.front()].span;
  }

  /// A trigger that takes a membership out of the stage `here`.
  bool leads_away(NodeIndex body, std::uint32_t here) const {
    Leaving way = leaving(graph_, body);
    return way.exits ||
           std::any_of(way.stages.begin(), way.stages.end(), [&](const auto& stage) { return stage.first != here; });
  }

  bool can_be_left(const Node& stay) const {
    if (!campaign_.exits.empty()) return true;
    for (const sema::Goal& goal : campaign_.goals) {
      if (goal.clause->reason) return true;
    }
    auto leads = [&](NodeIndex body) { return leads_away(body, stay.stage); };
    const auto& own = working_.stage_bodies[stay.stage];
    return std::any_of(own.begin(), own.end(), leads) ||
           std::any_of(working_.campaign_bodies.begin(), working_.campaign_bodies.end(), leads);
  }

  bool is_stay(NodeIndex node) const {
    const ast::Stmt* statement = graph_.nodes[node].statement;
    return graph_.nodes[node].kind == Node::Kind::Suspension && statement && statement->kind == ast::NodeKind::Stay;
  }

  bool check_stays() {
    bool found = false;
    for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
      if (!is_stay(i) || !graph_.reachable[i] || can_be_left(graph_.nodes[i])) continue;
      found = true;
      Diagnostic& made = diagnostics_.report(DiagnosticId::StayForEver, graph_.nodes[i].span);
      made.hint = "Add an `exit on …`, or a trigger that goes to another stage; or write `wait` with a length instead.";
    }
    return found;
  }

  bool check_instant_rounds() {
    Steps steps = steps_of(working_, true);
    bool found = false;
    for (const Round& round : rounds(graph_, steps, false)) {
      found = true;
      Diagnostic& made = diagnostics_.report(DiagnosticId::CycleWithoutWait, closing_span(round), describe(round));
      made.hint = "Put a wait of at least a minute on the way, such as `wait 1 day`.";
      label_round(round, made);
    }
    return found;
  }

  void label_round(const Round& round, Diagnostic& made) const {
    for (NodeIndex node : round.nodes) {
      const Node& at = graph_.nodes[node];
      if (at.kind == Node::Kind::Suspension && at.statement && at.statement->kind == ast::NodeKind::Wait) {
        made.labels.push_back({at.span, "this may be over at once"});
        made.hint =
            "Write `until next` and a day, add `, at least 1 day`, or put a wait of a minute or more on the way.";
      } else if ((at.kind == Node::Kind::Goto || at.kind == Node::Kind::Restart) && at.statement != round.closing) {
        made.labels.push_back({at.span, "it goes this way"});
      }
    }
  }

  void report_endless(Span where, const std::string& label, const std::string& why) {
    const ast::Name& name = campaign_.decl->name;
    Diagnostic& made = diagnostics_.report(DiagnosticId::NoLastsAtMost, name.span, name.text, why);
    made.labels.push_back({where, label});
    made.hint = "Say when it ends at the latest: `lasts at most 200 days as expired`.";
  }

  /// `lasts at most`, or a proof that the campaign ends without it.
  void check_end() {
    if (campaign_.lasts) return;
    for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
      if (is_stay(i) && graph_.reachable[i]) {
        return report_endless(graph_.nodes[i].span, "this waits without a limit", "it can stay where it is");
      }
    }
    Steps steps = steps_of(working_, false);
    auto found = rounds(graph_, steps, true);
    if (!found.empty()) {
      return report_endless(closing_span(found.front()), "this leads back", "it can go " + way(found.front()));
    }
    graph_.longest_stay = longest_way(steps);
    if (campaign_.holdout && !graph_.longest_stay) report_holdout();
  }

  std::string way(const Round& round) const {
    std::string text = describe(round);
    return text.starts_with("from") ? text : "round and round in " + text.substr(0, text.find(" begins"));
  }

  void report_holdout() {
    const ast::Clause& clause = *campaign_.holdout;
    Diagnostic& made = diagnostics_.report(DiagnosticId::HoldoutWithoutEnd, clause.span, campaign_.decl->name.text);
    for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.reachable[i] && !working_.dwell[i]) {
        made.labels.push_back({graph_.nodes[i].span, "nothing says how long this can take"});
        break;
      }
    }
    made.hint = "Say when the campaign ends at the latest: `lasts at most 200 days as expired`.";
  }

  void warn_unreached() {
    for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) {
      if (graph_.reachable[graph_.stage_start[i]]) continue;
      const ast::Name& name = campaign_.stages[i].clause->name;
      Diagnostic& made = diagnostics_.report(DiagnosticId::StageNeverReached, name.span, name.text);
      made.hint = "Say `go to " + name.text + "` somewhere, or leave the stage out.";
    }
  }

  const sema::Campaign& campaign_;
  Working& working_;
  CampaignGraph& graph_;
  Diagnostics& diagnostics_;
};

/// Whether the parser lost something in this campaign's file: its errors come first, ours would only echo them.
/// Or in one that its clauses come from.
bool was_damaged(const ast::CampaignDecl& decl, const Diagnostics& diagnostics) {
  const auto here = [&](FileId file) {
    return file == decl.span.file || std::any_of(decl.clauses.begin(), decl.clauses.end(),
                                                 [&](const ast::Clause& each) { return each.span.file == file; });
  };
  return std::any_of(diagnostics.all().begin(), diagnostics.all().end(), [&](const Diagnostic& found) {
    std::string_view code = info(found.id).code;
    return (code.starts_with("E01") || code.starts_with("E02")) && here(found.span.file);
  });
}

}  // namespace

void analyze_campaign(const sema::Model& model, Working& working, Diagnostics& diagnostics) {
  Whole(model, working, diagnostics).run();
}

std::vector<CampaignGraph> build(const sema::Model& model, Diagnostics& diagnostics) {
  std::vector<CampaignGraph> graphs;
  for (std::uint32_t i = 0; i < model.campaigns.size(); ++i) {
    Diagnostics::About about = sema::about(diagnostics, model.campaigns[i]);
    bool damaged = was_damaged(*model.campaigns[i].decl, diagnostics);
    Working working = build_campaign(model, i, damaged, diagnostics);
    analyze_campaign(model, working, diagnostics);
    graphs.push_back(std::move(working.graph));
  }
  return graphs;
}

}  // namespace nurture::flow
