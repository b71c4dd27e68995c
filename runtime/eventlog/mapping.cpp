#include <fmt/format.h>

#include "runtime/bytecode/opcode.h"
#include "runtime/eventlog/stored.h"

// A source as text, by which two of them are held against each other.

namespace nurture::eventlog {
namespace {

using namespace bytecode;

class MappingText {
 public:
  MappingText(const Module& module, const SourceSpec& source) : module_(module), source_(source) {}

  std::string run() {
    line("format", fmt::format("{}", static_cast<int>(source_.format)));
    for (StringIndex missing : source_.missing) line("missing", text(missing));
    line("lead", code(source_.lead));
    line("at", code(source_.at) + time(source_.time));
    line("id", code(source_.id));
    line("origin", code(source_.origin));
    line("leave out", code(source_.leave_out));
    for (const SourceRule& rule : source_.rules) {
      const EventKind& kind = module_.schema.kinds[rule.kind];
      line("event", text(kind.name) + " when" + code(rule.when));
      for (const PropertyMapping& each : rule.properties) mapping(each, kind.properties);
    }
    for (const PropertyMapping& each : source_.lead_attributes) mapping(each, module_.schema.lead);
    return std::move(out_);
  }

 private:
  void line(std::string_view what, const std::string& says) { out_ += fmt::format("{}: {}\n", what, says); }
  const std::string& text(StringIndex index) const { return module_.strings[index]; }

  void mapping(const PropertyMapping& each, const std::vector<Field>& fields) {
    line("  " + text(fields[each.property].name), code(each.value) + time(each.time));
  }
  std::string time(const TimeFormat& format) const {
    if (format == TimeFormat{}) return "";
    return fmt::format(" as \"{}\" in {}", text(format.pattern), format.zone == kNone ? "" : text(format.zone));
  }

  /// The instructions of an expression, which end in one that returns.
  std::string code(Pc pc) const {
    if (pc == kNoCode) return " -";
    std::string out;
    for (Opcode op = Opcode{}; op != Opcode::Return;) {
      op = static_cast<Opcode>(module_.code[pc]);
      out += fmt::format(" {}", info(op).mnemonic);
      Pc at = pc + 1;
      for (Operand operand : info(op).list()) {
        out += operand_text(operand, at, pc);
        at += operand_bytes(operand);
      }
      pc += info(op).size;
    }
    return out;
  }
  std::string operand_text(Operand operand, Pc at, Pc pc) const {
    std::uint32_t number = 0;
    for (std::uint8_t i = 0; i < operand_bytes(operand); ++i) {
      number |= std::uint32_t{module_.code[at + i]} << (8 * i);
    }
    if (operand == Operand::Const) return " " + store::constant_text(module_, module_.constants[number]);
    if (operand == Operand::Text) return fmt::format(" \"{}\"", text(static_cast<StringIndex>(number)));
    if (operand == Operand::Column) return " column " + text(source_.columns[number]);
    if (operand == Operand::Target) return fmt::format(" +{}", number - pc);
    if (operand == Operand::Line) return "";
    return fmt::format(" {}", number);
  }

  const Module& module_;
  const SourceSpec& source_;
  std::string out_;
};

}  // namespace

std::string mapping_of(const Module& module, const std::string& source) {
  for (const SourceSpec& each : module.sources) {
    if (module.strings[each.name] == source) return MappingText(module, each).run();
  }
  return "";
}

}  // namespace nurture::eventlog
