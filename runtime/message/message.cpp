#include "runtime/message/message.h"

#include "runtime/vm/content.h"

namespace nurture::message {

Pieces fill(const vm::Frame& frame, const bytecode::Campaign* campaign, const bytecode::Message& message,
            std::string_view unknown) {
  Pieces pieces;
  for (const bytecode::MessagePart& part : message) {
    if (part.expression == bytecode::kNoCode) {
      pieces.push_back({frame.program->module->strings[part.literal], false});
      continue;
    }
    Value value = vm::evaluate(frame, campaign, part.expression);
    std::string text =
        value.known ? vm::format_value(value, part.type, *frame.program->texts, *frame.program->lists, frame.zone)
                    : std::string(unknown);
    pieces.push_back({std::move(text), true});
  }
  return pieces;
}

std::string plain(const Pieces& pieces) {
  std::string out;
  for (const Piece& piece : pieces) out += piece.text;
  return out;
}

namespace {

std::vector<std::uint16_t> asks(const bytecode::Content& content, const Value* lead) {
  std::vector<std::uint16_t> found;
  std::uint64_t bits = vm::asked(content, lead);
  for (std::size_t i = 0; i < content.asks.size(); ++i) {
    if ((bits >> i & 1) != 0) found.push_back(content.asks[i]);
  }
  return found;
}

}  // namespace

Rendered render(const vm::Frame& frame, const bytecode::Campaign* campaign, const bytecode::Content& content,
                std::string_view unknown) {
  const bytecode::ContentVariant* variant = vm::variant_for(frame, campaign, content);
  const bool own_subject = variant == nullptr || variant->subject.empty();
  const bool own_body = variant == nullptr || variant->body == bytecode::kNone;
  const auto line = [&](const bytecode::Message& message) { return plain(fill(frame, campaign, message, unknown)); };
  return {line(content.from),
          line(content.reply_to),
          line(own_subject ? content.subject : variant->subject),
          fill(frame, campaign, own_body ? content.text : variant->text, unknown),
          own_body ? content.format : variant->format,
          asks(content, frame.lead)};
}

}  // namespace nurture::message
