#include "runtime/eventlog/export.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "runtime/calendar/calendar.h"
#include "runtime/eventlog/export_values.h"

namespace nurture::eventlog {
namespace {

using store::EventIndex;
using store::FieldNames;
using store::LeadIndex;
using store::Store;
using store::StoreFile;
using Kind = OutCell::Kind;

constexpr std::size_t kNoColumn = SIZE_MAX;
constexpr std::size_t kLead = 0, kAt = 1, kEvent = 2;  // columns of a log

Error beyond_native(const std::string& what) {
  return {"cannot export the store: " + what, "keep the logs from which it was imported; they are the original"};
}

bool updates_lead(const store::KindNames& kind) { return kind.reads.find(", updates the lead") != std::string::npos; }

/// The log: every event, in the order of the log from which it came.
class LogExport {
 public:
  LogExport(const StoreFile& file, FileSystem& files) : file_(file), store_(file.store), files_(files) {}

  Result<RecordWriter> run(const std::string& path) {
    if (Status checked = check_changes(); !checked) return checked.error();
    name_columns();
    auto writer = RecordWriter::create(files_, path, columns_);
    if (!writer) return writer;
    if (Status written = write(*writer); !written) return written.error();
    return writer;
  }

 private:
  /// The native form has changes of a lead in events that update it, and nowhere else.
  Status check_changes() const {
    for (std::size_t i = 0; i < store_.change_events.size(); ++i) {
      const std::uint8_t kind = store_.kind[store_.change_events[i]];
      if (updates_lead(file_.names.kinds[kind])) continue;
      return beyond_native(
          "its source changes attributes of leads with rows that are no updates, which the native form "
          "does not have");
    }
    return Done{};
  }

  /// Lead, instant, event and whatever any event says; inside `properties` where that is the name of one of the three.
  void name_columns() {
    columns_ = {"lead", "at", "event"};
    std::map<std::string, std::size_t> places;
    const auto add = [&](const FieldNames& field) {
      const bool reserved =
          field.name == "lead" || field.name == "at" || field.name == "event" || field.name == "origin";
      places.try_emplace((reserved ? "properties." : "") + field.name, 0);
      return (reserved ? "properties." : "") + field.name;
    };
    std::vector<std::vector<std::string>> names(store_.blocks.size());
    for (std::size_t kind = 0; kind < store_.blocks.size(); ++kind) {
      const bool updates = updates_lead(file_.names.kinds[kind]);
      for (const FieldNames& field : updates ? file_.names.lead : file_.names.kinds[kind].properties) {
        names[kind].push_back(store_.blocks[kind].rows > 0 ? add(field) : "");
      }
    }
    for (const bool inside : {false, true}) {
      for (auto& [name, place] : places) {
        if (name.starts_with("properties.") != inside) continue;
        place = columns_.size();
        columns_.push_back(name);
      }
    }
    for (const auto& of_kind : names) {
      std::vector<std::size_t>& to = column_of_.emplace_back();
      for (const std::string& name : of_kind) to.push_back(name.empty() ? kNoColumn : places.at(name));
    }
  }

  Status write(RecordWriter& writer) const {
    if (Status begun = span_row(writer, store_.first_instant, true); !begun) return begun;
    std::vector<EventIndex> order(store_.events());
    std::iota(order.begin(), order.end(), EventIndex{0});
    std::sort(order.begin(), order.end(),
              [&](EventIndex a, EventIndex b) { return store_.position[a] < store_.position[b]; });
    for (const EventIndex event : order) {
      set_event(writer, event);
      if (Status ended = writer.end(); !ended) return ended;
    }
    return span_row(writer, store_.last_instant, false);
  }

  void set_event(RecordWriter& writer, EventIndex event) const {
    const auto* const after = std::upper_bound(store_.lead_begin.begin(), store_.lead_begin.end(), event);
    const auto lead = static_cast<LeadIndex>(after - store_.lead_begin.begin() - 1);
    const std::uint8_t kind = store_.kind[event];
    const store::KindNames& names = file_.names.kinds[kind];
    set_head(writer, lead, store_.at[event], names.name);
    if (updates_lead(names)) return set_changes(writer, event);
    const store::KindBlock& block = store_.blocks[kind];
    for (std::size_t i = 0; i < names.properties.size(); ++i) {
      writer.set(column_of_[kind][i],
                 out_property(store_, names.properties[i], block.columns[i].at(store_.row[event])));
    }
  }
  void set_head(RecordWriter& writer, LeadIndex lead, Instant at, const std::string& event) const {
    writer.set(kLead, {Kind::Text, std::string(store_.texts.at(store_.leads[lead]))});
    writer.set(kAt, {Kind::Text, calendar::format_utc(at)});
    writer.set(kEvent, {Kind::Text, event});
  }
  void set_changes(RecordWriter& writer, EventIndex event) const {
    const auto* const found = std::lower_bound(store_.change_events.begin(), store_.change_events.end(), event);
    if (found == store_.change_events.end() || *found != event) return;
    const auto i = static_cast<std::size_t>(found - store_.change_events.begin());
    for (std::uint32_t c = store_.change_begin[i]; c < store_.change_begin[i + 1]; ++c) {
      const store::AttributeChange& change = store_.changes[c];
      OutCell cell = out_property(store_, file_.names.lead[change.attribute], change.value);
      if (cell.kind == Kind::None) cell.kind = Kind::Null;
      writer.set(column_of_[store_.kind[event]][change.attribute], std::move(cell));
    }
  }

  /// Rows that are not kept make a log longer, too: one that is of no interest stands for them, of a lead who is there
  /// by then.
  Status span_row(RecordWriter& writer, Instant at, bool first) const {
    if (at == kNever || std::find(store_.at.begin(), store_.at.end(), at) != store_.at.end()) return Done{};
    const auto* const there = std::find_if(store_.lead_created.begin(), store_.lead_created.end(),
                                           [&](Instant created) { return created <= at; });
    if (there == store_.lead_created.end()) {
      return beyond_native(std::string("its log ") + (first ? "begins" : "ends") + " at " + calendar::format_utc(at) +
                           " with a row that was not kept, and no lead is there by then");
    }
    set_head(writer, static_cast<LeadIndex>(there - store_.lead_created.begin()), at, kSpanEvent);
    return writer.end();
  }

  const StoreFile& file_;
  const Store& store_;
  FileSystem& files_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::size_t>> column_of_;  // per kind and field
};

/// The tables: what leads and accounts have before the log begins.
class TableExport {
 public:
  TableExport(const StoreFile& file, FileSystem& files) : names_(file.names), store_(file.store), files_(files) {}

  /// Whether leads have anything that no event says.
  bool leads_needed() const {
    for (LeadIndex lead = 0; lead < store_.leads.size(); ++lead) {
      const EventIndex begin = store_.lead_begin[lead];
      if (begin == store_.lead_begin[lead + 1] || store_.lead_created[lead] != store_.at[begin]) return true;
      if (store_.lead_account[lead] != store::kNoAccount) return true;
    }
    return said(store_.lead_attributes);
  }
  bool accounts_needed() const {
    std::vector<bool> named(store_.accounts.size(), false);
    for (const std::uint32_t account : store_.lead_account) {
      if (account != store::kNoAccount) named[account] = true;
    }
    return said(store_.account_attributes) || std::find(named.begin(), named.end(), false) != named.end();
  }

  Result<RecordWriter> leads(const std::string& path) const {
    std::vector<std::string> columns = {"lead", "created", "account"};
    const std::vector<std::size_t> places = add_columns(columns, names_.lead, store_.lead_attributes);
    auto writer = RecordWriter::create(files_, path, columns);
    for (LeadIndex lead = 0; writer && lead < store_.leads.size(); ++lead) {
      writer->set(1, {Kind::Text, calendar::format_utc(store_.lead_created[lead])});
      const std::uint32_t account = store_.lead_account[lead];
      if (account != store::kNoAccount) writer->set(2, text(store_.accounts[account]));
      set_attributes(*writer, names_.lead, store_.lead_attributes, places, lead);
      writer->set(0, text(store_.leads[lead]));
      if (Status ended = writer->end(); !ended) return ended.error();
    }
    return writer;
  }
  Result<RecordWriter> accounts(const std::string& path) const {
    std::vector<std::string> columns = {"account"};
    const std::vector<std::size_t> places = add_columns(columns, names_.account, store_.account_attributes);
    auto writer = RecordWriter::create(files_, path, columns);
    for (std::size_t account = 0; writer && account < store_.accounts.size(); ++account) {
      set_attributes(*writer, names_.account, store_.account_attributes, places, account);
      writer->set(0, text(store_.accounts[account]));
      if (Status ended = writer->end(); !ended) return ended.error();
    }
    return writer;
  }

 private:
  OutCell text(TextId id) const { return {Kind::Text, std::string(store_.texts.at(id))}; }
  static bool said(const std::vector<store::Column>& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [](const store::Column& column) { return !column.known_bits().empty(); });
  }

  /// A column for each attribute that anybody has; one that is called like a column that is there shares it.
  static std::vector<std::size_t> add_columns(std::vector<std::string>& columns, const std::vector<FieldNames>& fields,
                                              const std::vector<store::Column>& values) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto found = std::find(columns.begin(), columns.end(), fields[i].name);
      const bool none = values[i].known_bits().empty();
      places.push_back(none ? kNoColumn : static_cast<std::size_t>(found - columns.begin()));
      if (!none && found == columns.end()) columns.push_back(fields[i].name);
    }
    return places;
  }
  void set_attributes(RecordWriter& writer, const std::vector<FieldNames>& fields,
                      const std::vector<store::Column>& values, const std::vector<std::size_t>& places,
                      std::size_t row) const {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (places[i] == kNoColumn) continue;
      OutCell cell = out_cell(store_, fields[i], values[i].at(row));
      if (cell.kind != Kind::None) writer.set(places[i], std::move(cell));
    }
  }

  const store::SchemaNames& names_;
  const Store& store_;
  FileSystem& files_;
};

Error unnamed(const std::string& what, const std::string& option) {
  return {"cannot export the store: it knows of its " + what + " what no event says",
          "name a file for the table of " + what + ": " + option};
}

}  // namespace

Status export_log(const StoreFile& file, const StoredFacts& facts, FileSystem& files, const ExportFiles& to) {
  for (const auto& [campaign, rows] : facts.origins) {
    if (rows.applied == 0) continue;
    return beyond_native("it has actions that the campaign \"" + campaign + "\" logged, and not which of its events " +
                         "those are");
  }
  const TableExport tables(file, files);
  if (to.leads.empty() && tables.leads_needed()) return unnamed("leads", "--leads leads.csv");
  if (to.accounts.empty() && tables.accounts_needed()) return unnamed("accounts", "--accounts accounts.csv");
  std::vector<RecordWriter> written;
  const auto add = [&](Result<RecordWriter> writer) -> Status {
    if (!writer) return writer.error();
    written.push_back(std::move(*writer));
    return Done{};
  };
  if (Status done = add(LogExport(file, files).run(to.log)); !done) return done;
  if (Status done = to.leads.empty() ? Status(Done{}) : add(tables.leads(to.leads)); !done) return done;
  if (Status done = to.accounts.empty() ? Status(Done{}) : add(tables.accounts(to.accounts)); !done) return done;
  for (RecordWriter& writer : written) {
    if (Status committed = writer.commit(); !committed) return committed;
  }
  return Done{};
}

}  // namespace nurture::eventlog
