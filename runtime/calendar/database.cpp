#include <algorithm>
#include <atomic>
#include <chrono>
#include <date/date.h>
#include <date/tz.h>
#include <exception>
#include <fstream>
#include <memory>
#include <mutex>

#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

using std::chrono::seconds;

/// Every period of a zone between the years 1 and 9999; neighbours of equal offset (only the abbreviation or the
/// daylight flag differs) are one.
std::vector<Zone::Period> read_periods(const date::time_zone& zone) {
  const date::sys_seconds end = date::sys_days{date::year{9999} / 12 / 31};
  date::sys_seconds from = date::sys_days{date::year{1} / 1 / 1};
  std::vector<Zone::Period> periods;
  while (from < end) {
    date::sys_info info = zone.get_info(from);
    std::int64_t offset = info.offset.count() * kSecond;
    if (periods.empty()) {
      periods.push_back({INT64_MIN, offset});
    } else if (periods.back().offset != offset) {
      periods.push_back({from.time_since_epoch().count() * kSecond, offset});
    }
    if (info.end <= from) break;
    from = info.end;
  }
  extend_by_rule(periods);
  return periods;
}

/// Debian keeps the version in the first line of tzdata.zi, where the date library does not look.
std::string version_beside_the_zones() {
  for (const char* folder : {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"}) {
    std::ifstream file(std::string(folder) + "/tzdata.zi");
    std::string line;
    constexpr std::string_view kPrefix = "# version ";
    if (std::getline(file, line) && line.starts_with(kPrefix)) return line.substr(kPrefix.size());
  }
  return "unknown";
}

/// The system's database: names at once, each zone's periods when it is first asked for.
class Database {
 public:
  Database() {
    try {
      const date::tzdb& db = date::get_tzdb();
      for (const date::time_zone& zone : db.zones) names_.push_back(zone.name());
      version_ = db.version;
    } catch (const std::exception&) {
      names_.clear();  // no time-zone data on this machine: only UTC is known
    }
    std::sort(names_.begin(), names_.end());
    zones_ = std::vector<std::atomic<const Zone*>>(names_.size());
    if (version_.empty() || version_ == "unknown") version_ = version_beside_the_zones();
  }

  const Zone* find(std::string_view name) {
    auto found = std::lower_bound(names_.begin(), names_.end(), name);
    if (found == names_.end() || *found != name) return nullptr;
    auto index = static_cast<std::size_t>(found - names_.begin());
    const Zone* zone = zones_[index].load(std::memory_order_acquire);
    return zone ? zone : load(index);
  }

  const std::vector<std::string>& names() const { return names_; }
  const std::string& version() const { return version_; }

 private:
  const Zone* load(std::size_t index) {
    std::lock_guard lock(mutex_);
    if (const Zone* zone = zones_[index].load(std::memory_order_acquire)) return zone;
    try {
      auto periods = read_periods(*date::locate_zone(names_[index]));
      owned_.push_back(std::make_unique<Zone>(names_[index], std::move(periods)));
    } catch (const std::exception&) {
      return nullptr;  // a damaged zone file counts as no such zone
    }
    zones_[index].store(owned_.back().get(), std::memory_order_release);
    return owned_.back().get();
  }

  std::vector<std::string> names_;  // sorted
  std::vector<std::atomic<const Zone*>> zones_;
  std::vector<std::unique_ptr<const Zone>> owned_;
  std::mutex mutex_;
  std::string version_;
};

Database& database() {
  static Database* instance = new Database;  // never destroyed: zones live as long as the process
  return *instance;
}

}  // namespace

const Zone* find_zone(std::string_view name) {
  // Logs name the same zone many times in a row.
  thread_local const Zone* last = nullptr;
  if (last && last->name() == name) return last;
  const Zone* zone = name == "UTC" ? utc() : database().find(name);
  if (zone) last = zone;
  return zone;
}

const Zone* utc() {
  static const Zone* zone = new Zone("UTC", {{INT64_MIN, 0}});
  return zone;
}

std::string_view tzdata_version() { return database().version(); }

std::vector<std::string> zone_names() { return database().names(); }

}  // namespace nurture::calendar
