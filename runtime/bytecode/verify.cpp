#include "runtime/bytecode/verify.h"

#include <fmt/format.h>

#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/layout.h"

namespace nurture::bytecode {
namespace {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

constexpr std::size_t kMaxRows = 65'535;                 // 16-bit indices, one of which says "none"
constexpr std::size_t kMaxCode = std::size_t{16} << 20;  // bytes
constexpr std::size_t kMaxListItems = std::size_t{1} << 20;

/// Walks every field of the module with the path to it.
class IndexCheck {
 public:
  IndexCheck(const Module& module, const Starts& starts) : module_(module), starts_(starts) {}
  Flaw flaw;

  void ref(const char* name, const std::uint16_t& x, Table table, Presence presence) {
    if (flaw || (x == kNone && presence == Presence::Optional)) return;
    const std::size_t size = size_of(table);
    if (x >= size) return fail(name, fmt::format("is {}, and there are {}", x, size));
    if (table == Table::Durations && module_.constants[x].type.kind != TypeKind::Duration) {
      fail(name, "is not a duration");
    }
  }
  void refs(const char* name, const std::vector<std::uint16_t>& x, Table table, Presence presence) {
    if (flaw) return;
    if (x.size() > kMaxRows) return fail(name, "has too many rows");
    for (std::size_t i = 0; i < x.size(); ++i) {
      row_ = i;
      ref(name, x[i], table, presence);
    }
  }
  void code(const char* name, const Pc& x, Code, Presence presence) {
    if (flaw || (x == kNoCode && presence == Presence::Optional)) return;
    if (x >= starts_.size() || !starts_[x]) fail(name, "points at no instruction");
  }
  void flag(const char*, const bool&) {}
  template <typename Integer>
  void number(const char*, const Integer&) {}
  template <typename Enum>
  void word(const char* name, const Enum& x, Words words) {
    if (!flaw && static_cast<std::size_t>(x) >= words.size()) fail(name, "is no such word");
  }
  void value(const char*, const Value&) {}
  template <typename T>
  void group(const char* name, const T& x) {
    path_.push_back({name, kMaxRows});
    fields(*this, x);
    path_.pop_back();
  }
  template <typename T>
  void rows(const char* name, const std::vector<T>& x) {
    if (flaw) return;
    if (x.size() > kMaxRows) return fail(name, "has too many rows");
    path_.push_back({name, 0});
    for (std::size_t i = 0; i < x.size() && !flaw; ++i) {
      path_.back().row = i;
      enter(x[i]);
      fields(*this, x[i]);
    }
    path_.pop_back();
    if constexpr (std::same_as<T, SourceRule>) rule_ = nullptr;
  }
  void texts(const char*, const std::vector<std::string>&) {}
  void lists(const char*, const std::vector<std::vector<Value>>&) {}
  void bytes(const char*, const std::vector<std::uint8_t>&) {}

 private:
  struct Step {
    const char* name;
    std::size_t row;
  };

  template <typename T>
  void enter(const T&) {}
  void enter(const Campaign& campaign) { campaign_ = &campaign; }
  void enter(const AskedEvent& asked) { asked_ = &asked; }
  void enter(const AssumedReaction& reaction) { reaction_ = &reaction; }
  void enter(const EventKind& kind) { kind_ = &kind; }
  void enter(const SourceSpec&) { rule_ = nullptr; }
  void enter(const SourceRule& rule) { rule_ = &rule; }

  std::size_t size_of(Table table) const {
    switch (table) {
      case Table::Strings:
        return module_.strings.size();
      case Table::Constants:
      case Table::Durations:
        return module_.constants.size();
      case Table::Places:
        return module_.places.size();
      case Table::ChoiceSets:
        return module_.schema.choice_sets.size();
      case Table::LeadAttributes:
        return module_.schema.lead.size();
      case Table::AccountAttributes:
        return module_.schema.account.size();
      case Table::Kinds:
        return module_.schema.kinds.size();
      case Table::Contents:
        return module_.contents.size();
      case Table::AskedProperties:
        return asked_properties();
      case Table::Calendars:
        return module_.calendars.size();
      case Table::Windows:
        return module_.windows.size();
      case Table::Streams:
        return module_.streams.size();
      case Table::Rules:
        return module_.rules.size();
      case Table::GivenProperties:
        return given_properties();
      case Table::OwnProperties:
        return properties_of(module_.schema, *kind_).size();
      case Table::KeyProperties:
        return key_properties();
      case Table::MappedProperties:
        return mapped_properties();
      case Table::Campaigns:
        return module_.campaigns.size();
      case Table::Silences:
        return campaign_->silences;
      case Table::Stages:
        return campaign_->stages.size();
      case Table::States:
        return campaign_->states.size();
      case Table::Reasons:
        return campaign_->reasons.size();
      case Table::Slots:
        return campaign_->slots;
      case Table::Whens:
        return kMaxWhens;
      case Table::Count:
        return kNone;
    }
    return 0;
  }
  std::size_t key_properties() const {
    const auto& kinds = module_.schema.kinds;
    return row_ < kinds.size() ? properties_of(module_.schema, kinds[row_]).size() : 0;
  }
  std::size_t asked_properties() const {
    const auto& kinds = module_.schema.kinds;
    const auto& asked = asked_->event.kinds;
    return asked.size() == 1 && asked[0] < kinds.size() ? properties_of(module_.schema, kinds[asked[0]]).size() : 0;
  }
  std::size_t given_properties() const {
    const auto& kinds = module_.schema.kinds;
    return reaction_->kind < kinds.size() ? properties_of(module_.schema, kinds[reaction_->kind]).size() : 0;
  }
  std::size_t mapped_properties() const {
    if (rule_ == nullptr) return module_.schema.lead.size();
    return properties_of(module_.schema, module_.schema.kinds[rule_->kind]).size();
  }

  void fail(const char* name, std::string_view what) {
    std::string path;
    for (const Step& step : path_) {
      path += step.row == kMaxRows ? fmt::format("{}.", step.name) : fmt::format("{}[{}].", step.name, step.row);
    }
    flaw = fmt::format("{}{} {}", path, name, what);
  }

  const Module& module_;
  const Starts& starts_;
  std::vector<Step> path_;
  std::size_t row_ = 0;
  const Campaign* campaign_ = nullptr;
  const EventKind* kind_ = nullptr;
  const AskedEvent* asked_ = nullptr;
  const AssumedReaction* reaction_ = nullptr;
  const SourceRule* rule_ = nullptr;
};

}  // namespace

std::uint16_t operand16(const Module& module, Pc pc, std::size_t index) {
  const std::uint8_t* at = module.code.data() + pc + 1 + 2 * index;
  return static_cast<std::uint16_t>(at[0] | at[1] << 8);
}

Pc target_of(const Module& module, Pc pc) {
  return operand16(module, pc, 0) | static_cast<Pc>(operand16(module, pc, 1)) << 16;
}

Flaw check_sizes(const Module& module) {
  if (module.strings.size() > kMaxRows || module.lists.size() > kMaxRows) return "it has too many strings or lists";
  if (module.code.size() > kMaxCode) return fmt::format("its code is larger than {} bytes", kMaxCode);
  for (std::size_t i = 0; i < module.strings.size(); ++i) {
    if (!valid_utf8(module.strings[i])) return fmt::format("strings[{}] is not UTF-8", i);
  }
  for (std::size_t i = 0; i < module.lists.size(); ++i) {
    if (module.lists[i].size() > kMaxListItems) return fmt::format("lists[{}] is too long", i);
  }
  return {};
}

Flaw check_instructions(const Module& module, Starts& starts) {
  starts.assign(module.code.size(), false);
  for (std::size_t pc = 0; pc < module.code.size();) {
    if (module.code[pc] >= opcodes().size()) return fmt::format("code[{}] is no instruction", pc);
    const OpcodeInfo& op = info(static_cast<Opcode>(module.code[pc]));
    if (op.size > module.code.size() - pc) return fmt::format("code[{}] is cut short", pc);
    starts[pc] = true;
    pc += op.size;
  }
  return {};
}

Flaw check_indices(const Module& module, const Starts& starts) {
  IndexCheck check(module, starts);
  fields(check, module);
  return check.flaw;
}

Status verify(const Module& module) {
  Starts starts;
  Flaw flaw = check_sizes(module);
  if (!flaw) flaw = check_instructions(module, starts);
  if (!flaw) flaw = check_indices(module, starts);
  if (!flaw) flaw = check_rows(module);
  if (!flaw) flaw = check_scenarios(module);
  if (!flaw) flaw = check_code(module, starts);
  if (flaw) return Error{"the compiled programme is not sound: " + *flaw, ""};
  return Done{};
}

}  // namespace nurture::bytecode
