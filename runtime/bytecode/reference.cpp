#include <fmt/format.h>

#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/format.h"
#include "runtime/bytecode/layout.h"
#include "runtime/bytecode/opcode.h"

namespace nurture::bytecode {
namespace {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

constexpr std::string_view kIntroduction = R"(# Bytecode

<!-- Generated from runtime/bytecode by the target nurture_reference. Change the tables there. -->

A compiled programme is one `.nbc` file, written by `nurture build` and shown by `nurture disasm`. Numbers are little
endian.

| offset | bytes | what |
|---|---|---|
| 0 | 4 | `NBC\n` |
| 4 | 4 | format version, {version} |
| 8 | 8 | number of bytes that follow the header |
| 16 | 8 | XXH64 (seed 0) of those bytes |
| 24 | | the module: its fields in the order below |

A file that is cut short, altered, of another version, or refused by the verifier is not run. What the verifier accepts
stays inside its tables, its stack and its fuel, whoever wrote it.

## Code

The code is one sequence of instructions: an opcode byte and its operands. A piece of code is an *expression*, which ends
in `return` with one value, or a *body*, which ends where a membership suspends, leaves or goes back to its suspension.
Within one activation control goes forward only; the one way back is a repeat whose next anchor is now. An activation
holds at most {stack} values. Operands of 2 bytes are indices into a table, a target of 4 bytes is an offset into the code.

)";

constexpr std::string_view kFieldsIntroduction = R"(## Fields of a module

`ref`: an index of 2 bytes into the table named, 65535 for none where it is optional. `code`: an offset of 4 bytes into
the code, 4294967295 for none. `flag` and `word`: one byte. Rows, texts, lists and the code begin with their number in
4 bytes. A `value` is one byte that says whether it is known, 8 bytes, and 4 bytes for the calendar part of a duration.

)";

constexpr std::string_view kOperandTables[] = {
#define NURTURE_OPERAND(name, bytes, table) table,
#include "runtime/bytecode/operands.def"
#undef NURTURE_OPERAND
};

std::string_view table_name(Table table) {
  switch (table) {
    case Table::Strings:
      return "strings";
    case Table::Constants:
      return "constants";
    case Table::Durations:
      return "constants that are durations";
    case Table::Places:
      return "places";
    case Table::ChoiceSets:
      return "choice sets";
    case Table::LeadAttributes:
      return "lead attributes";
    case Table::AccountAttributes:
      return "account attributes";
    case Table::Kinds:
      return "kinds of event";
    case Table::Contents:
      return "contents";
    case Table::AskedProperties:
      return "properties of the event's kind";
    case Table::Calendars:
      return "calendars";
    case Table::Windows:
      return "windows";
    case Table::Streams:
      return "streams";
    case Table::Rules:
      return "rules";
    case Table::GivenProperties:
      return "properties of the reaction's kind";
    case Table::OwnProperties:
      return "properties of this kind";
    case Table::KeyProperties:
      return "properties, one for each kind of event";
    case Table::MappedProperties:
      return "properties of the rule's kind, or lead attributes";
    case Table::Campaigns:
      return "campaigns";
    case Table::Silences:
      return "clocks of silence of the campaign";
    case Table::Stages:
      return "stages";
    case Table::States:
      return "states";
    case Table::Reasons:
      return "reasons";
    case Table::Slots:
      return "slots";
    case Table::Whens:
      return "whens, at most 64";
    case Table::Count:
      return "a number";
  }
  return {};
}

std::string_view code_name(Code code) {
  switch (code) {
    case Code::Condition:
      return "expression, boolean";
    case Code::Deadline:
      return "expression, datetime";
    case Code::DateOrInstant:
      return "expression, date or datetime";
    case Code::Money:
      return "expression, decimal";
    case Code::PartText:
      return "expression of the part's type";
    case Code::RowText:
      return "expression over a row of a log, text";
    case Code::RowCondition:
      return "expression over a row of a log, boolean";
    case Code::Body:
      return "body";
  }
  return {};
}

/// Prints the tree of fields.
class FieldPrinter {
 public:
  std::string out;

  void ref(const char* name, const std::uint16_t&, Table table, Presence presence) {
    line(name, "ref", table_name(table), presence);
  }
  void refs(const char* name, const std::vector<std::uint16_t>&, Table table, Presence presence) {
    line(name, "refs", table_name(table), presence);
  }
  void code(const char* name, const Pc&, Code role, Presence presence) {
    line(name, "code", code_name(role), presence);
  }
  void flag(const char* name, const bool&) { line(name, "flag", ""); }
  template <typename Integer>
  void number(const char* name, const Integer& x) {
    line(name, fmt::format("number, {}", sizeof x == 1 ? "1 byte" : fmt::format("{} bytes", sizeof x)), "");
  }
  template <typename Enum>
  void word(const char* name, const Enum&, Words words) {
    line(name, "word", fmt::format("{}", fmt::join(words, ", ")));
  }
  void value(const char* name, const Value&) { line(name, "value", ""); }
  template <typename T>
  void group(const char* name, const T& x) {
    line(name, "fields", "");
    nested(x);
  }
  template <typename T>
  void rows(const char* name, const std::vector<T>&) {
    line(name, "rows", "");
    nested(T{});
  }
  void texts(const char* name, const std::vector<std::string>&) { line(name, "texts", "UTF-8"); }
  void lists(const char* name, const std::vector<std::vector<Value>>&) { line(name, "lists of values", ""); }
  void bytes(const char* name, const std::vector<std::uint8_t>&) { line(name, "bytes", "instructions"); }

 private:
  void line(const char* name, std::string_view form, std::string_view what, Presence presence = Presence::Required) {
    const std::string_view optional = presence == Presence::Optional ? ", optional" : "";
    const std::string_view dash = what.empty() ? "" : ": ";
    out += fmt::format("{:{}}- `{}` {}{}{}{}\n", "", indent_, name, form, dash, what, optional);
  }
  template <typename T>
  void nested(const T& x) {
    indent_ += 2;
    fields(*this, x);
    indent_ -= 2;
  }

  int indent_ = 0;
};

std::string operand_list(const OpcodeInfo& op) {
  std::string text;
  for (const Operand kind : op.list()) text += fmt::format("{}{}", text.empty() ? "" : ", ", operand_name(kind));
  return text;
}

}  // namespace

std::string reference_page() {
  std::string page = fmt::format(kIntroduction, fmt::arg("version", kFormatVersion), fmt::arg("stack", kMaxStack));
  page += "| byte | instruction | operands | takes | leaves | what it does |\n|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < opcodes().size(); ++i) {
    const OpcodeInfo& op = opcodes()[i];
    page += fmt::format("| {} | `{}` | {} | {} | {} | {} |\n", i, op.mnemonic, operand_list(op), op.pops, op.pushes,
                        op.meaning);
  }
  page += "\n| operand | bytes | names a row of |\n|---|---|---|\n";
  for (std::size_t i = 0; i < std::size(kOperandTables); ++i) {
    const auto kind = static_cast<Operand>(i);
    page += fmt::format("| {} | {} | {} |\n", operand_name(kind), operand_bytes(kind), kOperandTables[i]);
  }
  page += "\n";
  page += kFieldsIntroduction;
  FieldPrinter printer;
  const Module module;
  fields(printer, module);
  return page + printer.out;
}

}  // namespace nurture::bytecode
