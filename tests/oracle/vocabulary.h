#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/value.h"
#include "tests/oracle/datum.h"
#include "tests/oracle/random.h"

/// What generated programmes and logs speak of: attributes, events, contents, and the few values that both draw from,
/// so that conditions hold now and then.
namespace nurture::oracle {

struct Property {
  std::string name;
  TypeKind type;
  bool optional;
  TypeKind element = TypeKind::Text;
};

struct EventWord {
  std::string name;
  std::string head;      ///< as declared, without properties
  bool machine = false;  ///< `unless machine`
  bool updates = false;  ///< lead.updated
  std::vector<Property> properties;
  bool has(const std::string& property) const;
};

struct ContentWord {
  std::string name;
  std::string message_class;
  std::string channel = "email";
  std::string asks = {};  ///< or empty
};

const std::vector<Property>& lead_words();
const std::vector<Property>& account_words();
const std::vector<EventWord>& event_words();
/// Event groups, as words whose head is what they stand for and whose properties are those that all of these share.
const std::vector<EventWord>& group_words();
/// What may be listened to: events and groups.
const std::vector<EventWord>& heard_words();
const std::vector<ContentWord>& content_words();
const std::vector<std::string>& zone_words();

/// A table of the programmes, its file, and lookups in it with what they give.
struct TableWord {
  std::string declaration;
  std::string file;
  std::string text;
  std::vector<Property> lookups;  ///< the names are whole expressions
};
const std::vector<TableWord>& table_words();

/// How the type is written in a declaration.
std::string type_text(const Property& property);
/// A value from the small pool of a property, and the same as a literal of the language.
Datum pick_value(Random& random, const Property& property);
std::string literal(const Datum& datum);
/// Lengths of time that both waits and gaps between events are made of.
const std::vector<std::string>& duration_texts();
Duration duration_of(const std::string& text);

}  // namespace nurture::oracle
