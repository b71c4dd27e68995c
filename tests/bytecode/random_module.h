#pragma once

#include <random>

#include "runtime/bytecode/layout.h"
#include "runtime/bytecode/opcode.h"

/// Random modules: whole ones that only the forms can hold, and damaged copies of sound ones.
namespace nurture::bytecode::testing {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

/// Visits a module and fills (rate 1) or damages (rate below) its fields.
class Randomizer {
 public:
  Randomizer(std::uint64_t seed, double rate) : random_(seed), rate_(rate) {}

  void ref(const char*, std::uint16_t& x, Table, Presence presence) {
    if (chosen()) x = presence == Presence::Optional && below(3) == 0 ? kNone : static_cast<std::uint16_t>(below(8));
  }
  void refs(const char*, std::vector<std::uint16_t>& x, Table table, Presence presence) {
    if (fills()) x.resize(below(4));
    for (auto& row : x) ref("", row, table, presence);
  }
  void code(const char*, Pc& x, Code, Presence) {
    if (chosen()) x = below(4) == 0 ? kNoCode : static_cast<Pc>(below(200));
  }
  void flag(const char*, bool& x) {
    if (chosen()) x = below(2) == 1;
  }
  template <typename Integer>
  void number(const char*, Integer& x) {
    if (chosen()) x = static_cast<Integer>(below(3) == 0 ? random_() : below(5));
  }
  template <typename Enum>
  void word(const char*, Enum& x, Words words) {
    if (chosen()) x = static_cast<Enum>(below(words.size()));
  }
  void value(const char*, Value& x) {
    if (!chosen()) return;
    x.known = below(4) != 0;
    x.bits = static_cast<std::int64_t>(below(3) == 0 ? random_() : below(8));
    x.aux = static_cast<std::int32_t>(below(3) == 0 ? random_() : 0);
  }
  template <typename T>
  void group(const char*, T& x) {
    fields(*this, x);
  }
  template <typename T>
  void rows(const char*, std::vector<T>& x) {
    if (fills()) x.resize(below(3));
    for (T& row : x) fields(*this, row);
  }
  void texts(const char*, std::vector<std::string>& x) {
    if (!fills()) return;
    x.resize(below(6));
    for (std::string& text : x) {
      text.resize(below(12));
      for (char& c : text) c = static_cast<char>(random_());
    }
  }
  void lists(const char*, std::vector<std::vector<Value>>& x) {
    if (fills()) x.resize(below(3));
    for (auto& list : x) {
      if (fills()) list.resize(below(4));
      for (Value& v : list) value("", v);
    }
  }
  void bytes(const char*, std::vector<std::uint8_t>& x) {
    if (fills()) x.resize(below(150));
    for (auto& byte : x) {
      if (chosen()) byte = static_cast<std::uint8_t>(below(4) == 0 ? random_() : below(opcodes().size()));
    }
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool fills() const { return rate_ >= 1; }
  bool chosen() { return fills() || static_cast<double>(random_() >> 11) * 0x1p-53 < rate_; }

  std::mt19937_64 random_;
  double rate_;
};

}  // namespace nurture::bytecode::testing
