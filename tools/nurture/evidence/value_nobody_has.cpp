#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "runtime/vm/text_ops.h"
#include "tools/nurture/evidence/compared.h"
#include "tools/nurture/evidence/values.h"

namespace nurture::tool::evidence {

namespace {

using Op = Compared::Op;

bool holds(const Compared& asked, std::string_view value, std::string_view text) {
  using namespace vm;
  const bool fold = asked.ignoring_case;
  switch (asked.op) {
    case Op::Is:
      return fold ? text::equal_fold(value, text) : value == text;
    case Op::StartsWith:
      return text::starts_with(value, text, fold);
    case Op::EndsWith:
      return text::ends_with(value, text, fold);
    case Op::Contains:
      return text::contains(value, text, fold);
  }
  return false;
}

/// What the comparison says of its attribute: `country "USA"`, `a company that starts with "Acme"`.
std::string asked_words(const Compared& asked, std::string_view name) {
  if (asked.list) return fmt::format("a {} of this list", name);
  const std::string& text = asked.texts.front().text;
  switch (asked.op) {
    case Op::Is:
      return fmt::format("{} \"{}\"", name, text);
    case Op::StartsWith:
      return fmt::format("a {} that starts with \"{}\"", name, text);
    case Op::EndsWith:
      return fmt::format("a {} that ends with \"{}\"", name, text);
    case Op::Contains:
      return fmt::format("a {} that contains \"{}\"", name, text);
  }
  return {};
}

class Comparisons {
 public:
  explicit Comparisons(const Evidence& evidence)
      : evidence_(evidence), model_(evidence.model()), set_(set_by_programme(model_)) {}

  void run() {
    const sema::Unit& unit = *evidence_.checked.unit;
    std::vector<const ast::File*> own;
    for (std::size_t i = 0; i < unit.own_files; ++i) own.push_back(&unit.files[i]);
    for (const Compared& asked : comparisons(model_, own)) judge(asked);
  }

 private:
  using Key = std::pair<sema::Symbol::Kind, std::vector<std::pair<std::uint32_t, std::uint32_t>>>;

  void judge(const Compared& asked) {
    auto symbol = model_.symbols.find(asked.what->id);
    if (symbol == model_.symbols.end()) return;
    const Values* values = values_of(symbol->second);
    // Where nobody has any value but the one that stands for none, the log is about something else.
    if (!values || values->known - of_default(symbol->second, *values) < kFewest) return;
    auto has = [&](const Compared::Text& text) {
      return std::any_of(values->rows.begin(), values->rows.end(),
                         [&](const Values::Row& row) { return holds(asked, row.text, text.text); }) ||
             set_here(symbol->second, text.text);
    };
    if (std::none_of(asked.texts.begin(), asked.texts.end(), has)) report(asked, symbol->second, *values);
  }

  /// How many have what an attribute is where nothing is said of it.
  Count of_default(const sema::Symbol& symbol, const Values& values) const {
    using Kind = sema::Symbol::Kind;
    if (symbol.kind != Kind::LeadAttribute && symbol.kind != Kind::AccountAttribute) return 0;
    const auto& fields = symbol.kind == Kind::LeadAttribute ? model_.lead : model_.account;
    const auto& otherwise = fields[symbol.index].default_value;
    if (!otherwise) return 0;
    auto row = std::find_if(values.rows.begin(), values.rows.end(),
                            [&](const Values::Row& each) { return each.text == otherwise->text; });
    return row == values.rows.end() ? 0 : std::min(row->count, values.known);
  }

  /// Whether the programme itself may give a lead this value.
  bool set_here(const sema::Symbol& symbol, const std::string& text) const {
    if (symbol.kind != sema::Symbol::Kind::LeadAttribute) return false;
    return set_.contains({symbol.index, text}) || set_.contains({symbol.index, ""});
  }

  const Values* values_of(const sema::Symbol& symbol) {
    using Kind = sema::Symbol::Kind;
    Key key{symbol.kind == Kind::EntryProperty ? Kind::EventProperty : symbol.kind, symbol.alternatives};
    if (key.second.empty()) key.second.emplace_back(symbol.event_kind, symbol.index);
    if (auto known = values_.find(key); known != values_.end()) return &known->second;
    const store::Store& store = evidence_.log.store;
    Values values;
    if (key.first == Kind::LeadAttribute) {
      values = lead_values(store, static_cast<std::uint16_t>(symbol.index));
    } else if (key.first == Kind::AccountAttribute) {
      values = account_values(store, static_cast<std::uint16_t>(symbol.index));
    } else if (key.first == Kind::EventProperty) {
      // What we do is up to the replay and not to the log, and what an update says is the lead's attribute.
      for (const auto& [kind, property] : key.second) {
        if (kind == sema::kNoIndex || model_.kinds[kind].records_send || model_.kinds[kind].updates_lead)
          return nullptr;
      }
      values = event_values(store, key.second);
    } else {
      return nullptr;
    }
    return &values_.emplace(std::move(key), std::move(values)).first->second;
  }

  void report(const Compared& asked, const sema::Symbol& symbol, const Values& values) {
    const std::string& name = asked.what->path.parts.back().text;
    Diagnostic& said =
        evidence_.diagnostics.report(DiagnosticId::ValueNobodyHas, asked.span, owner(symbol), asked_words(asked, name));
    said.hint = frequent(asked, values);
    // The same but for capitals: nothing else can be meant.
    if (asked.list || asked.op != Op::Is || !asked.texts.front().literal) return;
    const Compared::Text& text = asked.texts.front();
    auto meant = std::find_if(values.rows.begin(), values.rows.end(), [&](const Values::Row& row) {
      return vm::text::equal_fold(row.text, text.text) && row.text.find_first_of("\"{}\\") == std::string_view::npos;
    });
    if (meant != values.rows.end()) said.edits.push_back({text.span, fmt::format("\"{}\"", meant->text)});
  }

  std::string owner(const sema::Symbol& symbol) const {
    if (symbol.kind == sema::Symbol::Kind::LeadAttribute) return "lead";
    if (symbol.kind == sema::Symbol::Kind::AccountAttribute) return "account";
    return symbol.event_kind == sema::kNoIndex ? "event" : model_.kinds[symbol.event_kind].name;
  }

  /// "4,112 have "US", 310 have "GB"." What is nearly the same comes first.
  static std::string frequent(const Compared& asked, const Values& values) {
    constexpr std::size_t kShown = 3;
    std::vector<std::string_view> texts;
    for (const Values::Row& row : values.rows) texts.push_back(row.text);
    const std::string_view near = closest(asked.texts.front().text, texts);
    std::vector<Values::Row> rows(
        values.rows.begin(), values.rows.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, values.rows.size())));
    auto found = std::find_if(values.rows.begin(), values.rows.end(),
                              [&](const Values::Row& row) { return !near.empty() && row.text == near; });
    std::string out;
    if (found != values.rows.end() && !asked.list) out = fmt::format("Did you mean \"{}\"? ", near);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string_view joint = i == 0 ? "" : i + 1 < rows.size() ? ", " : " and ";
      out += fmt::format("{}{} {} \"{}\"", joint, outcome::count_text(rows[i].count),
                         rows[i].count == 1 ? "has" : "have", rows[i].text);
    }
    return out + (rows.size() < values.rows.size() ? ", the most frequent." : ".");
  }

  const Evidence& evidence_;
  const sema::Model& model_;
  std::set<std::pair<std::uint32_t, std::string>> set_;
  std::map<Key, Values> values_;
};

}  // namespace

/// What a condition asks for and the log has not: spelled otherwise, or gone.
void values_nobody_has(const Evidence& evidence) { Comparisons(evidence).run(); }

}  // namespace nurture::tool::evidence
