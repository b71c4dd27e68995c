#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/bytecode/verify.h"

/// Abstract interpretation of code: what is on the stack at each instruction, and in which circumstances it can be
/// reached.
namespace nurture::bytecode {

/// What a body may not do, from how it can be reached.
enum Forbidden : std::uint8_t {
  kNoWait = 1,   ///< trigger bodies and elses of detached sends
  kNoLeave = 2,  ///< elses of detached sends
  kNoKeep = 4,   ///< keep waiting: where no wait goes on
  kNoEnd = 8,    ///< end of the body: where nothing goes on after it
  kNoMove = 16,  ///< move on: outside handlers
};
inline constexpr std::uint8_t kMainBody = kNoKeep | kNoEnd;
inline constexpr std::uint8_t kTriggerBody = kNoWait | kNoMove;
inline constexpr std::uint8_t kHandlerBody = 0;
inline constexpr std::uint8_t kElseBody = kNoWait | kNoLeave | kNoKeep | kNoMove;

/// Whose code it is: a campaign's, a source's, or (the subject of a content, a question about the past, an assumption)
/// nobody's.
struct Owner {
  const Campaign* campaign = nullptr;
  const SourceSpec* source = nullptr;
  bool past = false;     ///< the `where` of a question about the past: only the event itself
  bool assumed = false;  ///< the `if` of a scenario's rule: which send it is about is known
};

/// Stacks of types, each told by a number. A stack is its top and the stack below; equal stacks have equal numbers.
class StackTypes {
 public:
  using Id = std::uint32_t;
  static constexpr Id kEmpty = 0;

  Id push(Id below, ValueType top);
  Id below(Id stack) const { return nodes_[stack].below; }
  ValueType top(Id stack) const { return nodes_[stack].top; }
  std::size_t depth(Id stack) const { return nodes_[stack].depth; }
  /// What is known where both can be; no value if they differ in height or type.
  std::optional<Id> merge(Id a, Id b);

 private:
  struct Node {
    Id below;
    ValueType top;
    std::uint16_t depth;
  };
  std::vector<Node> nodes_{{kEmpty, {}, 0}};
  std::unordered_map<std::uint64_t, Id> ids_;
};

class FlowCheck {
 public:
  FlowCheck(const Module& module, const Starts& starts);

  /// Begins the code of an owner. Slots begin without a type.
  void begin(Owner owner);
  /// Fixes a slot's type: of a repeat, of a split's passes.
  bool set_slot(std::size_t slot, ValueType type) { return store_slot(slot, type); }
  /// Follows bodies from their entries; again, if a slot's type was learnt behind its use.
  void bodies(const std::vector<std::pair<Pc, std::uint8_t>>& entries);
  /// The type of an expression's value.
  ValueType expression(Pc pc);

  const Flaw& flaw() const { return flaw_; }

 private:
  struct At {
    StackTypes::Id stack = 0;
    std::uint8_t forbidden = 0;
    std::uint32_t run = 0;  ///< reached in this run
  };
  struct Step;

  void run();
  void start_run();
  void follow(Pc pc);
  /// Notes that `pc` is reached; whether that is news.
  bool reach(Pc pc, StackTypes::Id stack, std::uint8_t forbidden);
  void jump(Pc from, Pc to, StackTypes::Id stack, std::uint8_t forbidden);
  bool step(Pc pc, const OpcodeInfo& op, At& at);
  bool statement(Pc pc, Opcode op, At& at);
  bool ends(Pc pc, Opcode op, const At& at);
  void send(Pc pc, const At& at);
  std::optional<ValueType> result(Pc pc, Opcode op, std::span<const ValueType> operands);
  std::optional<ValueType> load(Pc pc, Opcode op);
  std::optional<ValueType> lookup(Pc pc, ValueType key);
  bool check_operands(Pc pc, const OpcodeInfo& op);
  std::size_t table_size(Pc pc, const OpcodeInfo& op, std::size_t index) const;
  bool flags_fit(Pc pc, Opcode op) const;
  bool store_slot(std::size_t slot, ValueType type);
  bool allow(Pc pc, const At& at, std::uint8_t what, const char* action);
  void fail(Pc pc, std::string_view what);

  const Module& module_;
  const Starts& starts_;
  Owner owner_;
  bool in_expression_ = false;
  std::uint32_t run_ = 0;
  std::uint64_t budget_;
  StackTypes stacks_;
  std::vector<At> at_;
  std::priority_queue<Pc, std::vector<Pc>, std::greater<>> pending_;
  std::vector<ValueType> slots_;
  bool slots_changed_ = false;
  ValueType value_;
  std::unordered_map<Pc, ValueType> expressions_;
  Flaw flaw_;
};

}  // namespace nurture::bytecode
