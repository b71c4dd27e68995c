#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/eventlog/row.h"
#include "runtime/vm/vm.h"

namespace nurture::eventlog {

/// Evaluates the expressions of a source over the columns of a row.
///
/// Texts that the expressions see live in a pool of their own that is emptied now and then: what a row says stays in
/// the store only if a property keeps it.
class ColumnExpressions final : private vm::Record {
 public:
  /// `columns`: per column of the source, the name of its cells.
  ColumnExpressions(const bytecode::Module& module, const bytecode::SourceSpec& source, std::vector<NameId> columns,
                    const calendar::Zone* zone);
  ColumnExpressions(const ColumnExpressions&) = delete;
  ColumnExpressions& operator=(const ColumnExpressions&) = delete;

  /// Makes `row` the one at hand.
  void begin(const Row& row);
  bool holds(bytecode::Pc condition);
  /// The text that an expression leaves (the verifier has seen that it is one), or nothing if it is unknown or empty.
  /// kNoCode is unknown.
  std::optional<std::string_view> text(bytecode::Pc expression);

 private:
  Value at(std::uint16_t column) const override;
  const Cell* cell(std::uint16_t column) const;
  Value evaluate(bytecode::Pc expression) const;
  void bind();

  const bytecode::Module& module_;
  std::vector<NameId> columns_;
  std::vector<std::string_view> missing_;
  const calendar::Zone* zone_;

  std::unique_ptr<TextPool> texts_;
  std::unique_ptr<ListPool> lists_;
  vm::BoundModule bound_;
  vm::Frame frame_;

  const Row* row_ = nullptr;
  std::uint64_t row_number_ = 0;
  struct Seen {
    std::uint64_t row = 0;
    Value value;
  };
  mutable std::vector<Seen> seen_;  // per column, its text in the pool for the row at hand
};

}  // namespace nurture::eventlog
