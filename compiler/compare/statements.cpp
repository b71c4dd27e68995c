#include <algorithm>
#include <fmt/format.h>

#include "compiler/compare/portrait.h"

namespace nurture::compare {

namespace {

using ast::as;
using ast::NodeKind;

class Statements {
 public:
  explicit Statements(Words& words) : words_(words) {}

  std::vector<Item> all(const ast::Block& block) {
    std::vector<Item> items;
    std::string place = "at the start";
    for (const ast::Stmt* each : block.statements) {
      if (!each) continue;
      place_ = place;
      items.push_back(one(*each));
      place = after(*each, items.back());
    }
    return items;
  }

  std::string head(const ast::Stmt& statement) { return described(statement).head; }

 private:
  /// How what follows it is found.
  static std::string after(const ast::Stmt& statement, const Item& item) {
    switch (statement.kind) {
      case NodeKind::Send:
        return fmt::format("after \"{}\"", sent(as<ast::Send>(statement)));
      case NodeKind::Wait:
        return "after the wait";
      case NodeKind::SplitStmt:
        return "after " + item.label;
      case NodeKind::If:
        return "after the `if`";
      case NodeKind::Repeat:
        return "after the repetition";
      case NodeKind::HandOff:
        return "after the hand-off";
      default:
        return fmt::format("after `{}`", item.head);
    }
  }

  static std::string sent(const ast::Send& send) {
    return send.what == ast::Send::What::NextOf ? "next of " + send.content.text : send.content.text;
  }

  std::string placed(std::string_view what) const { return fmt::format("the {} {}", what, place_); }

  Item made(const ast::Stmt& statement, std::string noun, std::string head) {
    Item item;
    item.noun = std::move(noun);
    item.head = std::move(head);
    item.span = statement.span;
    return item;
  }

  /// A block of a statement, as an item that holds it.
  Item block(std::string noun, std::string head, const ast::Block& block, Span span) {
    Item item;
    item.noun = std::move(noun);
    item.head = std::move(head);
    item.items = portray(block, words_);
    item.span = span;
    seal(item);
    return item;
  }

  Item one(const ast::Stmt& statement) {
    Item item = described(statement);
    seal(item);
    return item;
  }

  Item described(const ast::Stmt& s);
  Item send(const ast::Send& s);
  Item wait(const ast::Wait& s);
  Item condition(const ast::If& s);
  Item split(const ast::SplitStmt& s);
  Item repeat(const ast::Repeat& s);
  Item hand_off(const ast::HandOff& s);
  Item assign(const ast::Assign& s);

  Words& words_;
  std::string place_;
};

Item Statements::send(const ast::Send& s) {
  std::string head;
  switch (s.what) {
    case ast::Send::What::Content:
      head = words_.name(Thing::Content, s.content.text);
      break;
    case ast::Send::What::NextOf:
      head = "next of " + words_.name(Thing::Stream, s.content.text);
      break;
    case ast::Send::What::FirstPermitted: {
      std::vector<std::string> names;
      for (const ast::Name& each : s.choices) names.push_back(words_.name(Thing::Content, each.text));
      head = fmt::format("first permitted of [{}]", fmt::join(names, ", "));
      break;
    }
  }
  if (s.to_leads) head += " to leads";
  if (s.to_leads_where) head += " where " + words_.expression(s.to_leads_where);
  if (s.now_or_skip) head += " now or skip";
  if (s.for_up_to) head += " for up to " + words_.length(s.for_up_to);
  Item item = made(s, "send", "send " + head);
  if (s.otherwise) {
    const std::string word = s.if_none_left ? "if none left" : "else";
    item.items.push_back(block(word, word, *s.otherwise, s.otherwise->span));
  }
  return item;
}

Item Statements::wait(const ast::Wait& s) {
  std::string head;
  switch (s.form) {
    case ast::Wait::Form::For:
      head = words_.length(s.duration, s.business_days, s.window);
      break;
    case ast::Wait::Form::UpTo:
      head = "up to " + words_.length(s.duration, s.business_days, s.window);
      break;
    case ast::Wait::Form::Until:
      head = "until " + words_.when(s.until);
      break;
  }
  if (s.at_least) head += ", at least " + words_.length(s.at_least);
  if (s.at_most) head += ", at most " + words_.length(s.at_most);
  Item item = made(s, "wait", std::move(head));
  item.label = placed("wait");
  item.plain = true;
  for (const ast::Trigger& each : s.handlers) {
    const std::string on = words_.head(each);
    const std::string noun = each.silence ? "on silence" : each.condition ? "when" : "on " + each.event.kind.text();
    item.items.push_back(block(noun, on, each.body, each.span));
  }
  if (s.otherwise) item.items.push_back(block("otherwise", "otherwise", *s.otherwise, s.otherwise->span));
  return item;
}

Item Statements::condition(const ast::If& s) {
  Item item = made(s, "if", "if …");
  item.label = placed("`if`");
  for (const ast::IfArm& arm : s.arms)
    item.items.push_back(block("arm", "if " + words_.expression(arm.condition), arm.body, arm.condition->span));
  if (s.otherwise) item.items.push_back(block("else", "else", *s.otherwise, s.otherwise->span));
  return item;
}

Item Statements::split(const ast::SplitStmt& s) {
  Item item = made(s, "split", fmt::format("split {}", s.name.text));
  item.label = fmt::format("the split \"{}\"", s.name.text);
  if (s.by_account) item.parts.push_back({"`by account`", "yes"});
  if (s.drawn_anew) item.parts.push_back({"`drawn anew`", "yes"});
  std::string order;
  for (const ast::SplitArm& arm : s.arms) {
    Item branch;
    branch.noun = "branch";
    branch.key = arm.name.text;
    branch.label = fmt::format("branch \"{}\"", arm.name.text);
    branch.head = branch.label;
    branch.parts.push_back({"share", percent_words(arm.share)});
    branch.items = portray(arm.body, words_);
    branch.span = arm.share_span;
    seal(branch);
    item.items.push_back(std::move(branch));
    order += (order.empty() ? "" : ", ") + arm.name.text;
  }
  item.parts.push_back({"order of branches", order, Part::Kind::Order});
  return item;
}

Item Statements::repeat(const ast::Repeat& s) {
  std::string every = s.every ? words_.length(s.every) : words_.when(s.at);
  Item item = made(s, "repeat", fmt::format("every {} up to {} times", every, s.times));
  item.label = placed("repetition");
  item.plain = true;
  item.items = portray(s.body, words_);
  return item;
}

Item Statements::hand_off(const ast::HandOff& s) {
  std::string head = fmt::format("hand off to {} {}", s.to.text, words_.message(s.note));
  if (s.answer_within) head += " answer within " + words_.length(s.answer_within, s.business_days, s.window);
  return made(s, "hand off", std::move(head));
}

Item Statements::assign(const ast::Assign& s) {
  std::string head = "assign " + s.what.text;
  if (s.name) head += " as " + s.name.text;
  if (s.to) head += " to " + words_.expression(s.to);
  if (s.due_in) head += " due in " + words_.length(s.due_in, s.business_days, s.window);
  if (s.note.present) head += " " + words_.message(s.note);
  return made(s, "assign", std::move(head));
}

Item Statements::described(const ast::Stmt& s) {
  switch (s.kind) {
    case NodeKind::Send:
      return send(as<ast::Send>(s));
    case NodeKind::Wait:
      return wait(as<ast::Wait>(s));
    case NodeKind::If:
      return condition(as<ast::If>(s));
    case NodeKind::SplitStmt:
      return split(as<ast::SplitStmt>(s));
    case NodeKind::Repeat:
      return repeat(as<ast::Repeat>(s));
    case NodeKind::HandOff:
      return hand_off(as<ast::HandOff>(s));
    case NodeKind::Assign:
      return assign(as<ast::Assign>(s));
    case NodeKind::Stay:
      return made(s, "end", "stay");
    case NodeKind::GoTo:
      return made(s, "end", "go to " + words_.stage(as<ast::GoTo>(s).stage.text));
    case NodeKind::RestartStage:
      return made(s, "end", "restart stage");
    case NodeKind::ExitStmt:
      return made(s, "end", "exit as " + as<ast::ExitStmt>(s).reason.text);
    case NodeKind::MoveOn:
      return made(s, "end", "move on");
    case NodeKind::KeepWaiting:
      return made(s, "end", "keep waiting");
    case NodeKind::TakeBack:
      return made(s, "take back", "take back from " + as<ast::TakeBack>(s).from.text);
    case NodeKind::Notify: {
      const auto& n = as<ast::Notify>(s);
      return made(s, "notify", fmt::format("notify {} {}", words_.expression(n.who), words_.message(n.note)));
    }
    case NodeKind::SetStmt: {
      const auto& set = as<ast::SetStmt>(s);
      const std::string target = set.target.text();
      if (!set.value) return made(s, "set " + target, "clear " + target);
      return made(s, "set " + target, fmt::format("set {} to {}", target, words_.expression(set.value)));
    }
    case NodeKind::AddScore: {
      const auto& add = as<ast::AddScore>(s);
      const std::string score = words_.name(Thing::Score, add.target.parts.back().text);
      return made(s, "score", fmt::format("add {} to score.{}", words_.expression(add.amount), score));
    }
    case NodeKind::ResetScore: {
      const std::string score = words_.name(Thing::Score, as<ast::ResetScore>(s).target.parts.back().text);
      return made(s, "score", "reset score." + score);
    }
    case NodeKind::AudienceChange: {
      const auto& a = as<ast::AudienceChange>(s);
      return made(s, "audience", fmt::format("{} audience {}", a.add ? "add to" : "remove from", a.audience.text));
    }
    case NodeKind::Enroll:
      return made(s, "enroll",
                  "enroll in campaign " + words_.name(Thing::Campaign, as<ast::Enroll>(s).campaign.text()));
    case NodeKind::RemoveFrom:
      return made(s, "remove",
                  "remove from campaign " + words_.name(Thing::Campaign, as<ast::RemoveFrom>(s).campaign.text()));
    case NodeKind::Remember: {
      const auto& r = as<ast::Remember>(s);
      return made(s, "remember", fmt::format("remember {} as {}", r.name.text, words_.expression(r.value)));
    }
    case NodeKind::CallWebhook:
      return made(s, "webhook", "call webhook " + quoted(as<ast::CallWebhook>(s).url));
    case NodeKind::ErrorStmt:
      break;
#define NURTURE_EXPR(name) case NodeKind::name:
#define NURTURE_STMT(name)
#define NURTURE_DECL(name) case NodeKind::name:
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
      break;
  }
  return made(s, "", "");
}

}  // namespace

std::vector<Item> portray(const ast::Block& block, Words& words) { return Statements(words).all(block); }

std::string head_of(const ast::Stmt& statement, Words& words) { return Statements(words).head(statement); }

void seal(Item& item) {
  std::string& out = item.whole;
  out = fmt::format("{}\x1f{}\x1f{}\x1f", item.noun, item.key, item.head);
  for (const Part& part : item.parts) out += fmt::format("{}\x1e{}\x1e", part.name, part.value);
  out += '{';
  std::vector<std::string_view> loose;
  for (const Item& each : item.items) {
    if (each.unordered || !each.key.empty())
      loose.push_back(each.whole);
    else
      out += each.whole;
  }
  std::sort(loose.begin(), loose.end());
  for (std::string_view each : loose) out += each;
  out += '}';
}

}  // namespace nurture::compare
