#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/engine/jump.h"
#include "runtime/engine/lead_past.h"

/// Runs leads one after the other. One per thread; see README.md for how its files divide the work.
namespace nurture::engine {

class Unit;

/// What a run says that a hand-made module alone can bring about.
inline constexpr const char* kByHand = "only a module made by hand can do this: compile the programme again";

outcome::Kind kind_of(Permission::Answer answer);

class Replay final : private vm::Effects, private LeadsOfAccount {
 public:
  Replay(const Program& program, const store::Store& store, Instant horizon);

  /// Everything of one lead, or of an account without leads, up to the horizon.
  Status run(store::LeadIndex lead, outcome::Sink& sink);
  /// The leads from the first up to the last, which is not one of them; `sink` does not want to know who began.
  Status run(store::LeadIndex first, store::LeadIndex last, outcome::Sink& sink);

 private:
  friend class Unit;        // runs several, in the order of their instants
  friend class Learner;     // asks what each move of a membership does
  friend class FlatReplay;  // asks what conditions come to
  using Kind = outcome::Kind;
  using Reaction = outcome::Reaction;

  // A due timer, with what orders it among others at its instant (§6.3).
  struct Due {
    Instant at = kNever;
    bool goes_on = false;    ///< made due by a change at that instant: still of the step of the change, before all else
    bool timer = true;       ///< an event that is assumed is none, and comes before all of them
    std::uint8_t group = 0;  ///< 0 hold and promise, 1 campaigns, 2 a turn, 3 `lasts at most`, 4 a property
    std::int64_t rank = 0;   ///< minus priority
    std::uint8_t other = 0;  ///< 0 re-ask of a deferred send
    Instant first_ask = 0;
    std::uint16_t campaign = bytecode::kNone;
    std::uint32_t ordinal = 0;
    std::uint32_t source = 0;  ///< statements' order: place of the state or send site
    TimerKind kind = TimerKind::HoldEnd;
    std::uint32_t member = kNoMember;
    std::uint32_t slot = kNoMember;  ///< of a detached send; which open hand-off
    bool before(const Due& other_due) const;
  };

  struct Step {
    std::uint64_t id = 0;
    Instant now = 0;
    outcome::Cause cause;
    EventRef event;  ///< kind kNone in a timer's step
    bool by_machine = false;
    bool changed = false;  ///< something that a condition can see
    bool hold_ended = false;
    std::uint32_t activations = 0;
    std::uint64_t look = 0;  ///< the latest at what waits for a condition, when nothing has changed since; 0: none
  };

  // replay.cpp: the lead's events and timers in order
  store::LeadIndex next_touched(store::LeadIndex lead, store::LeadIndex last) const;
  void begin_lead(store::LeadIndex lead);
  void load_attributes();
  void join_account(std::uint32_t account);
  const calendar::Zone* zone_named(Value name);
  /// `from`: the first event that is in this zone.
  void read_zone(Value name, store::EventIndex from);
  void change_attribute(std::uint16_t attribute, Value value, store::EventIndex from);
  void apply_changes(store::EventIndex before);
  store::EventIndex next_event(Instant due) const;
  store::EventIndex next_live(store::EventIndex event, store::EventIndex stop, Instant due) const;
  /// `goes_on`: a timer that the step before made due at its own instant. Both count as one for "once per step", so
  /// that no circle of changes and waits is without end.
  void begin_step(Instant now, outcome::Cause cause, bool goes_on = false);
  void end_step();
  void finish_lead();
  void finish_member(Member& m);
  bool watch_one();
  void watch();
  void look_ahead();
  void look_ahead(Member& m, const std::vector<bytecode::Trigger>& triggers);
  void look_ahead_idle();
  void count_scores(std::uint16_t kind);
  void report_cuts();

  // step.cpp
  void event_step(store::EventIndex event);
  void offer_event(EventRef event);
  void offer_to_campaigns(EventRef event);
  void note_facts(EventRef event);
  void note_reaction(const bytecode::EventKind& kind, EventRef event);
  void note_logged_send(EventRef event, std::uint16_t content);
  bool forbids_work(const bytecode::AssignSite& site);
  void settle();
  bool fire_due();
  bool fire_waiting();
  bool fire_due_of(Member& m);
  bool fire_due_in(Member& m, Reaction reaction, const std::vector<bytecode::Trigger>& triggers);
  void rebase(Member& m);
  void rebase(Member& m, const std::vector<bytecode::Trigger>& triggers);
  void recompute(Member& m);

  bool fire_members(std::uint16_t campaign);
  bool true_now(const Member& m, const bytecode::Trigger& trigger);

  // idle.cpp: entries without an event
  void begin_idle();
  void arm_idle(std::size_t index, bool deployment);
  void spread(std::size_t index);
  Instant next_scheduled(const IdleEntry& entry, const IdleState& state) const;
  void set_date(std::size_t index, bool deployment);
  bool date_is_spent(const IdleEntry& entry, Value target) const;
  void note_idle_silence();
  void idle_timers(Due& best) const;
  void idle_due(std::size_t index);
  bool fire_idle(std::uint16_t campaign);
  bool holds_now(const IdleEntry& entry, IdleState& state);
  void rebase_idle();
  bool occur(const CampaignPlan& plan, std::uint16_t entry);
  void see_candidate(EventRef event);

  // requests.cpp: one campaign acts on another
  void enroll_in(std::uint16_t campaign, bytecode::PlaceIndex place) override;
  void remove_from(std::uint16_t campaign, bytecode::PlaceIndex place) override;
  void change_audience(bytecode::StringIndex audience, bool joins, bytecode::PlaceIndex place) override;
  void call_webhook(bytecode::StringIndex address, bytecode::PlaceIndex place) override;
  void request(std::uint16_t campaign, bool enrolls, bytecode::PlaceIndex place);
  bool settle_request(std::uint16_t campaign, bool enrolls);
  void remove_all(std::uint16_t campaign, bytecode::PlaceIndex place);

  // silence.cpp
  void arm_silence(Member& m, const bytecode::Trigger& trigger);
  void disarm_silences(Member& m, const std::vector<bytecode::Trigger>& triggers);
  void note_silences(Member& m);
  bool ends_silence(const bytecode::Silence& silence, const CampaignPlan& plan);
  void silence_due(Member& m, std::size_t clock);

  // timers.cpp
  static bool may_be_first(Instant at, const Due& best);
  Due next_due() const;
  void timers_of(const Member& m, Due& best) const;
  Due due_of(const AccountSend& send, std::uint32_t index) const;
  void timer_step(const Due& due);
  void time_out(Member& m);
  void lasted(Member& m);

  // colleagues.cpp: as one of several of a unit (§5.14)
  void begin_in_unit(Instant at);
  void advance();
  void join(const outcome::Cause& cause);
  void open(const outcome::Cause& cause);
  void follow();
  void see_actor(EventRef event);
  store::LeadIndex actor_of(EventRef event) const;
  bool own(EventRef event) const;
  std::uint32_t account_now();
  std::string_view drawn_as(const bytecode::SplitSite& site) const;
  bool fulfils(bytecode::Pc condition, Instant* turns);
  std::int64_t count(const vm::Frame& frame, std::uint16_t query) override;
  vm::SendOutcome send_to_leads(const bytecode::SendSite& site, std::uint16_t site_index);
  void ask_for_account(Replay& account, const Member& m, std::uint16_t site_index);
  bool ask_again_for_account(const Due& due);
  void focus_on(const AccountSend& send);
  void account_sent(const AccountSend& send, std::uint16_t content);
  void account_send_ended(Kind kind, const AccountSend& send, const Permission& asked);
  void cancel_for_account(store::LeadIndex account, std::uint16_t campaign, std::uint16_t site_index,
                          const outcome::Cause& cause);
  void hold_leads();
  void hold_lead(Replay& lead, const outcome::Cause& cause) const;
  void release_leads(outcome::HoldEnd how);

  // merge.cpp: two that turn out to be one (§7.4)
  Replay* merged_by(store::EventIndex event) const;
  void unite(Replay& other);
  void leave_for(Replay& stays);
  bool waits_for(const AccountSend& send) const;
  void unite_attributes(const LeadState& other, store::EventIndex event);
  void unite_ledgers(const LeadState& other);
  void unite_sales(const LeadState& other);
  void unite_waiting(const LeadState& other);
  std::vector<std::uint32_t> take_members(const Replay& other);
  std::uint32_t take_member(const LeadState& other, const Member& theirs, std::uint32_t base);
  std::uint32_t member_of_key(const Memberships& list, Value key) const;
  void unlink(Memberships& list, std::uint32_t member);
  void link(Memberships& list, std::uint32_t member);
  void leave_twice(std::uint32_t member);

  // entry.cpp
  void test_entries(const CampaignPlan& plan, Value key);
  bool refuse(const CampaignPlan& plan, std::uint16_t entry, Value key);
  bool exits_already(const CampaignPlan& plan);
  bool may_reenter(const CampaignPlan& plan, const Member* last) const;
  void enter(const CampaignPlan& plan, std::uint16_t entry, Value key, EventRef event);
  void refused(const CampaignPlan& plan, std::uint16_t entry, outcome::RefusalCause cause);
  void make_room(const CampaignPlan& plan, Member& m);
  std::uint32_t take_over(const CampaignPlan& plan, Value key);
  Member& fresh_member(const CampaignPlan& plan, Value key);
  bool is_active_now(const CampaignPlan& plan) const;
  bool excluded_by_group(const CampaignPlan& plan) const;
  Member* find_member(const CampaignPlan& plan, Value key, bool any_key);

  // reaction.cpp
  void offer(const CampaignPlan& plan);
  Value key_of_event(const CampaignPlan& plan) const;
  void react(Member& m);
  bool react_in(Member& m, Reaction reaction, const std::vector<bytecode::Trigger>& triggers);
  bool matches(const bytecode::EventMatch& match, const bytecode::Campaign* campaign);
  void fire(Member& m, Reaction reaction, std::size_t index, const bytecode::Trigger& trigger);
  void finish_reaction(Member& m, bool handler, std::size_t index, const bytecode::Trigger* trigger, vm::End end,
                       EventRef at_hand);

  // membership.cpp
  void arm(Member& m, const std::vector<bytecode::Trigger>& triggers);
  bool fire_pending(Member& m);
  bool fire_pending_in(Member& m, Reaction reaction, const std::vector<bytecode::Trigger>& triggers);
  void drive(Member& m);
  void end_of_line(Member& m, vm::End end);
  vm::End activate(Member& m, bytecode::Pc body, EventRef at_hand);
  void suspend(Member& m, vm::End end);
  void leave_state(Member& m, std::int64_t how);
  void leave_stage(Member& m, std::uint16_t to, std::int64_t how, const bytecode::Trigger* by,
                   bytecode::PlaceIndex place);
  void enter_stage(Member& m, std::uint16_t stage, std::uint16_t from);
  void change_stage(Member& m, std::uint16_t stage, std::int64_t how, const bytecode::Trigger* by,
                    bytecode::PlaceIndex place);
  void run_on_exit(Member& m);
  void exit(Member& m, std::uint16_t reason, std::int64_t how, bytecode::PlaceIndex place);

  // send.cpp
  vm::SendOutcome send(const bytecode::SendSite& site, std::uint16_t site_index) override;
  Deferral deferral(const bytecode::SendSite& site, std::uint16_t site_index, const Permission& asked) const;
  void sent(Member& m, std::uint16_t site_index, std::uint16_t content);
  void note_sent(std::uint16_t content);
  const bytecode::Message& subject_of(const bytecode::Content& content, const CampaignPlan& plan);
  void send_ended(Kind kind, const Member& m, std::uint16_t site_index, const Permission& asked);
  bool reask();
  bool ask_again(const Due& due);
  void end_deferral(Member& m, std::uint32_t slot, Kind how);
  void cancel_detached(Member& m, std::uint16_t stage, const bytecode::Trigger* by, bool all);

  // permission.cpp
  Permission ask(const bytecode::SendSite& site, const CampaignPlan& plan);
  Permission ask_stream(const bytecode::Stream& stream, const CampaignPlan& plan);
  Permission ask_content(std::uint16_t content, const CampaignPlan& plan);
  Permission ask_rules(std::uint16_t content, const CampaignPlan& plan);
  /// Of `available from … until …`, today.
  enum class Dates : std::uint8_t { Before, Within, Over };
  Dates dates_of(std::uint16_t content) const;
  bool concerns(const bytecode::Rule& rule, bytecode::StringIndex channel) const;
  std::uint16_t forbidden_by(const CampaignPlan& plan, bytecode::Governs governs, bytecode::StringIndex channel);
  bool begun(std::uint16_t rule);
  std::uint16_t held_out_by(const CampaignPlan& plan, bytecode::StringIndex channel) const;
  void find_opening(Permission& asked, const CampaignPlan& plan, bytecode::StringIndex channel);
  Instant common_opening(const CampaignPlan& plan, bytecode::StringIndex channel, Instant at) const;
  Instant opening(std::uint16_t rule, Instant at) const;
  void count_sending(const CampaignPlan* plan, bytecode::StringIndex channel);
  void forget_rules();
  bool counts(const bytecode::Content& content) const;
  void note_never(std::uint16_t kind);
  bool answers_in_time(const bytecode::Content& content) const;
  bool answers_assumed(const bytecode::Content& content, Instant since) const;
  bool drawn_out(bytecode::StringIndex owner, std::uint16_t share) const;
  const calendar::Zone* zone_of(std::uint16_t window) const;
  const calendar::Hours& hours_of(std::uint16_t window) const;

  // assume.cpp: what a scenario says of what this run does (§7.5)
  void begin_assumed();
  void assumed_step(std::uint32_t number);
  void sets_off(Member& m, std::uint16_t content);
  void sets_off(Member& m);
  void sets_off(const AssumedEvent& reaction);
  struct Set {
    const std::vector<std::uint32_t>* blocks;
    std::string cause;
    std::uint16_t content = bytecode::kNone;
    std::int64_t touch = 0;
    bool send = false;
  };
  void assume(const Set& set);
  void expect(const AssumedLine& line, const Set& set, AssumedDraws& draws);
  void too_many_assumed();
  bool fulfils_rule(bytecode::Pc condition, std::int64_t touch);
  std::uint64_t tiring_sends(const AssumedLine& line, const Set& set);
  std::int64_t touch_of_account(const Member& m);
  void unite_assumed(Replay& other);

  // sales.cpp
  void hand_off(const bytecode::HandOffSite& site) override;
  void take_back(bytecode::PlaceIndex place) override;
  void note_hold(const bytecode::EventKind& kind, EventRef event);
  void begin_hold();
  void end_hold(outcome::HoldEnd how, const Member* by, bytecode::PlaceIndex place);
  void promise_missed(OpenHandOff& hand_off);
  outcome::Outcome& record_hand_off(Kind kind, const OpenHandOff& hand_off);

  // goal.cpp
  void judge_goals();
  void judge_goal(Member& m, std::uint16_t goal);
  Instant goal_start(const Member& m, const bytecode::Goal& goal) const;
  Instant goal_end(const Member& m, const bytecode::Goal& goal) const;
  void report_censored(const Member& m);
  void credit(Member& m, std::uint16_t goal, Instant start, Value worth);
  void begin_goals(Member& m);
  void watch_goals();
  void rebase_goals();
  void look_ahead_goals();
  bool goal_holds(const Member& m, std::uint16_t index);
  template <typename Look>
  void each_open_goal(const Look& look);
  bool goal_is_open(const Member& m, std::uint16_t goal) const;

  // monitor.cpp: the properties that are looked after (§10)
  void begin_claims();
  void claim_event();
  /// What a campaign has just done; its record is overwritten by what is told of it.
  struct ActDone {
    Kind kind;
    std::uint16_t campaign, stage;
    std::uint32_t membership;
    std::int64_t a;
  };
  void claim_act(const ActDone& done);
  void claim_sent(std::uint16_t content, bytecode::StringIndex channel);
  void acted(std::uint16_t property, bool ours);
  void open_claim(std::uint16_t property, const ActDone* entered);
  void claim_due(std::size_t index);
  void report_open_claims();
  bool claimed(const bytecode::Act& act, const ActDone& done) const;
  bool any_matches(const std::vector<bytecode::EventMatch>& events);
  void violated(std::uint16_t property, Instant from);

  // effects.cpp: the other statements, and what is recorded
  Instant due_after(std::uint16_t length, bool business, std::uint16_t window) const;
  void assign(const bytecode::AssignSite& site, Value who) override;
  void notify(const bytecode::NotifySite& site, Value who) override;
  void set_lead(std::uint16_t attribute, Value value, bytecode::PlaceIndex place) override;
  void add_score(std::uint16_t score, Value points, bytecode::PlaceIndex place) override;
  void reset_score(std::uint16_t score, bytecode::PlaceIndex place) override;
  outcome::Outcome& score_changed(outcome::Outcome& out, std::uint16_t score, std::int64_t millionths);
  void remembered(bytecode::StringIndex name, Value value, bytecode::PlaceIndex place) override;
  std::uint16_t split(const bytecode::SplitSite& site, std::uint16_t site_index) override;
  std::uint16_t branch_of(const CampaignPlan& plan, const bytecode::SplitSite& site, std::uint16_t site_index);
  outcome::Outcome& outcome_of(Kind kind, bytecode::PlaceIndex place);
  outcome::Outcome& outcome_of(Kind kind, const Member& m, bytecode::PlaceIndex place);
  void put();
  /// A record with nothing but these, if anybody wants it.
  void record(Kind kind, const Member& m, bytecode::PlaceIndex place, std::int64_t a, std::int64_t b = 0) {
    if (!outcome::has(looked_at_, kind)) {
      ++sequence_;
      return;
    }
    outcome::Outcome& out = outcome_of(kind, m, place);
    out.a = a;
    out.b = b;
    put();
  }
  void remark(outcome::Remark::Kind kind, const Member* m, bytecode::PlaceIndex place, std::int64_t a = 0,
              std::int64_t b = 0);
  std::string render(const bytecode::Message& message, const CampaignPlan& plan);
  void fail(const Member& m);

  // What conditions see
  void focus(const Member& m);
  void at_hand(EventRef event);
  bool holds(const CampaignPlan& plan, bytecode::Pc condition) { return vm::holds(frame_, plan.code, condition); }
  const CampaignPlan& plan_of(const Member& m) const { return program_.campaigns[m.campaign]; }
  const bytecode::Module& module() const { return *program_.module; }
  /// now ⊕ d in the lead's zone; kNever where that leaves the calendar.
  Instant after(Duration d) const { return later(step_.now, d, lead_.zone); }
  static Instant later(Instant from, Duration d, const calendar::Zone* zone);
  bool ok() const { return error_.empty(); }

  const Program& program_;
  const store::Store& store_;
  const RunOptions& options_;
  const Instant horizon_;
  const Jump jump_;
  void tell(outcome::Sink& sink);

  outcome::Sink* sink_ = nullptr;
  outcome::Kinds wanted_ = outcome::kAllKinds;     ///< by the sink
  outcome::Kinds looked_at_ = outcome::kAllKinds;  ///< by the sink, or by properties
  const bool cut_ = false;                         ///< some events lie behind the horizon
  std::uint32_t sequence_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t looks_ = 0;
  std::string error_;
  const char* hint_ = kByHand;
  outcome::Outcome out_;
  LeadState lead_;
  AssumedWorld own_assumed_;               ///< of a lead that runs alone
  AssumedWorld* assumed_ = &own_assumed_;  ///< never null; of the unit, where there is one
  LeadPast past_{program_, store_, lead_, *this};
  Step step_;
  vm::Frame frame_;
  EventRef at_hand_;  ///< what frame_.event shows
  EventCells event_cells_;
  EventCells entry_cells_;
  std::uint32_t running_ = kNoMember;              ///< member whose body runs
  std::vector<std::uint16_t> changed_attributes_;  ///< in this step
  Deferral asked_;                                 ///< what a send that suspends its membership has asked
  std::vector<Value> no_slots_;                    ///< what conditions of entry see in place of slots
  Due due_;                                        ///< earliest timer
  KindSet watched_;                                ///< kinds that matter now
  bool sensitive_ = false;                         ///< changes of attributes matter now
  bool volatile_ = false;                          ///< some armed `when` reads now
  KindSet asked_kinds_;                            ///< kinds that armed `when`s ask for
  Instant turns_at_ = kNever;                      ///< first instant at which an armed `when` may turn by itself
  std::vector<Due> reasks_;                        ///< scratch
  std::vector<bool> decided_;                      ///< scratch
  std::vector<std::uint16_t> offered_;             ///< scratch
  std::vector<Request> requests_;                  ///< of this step, not settled yet
  std::unordered_map<TextId, const calendar::Zone*> zones_;

  Unit* unit_ = nullptr;                   ///< null: runs alone
  std::uint64_t chain_ = 0;                ///< of the unit, in which its latest step was
  bool begun_ = false;                     ///< in the unit
  bool gone_ = false;                      ///< it is another lead from here on
  bool disturbed_ = false;                 ///< another has changed what its conditions see
  bool joined_ = false;                    ///< a step is open, to be settled when the account's is done
  bool shown_ = true;                      ///< somebody asked about it
  bool account_asks_ = false;              ///< its account's campaigns look at what it is
  store::LeadIndex for_ = store::kNoLead;  ///< the account whose campaign the record is of
  std::vector<Value> nobody_;              ///< what an account's campaign sees in place of a lead
};

}  // namespace nurture::engine
