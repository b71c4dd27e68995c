#include "runtime/eventlog/columns.h"

#include <algorithm>

#include "runtime/bytecode/opcode.h"

namespace nurture::eventlog {
namespace {

using bytecode::Opcode;

constexpr std::size_t kPoolLimit = 100'000;  ///< texts kept before the pool is emptied

std::uint16_t operand_at(const std::vector<std::uint8_t>& code, bytecode::Pc at) {
  return static_cast<std::uint16_t>(code[at] | code[at + 1] << 8);
}

/// The column, if the expression is nothing but one.
std::optional<std::uint16_t> plain_column(const bytecode::Module& module, bytecode::Pc expression) {
  const auto& code = module.code;
  if (static_cast<Opcode>(code[expression]) != Opcode::LoadColumn) return std::nullopt;
  bytecode::Pc next = expression + bytecode::info(Opcode::LoadColumn).size;
  if (static_cast<Opcode>(code[next]) != Opcode::Return) return std::nullopt;
  return operand_at(code, expression + 1);
}

}  // namespace

ColumnExpressions::ColumnExpressions(const bytecode::Module& module, const bytecode::SourceSpec& source,
                                     std::vector<NameId> columns, const calendar::Zone* zone)
    : module_(module), columns_(std::move(columns)), zone_(zone), seen_(columns_.size()) {
  for (bytecode::StringIndex text : source.missing) missing_.push_back(module.strings[text]);
  bind();
}

void ColumnExpressions::bind() {
  texts_ = std::make_unique<TextPool>();
  lists_ = std::make_unique<ListPool>();
  bound_ = vm::bind(module_, *texts_, *lists_);
  frame_.program = &bound_;
  frame_.zone = zone_;
  frame_.event = this;
}

void ColumnExpressions::begin(const Row& row) {
  if (texts_->size() > kPoolLimit + module_.strings.size()) bind();
  row_ = &row;
  ++row_number_;
}

const Cell* ColumnExpressions::cell(std::uint16_t column) const {
  const Cell* found = row_->find(columns_[column]);
  if (!found || found->kind == Cell::Kind::Null || found->text.empty()) return nullptr;
  bool missing = std::find(missing_.begin(), missing_.end(), found->text) != missing_.end();
  return missing ? nullptr : found;
}

Value ColumnExpressions::at(std::uint16_t column) const {
  Seen& seen = seen_[column];
  if (seen.row != row_number_) {
    const Cell* found = cell(column);
    seen = {row_number_, found ? Value::of_text(texts_->intern(found->text)) : Value::unknown()};
  }
  return seen.value;
}

Value ColumnExpressions::evaluate(bytecode::Pc expression) const { return vm::evaluate(frame_, nullptr, expression); }

bool ColumnExpressions::holds(bytecode::Pc condition) {
  return condition == bytecode::kNoCode || evaluate(condition).truth();
}

std::optional<std::string_view> ColumnExpressions::text(bytecode::Pc expression) {
  if (expression == bytecode::kNoCode) return std::nullopt;
  if (auto column = plain_column(module_, expression)) {
    const Cell* found = cell(*column);
    return found ? std::optional(found->text) : std::nullopt;
  }
  Value value = evaluate(expression);
  if (!value.known) return std::nullopt;
  std::string_view found = texts_->at(value.text());
  return found.empty() ? std::nullopt : std::optional(found);
}

}  // namespace nurture::eventlog
