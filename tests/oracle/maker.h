#pragma once

#include <string>
#include <vector>

#include "tests/oracle/programme_text.h"
#include "tests/oracle/vocabulary.h"

/// The parts of the programme generator. What it writes is valid by construction: see the comments at `Where`.
namespace nurture::oracle {

/// What an expression may name.
struct Sight {
  const EventWord* event = nullptr;              ///< at hand: bare names
  const std::vector<Property>* entry = nullptr;  ///< `entry.x`
  bool remembered = false;
  bool clock = true;       ///< now, today; not where a condition is watched
  bool watched = false;    ///< by a `when`
  std::size_t stages = 0;  ///< of the campaign; 0: none
  std::string was{};       ///< "north as too_long", where there is such an end
  bool account = false;    ///< the member is an account
  /// `lead.x`: of an account's campaign, whoever did the event at hand.
  bool sees_lead() const { return !account || event != nullptr; }
};

/// Expressions of every type over the vocabulary.
class Phrases {
 public:
  explicit Phrases(Random& random) : random_(random) {}
  std::string condition(const Sight& sight, int depth = 2);
  /// `known`: it always has a value.
  std::string value(const Property& as, const Sight& sight, bool known, int depth = 1);
  std::string message(const Sight& sight);
  std::string person(const Sight& sight);
  /// Over the past and scores (make_past.cpp).
  std::string past_atom(const Sight& sight);
  std::string past_where(const EventWord& word, const Sight& sight);

 private:
  std::string atom(const Sight& sight);
  std::string text_atom(const Sight& sight);
  std::string leads_atom(const Sight& sight);
  std::string flag(const Sight& sight);
  std::string asked(const EventWord& word, const std::string& property, const Sight& sight);
  std::string instant(const Sight& sight);
  std::string count_atom(const Sight& sight);
  std::string value_atom(const Sight& sight);
  std::string score_atom(const Sight& sight);
  std::string comparison(const Property& as, const Sight& sight);
  std::string membership(const Property& as, const Sight& sight);
  std::string leaf(const Property& as, const Sight& sight, bool& optional);
  std::string sum(const Property& as, const Sight& sight, int depth);
  std::vector<std::string> names(const Property& as, const Sight& sight, std::vector<bool>& optional) const;

  Random& random_;
};

/// Where a statement stands, and what that allows.
struct Where {
  Sight sight;
  std::size_t stage = 0;
  bool main = false;  ///< a stage's own statements: `go to` the same stage is an error
  bool may_wait = true;
  bool may_leave = true;  ///< go to, restart stage, exit
  bool may_exit = true;
  bool reaction = false;  ///< in the body of a trigger or handler: a send before an exit says `now or skip`
  bool handler = false;   ///< `move on`; with may_wait false, `keep waiting` too
  int depth = 0;
};

/// What campaigns of one programme know of each other.
struct Neighbours {
  std::vector<std::string> names;       ///< of those for leads
  std::vector<std::string> accounts{};  ///< of those for accounts
  std::vector<std::string> enrollable;  ///< without a key, so that others may enroll in them
  bool plain = false;                   ///< all of them only listen, wait, move and exit
};

class CampaignMaker {
 public:
  CampaignMaker(Random& random, std::string name, const Neighbours& neighbours)
      : random_(random), phrases_(random), name_(std::move(name)), neighbours_(neighbours) {}
  Piece make();

 private:
  // clauses
  void plan();
  void clauses(std::vector<Piece>& out);
  void entries(std::vector<Piece>& out);
  void idle_entries(std::vector<Piece>& out);
  std::string idle_entry();
  std::string silence();
  std::string options();
  std::string other(const std::vector<std::string>& campaigns);
  void goals(std::vector<Piece>& out);
  void reactions(std::vector<Piece>& out);
  void exits(std::vector<Piece>& out);
  Piece stage(std::size_t index);
  std::string event_ref(const EventWord& word, bool with_where = true);
  std::string of_event(const Sight& sight);
  Piece trigger(std::size_t stage, bool must_leave);
  std::string watched();
  Sight inside() const {
    return {.event = nullptr,
            .entry = &entry_properties_,
            .remembered = remembers_,
            .stages = stages_,
            .was = lasts_ ? name_ + " as too_long" : "",
            .account = account_};
  }

  // statements
  std::vector<Piece> falling(const Where& where, std::size_t most);
  std::vector<Piece> leaving(const Where& where);
  Piece statement(const Where& where);
  Piece work(const Where& where);
  Piece set(const Where& where);
  std::string sent();
  std::string promise();
  std::string business_days();
  Piece on_exit();
  void sending(std::vector<Piece>& out);
  Piece send(const Where& where);
  Piece send_to_leads(const Where& where);
  Piece remember(const Where& where);
  Piece wait(const Where& where);
  std::string until(const Where& where);
  std::string until_condition();
  void handlers(Piece& wait, const Where& where);
  Piece handler(const Where& where);
  Piece branch(const Where& where, bool all_leave);
  Piece split(const Where& where, bool all_leave);
  Piece repeat(const Where& where);
  std::vector<Piece> last(const Where& where);
  std::string reason() { return random_.pick(std::vector<std::string>{"done", "lost", "moved", "left_us"}); }
  std::string duration() { return random_.percent(6) ? "pause_time" : random_.pick(duration_texts()); }
  std::string stage_name(std::size_t index) const { return std::string("s") + std::to_string(index); }
  Where deeper(Where where) const {
    where.depth += 1;
    return where;
  }

  Random& random_;
  Phrases phrases_;
  std::string name_;
  const Neighbours& neighbours_;
  std::size_t stages_ = 1;
  const bool plain_ = neighbours_.plain;
  bool lasts_ = true;
  bool account_ = false;
  std::size_t idle_ = 0;  ///< entries without an event
  std::string key_;       ///< empty: no key
  bool remembers_ = true;
  std::vector<const EventWord*> entering_;
  std::vector<Property> entry_properties_;
  int splits_ = 0;
};

std::vector<Piece> score_declarations(Random& random);
/// A rule that both campaigns and policies may have.
std::string limit(Random& random);
/// Windows, calendars, streams and policies.
void declare_sending(Random& random, std::vector<Piece>& out);

/// Adds the campaign as it is, or in parts that mean the same.
void add_campaign(Random& random, const std::string& name, Piece campaign, std::vector<Piece>& out);
/// What is claimed of every lead of the programme.
void claim_of_programme(Random& random, const std::vector<std::string>& campaigns, Piece& programme);

/// How the programme's messages and hand-offs are answered.
void scenario_of_programme(Random& random, Piece& programme);

/// An event that a reaction may listen to.
const EventWord& pick_event(Random& random);
/// As policies and properties listen to it.
std::string listened(Random& random, const EventWord& word);
Piece line(std::string text, bool droppable = true);

}  // namespace nurture::oracle
