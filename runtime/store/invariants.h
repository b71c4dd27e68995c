#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runtime/store/directory.h"
#include "runtime/store/file.h"

/// What has to hold before anything goes by the numbers of a file.
namespace nurture::store {

/// Every array has as many items as those that go with it say.
std::optional<Error> check_shape(const layout::Directory& directory, const std::string& path);

/// Texts, lists, slices and changes begin one behind the other, and end where there is no more.
std::optional<Error> check_begins(const Store& store, const SortedTexts& texts, std::uint64_t text_bytes,
                                  const SortedLists& lists, std::uint64_t items, const std::string& path);

/// No number leads out of its table, every value is one of its type, texts are UTF-8, events are in order; with
/// Trust::Verified also that everything stands in the order in which `write` puts it.
std::optional<Error> check_invariants(const StoreFile& file, const std::string& path, Trust trust,
                                      const std::function<void(const Error&)>& found);

}  // namespace nurture::store
