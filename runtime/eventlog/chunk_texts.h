#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/text_pool.h"

namespace nurture::eventlog {

/// The texts of a chunk, numbered by their first mention. They are views into it as far as they stand there.
class ChunkTexts {
 public:
  /// Empties it. `bytes`: those of the chunk, which live as long as the texts.
  void begin(std::string_view bytes);
  TextId number(std::string_view text);
  /// A number of its own, whether there is such a text or not.
  TextId add(std::string_view text) { return add(text, TextKey::of(text)); }
  const std::vector<KeyedText>& all() const { return texts_; }
  std::string_view at(TextId id) const { return texts_[id].text; }
  /// The same text, at a place where it stays.
  std::string_view kept(std::string_view text);

 private:
  TextId add(std::string_view text, TextKey key) {
    texts_.push_back({kept(text), key});
    return static_cast<TextId>(texts_.size() - 1);
  }

  std::string_view bytes_;
  std::vector<KeyedText> texts_;           // by number
  TextTable table_;                        // of these
  std::vector<std::string> put_together_;  // texts that do not stand in the chunk; none grows beyond its capacity
};

}  // namespace nurture::eventlog
