#include "tests/oracle/compare.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "runtime/engine/engine.h"
#include "runtime/host/memory_file_system.h"
#include "runtime/store/link.h"
#include "tests/native.h"
#include "tests/oracle/build_store.h"
#include "tests/oracle/canonical.h"
#include "tests/oracle/evaluate.h"
#include "tests/oracle/interpreter.h"
#include "tests/oracle/vocabulary.h"

namespace nurture::oracle {

Built build(const std::string& text) {
  Built built;
  host::MemoryFileSystem files;
  files.put("p.nurture", text);
  for (const TableWord& word : table_words()) files.put(word.file, word.text);
  auto checked = driver::check("p.nurture", files);
  if (!checked) {
    built.complaint = checked.error().message;
    return built;
  }
  built.checked = std::move(*checked);
  const sema::Unit& unit = *built.checked.unit;
  if (built.checked.failed()) {
    built.complaint = render_terminal(unit.diagnostics, unit.sources, false);
    return built;
  }
  auto compiled = driver::compile(built.checked);
  if (!compiled) {
    built.complaint = compiled.error().message;
    return built;
  }
  auto decoded = bytecode::decode(bytecode::encode(compiled->module));
  if (!decoded) {
    built.complaint = decoded.error().message;
  } else if (*decoded != compiled->module) {
    built.complaint = "the module is another one after encoding and decoding";
  } else {
    built.module = std::move(*decoded);
  }
  return built;
}

namespace {

bool follows_accounts(const bytecode::Module& module) { return store::linking_of(module).accounts; }

/// What is not wanted by a picky sink.
constexpr outcome::Kinds kUnwanted =
    outcome::kinds({outcome::Kind::Began, outcome::Kind::WaitBegan, outcome::Kind::StageLeft});

/// Lines in the order told, up to one more than `most`, which says that it is too much to compare.
class Lines final : public outcome::Sink {
 public:
  Lines(const bytecode::Module& module, const store::Store& store, std::size_t most, bool picky)
      : canonical_(module, store),
        store_(store),
        accounts_(follows_accounts(module)),
        left_(most + 1),
        wants_(picky ? outcome::kAllKinds & ~kUnwanted : outcome::kAllKinds) {}
  outcome::Kinds wants() const override { return wants_; }
  void on(const outcome::Outcome& outcome) override {
    if ((store_.is_account(outcome.lead) && !accounts_) || left_ == 0 || !has(wants_, outcome.kind)) return;
    // Of what has ended, the engine keeps (and tells) only what may still count.
    if (outcome.kind == outcome::Kind::MovedHere && !outcome.value.truth()) return;
    --left_;
    canonical_.on(outcome);
  }
  const std::vector<std::string>& lines() const { return canonical_.lines; }

 private:
  Canonical canonical_;
  const store::Store& store_;
  bool accounts_;
  std::size_t left_;
  outcome::Kinds wants_;
};

std::optional<engine::Assumption> assumption(const bytecode::Module& module, const Asked& asked) {
  for (std::uint16_t i = 0; asked.assume && i < module.scenarios.size(); ++i) {
    if (module.strings[module.scenarios[i].name] == asked.assume->scenario)
      return engine::Assumption{i, asked.assume->seed, asked.assume->run};
  }
  return std::nullopt;
}

std::vector<std::string> run_engine(const bytecode::Module& module, const Log& log, const Asked& asked,
                                    std::size_t most, std::string& failure, bool& endless) {
  store::Store store = build_store(log, module);
  if (asked.stored) store = through_file(std::move(store), module);
  store::Linking linking = store::linking_of(module);
  if (asked.linked) linking.accounts = linking.of_account = true;
  store::link(store, module.schema, linking);
  vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  if (asked.native) testing::go_native(bound);
  engine::RunOptions options;
  options.threads = asked.threads;
  options.until = asked.until;
  options.deployed_at = asked.deployed;
  options.assumed = assumption(module, asked);
  options.texts = true;
  options.vectors = asked.vectors;
  std::vector<std::unique_ptr<Lines>> sinks;
  Status status = engine::run(bound, store, options, [&](std::size_t) {
    sinks.push_back(std::make_unique<Lines>(module, store, most, asked.picky));
    return sinks.back().get();
  });
  endless = !status && status.error().message.find("what follows from reactions") != std::string::npos;
  if (!status && !endless) failure = "the engine failed: " + status.error().message;
  std::vector<std::string> lines;
  for (const auto& sink : sinks) lines.insert(lines.end(), sink->lines().begin(), sink->lines().end());
  return lines;
}

void erase_unwanted(std::vector<std::string>& lines) {
  std::erase_if(lines, [](const std::string& line) {
    for (unsigned kind = 0; kind < 64; ++kind) {
      if ((kUnwanted >> kind & 1) == 0) continue;
      const std::string name = fmt::format("Z {}", kind_name(static_cast<outcome::Kind>(kind)));
      const std::size_t at = line.find(name);
      const std::size_t end = at + name.size();
      if (at != std::string::npos && (end == line.size() || line[end] == ' ')) return true;
    }
    return false;
  });
}

/// What hangs on assumptions does so unit by unit: of larger units it is more.
void unmark(std::vector<std::string>& lines) {
  for (std::string& line : lines) {
    if (line.ends_with(" ~")) line.resize(line.size() - 2);
  }
}

/// Lead by lead, whatever the units.
void sort_by_lead(std::vector<std::string>& lines) {
  const auto key = [](const std::string& line) { return std::string_view(line).substr(0, line.find(' ')); };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const std::string& a, const std::string& b) { return key(a) < key(b); });
}

Programme reference_of(const Built& built, const Asked& asked) {
  Programme programme{
      .unit = built.checked.unit.get(), .seed = built.module.seed, .deployed = asked.deployed, .assume = asked.assume};
  for (const bytecode::Campaign& campaign : built.module.campaigns) {
    bool given = campaign.longest != bytecode::kNone;
    programme.longest.push_back(given ? built.module.constants[campaign.longest].value.duration() : Duration{});
  }
  return programme;
}

/// The reference judges everything anew at every step, so what a programme does every minute for a year would take it
/// hours. Of a run with more lines than this, or with endless reactions, the time up to an earlier horizon is compared.
constexpr std::size_t kMostLinesPerLead = 1'000;

LogLead unknown_lead(const std::string& key, const sema::Model& model) {
  LogLead lead;
  lead.key = key;
  for (const sema::Field& field : model.lead) {
    if (field.default_value) lead.attributes[field.name] = datum_of(*field.default_value);
  }
  return lead;
}

/// Kinds that the programme does not declare are of no interest: an import leaves them out. Keys that are named only
/// as what others turn out to be are leads too.
Log of_interest(const Log& log, const sema::Model& model) {
  Log out = log;
  for (LogLead& lead : out.leads) {
    std::erase_if(lead.events, [&](const LogEvent& e) { return model.find_kind(e.kind) == sema::kNoIndex; });
  }
  std::map<std::string, LogLead> all;
  for (const LogLead& lead : out.leads) all.emplace(lead.key, lead);
  for (const LogLead& lead : out.leads) {
    for (const LogEvent& event : lead.events) {
      auto into = event.properties.find("into");
      if (event.kind != "lead.merged" || into == event.properties.end() || !into->second.known) continue;
      all.try_emplace(into->second.text, unknown_lead(into->second.text, model));
    }
  }
  out.leads.clear();
  for (auto& [key, lead] : all) out.leads.push_back(std::move(lead));
  return out;
}

}  // namespace

Verdict compare(const Built& built, const Log& all, const Asked& asked) {
  Log log = of_interest(all, built.checked.unit->model);
  Verdict verdict;
  if (log.events() == 0 || built.module.campaigns.empty()) return verdict;
  Asked cut = asked;
  if (cut.until == kNever) cut.until = log.last();
  const std::size_t most = kMostLinesPerLead * log.leads.size();
  Instant first = log.first();
  for (const LogLead& lead : log.leads) first = std::min(first, begins(lead, log));
  const auto run = [&](bool linked) {
    cut.linked = linked;
    bool endless = false;
    verdict.engine = run_engine(built.module, log, cut, most, verdict.failure, endless);
    while (verdict.failure.empty() && (endless || verdict.engine.size() > most) && cut.until > first) {
      cut.until = first + (cut.until - first) / 2;
      verdict.engine = run_engine(built.module, log, cut, most, verdict.failure, endless);
    }
  };
  run(false);  // a unit keeps all it has to tell until its end, which may be too much
  if (asked.linked && verdict.failure.empty()) run(true);
  if (!verdict.failure.empty()) return verdict;
  try {
    verdict.reference = interpret(reference_of(built, cut), log, cut.until);
    if (asked.picky) erase_unwanted(verdict.reference);
    if (asked.linked && !follows_accounts(built.module)) {
      unmark(verdict.reference);
      unmark(verdict.engine);
      sort_by_lead(verdict.reference);
      sort_by_lead(verdict.engine);
    }
  } catch (const std::runtime_error& error) {
    verdict.failure = error.what();
  }
  return verdict;
}

std::string show(const Asked& asked) {
  std::string out = asked.linked ? "linked " : "";
  if (asked.picky) out += "picky ";
  if (asked.native) out += "native ";
  if (asked.vectors != 0) out += fmt::format("vectors {} ", asked.vectors);
  if (asked.assume)
    out += fmt::format("assume {} seed {} run {} ", asked.assume->scenario, asked.assume->seed, asked.assume->run);
  if (asked.deployed) out += "deployed at " + calendar::format_utc(*asked.deployed) + " ";
  return out + (asked.until == kNever ? "" : "until " + calendar::format_utc(asked.until)) + "\n";
}

std::string difference(const Verdict& verdict) {
  if (!verdict.failure.empty()) return verdict.failure + "\n";
  const auto& a = verdict.reference;
  const auto& b = verdict.engine;
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  std::string out;
  for (std::size_t i = at < 12 ? 0 : at - 12; i < at; ++i) out += "    both: " + a[i] + "\n";
  for (std::size_t i = at; i < std::min(a.size(), at + 8); ++i) out += "     ref: " + a[i] + "\n";
  for (std::size_t i = at; i < std::min(b.size(), at + 8); ++i) out += "  engine: " + b[i] + "\n";
  return out;
}

}  // namespace nurture::oracle
