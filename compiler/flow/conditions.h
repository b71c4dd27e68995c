#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/flow/domain.h"
#include "compiler/sema/model.h"

namespace nurture::flow {

/// What conditions say of places: segments and constants are looked into; what is asked of the past, of the time and of
/// scores is a place of its own, known by how it is asked.
class Conditions {
 public:
  /// `owner` tells apart what two campaigns mean by the same words: `since entry`, remembered values.
  Conditions(const sema::Model& model, Places& places, std::string owner = "")
      : model_(model), places_(places), owner_(std::move(owner)) {}

  /// What is so where a condition holds, or does not (§3.1: a comparison with something unknown does not).
  Facts when(const ast::Expr& condition, bool holds);
  /// What is so of an event of the kind that is listened to. `entering`: it is the one that a membership begins with.
  Facts heard(const ast::EventRef& event, std::uint32_t kind, bool entering = false);
  /// What is so of one that it does not listen to, though the kind is right.
  Facts unheard(const ast::EventRef& event, std::uint32_t kind);
  /// `if` of an entry on an event, which reads the properties of the event that enters.
  Facts entering(const ast::Expr& condition, bool holds);

  /// After `set lead.x to e`, and after anything else that a statement does.
  Facts after_set(const Facts& facts, const ast::SetStmt& statement);
  Facts after_work(const Facts& facts) const;
  /// After a time in which anything may have happened.
  Facts later(const Facts& facts) const;
  /// When another event is at hand.
  Facts without_event(const Facts& facts) const;

  Facts both(const Facts& a, const Facts& b) const { return flow::both(a, b, places_); }
  const Places& places() const { return places_; }

 private:
  /// Asks whether a value is one of some.
  struct Question {
    enum class About : std::uint8_t { Known, Numbers, Texts, Letters } about{};
    TypeKind kind{};  ///< of the values
    bool score = false;
    Ranges ranges;
    std::vector<std::string> texts;  ///< by code point
    TextTest test;
    bool wanted = true;       ///< false: one of the others
    bool or_unknown = false;  ///< unknown will do, too
  };

  Facts binary(const ast::Binary& expr, bool holds);
  Facts comparison(const ast::Binary& expr, bool holds);
  Facts same(const ast::Binary& expr, bool holds);
  Facts with_constant(const ast::Expr& value, ast::BinaryOp op, const ast::Expr& constant, bool fold, bool holds);
  Facts order(const ast::Expr& low, const ast::Expr& high, bool or_equal, bool holds);
  Facts letters(const ast::Binary& expr, bool holds);
  Facts in(const ast::InTest& expr, bool holds);
  Facts name(const ast::NameRef& expr, bool holds);
  Facts segment(std::uint32_t index, bool holds);
  Facts compared(const std::string& key, const ast::Expr& a, const ast::Expr& b, bool answer, bool holds);
  Facts atom(const std::string& key, bool holds, const ast::Expr* of);
  Facts known(const ast::Expr& expr);
  Facts ask(const ast::Expr& expr, const Question& question);
  bool fits(const sema::ConstantValue& value, const Question& question, bool& fits) const;
  Values values(const Question& question, const ast::Expr& expr, const Place& place) const;
  std::optional<Question> question(const ast::Expr& value, ast::BinaryOp op, const sema::ConstantValue& to,
                                   const ast::Expr* written);
  std::optional<Facts> one_of(const ast::Expr& value, const sema::ConstantValue& list, bool fold, bool holds);
  Facts ask_alike(const ast::Expr& value, Question question, bool holds);
  Facts truth(const ast::Expr& expr, bool holds);
  static std::optional<TextTest> of_glob(std::string glob);

  static Values exactly(const sema::ConstantValue& value, const sema::Type& type, const Place& place);

  const sema::Type& used(const ast::Expr& expr) const;
  bool is_score(const ast::Expr& expr) const;
  Place place_of(const ast::Expr& expr);
  Place shaped(std::string key, const sema::Type& type) const;
  std::string key(const ast::Expr& expr, bool in_past = false) const;
  std::string key_of_name(const ast::NameRef& expr, bool in_past) const;
  std::string key(const ast::EventRef& event) const;
  Facts property(const std::string& name, const sema::Type& type, const Values& values);

  const sema::Model& model_;
  Places& places_;
  std::string owner_;
  bool entering_ = false;
  std::map<std::pair<std::uint32_t, bool>, Facts> segments_;  ///< by segment, and whether it holds
};

}  // namespace nurture::flow
