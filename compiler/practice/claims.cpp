#include <algorithm>
#include <array>
#include <cctype>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

/// Words by which a note says that a message reached somebody. Few, so that each is a claim wherever it stands.
constexpr std::array<std::string_view, 20> kClaims{
    "was sent",   "were sent",  "we sent",      "has been sent",  "have sent",      "we mailed",      "we wrote",
    "was mailed", "we emailed", "was emailed",  "has received",   "received the",   "received our",   "got the",
    "got our",    "got both",   "got our mail", "after the mail", "after our mail", "after the email"};

const ast::Message* note_of(const ast::Stmt& statement) {
  if (const auto* task = ast::try_as<ast::Assign>(&statement)) return &task->note;
  if (const auto* told = ast::try_as<ast::Notify>(&statement)) return &told->note;
  if (const auto* hand_off = ast::try_as<ast::HandOff>(&statement)) return &hand_off->note;
  return nullptr;
}

/// Whether letters of a word would go on where the claim begins or ends.
bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  auto letter = [&](std::size_t i) { return std::isalpha(static_cast<unsigned char>(text[i])) != 0; };
  return (at == 0 || !letter(at - 1)) && (at + length == text.size() || !letter(at + length));
}

bool claims(const ast::Message& note) {
  return std::any_of(note.parts.begin(), note.parts.end(), [](const ast::MessagePart& part) {
    std::string text = part.literal;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::any_of(kClaims.begin(), kClaims.end(), [&](std::string_view words) {
      const std::size_t at = text.find(words);
      return at != std::string::npos && stands_alone(text, at, words.size());
    });
  });
}

/// Whether something can keep a message of this channel from ever going out.
bool may_be_held_back(const sema::Model& model, const sema::Campaign& campaign, const std::string& channel) {
  auto holds = [&](const sema::Rule& rule) {
    using Kind = ast::Clause::Kind;
    const Kind kind = rule.clause->kind;
    const bool rule_of_sends = kind == Kind::Never || kind == Kind::SendOnlyIn || kind == Kind::Limit ||
                               kind == Kind::Quiet || kind == Kind::Holdout;
    return rule_of_sends && rule.governs == sema::Rule::Governs::Sends &&
           (rule.channel.empty() || rule.channel == channel);
  };
  return std::any_of(model.rules.begin(), model.rules.end(), holds) ||
         std::any_of(campaign.rules.begin(), campaign.rules.end(), holds);
}

class Claims {
 public:
  Claims(const Review& review, const flow::CampaignGraph& graph)
      : review_(review), graph_(graph), campaign_(review.model.campaigns[graph.campaign]) {
    for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
      const ast::Stmt* statement = graph.nodes[i].statement;
      const ast::Message* note = graph.nodes[i].kind == flow::Node::Kind::Work ? note_of(*statement) : nullptr;
      if (note && claims(*note)) notes_.push_back(i);
    }
  }

  void run() {
    if (notes_.empty()) return;
    for (const Sent& sent : review_.facts.campaigns[graph_.campaign].sends) {
      const std::string channel = channel_of(review_.model, sent);
      if (sent.marketing && !sent.statement->otherwise && may_be_held_back(review_.model, campaign_, channel))
        look(sent);
    }
  }

 private:
  /// Whoever opens, clicks or answers a message has got it.
  bool tells(const flow::Edge& edge) const {
    const ast::Trigger* trigger = graph_.nodes[edge.to].trigger;
    if (!reacts(edge) || !trigger) return false;
    if (trigger->condition) return asks_for_message(*trigger->condition);
    const auto& kinds = review_.facts.kinds(trigger->event);
    return std::any_of(kinds.begin(), kinds.end(), [&](std::uint32_t kind) {
      return review_.model.kinds[kind].content_property != sema::kNoIndex;
    });
  }

  bool asks_for_message(const ast::Expr& condition) const {
    return any_part(review_.model, condition, [&](const ast::Expr& part) {
      if (part.kind == ast::NodeKind::ContentPast) return true;
      const auto* past = ast::try_as<ast::Aggregate>(&part);
      return past && past->event.of_content;
    });
  }

  bool asks(const flow::Edge& edge) const {
    const auto* branch = ast::try_as<ast::If>(graph_.nodes[edge.from].statement);
    return branch && std::any_of(branch->arms.begin(), branch->arms.end(),
                                 [&](const ast::IfArm& arm) { return asks_for_message(*arm.condition); });
  }

  void look(const Sent& sent) {
    const Reached reached = reach(graph_, {sent.node}, [&](const flow::Edge& edge) {
      if (edge.kind == flow::Edge::Kind::Resume || tells(edge) || asks(edge)) return false;
      // What follows another message is about that one.
      return edge.from == sent.node || graph_.nodes[edge.from].kind != flow::Node::Kind::SendWork;
    });
    for (NodeIndex note : notes_) {
      if (reached.has(note) && reported_.insert(graph_.nodes[note].statement).second) report(sent, note);
    }
  }

  void report(const Sent& sent, NodeIndex note) {
    auto home = sema::about(review_.diagnostics, campaign_);
    Diagnostic& said =
        review_.diagnostics.report(DiagnosticId::ClaimsTouch, note_of(*graph_.nodes[note].statement)->span);
    said.labels.push_back({named(*sent.statement), "this may not go out"});
    const std::string name = sent.statement->what == ast::Send::What::Content ? sent.statement->content.text : "x";
    said.hint = fmt::format(
        "Ask first, `if sent({}) {{ … }}`, or say at the send what happens otherwise: `else {{ … }}`.", name);
  }

  const Review& review_;
  const flow::CampaignGraph& graph_;
  const sema::Campaign& campaign_;
  std::vector<NodeIndex> notes_;
  std::unordered_set<const ast::Stmt*> reported_;
};

}  // namespace

/// Practice, rule 24: a colleague who rings on the strength of a message that never went out makes a fool of himself.
void claims_touch(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) Claims(review, graph).run();
}

}  // namespace nurture::practice
