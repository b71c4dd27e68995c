#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace nurture::host {

/// The files that this process writes under temporary names, and those that it has finished: whoever ends the process
/// from outside its course tidies up by it. Safe for all threads.
class Unfinished {
 public:
  static Unfinished& of_process();

  void begin(const std::string& temporary);
  /// It is gone from there.
  void drop(const std::string& temporary);
  /// Renames it to the target; 0, or the errno.
  int finish(const std::string& temporary, const std::string& target);

  /// Removes what is half written and says which targets were finished, in their order. From then on nothing begins or
  /// finishes: threads that would wait for ever, so the process must end next.
  std::vector<std::string> abandon();

 private:
  std::mutex mutex_;
  std::set<std::string> temporaries_;
  std::vector<std::string> finished_;
};

}  // namespace nurture::host
