#pragma once

#include <bit>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/scratch.h"

namespace nurture::store {

/// Where what does not fit into memory goes, and what keeps within it what is looked at of that.
class Workspace {
 public:
  using Make = std::function<Result<std::unique_ptr<Scratch>>()>;

  /// `resident`: bytes that the process takes now; above `bound` views are released. Without it nothing ever is.
  explicit Workspace(Make make, std::uint64_t bound = 0, std::function<std::uint64_t()> resident = {})
      : make_(std::move(make)), bound_(bound), resident_(std::move(resident)) {}
  /// All in memory.
  Workspace() : Workspace([] { return Result<std::unique_ptr<Scratch>>(memory_scratch()); }) {}

  Result<std::unique_ptr<Scratch>> scratch() const { return make_(); }
  std::uint64_t bound() const { return bound_; }
  void watch(std::shared_ptr<const ScratchView> view) { views_.push_back(std::move(view)); }
  /// So many bytes of views have been looked at.
  void looked_at(std::size_t bytes) {
    constexpr std::size_t kStep = std::size_t{1} << 19;
    if (!resident_) return;
    seen_ += bytes;
    if (seen_ < kStep) return;
    seen_ = 0;
    if (resident_() <= bound_) return;
    for (const auto& view : views_) view->release();
  }

 private:
  Make make_;
  std::uint64_t bound_ = 0;
  std::function<std::uint64_t()> resident_;
  std::vector<std::shared_ptr<const ScratchView>> views_;
  std::size_t seen_ = 0;
};

/// Items that are pushed one after the other, and then read. A few of them stay in memory.
template <typename T>
class Spool {
 public:
  explicit Spool(Workspace& space) : space_(&space) {}

  void push(const T& item) {
    buffer_.push_back(item);
    ++size_;
    if (buffer_.size() * sizeof(T) >= kBuffer) flush();
  }
  void append(std::span<const T> items) {
    buffer_.insert(buffer_.end(), items.begin(), items.end());
    size_ += items.size();
    if (buffer_.size() * sizeof(T) >= kBuffer) flush();
  }
  std::uint64_t size() const { return size_; }
  /// The first failure of all that was pushed. What is read afterwards lives as long as `memory`.
  Status finish() {
    if (scratch_) flush();
    if (failed_) return *failed_;
    if (!scratch_) {
      auto few = std::make_shared<std::vector<T>>(std::move(buffer_));
      items_ = *few;
      memory_ = std::move(few);
      return Done{};
    }
    auto view = scratch_->view();
    if (!view) return view.error();
    scratch_.reset();
    buffer_ = std::vector<T>();
    items_ = {reinterpret_cast<const T*>((*view)->bytes().data()), (*view)->bytes().size() / sizeof(T)};
    space_->watch(*view);
    memory_ = std::move(*view);
    return Done{};
  }
  std::span<const T> items() const { return items_; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  std::shared_ptr<const void> memory() const { return memory_; }

 private:
  static constexpr std::size_t kBuffer = 16 * 1024;  ///< bytes

  void flush() {
    if (!scratch_ && !failed_) begin();
    const std::string_view bytes(reinterpret_cast<const char*>(buffer_.data()), buffer_.size() * sizeof(T));
    if (!failed_) {
      if (Status done = scratch_->write(bytes); !done) failed_ = done.error();
    }
    buffer_.clear();
  }
  void begin() {
    auto scratch = space_->scratch();
    if (scratch) {
      scratch_ = std::move(*scratch);
    } else {
      failed_ = scratch.error();
    }
  }

  Workspace* space_;
  std::unique_ptr<Scratch> scratch_;
  std::vector<T> buffer_;
  std::uint64_t size_ = 0;
  std::optional<Error> failed_;
  std::span<const T> items_;
  std::shared_ptr<const void> memory_;
};

/// A set of numbers below some limit, which are counted off once it is complete.
class Marks {
 public:
  void resize(std::size_t limit) { words_.assign(limit / 64 + 1, 0); }
  void add(std::size_t number) { words_[number / 64] |= std::uint64_t{1} << (number % 64); }
  bool has(std::size_t number) const { return (words_[number / 64] >> (number % 64) & 1) != 0; }
  /// From now on nothing is added.
  void complete() {
    before_.clear();
    for (std::uint64_t word : words_) {
      before_.push_back(count_);
      count_ += static_cast<std::uint32_t>(std::popcount(word));
    }
  }
  std::uint32_t count() const { return count_; }
  /// How many marked numbers are below this one.
  std::uint32_t rank(std::size_t number) const {
    const std::uint64_t below = words_[number / 64] & ((std::uint64_t{1} << (number % 64)) - 1);
    return before_[number / 64] + static_cast<std::uint32_t>(std::popcount(below));
  }
  template <typename Use>
  void for_each(Use use) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t left = words_[i]; left != 0; left &= left - 1) {
        use(static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(left))));
      }
    }
  }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> before_;
  std::uint32_t count_ = 0;
};

}  // namespace nurture::store
