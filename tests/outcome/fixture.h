#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/outcome.h"
#include "runtime/store/store.h"

/// A hand-made programme and hand-made runs of it: no compiler and no engine.
namespace nurture::outcome::fixture {

/// One campaign, `welcome`: stages educate, with_sales; messages guide (email) and reminder (sms); a wait with a
/// handler; a split offer {calculator, story}; goals won (within 30 days) and any_order (no end); exits as done,
/// opted_out.
bytecode::Module make_module();

// Indices in that module.
enum Kinds : std::uint16_t { kForm, kClicked, kAccepted, kUnsubscribed, kWon };
enum Contents : std::uint16_t { kGuide, kReminder };
enum Stages : std::uint16_t { kEducate, kWithSales };
enum States : std::uint16_t { kWait, kHeld, kAnswer };
enum Reasons : std::uint16_t { kDone, kOptedOut };
enum Sites : std::uint16_t { kSendGuide, kSendReminder };

/// 2026-03-05T10:00:00Z, a Thursday.
Instant start();

/// Collects outcomes lead by lead, and a store that has their events.
class Script {
 public:
  explicit Script(const bytecode::Module& module);

  Script& lead(std::string_view key, std::string_view zone = "");
  /// Moves the clock of the lead at hand; a new lead starts at start().
  Script& after(Instant micros);
  /// A log event of the lead at hand: what follows is caused by it.
  Script& event(std::uint16_t kind, std::vector<std::string_view> texts = {});
  Script& timer();
  Script& add(Kind kind, std::int64_t a = 0, std::int64_t b = 0, std::string text = "", std::string text2 = "");
  Script& detail(Detail detail);  ///< of the last one added
  Script& place(bytecode::PlaceIndex place);
  Script& value(Value value);
  Script& stage(std::uint16_t stage);  ///< of what follows; bytecode::kNone: outside
  Script& membership(std::uint32_t number);
  Script& without_campaign();  ///< of the last one added
  Script& remark(Remark::Kind kind, std::int64_t a = 0, std::int64_t b = 0, bytecode::PlaceIndex place = 0);

  /// The store is complete after this.
  const store::Store& finish();
  const store::Store& store() const { return store_; }
  store::Store& edit() { return store_; }
  Instant now() const { return now_; }

  /// Plays the leads of [from, to) into a sink, as a range of the engine would.
  void play(Sink& sink, std::size_t from = 0, std::size_t to = SIZE_MAX) const;
  /// One lead with its remarks, in the order in which they happened.
  void play_one(std::size_t lead, Sink& sink, Tracer& tracer) const;
  std::size_t leads() const { return lines_.size(); }

 private:
  struct Line {
    bool is_remark;
    Outcome outcome;
    Remark remark;
  };
  const bytecode::Module& module_;
  store::Store store_;
  const calendar::Zone* zone_ = nullptr;
  Instant now_ = 0;
  Cause cause_;
  std::uint16_t stage_ = bytecode::kNone;
  std::uint32_t membership_ = 0;
  std::uint32_t sequence_ = 0;
  std::vector<std::vector<Line>> lines_;
};

/// Three leads: one the whole way, one still inside and held back, one held out.
void play_story(Script& script);

}  // namespace nurture::outcome::fixture
