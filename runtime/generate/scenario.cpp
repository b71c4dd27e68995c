#include "runtime/generate/scenario.h"

#include <algorithm>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "runtime/calendar/calendar.h"

namespace nurture::generate {

namespace {

/// Reads one scenario; the first thing it can't read stops it.
class Reader {
 public:
  explicit Reader(std::string_view path) : path_(path) {}

  Result<Scenario> read(const toml::table& root) {
    if (const auto* world = root["world"].as_table()) read_world(*world);
    if (const auto* leads = root["leads"].as_table()) read_leads(*leads);
    const toml::node* happens = root.get("happens");
    if (happens && !happens->is_array_of_tables()) fail(*happens, "\"happens\" is a list of tables: [[happens]]");
    if (happens && !error_) {
      for (const toml::node& node : *happens->as_array()) read_rule(*node.as_table());
    }
    for (const auto& [key, node] : root) {
      if (key != "world" && key != "leads" && key != "happens") {
        fail(node,
             fmt::format("\"{}\" is not a part of a scenario; the parts are world, leads and happens", key.str()));
      }
    }
    if (error_) return *error_;
    return std::move(scenario_);
  }

 private:
  void fail(const toml::node& at, std::string_view what) {
    if (!error_)
      error_ =
          Error{fmt::format("{}:{}: {}", path_, at.source().begin.line, what), "docs/generate.md describes every key."};
  }

  std::string text(const toml::node& node, std::string_view what) {
    if (auto value = node.value<std::string>()) return *value;
    fail(node, fmt::format("{} must be a text in quotes", what));
    return {};
  }

  double number(const toml::node& node, std::string_view what, double low, double high) {
    if (node.is_number()) {
      double value = *node.value<double>();
      if (value >= low && value <= high) return value;
    }
    fail(node, fmt::format("{} must be a number from {} to {}", what, low, high));
    return low;
  }

  /// "30 minutes", "2 days".
  Instant length(const toml::node& node, std::string_view what) {
    std::string written = text(node, what);
    auto space = written.find(' ');
    std::int64_t count = 0;
    bool digits = space != std::string::npos && space > 0 && space < 7;
    for (std::size_t i = 0; digits && i < space; ++i) {
      digits = written[i] >= '0' && written[i] <= '9';
      count = count * 10 + (written[i] - '0');
    }
    std::string unit = digits ? written.substr(space + 1) : "";
    if (unit.ends_with('s')) unit.pop_back();
    for (auto [name, size] :
         {std::pair{"second", kSecond}, {"minute", kMinute}, {"hour", kHour}, {"day", kDay}, {"week", 7 * kDay}}) {
      if (unit == name) return count * size;
    }
    if (!error_) fail(node, fmt::format("{} must be a length of time such as \"30 minutes\" or \"2 days\"", what));
    return 0;
  }

  void read_world(const toml::table& world) {
    for (const auto& [key, node] : world) {
      if (key == "from") {
        auto instant = calendar::parse_rfc3339(text(node, "from"));
        if (!instant) fail(node, "from must be an instant such as \"2025-01-01T00:00:00Z\"");
        scenario_.from = instant.value_or(0);
      } else if (key == "days") {
        scenario_.days = static_cast<std::int64_t>(number(node, "days", 1, 36500));
      } else if (key == "lead") {
        scenario_.lead_key = text(node, "lead");
        if (scenario_.lead_key.find("{n}") == std::string::npos)
          fail(node, "lead must contain {n}, which becomes the lead's number");
      } else {
        fail(node, fmt::format("\"{}\" is not known in [world]: from, days, lead are", key.str()));
      }
    }
  }

  /// TOML tables come sorted by name; a lead's attributes that depend on another are drawn after it.
  void read_leads(const toml::table& leads) {
    std::vector<Named> dependent;
    for (const auto& [key, node] : leads) {
      Named attribute{std::string(key.str()), draw(node)};
      (attribute.draw.kind == Draw::Kind::ByOther ? dependent : scenario_.attributes).push_back(std::move(attribute));
    }
    for (Named& attribute : dependent) scenario_.attributes.push_back(std::move(attribute));
  }

  Draw draw(const toml::node& node) {
    Draw result;
    if (const auto* table = node.as_table()) {
      draw_table(*table, result);
    } else if (const auto* list = node.as_array()) {
      result.kind = Draw::Kind::Weighted;
      for (const toml::node& item : *list) result.choices.emplace_back(scalar(item, result), 1.0);
      if (result.choices.empty()) fail(node, "a list of values must not be empty");
    } else {
      std::string value = scalar(node, result);
      result.kind = value.find("{n}") != std::string::npos ? Draw::Kind::Numbered : Draw::Kind::Constant;
      result.choices.emplace_back(value, 1.0);
    }
    return result;
  }

  std::string scalar(const toml::node& node, Draw& into) {
    if (auto value = node.value_exact<std::string>()) return *value;
    into.quoted = false;
    if (auto value = node.value_exact<bool>()) return *value ? "true" : "false";
    if (auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
    if (auto value = node.value_exact<double>()) return fmt::format("{}", *value);
    fail(node, "a value must be a text, a number or true or false");
    return {};
  }

  /// {between = [1, 5]}, {after = ["1 hour", "14 days"]}, {by = "country", US = …}, or weights {"/pricing" = 1, "/blog"
  /// = 4}; each with `absent = 0.2` beside it.
  void draw_table(const toml::table& table, Draw& result) {
    if (const toml::node* absent = table.get("absent")) result.absent = number(*absent, "absent", 0, 1);
    if (const toml::node* range = table.get("between")) return draw_range(*range, result);
    if (const toml::node* after = table.get("after")) return draw_moment(*after, result);
    if (const toml::node* by = table.get("by")) return draw_by(table, *by, result);
    if (const toml::node* same = table.get("same")) return draw_same(*same, result);
    result.kind = Draw::Kind::Weighted;
    for (const auto& [key, node] : table) {
      if (key != "absent") result.choices.emplace_back(std::string(key.str()), number(node, "a weight", 0, 1e9));
    }
    if (result.choices.empty()) fail(table, "weights must not be empty");
    result.quoted = !std::all_of(result.choices.begin(), result.choices.end(),
                                 [](const auto& choice) { return choice.first == "true" || choice.first == "false"; });
  }

  void draw_range(const toml::node& node, Draw& result) {
    result.kind = Draw::Kind::Range;
    result.quoted = false;
    const auto* pair = node.as_array();
    if (!pair || pair->size() != 2 || !pair->get(0)->is_integer() || !pair->get(1)->is_integer()) {
      return fail(node, "between takes two whole numbers: [1, 5]");
    }
    result.low = *pair->get(0)->value<std::int64_t>();
    result.high = *pair->get(1)->value<std::int64_t>();
    if (result.low > result.high) fail(node, "between takes the smaller number first");
  }

  void draw_moment(const toml::node& node, Draw& result) {
    result.kind = Draw::Kind::Moment;
    const auto* pair = node.as_array();
    if (!pair || pair->size() != 2) return fail(node, "after takes two lengths of time: [\"1 hour\", \"14 days\"]");
    result.low = length(*pair->get(0), "after");
    result.high = length(*pair->get(1), "after");
    if (result.low > result.high) fail(node, "after takes the shorter length first");
  }

  void draw_same(const toml::node& node, Draw& result) {
    result.kind = Draw::Kind::Same;
    if (!node.value_or(false)) fail(node, "same = true takes the value of the event that this one follows");
  }

  void draw_by(const toml::table& table, const toml::node& by, Draw& result) {
    result.kind = Draw::Kind::ByOther;
    result.other = text(by, "by");
    const toml::node* otherwise = nullptr;
    for (const auto& [key, node] : table) {
      if (key == "by" || key == "absent") continue;
      if (key == "otherwise")
        otherwise = &node;
      else
        result.rows.push_back({std::string(key.str()), draw(node)});
    }
    if (otherwise) result.rows.push_back({"", draw(*otherwise)});
  }

  void read_rule(const toml::table& table) {
    Rule rule;
    for (const auto& [key, node] : table) read_rule_key(key.str(), node, rule);
    if (rule.event.empty()) fail(table, "each [[happens]] needs an event: event = \"page.viewed\"");
    if (rule.name.empty()) rule.name = rule.event;
    check_cause(table, rule);
    scenario_.rules.push_back(std::move(rule));
  }

  void read_rule_key(std::string_view key, const toml::node& node, Rule& rule) {
    if (key == "event")
      rule.event = text(node, "event");
    else if (key == "name")
      rule.name = text(node, "name");
    else if (key == "after")
      rule.after = find_rule(node);
    else if (key == "chance")
      rule.chance = number(node, "chance", 0, 1);
    else if (key == "times")
      read_times(node, rule);
    else if (key == "from")
      rule.from = text(node, "from");
    else if (key == "delay")
      rule.median = length(node, "delay");
    else if (key == "spread")
      rule.spread = number(node, "spread", 0, 8);
    else if (key == "office_hours")
      rule.office_hours = node.value_or(false);
    else if (key == "with")
      read_properties(node, rule);
    else if (key == "if")
      read_conditions(node, rule);
    else
      fail(node, fmt::format("\"{}\" is not known in [[happens]]: event, name, after, from, chance, times, delay, "
                             "spread, office_hours, with, if are",
                             key));
  }

  /// What a rule takes from the event it follows must be there.
  void check_cause(const toml::table& table, const Rule& rule) {
    auto has = [&](std::string_view name) {
      if (!rule.after) return false;
      const auto& of = scenario_.rules[*rule.after].properties;
      return std::any_of(of.begin(), of.end(), [&](const Named& property) { return property.name == name; });
    };
    if (!rule.from.empty() && !has(rule.from))
      fail(table, fmt::format("from = \"{}\": the event it follows has no such property", rule.from));
    for (const Named& property : rule.properties) {
      if (property.draw.kind == Draw::Kind::Same && !has(property.name)) {
        fail(table, fmt::format("\"{}\" cannot be the same: the event it follows has no such property", property.name));
      }
    }
  }

  std::optional<std::size_t> find_rule(const toml::node& node) {
    std::string name = text(node, "after");
    for (std::size_t i = scenario_.rules.size(); i-- > 0;) {
      if (scenario_.rules[i].name == name) return i;
    }
    fail(node, fmt::format("after = \"{}\": no [[happens]] above has this name or event", name));
    return std::nullopt;
  }

  void read_times(const toml::node& node, Rule& rule) {
    Draw range;
    if (node.is_integer())
      range.low = range.high = *node.value<std::int64_t>();
    else
      draw_range(node, range);
    if (range.low < 0 || range.high > 100'000) fail(node, "times must be from 0 to 100000");
    rule.times_low = range.low;
    rule.times_high = range.high;
  }

  void read_properties(const toml::node& node, Rule& rule) {
    const auto* table = node.as_table();
    if (!table) return fail(node, "with is a table of properties: with = { url = \"/pricing\" }");
    for (const auto& [key, value] : *table) rule.properties.push_back({std::string(key.str()), draw(value)});
  }

  void read_conditions(const toml::node& node, Rule& rule) {
    const auto* table = node.as_table();
    if (!table) return fail(node, "if is a table of lead attributes: if = { country = [\"US\", \"CA\"] }");
    for (const auto& [key, value] : *table) {
      std::vector<std::string> wanted;
      Draw ignored;
      if (const auto* list = value.as_array()) {
        for (const toml::node& item : *list) wanted.push_back(scalar(item, ignored));
      } else {
        wanted.push_back(scalar(value, ignored));
      }
      rule.only_if.emplace_back(std::string(key.str()), std::move(wanted));
    }
  }

  std::string path_;
  Scenario scenario_;
  std::optional<Error> error_;
};

}  // namespace

Result<Scenario> read_scenario(std::string_view text, std::string_view path) {
  // The packaged library reports by exceptions; they end here.
  try {
    return Reader(path).read(toml::parse(text, path));
  } catch (const toml::parse_error& error) {
    return Error{fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()),
                 "A scenario is a TOML file; docs/generate.md describes it."};
  }
}

}  // namespace nurture::generate
