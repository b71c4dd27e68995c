#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/eventlog/convert.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/eventlog/log_file.h"

namespace nurture::eventlog {

/// A row of a log in the terms of the schema, or why it is none. Views are valid until the reader moves on.
struct Mapped {
  std::optional<RejectReason> bad;
  std::string detail;
  std::string_view lead;
  Instant at = 0;
  std::string_view event;                ///< name of the kind; empty if no rule of a source holds
  std::uint16_t kind = bytecode::kNone;  ///< kNone: of no interest
  bool left_out = false;                 ///< by the source
  std::string_view origin;               ///< the campaign that logged it, where it is an action (§7.3)
  bool superseded = false;               ///< an action of a campaign that this run executes (§7.3)
  std::uint64_t id = 0;                  ///< hash of the source's id; 0: none
  std::vector<Value> properties;
  std::vector<store::AttributeChange> changes;
  std::vector<Value> row_attributes;
  std::uint32_t outside_choice = 0;

  void clear();
  void set_property(std::size_t index, Value value) {
    if (index < properties.size()) properties[index] = value;
  }
  void reject(RejectReason reason, std::string why = "") {
    bad = reason;
    detail = std::move(why);
  }
};

/// Turns rows into events: in the native form, or as a `source` of the module says.
class Mapper {
 public:
  virtual ~Mapper() = default;
  virtual const Names& names() const = 0;
  /// An Error if a CSV file lacks a column without which no row could be read.
  virtual Status check_columns(const LogFile& file) const = 0;
  virtual void map(const Row& row, Mapped& out) = 0;
};

/// What both forms share: names of kinds and campaigns, conversion with its rejects.
class MapperBase : public Mapper {
 public:
  MapperBase(const bytecode::Module& module, Pools& pools, const std::vector<std::uint16_t>& executed);
  const Names& names() const override { return names_; }

 protected:
  /// The value of a field from its cell, its default, or unknown; rejects the row where that will not do.
  Value field_value(const bytecode::Field& field, const Cell* cell, const TimeReader& time, Mapped& out);
  /// A change from a lead.updated: null clears an optional attribute.
  void add_change(std::uint16_t attribute, const Cell& cell, const TimeReader& time, Mapped& out);
  std::uint16_t kind_of(std::string_view name);
  /// §7.3: the run acts itself; what leads do stands, and what sales answers.
  void set_origin(std::string_view origin, Mapped& out) const;
  const std::string& text_of(bytecode::StringIndex index) const { return module_.strings[index]; }

  const bytecode::Module& module_;

  Converter converter_;
  Names names_;
  const calendar::Zone* zone_;  ///< of the program

 private:
  Value converted(const bytecode::Field& field, const Cell& cell, const TimeReader& time, Mapped& out);

  Names kinds_;
  Names executed_;  ///< campaigns
  std::uint16_t last_kind_ = bytecode::kNone;
};

/// `executed`: ImportOptions::executed.
std::unique_ptr<Mapper> native_mapper(const bytecode::Module& module, Pools& pools,
                                      const std::vector<std::uint16_t>& executed);
Result<std::unique_ptr<Mapper>> source_mapper(const bytecode::Module& module, const bytecode::SourceSpec& source,
                                              Pools& pools, const std::vector<std::uint16_t>& executed);

/// `"12x" is not a whole number`, the text shortened.
std::string not_a(std::string_view text, const std::string& expected);

}  // namespace nurture::eventlog
