#include <array>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "tools/nurture/diff_log.h"

namespace nurture::tool {

namespace {

constexpr unsigned kWidth = 100;
using outcome::count_text;

std::string who(const LogDiff& diff) {
  std::string out = outcome::counted(diff.leads, "lead", "leads");
  if (diff.accounts > 0) out += " and " + outcome::counted(diff.accounts, "account", "accounts");
  return out;
}

std::string headline(const LogDiff& diff) {
  if (diff.different == 0) return fmt::format("{}: all treated the same", who(diff));
  return fmt::format("{}: {} treated differently", who(diff), count_text(diff.different));
}

std::vector<std::string> cells(const LogTotal& total) {
  std::vector<std::string> out{total.facet};
  for (std::uint64_t each :
       {total.before, total.after, total.same, total.earlier, total.later, total.other, total.lost, total.added})
    out.push_back(count_text(each));
  return out;
}

constexpr std::array<std::string_view, 9> kColumns{"",      "before", "after", "same", "earlier",
                                                   "later", "other",  "lost",  "added"};

/// "1,203 leads, 2,406 times".
std::string how_many(const LogRow& row) {
  std::string out = outcome::counted(row.leads, "lead", "leads");
  return row.count == row.leads ? out : fmt::format("{}, {} times", out, count_text(row.count));
}

/// "ada@example.com: Sat 7 Mar 2026 10:00 (new.nurture:9), was Thu 5 Mar 2026 10:00 (old.nurture:9)".
std::string example(const LogRow& row) {
  const auto side = [](const std::string& at, const std::string& place) {
    return place.empty() ? at : fmt::format("{} ({})", at, place);
  };
  const std::string old = side(row.local_before, row.place_before), now = side(row.local_after, row.place_after);
  if (row.local_before.empty()) return fmt::format("{}: {}", row.lead, now);
  if (row.local_after.empty()) return fmt::format("{}: was {}", row.lead, old);
  return fmt::format("{}: {}, was {}", row.lead, now, old);
}

/// Empty where nothing is assumed.
std::string assumed(const LogDiff& diff) {
  if (!diff.assuming.first) return {};
  return assuming_head(diff.assuming) +
         " What is told here is the first run: the same people, with the same draws, in both.";
}

std::string differences_head(const LogDiff& diff) {
  return fmt::format("After minus before, {}, pairwise: the mean, and where 95 % of them lie",
                     outcome::counted(diff.differences->runs(), "run", "runs"));
}

}  // namespace

std::string log_text(const LogDiff& diff, bool colour) {
  std::string out = outcome::bold_text("Over the log", colour) + "\n  " + headline(diff) + "\n";
  if (diff.assuming.first) {
    for (const std::string& line : outcome::wrap(assumed(diff), kWidth - 2)) out += "  " + line + "\n";
  }
  if (diff.totals.empty()) return out;
  outcome::Table table(kWidth);
  table.column(kColumns[0], outcome::Table::Align::Left);
  for (std::size_t i = 1; i < kColumns.size(); ++i) table.column(kColumns[i]);
  for (const LogTotal& each : diff.totals) table.row(cells(each));
  out += "\n" + table.text();
  std::string campaign;
  for (const LogRow& row : diff.rows) {
    if (row.campaign != campaign) out += "\n" + outcome::bold_text("─ " + row.campaign, colour) + "\n";
    campaign = row.campaign;
    out += fmt::format("  {}: {}\n", row.what, how_many(row));
    for (const std::string& line : outcome::wrap("first " + example(row), kWidth - 4)) out += "    " + line + "\n";
  }
  if (diff.differences) {
    out +=
        "\n" + outcome::bold_text(differences_head(diff), colour) + "\n" + ranges_text(*diff.differences, colour, true);
  }
  return out;
}

std::string log_markdown(const LogDiff& diff) {
  std::string out = fmt::format("### Over the log\n\n{}\n", headline(diff));
  if (diff.assuming.first) out += fmt::format("\n{}\n", assumed(diff));
  if (diff.totals.empty()) return out;
  out += fmt::format("\n| {} |\n|---", fmt::join(kColumns, " | "));
  for (std::size_t i = 1; i < kColumns.size(); ++i) out += "|---:";
  out += "|\n";
  for (const LogTotal& each : diff.totals) out += fmt::format("| {} |\n", fmt::join(cells(each), " | "));
  std::string campaign;
  for (const LogRow& row : diff.rows) {
    if (row.campaign != campaign) out += fmt::format("\n`{}`:\n\n", row.campaign);
    campaign = row.campaign;
    out += fmt::format("- {}: {}; first `{}`\n", row.what, how_many(row), example(row));
  }
  if (diff.differences) {
    out += fmt::format("\n{}:\n\n```text{}```\n", differences_head(diff), ranges_text(*diff.differences, false, true));
  }
  return out;
}

void log_json(const LogDiff& diff, JsonWriter& json) {
  json.begin_object().member("leads", diff.leads).member("accounts", diff.accounts);
  json.member("different", diff.different).member("read_twice", diff.read_twice).key("totals").begin_array();
  for (const LogTotal& each : diff.totals) {
    json.begin_object().member("of", each.facet).member("before", each.before).member("after", each.after);
    json.member("same", each.same).member("earlier", each.earlier).member("later", each.later);
    json.member("other", each.other).member("lost", each.lost).member("added", each.added).end_object();
  }
  json.end_array().key("differences").begin_array();
  for (const LogRow& row : diff.rows) {
    json.begin_object().member("campaign", row.campaign).member("of", row.facet).member("fate", row.fate);
    json.member("before", row.before).member("after", row.after).member("what", row.what);
    json.member("leads", row.leads).member("count", row.count).key("first").begin_object().member("lead", row.lead);
    if (!row.at_before.empty()) json.member("before", row.at_before).member("was_at", row.place_before);
    if (!row.at_after.empty()) json.member("after", row.at_after).member("at", row.place_after);
    json.end_object().end_object();
  }
  json.end_array();
  if (diff.assuming.first) json.member("assumed", diff.assuming.words);
  if (diff.differences) {
    json.key("runs");
    ranges_json(*diff.differences, diff.assuming, json);
  }
  json.end_object();
}

}  // namespace nurture::tool
