#include "compiler/syntax/recovery.h"

#include <algorithm>

#include "compiler/syntax/words.h"

namespace nurture::syntax {

namespace {

using antlr4::Token;
using antlr4::misc::IntervalSet;

std::string sentence(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += i + 1 < parts.size() ? ", " : " or ";
    out += parts[i];
  }
  return out;
}

bool is_word(std::size_t type) { return (type >= Parser::AFTER && type <= Parser::WEEKDAY) || type == Parser::IDENT; }
bool is_reserved(std::size_t type) { return type >= Parser::AFTER && type <= Parser::WITHIN; }

/// The names that fit a set of tokens and can be counted on the fingers; empty if there are more.
std::vector<std::string> few(const IntervalSet& types, const antlr4::dfa::Vocabulary& vocabulary) {
  constexpr std::size_t kMany = 6;
  std::vector<std::string> out;
  bool name = types.contains(static_cast<std::size_t>(Parser::IDENT));
  if (name) out.push_back("a name");
  for (ssize_t type : types.toList()) {
    auto t = static_cast<std::size_t>(type);
    if (name && is_word(t) && !is_reserved(t)) continue;
    std::string text = word(vocabulary, t);
    if (text.empty() || std::find(out.begin(), out.end(), text) != out.end()) continue;
    out.push_back(std::move(text));
    if (out.size() > kMany) return {};
  }
  return out;
}

/// The loop state of the body around an item, and with it what may begin an item there.
const IntervalSet* items_around(antlr4::Parser* parser, const antlr4::ParserRuleContext* item) {
  if (item->invokingState == antlr4::atn::ATNState::INVALID_STATE_NUMBER) return nullptr;
  const auto& atn = parser->getATN();
  auto* call = static_cast<antlr4::atn::RuleTransition*>(atn.states[item->invokingState]->transitions[0]);
  return &atn.nextTokens(call->followState);
}

bool begins_strongly(std::size_t type) {
  switch (type) {
    case Parser::SEND:
    case Parser::WAIT:
    case Parser::EXIT:
    case Parser::GO:
    case Parser::NOTIFY:
    case Parser::ASSIGN:
    case Parser::HAND_OFF:
    case Parser::TAKE_BACK:
    case Parser::KEEP_WAITING:
    case Parser::MOVE_ON:
    case Parser::OTHERWISE:
    case Parser::IF:
    case Parser::STAY:
    case Parser::RESTART:
    case Parser::EXPECT:
    case Parser::SUBJECT:
    case Parser::BODY:
    case Parser::OFFERS:
      return true;
  }
  return false;
}

bool name_due_after(std::size_t type) {
  switch (type) {
    case Parser::TO:
    case Parser::OF:
    case Parser::AS:
    case Parser::FROM:
    case Parser::IS:
    case Parser::NOT:
    case Parser::IN:
    case Parser::COLON:
    case Parser::DOT:
    case Parser::COMMA:
    case Parser::NO:
    case Parser::THEN:
    case Parser::ELSE:
    case Parser::EXPECT:
    case Parser::SET:
    case Parser::CLEAR:
      return true;
  }
  return false;
}

}  // namespace

void Recovery::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& e) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  failed_ = true;
  if (quiet_) throw antlr4::ParseCancellationException();
  report_expected(parser, e.getOffendingToken());
}

void Recovery::recover(antlr4::Parser* parser, std::exception_ptr e) {
  antlr4::ParserRuleContext* context = parser->getContext();
  std::size_t rule = context->getRuleIndex();
  if (rule == Parser::RuleFile || rule == Parser::RuleLone_expression) {
    while (parser->getTokenStream()->LA(1) != Token::EOF) parser->consume();
    return;
  }
  auto* around = dynamic_cast<antlr4::ParserRuleContext*>(context->parent);
  bool trigger = rule == Parser::RuleTrigger && around && around->getRuleIndex() == Parser::RuleStage_body;
  const IntervalSet* items = trigger || is_item(rule) ? items_around(parser, context) : nullptr;
  if (!items) std::rethrow_exception(e);
  skip(parser, *items, context->start);
}

Token* Recovery::recoverInline(antlr4::Parser* parser) { throw antlr4::InputMismatchException(parser); }

/// Called before each decision. Only the loops over the items of a body are mended here.
void Recovery::sync(antlr4::Parser* parser) {
  if (inErrorRecoveryMode(parser)) return;
  const Body* around = body(parser->getContext()->getRuleIndex());
  if (!around) return;
  antlr4::atn::ATNState* state = parser->getATN().states[parser->getState()];
  auto kind = state->getStateType();
  bool loop = kind == antlr4::atn::ATNState::STAR_LOOP_ENTRY || kind == antlr4::atn::ATNState::STAR_LOOP_BACK;
  if (!loop) return;
  const IntervalSet& items = parser->getATN().nextTokens(state);
  // Other loops of the rule end where their items end; only the braces of a body hold nothing else.
  bool braces = items.contains(static_cast<std::size_t>(Parser::RBRACE)) || items.contains(Token::EOF);
  if (!braces) return;
  auto* tokens = parser->getTokenStream();
  while (!items.contains(tokens->LA(1)) && tokens->LA(1) != Token::EOF) {
    failed_ = true;
    if (quiet_) throw antlr4::ParseCancellationException();
    report_item(parser, tokens->LT(1), items);
    std::size_t before = tokens->index();
    skip(parser, items, tokens->LT(1));
    endErrorCondition(parser);
    if (tokens->index() == before) return;
  }
}

/// To the next item: over balanced braces, up to the end of the body or a word that begins an item, if a line begins
/// with it or the word hardly means anything else.
void Recovery::skip(antlr4::Parser* parser, const IntervalSet& items, Token* item) {
  auto* tokens = parser->getTokenStream();
  bool stuck = tokens->index() == last_skip_;
  // The braces of a body that holds names may hold any word, so only a line tells where the next item is.
  bool names = items.contains(static_cast<std::size_t>(Parser::IDENT));
  close_braces(parser, item);
  for (bool first = true;; first = false) {
    std::size_t type = tokens->LA(1);
    if (type == Token::EOF || type == Parser::RBRACE) break;
    Token* before = tokens->LT(-1);
    bool line_start = !before || before->getLine() != tokens->LT(1)->getLine();
    bool due = before && name_due_after(before->getType());
    bool begins = items.contains(type) && type != Parser::LBRACE && (!first || !stuck);
    if (begins && (line_start || (begins_strongly(type) && !due && !names))) break;
    bool no_deeper = tokens->LT(1)->getCharPositionInLine() <= item->getCharPositionInLine();
    if (!first && line_start && no_deeper && is_word(type)) break;
    if (type == Parser::LBRACE)
      skip_braces(parser);
    else
      parser->consume();
  }
  last_skip_ = tokens->index();
}

/// Over the rest of the braces that the broken item opened itself.
void Recovery::close_braces(antlr4::Parser* parser, Token* item) {
  auto* tokens = parser->getTokenStream();
  std::ptrdiff_t open = 0;
  for (std::size_t i = item->getTokenIndex(); i < tokens->index(); ++i) {
    std::size_t type = tokens->get(i)->getType();
    open += type == Parser::LBRACE ? 1 : type == Parser::RBRACE ? -1 : 0;
  }
  for (; open > 0 && tokens->LA(1) != Token::EOF; parser->consume()) {
    std::size_t type = tokens->LA(1);
    open += type == Parser::LBRACE ? 1 : type == Parser::RBRACE ? -1 : 0;
  }
}

void Recovery::skip_braces(antlr4::Parser* parser) {
  auto* tokens = parser->getTokenStream();
  std::size_t depth = 0;
  do {
    std::size_t type = tokens->LA(1);
    if (type == Token::EOF) return;
    if (type == Parser::LBRACE) ++depth;
    if (type == Parser::RBRACE) --depth;
    parser->consume();
  } while (depth);
}

Span Recovery::place(antlr4::Parser* parser, Token* found) const {
  std::size_t index = found->getTokenIndex();
  Token* before = index ? parser->getTokenStream()->get(index - 1) : nullptr;
  bool elsewhere = before && before->getLine() != found->getLine();
  if (!elsewhere && found->getType() != Token::EOF) return span_of(source_, *found);
  auto end = before ? static_cast<std::uint32_t>(before->getStopIndex() + 1) : 0;
  return {source_.id(), end, end};
}

std::string Recovery::name_of(Token* token) const {
  constexpr std::size_t kLong = 30;
  if (token->getType() == Token::EOF) {
    return static_cast<std::size_t>(token->getStartIndex()) < source_.content().size() ? "the end of the braces"
                                                                                       : "the end of the file";
  }
  std::string_view text = text_of(source_, *token);
  if (text.empty()) return "the end of the line";
  if (text.size() > kLong)
    text = text.substr(0, text.find_last_of(' ', kLong) == text.npos ? kLong : text.find_last_of(' ', kLong));
  if (token->getType() == Parser::STRING || token->getType() == Parser::SINGLE_QUOTED) return "a text";
  return '"' + std::string(text) + '"';
}

/// The words before the place, as many as show the phrase.
std::string Recovery::before(antlr4::Parser* parser) const {
  constexpr std::size_t kLong = 24;
  auto* tokens = parser->getTokenStream();
  std::size_t at = tokens->index();
  if (at == 0) return {};
  Token* last = tokens->get(at - 1);
  Token* first = last;
  for (std::size_t i = at - 1; i-- > 0;) {
    Token* token = tokens->get(i);
    std::size_t type = token->getType();
    if (token->getLine() != last->getLine() || type == Parser::LBRACE || type == Parser::RBRACE) break;
    if (last->getStopIndex() + 1 - token->getStartIndex() > kLong) break;
    first = token;
    if (is_word(type) && begins_strongly(type)) break;
  }
  std::size_t begin = first->getStartIndex();
  return std::string(source_.content().substr(begin, last->getStopIndex() + 1 - begin));
}

bool Recovery::echo(antlr4::Parser* parser, Token* found) const {
  std::size_t index = found->getTokenIndex();
  std::size_t line = index ? parser->getTokenStream()->get(index - 1)->getLine() : 0;
  return lexed_.broken_lines.count(found->getLine()) || lexed_.broken_lines.count(line);
}

/// How the statement, clause or declaration that broke is written.
std::string Recovery::example(antlr4::Parser* parser, Token* found) {
  for (auto* context = parser->getContext(); context;
       context = dynamic_cast<antlr4::ParserRuleContext*>(context->parent)) {
    if (!context->start || context->start == found) continue;
    std::string_view written = usage(context->start->getType());
    if (written.empty()) written = usage_of_rule(context->getRuleIndex());
    if (!written.empty()) return fmt::format("It is written {}.", written);
    if (body(context->getRuleIndex())) break;
  }
  return {};
}

void Recovery::report_expected(antlr4::Parser* parser, Token* found) {
  if (echo(parser, found)) return;
  last_reported_ = found->getTokenIndex();
  std::string_view what;
  for (auto* context = parser->getContext(); context && context->start == found;
       context = dynamic_cast<antlr4::ParserRuleContext*>(context->parent)) {
    std::string_view said = noun(context->getRuleIndex());
    if (!said.empty()) what = said;
  }
  std::string expected(what);
  if (expected.empty()) {
    IntervalSet types = parser->getExpectedTokens();
    bool value = types.contains(static_cast<std::size_t>(Parser::STRING)) &&
                 types.contains(static_cast<std::size_t>(Parser::IDENT));
    expected = sentence(few(types, parser->getVocabulary()));
    if (expected.empty()) expected = value ? "a value" : "something else";
  }
  std::string after = before(parser);
  std::string where = after.empty() ? "" : fmt::format(" after \"{}\"", after);
  std::string got = name_of(found);
  Span at = place(parser, found);
  bool named = expected.find("name") != std::string::npos || expected == "a reason";
  if (named && is_reserved(found->getType())) {
    auto reserved = text_of(source_, *found);
    diagnostics_.report(DiagnosticId::ReservedWord, span_of(source_, *found), reserved, expected).hint =
        fmt::format("Choose another name, such as \"my_{}\".", reserved);
    return;
  }
  auto& d = at.begin == at.end ? diagnostics_.report(DiagnosticId::Expected, at, expected, where)
                               : diagnostics_.report(DiagnosticId::ExpectedFound, at, expected, where, got);
  d.hint = example(parser, found);
}

void Recovery::report_item(antlr4::Parser* parser, Token* found, const IntervalSet& items) {
  beginErrorCondition(parser);
  if (found->getTokenIndex() == last_reported_ || echo(parser, found)) return;
  const Body* around = body(parser->getContext()->getRuleIndex());
  static const Body kPolicy{Parser::RuleClause, "a rule", "of a policy",
                            "`never send`, `limit`, `quiet hours` or `send only in`"};
  if (dynamic_cast<Parser::Policy_declContext*>(parser->getContext()->parent)) around = &kPolicy;
  auto& d = diagnostics_.report(DiagnosticId::NotAnItem, span_of(source_, *found), name_of(found), around->what,
                                around->where);
  std::vector<std::string> words;
  for (ssize_t type : items.toList()) {
    std::string text = word(parser->getVocabulary(), static_cast<std::size_t>(type));
    if (text.size() > 3 && text[0] == '"' && std::isalpha(static_cast<unsigned char>(text[1])))
      words.push_back(text.substr(1, text.size() - 2));
  }
  std::vector<std::string_view> candidates(words.begin(), words.end());
  std::string_view near = closest(text_of(source_, *found), candidates);
  if (near.empty() && !around->such_as.empty())
    d.hint = fmt::format("One begins with a word such as {}.", around->such_as);
  if (!near.empty()) {
    d.hint = fmt::format("Did you mean \"{}\"?", near);
    d.edits.push_back({span_of(source_, *found), std::string(near)});
  }
}

}  // namespace nurture::syntax
