#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/flow/figures.h"
#include "runtime/bytecode/kept.h"
#include "runtime/experiment/sizing.h"
#include "tools/nurture/rehearsal.h"

/// What `nurture plan` says of a programme, before it says it.
namespace nurture::tool {

/// One `send`.
struct PlannedSend {
  std::string what;                   ///< as written: "welcome_1", "next of keep_in_touch"
  std::vector<std::string> contents;  ///< all that it may send
  std::vector<std::string> channels;  ///< each once
  std::string place;                  ///< welcome.nurture:12
  Span span;
};

struct PlannedStage {
  std::string name;  ///< empty: what happens in any stage, and at the end
  std::vector<PlannedSend> sends;
};

/// A content that several statements of a campaign send.
struct SentTwice {
  std::string content;
  std::size_t times = 0;
  std::vector<std::string> places;  ///< each once
};

/// A content that goes out between two dates only, as local dates, days since 1970-01-01.
struct DatedContent {
  std::string content;
  std::optional<std::int64_t> from, until;
};

struct CampaignPlan {
  std::string name;
  bool for_account = false;
  std::string about;  ///< what is written above it
  std::vector<std::string> reasons;
  flow::Figures figures;
  std::vector<PlannedStage> stages;  ///< those of the campaign; behind them, if it sends anything, what belongs to none
  std::vector<SentTwice> twice;
  std::vector<DatedContent> dated;      ///< of those it sends, by name
  std::vector<LeadCalendar> calendars;  ///< where they were asked for and somebody enters
};

struct KeptRow {
  std::string question, what, place;
};

/// What is assumed of experiments that nobody is in yet.
struct Assumed {
  std::vector<double> rates;               ///< at which the arm compared with reaches a goal; shares
  std::optional<experiment::Count> units;  ///< how many there will be
};

struct ProgrammePlan {
  std::string path;
  std::string name;
  std::vector<CampaignPlan> campaigns;  ///< by their order in the programme
  std::vector<std::string> never_sent;  ///< contents that no statement sends
  std::vector<KeptRow> kept;
  std::optional<Instant> from;                      ///< when those of the calendars begin
  std::vector<experiment::Experiment> experiments;  ///< planned: those that have a goal
  Assumed assumed;
};

/// A limit as it is written, with its place.
std::string limit_text(const sema::Unit& unit, const sema::Rule& rule);

ProgrammePlan plan_of(const std::string& path, const driver::Checked& checked, const bytecode::Module& module);

}  // namespace nurture::tool
