#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "compiler/sema/model.h"

/// What is written in a programme, in one way of writing: two versions say the same here if they mean the same.
namespace nurture::compare {

/// What programmes call by name.
enum class Thing : std::uint8_t {
  Campaign,
  Stage,  ///< by `campaign/stage`
  Content,
  Stream,
  Segment,
  Window,
  Calendar,
  Score,
  Table,
  Event,
  LeadAttribute,
  AccountAttribute,
};
using Named = std::pair<Thing, std::string>;
/// Of the version before: what these are called in the one after.
using Renames = std::map<Named, std::string>;

/// `length` as people say it; with `business`, its days are business days.
std::string length_words(const Duration& length, bool business = false);
std::string percent_words(std::int64_t units);
/// "text" in quotes.
std::string quoted(std::string_view text);
/// "Monday to Friday", "Monday, Wednesday".
std::string weekdays_words(std::uint8_t weekdays);

/// Writes expressions, events and times. Names stand for what they mean: a `let` is its value, a sum of constants the
/// sum, what was renamed has its new name. What is named is noted.
class Words {
 public:
  Words(const sema::Model& model, const Renames& renames) : model_(model), renames_(renames) {}

  std::string expression(const ast::Expr* expr) { return expr ? written(*expr, 0) : std::string(); }
  std::string event(const ast::EventRef& event);
  std::string when(const ast::When& when);
  /// In quotes.
  std::string message(const ast::Message& message) { return message.present ? quoted(raw(message)) : std::string(); }
  /// As a reader sees it, with what is filled in between braces.
  std::string raw(const ast::Message& message);
  /// `on …` or `when …`, without the body.
  std::string head(const ast::Trigger& trigger);
  std::string length(const ast::Expr* expr, bool business = false, const ast::Name& window = {});
  std::string constant(const sema::ConstantValue& value);
  std::string type(const sema::Type& type);
  std::string name(Thing thing, const std::string& name);
  std::string stage(const std::string& name);

  /// Of the campaign whose stages are named from here on.
  void inside(const std::string& campaign) { campaign_ = campaign; }
  /// What was named since the last call.
  std::set<Named> take_named() { return std::exchange(named_, {}); }
  const sema::Model& model() const { return model_; }

 private:
  std::string written(const ast::Expr& expr, int around);
  std::string reference(const ast::NameRef& ref);
  std::string unary(const ast::Unary& expr, int around);
  std::string binary(const ast::Binary& expr, int around);
  std::string aggregate(const ast::Aggregate& expr);
  std::string leads(const ast::LeadsQuery& expr);
  std::string was_in(const ast::WasInCampaign& expr);
  std::string silence(const ast::Trigger& trigger);

  const sema::Model& model_;
  const Renames& renames_;
  std::string campaign_;
  std::set<Named> named_;
};

}  // namespace nurture::compare
