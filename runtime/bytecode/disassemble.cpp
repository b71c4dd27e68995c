#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/format.h"
#include "runtime/bytecode/layout.h"
#include "runtime/bytecode/opcode.h"
#include "runtime/bytecode/text_form.h"
#include "runtime/bytecode/verify.h"

namespace nurture::bytecode {
namespace {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

constexpr std::size_t kLineWidth = 120;

/// Whether `pc` holds a whole instruction: what follows an unknown byte is shown byte by byte.
bool whole_instruction(const Module& module, std::size_t pc) {
  return module.code[pc] < opcodes().size() &&
         info(static_cast<Opcode>(module.code[pc])).size <= module.code.size() - pc;
}

/// Who points at a place in the code.
struct Use {
  std::string path;  ///< "campaigns[0].stages[1].body"
  const Campaign* campaign = nullptr;
};
using Uses = std::map<Pc, Use>;

/// Collects the first use of every code offset in the tables.
class UseFinder {
 public:
  Uses uses;

  void ref(const char*, const std::uint16_t&, Table, Presence) {}
  void refs(const char*, const std::vector<std::uint16_t>&, Table, Presence) {}
  void code(const char* name, const Pc& x, Code, Presence) {
    if (x != kNoCode) uses.try_emplace(x, Use{path_ + name, campaign_});
  }
  void flag(const char*, const bool&) {}
  template <typename Integer>
  void number(const char*, const Integer&) {}
  template <typename Enum>
  void word(const char*, const Enum&, Words) {}
  void value(const char*, const Value&) {}
  template <typename T>
  void group(const char* name, const T& x) {
    within(fmt::format("{}.", name), x);
  }
  template <typename T>
  void rows(const char* name, const std::vector<T>& x) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if constexpr (std::same_as<T, Campaign>) campaign_ = &x[i];
      within(fmt::format("{}[{}].", name, i), x[i]);
    }
    if constexpr (std::same_as<T, Campaign>) campaign_ = nullptr;
  }
  void texts(const char*, const std::vector<std::string>&) {}
  void lists(const char*, const std::vector<std::vector<Value>>&) {}
  void bytes(const char*, const std::vector<std::uint8_t>&) {}

 private:
  template <typename T>
  void within(const std::string& step, const T& x) {
    const std::size_t size = path_.size();
    path_ += step;
    fields(*this, x);
    path_.resize(size);
  }

  std::string path_;
  const Campaign* campaign_ = nullptr;
};

/// Names of code offsets: L0, L1, … in order of place; offsets within an instruction stay numbers.
class Labels {
 public:
  Labels(const Module& module, const Uses& uses) {
    std::vector<bool> wanted(module.code.size());
    const auto want = [&](Pc pc) {
      if (pc < wanted.size()) wanted[pc] = true;
    };
    for (const auto& [pc, use] : uses) want(pc);
    each(module, [&](Pc pc, const OpcodeInfo* op) {
      if (op != nullptr && op->operands == 1 && op->operand[0] == Operand::Target) want(target_of(module, pc));
    });
    each(module, [&](Pc pc, const OpcodeInfo*) {
      if (wanted[pc]) names_.emplace(pc, fmt::format("L{}", names_.size()));
    });
  }
  std::string at(Pc pc) const {
    if (pc == kNoCode) return "-";
    const auto found = names_.find(pc);
    return found != names_.end() ? found->second : fmt::format("@{}", pc);
  }
  const std::string* label(Pc pc) const {
    const auto found = names_.find(pc);
    return found != names_.end() ? &found->second : nullptr;
  }
  /// Calls with each instruction, or with null for a byte that begins none.
  template <typename Visit>
  static void each(const Module& module, Visit visit) {
    for (std::size_t pc = 0; pc < module.code.size();) {
      const OpcodeInfo* op = whole_instruction(module, pc) ? &info(static_cast<Opcode>(module.code[pc])) : nullptr;
      visit(static_cast<Pc>(pc), op);
      pc += op != nullptr ? op->size : 1u;
    }
  }

 private:
  std::map<Pc, std::string> names_;
};

/// What a row is about, for remarks; empty if there is nothing to say.
class Remarks {
 public:
  explicit Remarks(const Module& module) : m_(module) {}

  std::string string(std::size_t i) const { return i < m_.strings.size() ? " " + quoted(m_.strings[i]) : ""; }
  template <typename T>
  std::string named(const std::vector<T>& rows, std::size_t i) const {
    return i < rows.size() ? string(rows[i].name) : "";
  }
  std::string place(std::size_t i) const {
    if (i >= m_.places.size() || m_.places[i].file >= m_.strings.size()) return {};
    return " " + quoted(fmt::format("{}:{}", m_.strings[m_.places[i].file], m_.places[i].line));
  }
  std::string constant(std::size_t i) const {
    if (i >= m_.constants.size()) return {};
    const Constant& row = m_.constants[i];
    const ValueType type = ValueType::of(row.type);
    if (type == ValueType(TypeKind::Text)) return string(static_cast<std::size_t>(row.value.bits));
    if (type == ValueType(TypeKind::Number)) return " " + quoted(fmt::format("{}", row.value.number()));
    if (type == ValueType(TypeKind::Integer)) return " " + quoted(fmt::format("{}", row.value.bits));
    return " " + quoted(type.name());
  }
  std::string of(Table table, std::size_t i, const Campaign* campaign) const {
    switch (table) {
      case Table::Strings:
        return string(i);
      case Table::Constants:
      case Table::Durations:
        return constant(i);
      case Table::Places:
        return place(i);
      case Table::LeadAttributes:
        return named(m_.schema.lead, i);
      case Table::AccountAttributes:
        return named(m_.schema.account, i);
      case Table::Kinds:
        return named(m_.schema.kinds, i);
      case Table::Contents:
        return named(m_.contents, i);
      case Table::Campaigns:
        return named(m_.campaigns, i);
      case Table::Silences:
        return {};
      case Table::Calendars:
        return named(m_.calendars, i);
      case Table::Windows:
        return named(m_.windows, i);
      case Table::Streams:
        return named(m_.streams, i);
      case Table::Rules:
        return i < m_.rules.size() ? string(m_.rules[i].label) : "";
      case Table::Stages:
        return campaign != nullptr ? named(campaign->stages, i) : "";
      case Table::States:
        return campaign != nullptr && i < campaign->states.size() ? string(campaign->states[i].anchor) : "";
      case Table::Reasons:
        return campaign != nullptr && i < campaign->reasons.size() ? string(campaign->reasons[i]) : "";
      case Table::ChoiceSets:
      case Table::AskedProperties:
      case Table::GivenProperties:
      case Table::OwnProperties:
      case Table::KeyProperties:
      case Table::MappedProperties:
      case Table::Slots:
      case Table::Whens:
      case Table::Count:
        return {};
    }
    return {};
  }

 private:
  const Module& m_;
};

/// Writes a struct as its fields that are not at rest: on one line where that fits, else one a line.
class Printer {
 public:
  Printer(const Module& module, const Labels& labels) : remarks_(module), labels_(labels) {}

  void ref(const char* name, const std::uint16_t& x, Table table, Presence presence) {
    if (x == kNone && presence == Presence::Optional) return;
    item(fmt::format("{} {}{}", name, index(x), remarks_.of(table, x, campaign_)));
  }
  void refs(const char* name, const std::vector<std::uint16_t>& x, Table table, Presence) {
    std::vector<std::string> parts;
    for (std::uint16_t row : x) parts.push_back(index(row) + remarks_.of(table, row, campaign_));
    list(name, parts);
  }
  void code(const char* name, const Pc& x, Code, Presence presence) {
    if (x != kNoCode || presence == Presence::Required) item(fmt::format("{} {}", name, labels_.at(x)));
  }
  void flag(const char* name, const bool& x) {
    if (x) item(fmt::format("{} yes", name));
  }
  template <typename Integer>
  void number(const char* name, const Integer& x) {
    if (x != 0) item(fmt::format("{} {}", name, x));
  }
  template <typename Enum>
  void word(const char* name, const Enum& x, Words words) {
    const auto i = static_cast<std::size_t>(x);
    if (i != 0) item(fmt::format("{} {}", name, i < words.size() ? words[i] : "?"));
  }
  void value(const char* name, const Value& x) { item(fmt::format("{} {}", name, value_text(x))); }
  template <typename T>
  void group(const char* name, const T& x) {
    const std::string body = print(x);
    if (body != "{}") item(fmt::format("{} {}", name, body));
  }
  template <typename T>
  void rows(const char* name, const std::vector<T>& x) {
    std::vector<std::string> parts;
    for (const T& row : x) {
      if constexpr (std::same_as<T, Campaign>) campaign_ = &row;
      parts.push_back(print(row));
    }
    if constexpr (std::same_as<T, Campaign>) campaign_ = nullptr;
    list(name, parts);
  }
  void texts(const char* name, const std::vector<std::string>& x) {
    std::vector<std::string> parts;
    for (const std::string& text : x) parts.push_back(quoted(text));
    list(name, parts, true);
  }
  void lists(const char* name, const std::vector<std::vector<Value>>& x) {
    std::vector<std::string> parts;
    for (const auto& row : x) {
      std::string text = "[";
      for (const Value& v : row) text += " " + value_text(v);
      parts.push_back(text + " ]");
    }
    list(name, parts, true);
  }
  void bytes(const char*, const std::vector<std::uint8_t>&) {}  // the code stands at the end, as instructions

  std::vector<std::string> items;

 private:
  static std::string index(std::uint16_t x) { return x == kNone ? "-" : fmt::format("{}", x); }
  static std::string value_text(const Value& x) {
    const std::string halves = x.aux == 0 ? fmt::format("{}", x.bits) : fmt::format("{}:{}", x.bits, x.aux);
    return x.known ? halves : x.bits == 0 && x.aux == 0 ? "?" : "?" + halves;
  }
  static std::string indented(std::string_view text) {
    std::string out = "  ";
    for (const char c : text) {
      out += c;
      if (c == '\n') out += "  ";
    }
    return out;
  }

  void item(std::string text) { items.push_back(std::move(text)); }

  static std::string bracketed(const std::vector<std::string>& parts, std::string_view open, std::string_view close,
                               bool one_a_line) {
    if (parts.empty()) return fmt::format("{}{}", open, close);
    std::string line(open);
    for (const std::string& part : parts) line += " " + part;
    line += fmt::format(" {}", close);
    if (!one_a_line && line.size() <= kLineWidth && line.find('\n') == std::string::npos) return line;
    std::string block(open);
    for (const std::string& part : parts) block += "\n" + indented(part);
    return block + fmt::format("\n{}", close);
  }
  void list(const char* name, const std::vector<std::string>& parts, bool one_a_line = false) {
    if (!parts.empty()) item(fmt::format("{} {}", name, bracketed(parts, "[", "]", one_a_line)));
  }
  template <typename T>
  std::string print(const T& x) {
    std::vector<std::string> outer;
    outer.swap(items);
    fields(*this, x);
    outer.swap(items);
    return bracketed(outer, "{", "}", false);
  }

  Remarks remarks_;
  const Labels& labels_;
  const Campaign* campaign_ = nullptr;
};

/// The code, instruction by instruction.
class CodePrinter {
 public:
  CodePrinter(const Module& module, const Uses& uses, const Labels& labels)
      : module_(module), uses_(uses), labels_(labels), remarks_(module) {}

  std::string print() {
    std::string out = "code [\n";
    Labels::each(module_, [&](Pc pc, const OpcodeInfo* op) {
      if (const std::string* label = labels_.label(pc)) out += head(*label, pc);
      out += op != nullptr ? instruction(pc, *op) : fmt::format("  .byte {}\n", module_.code[pc]);
    });
    return out + "]\n";
  }

 private:
  std::string head(const std::string& label, Pc pc) {
    const auto use = uses_.find(pc);
    if (use == uses_.end()) return label + ":\n";
    campaign_ = use->second.campaign;
    return fmt::format("{:<30} ; {}\n", label + ":", use->second.path);
  }

  std::string instruction(Pc pc, const OpcodeInfo& op) const {
    std::string text = fmt::format("  {}", op.mnemonic);
    for (std::size_t i = 0; i < op.operands; ++i) text += " " + operand(pc, op, i);
    return text + "\n";
  }

  std::string operand(Pc pc, const OpcodeInfo& op, std::size_t i) const {
    if (op.operand[i] == Operand::Target) return labels_.at(target_of(module_, pc));
    const std::uint16_t index = operand16(module_, pc, i);
    return fmt::format("{}{}", index, remark(pc, op.operand[i], i, index));
  }

  std::string remark(Pc pc, Operand kind, std::size_t i, std::uint16_t index) const {
    switch (kind) {
      case Operand::Const:
        return remarks_.constant(index);
      case Operand::Text:
        return remarks_.string(index);
      case Operand::LeadAttribute:
        return remarks_.named(module_.schema.lead, index);
      case Operand::AccountAttribute:
        return remarks_.named(module_.schema.account, index);
      case Operand::Kind:
        return remarks_.named(module_.schema.kinds, index);
      case Operand::Property: {
        const std::uint16_t of = operand16(module_, pc, i - 1);
        if (of >= module_.schema.kinds.size()) return {};
        return remarks_.named(properties_of(module_.schema, module_.schema.kinds[of]), index);
      }
      case Operand::Campaign:
        return remarks_.named(module_.campaigns, index);
      case Operand::State:
        return remarks_.of(Table::States, index, campaign_);
      case Operand::Stage:
        return remarks_.of(Table::Stages, index, campaign_);
      case Operand::Reason:
        return remarks_.of(Table::Reasons, index, campaign_);
      case Operand::Line:
        return remarks_.place(index);
      case Operand::SendSite:
        return send(index);
      case Operand::HistorySite:
        return index < module_.histories.size() ? remarks_.string(module_.histories[index].label) : "";
      case Operand::LeadQuery:
        return index < module_.lead_queries.size() ? remarks_.string(module_.lead_queries[index].label) : "";
      case Operand::Window:
        return remarks_.of(Table::Windows, index, campaign_);
      case Operand::Score:
        return remarks_.named(module_.scores, index);
      case Operand::Content:
        return remarks_.named(module_.contents, index);
      case Operand::ReasonOf: {
        const std::uint16_t of = operand16(module_, pc, i - 1);
        if (of >= module_.campaigns.size()) return {};
        return remarks_.of(Table::Reasons, index, &module_.campaigns[of]);
      }
      case Operand::Column:
      case Operand::Slot:
      case Operand::Target:
      case Operand::HandOffSite:
      case Operand::AssignSite:
      case Operand::NotifySite:
      case Operand::SplitSite:
      case Operand::RepeatSite:
      case Operand::Flag:
        return {};
    }
    return {};
  }
  std::string send(std::uint16_t index) const {
    if (campaign_ == nullptr || index >= campaign_->sends.size()) return {};
    return remarks_.named(module_.contents, campaign_->sends[index].content);
  }

  const Module& module_;
  const Uses& uses_;
  const Labels& labels_;
  Remarks remarks_;
  const Campaign* campaign_ = nullptr;
};

}  // namespace

std::string disassemble(const Module& module) {
  UseFinder finder;
  fields(finder, module);
  const Labels labels(module, finder.uses);
  Printer printer(module, labels);
  fields(printer, module);
  std::string out = fmt::format("nurture bytecode {}\n", kFormatVersion);
  for (const std::string& item : printer.items) out += item + "\n";
  return out + CodePrinter(module, finder.uses, labels).print();
}

}  // namespace nurture::bytecode
