#include "compiler/syntax/concretizer.h"

#include "compiler/syntax/canonical.h"
#include "compiler/syntax/lexing.h"
#include "compiler/syntax/words.h"

namespace nurture::syntax {

namespace {

/// Ranks of the places where a long line may go on, inside one pair of brackets.
constexpr std::uint16_t kOption = 1, kOr = 2, kAnd = 3, kComma = 4, kNote = 5, kOperator = 6, kFallback = 7;

Braces shape(std::size_t rule) {
  switch (rule) {
    case Parser::RuleBlock:
    case Parser::RuleContent_decl:
    case Parser::RuleContent_item:
    case Parser::RuleProgram_decl:
    case Parser::RuleWindow_decl:
    case Parser::RuleScenario_rule:
      return Braces::Single;
    case Parser::RuleFields:
    case Parser::RuleRecord:
    case Parser::RuleSource_item:
    case Parser::RuleCalendar_decl:
      return Braces::Record;
  }
  return Braces::Lines;
}

bool opens(std::string_view text) { return text == "(" || text == "["; }
bool closes(std::string_view text) { return text == ")" || text == "]"; }

/// Signs that follow without a space.
bool leans(std::string_view text) { return closes(text) || text == "," || text == "." || text == ":" || text == "?"; }

/// At the beginning of a line these would be lines of a test.
bool stays(std::string_view text) { return text == "given" || text == "also" || text == "expect"; }

/// Words one after another, with what follows from their neighbours.
class Assembly {
 public:
  void put(Word word) {
    depth_ = static_cast<std::uint16_t>(depth_ - (depth_ && closes(word.text)));
    const std::string_view before = out_.empty() ? std::string_view() : std::string_view(out_.back().text);
    word.tight = word.tight || leans(word.text) || opens(before) || before == ".";
    if (depth_ && before == ",") word.wrap = kComma;
    if (word.wrap) word.wrap = static_cast<std::uint16_t>(word.wrap + kRanks * depth_);
    if (stays(word.text)) word.wrap = 0;
    depth_ = static_cast<std::uint16_t>(depth_ + opens(word.text));
    out_.push_back(std::move(word));
  }

  std::vector<Word> take() {
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < out_.size(); ++i) {
      out_[i].partner = static_cast<std::uint32_t>(out_.size());
      if (out_[i].text == "{") open.push_back(i);
      if (out_[i].text != "}" || open.empty()) continue;
      out_[i].partner = open.back();
      out_[open.back()].partner = i;
      open.pop_back();
    }
    return std::move(out_);
  }

 private:
  std::vector<Word> out_;
  std::uint16_t depth_ = 0;  ///< of brackets and parentheses
};

}  // namespace

Concretizer::Concretizer(const SourceFile& source, const TokenList& tokens, const ast::File& file)
    : source_(source), tokens_(tokens) {
  for (const ast::Decl* each : file.declarations) {
    const auto* content = ast::try_as<ast::ContentDecl>(each);
    if (content) channels_[content->name.text] = content->channel.text;
  }
  std::size_t count = tokens_.count();
  words_.resize(count + 1);
  hugs_.resize(count + 1);
  ahead_.resize(count + 1);
  behind_.resize(count + 1);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const antlr4::Token& token = *tokens_.get(i);
    words_[i].span = span_of(source, token);
    // Braces that were put in, and the sign for what is missing, are nowhere in the text.
    if (words_[i].span.begin < words_[i].span.end)
      words_[i].text = canonical_text(token.getType(), text_of(source, token));
  }
}

std::size_t Concretizer::index(const antlr4::Token* token) const {
  return token ? std::min(token->getTokenIndex(), words_.size() - 1) : words_.size() - 1;
}

/// The nth word after the first of a context.
Word& Concretizer::after(Context* context, std::size_t n) {
  return words_[std::min(index(context->start) + n, words_.size() - 1)];
}

Concrete Concretizer::run(Parser::FileContext* context) {
  visit(context);
  return {assembled(), {}};
}

void Concretizer::visit(Context* context) {
  lines(context);
  columns(context);
  wraps(context);
  forms(context);
  for (auto* child : context->children) {
    if (auto* node = dynamic_cast<Terminal*>(child))
      terminal(node, context);
    else if (auto* inner = dynamic_cast<Context*>(child))
      visit(inner);
  }
}

void Concretizer::terminal(Terminal* node, Context* parent) {
  std::size_t rule = parent->getRuleIndex();
  if (node->getSymbol()->getType() == Parser::LBRACE) at(node).braces = shape(rule);
  operators(node, parent);
}

/// What recovery takes for an item is a line, and so is a trigger.
void Concretizer::lines(Context* context) {
  const std::size_t rule = context->getRuleIndex();
  if (rule == Parser::RuleTrigger || is_item(rule)) {
    first(context).begins = true;
    return;
  }
  switch (rule) {
    case Parser::RuleElse_part:
      first(context).goes_on = true;
      return;
    case Parser::RuleRecord:
      for (auto* name : static_cast<Parser::RecordContext*>(context)->field_name()) first(name).begins = true;
      return;
    case Parser::RuleWindow_decl:
      return windows(static_cast<Parser::Window_declContext*>(context));
  }
}

/// One span, with its zone and its days off, is one item; of several each has its line.
void Concretizer::windows(Parser::Window_declContext* context) {
  auto spans = context->window_span();
  for (auto* span : spans) first(span).begins = true;
  if (spans.size() == 1) return;
  at(context->IN() ? context->IN() : context->IN_ZONE()).begins = true;
  at(context->EXCEPT()).begins = true;
}

void Concretizer::columns(Context* context) {
  switch (context->getRuleIndex()) {
    case Parser::RuleProgram_item:
      after(context, 1).column = Column::Value;
      return;
    case Parser::RuleContent_item: {
      auto* item = static_cast<Parser::Content_itemContext*>(context);
      if (!item->VARIANT()) after(context, item->REPLY() ? 2 : 1).column = Column::Value;
      return;
    }
    case Parser::RuleSource_item: {
      auto* item = static_cast<Parser::Source_itemContext*>(context);
      bool setting = item->FORMAT() || item->LEAD() || item->AT() || item->ID() || item->ORIGIN() || item->MISSING();
      if (setting) after(context, 1).column = Column::Value;
      return;
    }
    case Parser::RuleScore_item:
      at(static_cast<Parser::Score_itemContext*>(context)->GIVES()).column = Column::Gives;
      return;
    case Parser::RuleTrigger:
      first(static_cast<Parser::TriggerContext*>(context)->block()).column = Column::Body;
      return;
    case Parser::RuleTest_row:
      return row_columns(static_cast<Parser::Test_rowContext*>(context)->record());
    case Parser::RuleHandler:
      first(static_cast<Parser::HandlerContext*>(context)->block()).column = Column::Body;
      return;
    case Parser::RuleSplit_arm: {
      auto* arm = static_cast<Parser::Split_armContext*>(context);
      value(arm->branch_name());
      first(arm->block()).column = Column::Body;
      return;
    }
    case Parser::RuleClause:
      return clause_columns(context);
  }
}

void Concretizer::row_columns(Parser::RecordContext* context) {
  if (!context) return;
  for (auto* name : context->field_name()) first(name).column = Column::Cell;
  first(context).column = Column::Body;
}

void Concretizer::clause_columns(Context* context) {
  switch (context->start ? context->start->getType() : antlr4::Token::EOF) {
    case Parser::AUDIENCE:
    case Parser::EXCLUDE:
    case Parser::ENTER:
    case Parser::REENTER:
    case Parser::LASTS:
    case Parser::HOLDOUT:
    case Parser::GOAL:
    case Parser::PRIORITY:
    case Parser::ACTIVE:
    case Parser::OWNER:
    case Parser::VERSION:
    case Parser::STATUS:
    case Parser::FOLLOW:
      after(context, 1).column = Column::Value;
      return;
    case Parser::EXIT:
      if (auto* exit = dynamic_cast<Parser::Exit_clauseContext*>(context)) at(exit->AS()).column = Column::As;
      return;
  }
}

/// Parts after which a line may go on in the next.
void Concretizer::wraps(Context* context) {
  switch (context->getRuleIndex()) {
    case Parser::RuleEnter_option:
    case Parser::RuleGoal_option:
    case Parser::RuleSend_option:
    case Parser::RuleExpect_span:
    case Parser::RuleEvent_item:
    case Parser::RuleNever_bound:
    case Parser::RuleProperty_bound:
    case Parser::RuleTime_format:
    case Parser::RuleBound:
      first(context).wrap = kOption;
      return;
    case Parser::RuleReaction_option:
      after(context, 1).wrap = kOption;
      return;
    case Parser::RuleTest_event:
      first(context).wrap = kNote;
      return;
    case Parser::RuleHand_off:
    case Parser::RuleAssign:
    case Parser::RuleNotify:
      for (auto* child : context->children) {
        auto* text = dynamic_cast<Parser::TextContext*>(child);
        if (text) first(text).wrap = kNote;
      }
      return;
  }
}

/// Words and signs before which a line may go on.
void Concretizer::operators(Terminal* node, Context* parent) {
  std::uint16_t rank = 0;
  std::size_t rule = parent->getRuleIndex();
  switch (node->getSymbol()->getType()) {
    case Parser::WHERE:
    case Parser::DUE:
    case Parser::UNLESS:
    case Parser::LEADS:
    case Parser::EXCEPT:
    case Parser::GIVES:
      if (node->getSymbol() != parent->start) rank = kOption;
      break;
    case Parser::AS:
      if (rule == Parser::RuleClause || rule == Parser::RuleAssign) rank = kOption;
      break;
    case Parser::ANSWER:
      if (rule == Parser::RuleHand_off) rank = kOption;
      break;
    case Parser::OR:
      if (rule == Parser::RuleExpression) rank = kOr;
      break;
    case Parser::AND:
      if (rule == Parser::RuleConjunction) rank = kAnd;
      break;
    case Parser::EQ:
      if (rule == Parser::RuleField) rank = kNote;
      break;
    case Parser::PLUS:
    case Parser::MINUS:
    case Parser::STAR:
    case Parser::SLASH:
      if (rule == Parser::RuleSum || rule == Parser::RuleProduct) rank = kOperator;
      break;
    case Parser::ELSE:
      if (rule == Parser::RuleFallback) rank = kFallback;
      break;
  }
  if (!rank) return;
  at(node).wrap = rank;
  at(node).wrap_all = rank == kOr || rank == kAnd;
}

std::vector<Word> Concretizer::assembled() const {
  Assembly out;
  for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
    std::uint32_t begin = words_[i].span.begin, end = words_[i].span.end;
    FileId file = source_.id();
    if (!ahead_[i].empty()) out.put({.span = {file, begin, begin}, .text = ahead_[i]});
    if (!words_[i].text.empty()) {
      Word word = words_[i];
      if (i > 0 && hugs_[i - 1]) word.tight = true;
      out.put(std::move(word));
    }
    if (!behind_[i].empty()) out.put({.span = {file, end, end}, .text = behind_[i]});
  }
  return out.take();
}

}  // namespace nurture::syntax
