#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/outcome/outcome.h"
#include "runtime/outcome/summary.h"
#include "runtime/store/store.h"

/// `explain`: what happened to one lead across campaigns, event by event, and what did not happen and why. Readable by
/// a salesperson.
///
///   StoryRecorder recorder;                        // sink and tracer of a run over this lead alone:
///   options.leads = {lead}; options.texts = true; options.threads = 1; options.tracer = &recorder;
///   Story story = tell(module, store, lead, recorder, horizon);
///   fmt::print("{}", to_text(story));
namespace nurture::outcome {

/// Keeps outcomes and remarks in the order in which they happened.
class StoryRecorder : public Sink, public Tracer {
 public:
  using Item = std::variant<Outcome, Remark>;
  void on(const Outcome& outcome) override { items_.emplace_back(outcome); }
  void remark(const Remark& remark) override { items_.emplace_back(remark); }
  const std::vector<Item>& items() const { return items_; }

 private:
  std::vector<Item> items_;
};

/// One thing that was done, or was not.
struct StoryLine {
  enum class Tone : std::uint8_t {
    Done,     ///< it happened
    NotDone,  ///< it might have, and did not: the text says why
    Same,     ///< a condition that is still false, as told before: left out of the text form
  };
  Tone tone = Tone::Done;
  std::string action;    ///< kind_word of the outcome, or "entry_unmatched" and the like of a remark
  std::string campaign;  ///< empty: concerns the lead
  std::string text;
  std::string rule;   ///< "§5.5"
  std::string where;  ///< "welcome.nurture:21", or empty
};

/// One event of the log, one timer, or one end of the story.
struct StoryStep {
  enum class What : std::uint8_t { Beginning, Event, Timer, Horizon } what = What::Event;
  Instant at = 0;
  const calendar::Zone* zone = nullptr;  ///< the lead's at that step; never null in a finished story
  std::string event;                     ///< name of the kind
  std::string by;                        ///< another lead's: which one
  std::vector<std::pair<std::string, std::string>> properties;  ///< known ones
  bool noticed = true;                                          ///< an event: some campaign was listening
  bool assumed = false;                                         ///< an event: it is not in the log (§7.5)
  bool updates = false;  ///< an event: it changed attributes of the lead (among `properties`)
  std::vector<StoryLine> lines;
};

/// One membership, or a campaign that the lead never entered (`entered` false).
struct StoryStay {
  std::string campaign;
  std::string account;  ///< of a campaign of accounts that sent to the lead: whose
  bool entered = false;
  bool of_account = false;  ///< the account's own: its leads get the messages
  bool held_out = false;
  bool active = false;
  Instant from = 0;
  Instant to = 0;
  std::string stage;       ///< where the lead is, or was last
  std::string reason;      ///< of the exit
  std::string came_from;   ///< the lead whose it was before `from`: they became one (§7.4)
  std::string goes_on_as;  ///< the lead whose it is since `to`
  Count messages = 0;
  Count turned_away = 0;  ///< never entered: refusals, and the last of them
  std::string turned_away_why;
};

/// A message that the lead did not get when it was asked for.
struct NotSent {
  Instant at = 0;  ///< first asked
  std::string campaign, content, channel;
  std::string why;     ///< "with sales since Wed 4 Mar 2026 10:02 (handed over by welcome)"
  std::string became;  ///< "sent Sat 14 Mar 2026 10:00", "given up Wed 11 Mar 2026 10:00", "skipped"
  std::string where;
};

struct Story {
  std::string lead;
  std::string zone;       ///< at the end
  std::string zone_from;  ///< why this one (§6.2)
  std::string tzdata;
  Instant horizon = 0;
  std::string assumed;                    ///< "scenario baseline, seed 1": what the run assumed; empty: nothing
  Instant assumed_since = kNever;         ///< from here on what happens hangs on what is assumed; kNever: nothing does
  const calendar::Zone* clock = nullptr;  ///< of `zone`
  std::vector<std::pair<std::string, std::string>> attributes;  ///< starting values that are known
  std::vector<StoryStay> stays;                                 ///< in order of entry, then campaigns never entered
  std::vector<StoryStep> steps;  ///< every event of the lead's log up to the horizon, and every timer
  std::vector<NotSent> not_sent;
};

Story tell(const bytecode::Module& module, const store::Store& store, store::LeadIndex lead,
           const StoryRecorder& recorder, Instant horizon);

std::string to_text(const Story& story, const TextOptions& options = {});

/// {lead zone zone_from tzdata horizon [assumed{scenario since}] attributes{} stays[] steps[] not_sent[]}; a step:
/// {what at local zone event properties{} noticed [assumed] lines[{done action campaign text rule where}]}; instants in
/// UTC beside the local ones.
std::string to_json(const Story& story);

}  // namespace nurture::outcome
