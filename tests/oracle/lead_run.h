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

/// In place of an entry's number: another campaign enrolled the lead.
inline constexpr std::size_t kEnrolled = SIZE_MAX;
std::size_t stage_named(const sema::Campaign& campaign, const std::string& name);

class UnitRun;

/// One lead, or an account, from its beginning to the horizon. Its unit says when it takes a step.
class LeadRun {
 public:
  LeadRun(UnitRun& unit, const Programme& programme, const Log& log, const LogLead& lead, Instant horizon,
          bool of_accounts);

  struct Timer {
    Instant at = kNever;
    std::vector<std::int64_t> rank{};  ///< among those of one instant (§6.3)
    std::function<void()> fire{};
    bool goes_on = false;   ///< counts as part of the step before for "once per step"
    bool observes = false;  ///< changes nothing, so nothing is judged after it
  };

  // For its unit
  bool is_account() const { return of_accounts_; }
  const std::string& key() const { return lead_.key; }
  /// To which a lead belongs now; empty: none.
  const std::string& account() const { return belongs_to_; }
  Instant begins_at() const { return begins_at_; }
  bool begun() const { return begun_; }
  bool joined() const { return joined_; }
  const Timer& next_timer() const { return next_timer_; }
  void find_timer();
  void begin();
  /// `actor`: the lead who did it.
  void event_step(const LogEvent& event, LeadRun* actor, LeadRun* merged = nullptr);
  void assumed_step(const Assumed& what, LeadRun* actor);
  /// Since when it is another (§7.4).
  LeadRun* gone_into() const { return gone_into_; }
  void begin_by(Instant at) { begins_at_ = std::min(begins_at_, at); }
  bool timer_step(Timer timer);
  void go_on();
  void follow();
  void hold_if_held(LeadRun& lead);
  void close();
  void tell_all(std::vector<std::string>& lines) const { lines.insert(lines.end(), lines_.begin(), lines_.end()); }

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

  // assumed reactions (assumed.cpp)
  struct Set {
    ast::AssumedRule::Cause cause{};
    std::string name;
    std::string content{};  ///< empty: of a hand-off
    std::string event{};    ///< of a reaction
    std::int64_t touch = 0;
  };
  void sets_off(const Set& set);
  bool concerns(const sema::AssumedRule& rule, const Set& set) const;
  void draw_reaction(const sema::AssumedRule& rule, const sema::AssumedReaction& line, const Set& set);
  std::int64_t sends_before(const ast::AssumedReaction& line, const Set& set) const;
  std::string channel_of(const LogEvent& send) const;
  std::uint64_t assumed_draw(const Set& set, const std::string& name) const;
  std::string reaction_name(const sema::AssumedReaction& line) const;
  void sent_for_scenario(Membership& m, const std::string& content);
  void handed_off_for_scenario(Membership& m);
  void unite_assumed(LeadRun& other);

  // steps (steps.cpp)
  std::vector<Timer> timers();
  void membership_timers(Membership& m, std::vector<Timer>& out);
  void add_turns(std::vector<Timer>& out);
  void settle();
  bool settle_one();
  bool settle_membership(Membership& m);
  void begin_step();
  void end_step();
  static std::vector<std::int64_t> rank_of(const Membership& m, const Pending& p);

  // two that turn out to be one (merge.cpp)
  void unite(LeadRun& other);
  void leave_for(LeadRun& stays);
  bool waits_for(const Pending& send) const;
  void unite_past(LeadRun& other);
  void unite_ledgers(LeadRun& other);
  void unite_sales(LeadRun& other);
  void unite_claims(LeadRun& other, const std::map<std::string, std::uint32_t>& base);
  std::vector<Membership*> take_members(LeadRun& other, const std::map<std::string, std::uint32_t>& base);
  void take_member(LeadRun& other, std::list<Membership>::iterator taken,
                   const std::map<std::string, std::uint32_t>& base);
  std::vector<Membership*> latest_of_keys(std::uint32_t campaign);
  void count_as_latest(const Membership& latest);
  bool same_place(const Membership& a, const Membership& b) const;

  // an account and its leads (colleagues.cpp)
  void join();
  void belong();
  Scene as_lead();
  std::vector<Scene> leads_seen();
  void send_to_leads(Membership& m, const ast::Send& send, const Body* body);
  void ask_for(LeadRun& account, Membership& m, const ast::Send& send, const Body* body);
  void tell_account_of_send(const LogEvent& send);
  void cancel_for(LeadRun& account, const std::function<bool(const Pending&)>& which);
  void on_behalf(const Pending& pending, const std::function<void()>& act);
  void hold_for(LeadRun& account);
  void release_leads(const std::string& how);

  // entries without an event (idle.cpp)
  void begin_idle();
  void arm_idle(Idle& idle, bool deployment);
  void spread(Idle& idle);
  Instant next_scheduled(const Idle& idle) const;
  void set_date(Idle& idle, bool deployment);
  void idle_due(Idle& idle);
  bool turn_true(std::uint32_t campaign);
  void rebase_idle(const std::set<std::uint32_t>& changed);
  bool occur(std::uint32_t campaign, std::size_t entry);
  bool settle_requests(std::uint32_t campaign, bool enrolls);
  bool runs(std::uint32_t campaign) const;

  // silence (idle.cpp)
  bool ends_silence(const ast::Trigger& silence, const LogEvent& event, const Membership* m);
  void note_silences(Membership& m, const LogEvent& event);
  void silence_due(Membership& m, const ast::Trigger& trigger);
  void watch_goals();
  bool goal_watched(const Membership& m, std::size_t goal) const;

  // events (events.cpp)
  void apply(const LogEvent& event);
  void offer(const sema::Campaign& campaign, std::uint32_t index, const LogEvent& event);
  bool offer_to(Membership& m, const LogEvent& event);
  void judge_goals(const LogEvent& event);
  void begin_spans(Membership& m, bool of_send);
  void judge_goal(const sema::Campaign& campaign, std::uint32_t index, std::size_t goal, const LogEvent& event);
  void count_orphan(const LogEvent& event);
  bool matches(const ast::EventRef& ref, const LogEvent& event, const Membership* m);
  void note_logged_send(const LogEvent& event);
  bool by_machine(const LogEvent& event) const;
  Datum key_of(const sema::Campaign& campaign, const LogEvent& event, bool& declared) const;

  // entering and leaving (memberships.cpp)
  void test_entries(const sema::Campaign& campaign, std::uint32_t index, const LogEvent& event, const Datum& key);
  int refusal(const sema::Campaign& campaign, std::uint32_t index, const ast::Expr* guard, Membership& candidate);
  void refuse(std::uint32_t campaign, int cause, std::size_t entry);
  bool active_now(const sema::Campaign& campaign) const;
  bool in_group(const sema::Campaign& campaign) const;
  bool reentry_open(const sema::Campaign& campaign, std::uint32_t index, const Datum& key);
  void enter(Membership candidate, std::size_t entry, std::size_t stage);
  void enter_stage(Membership& m, std::size_t stage, std::int64_t from);
  void leave_stage(Membership& m, std::int64_t to, const ast::Block* body, const std::string& how);
  void run_on_exit(Membership& m);
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
  Datum instant_of(const Membership* m, const ast::When& when);
  std::vector<const ast::Trigger*> handlers_of(const ast::Wait& wait);
  bool true_trigger(const Membership& m, const ast::Trigger& trigger);
  void start_repeat(Membership& m, const ast::Repeat& repeat);
  void next_run(Membership& m);
  void set_attribute(std::uint32_t attribute, const Datum& value);
  void follow_dates();
  std::uint16_t draw(const std::string& campaign, const std::string& split, const std::uint64_t* pass,
                     const std::string& key) const;

  void tell_refused(const Membership& m, const ast::Send& send, const Judgement& verdict);
  Instant deadline_of(const ast::Send& send, const Judgement& verdict);
  /// Whether the send's `else` is next.
  static bool runs_otherwise(const ast::Send& send, Answer answer);
  bool ask(Membership& m, const ast::Send& send, const Body* body);
  void sent(Membership& m, const ast::Send& send, const std::string& content);
  const ast::Message& subject_of(const Membership& m, const sema::Content& content) const;
  void ask_again(Membership& m, std::list<Pending>::iterator pending);
  void conclude(Membership& m, const Pending& pending, bool with_else);
  bool ask_all_again();
  std::string asked(const sema::Content& content) const;
  void tell_send(Kind kind, const Membership& m, const ast::Send& send, const Judgement& verdict);

  // what stands in the way (permission.cpp)
  Judgement judge(const Membership& m, const ast::Send& send) const;
  Judgement judge_content(const Membership& m, const std::string& name) const;
  Judgement judge_rules(const Membership& m, const sema::Content& content, Judgement verdict) const;
  Judgement judge_time(const Membership& m, const std::vector<const sema::Rule*>& rules, Judgement verdict) const;
  bool in_window(std::uint32_t index, Instant at, const calendar::Zone* here) const;
  bool in_quiet_hours(const sema::Rule& rule, Instant at, const calendar::Zone* here) const;
  std::vector<const sema::Rule*> rules_of(const Membership& m) const;
  using Spans = std::vector<std::pair<Instant, Instant>>;
  Spans counted(const sema::Rule& rule) const;
  bool lets_through(const sema::Rule& rule, const Spans& sendings, Instant at, const calendar::Zone* here) const;
  Instant first_open(const std::vector<const sema::Rule*>& rules, Instant from) const;
  bool forbids(const sema::Rule& rule) const;
  void note_never(const LogEvent& event);
  bool answers_in_time(const sema::Content& content) const;
  bool begun(const sema::Content& content) const;
  bool over(const sema::Content& content) const;
  bool forbids_work(const Membership& m, const ast::Assign& statement);
  Instant due_after(Instant from, Duration length, bool business_days, const ast::Name& window) const;
  Instant days_after(Instant from, int days, const ast::Name& window) const;

  // sales (sales.cpp)
  void begin_hold();
  void end_hold(const std::string& how);
  void hand_off(Membership& m, const ast::HandOff& statement);
  void answer(const LogEvent& event);
  void miss_promise(std::size_t index);

  // properties (claims.cpp)
  /// Something that happened or was done, and what it is to which property.
  struct Moment {
    Instant at = 0;
    const calendar::Zone* zone = nullptr;
    Kind kind = Kind::Began;  ///< of an act
    std::string campaign{};
    std::uint32_t ordinal = 0;
    std::string word{}, channel{};
    bool ours = false;
    std::set<std::size_t> acts{}, begins{}, ends{};
  };
  bool is_act(const sema::Property& property, const Moment& moment) const;
  void claim_event(const LogEvent& event);
  void claim_act(Kind kind, const Membership* m, const std::string& word, const std::string& channel);
  void judge(std::size_t index, const std::string& campaign, std::uint32_t ordinal);
  void violated(std::size_t index, const std::string& campaign, std::uint32_t ordinal, Instant from);
  /// An answer, or the end of a membership, that a property waits for.
  struct OpenMoment {
    std::size_t property = 0;
    Moment began{};
    std::size_t looked = 0;  ///< the moments before this one do not answer it
  };
  bool answered(OpenMoment& open) const;
  const std::vector<OpenMoment>& open_moments();
  void claim_timers(std::vector<Timer>& out);
  void close_claims();

  // seeing and telling (telling.cpp)
  void happened(LogEvent event, const LogEvent* logged = nullptr);
  Stamp stamp() const;
  const calendar::Zone* zone_at(const Stamp& stamp) const;
  Scene scene(const Membership* m) const;
  const calendar::Zone* zone() const;
  Instant after(Instant at, Duration d) const;
  Duration length(const ast::Expr& expr) const;
  bool true_for(const ast::Expr* condition, const Membership* m) { return holds(condition, scene(m)); }
  void tell(Kind kind, const Membership* m, std::uint32_t line, std::string what, std::string text = "",
            std::string text2 = "", outcome::Detail detail = {});
  void say(Told told);
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
  const bool of_accounts_;
  UnitRun& unit_;
  std::vector<std::string> lines_{};

  Instant now_ = 0;
  const LogEvent* event_ = nullptr;  ///< of this step
  LeadRun* actor_ = nullptr;         ///< the lead who did it
  bool begun_ = false;
  Instant begins_at_ = kNever;
  LeadRun* gone_into_ = nullptr;
  bool stepping_ = false;
  bool joined_ = false;  ///< another member has opened a step that is to be settled
  std::uint64_t chain_ = 0;
  Timer next_timer_{};
  std::string belongs_to_{};
  std::list<Pending> from_accounts_{};  ///< what accounts' campaigns want to send to this lead
  const Pending* for_ = nullptr;        ///< while it is told
  LeadRun* held_by_ = nullptr;          ///< the account that was handed off
  LeadRun* told_for_ = nullptr;         ///< an account that acts on this lead
  std::function<std::vector<Scene>()> scenes_{};
  std::vector<Datum> attributes_;
  std::vector<Datum> account_;
  std::list<Membership> memberships_;  ///< all that ever were, in order of entry
  /// In which zone the lead has been, from when on.
  std::vector<std::pair<Stamp, const calendar::Zone*>> zones_{};
  Past past_;
  struct LedgerEntry {
    Instant at = 0;
    const calendar::Zone* zone = nullptr;
  };
  std::map<std::string, LedgerEntry> ledger_;  ///< contents, with their latest sending
  struct Sending {
    Instant at = 0;
    const calendar::Zone* zone = nullptr;
    std::string channel;
    std::string campaign;  ///< empty: reported by the log
    bool counts = true;    ///< towards limits
  };
  std::vector<Sending> sendings_;
  std::set<const ast::Clause*> since_event_;  ///< `never … after` an event that has happened
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
  std::vector<Idle> idle_;
  std::vector<std::pair<std::uint32_t, bool>> requests_;  ///< campaign, and whether to enroll in it
  std::set<std::uint32_t> entered_;                       ///< campaigns, in this step
  /// Dated entries that happened: campaign, entry, value, whether it entered.
  std::vector<std::tuple<std::uint32_t, std::size_t, Datum, bool>> dated_;
  bool deployed_ = true;
  bool beginning_ = false;
  std::vector<Moment> moments_;  ///< where the programme has properties
  std::size_t moments_seen_ = 0;
  std::vector<OpenMoment> open_;
  std::map<std::size_t, Instant> forbidden_since_{};      ///< `never … after`, by property
  LogEvent late_;                                         ///< handoff.late, while it is offered
  std::map<std::string, std::int64_t> contents_sent_;     ///< by this run
  std::map<std::string, std::int64_t> handed_off_by_;     ///< by this run, per campaign
  std::map<const Membership*, std::int64_t> touched_by_;  ///< sends of memberships of accounts
};

}  // namespace nurture::oracle
