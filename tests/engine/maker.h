#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "runtime/bytecode/opcode.h"
#include "runtime/engine/engine.h"
#include "runtime/store/builder.h"

/// Modules and logs made by hand, so that the engine is tested without the compiler.
namespace nurture::engine::test {

using bytecode::Opcode;
using bytecode::Pc;

/// 2026-03-05T10:00:00Z, a Thursday: what the instants below count from.
inline constexpr Instant kStart = 1'772'704'800'000'000;

class Maker {
 public:
  Maker();

  std::uint16_t text(std::string_view string);
  std::uint16_t length(Duration duration);
  std::uint16_t constant(TypeKind kind, Value value);
  std::uint16_t kind(std::string_view name, std::initializer_list<std::pair<const char*, TypeKind>> properties = {});
  std::uint16_t attribute(std::string_view name, TypeKind kind);
  std::uint16_t account_attribute(std::string_view name, TypeKind kind);
  std::uint16_t content(std::string_view name,
                        bytecode::MessageClass message_class = bytecode::MessageClass::Marketing);

  /// Appends an instruction and returns where it begins.
  Pc op(Opcode opcode, std::initializer_list<std::uint32_t> operands = {});
  Pc here() const { return static_cast<Pc>(module.code.size()); }
  /// An expression: whether the boolean attribute is true.
  Pc is_true(std::uint16_t attribute);
  Pc with_sales();

  bytecode::EventMatch on(std::uint16_t kind) const;

  bytecode::Module module;
};

/// Adds to one campaign of a Maker. Stage bodies are written between `stage` calls, front to back.
class CampaignMaker {
 public:
  CampaignMaker(Maker& maker, std::string_view name, std::uint16_t entering);

  bytecode::Campaign& operator*() { return maker_.module.campaigns[index_]; }
  bytecode::Campaign* operator->() { return &**this; }

  std::uint16_t stage(std::string_view name);  ///< its body begins here
  std::uint16_t reason(std::string_view name);
  void exit(std::string_view reason);  ///< statements, from here on
  void go_to(std::uint16_t stage);
  /// `wait D`: what follows is both after the time and after `move on`.
  std::uint16_t wait(Duration duration);
  std::uint16_t stay();
  std::uint16_t send(std::uint16_t content, bool detached = false, std::uint16_t owner = bytecode::kNone);
  void notify(std::string_view who);
  /// Of an account's campaign; `recipients`: an expression over a lead.
  std::uint16_t send_to_leads(std::uint16_t content, Pc recipients = bytecode::kNoCode,
                              std::uint16_t owner = bytecode::kNone);
  void hand_off(std::uint16_t answer_within = bytecode::kNone);
  void set(std::uint16_t attribute, bool value);

  /// A trigger's body is written by what follows; end it with one of Maker::op's ends.
  bytecode::Trigger on(std::uint16_t kind);
  bytecode::Trigger when(Pc condition, bool becomes_true = false);

 private:
  Maker& maker_;
  std::size_t index_;
  std::uint16_t whens_ = 0;
};

/// Instants are distances from kStart.
class LogMaker {
 public:
  explicit LogMaker(const Maker& maker) : module_(maker.module), builder_(maker.module.schema, {}, false) {}

  void lead(std::string_view key, std::uint16_t attribute, Value value);
  void lead_text(std::string_view key, std::uint16_t attribute, std::string_view text);
  void event(std::string_view lead, Instant after_start, std::uint16_t kind, std::vector<std::string> texts = {},
             std::vector<store::AttributeChange> changes = {});
  /// The whole run, a line per outcome: "2 hours: Sent guide". One lead at least.
  std::vector<std::string> run(RunOptions options = {});
  /// The same, each line after whose it is: "acme 2 hours: HandedOff", "anna for acme 2 hours: Sent guide".
  std::vector<std::string> run_named(RunOptions options = {});
  struct Wanted {
    std::vector<std::string> lines;
    std::size_t passed_over = 0;  ///< leads that nothing was told of
    std::size_t done = 0;         ///< the others
    bool operator==(const Wanted&) const = default;
  };
  /// What a sink is told that wants these kinds only; named.
  Wanted run_wanted(RunOptions options, outcome::Kinds wanted);
  /// A run into sinks of one's own, as engine::run makes them.
  Status run_into(const RunOptions& options, const std::function<outcome::Sink*(std::size_t range)>& make_sink);
  /// The lead belongs to the account from the beginning.
  void account(std::string_view lead, std::string_view account);
  void account_text(std::string_view account, std::uint16_t attribute, std::string_view text);
  Value text(std::string_view text) { return Value::of_text(builder_.texts().intern(text)); }

 private:
  void build();
  Wanted told(const RunOptions& options, bool named, outcome::Kinds wanted);
  const bytecode::Module& module_;
  store::Builder builder_;
  store::Store store_;
  Instant last_ = kStart;
  bool built_ = false;
};

std::string tell(const outcome::Outcome& out, const bytecode::Module& module);
/// Only the lines that contain one of the words.
std::vector<std::string> only(const std::vector<std::string>& lines, std::initializer_list<std::string_view> words);

}  // namespace nurture::engine::test
