#pragma once

#include <utility>
#include <vector>

#include "runtime/engine/lead_state.h"

namespace nurture::engine {

/// The cells of an event of the past: of the log, one that is assumed, or a send of this run, which knows its content
/// only.
class PastCells final : public vm::Record {
 public:
  /// The row is looked up when a cell is asked for: of most events none is.
  void show(const store::KindBlock& block, const store::RowIndex& row) {
    assumed_ = nullptr;
    block_ = &block;
    row_ = &row;
  }
  void show(const AssumedEvent& event) { assumed_ = &event; }
  void show_send(std::uint16_t content_property, TextId content) {
    assumed_ = nullptr;
    block_ = nullptr;
    content_property_ = content_property;
    content_ = content;
  }
  Value at(std::uint16_t property) const override {
    if (assumed_ != nullptr) return assumed_->cell(property);
    if (block_ == nullptr) return property == content_property_ ? Value::of_text(content_) : Value{};
    return property < block_->columns.size() ? block_->columns[property].at(*row_) : Value{};
  }

 private:
  const AssumedEvent* assumed_ = nullptr;
  const store::KindBlock* block_ = nullptr;
  const store::RowIndex* row_ = nullptr;
  std::uint16_t content_property_ = bytecode::kNone;
  TextId content_ = 0;
};

/// Whether the content of an event of this kind is the one that `of x` names, if it names one.
bool of_content(const Program& program, const bytecode::EventMatch& match, std::uint16_t kind, const vm::Record& cells);

/// Who answers questions about the leads of an account.
class LeadsOfAccount {
 public:
  virtual ~LeadsOfAccount() = default;
  virtual std::int64_t count(const vm::Frame& frame, std::uint16_t query) = 0;
};

/// Looks back over the lead's own slice of the store, from the cursor, and the sends of this run (§3.2): the one place
/// where conditions learn of the past. Scores are counted from the same events, when somebody asks (§5.10).
class LeadPast final : public vm::Past {
 public:
  LeadPast(const Program& program, const store::Store& store, LeadState& lead, LeadsOfAccount& leads);

  void begin_lead();
  /// Whose `since entry`, `since stage` and visits are meant; null: nobody's, nothing happened since.
  void focus(const Member* m) { member_ = m; }
  const Member* focused() const { return member_; }
  PastMark here() const { return {lead_.cursor, static_cast<std::uint32_t>(lead_.sends.size()), lead_.after_events}; }
  /// From this event on the lead is in this zone.
  void zone_changed(store::EventIndex from, const calendar::Zone* zone) { lead_.zones.push_back({from, zone}); }
  void sent(std::uint16_t content, Instant at);
  void late(Instant at);
  /// An assumed event happens to the lead: it is past from here on.
  void happened(std::uint32_t number);
  /// Where assumed events stand, from now on.
  void assume(const AssumedWorld& world) { assumed_ = &world; }
  /// How many sends to the lead on that channel (of AssumedPlan::channels) came after that instant; this run's, and
  /// those of the log. To an account: those in its log.
  std::uint64_t sends_since(std::uint16_t channel, Instant after);
  void exited(std::uint16_t campaign, std::uint16_t reason, Instant at);
  /// The other lead is this one from here on (§7.4): sends, ends of memberships and scores of both.
  void unite(const vm::Frame& frame, LeadPast& other, const vm::Frame& other_frame);
  /// A mark of the lead that was united with this one last.
  void move_mark(PastMark& mark, Instant at) const;
  /// Counts the past into the score and adds; `points` null: sets it to 0. The new value.
  std::int64_t change_score(const vm::Frame& frame, std::uint16_t score, const std::int64_t* points);
  /// Takes in what happened since the score was last asked for, calling `changed(points)` after each change.
  template <typename Changed>
  void count(const vm::Frame& frame, std::uint16_t score, Changed&& changed);
  /// History sites that were cut short for the first time since this was asked last.
  std::vector<std::uint16_t> take_cuts() { return std::exchange(newly_cut_, {}); }

  /// Of a rule that is looked back for (Program::looked_back): the last event that begins or ends it begins it.
  bool begun(const vm::Frame& frame, std::uint16_t rule);

  Value history(const vm::Frame& frame, std::uint16_t site) override;
  bool was_sent(std::uint16_t content) override { return lead_.ledger[content].times > 0; }
  std::int64_t visits(std::uint16_t stage) override;
  std::int64_t count_leads(const vm::Frame& frame, std::uint16_t query) override { return leads_.count(frame, query); }
  bool was_in(const vm::Frame& frame, std::uint16_t campaign, std::uint16_t reason, const Duration* within) override;
  std::int64_t score(const vm::Frame& frame, std::uint16_t score) override;
  bool score_compares(const vm::Frame& frame, std::uint16_t score, vm::ScoreTest test, double bound) override;

 private:
  /// One event of the past.
  struct Happened {
    std::uint16_t kind = bytecode::kNone;
    Instant at = 0;
    store::EventIndex event = EventRef::kNotLogged;
    const PastSend* send = nullptr;
  };
  struct Window;

  bool step_back(PastMark& end, const PastMark& begin, const KindSet& kinds, Instant oldest, Happened& out) const;
  bool step_on(PastMark& from, const PastMark& end, const KindSet& kinds, Happened& out) const;
  PastMark begin_of(const bytecode::HistorySite& site) const;
  void show(const Happened& what);
  const bytecode::AskedEvent* match(const vm::Frame& frame, const bytecode::HistorySite& site, const Happened& what);
  bool matches(const vm::Frame& frame, const bytecode::EventMatch& match, std::uint16_t kind);
  const calendar::Zone* zone_at(const Happened& what) const;
  void note_cut(std::uint16_t site);
  Value total(const bytecode::HistorySite& site) const;

  void count_sends(std::uint16_t channel);
  void unite_sends(LeadPast& other);
  bool is_own(const Happened& what) const;
  bytecode::StringIndex channel_of(const Happened& what);
  void unite_score(const vm::Frame& frame, std::uint16_t score, LeadPast& other, const vm::Frame& other_frame);
  void keep_mark(PastMark& mark, Instant at, const std::vector<PastSend>& theirs) const;
  bool granted(const bytecode::ScoreRow& row, std::vector<Instant>& grants, const Happened& what) const;
  void add(const bytecode::Score& score, ScoreState& state, Instant at, std::int64_t points) const;
  std::int64_t value_at(std::uint16_t score, Instant at) const;
  void note_crossing(const vm::Frame& frame, std::uint16_t score, std::int64_t now_is, vm::ScoreTest test,
                     double bound) const;

  const Program& program_;
  const store::Store& store_;
  LeadState& lead_;
  LeadsOfAccount& leads_;
  const bytecode::Module& module_;
  const Member* member_ = nullptr;
  const AssumedWorld* assumed_ = nullptr;
  PastCells cells_;
  std::vector<Value> values_;  ///< scratch of a sum
  std::vector<std::uint16_t> newly_cut_;
  store::EventIndex other_begin_ = 0;  ///< of the lead that was united with this one last
  std::vector<PastSend> moved_from_;   ///< what this one had sent before that
};

template <typename Changed>
void LeadPast::count(const vm::Frame& frame, std::uint16_t index, Changed&& changed) {
  const bytecode::Score& score = module_.scores[index];
  ScoreState& state = lead_.scores[index];
  const PastMark end = here();
  Happened what;
  while (step_on(state.counted, end, program_.score_kinds[index], what)) {
    lead_.scored = true;
    show(what);
    for (std::size_t i = 0; i < score.rows.size(); ++i) {
      const bytecode::ScoreRow& row = score.rows[i];
      if (!row.event.hears(what.kind) || !matches(frame, row.event, what.kind)) continue;
      if (!granted(row, lead_.grants[program_.first_grants[index] + i], what)) continue;
      add(score, state, what.at, row.points);
      changed(row.points);
    }
  }
}

}  // namespace nurture::engine
