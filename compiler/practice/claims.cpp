#include <algorithm>
#include <array>
#include <cctype>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

/// Words by which a note says that a message reached somebody, whatever else it says.
constexpr std::array<std::string_view, 11> kClaims{
    "we sent",        "we mailed",      "we emailed",      "we wrote",        "was mailed",      "was emailed",
    "after the mail", "after our mail", "after the email", "after our email", "after our letter"};
/// Words that do so where the note names the message as well: "got the mail", "has received the price list".
constexpr std::array<std::string_view, 8> kReached{"got",       "received",      "was sent", "were sent",
                                                   "have sent", "has been sent", "has had",  "have had"};
constexpr std::array<std::string_view, 6> kMessages{"mail", "mails", "email", "emails", "letter", "message"};

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

bool has(std::string_view text, std::string_view words) {
  for (std::size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    if (stands_alone(text, at, words.size())) return true;
  }
  return false;
}

std::string in_small_letters(const ast::Message& note) {
  std::string text;
  for (const ast::MessagePart& part : note.parts) text += part.expression ? " " : part.literal;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Whether a note speaks of a message: of mail in general, or by a word of the content's name ("price" of prices).
bool names(std::string_view note, const std::string& content) {
  auto is_there = [&](std::string_view word) { return has(note, word); };
  if (std::any_of(kMessages.begin(), kMessages.end(), is_there)) return true;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('_', begin), content.size());
    std::string_view word = std::string_view(content).substr(begin, end - begin);
    if (word.ends_with('s')) word.remove_suffix(1);
    if (word.size() >= 4 && note.find(word) != std::string_view::npos) return true;
    begin = end + 1;
  }
  return false;
}

/// Whether a note says that this message reached somebody.
bool claims(const ast::Message& note, const std::string& content) {
  const std::string text = in_small_letters(note);
  auto is_there = [&](std::string_view words) { return has(text, words); };
  if (std::any_of(kClaims.begin(), kClaims.end(), is_there)) return true;
  return std::any_of(kReached.begin(), kReached.end(), is_there) && names(text, content);
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
      if (note) notes_.push_back(i);
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

  std::string sent_name(const Sent& sent) const {
    return sent.contents.size() == 1 ? review_.model.contents[sent.contents.front()].name : "";
  }

  void look(const Sent& sent) {
    const Reached reached = reach(graph_, {sent.node}, [&](const flow::Edge& edge) {
      if (edge.kind == flow::Edge::Kind::Resume || tells(edge) || asks(edge)) return false;
      // What follows another message is about that one.
      return edge.from == sent.node || graph_.nodes[edge.from].kind != flow::Node::Kind::SendWork;
    });
    for (NodeIndex note : notes_) {
      const ast::Stmt* statement = graph_.nodes[note].statement;
      if (!reached.has(note) || reported_.contains(statement) || !claims(*note_of(*statement), sent_name(sent)))
        continue;
      reported_.insert(statement);
      report(sent, note);
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
