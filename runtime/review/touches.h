#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "runtime/vm/vm.h"

/// What the messages of a run come to for those who got them: how many, how close together, and what people did with
/// them.
namespace nurture::review {

using Count = std::uint64_t;

/// One `limit` rule, against what was sent.
struct LimitTally {
  Count most = 0;      ///< most messages to one lead within the time of the rule
  Count leads_at = 0;  ///< leads who got as many as it allows
  void merge(const LimitTally& other);
};

/// What people did with one content, by one kind of event: `email.opened`. Only where it was sent before. What a
/// scenario assumes that they did counts like what the log says.
struct ReactionTally {
  Count events = 0;   ///< by people
  Count leads = 0;    ///< who did it, each once
  Count machine = 0;  ///< events of machines, which are in neither
};

struct ContentTally {
  Count sent = 0;
  Count leads = 0;                                   ///< who got it, each once
  std::map<std::uint16_t, ReactionTally> reactions;  ///< by kind of event
  void merge(const ContentTally& other);
};

struct TouchTally {
  std::map<Count, Count> per_lead;             ///< messages in all: how many leads; those without any are left out
  std::map<Count, Count> per_week;             ///< messages in one week: how many leads' weeks; likewise
  std::map<std::uint16_t, LimitTally> limits;  ///< by rule
  std::vector<ContentTally> contents;          ///< as Module::contents
  void merge(const TouchTally& other);
};

/// The kinds of events by which leads react to a content, as they are declared.
std::vector<std::uint16_t> reaction_kinds(const bytecode::Module& module);

/// Counts one range of leads. Program and store outlive it. Limits count marketing messages: transactional ones never
/// count, and answers only where they come late, which is not known here.
class TouchSink : public outcome::Sink {
 public:
  TouchSink(const vm::BoundModule& program, const store::Store& store, Instant horizon);
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex lead) override;
  const TouchTally& tally() const { return tally_; }

 private:
  struct Sent {
    Instant at;
    const calendar::Zone* zone;
    std::uint16_t content;
    std::uint16_t campaign;
  };
  struct Reaction {
    std::uint16_t content;
    std::uint16_t kind;
    auto operator<=>(const Reaction&) const = default;
  };
  void count_messages();
  void count_limit(std::uint16_t rule);
  bool counts(std::uint16_t rule, const Sent& sent) const;
  void read_reactions(store::LeadIndex lead);
  void note(const Sent& sent, std::uint16_t kind, store::EventIndex event);
  void note(std::uint16_t content, std::uint16_t kind, bool by_machine);
  void assumed(const outcome::Outcome& o);
  const Sent* sent_before(TextId content, Instant at) const;

  const vm::BoundModule& program_;
  const bytecode::Module& module_;
  const store::Store& store_;
  const Instant horizon_;
  const calendar::Zone* zone_;         ///< the programme's
  std::vector<std::uint16_t> limits_;  ///< rules
  std::vector<bool> reacts_;           ///< per kind of event
  TouchTally tally_;
  // The lead at hand, with those who became it
  std::vector<Sent> sent_;
  std::vector<Reaction> reactions_;
  std::vector<store::LeadIndex> merged_leads_;
  bool merged_ = false;
  // Scratch
  std::vector<std::uint16_t> contents_;
  std::vector<Instant> expiries_;
  std::map<std::int64_t, Count> weeks_;
};

}  // namespace nurture::review
