#pragma once

#include <vector>

#include "runtime/eventlog/inspect.h"

namespace nurture::eventlog {

/// Counts a reject under its reason, and keeps it if it is among the first few.
void keep_example(std::vector<RejectFacts>& rejects, const Rejected& reject);

/// What a store holds, without the log: ties and disorder are those of the events that became part of it.
Result<Inspection> inspect_stored(FileSystem& files, const std::string& path);

}  // namespace nurture::eventlog
