#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/numbers.h"
#include "runtime/base/result.h"
#include "runtime/base/text_pool.h"
#include "runtime/bytecode/module.h"
#include "runtime/calendar/calendar.h"
#include "runtime/eventlog/row.h"
#include "runtime/store/builder.h"

namespace nurture::eventlog {

/// A TimeFormat, ready to read texts.
class TimeReader {
 public:
  /// The native form: RFC 3339, or time since 1970 by its size.
  static TimeReader native(const calendar::Zone* zone) { return TimeReader(Kind::Native, zone); }
  /// Error: a pattern or zone that there is not.
  static Result<TimeReader> compile(std::string_view pattern, std::string_view zone,
                                    const calendar::Zone* default_zone);

  std::optional<Instant> instant(std::string_view text) const;
  /// The local date, for date properties.
  std::optional<std::int64_t> date(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t { Native, Rfc3339, Epoch, Pattern };
  TimeReader(Kind kind, const calendar::Zone* zone) : kind_(kind), zone_(zone) {}

  Kind kind_;
  EpochUnit unit_ = EpochUnit::ByMagnitude;
  const calendar::Zone* zone_;
  std::optional<calendar::Pattern> pattern_;
};

/// What a cell became.
struct Converted {
  Value value;                  ///< unknown where the cell is null or outside its choice list
  bool bad = false;             ///< does not read as its type
  bool outside_choice = false;  ///< counted (§3.1)
};

/// Where the texts and lists of converted values go.
class Pools {
 public:
  virtual ~Pools() = default;
  virtual TextId text(std::string_view text) = 0;
  virtual ListId list(std::vector<Value> items, TypeKind element) = 0;
};

/// Straight into the store to be.
class StorePools final : public Pools {
 public:
  explicit StorePools(store::Builder& builder) : builder_(builder) {}
  TextId text(std::string_view text) override { return builder_.texts().intern(text); }
  ListId list(std::vector<Value> items, TypeKind) override { return builder_.lists().intern(std::move(items)); }

 private:
  store::Builder& builder_;
};

/// Turns cells into values of the schema's types.
class Converter {
 public:
  Converter(const bytecode::Module& module, Pools& pools) : module_(module), pools_(pools) {}

  Converted convert(const Cell& cell, const bytecode::Type& type, const TimeReader& time);
  /// A constant of the module as a value (defaults of fields).
  Value constant(std::uint16_t index);

 private:
  Converted text_value(const Cell& cell, const bytecode::Type& type);
  Converted list_value(const Cell& cell, const bytecode::Type& type, const TimeReader& time);

  const bytecode::Module& module_;
  Pools& pools_;
};

/// "an integer", "one of US, CA": what a property should have been, for rejects.
std::string expected_text(const bytecode::Module& module, const bytecode::Type& type);

}  // namespace nurture::eventlog
