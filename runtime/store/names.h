#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"

/// The declarations that a store was imported by, in names: programmes that number otherwise find what they declare.
namespace nurture::store {

/// A property or an attribute.
struct FieldNames {
  std::string name;
  TypeKind kind = TypeKind::Text;
  TypeKind element = TypeKind::Text;  ///< of a list
  std::string reads;                  ///< how its cells are read: "choice of US, CA, or unknown, else US"
  bool operator==(const FieldNames&) const = default;
};

struct KindNames {
  std::string name;
  std::string reads;  ///< what of its declaration an import goes by: "by lead", "by us, merges into survivor"
  std::vector<FieldNames> properties;
  bool operator==(const KindNames&) const = default;
};

struct SchemaNames {
  std::string timezone;  ///< of the programme: that of times that name none
  std::vector<FieldNames> lead, account;
  std::vector<KindNames> kinds;
  bool operator==(const SchemaNames&) const = default;
};

/// A constant as itself, without the module's numbering.
std::string constant_text(const bytecode::Module& module, const bytecode::Constant& constant);

SchemaNames names_of(const bytecode::Module& module);

void write(const SchemaNames& names, ByteWriter& out);
/// Of bytes of a stranger; ByteReader::ok says whether it was one.
SchemaNames read_names(ByteReader& in);

/// For each place of a module's schema the store's, or kNone: nothing there.
struct Places {
  std::vector<std::uint16_t> lead, account, kinds;
  std::vector<std::vector<std::uint16_t>> properties;  ///< per kind of the module
  bool operator==(const Places&) const = default;
};

/// Where a module finds its schema in a store, whose rows come from `undeclared` kinds too, which it has not kept (with
/// how many rows each had). An Error names what the import read otherwise or not at all.
Result<Places> places(const SchemaNames& module, const SchemaNames& store,
                      const std::map<std::string, std::uint64_t>& undeclared);

}  // namespace nurture::store
