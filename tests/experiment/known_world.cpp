#include "tests/experiment/known_world.h"

#include <algorithm>
#include <memory>

#include "compiler/driver/driver.h"
#include "runtime/engine/engine.h"
#include "runtime/experiment/assignments.h"
#include "runtime/host/memory_file_system.h"
#include "runtime/outcome/summary.h"
#include "runtime/vm/vm.h"
#include "tests/catch.h"

namespace nurture::experiment::test {

namespace {

std::size_t field_of(const bytecode::Module& module, const std::vector<bytecode::Field>& fields,
                     std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const bytecode::Field& field) { return module.strings[field.name] == name; });
  REQUIRE(found != fields.end());
  return static_cast<std::size_t>(found - fields.begin());
}

bytecode::StringIndex string_of(const bytecode::Module& module, std::string_view name) {
  const auto found = std::find(module.strings.begin(), module.strings.end(), name);
  REQUIRE(found != module.strings.end());
  return static_cast<bytecode::StringIndex>(found - module.strings.begin());
}

}  // namespace

bytecode::Module compiled(const std::string& text) {
  host::MemoryFileSystem files;
  files.put("world.nurture", text);
  auto found = driver::check("world.nurture", files);
  REQUIRE(found);
  for (const Diagnostic& each : found->unit->diagnostics.all()) UNSCOPED_INFO(each.message);
  REQUIRE_FALSE(found->failed());
  auto compiled = driver::compile(*found);
  REQUIRE(compiled);
  return std::move(compiled->module);
}

Log::Log(const bytecode::Module& module) : module_(module), builder_(module.schema, {}, false) {}

std::uint16_t Log::kind_of(std::string_view name) const {
  const auto& kinds = module_.schema.kinds;
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const bytecode::EventKind& kind) { return module_.strings[kind.name] == name; });
  REQUIRE(found != kinds.end());
  return static_cast<std::uint16_t>(found - kinds.begin());
}

void Log::lead(const std::string& key, std::string_view attribute, const std::string& value) {
  const auto field = static_cast<std::uint16_t>(field_of(module_, module_.schema.lead, attribute));
  builder_.set_attribute(builder_.lead(key), field, Value::of_text(builder_.texts().intern(value)));
}

void Log::account(const std::string& lead, const std::string& account) {
  builder_.set_account(builder_.lead(lead), account);
}

void Log::event(const std::string& lead, Instant after, std::string_view kind, const std::string& value) {
  const std::uint16_t code = kind_of(kind);
  std::vector<Value> properties(module_.schema.kinds[code].properties.size());
  if (!value.empty()) properties.at(0) = Value::of_text(builder_.texts().intern(value));
  builder_.add({builder_.lead(lead), kStart + after, static_cast<std::uint8_t>(code), 0, properties, {}, {}});
}

store::Store Log::build(Instant ends) {
  store::BuildFacts facts;
  return builder_.build(kStart, kStart + ends, facts, store::linking_of(module_));
}

void run(const bytecode::Module& module, store::Store& store, Instant until,
         const std::function<outcome::Sink*(std::size_t range)>& make_sink) {
  const vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  engine::RunOptions options;
  options.until = until;
  const auto status = engine::run(bound, store, options, make_sink);
  REQUIRE(status);
}

Lookout lookout_of(const bytecode::Module& module, std::string_view campaign, std::string_view arm, std::string_view by,
                   const std::vector<std::string>& policies) {
  Lookout out;
  for (std::uint16_t c = 0; c < module.campaigns.size(); ++c) {
    if (module.strings[module.campaigns[c].name] == campaign) out.campaign = c;
  }
  out.arm = string_of(module, arm);
  out.arm_type = {TypeKind::Text, true};
  if (!by.empty()) {
    out.by = string_of(module, by);
    out.by_type = {TypeKind::Text, true};
  }
  for (const std::string& policy : policies) out.policies.push_back(string_of(module, policy));
  return out;
}

Recorded observed(const bytecode::Module& module, store::Store& store, const Lookout& lookout, Instant until) {
  std::vector<std::unique_ptr<RecordedSink>> sinks;
  run(module, store, until, [&](std::size_t) {
    sinks.push_back(std::make_unique<RecordedSink>(module, store, lookout, outcome::horizon_of(store, until)));
    return sinks.back().get();
  });
  Recorded out;
  for (const auto& sink : sinks) out.merge(sink->recorded());
  return out;
}

std::vector<Experiment> simulated(const bytecode::Module& module, store::Store& store, Instant until) {
  const Instant horizon = outcome::horizon_of(store, until);
  std::vector<std::unique_ptr<AssignmentSink>> sinks;
  run(module, store, until, [&](std::size_t) {
    sinks.push_back(std::make_unique<AssignmentSink>(module, store, horizon));
    return sinks.back().get();
  });
  AssignmentSink out(module, store, horizon);
  for (const auto& sink : sinks) out.merge(*sink);
  return out.experiments();
}

}  // namespace nurture::experiment::test
