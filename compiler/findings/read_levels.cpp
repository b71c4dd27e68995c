#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "compiler/findings/levels.h"

namespace nurture::findings {

namespace {

constexpr std::string_view kPage = "docs/levels.md describes every key.";

/// The key that stands for all codes of docs/practice.md.
constexpr std::string_view kPractice = "practice";

std::vector<DiagnosticId> practice_codes() {
  std::vector<DiagnosticId> out;
  for (std::string_view code : diagnostic_codes()) {
    if (is_practice(code)) out.push_back(*find_diagnostic(code));
  }
  return out;
}

/// "levels, paths and capacity".
std::string listed(const std::vector<std::string_view>& names) {
  std::vector<std::string_view> first(names.begin(), names.end() - 1);
  return fmt::format("{} and {}", fmt::join(first, ", "), names.back());
}

/// Without `./` before it and `/` behind it.
std::string plain(std::string pattern) {
  if (pattern.starts_with("./")) pattern.erase(0, 2);
  if (pattern.ends_with('/')) pattern.pop_back();
  return pattern;
}

/// Reads one file; the first thing it cannot read stops it.
class Reader {
 public:
  Reader(const std::string& path, const std::string& folder) : path_(path), folder_(folder) {}

  Result<Levels> read(const toml::table& root) {
    LevelTable everywhere;
    std::vector<Levels::Part> parts;
    Capacity capacity;
    each(root, "a nurture.toml", {"levels", "paths", "capacity"}, [&](std::string_view key, const toml::node& node) {
      if (key == "levels")
        everywhere = table_of_levels(node);
      else if (key == "capacity")
        capacity = capacity_of(node);
      else
        parts = list_of_parts(node);
    });
    if (error_) return *error_;
    return Levels(folder_, std::move(everywhere), std::move(parts), capacity);
  }

 private:
  void fail(const toml::node& at, std::string_view what, std::string hint = std::string(kPage)) {
    fail_at(at.source().begin, what, std::move(hint));
  }
  void fail_at(const toml::source_position& at, std::string_view what, std::string hint) {
    if (!error_) error_ = Error{fmt::format("{}:{}:{}: {}", path_, at.line, at.column, what), std::move(hint)};
  }

  /// Calls `take` for the keys that there are, in the order of the file.
  template <typename Take>
  void each(const toml::table& table, std::string_view where, const std::vector<std::string_view>& known, Take take) {
    std::vector<std::pair<const toml::key*, const toml::node*>> rows;
    for (const auto& [key, node] : table) rows.emplace_back(&key, &node);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.first->source().begin.line < b.first->source().begin.line;
    });
    for (const auto& [key, node] : rows) {
      if (error_) return;
      if (std::find(known.begin(), known.end(), key->str()) != known.end()) {
        take(key->str(), *node);
        continue;
      }
      std::string_view near = closest(key->str(), known);
      std::string hint = near.empty() ? std::string(kPage) : fmt::format("Did you mean \"{}\"?", near);
      fail_at(key->source().begin, fmt::format("{} has no \"{}\", only {}", where, key->str(), listed(known)),
              std::move(hint));
    }
  }

  Capacity capacity_of(const toml::node& node) {
    Capacity out;
    const auto* table = node.as_table();
    if (!table) {
      fail(node, "\"capacity\" is a table: calls_per_week = 200");
      return out;
    }
    each(*table, "[capacity]", {"calls_per_week", "tasks_per_week", "hand_offs_per_week", "calls_per_owner_per_week"},
         [&](std::string_view key, const toml::node& value) {
           auto& row = key == "calls_per_week"       ? out.calls
                       : key == "tasks_per_week"     ? out.tasks
                       : key == "hand_offs_per_week" ? out.hand_offs
                                                     : out.calls_per_owner;
           auto number = value.value_exact<std::int64_t>();
           if (number && *number >= 0)
             row = static_cast<std::uint64_t>(*number);
           else
             fail(value, fmt::format("{} must be a whole number: how many people can do in a week", key));
         });
    return out;
  }

  LevelTable table_of_levels(const toml::node& node) {
    LevelTable out;
    const auto* table = node.as_table();
    if (!table) {
      fail(node, "\"levels\" is a table of codes: W0501 = \"off\"");
      return out;
    }
    // What is said of a family counts for those of it about which nothing else is said.
    if (const toml::node* family = table->get(kPractice)) {
      for (DiagnosticId id : practice_codes()) out[id] = level(id, kPractice, *family);
    }
    for (const auto& [key, value] : *table) {
      if (key.str() == kPractice) continue;
      if (auto id = code(key)) out[*id] = level(*id, key.str(), value);
    }
    return out;
  }

  std::optional<DiagnosticId> code(const toml::key& key) {
    if (auto found = find_diagnostic(key.str())) return found;
    std::string_view near = closest(key.str(), diagnostic_codes());
    fail_at(key.source().begin, fmt::format("there is no code \"{}\"", key.str()),
            near.empty() ? "`nurture help` lists them all." : fmt::format("Did you mean {}?", near));
    return std::nullopt;
  }

  std::optional<Severity> level(DiagnosticId id, std::string_view key, const toml::node& node) {
    auto text = node.value_exact<std::string>();
    const std::optional<Severity> out = text ? find_severity(*text) : std::nullopt;
    if (!out && text != "off") {
      fail(node, fmt::format("the level of {} must be \"error\", \"warning\", \"advice\" or \"off\"", key));
    } else if (info(id).severity == Severity::Error && out != Severity::Error) {
      fail(node, fmt::format("{} is an error of the language, and no level can lower it", info(id).code),
           fmt::format("Take the line out; `nurture help {}` says how to mend what it finds.", info(id).code));
    }
    return out;
  }

  std::vector<Levels::Part> list_of_parts(const toml::node& node) {
    std::vector<Levels::Part> out;
    if (!node.is_array_of_tables()) {
      fail(node, "\"paths\" is a list of tables: [[paths]]");
      return out;
    }
    for (const toml::node& one : *node.as_array()) out.push_back(part(*one.as_table()));
    return out;
  }

  Levels::Part part(const toml::table& table) {
    Levels::Part out;
    each(table, "[[paths]]", {"match", "levels"}, [&](std::string_view key, const toml::node& node) {
      if (key == "match")
        out.match = patterns(node);
      else
        out.levels = table_of_levels(node);
    });
    if (out.match.empty()) fail(table, "each [[paths]] says which: match = \"legacy/**\"");
    return out;
  }

  std::vector<std::string> patterns(const toml::node& node) {
    std::vector<std::string> out;
    auto take = [&](const toml::node& one) {
      auto text = one.value_exact<std::string>();
      if (!text || text->empty()) return fail(one, "\"match\" is a pattern such as \"legacy/**\", or a list of them");
      out.push_back(plain(*text));
    };
    if (const auto* list = node.as_array()) {
      for (const toml::node& one : *list) take(one);
    } else {
      take(node);
    }
    return out;
  }

  const std::string& path_;
  const std::string& folder_;
  std::optional<Error> error_;
};

}  // namespace

Result<Levels> read_levels(std::string_view toml, const std::string& path, const std::string& folder) {
  // The packaged library reports by exceptions; they end here.
  try {
    return Reader(path, folder).read(toml::parse(toml, path));
  } catch (const toml::parse_error& error) {
    const toml::source_position& at = error.source().begin;
    return Error{fmt::format("{}:{}:{}: {}", path, at.line, at.column, error.description()), std::string(kPage)};
  }
}

}  // namespace nurture::findings
