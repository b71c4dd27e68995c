#include <array>

#include "runtime/base/json.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/plan_report.h"

namespace nurture::tool {

namespace {

/// By LeadCalendar::Profile.
constexpr std::array<std::string_view, 3> kProfiles{"silent", "typical", "hottest"};

class Writer {
 public:
  explicit Writer(const sema::Unit& unit) : unit_(unit) {}

  std::string write(const ProgrammePlan& plan) {
    json_.begin_object().member("programme", plan.name);
    if (plan.from) json_.member("from", calendar::format_utc(*plan.from));
    json_.key("campaigns").begin_array();
    for (const CampaignPlan& campaign : plan.campaigns) this->campaign(campaign);
    json_.end_array().key("never_sent");
    names(plan.never_sent);
    experiments(plan);
    json_.key("kept").begin_array();
    for (const KeptRow& row : plan.kept) {
      json_.begin_object().member("question", row.question).member("keeps", row.what);
      json_.member("at", row.place).end_object();
    }
    json_.end_array().end_object();
    return std::move(json_).take() + '\n';
  }

 private:
  void names(const std::vector<std::string>& all) {
    json_.begin_array();
    for (const std::string& each : all) json_.value(each);
    json_.end_array();
  }

  void count(std::string_view key, const flow::Count& count) {
    json_.key(key);
    count ? json_.value(*count) : json_.null();
  }

  /// In seconds; null: nothing bounds it.
  void lapse(const flow::Lapse& lapse) {
    json_.member("least_seconds", lapse.least / kSecond).key("most_seconds");
    lapse.most == kNever ? json_.null() : json_.value(lapse.most / kSecond);
  }

  void most(std::string_view key, const flow::Most& most) {
    json_.key(key).begin_object();
    count("most", most.either());
    count("by_itself", most.by_itself);
    if (most.limit) json_.member("limit", limit_text(unit_, *most.limit));
    json_.end_object();
  }

  void touches(const flow::Touches& touches) {
    json_.begin_object().key("channel");
    touches.channel.empty() ? json_.null() : json_.value(touches.channel);
    most("in_all", touches.in_all);
    most("in_1_day", touches.within[flow::Touches::Day]);
    most("in_7_days", touches.within[flow::Touches::Week]);
    most("in_30_days", touches.within[flow::Touches::Month]);
    json_.end_object();
  }

  void stage(const CampaignPlan& plan, std::size_t index) {
    const PlannedStage& stage = plan.stages[index];
    json_.begin_object().key("stage");
    stage.name.empty() ? json_.null() : json_.value(stage.name);
    if (index < plan.figures.stages.size() && plan.figures.stages[index]) lapse(*plan.figures.stages[index]);
    json_.key("sends").begin_array();
    for (const PlannedSend& send : stage.sends) {
      json_.begin_object().member("what", send.what).key("contents");
      names(send.contents);
      json_.key("channels");
      names(send.channels);
      json_.member("at", send.place).end_object();
    }
    json_.end_array().end_object();
  }

  void figures(const CampaignPlan& plan) {
    json_.key("stay").begin_object();
    lapse(plan.figures.stay);
    json_.end_object().key("exits").begin_array();
    for (std::size_t i = 0; i < plan.reasons.size(); ++i) {
      json_.begin_object().member("reason", plan.reasons[i]);
      lapse(plan.figures.exits[i]);
      json_.end_object();
    }
    json_.end_array().key("messages").begin_array();
    for (const flow::Touches& each : plan.figures.touches) touches(each);
    json_.end_array().key("work").begin_object();
    count("hand_offs", plan.figures.work.hand_offs);
    count("calls", plan.figures.work.calls);
    count("tasks", plan.figures.work.tasks);
    json_.end_object();
  }

  void campaign(const CampaignPlan& plan) {
    json_.begin_object().member("campaign", plan.name).member("of_account", plan.for_account);
    if (plan.figures.known) figures(plan);
    json_.key("stages").begin_array();
    for (std::size_t i = 0; i < plan.stages.size(); ++i) stage(plan, i);
    json_.end_array().key("sent_twice").begin_array();
    for (const SentTwice& each : plan.twice) {
      json_.begin_object().member("content", each.content).member("statements", each.times).key("at");
      names(each.places);
      json_.end_object();
    }
    json_.end_array().key("dated").begin_array();
    for (const DatedContent& each : plan.dated) {
      json_.begin_object().member("content", each.content);
      if (each.from) json_.member("from", calendar::format_date(*each.from));
      if (each.until) json_.member("until", calendar::format_date(*each.until));
      json_.end_object();
    }
    json_.end_array();
    if (!plan.calendars.empty()) calendars(plan.calendars);
    json_.end_object();
  }

  void experiments(const ProgrammePlan& plan) {
    json_.key("experiments").begin_array();
    for (const experiment::Experiment& each : plan.experiments) {
      json_.begin_object().member("campaign", each.campaign).member("name", each.name).member("at", each.where);
      json_.key("arms").begin_array();
      for (const experiment::Arm& arm : each.arms)
        json_.begin_object().member("name", arm.name).member("share", arm.share).end_object();
      json_.end_array().key("sizes").begin_array();
      for (double rate : plan.assumed.rates) size(each, rate, plan.assumed.units);
      json_.end_array().end_object();
    }
    json_.end_array();
  }

  void size(const experiment::Experiment& experiment, double rate, std::optional<experiment::Count> units) {
    json_.begin_object().member("assumed_rate", rate).key("needed").begin_array();
    for (double lift : kPlannedLifts) {
      const auto needed = experiment::units_needed(experiment, rate, lift);
      json_.begin_object().member("relative_lift", lift).key("units");
      needed ? json_.value(*needed) : json_.null();
      json_.end_object();
    }
    json_.end_array();
    if (units) {
      const auto rise = experiment::rise_shown(experiment, rate, *units);
      json_.member("units", *units).key("rise_shown");
      rise ? json_.value(*rise) : json_.null();
    }
    json_.end_object();
  }

  void calendars(const std::vector<LeadCalendar>& calendars) {
    json_.key("calendars").begin_array();
    for (const LeadCalendar& lead : calendars) {
      json_.begin_object().member("lead", kProfiles[static_cast<std::size_t>(lead.profile)]).key("made_up");
      names(lead.facts);
      json_.member("active", lead.active).key("lines").begin_array();
      for (const CalendarLine& line : lead.lines) {
        json_.begin_object().member("at", calendar::format_utc(line.at));
        json_.member("local", outcome::local_with_offset(line.at, line.zone)).member("action", line.action);
        json_.member("text", line.text).member("where", line.where).end_object();
      }
      json_.end_array().end_object();
    }
    json_.end_array();
  }

  const sema::Unit& unit_;
  JsonWriter json_{JsonWriter::Layout::Indented};
};

}  // namespace

std::string plan_json(const ProgrammePlan& plan, const sema::Unit& unit) { return Writer(unit).write(plan); }

}  // namespace nurture::tool
