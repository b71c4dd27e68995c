#include <charconv>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/format.h"
#include "runtime/bytecode/layout.h"
#include "runtime/bytecode/opcode.h"
#include "runtime/bytecode/text_form.h"

namespace nurture::bytecode {
namespace {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

using MnemonicTable = std::map<std::string_view, Opcode>;

const MnemonicTable& mnemonics() {
  static const MnemonicTable table = [] {
    MnemonicTable rows;
    for (std::size_t i = 0; i < opcodes().size(); ++i) rows.emplace(opcodes()[i].mnemonic, static_cast<Opcode>(i));
    return rows;
  }();
  return table;
}

template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  Integer x{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return x;
}

/// Reads the tokens field by field, in the order of layout.h. The first mistake is kept; after it nothing is read.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) { place_labels(); }

  Result<Module> run() {
    Module module;
    expect("nurture");
    expect("bytecode");
    expect(std::to_string(kFormatVersion));
    fields(*this, module);
    if (!error_ && peek().kind != Token::Kind::End) fail("does not belong here: a field is unknown or out of order");
    if (error_) return *error_;
    return module;
  }

  void ref(const char* name, std::uint16_t& x, Table, Presence presence) {
    if (begins(name)) {
      x = index();
    } else {
      x = kNone;
      if (presence == Presence::Required) missing(name);
    }
  }
  void refs(const char* name, std::vector<std::uint16_t>& x, Table, Presence) {
    if (begins(name)) each([&] { x.push_back(index()); });
  }
  void code(const char* name, Pc& x, Code, Presence presence) {
    if (begins(name)) {
      x = code_offset();
    } else {
      x = kNoCode;
      if (presence == Presence::Required) missing(name);
    }
  }
  void flag(const char* name, bool& x) {
    x = begins(name);
    if (!x) return;
    const std::string word = take();
    if (word != "yes" && word != "no") fail_last("is neither yes nor no");
    x = word == "yes";
  }
  template <typename Integer>
  void number(const char* name, Integer& x) {
    x = begins(name) ? integer<Integer>() : Integer{};
  }
  template <typename Enum>
  void word(const char* name, Enum& x, Words words) {
    x = Enum{};
    if (!begins(name)) return;
    const std::string text = take();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == text) {
        x = static_cast<Enum>(i);
        return;
      }
    }
    fail_last(fmt::format("is none of: {}", fmt::join(words, ", ")));
  }
  void value(const char* name, Value& x) {
    if (begins(name))
      x = literal();
    else
      missing(name);
  }
  template <typename T>
  void group(const char* name, T& x) {
    if (begins(name)) return braced(x);
    ++absent_;
    fields(*this, x);
    --absent_;
  }
  template <typename T>
  void rows(const char* name, std::vector<T>& x) {
    if (begins(name)) each([&] { braced(x.emplace_back()); });
  }
  void texts(const char* name, std::vector<std::string>& x) {
    if (!begins(name)) return;
    each([&] {
      if (peek().kind != Token::Kind::Text) return fail("is not a text in quotes");
      x.push_back(tokens_[at_++].text);
    });
  }
  void lists(const char* name, std::vector<std::vector<Value>>& x) {
    if (!begins(name)) return;
    each([&] {
      auto& list = x.emplace_back();
      each([&] { list.push_back(literal()); });
    });
  }
  void bytes(const char* name, std::vector<std::uint8_t>& x) {
    if (!begins(name)) return missing(name);
    each([&] { code_line(x); });
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  bool is_word(std::size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].kind == Token::Kind::Word && tokens_[i].text == text;
  }
  bool begins(std::string_view name) {
    if (error_ || absent_ > 0 || !is_word(at_, name)) return false;
    ++at_;
    return true;
  }
  std::string take() {
    if (error_) return {};
    if (peek().kind != Token::Kind::Word) {
      fail("is not a word or number");
      return {};
    }
    return tokens_[at_++].text;
  }
  void expect(std::string_view word) {
    if (!error_ && !begins(word)) fail(fmt::format("stands where {} belongs", word));
  }
  void skip_remark() {
    if (!error_ && peek().kind == Token::Kind::Text) ++at_;
  }
  template <typename Read>
  void each(Read read) {
    expect("[");
    while (!error_ && !is_word(at_, "]")) read();
    expect("]");
  }
  template <typename T>
  void braced(T& x) {
    expect("{");
    fields(*this, x);
    if (!error_ && !is_word(at_, "}")) return fail("does not belong here: a field is unknown or out of order");
    expect("}");
  }

  template <typename Integer>
  Integer integer() {
    const std::string text = take();
    const auto x = parse_integer<Integer>(text);
    if (!x) fail_last("is no number that fits here");
    return x.value_or(Integer{});
  }
  std::uint16_t index() {
    std::uint16_t x = kNone;
    if (is_word(at_, "-"))
      ++at_;
    else
      x = integer<std::uint16_t>();
    skip_remark();
    return x;
  }
  Pc code_offset() {
    const std::string text = take();
    if (text == "-") return kNoCode;
    if (text.starts_with('@')) {
      if (const auto x = parse_integer<Pc>(std::string_view(text).substr(1))) return *x;
    }
    const auto found = labels_.find(text);
    if (found == labels_.end()) fail_last("names no label of the code");
    return found != labels_.end() ? found->second : kNoCode;
  }
  Value literal() {
    std::string text = take();
    Value x;
    x.known = !text.starts_with('?');
    if (!x.known) text.erase(0, 1);
    const std::size_t colon = text.find(':');
    const auto bits = parse_integer<std::int64_t>(text.substr(0, colon));
    const auto aux = parse_integer<std::int32_t>(colon == std::string::npos ? "0" : text.substr(colon + 1));
    if ((!bits && !text.empty()) || !aux || (text.empty() && x.known)) fail_last("is no value");
    x.bits = bits.value_or(0);
    x.aux = aux.value_or(0);
    return x;
  }

  // Code
  void place_labels();
  void code_line(std::vector<std::uint8_t>& out) {
    const std::string word = take();
    if (error_ || word.ends_with(':')) return;
    if (word == ".byte") {
      out.push_back(integer<std::uint8_t>());
      return;
    }
    const auto found = mnemonics().find(word);
    if (found == mnemonics().end()) return fail_last("is no instruction");
    out.push_back(static_cast<std::uint8_t>(found->second));
    for (const Operand kind : info(found->second).list()) {
      const Pc x = kind == Operand::Target ? code_offset() : index();
      for (std::size_t i = 0; i < operand_bytes(kind); ++i)
        out.push_back(static_cast<std::uint8_t>(x >> (8 * i) & 0xff));
    }
  }

  void missing(const char* name) {
    if (!error_) fail(fmt::format("stands where the field {} belongs", name));
  }
  void fail(std::string_view what) { fail_at(peek(), what); }
  void fail_last(std::string_view what) { fail_at(tokens_[at_ > 0 ? at_ - 1 : 0], what); }
  void fail_at(const Token& token, std::string_view what) {
    if (error_) return;
    const std::string text = token.kind == Token::Kind::End ? "the end" : quoted(token.text);
    error_ = Error{fmt::format("line {}: {} {}", token.line, text, what),
                   "`nurture disasm` shows the form of every field and instruction"};
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int absent_ = 0;  ///< within a group that is left out: every field is at rest
  std::map<std::string, Pc, std::less<>> labels_;
  std::optional<Error> error_;
};

/// Labels stand in the code, which comes last, and are used before it.
void Parser::place_labels() {
  std::size_t i = tokens_.size();
  while (i > 0 && !(is_word(i - 1, "code") && is_word(i, "["))) --i;
  if (i == 0) return;
  Pc pc = 0;
  for (++i; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.kind != Token::Kind::Word) continue;
    if (token.text.size() > 1 && token.text.ends_with(':')) {
      const std::string label = token.text.substr(0, token.text.size() - 1);
      if (!labels_.emplace(label, pc).second) fail_at(token, "is a label that stands twice");
    } else if (token.text == ".byte") {
      ++pc;
    } else if (const auto found = mnemonics().find(token.text); found != mnemonics().end()) {
      pc += info(found->second).size;
    }
  }
}

}  // namespace

Result<Module> assemble(std::string_view text) {
  auto tokens = tokenize(text);
  if (!tokens) return tokens.error();
  return Parser(std::move(*tokens)).run();
}

}  // namespace nurture::bytecode
