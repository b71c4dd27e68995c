#include "runtime/base/io.h"

namespace nurture {
namespace {

class ReadFile final : public FileView {
 public:
  explicit ReadFile(std::string content) : content_(std::move(content)) {}
  std::string_view bytes() const override { return content_; }

 private:
  std::string content_;
};

}  // namespace

Result<std::shared_ptr<const FileView>> FileSystem::view(const std::string& path) {
  auto content = read_file(path, UINT64_MAX);
  if (!content) return content.error();
  return std::shared_ptr<const FileView>(std::make_shared<ReadFile>(std::move(*content)));
}

}  // namespace nurture
