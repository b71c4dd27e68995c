#include "compiler/sema/test_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/ast/clone.h"

namespace nurture::sema {

namespace {

using ast::TestItem;
using What = TestItem::What;

const ast::RecordField* find(const ast::TestRow& row, std::string_view name) {
  auto found =
      std::find_if(row.values.begin(), row.values.end(), [&](const auto& each) { return each.name.text == name; });
  return found == row.values.end() ? nullptr : &*found;
}

/// What the name in an expectation names; empty: a word of the language or of an `assign`.
std::string_view named_by(What what) {
  switch (what) {
    case What::Send:
      return "the name of a content";
    case What::Stage:
      return "the name of a stage";
    case What::Exit:
      return "a reason";
    case What::Goal:
      return "the name of a goal";
    case What::Assign:
      return "`call`, `task` or the name of one";
    case What::Score:  // a score is always named itself
    case What::HandOff:
    case What::TakeBack:
    case What::Notify:
    case What::Entry:
    case What::Outside:
      return {};
  }
  return {};
}

/// Copies a test with the values of one row in place of their names. A value is not looked through for names again.
class Filler : public ast::Cloner {
 public:
  Filler(Context& context, const ast::TestRow& row) : Cloner(context.unit.tree), context_(context), row_(row) {}

  const ast::TestDecl* fill(const ast::TestDecl& test) {
    auto* out = context_.unit.tree.make<ast::TestDecl>(test.span);
    ast::NodeId id = out->id;
    *out = test;
    out->id = id;
    for (TestItem& item : out->items) this->item(item);
    return out;
  }

  const std::set<std::string_view>& used() const { return used_; }

 protected:
  const ast::Expr* reference(ast::NameRef& copy) override {
    const ast::Expr* value = value_of(copy.path);
    return value ? ast::Cloner(context_.unit.tree).expression(*value) : &copy;
  }

 private:
  void item(TestItem& item) {
    for (ast::RecordField& field : item.fields) replace(field.value);
    for (const ast::Expr** each : {&item.at, &item.after, &item.length}) replace(*each);
    // On the left of a comparison stands a score; `score.x` is no name of a row.
    replace(item.condition);
    replace(item.split, "the name of a split");
    replace(item.branch, "the name of a branch");
    replace(item.campaign, "the name of a campaign");
    replace(item.event, "an event");
    if (item.kind != TestItem::Kind::GivenLead) replace(item.lead, "the name of a lead");
    if (auto what = named_by(item.what); item.kind == TestItem::Kind::Expect && !what.empty()) replace(item.name, what);
  }

  const ast::Expr* value_of(const ast::Path& path) {
    if (path.parts.size() != 1) return nullptr;
    const ast::RecordField* field = find(row_, path.parts.front().text);
    if (!field || !field->value) return nullptr;
    used_.insert(field->name.text);
    return field->value;
  }

  void replace(const ast::Expr*& expr) {
    if (expr) expr = expression(*expr);
  }

  void replace(ast::Name& name, std::string_view wanted) {
    ast::Path path{{name}, name.span};
    if (!name || !value_of(path)) return;
    replace(path, wanted);
    name = {path.text(), path.span};
  }

  void replace(ast::Path& path, std::string_view wanted) {
    const ast::Expr* value = value_of(path);
    if (!value) return;
    if (const auto* name = ast::try_as<ast::NameRef>(value)) {
      path = name->path;
      return;
    }
    if (value->kind != ast::NodeKind::ErrorExpr) {
      Diagnostic& diagnostic = context_.out.report(DiagnosticId::WrongType, value->span, wanted,
                                                   "`" + std::string(context_.written(value->span)) + "`");
      diagnostic.labels.push_back({path.span, "it stands for this"});
    }
    path = {{}, path.span};
  }

  Context& context_;
  const ast::TestRow& row_;
  std::set<std::string_view> used_;
};

class TestTable {
 public:
  TestTable(Context& context, const ast::TestDecl& test) : context_(context), test_(test) {}

  std::vector<TestCase> run() {
    check_names();
    check_values();
    std::vector<TestCase> out;
    std::set<std::string_view> used;
    for (const ast::TestRow& row : test_.rows) {
      if (!complete(row)) continue;
      Filler filler(context_, row);
      out.push_back({filler.fill(test_), test_.name + ": " + row.name});
      used.insert(filler.used().begin(), filler.used().end());
    }
    for (const auto& [name, span] : columns_) {
      if (out.empty() || used.contains(name) || context_.incomplete(test_.span)) continue;
      context_.out.report(DiagnosticId::RowValueUnused, span, test_.name, name).hint =
          "Write its name where the value belongs, or take it out of the rows.";
    }
    return out;
  }

 private:
  bool complete(const ast::TestRow& row) const {
    return std::all_of(columns_.begin(), columns_.end(), [&](const auto& each) { return find(row, each.first); });
  }

  void check_names() {
    if (test_.tables.size() > 1) {
      Diagnostic& diagnostic = context_.out.report(DiagnosticId::TwoTables, test_.tables[1]);
      diagnostic.labels.push_back({test_.tables[0], "the first one"});
      diagnostic.hint = "Put all rows into the first one.";
    }
    std::map<std::string_view, Span> names;
    for (const ast::TestRow& row : test_.rows) {
      auto [at, fresh] = names.try_emplace(row.name, row.name_span);
      if (!fresh) context_.twice("the row", row.name, row.name_span, at->second);
    }
  }

  /// Every row gives the same values.
  void check_values() {
    for (const ast::TestRow& row : test_.rows) {
      for (const ast::RecordField& each : row.values) {
        columns_.try_emplace(each.name.text, each.name.span);
        const ast::RecordField* first = find(row, each.name.text);
        if (first != &each) context_.twice("the value", each.name.text, each.name.span, first->name.span);
      }
    }
    for (const ast::TestRow& row : test_.rows) {
      for (const auto& [name, span] : columns_) {
        if (find(row, name) || context_.incomplete(test_.span)) continue;
        Diagnostic& diagnostic = context_.out.report(DiagnosticId::RowValueMissing, row.name_span, row.name, name);
        diagnostic.labels.push_back({span, "given here"});
        diagnostic.hint = "All rows of a table give the same values: add `" + std::string(name) + ": …`.";
      }
    }
  }

  Context& context_;
  const ast::TestDecl& test_;
  std::map<std::string_view, Span> columns_;
};

}  // namespace

std::vector<TestCase> cases(Context& context, const ast::TestDecl& test) {
  if (!test.rows.empty()) return TestTable(context, test).run();
  return {{&test, test.name}};
}

}  // namespace nurture::sema
