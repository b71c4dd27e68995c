#include <algorithm>

#include "compiler/flow/length.h"
#include "compiler/practice/sends.h"
#include "compiler/sema/walk.h"

namespace nurture::practice {

namespace {

constexpr Instant kLong = 30 * kDay;

/// Whether a lead hears of us in another way as well: a colleague, an advertisement, something of another system.
bool is_another_way(const ast::Stmt& statement) {
  const auto* audience = ast::try_as<ast::AudienceChange>(&statement);
  return (audience && audience->add) || statement.kind == ast::NodeKind::HandOff ||
         statement.kind == ast::NodeKind::Assign || statement.kind == ast::NodeKind::CallWebhook;
}

/// Whether anything but an address for mail is known of a lead.
bool could_be_reached_otherwise(const sema::Model& model) {
  return std::any_of(model.lead.begin(), model.lead.end(), [](const sema::Field& field) {
    return field.name.find("phone") != std::string::npos || field.name.find("mobile") != std::string::npos;
  });
}

Instant period_of(const sema::Model& model, const ast::Repeat& repeat) {
  return flow::delay_of_repeat(model, repeat).longest.value_or(Duration{}).nominal();
}

/// What a campaign says to somebody who does nothing.
class Speech {
 public:
  Speech(const Review& review, const flow::CampaignGraph& graph) : review_(review), graph_(graph) {
    for_each_statement(campaign(), [&](const ast::Stmt& statement) {
      const auto* repeat = ast::try_as<ast::Repeat>(&statement);
      if (!repeat) return;
      auto note = [&](const ast::Stmt& inner) { around_[&inner] = repeat; };
      for (const ast::Stmt* inner : repeat->body.statements) {
        note(*inner);
        sema::for_each_block(*inner, [&](const ast::Block& block, bool) { sema::for_each_statement(block, note); });
      }
    });
  }

  void run() {
    std::string channel;
    std::int64_t sends = 0;
    for (const Sent& each : review_.facts.campaigns[graph_.campaign].sends) {
      if (!graph_.reachable[each.node] || !each.marketing) continue;
      const std::string own = channel_of(review_.model, each);
      if (own.empty() || (!channel.empty() && own != channel)) return;
      channel = own;
      sends += runs(*each.statement);
    }
    if (sends < 3) return;
    const Instant time = until_the_last();
    if (time > kLong) report(time, channel);
  }

 private:
  const sema::Campaign& campaign() const { return review_.model.campaigns[graph_.campaign]; }

  std::int64_t runs(const ast::Stmt& statement) const {
    auto found = around_.find(&statement);
    return found == around_.end() ? 1 : found->second->times;
  }

  /// From the entry to the last message, for whoever does nothing: at least so long.
  Instant until_the_last() const {
    Search search;
    search.follow = [](const flow::Edge& edge) { return !is_reaction(edge); };
    search.cost = [&](const flow::Edge& edge) {
      const auto* repeat = ast::try_as<ast::Repeat>(graph_.nodes[edge.from].statement);
      const bool over = repeat && edge.kind == flow::Edge::Kind::Timer;
      return over ? repeat->times * period_of(review_.model, *repeat) : edge.shortest;
    };
    const std::vector<Instant> times = least_times(graph_, {0}, search);
    Instant last = 0;
    for (const Sent& each : review_.facts.campaigns[graph_.campaign].sends) {
      if (times[each.node] == kNever) continue;
      auto repeat = around_.find(each.statement);
      const Instant more =
          repeat == around_.end() ? 0 : (repeat->second->times - 1) * period_of(review_.model, *repeat->second);
      last = std::max(last, times[each.node] + more);
    }
    return last;
  }

  void report(Instant time, const std::string& channel) {
    bool other = false;
    for_each_statement(campaign(), [&](const ast::Stmt& each) { other = other || is_another_way(each); });
    if (other) return;
    Diagnostic& said = review_.diagnostics.report(DiagnosticId::OneChannel, campaign().decl->name.span, campaign().name,
                                                  spoken(time / kDay * kDay), channel);
    said.hint = "Mix in a call, a letter or an advertisement: `assign call to lead.owner else \"sales desk\" …`.";
  }

  const Review& review_;
  const flow::CampaignGraph& graph_;
  std::unordered_map<const ast::Stmt*, const ast::Repeat*> around_;
};

}  // namespace

/// Practice, rule 11: mail, phone, letter, SMS, social, advertisements; not always the same.
void one_channel(const Review& review) {
  if (!could_be_reached_otherwise(review.model)) return;
  for (const flow::CampaignGraph& graph : review.graphs) Speech(review, graph).run();
}

}  // namespace nurture::practice
