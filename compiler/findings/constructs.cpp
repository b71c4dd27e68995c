#include "compiler/findings/constructs.h"

#include <algorithm>

#include "compiler/sema/walk.h"

namespace nurture::findings {

namespace {

class Collector {
 public:
  void declaration(const ast::Decl& decl) {
    out_.push_back(decl.span);
    if (const auto* campaign = ast::try_as<ast::CampaignDecl>(&decl)) clauses(campaign->clauses);
    if (const auto* policy = ast::try_as<ast::PolicyDecl>(&decl)) clauses(policy->clauses);
    if (const auto* rules = ast::try_as<ast::RulesDecl>(&decl)) clauses(rules->clauses);
    if (const auto* mould = ast::try_as<ast::TemplateDecl>(&decl)) clauses(mould->clauses);
    if (const auto* content = ast::try_as<ast::ContentDecl>(&decl)) spans_of(content->variants);
    if (const auto* source = ast::try_as<ast::SourceDecl>(&decl)) source_rows(*source);
    if (const auto* test = ast::try_as<ast::TestDecl>(&decl)) {
      spans_of(test->items);
      spans_of(test->rows);
    }
  }

  std::vector<Span> take() { return std::move(out_); }

 private:
  template <typename Items>
  void spans_of(const Items& items) {
    for (const auto& each : items) out_.push_back(each.span);
  }

  void source_rows(const ast::SourceDecl& source) {
    spans_of(source.rules);
    for (const ast::SourceRule& rule : source.rules) spans_of(rule.properties);
    spans_of(source.lead_attributes);
  }

  void clauses(const std::vector<ast::Clause>& list) {
    for (const ast::Clause& each : list) {
      out_.push_back(each.span);
      for (const ast::Trigger& trigger : each.triggers) reaction(trigger);
      for (const ast::Trigger& trigger : each.triggers) block(trigger.body);
      block(each.trigger.body);
      block(each.body);
    }
  }

  void block(const ast::Block& body) {
    sema::for_each_statement(body, [&](const ast::Stmt& statement) {
      out_.push_back(statement.span);
      const auto* wait = ast::try_as<ast::Wait>(&statement);
      if (!wait) return;
      for (const ast::Trigger& handler : wait->handlers) reaction(handler);
    });
  }

  void reaction(const ast::Trigger& trigger) {
    out_.push_back({trigger.span.file, trigger.span.begin, std::max(trigger.span.end, trigger.body.span.end)});
  }

  std::vector<Span> out_;
};

}  // namespace

std::vector<Span> constructs(const ast::File& file) {
  Collector collector;
  for (const ast::Decl* decl : file.declarations) {
    if (decl) collector.declaration(*decl);
  }
  return collector.take();
}

}  // namespace nurture::findings
