#pragma once

#include "runtime/bytecode/module.h"
#include "runtime/store/store.h"

/// Leads that belong together: what the engine reads where campaigns follow accounts (§5.14), or leads become one
/// (§7.4).
namespace nurture::store {

/// What of a programme makes leads depend on each other.
struct Linking {
  bool accounts = false;    ///< some campaign has accounts as its members
  bool of_account = false;  ///< some kind of event reaches the colleagues of the lead who did it
  bool merges = false;      ///< some kind of event says that two leads are one
  bool later = false;       ///< nothing is linked now, but what that takes is kept
  bool any() const { return accounts || of_account || merges || later; }
};
Linking linking_of(const bytecode::Module& module);

/// Gives accounts a row among the members, and each member its slice: a lead its events and those `of account` of its
/// colleagues, an account the events of its leads, a lead that others became theirs; cuts the members into units, the
/// connected sets of leads under account membership at any time and merges. Needs Store::position; without linking,
/// only takes that away.
void link(Store& store, const bytecode::Schema& schema, Linking linking);

}  // namespace nurture::store
