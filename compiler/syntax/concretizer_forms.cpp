#include "compiler/syntax/canonical.h"
#include "compiler/syntax/concretizer.h"

namespace nurture::syntax {

/// What may be written in more than one way.
void Concretizer::forms(Context* context) {
  switch (context->getRuleIndex()) {
    case Parser::RuleComparator:
      return at_least(static_cast<Parser::ComparatorContext*>(context));
    case Parser::RuleAtom:
      return truth(static_cast<Parser::AtomContext*>(context));
    case Parser::RuleSend_what:
      return channel(static_cast<Parser::Send_whatContext*>(context));
    case Parser::RuleEvent_or_silence:
      return kinds_of_silence(static_cast<Parser::Event_or_silenceContext*>(context));
    case Parser::RuleEvent_ref:
      if (auto* bare = static_cast<Parser::Event_refContext*>(context)->BARE_CONTENT()) ahead_[index(bare)] = "of";
      return;
    case Parser::RuleWait_what:
      if (auto* extra = static_cast<Parser::Wait_whatContext*>(context)->FOR()) drop(extra);
      return;
  }
  small_forms(context);
  separators(context);
  signs(context);
}

void Concretizer::small_forms(Context* context) {
  switch (context->getRuleIndex()) {
    case Parser::RuleWeekday:
      first(context).text = canonical_weekday(written(first(context)));
      return;
    case Parser::RuleUnit: {
      std::size_t number = index(context->start);
      if (number > 0) --number;
      if (number > 0 && tokens_.get(number)->getType() == Parser::BUSINESS) --number;
      if (tokens_.get(number)->getType() == Parser::INT)
        first(context).text = canonical_unit(written(words_[number]), written(first(context)));
      return;
    }
    case Parser::RuleLet_decl:
      if (auto* colon = static_cast<Parser::Let_declContext*>(context)->COLON()) at(colon).text = "=";
      return;
    case Parser::RuleClause:
      if (auto* exclusive = dynamic_cast<Parser::Exclusive_clauseContext*>(context); exclusive && exclusive->IN()) {
        at(exclusive->EXCLUSIVE()).text = "exclusive in group";
        drop(exclusive->IN());
      }
      if (auto* quiet = dynamic_cast<Parser::Quiet_clauseContext*>(context); quiet && quiet->FROM())
        drop(quiet->FROM());
      return;
    case Parser::RuleEnter_option: {
      auto* option = static_cast<Parser::Enter_optionContext*>(context);
      if (option->ALSO_THOSE() && !option->COMMA()) behind_[index(option->ALSO_THOSE())] = ",";
      return;
    }
    case Parser::RuleExpectation: {
      auto* asked = static_cast<Parser::ExpectationContext*>(context);
      if (asked->AT_LEAST()) at(asked->AT_LEAST()).text = ">=";
      if (asked->AT_MOST()) at(asked->AT_MOST()).text = "<=";
      return;
    }
  }
}

/// `-` and `..` between two ends are `to`; the sign of a number stands right before it.
void Concretizer::signs(Context* context) {
  std::size_t rule = context->getRuleIndex();
  bool range = rule == Parser::RuleWeekdays || rule == Parser::RuleTime_range || rule == Parser::RuleCalendar_item;
  bool number = rule == Parser::RulePrimary || rule == Parser::RuleSigned_number;
  bool call = rule == Parser::RuleCall || rule == Parser::RuleTemplate_decl || rule == Parser::RuleCampaign_decl;
  if (!range && !number && !call) return;
  for (auto* child : context->children) {
    auto* node = dynamic_cast<Terminal*>(child);
    std::size_t type = node ? node->getSymbol()->getType() : antlr4::Token::EOF;
    if (range && type == Parser::MINUS) at(node).text = "to";
    if (number && (type == Parser::MINUS || type == Parser::PLUS)) hugs_[index(node)] = true;
    if (call && type == Parser::LPAREN) at(node).tight = true;
  }
}

/// Commas stand in brackets and parentheses, and nowhere else.
void Concretizer::separators(Context* context) {
  switch (context->getRuleIndex()) {
    case Parser::RuleList:
    case Parser::RuleName_list:
    case Parser::RulePath_list:
    case Parser::RuleType_ref:
    case Parser::RuleTemplate_decl:
    case Parser::RuleCampaign_decl:
      return list_commas(context);
    case Parser::RuleField:
    case Parser::RuleMapping:
    case Parser::RuleCalendar_item:
    case Parser::RuleSource_item:
    case Parser::RuleRecord:
      return no_commas(context);
  }
}

/// One between two of them.
void Concretizer::list_commas(Context* context) {
  bool inside = false;
  Context* item = nullptr;
  Terminal* comma = nullptr;
  for (auto* child : context->children) {
    auto* node = dynamic_cast<Terminal*>(child);
    std::size_t type = node ? node->getSymbol()->getType() : antlr4::Token::EOF;
    if (type == Parser::LBRACKET || type == Parser::LPAREN) inside = true;
    if (type == Parser::RBRACKET || type == Parser::RPAREN) break;
    if (!inside) continue;
    if (type == Parser::COMMA) {
      if (comma) drop(node);
      comma = comma ? comma : node;
    } else if (auto* next = dynamic_cast<Context*>(child)) {
      if (item && !comma && item->stop) behind_[index(item->stop)] = ",";
      item = next;
      comma = nullptr;
    }
  }
  if (comma) drop(comma);
}

/// Without this comma, the comment before it would document what comes next.
bool Concretizer::comment_before(Terminal* node) const {
  std::size_t i = index(node);
  if (i == 0 || i + 1 >= words_.size()) return false;
  std::uint32_t begin = words_[i - 1].span.end;
  return source_.content().substr(begin, words_[i].span.begin - begin).find("//") != std::string_view::npos;
}

/// The lines, or the space between them, part the entries of a record; `missing "?", "NULL"` is a list.
void Concretizer::no_commas(Context* context) {
  bool all = context->getRuleIndex() == Parser::RuleRecord;
  for (auto* child : context->children) {
    auto* node = dynamic_cast<Terminal*>(child);
    bool comma = node && node->getSymbol()->getType() == Parser::COMMA;
    if (comma && (all || node->getSymbol() == context->stop) && !comment_before(node)) drop(node);
  }
}

/// `at least 60` is `>= 60`, `is not at most 60` the denial of `<= 60`.
void Concretizer::at_least(Parser::ComparatorContext* context) {
  Terminal* bound = context->AT_LEAST() ? context->AT_LEAST() : context->AT_MOST();
  if (!bound) return;
  at(bound).text = context->AT_LEAST() ? ">=" : "<=";
  if (context->IS()) drop(context->IS());
  if (!context->NOT()) return;
  auto* comparison = dynamic_cast<Context*>(context->parent);
  drop(context->NOT());
  ahead_[index(comparison ? comparison->start : nullptr)] = "not";
}

void Concretizer::truth(Parser::AtomContext* context) {
  auto* path = context->path();
  if (!path || path->name().size() != 1 || context->call() || context->WAS_IN()) return;
  Word& word = first(path);
  if (word.text == "yes") word.text = "true";
  if (word.text == "no") word.text = "false";
}

/// The channel goes where it is known to be the right one; elsewhere the checker may have something to say about it.
void Concretizer::channel(Parser::Send_whatContext* context) {
  if (!context->CHANNEL() || !context->content_name()) return;
  auto declared = channels_.find(first(context->content_name()).text);
  if (declared != channels_.end() && declared->second == at(context->CHANNEL()).text) drop(context->CHANNEL());
}

/// Several kinds stand in brackets, one does not.
void Concretizer::kinds_of_silence(Parser::Event_or_silenceContext* context) {
  auto kinds = context->event_kind();
  if (kinds.size() > 1 && !context->LBRACKET()) {
    ahead_[index(kinds.front()->start)] = "[";
    behind_[index(kinds.back()->stop)] = "]";
  }
  if (kinds.size() == 1 && context->LBRACKET() && context->RBRACKET()) {
    drop(context->LBRACKET());
    drop(context->RBRACKET());
  }
}

}  // namespace nurture::syntax
