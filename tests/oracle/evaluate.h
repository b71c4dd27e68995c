#pragma once

#include <functional>
#include <set>
#include <vector>

#include "compiler/sema/model.h"
#include "runtime/calendar/calendar.h"
#include "tests/oracle/log.h"
#include "tests/oracle/past.h"

/// Expressions, straight from the tree (§3.1, §4, §6.1, §6.2).
namespace nurture::oracle {

/// What an expression can see.
struct Scene {
  using Leads = std::function<std::vector<Scene>()>;

  const sema::Model* model = nullptr;
  Instant now = 0;
  const calendar::Zone* zone = nullptr;
  const std::vector<Datum>* lead = nullptr;     ///< per Model::lead
  const std::vector<Datum>* account = nullptr;  ///< per Model::account, or null
  const LogEvent* event = nullptr;
  const LogEvent* entry = nullptr;
  const std::vector<Datum>* remembered = nullptr;  ///< per the campaign's names, or null
  bool with_sales = false;
  const Leads* leads = nullptr;  ///< of the account, as conditions about them see each
  Looking looking;
  std::int64_t touch = 0;  ///< of the send or hand-off that a scenario is asked about; 0: none
};

Datum evaluate(const ast::Expr& expr, const Scene& scene);
/// A condition: unknown is false.
inline bool holds(const ast::Expr* condition, const Scene& scene) {
  return condition == nullptr || evaluate(*condition, scene).truth();
}
Datum datum_of(const sema::ConstantValue& cell);
/// Converts to a type that a value may become by itself: integer to number or decimal, date to datetime, text to
/// choice.
Datum convert(Datum value, TypeKind to, const Scene& scene);
/// The lead attributes that an expression names.
std::set<std::uint32_t> attributes_of(const ast::Expr* expr, const sema::Model& model);

}  // namespace nurture::oracle
