#include "compiler/syntax/words.h"

#include <array>

namespace nurture::syntax {

namespace {

/// Joined and retyped words are written like this.
struct Written {
  std::size_t type;
  std::string_view text;
};
constexpr Written kWritten[] = {
    {Parser::ADD_TO_AUDIENCE, "add to audience"},
    {Parser::ADD_TO_CAMPAIGN, "add to campaign"},
    {Parser::ALSO_THOSE, "also those already true"},
    {Parser::ANY_LEAD, "any lead"},
    {Parser::AT_LEAST, "at least"},
    {Parser::AT_MOST, "at most"},
    {Parser::BECOMES_TRUE, "becomes true"},
    {Parser::CALL_WEBHOOK, "call webhook"},
    {Parser::COUNT_OF_LEADS, "count of leads"},
    {Parser::CREATE_TASK, "create task"},
    {Parser::DAYS_SINCE, "days since"},
    {Parser::DRAWN_ANEW, "drawn anew each pass"},
    {Parser::ENDS_WITH, "ends with"},
    {Parser::ENROLL_IN, "enroll in"},
    {Parser::EVENT_GROUP, "event group"},
    {Parser::EXCLUSIVE_IN_GROUP, "exclusive in group"},
    {Parser::FIRST_PERMITTED_OF, "first permitted of"},
    {Parser::FOR_EACH, "for each"},
    {Parser::GOTO, "goto"},
    {Parser::HAND_OFF, "hand off"},
    {Parser::IF_NONE_LEFT, "if none left"},
    {Parser::IF_NO_ANSWER, "if no response"},
    {Parser::IGNORING_CASE, "ignoring case"},
    {Parser::IN_LAST, "in last"},
    {Parser::IN_ZONE, "in"},
    {Parser::KEEP_WAITING, "keep waiting"},
    {Parser::MOVE_ON, "move on"},
    {Parser::NEXT_OF, "next of"},
    {Parser::NO_LEAD, "no lead"},
    {Parser::NOW_OR_SKIP, "now or skip"},
    {Parser::ONE_OF, "one of"},
    {Parser::ON_EDIT, "on"},
    {Parser::ON_EXIT, "on"},
    {Parser::ON_TIMEOUT, "on timeout"},
    {Parser::OR_AT_ONCE_IF_LATE, "or at once if late"},
    {Parser::OUT_WHERE, "out where"},
    {Parser::QUIET_HOURS, "quiet hours"},
    {Parser::REMOVE_FROM_AUDIENCE, "remove from audience"},
    {Parser::REMOVE_FROM_CAMPAIGN, "remove from campaign"},
    {Parser::SALES_HOLD, "sales hold"},
    {Parser::SILENCE_OF, "silence of"},
    {Parser::STARTS_WITH, "starts with"},
    {Parser::TAKE_BACK, "take back"},
    {Parser::VISITS_OF, "visits of"},
    {Parser::WAS_IN, "was in"},
    {Parser::WITHIN_NEXT, "within next"},
    {Parser::WITH_SALES, "with sales"},
    {Parser::SECONDS, "seconds"},
    {Parser::MINUTES, "minutes"},
    {Parser::HOURS, "hours"},
    {Parser::DAYS, "days"},
    {Parser::WEEKS, "weeks"},
    {Parser::MONTHS, "months"},
    {Parser::YEARS, "years"},
    {Parser::LESS_EQUAL, "<="},
    {Parser::GREATER_EQUAL, ">="},
    {Parser::MINUS, "-"},
};

/// These are said, not shown.
constexpr Written kSaid[] = {
    {Parser::IDENT, "a name"},
    {Parser::STRING, "a text in quotes"},
    {Parser::SINGLE_QUOTED, "a text in quotes"},
    {Parser::INT, "a whole number"},
    {Parser::NUMBER, "a number"},
    {Parser::PERCENT, "a percentage such as 10%"},
    {Parser::DATE, "a date such as 2026-03-05"},
    {Parser::TIME, "a time of day such as 09:00"},
    {Parser::WEEKDAY, "a day of the week such as Monday"},
};

}  // namespace

std::string_view noun(std::size_t rule) {
  switch (rule) {
    case Parser::RuleExpression:
    case Parser::RuleSum:
    case Parser::RulePrimary:
    case Parser::RuleAtom:
      return "a value or a condition";
    case Parser::RuleDuration:
    case Parser::RuleQuantity:
      return "a length of time such as 5 days";
    case Parser::RuleWait_what:
      return "how long, or \"until\" and when";
    case Parser::RuleMoment:
      return "a time such as next Tuesday 09:00, a date, or a length of time";
    case Parser::RuleText:
      return "a text in quotes";
    case Parser::RuleBlock:
    case Parser::RuleHandlers:
    case Parser::RuleClauses:
    case Parser::RuleStage_body:
    case Parser::RuleFields:
    case Parser::RuleRecord:
      return "\"{\"";
    case Parser::RuleStage_name:
      return "a stage name";
    case Parser::RuleSend_what:
    case Parser::RuleContent_name:
      return "a content name";
    case Parser::RuleStream_name:
      return "a stream name";
    case Parser::RuleCampaign_name:
      return "a campaign name";
    case Parser::RuleReason_name:
      return "a reason";
    case Parser::RuleGoal_name:
      return "a goal name";
    case Parser::RuleBranch_name:
      return "a branch name";
    case Parser::RuleChannel_name:
      return "a channel such as email";
    case Parser::RuleTask_kind:
      return "\"call\" or \"task\"";
    case Parser::RuleEvent_kind:
    case Parser::RuleTest_kind:
    case Parser::RuleReaction:
      return "an event such as email.clicked";
    case Parser::RuleAssumed_cause:
      return "\"send\", \"hand off\", or an event such as email.opened";
    case Parser::RuleType_ref:
      return "a type such as text, integer or date";
    case Parser::RuleField_name:
    case Parser::RuleName:
    case Parser::RulePath:
    case Parser::RulePlain_name:
      return "a name";
    case Parser::RuleUnit:
      return "a unit of time such as days";
    case Parser::RuleSigned_number:
      return "a number";
    case Parser::RuleWeekday:
      return "a day of the week such as Monday";
    case Parser::RuleName_list:
    case Parser::RulePath_list:
      return "a list in brackets";
    case Parser::RuleExpectation:
      return "what is expected, such as \"send\", \"stage\" or \"exit\"";
    case Parser::RuleEntry:
      return "\"on\" and an event, \"when\" and a condition, \"every\" and a day, or a date";
    case Parser::RuleExit_cause:
      return "\"on\" and an event, or \"when\" and a condition";
    default:
      return {};
  }
}

std::string_view usage(std::size_t token_type) {
  static constexpr std::pair<std::size_t, std::string_view> kUsages[] = {
      {Parser::WAIT, "`wait 5 days`, `wait up to 5 days { … }` or `wait until next Tuesday 09:00`"},
      {Parser::SEND, "`send guide`, `send guide now or skip` or `send guide for up to 2 days else { … }`"},
      {Parser::IF, "`if lead.country is \"US\" { … } else { … }`"},
      {Parser::SPLIT, "`split offer { 50% short { … } 50% long { … } }`"},
      {Parser::REPEAT, "`repeat every 2 weeks up to 5 times { … }`"},
      {Parser::GO, "`go to compare`, with the name of a stage"},
      {Parser::RESTART, "`restart stage`"},
      {Parser::EXIT, "`exit as finished`, or of a campaign `exit on email.unsubscribed as opted_out`"},
      {Parser::HAND_OFF, "`hand off to sales \"Ready to talk\" answer within 1 hour`"},
      {Parser::TAKE_BACK, "`take back from sales`"},
      {Parser::ASSIGN, "`assign call to \"sales desk\" due in 1 day \"Went quiet\"`"},
      {Parser::NOTIFY, "`notify \"sales desk\" \"Wants a demo\"`"},
      {Parser::SET, "`set lead.vip to yes`"},
      {Parser::CLEAR, "`clear lead.role`"},
      {Parser::REMEMBER, "`remember interest as asset`"},
      {Parser::ENTER, "`enter on form.submitted where form is \"guide\"` or `enter when lead.vip`"},
      {Parser::REENTER, "`reenter never`, `reenter always` or `reenter after 90 days`"},
      {Parser::LASTS, "`lasts at most 90 days as expired`"},
      {Parser::HOLDOUT, "`holdout 10%`"},
      {Parser::GOAL, "`goal won: opportunity.won within 90 days`"},
      {Parser::AUDIENCE, "`audience lead.country in [\"US\", \"CA\"]`"},
      {Parser::EXCLUDE, "`exclude lead.vip`"},
      {Parser::ON, "`on demo.requested { … }`"},
      {Parser::WHEN, "`when lead.vip { … }`"},
      {Parser::OTHERWISE, "`otherwise { … }`"},
      {Parser::STAGE, "`stage start { … }`"},
      {Parser::CAMPAIGN, "`campaign nurture { … }`"},
      {Parser::CONTENT, "`content guide: email { subject \"Your guide\" }`"},
      {Parser::SEGMENT, "`segment vips: lead.vip`"},
      {Parser::LET, "`let grace = 5 days`"},
      {Parser::EVENT, "`event kiosk.used by lead { place: text }`"},
      {Parser::USE, "`use std.b2b` or `use \"words.nurture\"`"},
      {Parser::TEST, "`test \"a reader\" for nurture { … }`"},
      {Parser::GIVEN, "`given lead { country: \"US\" }`"},
      {Parser::EXPECT, "`expect send guide within 1 hour`"},
      {Parser::SUBJECT, "`subject \"Your guide\"`"},
      {Parser::SCENARIO, "`scenario baseline { after send of email { email.opened 24% within 7 days } }`"},
  };
  for (const auto& [type, text] : kUsages) {
    if (type == token_type) return text;
  }
  return {};
}

std::string_view usage_of_rule(std::size_t rule) {
  switch (rule) {
    case Parser::RuleScenario_rule:
      return "`after send of email { … }`, `after hand off { … }` or `after email.opened { … }`";
    case Parser::RuleReaction:
      return "`email.opened 24% within 7 days, half by 5 hours`";
    case Parser::RuleReaction_option:
      return "`, half by 5 hours` or `, times 95% per send of email in last 30 days`";
    default:
      return {};
  }
}

const Body* body(std::size_t rule) {
  static constexpr std::pair<std::size_t, Body> kBodies[] = {
      {Parser::RuleFile,
       {Parser::RuleDeclaration, "a declaration", "in a file", "`campaign`, `content`, `segment`, `let` or `lead`"}},
      {Parser::RuleProgram_decl, {Parser::RuleProgram_item, "a setting", "in \"program\""}},
      {Parser::RuleFields, {Parser::RuleField, "an attribute (name: type)", "here"}},
      {Parser::RuleContent_decl,
       {Parser::RuleContent_item, "a line of a content", "here", "`subject`, `body`, `for` or `offers`"}},
      {Parser::RuleScore_decl, {Parser::RuleScore_item, "a line of a score", "here"}},
      {Parser::RuleCalendar_decl, {Parser::RuleCalendar_item, "a date", "in a calendar"}},
      {Parser::RuleClauses,
       {Parser::RuleClause, "a clause", "of a campaign", "`enter`, `lasts at most`, `exit on`, `goal` or `stage`"}},
      {Parser::RuleStage_body,
       {Parser::RuleStatement, "a statement or a trigger", "of a stage", "`send`, `wait`, `if`, `go to` or `exit as`"}},
      {Parser::RuleBlock, {Parser::RuleStatement, "a statement", "here", "`send`, `wait`, `if`, `go to` or `exit as`"}},
      {Parser::RuleHandlers, {Parser::RuleHandler, "a handler (\"on\", \"when\" or \"otherwise\")", "of a wait"}},
      {Parser::RuleSplit, {Parser::RuleSplit_arm, "a branch (50% name { … })", "of a split"}},
      {Parser::RuleScenario_decl,
       {Parser::RuleScenario_rule, "a rule (after … { … })", "of a scenario", "`after`: `after send of email { … }`"}},
      {Parser::RuleScenario_rule,
       {Parser::RuleReaction, "a reaction (email.opened 24% within 7 days)", "here", "`email.opened` or `one of`"}},
      {Parser::RuleAlternatives,
       {Parser::RuleReaction, "a reaction (sales.accepted 60% within 5 days)", "here", "`sales.accepted`"}},
      {Parser::RuleSource_decl,
       {Parser::RuleSource_item, "a line of a source", "here", "`lead`, `at`, `id` or `event`"}},
      {Parser::RuleSource_item, {Parser::RuleMapping, "a property (name: column)", "here"}},
      {Parser::RuleTest_decl,
       {Parser::RuleTest_item, "a line of a test", "here", "`given`, `at`, `after` or `expect`"}},
      {Parser::RuleTest_rows,
       {Parser::RuleTest_row, "a row (a text in quotes, then its values in braces)", "of \"for each\""}},
  };
  static const auto kIndex = [] {
    std::array<const Body*, 256> index{};
    for (const auto& [r, b] : kBodies) index[r] = &b;
    return index;
  }();
  return rule < kIndex.size() ? kIndex[rule] : nullptr;
}

bool is_item(std::size_t rule) {
  switch (rule) {
    case Parser::RuleDeclaration:
    case Parser::RuleProgram_item:
    case Parser::RuleField:
    case Parser::RuleContent_item:
    case Parser::RuleScore_item:
    case Parser::RuleCalendar_item:
    case Parser::RuleClause:
    case Parser::RuleStatement:
    case Parser::RuleHandler:
    case Parser::RuleSplit_arm:
    case Parser::RuleSource_item:
    case Parser::RuleMapping:
    case Parser::RuleScenario_rule:
    case Parser::RuleAlternatives:
    case Parser::RuleReaction:
    case Parser::RuleTest_item:
    case Parser::RuleTest_row:
      return true;
  }
  return false;
}

bool is_reserved_word(std::string_view word) {
  antlr4::ANTLRInputStream bytes{std::string(word)};
  Lexer lexer(&bytes);
  const std::size_t type = lexer.nextToken()->getType();
  return type >= Parser::AFTER && type <= Parser::WITHIN;
}

std::string word(const antlr4::dfa::Vocabulary& vocabulary, std::size_t type) {
  if (type == antlr4::Token::EOF) return "the end of the file";
  for (const Written& row : kSaid) {
    if (row.type == type) return std::string(row.text);
  }
  for (const Written& row : kWritten) {
    if (row.type == type) return '"' + std::string(row.text) + '"';
  }
  std::string literal = vocabulary.getLiteralName(type);
  if (literal.size() < 3) return {};
  return '"' + literal.substr(1, literal.size() - 2) + '"';
}

}  // namespace nurture::syntax
