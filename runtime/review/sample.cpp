#include "runtime/review/sample.h"

#include <algorithm>

#include "runtime/base/hash.h"

namespace nurture::review {

using outcome::Kind;

void Sample::add(const Ending& ending, Candidate candidate) {
  std::vector<Candidate>& row = candidates_[ending];
  const auto place = std::lower_bound(row.begin(), row.end(), candidate);
  if (place != row.end() && *place == candidate) return;
  row.insert(place, candidate);
  if (row.size() > kOfEachEnding) row.pop_back();
}

void Sample::merge(const Sample& other) {
  for (const auto& [ending, row] : other.candidates_) {
    for (const Candidate& each : row) add(ending, each);
  }
}

std::vector<Sample::Chosen> Sample::choose(std::size_t most) const {
  std::vector<Chosen> chosen;
  for (std::size_t rank = 0; rank < kOfEachEnding; ++rank) {
    for (const auto& [ending, row] : candidates_) {
      if (rank >= row.size()) continue;
      const store::LeadIndex lead = row[rank].lead;
      auto known = std::find_if(chosen.begin(), chosen.end(), [&](const Chosen& each) { return each.lead == lead; });
      if (known != chosen.end()) {
        known->endings.push_back(ending);
      } else if (chosen.size() < most) {
        chosen.push_back({lead, {ending}});
      }
    }
  }
  return chosen;
}

outcome::Kinds SampleSink::wants() const {
  return outcome::kinds({Kind::HeldOut, Kind::Refused, Kind::Exited, Kind::InFlight, Kind::MergedInto});
}

void SampleSink::on(const outcome::Outcome& o) {
  const auto note = [&](Ending::How how, std::int64_t what) {
    endings_.push_back({how, o.campaign, static_cast<std::uint16_t>(what)});
  };
  if (o.kind == Kind::MergedInto) merged_ = true;
  if (o.kind == Kind::HeldOut) note(Ending::How::HeldOut, bytecode::kNone);
  if (o.kind == Kind::Refused) note(Ending::How::TurnedAway, o.a);
  if (o.kind == Kind::Exited) note(Ending::How::Exited, o.a);
  if (o.kind == Kind::InFlight) note(Ending::How::Inside, o.stage);
}

void SampleSink::lead_done(store::LeadIndex lead) {
  if (merged_) {
    merged_ = false;
    return;
  }
  if (endings_.empty()) return;
  const std::uint64_t hash = hash64(store_.texts.at(store_.leads[lead]), module_.seed);
  for (const Ending& each : endings_) sample_.add(each, {hash, lead});
  endings_.clear();
}

}  // namespace nurture::review
