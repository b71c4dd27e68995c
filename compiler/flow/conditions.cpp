#include "compiler/flow/conditions.h"

#include <algorithm>
#include <limits>

namespace nurture::flow {

using ast::BinaryOp;
using ast::try_as;

namespace {

constexpr Range kAll{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};

/// Numbers that stand in this relation to one.
Ranges related(BinaryOp op, std::int64_t to) {
  if (op == BinaryOp::Is) return {{to, to}};
  if (op == BinaryOp::LessEqual) return {{kAll.low, to}};
  if (op == BinaryOp::GreaterEqual) return {{to, kAll.high}};
  if (op == BinaryOp::Less) return to == kAll.low ? Ranges{} : Ranges{{kAll.low, to - 1}};
  return to == kAll.high ? Ranges{} : Ranges{{to + 1, kAll.high}};
}

BinaryOp turned(BinaryOp op) {
  if (op == BinaryOp::Less) return BinaryOp::Greater;
  if (op == BinaryOp::LessEqual) return BinaryOp::GreaterEqual;
  if (op == BinaryOp::Greater) return BinaryOp::Less;
  if (op == BinaryOp::GreaterEqual) return BinaryOp::LessEqual;
  return op;
}

bool is_order(BinaryOp op) {
  return op == BinaryOp::Less || op == BinaryOp::LessEqual || op == BinaryOp::Greater || op == BinaryOp::GreaterEqual;
}

}  // namespace

// Conditions ----------------------------------------------------------------------------------------------------------

Facts Conditions::when(const ast::Expr& expr, bool holds) {
  if (const auto* flag = try_as<ast::BooleanLit>(&expr))
    return flag->value == holds ? Facts::anything() : Facts::impossible();
  if (const auto* ref = try_as<ast::NameRef>(&expr)) return name(*ref, holds);
  if (const auto* unary = try_as<ast::Unary>(&expr); unary && unary->op == ast::UnaryOp::Not)
    return when(*unary->operand, !holds);
  if (const auto* two = try_as<ast::Binary>(&expr)) return binary(*two, holds);
  if (const auto* test = try_as<ast::InTest>(&expr)) return in(*test, holds != test->negated);
  if (const auto* test = try_as<ast::KnownTest>(&expr)) {
    Question question{.about = Question::About::Known, .ranges = {}, .texts = {}, .test = {}};
    question.wanted = holds != test->unknown;
    question.or_unknown = !question.wanted;
    return ask(*test->value, question);
  }
  if (const auto* between = try_as<ast::Between>(&expr)) {
    const ast::Expr &value = *between->value, &low = *between->low, &high = *between->high;
    Facts above = order(low, value, true, holds), below = order(value, high, true, holds);
    return holds ? both(above, below) : either(above, below);
  }
  if (const auto* last = try_as<ast::InLast>(&expr)) {
    const bool is = holds != last->negated;
    return atom("(" + key(*last->value) + " in last " + key(*last->length) + ")", is, is ? last->value : nullptr);
  }
  if (const auto* next = try_as<ast::WithinNext>(&expr)) return atom(key(expr), holds, holds ? next->value : nullptr);
  if (const auto* sales = try_as<ast::WithSales>(&expr))
    return atom(sales->of_account ? "(account with sales)" : "(lead with sales)", holds != sales->negated, nullptr);
  if (const auto* asked = try_as<ast::Aggregate>(&expr); asked && asked->function.text == "none")
    return atom(key(expr), !holds, nullptr);
  if (const auto* asked = try_as<ast::LeadsQuery>(&expr); asked && asked->form == ast::LeadsQuery::Form::None)
    return atom(key(expr), !holds, nullptr);
  return truth(expr, holds);
}

Facts Conditions::truth(const ast::Expr& expr, bool holds) {
  Question yes{
      .about = Question::About::Numbers, .kind = TypeKind::Boolean, .ranges = {{1, 1}}, .texts = {}, .test = {}};
  yes.wanted = holds;
  yes.or_unknown = !holds;
  return ask(expr, yes);
}

Facts Conditions::name(const ast::NameRef& expr, bool holds) {
  auto found = model_.symbols.find(expr.id);
  if (found == model_.symbols.end()) return Facts::anything();
  const sema::Symbol& symbol = found->second;
  if (symbol.kind == sema::Symbol::Kind::Segment) return segment(symbol.index, holds);
  return truth(expr, holds);
}

/// Each is looked into once: it says the same wherever it is asked.
Facts Conditions::segment(std::uint32_t index, bool holds) {
  const auto known = segments_.find({index, holds});
  if (known != segments_.end()) return known->second;
  Facts made = when(*model_.segments[index].decl->condition, holds);
  segments_.emplace(std::pair{index, holds}, made);
  return made;
}

Facts Conditions::binary(const ast::Binary& expr, bool holds) {
  if (expr.op == BinaryOp::And || expr.op == BinaryOp::Or) {
    Facts left = when(*expr.left, holds), right = when(*expr.right, holds);
    return (expr.op == BinaryOp::And) == holds ? both(left, right) : either(left, right);
  }
  if (expr.op == BinaryOp::Is || expr.op == BinaryOp::IsNot) return same(expr, holds == (expr.op == BinaryOp::Is));
  if (is_order(expr.op)) return comparison(expr, holds);
  if (expr.op >= BinaryOp::StartsWith && expr.op <= BinaryOp::Matches) return letters(expr, holds);
  return truth(expr, holds);
}

Facts Conditions::same(const ast::Binary& expr, bool holds) {
  if (sema::constant_of(model_, *expr.right))
    return with_constant(*expr.left, BinaryOp::Is, *expr.right, expr.ignoring_case, holds);
  if (sema::constant_of(model_, *expr.left))
    return with_constant(*expr.right, BinaryOp::Is, *expr.left, expr.ignoring_case, holds);
  std::string a = key(*expr.left), b = key(*expr.right);
  if (a == b) {
    Question question{.about = Question::About::Known, .ranges = {}, .texts = {}, .test = {}};
    question.wanted = holds;
    question.or_unknown = !holds;
    return ask(*expr.left, question);
  }
  if (b < a) std::swap(a, b);
  return compared("(" + a + (expr.ignoring_case ? " is alike " : " is ") + b + ")", *expr.left, *expr.right, true,
                  holds);
}

Facts Conditions::comparison(const ast::Binary& expr, bool holds) {
  if (sema::constant_of(model_, *expr.right)) return with_constant(*expr.left, expr.op, *expr.right, false, holds);
  if (sema::constant_of(model_, *expr.left))
    return with_constant(*expr.right, turned(expr.op), *expr.left, false, holds);
  const bool turn = expr.op == BinaryOp::Greater || expr.op == BinaryOp::GreaterEqual;
  const bool or_equal = expr.op == BinaryOp::LessEqual || expr.op == BinaryOp::GreaterEqual;
  return turn ? order(*expr.right, *expr.left, or_equal, holds) : order(*expr.left, *expr.right, or_equal, holds);
}

/// `low < high`, or `low <= high`, which is: both known, and not `high < low`.
Facts Conditions::order(const ast::Expr& low, const ast::Expr& high, bool or_equal, bool holds) {
  const BinaryOp op = or_equal ? BinaryOp::LessEqual : BinaryOp::Less;
  if (sema::constant_of(model_, high)) return with_constant(low, op, high, false, holds);
  if (sema::constant_of(model_, low)) return with_constant(high, turned(op), low, false, holds);
  const std::string a = key(low), b = key(high);
  if (or_equal) return compared("(" + b + " < " + a + ")", high, low, false, holds);
  return compared("(" + a + " < " + b + ")", low, high, true, holds);
}

std::optional<Conditions::Question> Conditions::question(const ast::Expr& value, BinaryOp op,
                                                         const sema::ConstantValue& to, const ast::Expr* written) {
  if (!to.value.known) return std::nullopt;
  Question made{.about = Question::About::Numbers, .kind = to.type.kind, .ranges = {}, .texts = {}, .test = {}};
  if (is_score(value)) {
    const auto points = written ? sema::score_points(model_, *written) : std::nullopt;
    if (!points) return std::nullopt;
    made.score = true;
    made.ranges = related(op, *points);
    return made;
  }
  switch (made.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      if (op != BinaryOp::Is) return std::nullopt;
      made.about = Question::About::Texts;
      made.texts = {to.text};
      return made;
    case TypeKind::Duration:
    case TypeKind::List:
      return std::nullopt;
    case TypeKind::Number:
      made.ranges = related(op, in_order(to.value.number()));
      return made;
    case TypeKind::Integer:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
      made.ranges = related(op, to.value.bits);
      return made;
  }
  return std::nullopt;
}

Facts Conditions::with_constant(const ast::Expr& value, BinaryOp op, const ast::Expr& constant, bool fold, bool holds) {
  auto asked = question(value, op, *sema::constant_of(model_, constant), &constant);
  if (!asked) {
    const std::string made =
        "(" + key(value) + " op" + std::to_string(static_cast<int>(op)) + " " + key(constant) + ")";
    return compared(made, value, value, true, holds);
  }
  if (fold && asked->about == Question::About::Texts) return ask_alike(value, *asked, holds);
  asked->wanted = holds;
  asked->or_unknown = !holds;
  return ask(value, *asked);
}

/// Globs that a beginning, an end or a middle says as well are that.
std::optional<TextTest> Conditions::of_glob(std::string glob) {
  TextTest test;
  const bool front = glob.starts_with('*'), back = glob.ends_with('*') && glob.size() > 1;
  if (front) glob.erase(0, 1);
  if (back) glob.pop_back();
  if (glob.find_first_of("*?") != std::string::npos) return std::nullopt;
  test.kind = front && back ? TextTest::Kind::Contains
              : front       ? TextTest::Kind::Ends
              : back        ? TextTest::Kind::Starts
                            : TextTest::Kind::Is;
  test.text = std::move(glob);
  return test;
}

Facts Conditions::letters(const ast::Binary& expr, bool holds) {
  const auto pattern = sema::constant_of(model_, *expr.right);
  const TypeKind kind = used(*expr.left).kind;
  std::optional<TextTest> test;
  if (pattern && pattern->value.known && kind != TypeKind::List) {
    const auto asked = expr.op == BinaryOp::StartsWith ? TextTest::Kind::Starts
                       : expr.op == BinaryOp::EndsWith ? TextTest::Kind::Ends
                                                       : TextTest::Kind::Contains;
    test = expr.op == BinaryOp::Matches ? of_glob(pattern->text) : TextTest{asked, false, true, pattern->text};
  }
  if (!test) {
    const std::string fold = expr.ignoring_case ? " alike" : "";
    const std::string made =
        "(" + key(*expr.left) + " op" + std::to_string(static_cast<int>(expr.op)) + fold + " " + key(*expr.right) + ")";
    return compared(made, *expr.left, *expr.right, true, holds);
  }
  Question question{.about = Question::About::Letters, .kind = kind, .ranges = {}, .texts = {}, .test = *test};
  question.test.fold = expr.ignoring_case;
  question.test.wanted = question.wanted = holds;
  question.or_unknown = !holds;
  return ask(*expr.left, question);
}

Facts Conditions::in(const ast::InTest& expr, bool holds) {
  const auto list = sema::constant_of(model_, *expr.list);
  if (list && list->type.kind == TypeKind::List) {
    if (auto all = one_of(*expr.value, *list, expr.ignoring_case, holds)) return *all;
  }
  const std::string fold = expr.ignoring_case ? " alike in " : " in ";
  return compared("(" + key(*expr.value) + fold + key(*expr.list) + ")", *expr.value, *expr.list, true, holds);
}

std::optional<Facts> Conditions::one_of(const ast::Expr& value, const sema::ConstantValue& list, bool fold,
                                        bool holds) {
  Question all{.about = Question::About::Numbers, .kind = used(value).kind, .ranges = {}, .texts = {}, .test = {}};
  Facts each = holds ? Facts::impossible() : Facts::anything();
  for (const sema::ConstantValue& item : list.items) {
    auto next = question(value, BinaryOp::Is, item, nullptr);
    if (!next) return std::nullopt;
    all.about = next->about;
    all.kind = next->kind;
    all.texts.insert(all.texts.end(), next->texts.begin(), next->texts.end());
    all.ranges.insert(all.ranges.end(), next->ranges.begin(), next->ranges.end());
    if (!fold) continue;
    Facts alike = ask_alike(value, *next, holds);
    each = holds ? either(each, alike) : both(each, alike);
  }
  if (fold) return each;
  std::sort(all.texts.begin(), all.texts.end());
  std::sort(all.ranges.begin(), all.ranges.end(), [](const Range& a, const Range& b) { return a.low < b.low; });
  all.wanted = holds;
  all.or_unknown = !holds;
  return ask(value, all);
}

Facts Conditions::ask_alike(const ast::Expr& value, Question question, bool holds) {
  question.about = Question::About::Letters;
  question.test = {TextTest::Kind::Is, true, holds, question.texts.front()};
  question.wanted = holds;
  question.or_unknown = !holds;
  return ask(value, question);
}

Facts Conditions::compared(const std::string& key, const ast::Expr& a, const ast::Expr& b, bool answer, bool holds) {
  sema::Type type;
  type.kind = TypeKind::Boolean;
  type.optional = true;  // where one of the two is unknown
  const PlaceId place = places_.add(shaped(key, type));
  Values values{.unknown = !holds, .ranges = {}, .listed = {}, .tests = {}};
  const std::int64_t bit = answer == holds ? 1 : 0;
  values.ranges = {{bit, bit}};
  Facts made = Facts::of(place, values, places_);
  return holds ? both(made, both(known(a), known(b))) : made;
}

Facts Conditions::atom(const std::string& key, bool holds, const ast::Expr* of) {
  sema::Type type;
  type.kind = TypeKind::Boolean;
  const PlaceId place = places_.add(shaped(key, type));
  Values values{.unknown = false, .ranges = {{holds ? 1 : 0, holds ? 1 : 0}}, .listed = {}, .tests = {}};
  Facts made = Facts::of(place, values, places_);
  return of ? both(made, known(*of)) : made;
}

/// Its parts are known where a length of time is added, or two numbers.
Facts Conditions::known(const ast::Expr& expr) {
  if (sema::constant_of(model_, expr)) return Facts::anything();
  if (const auto* shift = try_as<ast::DateShift>(&expr)) return both(known(*shift->amount), known(*shift->target));
  const auto* two = try_as<ast::Binary>(&expr);
  if (two && two->op >= BinaryOp::Add && two->op <= BinaryOp::Divide)
    return both(known(*two->left), known(*two->right));
  Question question{.about = Question::About::Known, .ranges = {}, .texts = {}, .test = {}};
  return ask(expr, question);
}

// Values --------------------------------------------------------------------------------------------------------------

Facts Conditions::ask(const ast::Expr& expr, const Question& question) {
  if (const auto value = sema::constant_of(model_, expr)) {
    if (!value->value.known) return Facts::anything();
    bool yes = false;
    if (!fits(*value, question, yes)) return Facts::anything();
    return yes ? Facts::anything() : Facts::impossible();
  }
  if (const auto* two = try_as<ast::Binary>(&expr); two && two->op == BinaryOp::Else) {
    Question first = question, missing{.about = Question::About::Known, .ranges = {}, .texts = {}, .test = {}};
    first.or_unknown = false;
    missing.wanted = false;
    missing.or_unknown = true;
    return either(ask(*two->left, first), both(ask(*two->left, missing), ask(*two->right, question)));
  }
  const bool about_kind = question.about != Question::About::Known;
  if (about_kind && (used(expr).kind != question.kind || is_score(expr) != question.score)) return Facts::anything();
  const Place place = place_of(expr);
  return Facts::of(places_.add(place), values(question, expr, place), places_);
}

/// False where it cannot be said.
bool Conditions::fits(const sema::ConstantValue& value, const Question& question, bool& fits) const {
  if (question.about == Question::About::Known) {
    fits = question.wanted;
    return true;
  }
  if (value.type.kind != question.kind || question.score) return false;
  const bool number = value.type.kind == TypeKind::Number;
  const std::int64_t bits = number ? in_order(value.value.number()) : value.value.bits;
  if (question.about == Question::About::Numbers) {
    const bool in = std::any_of(question.ranges.begin(), question.ranges.end(),
                                [&](const Range& each) { return each.low <= bits && bits <= each.high; });
    fits = in == question.wanted;
    return true;
  }
  if (question.about == Question::About::Texts) {
    const bool in = std::binary_search(question.texts.begin(), question.texts.end(), value.text);
    fits = in == question.wanted;
    return true;
  }
  const Place text{.key = "", .shape = Place::Shape::Text, .optional = false};
  const Values own{.unknown = false, .ranges = {}, .only_listed = true, .listed = {value.text}, .tests = {}};
  const Values asked{.unknown = false, .ranges = {}, .only_listed = false, .listed = {}, .tests = {question.test}};
  fits = !nothing(common(own, asked, text), text);
  return true;
}

Values Conditions::values(const Question& question, const ast::Expr& expr, const Place& place) const {
  Values made = whole(place);
  made.unknown = question.or_unknown;
  if (question.about == Question::About::Known) {
    if (!question.wanted) {
      made.ranges.clear();
      made.only_listed = true;
    }
    return made;
  }
  if (question.about == Question::About::Letters) {
    if (place.shape == Place::Shape::Text) {
      made.tests = {question.test};
      return made;
    }
    const auto& choices = used(expr).choices;
    made.ranges.clear();
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const Place text{.key = "", .shape = Place::Shape::Text, .optional = false};
      const Values own{.unknown = false, .ranges = {}, .only_listed = true, .listed = {choices[i]}, .tests = {}};
      const Values asked{.unknown = false, .ranges = {}, .only_listed = false, .listed = {}, .tests = {question.test}};
      const auto index = static_cast<std::int64_t>(i);
      if (!nothing(common(own, asked, text), text)) made.ranges.push_back({index, index});
    }
    return made;
  }
  if (question.about == Question::About::Texts && place.shape == Place::Shape::Text) {
    made.only_listed = question.wanted;
    made.listed = question.texts;
    return made;
  }
  Ranges ranges = question.ranges;
  if (question.about == Question::About::Texts) {
    const auto& choices = used(expr).choices;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const auto index = static_cast<std::int64_t>(i);
      if (std::binary_search(question.texts.begin(), question.texts.end(), choices[i]))
        ranges.push_back({index, index});
    }
  }
  made.ranges = question.wanted ? ranges : without(place.whole, ranges);
  return made;
}

}  // namespace nurture::flow
