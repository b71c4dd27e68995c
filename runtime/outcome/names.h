#pragma once

#include <string>
#include <string_view>

#include "runtime/bytecode/module.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/outcome.h"

/// Words for what the records hold as numbers.
namespace nurture::outcome {

const calendar::Zone* programme_zone(const bytecode::Module& module);
/// The lead's zone at an outcome, or the programme's.
const calendar::Zone* zone_of(const bytecode::Module& module, const Outcome& outcome);

std::string_view name_of(const bytecode::Module& module, bytecode::StringIndex index);  ///< kNone: empty
std::string_view content_name(const bytecode::Module& module, std::int64_t content);
std::string_view channel_of(const bytecode::Module& module, std::int64_t content);
/// The attributes that a Sent asks for, in order of wish: "role, timeframe"; or empty.
std::string asked_for(const bytecode::Module& module, const Outcome& sent);
/// "welcome.nurture:12".
std::string place_text(const bytecode::Module& module, bytecode::PlaceIndex place);

std::string_view kind_word(Kind kind);              ///< "stage_entered": the stable name in machine output
std::string_view kind_rule(Kind kind);              ///< "§5.5": the rule behind such a decision
std::string_view refusal_word(RefusalCause cause);  ///< "audience"
std::string_view refusal_text(RefusalCause cause);  ///< "not in the audience"
std::string_view detail_word(Detail detail);        ///< "with_sales"; None: empty
std::string_view detail_text(Detail detail);        ///< "with sales"; None: empty
/// Why a message or work did not go out: "a limit is reached: “limit email to 2 per 7 days” (welcome.nurture:14)".
std::string why_text(const bytecode::Module& module, Detail detail, std::uint16_t rule);
/// What a send statement sends: "problem_guide", "next of keep_in_touch", "first of text_me, mail_me".
std::string sends_text(const bytecode::Module& module, const bytecode::SendSite& site);
std::string_view wait_end_word(WaitEnd end);  ///< "timer"
std::string_view hold_end_word(HoldEnd end);
std::string_view cause_word(Cause::Kind kind);        ///< "event"
std::string_view work_word(bytecode::WorkKind kind);  ///< "call"
/// What a scenario says happens: what it gives, by name, and all of it as "email.bounced { kind: hard } by machine",
/// which is also its name in draws (§7.5).
std::vector<std::pair<std::string, std::string>> assumed_record(const bytecode::Module& module,
                                                                const bytecode::AssumedReaction& reaction);
std::string assumed_text(const bytecode::Module& module, const bytecode::AssumedReaction& reaction);

/// What a reaction is written as: "on demo.requested"; of a goal, "goal won".
std::string reaction_text(const bytecode::Module& module, const bytecode::Campaign& campaign,
                          bytecode::PlaceIndex place);
/// An entry as it is written; kNone: "enroll in".
std::string_view entry_label(const bytecode::Module& module, const bytecode::Campaign& campaign, std::int64_t entry);
/// Of AskedToEnroll … WebhookCalled: the statement in words, and its campaign, audience or address.
std::string_view action_word(Kind kind);
std::string action_target(const bytecode::Module& module, Kind kind, std::int64_t what);
/// A state as a reader knows it: "wait up to 7 days".
std::string_view state_label(const bytecode::Module& module, const bytecode::Campaign& campaign, std::int64_t state);

/// Why a property was violated at `at`: `from` as in Outcome::b. Without its name.
std::string violation_text(const bytecode::Module& module, const bytecode::Property& property, Instant at, Instant from,
                           const calendar::Zone* zone);

}  // namespace nurture::outcome
