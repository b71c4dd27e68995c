#pragma once

#include <string>
#include <vector>

#include "runtime/outcome/story.h"

namespace nurture::outcome {

/// Puts records into sentences. Remembers of the story so far what a sentence needs: since when the lead is with sales,
/// which sends are held back, when each campaign was left.
class StoryWords {
 public:
  StoryWords(const bytecode::Module& module, const store::Store& store) : module_(module), store_(store) {}

  /// No text: this record has no line of its own.
  StoryLine line(const Outcome& outcome);
  StoryLine line(const Remark& remark);
  std::vector<NotSent> take_not_sent() { return std::move(not_sent_); }

 private:
  struct HeldBack {
    std::uint16_t campaign;
    std::uint32_t membership;
    std::int64_t site;
    store::LeadIndex account;
    std::size_t index;  // into not_sent_
  };
  struct Left {
    std::uint16_t campaign;
    Instant at;
    std::string reason;
  };

  std::string sentence(const Outcome& o);
  std::string membership_sentence(const Outcome& o);
  std::string refused(const Outcome& o);
  std::string wait_began(const Outcome& o) const;
  std::string wait_ended(const Outcome& o) const;
  std::string send_sentence(const Outcome& o);
  std::string deferred(const Outcome& o);
  std::string ended_later(const Outcome& o, std::string_view how);
  std::string sales_sentence(const Outcome& o);
  std::string handed_off(const Outcome& o);
  std::string promise(const Outcome& o) const;
  std::string work_sentence(const Outcome& o) const;
  std::string score_sentence(const Outcome& o) const;
  std::string merged_sentence(const Outcome& o);
  std::string goal_sentence(const Outcome& o) const;
  std::string why_not_now(const Outcome& o, Detail detail) const;
  std::string clock(const Outcome& o, Instant at) const;
  std::string message(const Outcome& o) const;
  std::string asking(const Outcome& o) const;
  const bytecode::Campaign& campaign(const Outcome& o) const;
  const bytecode::Campaign* campaign_of(const Remark& remark) const;
  void not_sent(const Outcome& o, std::string became);
  HeldBack* held_back(const Outcome& o);

  const bytecode::Module& module_;
  const store::Store& store_;
  Instant with_sales_since_ = kNever;
  std::string with_sales_by_;
  std::vector<HeldBack> held_;
  std::vector<Left> left_;
  std::vector<NotSent> not_sent_;
  std::vector<std::uint32_t> told_false_;  // (campaign, when) conditions told to be false, since they were last true
};

}  // namespace nurture::outcome
