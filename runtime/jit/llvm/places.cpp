#include "runtime/jit/llvm/places.h"

#include "runtime/bytecode/layout.h"

namespace nurture::jit {
namespace {

namespace layout = bytecode::layout;

/// Visits the fields of a module.
class Finder {
 public:
  explicit Finder(const vm::BoundModule& program) : program_(program) {}
  Places found;

  void code(const char*, const bytecode::Pc& pc, layout::Code role, layout::Presence) {
    if (pc == bytecode::kNoCode) return;
    switch (role) {
      case layout::Code::Condition:
      case layout::Code::Deadline:
      case layout::Code::DateOrInstant:
      case layout::Code::Money:
      case layout::Code::PartText:
        found.expressions.insert(pc);
        return;
      case layout::Code::Body:
        if (program_.plain_at[pc] == 0) found.bodies.insert(pc);
        return;
      case layout::Code::RowText:
      case layout::Code::RowCondition:
        return;
    }
  }
  template <typename T>
  void group(const char*, const T& x) {
    layout::fields(*this, x);
  }
  template <typename T>
  void rows(const char*, const std::vector<T>& x) {
    for (const T& row : x) layout::fields(*this, row);
  }
  void ref(const char*, const std::uint16_t&, layout::Table, layout::Presence) {}
  void refs(const char*, const std::vector<std::uint16_t>&, layout::Table, layout::Presence) {}
  void flag(const char*, const bool&) {}
  template <typename Integer>
  void number(const char*, const Integer&) {}
  template <typename Enum>
  void word(const char*, const Enum&, layout::Words) {}
  void value(const char*, const Value&) {}
  void texts(const char*, const std::vector<std::string>&) {}
  void lists(const char*, const std::vector<std::vector<Value>>&) {}
  void bytes(const char*, const std::vector<std::uint8_t>&) {}

 private:
  const vm::BoundModule& program_;
};

}  // namespace

Places places_of(const vm::BoundModule& program) {
  Finder finder(program);
  layout::fields(finder, *program.module);
  return std::move(finder.found);
}

}  // namespace nurture::jit
