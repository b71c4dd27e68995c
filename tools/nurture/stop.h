#pragma once

namespace nurture::tool {

/// From now on Ctrl-C, a request to end and a closed pipe leave no half-written file: it is removed, what was being
/// done and what was finished is said on standard error (not for a pipe: whoever closed it has seen enough), and the
/// process ends with 128 + the number of the signal. A second signal ends it at once. For main(), once.
void tidy_up_when_stopped();

}  // namespace nurture::tool
