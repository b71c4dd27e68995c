#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/oracle/canonical.h"
#include "tests/oracle/interpreter.h"
#include "tests/oracle/membership.h"

namespace nurture::oracle {

/// One lead from its beginning to the horizon.
class LeadRun {
 public:
  LeadRun(const Programme& programme, const Log& log, const LogLead& lead, Instant horizon,
          std::vector<std::string>& lines);
  void run();

 private:
  using Kind = outcome::Kind;
  using Reaction = outcome::Reaction;
  /// How a body that may not wait came out.
  enum class Ran : std::uint8_t { Through, Left, MoveOn, KeepWaiting };
  struct Body {
    const ast::Block* block = nullptr;
    const ast::Clause* owner_stage = nullptr;  ///< null: of the campaign
  };
  struct HandOffMade {
    Instant at = 0;
    Instant promised = kNever;
    const Membership* by = nullptr;
    const ast::HandOff* statement = nullptr;
  };
  struct Timer {
    Instant at = kNever;
    std::vector<std::int64_t> rank;  ///< among those of one instant (§6.3)
    std::function<void()> fire;
    bool goes_on = false;  ///< counts as part of the step before for "once per step"
  };

  // steps (steps.cpp)
  void begin();
  void event_step(const LogEvent& event);
  void timer_step(const Timer& timer);
  std::vector<Timer> timers();
  void membership_timers(Membership& m, std::vector<Timer>& out);
  void settle();
  bool settle_one();
  bool settle_membership(Membership& m);
  void begin_step();
  void end_step();
  void close();

  // events (events.cpp)
  void apply(const LogEvent& event);
  void offer(const sema::Campaign& campaign, std::uint32_t index, const LogEvent& event);
  bool offer_to(Membership& m, const LogEvent& event);
  void judge_goals(const LogEvent& event);
  void begin_spans(Membership& m, bool of_send);
  void judge_goal(const sema::Campaign& campaign, std::uint32_t index, std::size_t goal, const LogEvent& event);
  void count_orphan(const LogEvent& event);
  bool matches(const ast::EventRef& ref, const LogEvent& event, const Membership* m);
  bool by_machine(const LogEvent& event) const;
  Datum key_of(const sema::Campaign& campaign, const LogEvent& event, bool& declared) const;

  // entering and leaving (memberships.cpp)
  void test_entries(const sema::Campaign& campaign, std::uint32_t index, const LogEvent& event, const Datum& key);
  int refusal(const sema::Campaign& campaign, std::uint32_t index, const ast::Clause& entry, Membership& candidate);
  bool reentry_open(const sema::Campaign& campaign, std::uint32_t index, const Datum& key);
  void enter(Membership candidate, std::size_t entry, std::size_t stage);
  void enter_stage(Membership& m, std::size_t stage, std::int64_t from);
  void leave_stage(Membership& m, std::int64_t to, const ast::Block* body, const std::string& how);
  void exit(Membership& m, const std::string& reason, const ast::Block* body, const std::string& how);
  void go_to(Membership& m, std::size_t stage, const ast::Block* body, const std::string& how);
  void take_wait(Membership& m, const std::string& how);
  void tell_taken_wait(Membership& m);
  void end_suspension(Membership& m, const std::string& how);
  void cancel(Membership& m, const std::function<bool(const Pending&)>& which);

  // `when` (whens.cpp)
  void arm(Membership& m, const ast::Trigger& trigger);
  void disarm(Membership& m, const ast::Trigger& trigger);
  bool due(Membership& m, const ast::Trigger& trigger);
  void fire_at_arming(Membership& m);
  void fire_handlers_at_arming(Membership& m);
  void fire(Membership& m, const ast::Trigger& trigger, Reaction reaction, std::size_t index,
            const std::string& reason);
  void fire_handler(Membership& m, const ast::Trigger& trigger, std::size_t index);

  // statements (statements.cpp, sends.cpp)
  void run_statements(Membership& m);
  void run_statement(Membership& m, const ast::Stmt& stmt);
  Ran run_body(Membership& m, const ast::Block& block, const Body& body, const std::string& how);
  Ran run_in_body(Membership& m, const ast::Stmt& stmt, const Body& body, const std::string& how);
  void work(Membership& m, const ast::Stmt& stmt);
  const ast::Block* choose(Membership& m, const ast::Stmt& stmt);
  const ast::Block* draw_branch(Membership& m, const ast::SplitStmt& split);
  void push(Membership& m, const ast::Block* block, Running::Kind kind = Running::Kind::Plain);
  void wait(Membership& m, const ast::Wait& wait);
  void suspend(Membership& m, Suspension::Kind kind, const ast::Stmt& stmt, Instant deadline);
  void time_is_up(Membership& m);
  void move_on(Membership& m);
  Datum deadline_of(Membership& m, const ast::Wait& wait, Instant began);
  Datum instant_of(Membership& m, const ast::When& when);
  void start_repeat(Membership& m, const ast::Repeat& repeat);
  void next_run(Membership& m);
  void set_attribute(std::uint32_t attribute, const Datum& value);
  void follow_dates();
  std::uint16_t draw(const std::string& campaign, const std::string& split, const std::uint64_t* pass) const;

  enum class Asked : std::uint8_t { Sent, Deferred, Skipped };
  Asked ask(Membership& m, const ast::Send& send, const Body* body);
  bool permitted(const Membership& m, const ast::Send& send) const;
  void sent(Membership& m, const ast::Send& send);
  void ask_again(Membership& m, std::list<Pending>::iterator pending, bool last);
  void conclude(Membership& m, const Pending& pending, bool with_else);
  bool ask_all_again();
  std::string asked(const sema::Content& content) const;
  void tell_send(Kind kind, const Membership& m, const ast::Send& send, outcome::Detail detail);

  // sales (sales.cpp)
  void begin_hold();
  void end_hold(const std::string& how);
  void hand_off(Membership& m, const ast::HandOff& statement);
  void answer(const LogEvent& event);
  void miss_promise(std::size_t index);

  // seeing and telling (telling.cpp)
  Scene scene(const Membership* m) const;
  const calendar::Zone* zone() const;
  Instant after(Instant at, Duration d) const;
  Duration length(const ast::Expr& expr) const;
  bool true_for(const ast::Expr* condition, const Membership* m) { return holds(condition, scene(m)); }
  void tell(Kind kind, const Membership* m, std::uint32_t line, std::string what, std::string text = "",
            std::string text2 = "", outcome::Detail detail = {});
  std::uint32_t line_at(Span span) const;
  std::string words(const ast::Message& message, const Membership& m);
  const std::vector<sema::Stage>& stages(const Membership& m) const { return m.campaign->stages; }
  const ast::Clause& stage_clause(const Membership& m) const { return *stages(m)[m.stage].clause; }
  std::vector<Membership*> active(std::uint32_t campaign);
  Membership* latest(std::uint32_t campaign, const Datum* key);

  const Programme& programme_;
  const sema::Model& model_;
  const Log& log_;
  const LogLead& lead_;
  Instant horizon_;
  std::vector<std::string>& lines_;

  Instant now_ = 0;
  const LogEvent* event_ = nullptr;  ///< of this step
  std::vector<Datum> attributes_;
  std::vector<Datum> account_;
  std::deque<Membership> memberships_;  ///< all that ever were, in order of entry
  std::set<std::string> ledger_;
  std::map<std::string, Instant> last_of_kind_;
  std::set<std::uint32_t> changed_;  ///< attributes, in this step
  bool held_ = false;
  bool hold_ended_ = false;  ///< since deferred sends were last asked again
  Instant hold_began_ = 0;
  Instant hold_until_ = kNever;
  std::vector<HandOffMade> hand_offs_;
  std::map<const ast::SplitStmt*, std::uint64_t> passes_;  ///< per lead: a re-entry is another pass
  std::uint64_t suspensions_ = 0;
  std::uint64_t told_ = 0;
  LogEvent late_;  ///< handoff.late, while it is offered
};

}  // namespace nurture::oracle
