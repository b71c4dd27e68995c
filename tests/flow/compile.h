#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/sema/model.h"
#include "compiler/syntax/syntax.h"

/// Programmes of the tests of flow and codegen: a common vocabulary and what the test itself writes.
namespace nurture::test {

inline constexpr std::string_view kVocabulary = R"(
program { name "Acme"  timezone "Europe/London"  currency "GBP" }
lead {
  first_name: text?
  country: text?
  timezone: text?
  owner: text?
  age: integer?
  ratio: number?
  spent: decimal?
  plan: choice [free, pro]?
  renewal_on: date?
  called_at: datetime?
  ready: boolean = false
  subscribed: boolean?
  tags: list of text?
}
account { industry: text? }
event form.submitted by lead { form: text  starts_at: datetime?  amount: decimal? }
event email.clicked by lead unless machine { machine: boolean?  content: text? }
event page.viewed by lead { url: text  seconds: integer? }
event order.placed by lead { total: decimal }
event sales.accepted by us ends sales hold answers hand off
event sales.rejected by us ends sales hold answers hand off { reason: text? }
content hello: email { subject "Hello {lead.first_name else 'there'}" }
content again: email { subject "Again" }
content bill: email { subject "Bill"  class transactional }
)";

struct NoFiles : FileSystem {
  Error missing(const std::string& path) { return {path + ": no such file", ""}; }
  Result<std::string> read_file(const std::string& path, std::uint64_t) override { return missing(path); }
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override { return missing(path); }
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override { return missing(path); }
  bool is_directory(const std::string&) override { return false; }
  bool exists(const std::string&) override { return false; }
  Result<std::vector<std::string>> list(const std::string& path) override { return missing(path); }
};

struct Compiled {
  std::unique_ptr<sema::Unit> unit = std::make_unique<sema::Unit>();
  std::vector<flow::CampaignGraph> graphs;

  /// "E0501 3:5" for each diagnostic, in order, warnings of other stages left out.
  std::vector<std::string> found() const {
    std::vector<std::string> rows;
    for (const Diagnostic& each : unit->diagnostics.all()) {
      std::string_view code = info(each.id).code;
      if (code.starts_with("W") && !code.starts_with("W05")) continue;
      LineColumn at = unit->sources.file(each.span.file).locate(each.span.begin);
      rows.push_back(std::string(code) + " " + std::to_string(at.line) + ":" + std::to_string(at.column));
    }
    return rows;
  }
};

/// Reads, checks and draws a programme: the vocabulary and `text`, whose lines count from 1.
inline Compiled compile(std::string_view text) {
  Compiled made;
  sema::Unit& unit = *made.unit;
  for (auto [path, content] : {std::pair{"vocabulary.nurture", kVocabulary}, std::pair{"test.nurture", text}}) {
    const SourceFile& file = unit.sources.add(path, std::string(content));
    unit.files.push_back(syntax::parse(file, unit.tree, unit.diagnostics));
  }
  NoFiles files;
  sema::analyze(unit, sema::Library({}), files);
  made.graphs = flow::build(unit.model, unit.diagnostics);
  unit.diagnostics.sort();
  return made;
}

/// A campaign around the clauses and stages given.
inline std::string campaign(std::string_view body) {
  return "campaign c {\n  enter on form.submitted\n" + std::string(body) + "}\n";
}

}  // namespace nurture::test
