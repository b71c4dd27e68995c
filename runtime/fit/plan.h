#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/fit/fit.h"

namespace nurture::fit {

using bytecode::kNone;

/// What reactions follow: the sends on one channel, or hand-offs.
struct CauseKind {
  bytecode::StringIndex channel = kNone;  ///< kNone: hand-offs
  bool hand_off() const { return channel == kNone; }
};

/// Which events of a log are causes and which are reactions, by what the programme declares of their kinds:
///
/// - a send is an event of a kind that `records send`; its channel is that of its content, or for a content that the
///   programme does not know the first word of the kind ("email" of email.sent);
/// - a hand-off is an event of a kind that the caller names, or an instant that the caller gives;
/// - a reaction to sends is an event that names a content and is no send (email.opened), or one that leads do on a
///   channel (email.unsubscribed, by its first word);
/// - a reaction to hand-offs is an event that answers them.
class Plan {
 public:
  static constexpr std::uint16_t kAny = kNone - 1;  ///< a reaction to sends on every channel

  /// A property, and the values by which reactions differ.
  struct Split {
    std::uint16_t property = 0;
    std::vector<Value> values;
  };
  struct Kind {
    bool send = false, hand_off = false;
    std::uint16_t cause = kNone;    ///< of a send of an unknown content: its channel; of a reaction: what it follows
    std::uint16_t message = kNone;  ///< the text property that names a single message
    std::uint16_t first = kNone;    ///< of a reaction: the first of its `reactions`
    std::vector<Split> split;       ///< what tells its reactions apart
  };

  Plan(const bytecode::Module& module, const store::Store& store, const std::vector<std::uint16_t>& hand_offs);

  const std::vector<CauseKind>& causes() const { return causes_; }
  const std::vector<Reaction>& reactions() const { return reactions_; }
  const Kind& kind(std::uint8_t kind) const { return kinds_[kind]; }
  std::uint16_t cause_of_content(std::uint16_t content) const { return cause_of_content_[content]; }
  std::uint16_t hand_offs() const { return static_cast<std::uint16_t>(causes_.size() - 1); }
  /// The content of that name (a text of the store), or kNone.
  std::uint16_t content(Value name) const;
  /// Which reaction this event is: kNone where it says nothing of what tells them apart.
  std::uint16_t reaction(std::uint8_t kind, store::RowIndex row) const;
  /// Whether reaction r can follow cause c.
  bool follows(std::size_t r, std::size_t c) const;
  /// Kinds that follow sends and need a property that no scenario can be told to give, and which.
  const std::vector<std::pair<std::uint16_t, std::uint16_t>>& refused() const { return refused_; }

  const bytecode::Module& module() const { return module_; }
  const store::Store& store() const { return store_; }

 private:
  void find_channels();
  void look_at(std::uint16_t kind);
  std::uint16_t follows_what(const bytecode::EventKind& kind) const;
  bool tell_apart(std::uint16_t kind);
  std::vector<Value> values_of(const bytecode::Type& type) const;
  void add_reactions(std::uint16_t kind);
  std::uint16_t channel_named(std::string_view name) const;
  std::uint16_t channel_in(const bytecode::EventKind& kind) const;

  const bytecode::Module& module_;
  const store::Store& store_;
  std::vector<CauseKind> causes_;
  std::vector<Reaction> reactions_;
  std::vector<Kind> kinds_;
  std::vector<std::uint16_t> cause_of_content_;
  std::unordered_map<TextId, std::uint16_t> contents_;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> refused_;
};

}  // namespace nurture::fit
