#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "compiler/sema/model.h"
#include "runtime/bytecode/module.h"

namespace nurture::ir {

/// A piece of source in one line, without comments.
std::string written_in_one_line(std::string_view text);

/// The pools of a module under construction: equal things once, in order of first use. String 0 is empty.
class Pools {
 public:
  Pools(bytecode::Module& module, const SourceManager& sources);

  bytecode::StringIndex text(std::string_view text);
  std::uint16_t constant(const sema::ConstantValue& value);
  std::uint16_t duration(const Duration& value);
  std::uint16_t history(bytecode::HistorySite site);
  std::uint16_t lead_query(bytecode::LeadQuery query);
  bytecode::PlaceIndex place(Span span);
  bytecode::Type type(const sema::Type& type);
  std::string written(Span span) const { return written_in_one_line(sources_.text(span)); }
  /// The first pool that holds more than the format can name; or empty.
  std::string_view overflow() const { return overflow_; }

 private:
  std::uint16_t constant(const bytecode::Type& type, Value value);
  Value encode(const sema::ConstantValue& value);
  std::uint16_t checked(std::size_t index, std::string_view what);

  bytecode::Module& module_;
  const SourceManager& sources_;
  std::unordered_map<std::string, bytecode::StringIndex> texts_;
  std::map<std::tuple<TypeKind, TypeKind, std::uint16_t, std::int64_t, std::int32_t, bool>, std::uint16_t> constants_;
  std::map<std::tuple<FileId, std::uint32_t>, bytecode::PlaceIndex> places_;
  std::string_view overflow_;
};

}  // namespace nurture::ir
