#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "runtime/bytecode/module.h"
#include "runtime/bytecode/opcode.h"

/// Types of the values on the stack, as far as the verifier tells them apart: text, choice and content are one.
namespace nurture::bytecode {

class ValueType {
 public:
  constexpr ValueType() = default;                              ///< unknown: fits everywhere
  constexpr ValueType(TypeKind kind) : code_(code_of(kind)) {}  // NOLINT(google-explicit-constructor)
  static constexpr ValueType of(const Type& type) {
    return type.kind == TypeKind::List ? list_of(type.element) : ValueType(type.kind);
  }
  static constexpr ValueType list_of(TypeKind element) {
    return from_code(static_cast<std::uint8_t>(code_of(element) + kLists));
  }
  /// The zone that a repeat keeps: no instruction loads or stores it.
  static constexpr ValueType zone() { return from_code(kZone); }
  static constexpr ValueType from_code(std::uint8_t code) {
    ValueType type;
    type.code_ = code;
    return type;
  }

  bool unknown() const { return code_ == 0; }
  bool list() const { return code_ > kLists && code_ < kZone; }
  ValueType item() const { return from_code(static_cast<std::uint8_t>(code_ - kLists)); }
  std::uint8_t code() const { return code_; }
  bool operator==(const ValueType&) const = default;
  bool fits(ValueType wanted) const { return unknown() || *this == wanted; }
  /// The type that both fit, if there is one.
  static std::optional<ValueType> merge(ValueType a, ValueType b);
  std::string name() const;

 private:
  static constexpr std::uint8_t kLists = 32;
  static constexpr std::uint8_t kZone = 96;
  static constexpr std::uint8_t code_of(TypeKind kind) {
    const bool text = kind == TypeKind::Choice || kind == TypeKind::Content;
    return static_cast<std::uint8_t>(1 + static_cast<std::uint8_t>(text ? TypeKind::Text : kind));
  }

  std::uint8_t code_ = 0;
};

/// What a value-to-value instruction makes of these operands (the last is the top); no value where they do not fit.
/// Asked only for instructions without table operands.
std::optional<ValueType> result_type(Opcode op, std::span<const ValueType> operands);

}  // namespace nurture::bytecode
