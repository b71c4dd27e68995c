#pragma once

#include <string>
#include <vector>

#include "compiler/compare/words.h"

/// A programme as what it consists of: a tree of items with everything in it that means something, and nothing else.
namespace nurture::compare {

/// One thing that is said of an item.
struct Part {
  enum class Kind : std::uint8_t {
    Value,
    Text,   ///< long, to be compared line by line
    Order,  ///< in which order its items stand; where they are not the same, that says it already
  };
  std::string name;
  std::string value;
  Kind kind = Kind::Value;
  bool operator==(const Part&) const = default;
};

/// A declaration, a clause, a statement, or a part of one that holds others.
struct Item {
  std::string noun;        ///< what it is: only items of one noun are taken for each other
  std::string key;         ///< its name; items with names are found by them, others by where they stand
  std::string label;       ///< what it is called in a sentence; empty: `head`
  std::string head;        ///< as it is written, without what stands in its braces
  bool plain = false;      ///< `head` is said without quotes
  bool unordered = false;  ///< where it stands among those of its noun makes no difference
  std::vector<Part> parts;
  std::vector<Item> items;
  Span span;
  std::string origin;     ///< "the rules \"house\"", where it stands in those and not in the campaign itself
  std::set<Named> names;  ///< of a declaration: what it names
  std::string whole;      ///< everything that is said above, for finding what is equal
};

/// A campaign or a declaration of a programme.
struct Portrait {
  std::vector<Item> items;
};

Portrait portray(const sema::Unit& unit, const Renames& renames);

/// Sets `whole` of an item, those in it being sealed.
void seal(Item& item);

/// The items of campaigns.
class CampaignPortrayer {
 public:
  CampaignPortrayer(const sema::Unit& unit, Words& words) : unit_(unit), words_(words) {}
  Item campaign(const sema::Campaign& campaign);
  /// One of a policy or a campaign.
  Item clause(const ast::Clause& clause);

 private:
  Item stage(const ast::Clause& clause);
  Item reaction(const ast::Trigger& trigger, std::string_view noun);
  std::string entry(const ast::Clause& clause);
  std::string goal(const ast::Clause& clause);
  std::string never(const ast::Clause& clause);
  std::string origin(const ast::Clause& clause, const sema::Campaign& campaign) const;

  const sema::Unit& unit_;
  Words& words_;
};

/// The items of the statements of a block.
std::vector<Item> portray(const ast::Block& block, Words& words);
/// One statement as it is written, without what stands in its braces.
std::string head_of(const ast::Stmt& statement, Words& words);

}  // namespace nurture::compare
