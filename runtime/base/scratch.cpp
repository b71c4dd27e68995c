#include "runtime/base/scratch.h"

#include <string>

namespace nurture {
namespace {

class Content final : public ScratchView {
 public:
  explicit Content(std::string content) : content_(std::move(content)) {}
  std::string_view bytes() const override { return content_; }

 private:
  std::string content_;
};

class MemoryScratch final : public Scratch {
 public:
  Status write(std::string_view bytes) override {
    content_.append(bytes);
    return Done{};
  }
  Result<std::shared_ptr<const ScratchView>> view() override {
    return std::shared_ptr<const ScratchView>(std::make_shared<Content>(std::move(content_)));
  }

 private:
  std::string content_;
};

}  // namespace

std::unique_ptr<Scratch> memory_scratch() { return std::make_unique<MemoryScratch>(); }

}  // namespace nurture
