#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "compiler/syntax/lexing.h"
#include "runtime/base/channels.h"

namespace nurture::syntax {

namespace {

using std::string_view;

bool is_reserved(std::size_t type) { return type >= Parser::AFTER && type <= Parser::WITHIN; }
bool is_keyword(std::size_t type) { return type >= Parser::AFTER && type <= Parser::WEEKDAY; }
bool is_word(std::size_t type) { return is_keyword(type) || type == Parser::IDENT; }
bool is_unit(std::size_t type) { return type >= Parser::SECONDS && type <= Parser::YEARS; }

/// Words that mean something only together. `then` restricts what must follow.
enum class Then : std::uint8_t { Anything, Word, NotCall, Brace };
struct Phrase {
  std::array<string_view, 5> words;
  std::size_t type;
  Then then = Then::Anything;
};
/// Longer ones first among those that begin alike.
constexpr Phrase kPhrases[] = {
    {{"add", "to", "audience"}, Parser::ADD_TO_AUDIENCE, Then::Word},
    {{"add", "to", "campaign"}, Parser::ADD_TO_CAMPAIGN, Then::Word},
    {{"also", "those", "already", "true"}, Parser::ALSO_THOSE},
    {{"any", "lead"}, Parser::ANY_LEAD},
    {{"at", "least"}, Parser::AT_LEAST},
    {{"at", "most"}, Parser::AT_MOST},
    {{"becomes", "true"}, Parser::BECOMES_TRUE},
    {{"call", "webhook"}, Parser::CALL_WEBHOOK},
    {{"count", "of", "leads"}, Parser::COUNT_OF_LEADS},
    {{"create", "call"}, Parser::CREATE_TASK},
    {{"create", "task"}, Parser::CREATE_TASK},
    {{"days", "since"}, Parser::DAYS_SINCE},
    {{"drawn", "anew", "each", "pass"}, Parser::DRAWN_ANEW},
    {{"ends", "with"}, Parser::ENDS_WITH},
    {{"enroll", "in", "campaign"}, Parser::ENROLL_IN, Then::Word},
    {{"enroll", "in"}, Parser::ENROLL_IN},
    {{"event", "group"}, Parser::EVENT_GROUP, Then::Word},
    {{"exclusive", "in", "group"}, Parser::EXCLUSIVE_IN_GROUP, Then::Word},
    {{"first", "permitted", "of"}, Parser::FIRST_PERMITTED_OF},
    {{"for", "each"}, Parser::FOR_EACH, Then::Brace},
    {{"hand", "off"}, Parser::HAND_OFF},
    {{"if", "no", "answer"}, Parser::IF_NO_ANSWER, Then::Brace},
    {{"if", "no", "reply"}, Parser::IF_NO_ANSWER, Then::Brace},
    {{"if", "no", "response"}, Parser::IF_NO_ANSWER, Then::Brace},
    {{"if", "none", "left"}, Parser::IF_NONE_LEFT, Then::Brace},
    {{"ignoring", "case"}, Parser::IGNORING_CASE},
    {{"in", "last"}, Parser::IN_LAST, Then::NotCall},
    {{"keep", "waiting"}, Parser::KEEP_WAITING},
    {{"move", "on"}, Parser::MOVE_ON},
    {{"next", "of"}, Parser::NEXT_OF},
    {{"no", "lead"}, Parser::NO_LEAD},
    {{"now", "or", "skip"}, Parser::NOW_OR_SKIP},
    {{"on", "time", "out"}, Parser::ON_TIMEOUT, Then::Brace},
    {{"on", "timeout"}, Parser::ON_TIMEOUT, Then::Brace},
    {{"one", "of"}, Parser::ONE_OF},
    {{"or", "at", "once", "if", "late"}, Parser::OR_AT_ONCE_IF_LATE},
    {{"out", "where"}, Parser::OUT_WHERE},
    {{"quiet", "hours"}, Parser::QUIET_HOURS},
    {{"remove", "from", "audience"}, Parser::REMOVE_FROM_AUDIENCE, Then::Word},
    {{"remove", "from", "campaign"}, Parser::REMOVE_FROM_CAMPAIGN, Then::Word},
    {{"remove", "from"}, Parser::REMOVE_FROM_CAMPAIGN, Then::Word},
    {{"sales", "hold"}, Parser::SALES_HOLD},
    {{"silence", "of"}, Parser::SILENCE_OF},
    {{"start", "of", "week"}, Parser::START_OF_WEEK},
    {{"starts", "with"}, Parser::STARTS_WITH},
    {{"take", "back"}, Parser::TAKE_BACK},
    {{"visits", "of"}, Parser::VISITS_OF},
    {{"was", "in"}, Parser::WAS_IN},
    {{"with", "sales"}, Parser::WITH_SALES},
    {{"within", "next"}, Parser::WITHIN_NEXT},
};

using PhraseIndex = std::unordered_map<string_view, std::pair<const Phrase*, const Phrase*>>;

const PhraseIndex& phrase_index() {
  static const PhraseIndex index = [] {
    PhraseIndex out;
    for (const Phrase& phrase : kPhrases) {
      auto [it, fresh] = out.try_emplace(phrase.words[0], &phrase, &phrase + 1);
      if (!fresh) it->second.second = &phrase + 1;
    }
    return out;
  }();
  return index;
}

bool any_of(string_view word, std::initializer_list<string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Filter {
 public:
  Filter(std::vector<TokenPtr>& tokens, const SourceFile& source) : in_(tokens), source_(source) {}

  void run() {
    out_.reserve(in_.size());
    while (at_ < in_.size()) {
      if (!is_word(type(0)) || (!names() && !joins() && !retypes())) {
        if (begins_line_too_early()) mark_nothing();
        keep();
      }
    }
    in_ = std::move(out_);
  }

 private:
  std::size_t type(std::size_t ahead) const {
    return at_ + ahead < in_.size() ? in_[at_ + ahead]->getType() : antlr4::Token::EOF;
  }
  string_view text(std::size_t ahead) const { return text_of(source_, *in_[at_ + ahead]); }
  std::size_t line(std::size_t ahead) const { return in_[at_ + ahead]->getLine(); }
  std::size_t before(std::size_t back = 1) const {
    return out_.size() >= back ? out_[out_.size() - back]->getType() : antlr4::Token::EOF;
  }
  void keep() { out_.push_back(std::move(in_[at_++])); }
  bool keep_as(std::size_t type) {
    common(in_[at_]).setType(type);
    keep();
    return true;
  }
  bool join(std::size_t count, std::size_t type) {
    common(in_[at_]).setStopIndex(in_[at_ + count - 1]->getStopIndex());
    common(in_[at_]).setType(type);
    keep();
    at_ += count - 1;
    return true;
  }

  /// `audience lead.country is` and then a line that begins with `enter`: that is the next clause, not the country.
  bool begins_line_too_early() const {
    std::size_t word = type(0);
    bool keyword = is_keyword(word) && !is_reserved(word) && !is_unit(word) && word != Parser::WEEKDAY;
    return keyword && !out_.empty() && out_.back()->getLine() != line(0) && value_due();
  }

  /// Not in `overdue send`, `expect no send`, `within 5 days of send`, `go to wait`.
  bool begins_line(std::size_t statement) const {
    return before() == statement && out_.size() > 1 &&
           (out_[out_.size() - 2]->getLine() != out_.back()->getLine() || before(2) == Parser::LBRACE);
  }

  bool value_due() const {
    if (begins_line(Parser::SEND) || begins_line(Parser::WAIT)) return true;
    switch (before()) {
      case Parser::IS:
      case Parser::NOT:
      case Parser::TO:
      case Parser::AS:
      case Parser::OF:
      case Parser::AND:
      case Parser::OR:
      case Parser::IN:
      case Parser::ELSE:
      case Parser::ON:
      case Parser::WHERE:
      case Parser::IF:
      case Parser::WHEN:
      case Parser::UNTIL:
      case Parser::EQ:
      case Parser::EQ_EQ:
      case Parser::NOT_EQ:
      case Parser::LESS:
      case Parser::LESS_EQUAL:
      case Parser::GREATER:
      case Parser::GREATER_EQUAL:
      case Parser::PLUS:
      case Parser::STAR:
      case Parser::SLASH:
      case Parser::STARTS_WITH:
      case Parser::ENDS_WITH:
      case Parser::AT_LEAST:
      case Parser::AT_MOST:
      case Parser::WITHIN:
        return true;
    }
    return false;
  }

  /// A token that fits nowhere, at the end of the line before.
  void mark_nothing() {
    auto nothing = std::make_unique<antlr4::CommonToken>(Parser::NOTHING);
    std::size_t end = out_.back()->getStopIndex();
    nothing->setStartIndex(end + 1);
    nothing->setStopIndex(end);
    nothing->setLine(out_.back()->getLine());
    out_.push_back(std::move(nothing));
  }

  /// Where only a name can stand, a word is one.
  bool names() {
    if (before() == Parser::DOT) return keep_as(Parser::IDENT);
    // A property may even be called `due`; where its bare name would be a word of the language, `event.due` reads it.
    if (type(1) == Parser::COLON) return keep_as(Parser::IDENT);
    if (type(1) == Parser::DOT && !is_reserved(type(0))) return keep_as(Parser::IDENT);
    return false;
  }

  bool joins() {
    auto found = phrase_index().find(text(0));
    if (found == phrase_index().end()) return false;
    for (const Phrase* phrase = found->second.first; phrase != found->second.second; ++phrase) {
      std::size_t count = matched(*phrase);
      if (count) return join(count, phrase->type);
    }
    return false;
  }

  std::size_t matched(const Phrase& phrase) const {
    std::size_t count = 1;
    for (; count < phrase.words.size() && !phrase.words[count].empty(); ++count) {
      if (!is_word(type(count)) || text(count) != phrase.words[count]) return 0;
    }
    // `ends with.x`, `hand off: text`: the last word is a name of its own.
    if (type(count) == Parser::DOT || type(count) == Parser::COLON) return 0;
    switch (phrase.then) {
      case Then::Anything:
        return count;
      case Then::Word:
        return is_word(type(count)) ? count : 0;
      case Then::NotCall:
        return type(count) == Parser::LPAREN ? 0 : count;
      case Then::Brace:
        return type(count) == Parser::LBRACE ? count : 0;
    }
    return 0;
  }

  bool retypes() {
    if (expected_name()) return keep_as(Parser::IDENT);
    std::size_t word = type(0);
    if (is_unit(word) && before() == Parser::PER) return false;
    if (is_unit(word)) return after_number() ? false : word_number() || keep_as(Parser::IDENT);
    switch (word) {
      case Parser::BUSINESS:
        return after_number() && type(1) == Parser::DAYS ? false : keep_as(Parser::IDENT);
      case Parser::COLUMN:
        return type(1) == Parser::STRING ? false : keep_as(Parser::IDENT);
      case Parser::GIVEN:
      case Parser::ALSO:
      case Parser::EXPECT:
        return before_a_name() && !after_expected() ? keep_as(Parser::IDENT) : false;
      case Parser::IN:
        return type(1) == Parser::STRING ? keep_as(Parser::IN_ZONE) : false;
      case Parser::ON:
        return on();
      case Parser::EXIT:
        bare_reason();
        return false;
      case Parser::SEND:
        return channel();
      case Parser::ONE:
      case Parser::IDENT:
        return identifier();
    }
    return false;
  }

  bool after_number() const {
    return before() == Parser::INT || before() == Parser::WORD_NUMBER || before() == Parser::BUSINESS;
  }

  /// After these a name or a value is due, so `lead.consent is given` is no clause of a test.
  bool before_a_name() const {
    if (!out_.empty() && out_.back()->getLine() != line(0)) return false;
    switch (before()) {
      case Parser::IS:
      case Parser::NOT:
      case Parser::IN:
      case Parser::ELSE:
      case Parser::OF:
      case Parser::TO:
      case Parser::AS:
      case Parser::AND:
      case Parser::OR:
      case Parser::LBRACKET:
      case Parser::LPAREN:
      case Parser::COMMA:
      case Parser::COLON:
      case Parser::SEND:
      case Parser::STAGE:
      case Parser::FOR:
      case Parser::CONTENT:
      case Parser::CAMPAIGN:
      case Parser::EQ:
      case Parser::PERCENT:
      case Parser::CHANNEL:
      case Parser::GOTO:
      case Parser::LET:
      case Parser::SEGMENT:
        return true;
    }
    return false;
  }

  /// After `expect send`, `expect no goal` and the like, on its line.
  bool after_expected() const {
    std::size_t what = before();
    bool named = what == Parser::SEND || what == Parser::STAGE || what == Parser::GOAL || what == Parser::ASSIGN;
    if (!named || out_.back()->getLine() != line(0)) return false;
    return before(2) == Parser::EXPECT || (before(2) == Parser::NO && before(3) == Parser::EXPECT);
  }

  /// `expect send stage`, `expect no goal enter`: the name of a content, a stage, a goal or a task, whatever word that
  /// is.
  bool expected_name() const {
    if (!after_expected() || is_reserved(type(0))) return false;
    bool more = type(1) != antlr4::Token::EOF && line(1) == line(0);
    switch (type(0)) {
      case Parser::BY:  // `expect send by 2026-03-05`
        return before() == Parser::STAGE || !more || !(type(1) == Parser::DATE || type(1) == Parser::IDENT);
      case Parser::GIVEN:
      case Parser::ALSO:
      case Parser::EXPECT:  // the next line of the test, on the same line of the file
        return !more || !is_word(type(1)) || is_reserved(type(1));
    }
    return true;
  }

  bool on() {
    if (type(1) == Parser::EXIT && type(2) == Parser::LBRACE) return keep_as(Parser::ON_EXIT);
    if (type(1) == Parser::EDIT && is_word(type(2)) && any_of(text(2), {"finish", "continue", "restart", "exit"})) {
      return keep_as(Parser::ON_EDIT);
    }
    bare_content();
    return false;
  }

  /// `on email.clicked problem_guide {`: the second name is the content.
  void bare_content() {
    std::size_t end = 1;
    while (is_word(type(end)) && type(end + 1) == Parser::DOT) end += 2;
    if (end == 1 || !is_word(type(end)) || type(end + 1) != Parser::IDENT || line(end + 1) != line(0)) return;
    std::size_t then = type(end + 2);
    if (then == Parser::LBRACE || then == Parser::WHERE || then == Parser::AS || then == Parser::INCLUDING) {
      common(in_[at_ + end + 1]).setType(Parser::BARE_CONTENT);
    }
  }

  /// `exit finished`: the reason without its `as`.
  void bare_reason() {
    std::size_t then = type(2);
    bool reason = type(1) == Parser::IDENT && line(0) == line(1) && before() != Parser::EXPECT;
    if (reason && then != Parser::DOT && then != Parser::COLON && then != Parser::LBRACE) {
      common(in_[at_ + 1]).setType(Parser::BARE_REASON);
    }
  }

  /// `send email welcome`: the channel, and then the name of the content, whatever word that is.
  bool channel() {
    if (before() == Parser::NEVER) return false;  // a rule: what follows is `after`, `when`, `outside`
    bool channel = type(1) == Parser::IDENT && is_channel(text(1));
    if (!channel || !is_word(type(2)) || is_reserved(type(2)) || line(1) != line(2)) return false;
    if (says_how_to_send(2) || begins_statement(2)) return false;
    common(in_[at_ + 1]).setType(Parser::CHANNEL);
    common(in_[at_ + 2]).setType(Parser::IDENT);
    return false;
  }

  bool pair(std::size_t ahead, string_view first, string_view second) const {
    return is_word(type(ahead)) && is_word(type(ahead + 1)) && text(ahead) == first && text(ahead + 1) == second;
  }

  /// In `send email now or skip` the content itself is called `email`.
  bool says_how_to_send(std::size_t ahead) const {
    return pair(ahead, "now", "or") || pair(ahead, "next", "of") || pair(ahead, "first", "permitted");
  }

  /// In `send email wait 5 days` too: the word has on its line what it needs as a statement. Alone it is a name.
  bool begins_statement(std::size_t ahead) const {
    constexpr std::pair<string_view, string_view> kPairs[] = {
        {"add", "to"},      {"call", "webhook"}, {"create", "call"},   {"create", "task"},  {"enroll", "in"},
        {"exit", "as"},     {"go", "to"},        {"hand", "off"},      {"keep", "waiting"}, {"move", "on"},
        {"remove", "from"}, {"repeat", "every"}, {"restart", "stage"}, {"take", "back"},
    };
    std::size_t then = ahead + 1;
    if (type(then) == antlr4::Token::EOF || line(then) != line(ahead)) return false;
    for (auto [first, second] : kPairs) {
      if (pair(ahead, first, second)) return true;
    }
    bool number = type(then) == Parser::INT || type(then) == Parser::GLUED;
    bool operand = (is_word(type(then)) && !is_reserved(type(then))) || type(then) == Parser::STRING || number;
    bool option = says_how_to_send(then);
    if (text(ahead) == "wait" && (type(then) == Parser::UP || type(then) == Parser::UNTIL)) return true;
    if (text(ahead) == "wait" && type(then) == Parser::FOR) return type(then + 1) != Parser::UP;
    return operand && !option &&
           any_of(text(ahead), {"add", "alert", "assign", "clear", "exit", "goto", "notify", "remember", "reset",
                                "send", "set", "split", "wait"});
  }

  bool identifier() {
    string_view word = text(0);
    if (half_day(word)) return true;
    if (after_number() || before() == Parser::PERCENT) return unit(word);
    if (word_number()) return true;
    if (word == "goto" && is_word(type(1)) && line(0) == line(1)) return keep_as(Parser::GOTO);
    return false;
  }

  bool word_number() {
    bool number = any_of(text(0), {"a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                                   "ten", "eleven", "twelve"});
    bool business = type(1) == Parser::BUSINESS && type(2) == Parser::DAYS;
    bool measured = (business || is_unit(type(1))) && type(2) != Parser::COLON && type(2) != Parser::DOT &&
                    before() != Parser::PERCENT;
    return number && measured && keep_as(Parser::WORD_NUMBER);
  }

  /// `9 am`, `9:30 pm`: one clock time.
  bool half_day(string_view word) {
    if (!any_of(word, {"am", "pm", "AM", "PM"})) return false;
    bool clock = before() == Parser::TIME && text_of(source_, *out_.back()).back() <= '9';
    if (before() != Parser::INT && !clock) return false;
    common(out_.back()).setStopIndex(in_[at_]->getStopIndex());
    common(out_.back()).setType(Parser::TIME);
    ++at_;
    return true;
  }

  /// After a number: `48 hrs`, and any word where only a length of time can stand.
  bool unit(string_view word) {
    if (before() != Parser::INT) return false;
    bool short_form = any_of(word, {"h",   "hr",   "hrs", "d", "dy", "dys", "w",   "wk",   "wks", "min", "mins",
                                    "sec", "secs", "s",   "m", "mo", "mos", "mth", "mths", "yr",  "yrs", "y"});
    bool same_line = out_.back()->getLine() == line(0);
    return same_line && (short_form || length_due()) && keep_as(Parser::STRANGE_UNIT);
  }

  /// Whether the number before the word can only begin a length of time.
  bool length_due() const {
    switch (before(2)) {
      case Parser::WAIT:
      case Parser::FOR:
      case Parser::WITHIN:
      case Parser::AFTER:
      case Parser::EVERY:
      case Parser::PER:
      case Parser::IN_LAST:
      case Parser::WITHIN_NEXT:
      case Parser::SILENCE_OF:
      // After a value of one word nothing else begins with a name, so this is its unit.
      case Parser::EQ:
      case Parser::IS:
      case Parser::LESS:
      case Parser::LESS_EQUAL:
      case Parser::GREATER:
      case Parser::GREATER_EQUAL:
      case Parser::PLUS:
      case Parser::MINUS:
        return true;
    }
    bool bounded = before(2) == Parser::TO && before(3) == Parser::UP && before(4) == Parser::WAIT;
    return bounded || (before(2) == Parser::IN && before(3) == Parser::DUE) ||
           (before(2) == Parser::AT_MOST && (before(3) == Parser::LASTS || before(3) == Parser::COMMA));
  }

  std::vector<TokenPtr>& in_;
  const SourceFile& source_;
  std::vector<TokenPtr> out_;
  std::size_t at_ = 0;
};

}  // namespace

void filter_words(std::vector<TokenPtr>& tokens, const SourceFile& source) { Filter(tokens, source).run(); }

}  // namespace nurture::syntax
