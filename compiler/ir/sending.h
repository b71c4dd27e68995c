#pragma once

#include <vector>

#include "compiler/ir/expressions.h"

namespace nurture::ir {

/// Writes what decides when and whether a message goes out: calendars, windows, rules and streams.
class SendingWriter {
 public:
  SendingWriter(const sema::Model& model, Pools& pools, Expressions& expressions, bytecode::Module& module)
      : model_(model), pools_(pools), expressions_(expressions), module_(module) {}

  /// All but the campaigns' own rules.
  void run();
  /// Those of a campaign; their indices.
  std::vector<std::uint16_t> rules_of(const sema::Campaign& campaign);

 private:
  bytecode::Calendar calendar(const sema::Calendar& row);
  bytecode::Window window(const sema::Window& row);
  bytecode::Stream stream(const sema::Stream& row);
  bytecode::Rule rule(const sema::Rule& row);
  void never(const sema::Rule& row, bytecode::Rule& made);
  std::uint16_t quiet_hours(const sema::Rule& row);
  std::uint16_t length(const ast::Expr* expr);

  const sema::Model& model_;
  Pools& pools_;
  Expressions& expressions_;
  bytecode::Module& module_;
};

}  // namespace nurture::ir
