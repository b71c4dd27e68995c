#include "tools/nurture/evidence/compared.h"

#include <algorithm>

#include "compiler/sema/walk.h"

namespace nurture::tool::evidence {

namespace {

using ast::BinaryOp;

std::optional<Compared::Op> op_of(BinaryOp op) {
  if (op == BinaryOp::Is || op == BinaryOp::IsNot) return Compared::Op::Is;
  if (op == BinaryOp::StartsWith) return Compared::Op::StartsWith;
  if (op == BinaryOp::EndsWith) return Compared::Op::EndsWith;
  if (op == BinaryOp::Contains) return Compared::Op::Contains;
  return std::nullopt;
}

bool is_text(TypeKind kind) { return kind == TypeKind::Text || kind == TypeKind::Choice; }

/// Goes through what a declaration asks.
class Collector {
 public:
  explicit Collector(const sema::Model& model) : model_(model) {}

  void declaration(const ast::Decl& decl) {
    if (const auto* segment = ast::try_as<ast::SegmentDecl>(&decl)) {
      condition(segment->condition);
    } else if (const auto* content = ast::try_as<ast::ContentDecl>(&decl)) {
      for (const ast::ContentVariant& variant : content->variants) condition(variant.condition);
    } else if (const auto* score = ast::try_as<ast::ScoreDecl>(&decl)) {
      for (const ast::ScoreRow& row : score->rows) condition(row.event.where);
    } else if (const auto* campaign = ast::try_as<ast::CampaignDecl>(&decl)) {
      clauses(campaign->clauses);
    } else if (const auto* policy = ast::try_as<ast::PolicyDecl>(&decl)) {
      clauses(policy->clauses);
    }
  }

  std::vector<Compared> take() && { return std::move(out_); }

 private:
  void clauses(const std::vector<ast::Clause>& all) {
    sema::for_each_question(all, {.condition = [&](const ast::Expr& expr) { condition(&expr); }});
  }

  void condition(const ast::Expr* expr) {
    if (!expr) return;
    if (const auto* binary = ast::try_as<ast::Binary>(expr)) {
      if (auto op = op_of(binary->op)) compared(*op, *binary->left, *binary->right, binary->ignoring_case);
    } else if (const auto* in = ast::try_as<ast::InTest>(expr)) {
      compared(Compared::Op::Is, *in->value, *in->list, in->ignoring_case);
    } else if (const auto* past = ast::try_as<ast::Aggregate>(expr)) {
      condition(past->event.where);
    }
    sema::for_each_child(*expr, [&](const ast::Expr& child) { condition(&child); });
  }

  void compared(Compared::Op op, const ast::Expr& left, const ast::Expr& right, bool ignoring_case) {
    const auto* what = ast::try_as<ast::NameRef>(&left);
    if (!what || !is_text(model_.type_of(*what).kind) || !seen_.insert(what->id).second) return;
    Compared out{op, what, {}, right.span, false, ignoring_case};
    if (const auto* list = ast::try_as<ast::ListLit>(&right)) {
      out.list = true;
      for (const ast::Expr* item : list->items) {
        if (!add(out, *item)) return;
      }
    } else if (!add(out, right)) {
      return;
    }
    if (!out.texts.empty()) out_.push_back(std::move(out));
  }

  bool add(Compared& out, const ast::Expr& expr) {
    auto value = sema::constant_of(model_, expr);
    if (!value || !value->value.known) return false;
    const bool text = is_text(value->type.kind);
    if (text) out.texts.push_back({value->text, expr.span, expr.kind == ast::NodeKind::TextLit});
    return text;
  }

  const sema::Model& model_;
  std::vector<Compared> out_;
  std::set<ast::NodeId> seen_;
};

}  // namespace

std::vector<Compared> comparisons(const sema::Model& model, const std::vector<const ast::File*>& files) {
  Collector collector(model);
  for (const ast::File* file : files) {
    for (const ast::Decl* decl : file->declarations) collector.declaration(*decl);
  }
  return std::move(collector).take();
}

std::set<std::pair<std::uint32_t, std::string>> set_by_programme(const sema::Model& model) {
  std::set<std::pair<std::uint32_t, std::string>> out;
  auto set = [&](const ast::SetStmt& statement) {
    if (!statement.value || statement.target.parts.size() != 2 || statement.target.parts[0].text != "lead") return;
    auto found = std::find_if(model.lead.begin(), model.lead.end(),
                              [&](const sema::Field& field) { return field.name == statement.target.parts[1].text; });
    if (found == model.lead.end()) return;
    auto value = sema::constant_of(model, *statement.value);
    out.emplace(static_cast<std::uint32_t>(found - model.lead.begin()), value ? value->text : std::string());
  };
  auto block = [&](const ast::Block& body) {
    sema::for_each_statement(body, [&](const ast::Stmt& each) {
      if (const auto* statement = ast::try_as<ast::SetStmt>(&each)) set(*statement);
    });
  };
  for (const sema::Campaign& campaign : model.campaigns) {
    for (const ast::Clause& clause : campaign.decl->clauses) {
      block(clause.body);
      block(clause.trigger.body);
      for (const ast::Trigger& trigger : clause.triggers) block(trigger.body);
    }
  }
  return out;
}

}  // namespace nurture::tool::evidence
