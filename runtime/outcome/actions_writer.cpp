#include "runtime/base/check.h"
#include "runtime/outcome/actions.h"

namespace nurture::outcome {
namespace {

constexpr std::size_t kChunk = 64 * 1024;  // bytes that the front range gathers before it writes

}  // namespace

class ActionsWriter::RangeSink : public Sink {
 public:
  RangeSink(ActionsWriter& writer, std::size_t range) : writer_(writer), range_(range) {}

  void on(const Outcome& outcome) override {
    if (!describe_action(writer_.module_, writer_.store_, outcome, row_, writer_.deliveries_)) return;
    append_action(text_, row_, writer_.format_);
    if (text_.size() >= next_offer_) writer_.flush(*this);
  }
  Kinds wants() const override { return kAllKinds & ~kinds({Kind::Began}); }
  void range_done() override { writer_.done(*this); }

 private:
  friend class ActionsWriter;
  ActionsWriter& writer_;
  std::size_t range_;
  std::size_t next_offer_ = kChunk;
  bool done_ = false;
  ActionRow row_;
  std::string text_;
};

ActionsWriter::ActionsWriter(const bytecode::Module& module, const store::Store& store, ByteSink& out,
                             ActionFormat format, std::size_t ranges, const Deliveries* deliveries)
    : module_(module), store_(store), out_(out), format_(format), deliveries_(deliveries) {
  for (std::size_t i = 0; i < ranges; ++i) sinks_.push_back(std::make_unique<RangeSink>(*this, i));
  std::string header = action_header(format);
  write(header);
}

ActionsWriter::~ActionsWriter() = default;

Sink* ActionsWriter::sink(std::size_t range) {
  NURTURE_CHECK(range < sinks_.size());
  return sinks_[range].get();
}

void ActionsWriter::write(std::string& text) {
  if (status_ && !text.empty()) status_ = out_.write(text);
  text.clear();
}

void ActionsWriter::flush(RangeSink& sink) {
  std::lock_guard lock(mutex_);
  if (sink.range_ == front_) write(sink.text_);
  sink.next_offer_ = sink.text_.size() + kChunk;
}

void ActionsWriter::done(RangeSink& sink) {
  std::lock_guard lock(mutex_);
  sink.done_ = true;
  while (front_ < sinks_.size() && sinks_[front_]->done_) {
    write(sinks_[front_]->text_);
    sinks_[front_]->text_.shrink_to_fit();
    ++front_;
  }
}

Status ActionsWriter::finish() {
  std::lock_guard lock(mutex_);
  for (; front_ < sinks_.size(); ++front_) write(sinks_[front_]->text_);
  return status_;
}

}  // namespace nurture::outcome
