#include <algorithm>

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

// Operands of code that nothing reaches are not verified: these leave alone what they do not name.

void find_zone(BoundModule& bound, std::size_t string) {
  if (string < bound.zones.size()) bound.zones[string] = calendar::find_zone(bound.module->strings[string]);
}

/// Where each key of a lookup stands.
void index_keys(BoundModule& bound, std::size_t constant) {
  if (constant >= bound.rows.size() || bound.module->constants[constant].type.kind != TypeKind::List) return;
  auto& rows = bound.rows[constant];
  if (!rows.empty()) return;
  std::uint32_t row = 0;
  for (Value key : bound.lists->at(static_cast<ListId>(bound.constants[constant].bits)))
    rows.try_emplace(key.bits, row++);
}

/// What instructions name and is looked up once, here: zones, and the keys of tables.
void prepare_code(BoundModule& bound) {
  const bytecode::Module& module = *bound.module;
  bound.zones.resize(module.strings.size());
  bound.rows.resize(module.constants.size());
  for (std::size_t pc = 0; pc < module.code.size();) {
    const auto op = static_cast<Opcode>(module.code[pc]);
    if (op == Opcode::InZone || op == Opcode::Lookup) {
      const std::size_t index = module.code[pc + 1] | static_cast<std::size_t>(module.code[pc + 2]) << 8;
      op == Opcode::InZone ? find_zone(bound, index) : index_keys(bound, index);
    }
    pc += bytecode::info(op).size;
  }
}

BoundWindow bind_window(const bytecode::Module& module, const bytecode::Window& window) {
  std::vector<calendar::HourSpan> spans;
  for (const bytecode::WindowSpan& span : window.spans) spans.push_back({span.weekdays, span.from, span.to});
  std::vector<std::int64_t> days_off;
  for (std::uint16_t index : window.except) {
    const Value list = module.constants[module.calendars[index].dates].value;
    for (const Value& day : module.lists[static_cast<std::size_t>(list.bits)]) days_off.push_back(day.bits);
  }
  std::sort(days_off.begin(), days_off.end());
  return {calendar::Hours(std::move(spans), std::move(days_off)),
          window.zone == bytecode::kNone ? nullptr : calendar::find_zone(module.strings[window.zone])};
}

}  // namespace

BoundModule bind(const bytecode::Module& module, TextPool& texts, ListPool& lists) {
  BoundModule bound;
  bound.module = &module;
  bound.texts = &texts;
  bound.lists = &lists;
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
  for (const bytecode::Window& window : module.windows) bound.windows.push_back(bind_window(module, window));
  prepare_code(bound);
  find_plain(bound);
  return bound;
}

}  // namespace nurture::vm
