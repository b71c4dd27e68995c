#include "compiler/sema/types.h"
#include "programme.h"
#include "tests/catch.h"

namespace nurture::tests {

namespace {

using sema::Symbol;

const ast::CampaignDecl& campaign(const sema::Unit& unit) { return *unit.model.campaigns.front().decl; }

/// The condition of the first `if` of the first stage.
const ast::Expr& first_if(const sema::Unit& unit) {
  for (const ast::Clause& clause : campaign(unit).clauses) {
    if (clause.kind != ast::Clause::Kind::Stage) continue;
    for (const ast::Stmt* each : clause.body.statements) {
      if (const auto* branch = ast::try_as<ast::If>(each)) return *branch->arms.front().condition;
    }
  }
  FAIL("no if");
  throw 0;
}

const ast::Binary& comparison(const sema::Unit& unit) { return ast::as<ast::Binary>(first_if(unit)); }

std::string let_value(const std::string& value) {
  std::unique_ptr<sema::Unit> unit = check("let a = " + value + "\n");
  INFO(listing(*unit));
  REQUIRE(unit->model.lets.size() == 1);
  const sema::ConstantValue& constant = unit->model.lets.front().value;
  std::string text(sema::word_of(constant.type.kind));
  if (sema::is_textual(constant.type.kind)) return text + " " + constant.text;
  if (constant.type.kind == TypeKind::Number) return text + fmt::format(" {}", constant.value.number());
  if (constant.type.kind == TypeKind::Duration) {
    Duration length = constant.value.duration();
    return text + fmt::format(" {} {} {}", length.months, length.days, length.micros / kSecond);
  }
  return text + fmt::format(" {}", constant.value.bits);
}

}  // namespace

TEST_CASE("attributes, events and defaults") {
  auto unit = check("lead { size: choice [small, big] = big  target: decimal = 12  share: percent = 5% }");
  INFO(listing(*unit));
  REQUIRE(!unit->diagnostics.failed());
  const sema::Model& model = unit->model;
  CHECK(model.lead.front().name == "first_name");
  const sema::Field& size = model.lead[model.lead.size() - 3];
  CHECK(size.type.choices == std::vector<std::string>{"small", "big"});
  CHECK(size.default_value->text == "big");
  CHECK(model.lead[model.lead.size() - 2].default_value->value.bits == 12 * kDecimalScale);
  CHECK(model.lead.back().default_value->value.bits == 5 * kPercentScale);
  const sema::EventKind& clicked = model.kinds[model.find_kind("email.clicked")];
  CHECK(clicked.content_property == 0);
  CHECK(clicked.machine_property == 1);
  const sema::EventKind& updated = model.kinds[model.find_kind("lead.updated")];
  CHECK(updated.updates_lead);
  REQUIRE(updated.properties.size() == model.lead.size());
  CHECK(updated.properties.back().type.optional);
}

TEST_CASE("events of a module can be extended") {
  auto unit = check("event form.submitted { campaign_code: text? }");
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  CHECK(unit->model.kinds[unit->model.find_kind("form.submitted")].properties.size() == 3);
}

TEST_CASE("constants are folded") {
  CHECK(let_value("60 * 24 + 1") == "integer 1441");
  CHECK(let_value("7 / 2") == "number 3.5");
  CHECK(let_value("1.5 + 1") == "number 2.5");
  CHECK(let_value("-5") == "integer -5");
  CHECK(let_value("\"US\"") == "text US");
  CHECK(let_value("2 weeks + 1 hour") == "duration 0 14 3600");
  CHECK(let_value("3 * 1 month") == "duration 3 0 0");
  CHECK(let_value("2026-01-31 + 1 month") == "date 20512");
  CHECK(let_value("2026-03-01 - 2026-02-01") == "duration 0 28 0");
  CHECK(let_value("1 day before 2026-03-01") == "date 20512");
  CHECK(let_value("10% + 5%") == "percent 150000");
  CHECK(let_value("hello") == "content hello");
  CHECK(let_value("2026-01-01 00:00 in \"Europe/Berlin\"") == "datetime 1767222000000000");
}

TEST_CASE("a whole number becomes what it is compared with") {
  auto unit = check(condition("lead.budget > 5"));
  INFO(listing(*unit));
  const ast::Binary& expr = comparison(*unit);
  CHECK(unit->model.type_of(*expr.right).kind == TypeKind::Integer);
  REQUIRE(unit->model.converted.contains(expr.right->id));
  CHECK(unit->model.converted.at(expr.right->id).kind == TypeKind::Decimal);
  CHECK(sema::constant_of(unit->model, *expr.right)->value.bits == 5 * kDecimalScale);
}

TEST_CASE("a fraction becomes a decimal where it is written") {
  auto unit = check(condition("lead.budget > 9.99"));
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  CHECK(sema::constant_of(unit->model, *comparison(*unit).right)->value.bits == 99'900);
}

TEST_CASE("a bare word is the value of the choice it is compared with") {
  auto unit = check(condition("lead.role is champion"));
  const ast::Expr& word = *comparison(*unit).right;
  CHECK(unit->model.symbols.at(word.id).kind == Symbol::Kind::ChoiceValue);
  CHECK(unit->model.symbols.at(word.id).text == "champion");
  auto quoted = check(condition("\"end user\" is lead.role"));
  INFO(listing(*quoted));
  CHECK(quoted->diagnostics.all().empty());
  CHECK(quoted->model.converted.at(comparison(*quoted).left->id).kind == TypeKind::Choice);
}

TEST_CASE("a date is an instant where one is expected") {
  auto unit = check(condition("now < 1 day before lead.renewal_on"));
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  const ast::Expr& shift = *comparison(*unit).right;
  CHECK(unit->model.type_of(shift).kind == TypeKind::Date);
  CHECK(unit->model.converted.at(shift.id).kind == TypeKind::DateTime);
  auto exact = check(condition("now < 3 hours before lead.renewal_on"));
  CHECK(exact->model.type_of(*comparison(*exact).right).kind == TypeKind::DateTime);
}

TEST_CASE("properties of the entering event") {
  std::string two =
      "campaign c {\n  enter on form.submitted\n  enter on page.viewed\n  enter on demo.requested\n  stage start { if ";
  auto unit = check(two + "entry.form is \"x\" { stay } stay }\n}");
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  const ast::Expr& left = *comparison(*unit).left;
  CHECK(unit->model.type_of(left).optional);
  const Symbol& symbol = unit->model.symbols.at(left.id);
  CHECK(symbol.event_kind == sema::kNoIndex);
  CHECK(symbol.alternatives.size() == 2);
  auto one = check(condition("entry.form is \"x\""));
  CHECK(!one->model.type_of(*comparison(*one).left).optional);
  CHECK(one->model.symbols.at(comparison(*one).left->id).event_kind == one->model.find_kind("form.submitted"));
}

TEST_CASE("remembered values are typed by what is remembered") {
  auto unit = check(statements("remember n as (n else 0) + 1\n    remember n as 5\n    if n > 3 { stay }"));
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  REQUIRE(unit->model.campaigns.front().remembered.size() == 1);
  const sema::Type& type = unit->model.campaigns.front().remembered.front().type;
  CHECK(type.kind == TypeKind::Integer);
  CHECK(type.optional);
}

TEST_CASE("campaigns are in campaign order, with their reasons") {
  std::string body =
      " { enter on form.submitted  stage start { wait up to 1 day { on demo.requested { exit as raised } } exit as "
      "done } ";
  auto unit = check("campaign b" + body + "}\ncampaign a" + body + "}\ncampaign z" + body + " priority 5 }");
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  CHECK(unit->model.campaigns[0].name == "z");
  CHECK(unit->model.campaigns[1].name == "a");
  CHECK(unit->model.campaigns[0].reasons == std::vector<std::string>{"raised", "done"});
}

TEST_CASE("the key of memberships") {
  auto unit = check(
      "campaign c {\n  enter on webinar.registered\n  one membership per webinar up to 2 at once\n  stage start { stay "
      "}\n}");
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  const sema::Campaign& campaign = unit->model.campaigns.front();
  CHECK(campaign.key_type.kind == TypeKind::Text);
  CHECK(campaign.key_property[unit->model.find_kind("webinar.registered")] == 0);
  CHECK(campaign.key_property[unit->model.find_kind("form.submitted")] == sema::kNoIndex);
}

TEST_CASE("columns of a source in order of first use") {
  auto unit = check(R"(source shop {
  lead customer
  at   day as "d/m/yyyy hh:mm" in "Europe/London"
  id   invoice
  leave out where code is "POST"
  event order.placed where invoice starts with "C" { invoice: invoice  total: column "Total Due"  due_on: day as "d/m/yyyy" }
  lead.country: country
})");
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
  CHECK(unit->model.sources.front().columns ==
        std::vector<std::string>{"customer", "day", "invoice", "code", "Total Due", "country"});
}

TEST_CASE("modules") {
  MemoryFiles files;
  files.files["p/main.nurture"] = "use mini\nuse \"lib/words.nurture\"\nprogram { name \"mine\" }\n";
  files.files["p/lib/words.nurture"] = "use mini\nuse \"../other.nurture\"\nlet a = b\n";
  files.files["p/other.nurture"] = "let b = 4\n";
  files.files["p/notes.md"] = "not a programme";
  auto one = load(files, "p/main.nurture");
  INFO(listing(*one));
  CHECK(one->diagnostics.all().empty());
  CHECK(one->model.lets.size() == 2);
  CHECK(one->model.program.name == "mine");
  auto folder = load(files, "p");
  CHECK(folder->diagnostics.all().empty());
  CHECK(folder->files.size() == 4);

  files.files["p/other.nurture"] = "use \"main.nurture\"\nlet b = 4\n";
  auto cycle = load(files, "p/main.nurture");
  INFO(listing(*cycle));
  REQUIRE(cycle->diagnostics.all().size() == 1);
  const Diagnostic& found = cycle->diagnostics.all().front();
  CHECK(info(found.id).code == "E0312");
  CHECK(found.labels.size() == 2);
}

TEST_CASE("a module of the library may be one of the files given") {
  MemoryFiles files;
  files.files["p/mini.nurture"] = mini_library().find("mini")->source->content();
  files.files["p/user.nurture"] = "use mini\n";
  CHECK(load(files, "p")->files.size() == 2);
  files.files["p/mini.nurture"] += "\n";
  auto another = load(files, "p");
  CHECK(another->files.size() == 3);
  CHECK(listing(*another).find("E0305") != std::string::npos);
}

TEST_CASE("a folder without a programme is an error of the file system") {
  MemoryFiles files;
  files.files["p/notes.md"] = "x";
  sema::Unit unit;
  Status status = sema::load(unit, "p", mini_library(), files);
  CHECK(!status.ok());
  sema::Unit missing;
  CHECK(!sema::load(missing, "nowhere.nurture", mini_library(), files).ok());
}

}  // namespace nurture::tests
