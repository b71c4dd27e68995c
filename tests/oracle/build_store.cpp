#include "tests/oracle/build_store.h"

#include <algorithm>
#include <map>

#include "runtime/base/check.h"
#include "runtime/host/memory_file_system.h"
#include "runtime/store/file.h"

namespace nurture::oracle {

namespace {

class Builder {
 public:
  Builder(const Log& log, const bytecode::Module& module) : log_(log), module_(module) {}

  store::Store build() {
    accounts();
    prepare();
    for (const LogLead& lead : log_.leads) add_lead(lead);
    store_.lead_begin.push_back(store_.events());
    store_.change_begin.push_back(static_cast<std::uint32_t>(store_.changes.size()));
    store_.first_instant = log_.first();
    store_.last_instant = log_.last();
    return std::move(store_);
  }

 private:
  const std::string& string(std::uint16_t index) const { return module_.strings[index]; }

  Value value(const Datum& d) {
    if (!d.known) return Value{};
    switch (d.kind) {
      case TypeKind::Text:
      case TypeKind::Choice:
      case TypeKind::Content:
        return Value::of_text(store_.texts.intern(d.text));
      case TypeKind::Number:
        return Value::of_number(d.number);
      case TypeKind::Duration:
        return Value::of_duration(d.duration);
      case TypeKind::List: {
        std::vector<Value> items;
        for (const Datum& item : d.items) items.push_back(value(item));
        return Value::of(store_.lists.intern(std::move(items)));
      }
      case TypeKind::Integer:
      case TypeKind::Decimal:
      case TypeKind::Boolean:
      case TypeKind::Date:
      case TypeKind::Time:
      case TypeKind::DateTime:
      case TypeKind::Percent:
        return Value::of(d.whole);
    }
    return Value{};
  }

  Value field(const Fields& fields, std::uint16_t name) {
    auto found = fields.find(string(name));
    return found == fields.end() ? Value{} : value(found->second);
  }

  void accounts() {
    store_.account_attributes.resize(module_.schema.account.size());
    for (const std::string& name : accounts_of(log_)) {
      const auto given = log_.accounts.find(name);
      const Fields fields = given == log_.accounts.end() ? Fields{} : given->second;
      store_.accounts.push_back(store_.texts.intern(name));
      for (std::size_t i = 0; i < module_.schema.account.size(); ++i) {
        store_.account_attributes[i].set(store_.accounts.size() - 1, field(fields, module_.schema.account[i].name));
      }
    }
  }

  void prepare() {
    store_.lead_attributes.resize(module_.schema.lead.size());
    store_.blocks.resize(module_.schema.kinds.size());
    for (std::size_t k = 0; k < module_.schema.kinds.size(); ++k) {
      store_.blocks[k].columns.resize(module_.schema.kinds[k].properties.size());
      kinds_[string(module_.schema.kinds[k].name)] = static_cast<std::uint8_t>(k);
    }
  }

  void add_lead(const LogLead& lead) {
    store_.leads.push_back(store_.texts.intern(lead.key));
    store_.lead_begin.push_back(store_.events());
    for (std::size_t i = 0; i < module_.schema.lead.size(); ++i) {
      store_.lead_attributes[i].set(store_.leads.size() - 1, field(lead.attributes, module_.schema.lead[i].name));
    }
    Instant first = lead.events.empty() ? kNever : lead.events.front().at;
    Instant begins = std::min(lead.created, first);
    store_.lead_created.push_back(begins == kNever ? log_.first() : begins);
    auto account =
        std::find(store_.accounts.begin(), store_.accounts.end(), store_.texts.intern(account_in(lead.attributes)));
    store_.lead_account.push_back(account == store_.accounts.end()
                                      ? store::kNoAccount
                                      : static_cast<std::uint32_t>(account - store_.accounts.begin()));
    for (const LogEvent& event : lead.events) add_event(event);
  }

  void add_event(const LogEvent& event) {
    std::uint8_t kind = kinds_.at(event.kind);
    store::KindBlock& block = store_.blocks[kind];
    const bytecode::EventKind& schema = module_.schema.kinds[kind];
    for (std::size_t p = 0; p < schema.properties.size(); ++p) {
      block.columns[p].set(block.rows, field(event.properties, schema.properties[p].name));
    }
    if (!event.changes.empty()) add_changes(event.changes);
    store_.kind.push_back(kind);
    store_.at.push_back(event.at);
    store_.position.push_back(event.position);
    store_.row.push_back(block.rows++);
  }

  void add_changes(const Fields& changes) {
    store_.change_events.push_back(store_.events());
    store_.change_begin.push_back(static_cast<std::uint32_t>(store_.changes.size()));
    for (std::size_t i = 0; i < module_.schema.lead.size(); ++i) {
      auto found = changes.find(string(module_.schema.lead[i].name));
      if (found != changes.end()) store_.changes.push_back({static_cast<std::uint16_t>(i), value(found->second)});
    }
  }

  const Log& log_;
  const bytecode::Module& module_;
  store::Store store_;
  std::map<std::string, std::uint8_t> kinds_;
};

}  // namespace

store::Store build_store(const Log& log, const bytecode::Module& module) { return Builder(log, module).build(); }

store::Store through_file(store::Store store, const bytecode::Module& module) {
  host::MemoryFileSystem files;
  auto sink = files.create("log.store");
  const store::SchemaNames names = store::names_of(module);
  store::Kept kept;
  for (std::uint32_t position : store.position) kept.rows = std::max(kept.rows, position + 1);  // some rows may be gone
  kept.leads = std::vector<std::uint8_t>(store.leads.size(), store::kInLog | store::kBegan);
  kept.accounts = std::vector<std::uint8_t>(store.accounts.size(), store::kAccountNamed);
  NURTURE_CHECK(store::write({names, "", "", std::move(store), std::move(kept)}, **sink).ok());
  NURTURE_CHECK((*sink)->commit().ok());
  auto file = store::load(*files.view("log.store"), "log.store", store::Trust::Verified);
  NURTURE_CHECK(file.ok());
  const auto places = store::places(names, file->front().names, {});
  NURTURE_CHECK(places.ok());
  return store::renumbered(std::move(file->front().store), module.schema, *places, true);
}

}  // namespace nurture::oracle
