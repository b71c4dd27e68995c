#include <algorithm>

#include "compiler/practice/sends.h"
#include "compiler/sema/walk.h"

namespace nurture::practice {

namespace {

/// The stages of buying, in their order: the values of lead.buying_stage.
std::vector<std::string> buying_stages(const sema::Model& model) {
  for (const sema::Field& field : model.lead) {
    if (field.name == "buying_stage") return field.type.choices;
  }
  return {};
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Whether a programme says of most of what it sends which stage of buying it is for.
bool says_for(const Review& review) {
  const std::vector<bool> sent = sent_by_any(review);
  std::size_t all = 0, with = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const sema::Content& content = review.model.contents[i];
    if (!sent[i] || content.message_class != sema::Content::Class::Marketing) continue;
    ++all;
    if (content.decl->for_stage) ++with;
  }
  return all >= 3 && 2 * with > all;
}

/// The stages of buying that a condition leaves open; none if it does not tell.
std::vector<std::string> stages_of(const sema::Model& model, const ast::Expr& condition) {
  auto is_stage = [](const ast::Expr* value) {
    const auto* ref = ast::try_as<ast::NameRef>(value);
    return ref && ref->path.text() == "lead.buying_stage";
  };
  auto named = [&](const ast::Expr& value) -> std::vector<std::string> {
    if (auto constant = sema::constant_of(model, value)) return {constant->text};
    return {};
  };
  if (const auto* binary = ast::try_as<ast::Binary>(&condition)) {
    if (binary->op == ast::BinaryOp::Is && is_stage(binary->left)) return named(*binary->right);
    if (binary->op != ast::BinaryOp::And) return {};
    std::vector<std::string> left = stages_of(model, *binary->left);
    return left.empty() ? stages_of(model, *binary->right) : left;
  }
  const auto* in = ast::try_as<ast::InTest>(&condition);
  if (!in || in->negated || !is_stage(in->value)) return {};
  std::vector<std::string> found;
  if (const auto* list = ast::try_as<ast::ListLit>(in->list)) {
    for (const ast::Expr* item : list->items) {
      for (std::string& name : named(*item)) found.push_back(std::move(name));
    }
  }
  return found;
}

/// Goes through a campaign and knows, at each send, in which stages of buying its readers are.
class OffStage {
 public:
  OffStage(const Review& review, std::vector<std::string> order) : review_(review), order_(std::move(order)) {}

  void run(const sema::Campaign& campaign) {
    auto home = sema::about(review_.diagnostics, campaign);
    for (const sema::Stage& stage : campaign.stages) {
      Where where;
      if (contains(order_, stage.name)) where = {{stage.name}, stage.clause->name.span, "the stage it is sent in"};
      block(stage.clause->body, where);
      for (const ast::Trigger& trigger : stage.clause->triggers) {
        if (!trigger.condition) block(trigger.body, {});
      }
    }
  }

 private:
  struct Where {
    std::vector<std::string> stages;  ///< empty: not known
    Span span;
    std::string why;
  };

  /// What leads on to the next stage is for that one.
  bool fits(const Where& where, const std::string& wanted) const {
    return std::any_of(where.stages.begin(), where.stages.end(), [&](const std::string& stage) {
      auto at = std::find(order_.begin(), order_.end(), stage);
      return stage == wanted || (at != order_.end() && at + 1 != order_.end() && *(at + 1) == wanted);
    });
  }

  void block(const ast::Block& body, const Where& where) {
    for (const ast::Stmt* statement : body.statements) {
      if (const auto* send = ast::try_as<ast::Send>(statement)) look(*send, where);
      if (const auto* branch = ast::try_as<ast::If>(statement)) {
        arms(*branch, where);
        continue;
      }
      // Whoever reacts may have moved on.
      sema::for_each_block(
          *statement, [&](const ast::Block& inner, bool in_handler) { block(inner, in_handler ? Where{} : where); });
    }
  }

  void arms(const ast::If& branch, const Where& where) {
    for (const ast::IfArm& arm : branch.arms) {
      std::vector<std::string> stages = stages_of(review_.model, *arm.condition);
      block(arm.body, stages.empty() ? where : Where{std::move(stages), arm.condition->span, "who gets it"});
    }
    if (branch.otherwise) block(*branch.otherwise, where);
  }

  void look(const ast::Send& send, const Where& where) {
    if (where.stages.empty()) return;
    if (send.what == ast::Send::What::Content) look(send.content, where);
    for (const ast::Name& choice : send.choices) look(choice, where);
  }

  void look(const ast::Name& name, const Where& where) {
    const std::uint32_t index = review_.model.find_content(name.text);
    if (index == sema::kNoIndex) return;
    const sema::Content& content = review_.model.contents[index];
    const ast::Name& wanted = content.decl->for_stage;
    if (!wanted || content.message_class != sema::Content::Class::Marketing || fits(where, wanted.text)) return;
    std::string stages = where.stages.front();
    for (std::size_t i = 1; i < where.stages.size(); ++i) stages += " or " + where.stages[i];
    Diagnostic& said =
        review_.diagnostics.report(DiagnosticId::ContentOffStage, name.span, content.name, wanted.text, stages);
    said.labels.push_back({where.span, where.why});
    said.labels.push_back({wanted.span, "what it is for"});
    said.hint = "Send what helps in this stage or leads to the next; or, if it does, change what the content is `for`.";
  }

  const Review& review_;
  std::vector<std::string> order_;
};

}  // namespace

/// Practice, rule 7: an inventory of content by stage shows the gap before a lead falls into it.
void stage_without_content(const Review& review) {
  const std::vector<std::string> order = buying_stages(review.model);
  if (order.empty() || !says_for(review)) return;
  std::vector<std::string> there;
  for (const sema::Content& content : review.model.contents) there.push_back(content.decl->for_stage.text);
  for (const sema::Campaign& campaign : review.model.campaigns) {
    for (const sema::Stage& stage : campaign.stages) {
      if (!contains(order, stage.name) || contains(there, stage.name)) continue;
      there.push_back(stage.name);
      auto home = sema::about(review.diagnostics, campaign);
      Diagnostic& said =
          review.diagnostics.report(DiagnosticId::StageWithoutContent, stage.clause->name.span, stage.name);
      said.hint = "Write something for leads in this stage, and say so in it: `for " + stage.name + "`.";
    }
  }
}

/// Practice, rule 8: not content that ignores the stage.
void content_off_stage(const Review& review) {
  std::vector<std::string> order = buying_stages(review.model);
  if (order.empty()) return;
  OffStage lint(review, std::move(order));
  for (const sema::Campaign& campaign : review.model.campaigns) lint.run(campaign);
}

}  // namespace nurture::practice
