#include "runtime/eventlog/stored.h"

#include "tests/catch.h"
#include "tests/eventlog/fixture.h"
#include "tests/eventlog/sealed.h"

// A log as a store file: what is replayed from it is what is replayed from the log, and a damaged one says so.

namespace nurture::eventlog::test {
namespace {

constexpr const char* kLog =
    R"({"lead":"eva","at":"2026-03-07T10:00:00Z","event":"page.viewed","url":"/b"}
{"lead":"ada","at":"2026-03-05T10:00:00Z","event":"form.submitted","form":"whitepaper","pages":12}
{"lead":"ada","at":"2026-03-05T10:00:00Z","event":"page.viewed","url":"/a"}
{"lead":"ben","at":"2026-03-06T10:00:00Z","event":"lead.updated","country":"US","seats":700}
{"lead":"ben","at":"2026-03-04T10:00:00Z","event":"unknown.kind"}
{"lead":"ben","at":"2026-03-09T10:00:00Z","event":"page.viewed"}
{"lead":"ada","at":"2026-03-09T10:00:00Z","event":"lead.updated","country":null}
{"lead":"ada","at":"soon","event":"page.viewed"}
)";

/// Log and lead table in memory, and the store that they make.
struct Kept {
  explicit Kept(const bytecode::Module& module, const std::string& log = kLog) {
    files.put("log.ndjson", log);
    files.put("leads.csv", "lead,country,timezone,seats\nada,GB,Europe/London,3\nzoe,,,\n");
    direct.logs = {"log.ndjson"};
    direct.leads = "leads.csv";
    write(module);
  }
  void write(const bytecode::Module& module) {
    auto sink = files.create("log.store");
    ImportTotals totals;
    const Status done = import_to_file(module, files, direct, **sink, totals);
    if (!done) FAIL(done.error().message);
    REQUIRE((*sink)->commit().ok());
  }
  std::string bytes() const { return files.content("log.store"); }
  /// The message with which the file is refused, or "".
  std::string refused(const std::string& content, store::Trust trust) {
    files.put("other.store", content);
    const auto file = store::load(*files.view("other.store"), "other.store", trust);
    return file ? "" : file.error().message;
  }
  std::string refused_for(const bytecode::Module& module, ImportOptions options = {}) {
    options.logs = {"log.store"};
    const auto imported = import(module, files, options);
    return imported ? "" : imported.error().message;
  }

  host::MemoryFileSystem files;
  ImportOptions direct;
};

ImportOptions from_store() {
  ImportOptions options;
  options.logs = {"log.store"};
  return options;
}

/// Both ways give the same, rejects and counts included.
void check_alike(const bytecode::Module& module, Kept& kept) {
  const Outcome direct = import_files(module, kept.files, kept.direct);
  const Outcome stored = import_files(module, kept.files, from_store());
  CHECK(dump(module, stored.store()) == dump(module, direct.store()));
  CHECK(encode({"", "", kNever, stored.totals(), {}, {}}) == encode({"", "", kNever, direct.totals(), {}, {}}));
  CHECK(stored.store().first_instant == direct.store().first_instant);
  CHECK(stored.store().last_instant == direct.store().last_instant);
  REQUIRE(stored.rejects.size() == direct.rejects.size());
  for (std::size_t i = 0; i < stored.rejects.size(); ++i) {
    CHECK(stored.rejects[i].text == direct.rejects[i].text);
    CHECK(stored.rejects[i].reject.line == direct.rejects[i].reject.line);
    CHECK(stored.rejects[i].reject.detail == direct.rejects[i].reject.detail);
  }
}

TEST_CASE("what comes from a store is what comes from the log") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module);
  check_alike(maker.module, kept);
  CHECK(kept.refused(kept.bytes(), store::Trust::Verified).empty());
}

TEST_CASE("an empty log makes a store, too") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module, "");
  check_alike(maker.module, kept);
  CHECK(kept.refused(kept.bytes(), store::Trust::Verified).empty());
}

TEST_CASE("the same events in another order of leads make the same columns") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module);
  const std::string first = kept.bytes();
  kept.write(maker.module);
  CHECK(kept.bytes() == first);
}

TEST_CASE("a programme that numbers otherwise reads the same store") {
  ModuleMaker maker = sample();
  Kept kept(maker.module);
  auto& schema = maker.module.schema;
  std::swap(schema.kinds[0], schema.kinds[1]);
  std::swap(schema.lead[0], schema.lead[2]);
  std::swap(schema.kinds[1].properties[0], schema.kinds[1].properties[1]);
  if (schema.lead_country != bytecode::kNone) schema.lead_country = 2;
  check_alike(maker.module, kept);
}

TEST_CASE("an event that the log does not have may be new") {
  ModuleMaker maker = sample();
  Kept kept(maker.module);
  maker.kind("demo.requested");
  check_alike(maker.module, kept);
}

TEST_CASE("what the import did not keep or read otherwise is named") {
  ModuleMaker maker = sample();
  Kept kept(maker.module);
  SECTION("an event") {
    maker.kind("unknown.kind");
    CHECK(kept.refused_for(maker.module) ==
          "the store does not fit the programme: the event unknown.kind was not declared when the log was imported, so "
          "it was not kept");
  }
  SECTION("a property") {
    maker.module.schema.kinds[0].properties.push_back(maker.field("size", optional(TypeKind::Integer)));
    CHECK(kept.refused_for(maker.module).find("the property form.submitted.size was not declared") !=
          std::string::npos);
  }
  SECTION("a type") {
    maker.module.schema.kinds[0].properties[1].type = optional(TypeKind::Text);
    CHECK(kept.refused_for(maker.module) ==
          "the store does not fit the programme: the property form.submitted.pages is text, optional here, and was "
          "integer, optional when the log was imported");
  }
  SECTION("an attribute") {
    maker.attribute("colour", optional(TypeKind::Text));
    CHECK(kept.refused_for(maker.module).find("the attribute lead.colour was not declared") != std::string::npos);
  }
}

TEST_CASE("options that belong to the import are refused with a store") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module);
  ImportOptions options;
  options.leads = "leads.csv";
  CHECK(kept.refused_for(maker.module, options).starts_with("--leads does not go with the store log.store"));
  options = {};
  options.not_after = 5;
  CHECK(kept.refused_for(maker.module, options).starts_with("--not-after does not go"));
  options = {};
  options.strict = true;
  CHECK(kept.refused_for(maker.module, options).starts_with("log.ndjson line 8: the instant does not read"));
  options.logs = {"log.ndjson", "log.store"};
  const auto together = import(maker.module, kept.files, options);
  REQUIRE(!together);
  CHECK(together.error().message == "the store log.store cannot be read together with other logs");
}

TEST_CASE("actions of a campaign are in a store as the run for which it was made has them") {
  ModuleMaker maker = sample();
  maker.module.schema.kinds[1].actor = bytecode::Actor::Us;
  Kept kept(maker.module,
            R"({"lead":"ada","at":"2026-03-05T10:00:00Z","event":"page.viewed","origin":"welcome"}
{"lead":"ada","at":"2026-03-06T10:00:00Z","event":"page.viewed","origin":"other"}
)");
  CHECK(kept.refused_for(maker.module).empty());
  ImportOptions runs;
  runs.executed = {0};
  CHECK(kept.refused_for(maker.module, runs) ==
        "the store does not fit this run: it has what the campaign \"welcome\" logged, because that one did not run "
        "when the log was imported");
  kept.direct.executed = {0};
  kept.write(maker.module);
  CHECK(kept.refused_for(maker.module, runs).empty());
  CHECK(kept.refused_for(maker.module).find("it leaves out what the campaign \"welcome\" logged") != std::string::npos);
}

TEST_CASE("every flipped bit and every cut is found") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module);
  const std::string file = kept.bytes();
  std::size_t missed = 0;
  for (std::size_t at = 0; at < file.size(); at += at < 128 || at > 4000 ? 1 : 61) {
    std::string other = file;
    other[at] = static_cast<char>(other[at] ^ (1 << (at % 8)));
    if (store::is_store(other) && kept.refused(other, store::Trust::Verified).empty()) ++missed;
  }
  CHECK(missed == 0);
  for (std::size_t size = 0; size < file.size(); size += 37) {
    if (kept.refused(file.substr(0, size), store::Trust::Checked).empty()) ++missed;
  }
  CHECK(missed == 0);
  CHECK(kept.refused(file + 'x', store::Trust::Checked) ==
        "the store other.store is damaged: the gap behind a part (bytes " + std::to_string(file.size()) + " to " +
            std::to_string((file.size() + 4095) / 4096 * 4096) + ") is not empty");
}

TEST_CASE("a damaged block is named, with its place") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module);
  std::string file = kept.bytes();
  const std::size_t at = file.find("whitepaper");
  REQUIRE(at != std::string::npos);
  file[at] = 'W';
  const std::string message = kept.refused(file, store::Trust::Checked);
  CHECK(message.starts_with("the store other.store is damaged: block 0 of the texts (bytes "));
  CHECK(message.ends_with("is not what was written"));
}

TEST_CASE("a file that is made to look whole is refused, or leads nowhere that it should not") {
  const ModuleMaker maker = sample();
  Kept kept(maker.module);
  const std::string file = kept.bytes();
  std::size_t refused = 0, loaded = 0;
  for (std::size_t at = 4096; at < file.size(); ++at) {
    for (const int value : {0, 1, 0x7f, 0x80, 0xff}) {
      std::string other = file;
      other[at] = static_cast<char>(value);
      kept.files.put("log.store", sealed(std::move(other)));
      const auto imported = import(maker.module, kept.files, from_store());
      if (!imported) {
        ++refused;
        continue;
      }
      ++loaded;
      REQUIRE(!dump(maker.module, imported->store).empty());
    }
  }
  CHECK(refused > 100);
  CHECK(loaded > 100);
}

TEST_CASE("facts that are none do not read") {
  StoredFacts facts;
  facts.totals.warnings = {"look out"};
  facts.origins["welcome"] = {1, 2};
  facts.since.first_table_reject = "leads.csv line 2";
  const std::string bytes = encode(facts);
  REQUIRE(decode(bytes, ""));
  CHECK(encode(*decode(bytes, "")) == bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK(!decode(bytes.substr(0, size), ""));
  CHECK(!decode(bytes + "x", ""));
  const eventlog::KeptReject reject{"log", 1, 2, RejectReason::BadEncoding, "d", "t"};
  const std::string two = encode(reject) + encode(reject);
  REQUIRE(decode(bytes, two));
  CHECK(decode(bytes, two)->rejects.size() == 2);
  CHECK(encode(decode(bytes, two)->rejects[1]) == encode(reject));
  for (std::size_t size = 1; size < two.size(); ++size) {
    if (size != two.size() / 2) CHECK(!decode(bytes, two.substr(0, size)));
  }
}

}  // namespace
}  // namespace nurture::eventlog::test
