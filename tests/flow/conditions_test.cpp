#include "compiler/flow/conditions.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <random>

#include "tests/catch.h"
#include "tests/flow/compile.h"

// Conditions drawn at random over a few small attributes, against every lead that there can be: what is said to hold
// never or always, or to follow from something else, must be so of all of them.

namespace nurture {

using flow::Conditions;
using flow::Facts;
using flow::Places;

namespace {

constexpr std::string_view kLead = R"(
lead {
  colour: choice [red, green, blue]
  size: choice [small, big]?
  open: boolean
  paid: boolean?
  seats: integer?
  code: text?
  name: text
}
)";

/// One lead; an empty optional is unknown.
struct Lead {
  std::string colour;
  std::optional<std::string> size;
  bool open = false;
  std::optional<bool> paid;
  std::optional<std::int64_t> seats;
  std::optional<std::string> code;
  std::string name;
};

using Text = std::optional<std::string>;

/// Every text of up to three of these letters, and some in capitals.
std::vector<Text> codes() {
  std::vector<Text> all{"", "AB", "Ab", "aB", "A", "B", "xAB", "ABx", "aAB", "ABb"};
  for (std::size_t from = 0, to = 1, length = 0; length < 3; ++length, from = to, to = all.size()) {
    for (std::size_t i = length == 0 ? 0 : from; i < to; ++i) {
      if (length > 0 && i < 10) continue;
      for (const char* letter : {"a", "b", "x"}) all.emplace_back(*all[i] + letter);
    }
    if (length == 0) to = 10;
  }
  all.emplace_back();
  return all;
}

/// Every lead that differs from others in an attribute that is asked about.
std::vector<Lead> everybody(const std::string& asked) {
  const auto of = [&](const char* name, auto values) {
    if (asked.find(name) == std::string::npos) values.resize(1);
    return values;
  };
  const std::vector<std::string> colours{"red", "green", "blue"},
      names{"ab",  "a",   "b",   "x",   "AB",  "A",    "Ab", "zz",  "xa", "bx",
            "xab", "abx", "bAB", "ABx", "aAB", "abAB", "ba", "bab", "xAb"};
  const std::vector<Text> sizes{std::nullopt, "small", "big"};
  const std::vector<int> flags{0, 1}, maybe{-1, 0, 1}, seats{-9, -1, 0, 1, 2, 3, 4, 5};
  std::vector<Lead> all;
  for (const std::string& colour : of("colour", colours))
    for (const Text& size : of("size", sizes))
      for (int open : of("open", flags))
        for (int paid : of("paid", maybe))
          for (int seat : of("seats", seats))
            for (const Text& code : of("code", codes()))
              for (const std::string& name : of("name", names))
                all.push_back({colour, size, open == 1, paid < 0 ? std::nullopt : std::optional(paid == 1),
                               seat == -9 ? std::nullopt : std::optional<std::int64_t>(seat), code, name});
  return all;
}

// A plain reading of §3.1, for the few forms that are drawn
// ------------------------------------------------------------

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Text text_of(const Lead& lead, const ast::Expr& expr) {
  if (const auto* text = ast::try_as<ast::TextLit>(&expr)) return text->value;
  if (const auto* two = ast::try_as<ast::Binary>(&expr)) {
    Text left = text_of(lead, *two->left);
    return left ? left : text_of(lead, *two->right);
  }
  const auto& parts = ast::as<ast::NameRef>(expr).path.parts;
  const std::string& name = parts.back().text;
  if (parts.size() == 1) return name;  // a value of a choice
  if (name == "colour") return lead.colour;
  if (name == "size") return lead.size;
  return name == "code" ? lead.code : Text(lead.name);
}

bool is_number(const ast::Expr& expr) {
  const auto* ref = ast::try_as<ast::NameRef>(&expr);
  return expr.kind == ast::NodeKind::IntegerLit || (ref && ref->path.parts.back().text == "seats");
}

std::optional<std::int64_t> number_of(const Lead& lead, const ast::Expr& expr) {
  if (const auto* number = ast::try_as<ast::IntegerLit>(&expr)) return number->value;
  return lead.seats;
}

bool holds(const Lead& lead, const ast::Expr& expr);

bool compares(const Lead& lead, const ast::Binary& expr) {
  using ast::BinaryOp;
  if (is_number(*expr.left)) {
    const auto a = number_of(lead, *expr.left), b = number_of(lead, *expr.right);
    const bool both = a && b;
    if (expr.op == BinaryOp::Is) return both && *a == *b;
    if (expr.op == BinaryOp::IsNot) return !(both && *a == *b);
    if (expr.op == BinaryOp::Less) return both && *a < *b;
    if (expr.op == BinaryOp::LessEqual) return both && *a <= *b;
    if (expr.op == BinaryOp::Greater) return both && *a > *b;
    return both && *a >= *b;
  }
  Text a = text_of(lead, *expr.left), b = text_of(lead, *expr.right);
  if (expr.ignoring_case && a) a = lower(*a);
  if (expr.ignoring_case && b) b = lower(*b);
  const bool both = a && b;
  if (expr.op == BinaryOp::Is) return both && *a == *b;
  if (expr.op == BinaryOp::IsNot) return !(both && *a == *b);
  if (expr.op == BinaryOp::StartsWith) return both && a->starts_with(*b);
  if (expr.op == BinaryOp::EndsWith) return both && a->ends_with(*b);
  return both && a->find(*b) != std::string::npos;
}

bool known(const Lead& lead, const ast::Expr& expr) {
  const auto* ref = ast::try_as<ast::NameRef>(&expr);
  const std::string name = ref ? ref->path.parts.back().text : "";
  if (name == "paid") return lead.paid.has_value();
  if (name == "seats") return lead.seats.has_value();
  return name == "open" || text_of(lead, expr).has_value();
}

bool holds(const Lead& lead, const ast::Expr& expr) {
  if (const auto* unary = ast::try_as<ast::Unary>(&expr)) return !holds(lead, *unary->operand);
  if (const auto* test = ast::try_as<ast::KnownTest>(&expr)) return known(lead, *test->value) != test->unknown;
  if (const auto* in = ast::try_as<ast::InTest>(&expr)) {
    const auto& items = ast::as<ast::ListLit>(*in->list).items;
    Text text = text_of(lead, *in->value);
    const bool found = text && std::any_of(items.begin(), items.end(), [&](const ast::Expr* item) {
                         Text one = text_of(lead, *item);
                         return in->ignoring_case ? lower(*one) == lower(*text) : one == text;
                       });
    return found != in->negated;
  }
  if (const auto* between = ast::try_as<ast::Between>(&expr)) {
    const auto low = number_of(lead, *between->low), high = number_of(lead, *between->high);
    return lead.seats && *low <= *lead.seats && *lead.seats <= *high;
  }
  if (const auto* two = ast::try_as<ast::Binary>(&expr)) {
    if (two->op == ast::BinaryOp::And) return holds(lead, *two->left) && holds(lead, *two->right);
    if (two->op == ast::BinaryOp::Or) return holds(lead, *two->left) || holds(lead, *two->right);
    return compares(lead, *two);
  }
  return ast::as<ast::NameRef>(expr).path.parts.back().text == "open" ? lead.open : lead.paid.value_or(false);
}

// Drawing -------------------------------------------------------------------------------------------------------------

class Drawing {
 public:
  explicit Drawing(std::uint32_t seed) : random_(seed) {}

  std::string condition(int depth) {
    const auto kind = below(depth > 0 ? 5 : 1);
    if (kind == 1) return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
    if (kind == 2 || kind == 3) return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
    if (kind == 4) return "not (" + condition(depth - 1) + ")";
    return atom();
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::string one_of(const std::vector<std::string>& of) { return of[below(static_cast<std::uint32_t>(of.size()))]; }
  std::string code() { return "\"" + one_of({"a", "ab", "b", "x", "AB"}) + "\""; }
  std::string fold() { return below(4) == 0 ? " ignoring case" : ""; }
  std::string bare() { return one_of({"lead.code", "lead.name"}); }
  std::string text() { return below(6) == 0 ? "(lead.code else " + one_of({"\"a\"", "lead.name"}) + ")" : bare(); }

  std::string atom() {
    switch (below(12)) {
      case 0:
        return "lead.colour " + one_of({"is ", "is not "}) + one_of({"red", "green", "blue"});
      case 1:
        return "lead.size " + one_of({"is ", "is not "}) + one_of({"small", "big"});
      case 2:
        return "lead.colour " + one_of({"in", "not in"}) + " [" + one_of({"red, green", "green, blue", "red"}) + "]";
      case 3:
        return one_of({"lead.open", "lead.paid"});
      case 4:
      case 5:
        return "lead.seats " + one_of({"is ", "is not ", "< ", "<= ", "> ", ">= "}) + std::to_string(below(5));
      case 6:
        return "lead.seats between " + std::to_string(below(3)) + " and " + std::to_string(1 + below(4));
      case 7:
        return one_of({"lead.size", "lead.paid", "lead.seats", "lead.code", "lead.name"}) +
               one_of({" is known", " is unknown"});
      case 8:
        return text() + one_of({" is ", " is not "}) + code() + fold();
      case 9:
        return text() + one_of({" in", " not in"}) + " [" + code() + ", " + code() + "]";
      default:
        return text() + one_of({" starts with ", " ends with ", " contains "}) + code() + fold();
    }
  }

  std::mt19937 random_;
};

/// How often it is so, and how often that is seen.
struct Tally {
  int so = 0, seen = 0;
  void count(bool is, bool said) {
    so += is;
    seen += said;
    if (said) CHECK(is);
  }
};

/// Whether all leads for which `a` holds are leads for which `b` does; a null one holds for all.
bool follows(const std::string& asked, const ast::Expr* a, const ast::Expr* b, bool negated) {
  const std::vector<Lead> leads = everybody(asked);
  return std::all_of(leads.begin(), leads.end(),
                     [&](const Lead& lead) { return (a && !holds(lead, *a)) || holds(lead, *b) != negated; });
}

}  // namespace

TEST_CASE("what is said of conditions is so of every lead") {
  constexpr int kConditions = 1000;
  Drawing drawing(20261122);
  std::vector<std::string> drawn;
  std::string text(kLead);
  for (int i = 0; i < kConditions; ++i) {
    drawn.push_back(drawing.condition(i % 3 + 1));
    text += "segment s" + std::to_string(i) + ": " + drawn.back() + "\n";
  }
  test::Compiled made = test::compile(text);
  REQUIRE_FALSE(made.unit->diagnostics.failed());
  const sema::Model& model = made.unit->model;
  Places places;
  Conditions conditions(model, places);
  Tally never, always, implied;
  for (std::size_t i = 0; i < model.segments.size(); ++i) {
    const ast::Expr& expr = *model.segments[i].decl->condition;
    const Facts yes = conditions.when(expr, true), no = conditions.when(expr, false);
    INFO(drawn[i]);
    never.count(follows(drawn[i], nullptr, &expr, true), yes.never());
    always.count(follows(drawn[i], nullptr, &expr, false), no.never());
    if (i == 0) continue;
    const ast::Expr& before = *model.segments[i - 1].decl->condition;
    const bool said = conditions.both(conditions.when(before, true), no).never();
    INFO(drawn[i - 1]);
    implied.count(follows(drawn[i] + drawn[i - 1], &before, &expr, false), said);
  }
  std::cout << "never: " << never.seen << " of " << never.so << ", always: " << always.seen << " of " << always.so
            << ", follows: " << implied.seen << " of " << implied.so << '\n';
  CHECK(never.seen * 10 >= never.so * 9);
  CHECK(always.seen * 10 >= always.so * 9);
}

TEST_CASE("texts that exclude each other") {
  Places places;
  test::Compiled made = test::compile(R"(
segment a: lead.country starts with "ab" and lead.country starts with "ac"
segment b: lead.country starts with "ab" and lead.country starts with "AC" ignoring case
segment c: lead.country matches "ab*" and not (lead.country starts with "a")
segment d: lead.country contains "abc" and not (lead.country contains "B" ignoring case)
segment e: lead.country is "abc" and lead.country ends with "b"
segment f: lead.country starts with "ab" and lead.country starts with "A" ignoring case
segment g: lead.country matches "a?c" and lead.country is "xyz"
segment h: lead.country is "k" ignoring case and lead.country is "K"
)");
  REQUIRE_FALSE(made.unit->diagnostics.failed());
  Conditions conditions(made.unit->model, places);
  std::string never;
  for (const sema::Segment& segment : made.unit->model.segments) {
    if (conditions.when(*segment.decl->condition, true).never()) never += segment.name;
  }
  CHECK(never == "abcde");
}

TEST_CASE("numbers keep their order") {
  for (auto [a, b] : {std::pair{-2.5, -1.0}, {-1.0, -0.0}, {0.0, 1e-300}, {1.5, 2.0}}) {
    CHECK(flow::in_order(a) < flow::in_order(b));
  }
  CHECK(flow::in_order(0.0) == flow::in_order(-0.0));
}

}  // namespace nurture
