#include "runtime/bytecode/opcode.h"
#include "runtime/vm/vm.h"

namespace nurture::vm {
namespace {

using bytecode::Opcode;

bool is_text(TypeKind kind) { return kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content; }

Value resolve(Value value, TypeKind kind, const BoundModule& bound) {
  if (value.known && is_text(kind)) return Value::of_text(bound.strings[static_cast<std::size_t>(value.bits)]);
  return value;
}

/// The zones that `in_zone` names: looked up once, here.
void find_zones(BoundModule& bound) {
  const bytecode::Module& module = *bound.module;
  bound.zones.resize(module.strings.size());
  for (std::size_t pc = 0; pc < module.code.size();) {
    const auto op = static_cast<Opcode>(module.code[pc]);
    if (op == Opcode::InZone) {
      const std::size_t index = module.code[pc + 1] | static_cast<std::size_t>(module.code[pc + 2]) << 8;
      bound.zones[index] = calendar::find_zone(module.strings[index]);
    }
    pc += bytecode::info(op).size;
  }
}

}  // namespace

BoundModule bind(const bytecode::Module& module, TextPool& texts, ListPool& lists) {
  BoundModule bound{&module, {}, {}, {}, &texts, &lists};
  bound.strings.reserve(module.strings.size());
  for (const std::string& text : module.strings) bound.strings.push_back(texts.intern(text));
  bound.constants.reserve(module.constants.size());
  for (const bytecode::Constant& constant : module.constants) {
    if (constant.type.kind != TypeKind::List) {
      bound.constants.push_back(resolve(constant.value, constant.type.kind, bound));
      continue;
    }
    std::vector<Value> items;
    for (Value item : module.lists[static_cast<std::size_t>(constant.value.bits)]) {
      items.push_back(resolve(item, constant.type.element, bound));
    }
    bound.constants.push_back(Value::of(lists.intern(std::move(items))));
  }
  find_zones(bound);
  return bound;
}

}  // namespace nurture::vm
