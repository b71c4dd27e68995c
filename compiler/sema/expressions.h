#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/sema/context.h"

namespace nurture::sema {

/// Types expressions and resolves the names in them. Every node is typed once, whoever asks first.
class Expressions {
 public:
  explicit Expressions(Context& context);

  /// The type of an expression; `expected` tells bare words and texts what they are meant to be. Poison after a report.
  Type infer(const ast::Expr& expr, const Scope& scope, const Type* expected = nullptr);
  /// Must be true or false; warns of what holds only because something is unknown.
  void condition(const ast::Expr* expr, const Scope& scope);
  /// Must be of this type, or convert to it; known unless the type is optional.
  bool value(const ast::Expr* expr, const Scope& scope, const Type& type);
  void message(const ast::Message& message, const Scope& scope);
  /// A length of time, longer than none; its value if it is the same for every lead. `constant`: it must be.
  std::optional<Duration> duration(const ast::Expr* expr, const Scope& scope, bool constant);

  const Type& let_type(std::uint32_t index);
  void segment(std::uint32_t index);
  const Type& remembered_type(CampaignNames& names, std::uint32_t row);
  /// Whether the expression names an attribute of lead or account; typed already.
  bool names_attribute(const ast::Expr& expr) const;

 private:
  Type dispatch(const ast::Expr& expr, const Scope& scope, const Type* expected);
  Type text(const ast::TextLit& expr, const Type* expected);
  Type datetime(const ast::DateTimeLit& expr);
  Type list(const ast::ListLit& expr, const Scope& scope, const Type* expected);
  Type unary(const ast::Unary& expr, const Scope& scope, const Type* expected);
  Type binary(const ast::Binary& expr, const Scope& scope, const Type* expected);
  Type in_test(const ast::InTest& expr, const Scope& scope);
  Type between(const ast::Between& expr, const Scope& scope);
  Type date_shift(const ast::DateShift& expr, const Scope& scope);
  Type clock(const ast::Expr& expr, const Scope& scope, TypeKind kind);

  // history.cpp
  bool asks_past(const ast::Expr& expr, const Scope& scope);
  void only_the_event(const ast::Expr& expr);
  bool in_campaign(const ast::Expr& expr, std::string_view what, const Scope& scope);
  AskedEvents asked_events(const ast::Aggregate& expr);
  AskedEvents asked_property(std::uint32_t event, const ast::Name& name);
  Type aggregate(const ast::Aggregate& expr, const Scope& scope);
  Type answer(const ast::Aggregate& expr, const AskedEvents& asked);
  Type content_past(const ast::ContentPast& expr, const Scope& scope);
  Type days_since(const ast::DaysSince& expr, const Scope& scope);
  Type in_last(const ast::InLast& expr, const Scope& scope);
  Type within_next(const ast::WithinNext& expr, const Scope& scope);
  Type visits_of(const ast::VisitsOf& expr, const Scope& scope);
  Type was_in(const ast::WasInCampaign& expr, const Scope& scope);

  // accounts.cpp
  bool about_one_lead(Span span, const std::string& what, const Scope& scope, std::string hint);
  bool lead_at_hand(const ast::NameRef& expr, const Scope& scope);
  Type with_sales(const ast::WithSales& expr, const Scope& scope);
  Type leads_query(const ast::LeadsQuery& expr, const Scope& scope);
  bool segment_fits(const ast::NameRef& expr, std::uint32_t index, const Scope& scope);
  bool members_alike(const Campaign& campaign, Span span, const Scope& scope);

  // tables.cpp
  Type lookup(const ast::Lookup& expr, const Scope& scope);
  Table* table_of(const ast::Lookup& expr);
  bool key_fits(const ast::Expr& expr, const Scope& scope, const Type& key);

  // operators.cpp
  Type logic(const ast::Binary& expr, const Scope& scope);
  void operand_of_logic(const ast::Binary& expr, const ast::Expr& operand, const Scope& scope);
  Type comparison(const ast::Binary& expr, const Scope& scope);
  Type text_test(const ast::Binary& expr, const Scope& scope);
  Type arithmetic(const ast::Binary& expr, const Scope& scope, const Type* expected);
  std::optional<Type> sum(const ast::Binary& expr, const Type& left, const Type& right);
  std::optional<Type> product(const ast::Binary& expr, const Type& left, const Type& right);
  std::optional<Type> numbers(const ast::Binary& expr, const Type& left, const Type& right);
  Type shifted(const ast::Expr& date, const Type& type, const ast::Expr& by);
  Type otherwise(const ast::Binary& expr, const Scope& scope, const Type* expected);
  /// Types both sides, the one that can speak for itself first.
  std::pair<Type, Type> both(const ast::Expr& left, const ast::Expr& right, const Scope& scope);
  bool speaks_for_itself(const ast::Expr& expr, const Scope& scope) const;
  /// Makes both sides one type, by conversion if need be; reports otherwise.
  bool unify(const ast::Expr& left, Type& a, const ast::Expr& right, Type& b);
  bool fold_case(bool ignoring, const ast::Expr& expr, const Type& type, Span span);
  /// Converts by itself what may be (§3); records it.
  bool convert(const ast::Expr& expr, const Type& from, const Type& to);
  bool convert_constant(const ast::Expr& expr, const Type& from, const Type& to);
  void wrong_type(const ast::Expr& expr, const Type& type, const Type& wanted);
  void quote_truth(Diagnostic& diagnostic, const ast::Expr& expr, const Type& choice) const;
  void not_a_condition(const ast::Expr& expr, const Type& type);
  /// Reports a constant that would be unknown, such as 1 / 0 (§3.1); true, so that nothing more is said of it.
  bool without_value(const ast::Expr& expr);
  void not_a_value(const ast::Expr& expr, std::string_view word, const Type& choice);

  // names.cpp
  Type name(const ast::NameRef& expr, const Scope& scope, const Type* expected);
  Type bare(const ast::NameRef& expr, const Scope& scope, const Type* expected);
  Type attribute(const ast::NameRef& expr, const Scope& scope, bool account);
  Symbol property_symbol(std::uint32_t event, std::uint32_t index) const;
  std::string not_in_all(std::uint32_t event, const std::string& name) const;
  std::optional<Symbol> parameter(const ast::NameRef& expr) const;
  bool argument(const Let& let);
  bool foreign(const ast::NameRef& expr, const Symbol& own) const;
  Type event_property(const ast::NameRef& expr, const Scope& scope);
  Type entry_property(const ast::NameRef& expr, const Scope& scope);
  Type column(const ast::NameRef& expr, Source& source, const std::string& name);
  Type unknown_name(const ast::NameRef& expr, const Scope& scope, const Type* expected);
  Type not_constant(const ast::NameRef& expr);
  /// let, segment or remembered value of that name.
  std::optional<Symbol> own_name(std::string_view name, const Scope& scope) const;
  Type use(const ast::NameRef& expr, Symbol symbol, const Scope& scope);
  bool clash(const ast::NameRef& expr, const Scope& scope, const Symbol& other);
  std::string_view what(const Symbol& symbol) const;

  // negation.cpp
  void warn_negations(const ast::Expr& expr, bool negated, std::vector<std::string>& facts);
  void collect_facts(const ast::Expr& expr, bool all, std::vector<std::string>& facts) const;
  void warn_unknown(const ast::Expr& at, const ast::Expr& operand, const std::vector<std::string>& facts);

  std::optional<ConstantValue> constant(const ast::Expr& expr) const { return constant_of(model_, expr); }
  std::string written(const ast::Expr& expr) const { return std::string(context_.written(expr.span)); }

  Context& context_;
  Model& model_;
  Diagnostics& out_;
  ast::NodeTable<std::uint8_t> seen_;  ///< by node: 1 if typed already
  ast::NodeTable<Type> effective_;     ///< by node: its type after conversion
  enum class State : std::uint8_t { New, Open, Done };
  std::vector<State> lets_, segments_;
};

}  // namespace nurture::sema
