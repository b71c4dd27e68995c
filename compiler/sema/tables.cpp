#include "compiler/sema/tables.h"

#include <algorithm>
#include <map>

#include "compiler/sema/expressions.h"
#include "compiler/sema/passes.h"
#include "runtime/base/csv.h"
#include "runtime/base/numbers.h"
#include "runtime/calendar/calendar.h"

// Tables: reference data out of a CSV file, read when the programme is built.

namespace nurture::sema {

namespace {

constexpr std::uint64_t kMostBytes = 16u << 20;
constexpr std::size_t kMostColumns = 100;

bool is_key(TypeKind kind) {
  return kind == TypeKind::Text || kind == TypeKind::Integer || kind == TypeKind::Date || kind == TypeKind::Choice;
}

std::optional<Value> of(std::optional<std::int64_t> bits) {
  return bits ? std::optional(Value::of(*bits)) : std::nullopt;
}

/// A cell that is no text, as its type; none if it does not read.
std::optional<Value> value_of(TypeKind kind, std::string_view text) {
  switch (kind) {
    case TypeKind::Integer:
      return of(parse_integer(text));
    case TypeKind::Number: {
      auto number = parse_number(text);
      return number ? std::optional(Value::of_number(*number)) : std::nullopt;
    }
    case TypeKind::Decimal:
      return of(parse_scaled(text, 4, Rounding::HalfToEven));
    case TypeKind::Boolean: {
      auto truth = parse_boolean(text);
      return truth ? std::optional(Value::of_bool(*truth)) : std::nullopt;
    }
    case TypeKind::Date:
      return of(calendar::parse_date(text));
    case TypeKind::Time:
      return of(calendar::parse_time_of_day(text));
    case TypeKind::DateTime:
      return of(calendar::parse_rfc3339(text));
    case TypeKind::Percent:
      return of(parse_percent(text));
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Duration:
    case TypeKind::List:
    case TypeKind::Content:
      return std::nullopt;  // texts are kept as they are; the others are no column's type
  }
  return std::nullopt;
}

class TableReader {
 public:
  TableReader(Context& context, Table& table) : context_(context), table_(table), decl_(*table.decl) {}

  void read(FileSystem& files) {
    const std::string path = beside(context_.unit.sources.file(decl_.span.file).path(), decl_.file);
    Result<std::string> text = files.read_file(path, kMostBytes);
    if (!text) return unreadable("there is no such file, or it may not be read", "Put the .csv file beside this one.");
    Result<std::vector<csv::Record>> records = csv::read(*text);
    if (!records) return unreadable(records.error().message, kHowItLooks);
    if (records->empty()) return unreadable("it is empty", kHowItLooks);
    if (!columns(records->front())) return;
    for (std::size_t i = 1; i < records->size() && !broken_; ++i) row((*records)[i]);
    if (broken_) table_.rows.clear();
    table_.key = find_field(table_.columns, decl_.by.text);
  }

 private:
  static constexpr std::string_view kHowItLooks =
      "The first line names the columns, each further line is a row: `country,manager`, then `DE,Maria`.";

  static constexpr std::string_view kOneRow = "A lookup finds one row: give each a key of its own.";
  static constexpr std::string_view kCell = "Correct the cell, or leave it empty for a value that is not known.";

  void unreadable(std::string_view why, std::string_view hint) {
    context_.out.report(DiagnosticId::TableUnreadable, decl_.file_span, decl_.name.text, why).hint = hint;
  }

  /// The columns of the header, as text unless the table says another type.
  bool columns(const csv::Record& header) {
    for (const std::string& name : header.fields) {
      if (find_field(table_.columns, name) != kNoIndex) {
        unreadable(fmt::format("it has two columns \"{}\"", name), "Rename one of them.");
        return false;
      }
      table_.columns.push_back({name, make(TypeKind::Text, true), std::nullopt, {}, decl_.file_span});
    }
    if (table_.columns.size() > kMostColumns) {
      unreadable(fmt::format("it has more than {} columns", kMostColumns), "Leave out those that are not looked up.");
      return false;
    }
    for (const ast::FieldDecl& each : decl_.columns) type(each);
    return key();
  }

  Field* column(const ast::Name& name) {
    std::uint32_t index = find_field(table_.columns, name.text);
    if (index != kNoIndex) return &table_.columns[index];
    if (!name) return nullptr;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::NothingOfThatName, name.span, "column", name.text);
    diagnostic.labels.push_back({decl_.file_span, "in this file"});
    suggest(diagnostic, name.text, name.span, names_of(table_.columns));
    return nullptr;
  }

  void type(const ast::FieldDecl& decl) {
    Field* field = column(decl.name);
    Type type = type_of(context_, decl.type);
    if (!field || type.poison()) return;
    if (type.kind == TypeKind::List || type.kind == TypeKind::Duration || type.kind == TypeKind::Content) {
      context_.out.report(DiagnosticId::WrongType, decl.type.span, "a type that a cell can have",
                          describe(known(type)));
      return;
    }
    field->type = maybe(type, true);
    field->span = decl.name.span;
  }

  bool key() {
    Field* field = column(decl_.by);
    if (!field) return false;
    field->type = known(field->type);
    if (is_key(field->type.kind)) return true;
    context_.out.report(DiagnosticId::TableKeyType, decl_.by.span, decl_.by.text, describe(field->type)).hint =
        "A key is a text, a whole number, a date or a choice.";
    return false;
  }

  template <typename... Args>
  void broken(const csv::Record& record, std::string_view hint, fmt::format_string<Args...> form, Args&&... args) {
    broken_ = true;
    context_.out
        .report(DiagnosticId::TableCell, decl_.file_span, record.line, decl_.file,
                fmt::format(form, std::forward<Args>(args)...))
        .hint = hint;
  }

  void row(const csv::Record& record) {
    if (record.fields.size() != table_.columns.size()) {
      return broken(record, "A field that has a comma in it stands in double quotes; an empty one is just its comma.",
                    "it has {} field{}, and the first line names {} columns", record.fields.size(),
                    record.fields.size() == 1 ? "" : "s", table_.columns.size());
    }
    std::vector<std::optional<ConstantValue>> row;
    for (std::size_t i = 0; i < record.fields.size() && !broken_; ++i) row.push_back(cell(record, i));
    if (broken_) return;
    const std::size_t at = find_field(table_.columns, decl_.by.text);
    if (!row[at]) return broken(record, kOneRow, "it has no \"{}\", which tells the rows apart", decl_.by.text);
    auto [first, fresh] = lines_.try_emplace({row[at]->value.bits, row[at]->text}, record.line);
    if (!fresh) return broken(record, kOneRow, "\"{}\" stands in line {} already", record.fields[at], first->second);
    table_.rows.push_back(std::move(row));
  }

  std::optional<ConstantValue> cell(const csv::Record& record, std::size_t index) {
    const std::string& text = record.fields[index];
    const Type type = known(table_.columns[index].type);
    if (text.empty()) return std::nullopt;
    ConstantValue made{type, Value{0, 0, true}, text, {}};
    if (type.kind == TypeKind::Text) return made;
    if (type.kind == TypeKind::Choice) {
      if (std::find(type.choices.begin(), type.choices.end(), text) != type.choices.end()) return made;
      broken(record, kCell, "\"{}\" in the column \"{}\" is not {}", text, table_.columns[index].name,
             alternatives(type.choices));
      return std::nullopt;
    }
    made.text.clear();
    if (std::optional<Value> value = value_of(type.kind, text)) {
      made.value = *value;
      return made;
    }
    broken(record, kCell, "\"{}\" in the column \"{}\" is not {}", text, table_.columns[index].name, describe(type));
    return std::nullopt;
  }

  Context& context_;
  Table& table_;
  const ast::TableDecl& decl_;
  std::map<std::pair<std::int64_t, std::string>, std::size_t> lines_;  ///< of keys
  bool broken_ = false;
};

}  // namespace

void read_tables(Context& context, FileSystem& files) {
  for (Table& table : context.model.tables) TableReader(context, table).read(files);
}

namespace {

/// Where the file leaves a cell of the column empty, the default stands in it.
void fill_column(Context& context, Expressions& expressions, Table& table, const ast::FieldDecl& decl) {
  const std::uint32_t column = find_field(table.columns, decl.name.text);
  if (column == kNoIndex || !decl.default_value) return;
  if (column == table.key) {
    context.out.report(DiagnosticId::TableKeyType, decl.default_value->span, decl.name.text, "given a default").hint =
        "Leave the default out: every row has a key of its own.";
    return;
  }
  Scope scope;
  scope.constant = true;
  if (!expressions.value(decl.default_value, scope, known(table.columns[column].type))) return;
  const std::optional<ConstantValue> value = constant_of(context.model, *decl.default_value);
  if (!value) return;
  for (auto& row : table.rows) {
    if (!row[column]) row[column] = value;
  }
}

}  // namespace

void fill_empty_cells(Context& context, Expressions& expressions) {
  for (Table& table : context.model.tables) {
    for (const ast::FieldDecl& each : table.decl->columns) fill_column(context, expressions, table, each);
  }
}

const std::vector<std::optional<ConstantValue>>* row_of(const Table& table, const ConstantValue& key) {
  for (const auto& row : table.rows) {
    const ConstantValue& own = *row[table.key];
    if (own.value.bits == key.value.bits && own.text == key.text) return &row;
  }
  return nullptr;
}

/// The table that a lookup names; null after a report.
Table* Expressions::table_of(const ast::Lookup& expr) {
  const std::vector<ast::Name>& parts = expr.column.parts;
  if (parts.empty()) return nullptr;
  std::vector<std::string_view> names;
  for (Table& each : model_.tables) {
    names.push_back(each.name);
    if (each.name != parts.front().text) continue;
    if (parts.size() == 2) return &each;
    Diagnostic& diagnostic =
        out_.report(DiagnosticId::NothingOfThatName, expr.column.span, "column", expr.column.text());
    diagnostic.hint =
        fmt::format("Write the table and its column: `{}.… of {}`.", each.name, expr.key ? written(*expr.key) : "…");
    return nullptr;
  }
  if (context_.lost(parts.front().text)) return nullptr;
  suggest(out_.report(DiagnosticId::NothingOfThatName, parts.front().span, "table", parts.front().text),
          parts.front().text, parts.front().span, names,
          fmt::format("Declare it: `table {} from \"{}.csv\" by …`.", parts.front().text, parts.front().text));
  return nullptr;
}

/// A choice is a text where the keys are texts.
bool Expressions::key_fits(const ast::Expr& expr, const Scope& scope, const Type& key) {
  const Type own = infer(expr, scope, &key);
  return (own.kind == TypeKind::Choice && key.kind == TypeKind::Text && !own.poison()) || value(&expr, scope, key);
}

/// Always optional, unless its row is known already and has the cell.
Type Expressions::lookup(const ast::Lookup& expr, const Scope& scope) {
  Table* table = table_of(expr);
  if (!table || table->key == kNoIndex) {
    if (expr.key) infer(*expr.key, scope);
    return poison();
  }
  const ast::Name& name = expr.column.parts[1];
  const Type key = maybe(table->columns[table->key].type, true);
  if (!expr.key || !key_fits(*expr.key, scope, key)) return poison();
  std::uint32_t column = find_field(table->columns, name.text);
  if (column == kNoIndex) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::NothingOfThatName, name.span, "column", name.text);
    diagnostic.labels.push_back({table->decl->file_span, "in this table"});
    suggest(diagnostic, name.text, name.span, names_of(table->columns));
    return poison();
  }
  model_.cells[expr.id] = {static_cast<std::uint32_t>(table - model_.tables.data()), column};
  const Type type = table->columns[column].type;
  const std::optional<ConstantValue> fixed = constant(*expr.key);
  if (!fixed && scope.constant) return poison();
  // What one campaign gives for a parameter may be in the file, and what another gives may not.
  if (!fixed || context_.in_template(expr.id)) return maybe(type, true);
  const auto* row = row_of(*table, *fixed);
  if (row && (*row)[column]) return known(type);
  const std::string key_text = fixed->text.empty() ? written(*expr.key) : fixed->text;
  out_.report(DiagnosticId::NothingOfThatName, expr.key->span, row ? "cell in the row" : "row", key_text).hint =
      row ? fmt::format("Its \"{}\" is empty in \"{}\".", name.text, table->decl->file)
          : fmt::format("No line of \"{}\" has that as its \"{}\".", table->decl->file, table->decl->by.text);
  return poison();
}

}  // namespace nurture::sema
