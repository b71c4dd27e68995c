#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/fit/fit.h"
#include "runtime/statistics/draws.h"
#include "runtime/store/builder.h"

/// Logs of worlds whose truth is known, and small logs written by hand.
namespace nurture::fit::test {

inline constexpr Instant kStart = 1'735'689'600'000'000;  ///< 2025-01-01T00:00:00Z

/// email.sent and email.opened { content, message_id }, email.unsubscribed, email.bounced { kind }, sms.sent,
/// lead.handed_over, sales.accepted, sales.rejected; lead { country }; contents guide, story, offer, notice by email
/// and ping by sms.
struct Programme {
  Programme();
  std::uint16_t kind(std::string_view name) const;
  std::uint16_t content(std::string_view name) const;
  bytecode::Module module;

 private:
  std::uint16_t text(std::string_view string);
  void content(std::string_view name, std::string_view channel);
  void kind(std::string_view name, bytecode::Actor actor, std::vector<bytecode::Field> properties);
  std::vector<bytecode::Field> texts(std::initializer_list<const char*> names);
};

/// Events at distances from kStart.
class Log {
 public:
  explicit Log(const Programme& programme) : programme_(programme), builder_(programme.module.schema, {}, false) {}

  void lead(const std::string& key, const std::string& country);
  void event(const std::string& lead, Instant after, std::string_view kind, std::vector<std::string> values = {},
             const std::string& new_country = "");
  /// `ends`: where the log does, from kStart.
  store::Store build(Instant ends);

 private:
  const Programme& programme_;
  store::Builder builder_;
};

/// How leads of a made-up world react to mail. Contents are sent at random, so that none stands at a place of its own,
/// and until the log ends, so that the last ones have not had their time.
struct World {
  std::vector<std::pair<std::string, double>> contents;   ///< name, rate of a first send
  std::vector<std::pair<std::string, double>> countries;  ///< name, what the rate is multiplied by; equally many leads
  double factor = 1;                                      ///< for each send in the last 30 days
  std::vector<std::pair<double, Instant>> delay;          ///< share, by when; evenly in between, the last is all
  std::size_t leads = 1'500;
  std::size_t sends = 8;  ///< to each lead, at random within
  Instant days = 200 * kDay;
};

store::Store draw(const World& world, const Programme& programme, std::uint64_t seed);

/// When so large a share of the reactions has come.
double quantile_of(const World& world, double share);

/// The line for this event in the rule for this content ("": every) and country ("": whatever it is); null: none.
const Line* find_line(const Fit& fit, const Programme& programme, const store::Store& store, std::string_view content,
                      std::string_view event, std::string_view country = "");
/// The fates of such events.
Fates fates_of(const Fit& fit, const Programme& programme, std::string_view event);

}  // namespace nurture::fit::test
