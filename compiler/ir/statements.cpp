#include <algorithm>

#include "compiler/ir/campaign.h"
#include "runtime/base/check.h"

namespace nurture::ir {

using ast::as;
using ast::NodeKind;

namespace {

constexpr Duration kGiveUpAfter{0, 7, 0};  ///< of a send that says nothing (§5.5)

std::uint16_t index_of(std::size_t size) { return static_cast<std::uint16_t>(size - 1); }

}  // namespace

void CampaignWriter::statement(const ast::Stmt& stmt, const Surroundings& around) {
  switch (stmt.kind) {
    case NodeKind::Send:
      return send(as<ast::Send>(stmt), around);
    case NodeKind::Wait:
      return wait(as<ast::Wait>(stmt), around);
    case NodeKind::Stay:
      return end(Opcode::Stay, {state(bytecode::StateKind::Stay, "stay", "stay", stmt, around)});
    case NodeKind::If:
      return branch(as<ast::If>(stmt), around);
    case NodeKind::SplitStmt:
      return split(as<ast::SplitStmt>(stmt), around);
    case NodeKind::Repeat:
      return repeat(as<ast::Repeat>(stmt), around);
    case NodeKind::GoTo: {
      const auto& rows = source_.stages;
      auto found = std::find_if(rows.begin(), rows.end(),
                                [&](const sema::Stage& row) { return row.name == as<ast::GoTo>(stmt).stage.text; });
      NURTURE_CHECK(found != rows.end());
      return end(Opcode::GoTo, {static_cast<std::uint32_t>(found - rows.begin()), place(stmt)});
    }
    case NodeKind::RestartStage:
      return end(Opcode::RestartStage, {place(stmt)});
    case NodeKind::ExitStmt:
      return end(Opcode::Exit, {reason(as<ast::ExitStmt>(stmt).reason.text), place(stmt)});
    case NodeKind::HandOff:
      return hand_off(as<ast::HandOff>(stmt));
    case NodeKind::TakeBack:
      return code_.emit(Opcode::TakeBack, {place(stmt)});
    case NodeKind::Assign:
      return assign(as<ast::Assign>(stmt));
    case NodeKind::Notify:
      return notify(as<ast::Notify>(stmt));
    case NodeKind::SetStmt:
      return set(as<ast::SetStmt>(stmt));
    case NodeKind::Remember:
      return remember(as<ast::Remember>(stmt));
    case NodeKind::AddScore:
      expressions_.value_as(*as<ast::AddScore>(stmt).amount, TypeKind::Number);
      return code_.emit(Opcode::AddScore, {score(as<ast::AddScore>(stmt).target), place(stmt)});
    case NodeKind::ResetScore:
      return code_.emit(Opcode::ResetScore, {score(as<ast::ResetScore>(stmt).target), place(stmt)});
    case NodeKind::MoveOn:
      moved_on_.insert(around.wait);
      return end(Opcode::MoveOn, {around.wait});
    case NodeKind::KeepWaiting:
      return end(Opcode::KeepWaiting);
    default:
      NURTURE_CHECK(!"a statement that is not lowered");  // sema refuses what is not in this version
  }
}

// Suspensions ---------------------------------------------------------------------------------------------------------

void CampaignWriter::send(const ast::Send& stmt, const Surroundings& around) {
  bytecode::SendSite site;
  std::uint32_t content = model_.find_content(stmt.content.text);
  NURTURE_CHECK(content != sema::kNoIndex);
  site.content = static_cast<std::uint16_t>(content);
  site.now_or_skip = stmt.now_or_skip;
  site.detached = !may_wait(stmt);
  site.place = place(stmt);
  if (!site.now_or_skip) site.give_up_after = stmt.for_up_to ? length(stmt.for_up_to) : pools_.duration(kGiveUpAfter);
  if (site.detached) {
    site.owner_stage = around.stage;
    ++made_.detached_slots;
  }
  bool transactional = model_.contents[content].message_class == sema::Content::Class::Transactional;
  if (!site.detached && !site.now_or_skip && !transactional) {
    site.state = state(bytecode::StateKind::Deferred, "send", "send " + stmt.content.text, stmt, around);
  } else if (!site.detached) {
    ++anchors_[{around.stage, "send"}];  // keeps its number, so that the anchors of others do not depend on it
  }
  site.next = code_.fresh();
  site.otherwise = stmt.otherwise ? code_.fresh() : site.next;
  made_.sends.push_back(site);
  code_.emit(Opcode::Send, {index_of(made_.sends.size())});
  if (stmt.otherwise && site.detached) {
    late_.push_back({&*stmt.otherwise, site.otherwise, around});
  } else if (stmt.otherwise) {
    bind(site.otherwise);
    block(*stmt.otherwise, around);
  }
  bind(site.next);
}

void CampaignWriter::wait(const ast::Wait& stmt, const Surroundings& around) {
  Span head = stmt.head.end > stmt.head.begin ? stmt.head : stmt.span;
  std::uint16_t index = state(bytecode::StateKind::Wait, "wait", pools_.written(head), stmt, around);
  deadline(stmt, Opcode::LoadNow);
  end(Opcode::WaitUntil, {index});
  if (stmt.form == ast::Wait::Form::Until && stmt.until.target && names_attribute(model_, *stmt.until.target)) {
    recomputes_.push_back({index, &stmt});
  }
  made_.states[index].on_timer = code_.fresh();
  made_.states[index].has_otherwise = stmt.otherwise.has_value();
  Label after = code_.fresh();
  handlers(stmt, index, around);
  bind(made_.states[index].on_timer);
  if (stmt.otherwise) block(*stmt.otherwise, around);
  code_.bind(after);
  if (!moved_on_.contains(index)) return;
  made_.states[index].on_move_on = after;
  live_ = true;
}

/// Leaves the deadline. `base` is the instant from which lengths count: now, or for a recomputation the wait's start.
void CampaignWriter::deadline(const ast::Wait& stmt, Opcode base) {
  if (stmt.form != ast::Wait::Form::Until) {
    code_.emit(base);
    expressions_.value(*stmt.duration);
    return code_.emit(Opcode::ShiftInstant);
  }
  expressions_.point(stmt.until);
  if (!stmt.at_least && !stmt.at_most) return;
  // An unknown point is over at once (§6.2): `, at most` changes nothing about that, `, at least` counts it as now.
  Label known = code_.fresh();
  Label over = code_.fresh();
  code_.emit(Opcode::JumpIfKnown, {known});
  if (!stmt.at_least) {
    code_.emit(Opcode::Jump, {over});
  } else {
    code_.emit(Opcode::Pop);
    code_.emit(Opcode::LoadNow);
  }
  code_.bind(known);
  bound_by(stmt.at_least, base, Opcode::Later);
  bound_by(stmt.at_most, base, Opcode::EarlierKnown);
  code_.bind(over);
}

void CampaignWriter::bound_by(const ast::Expr* length, Opcode base, Opcode op) {
  if (!length) return;
  code_.emit(base);
  expressions_.value(*length);
  code_.emit(Opcode::ShiftInstant);
  code_.emit(op);
}

void CampaignWriter::handlers(const ast::Wait& stmt, std::uint16_t index, const Surroundings& around) {
  std::vector<bytecode::Trigger> rows;
  for (const ast::Trigger& handler : stmt.handlers) {
    rows.push_back(trigger(handler, handler.span));
    rows.back().body = code_.fresh();
  }
  made_.states[index].handlers = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    body_of(stmt.handlers[i].body, rows[i].body, {around.stage, index});
  }
}

void CampaignWriter::repeat(const ast::Repeat& stmt, const Surroundings& around) {
  Span head = stmt.head.end > stmt.head.begin ? stmt.head : stmt.span;
  bytecode::RepeatSite site;
  site.place = place(stmt);
  site.times = static_cast<std::uint32_t>(stmt.times);
  site.first_slot = made_.slots;
  made_.slots = static_cast<std::uint16_t>(made_.slots + 4);
  if (stmt.every) {
    site.every = length(stmt.every);
  } else {
    site.weekdays = stmt.at.weekdays;
    auto time = stmt.at.time ? sema::constant_of(model_, *stmt.at.time) : std::nullopt;
    site.at_time = time ? time->value.bits : 0;
  }
  site.state = state(bytecode::StateKind::Repeat, "repeat", pools_.written(head), stmt, around);
  site.body = code_.fresh();
  made_.states[site.state].on_timer = site.body;
  made_.repeats.push_back(site);
  std::uint32_t row = index_of(made_.repeats.size());
  end(Opcode::RepeatBegin, {row});
  bind(site.body);
  block(stmt.body, around);
  if (!live_) {
    made_.repeats[row].after = site.body;  // the first run leaves: nothing comes after a last one
    return;
  }
  end(Opcode::RepeatNext, {row});
  made_.repeats[row].after = code_.here();
  live_ = true;
}

// Choices -------------------------------------------------------------------------------------------------------------

void CampaignWriter::branch(const ast::If& stmt, const Surroundings& around) {
  Label done = code_.fresh();
  bool joins = false;
  for (std::size_t i = 0; i < stmt.arms.size(); ++i) {
    Label next = code_.fresh();
    bool last = i + 1 == stmt.arms.size() && !stmt.otherwise;
    expressions_.branch(*stmt.arms[i].condition, false, next);
    block(stmt.arms[i].body, around);
    joins = joins || live_;
    if (live_ && !last) end(Opcode::Jump, {done});
    bind(next);
  }
  if (stmt.otherwise) block(*stmt.otherwise, around);
  code_.bind(done);
  live_ = live_ || joins;
}

void CampaignWriter::split(const ast::SplitStmt& stmt, const Surroundings& around) {
  bytecode::SplitSite site;
  site.name = pools_.text(stmt.name.text);
  site.drawn_anew = stmt.drawn_anew;
  site.place = place(stmt);
  if (stmt.drawn_anew) site.pass_slot = made_.slots++;
  for (const ast::SplitArm& arm : stmt.arms) {
    site.branches.push_back({pools_.text(arm.name.text), static_cast<std::uint16_t>(arm.share / 100), code_.fresh()});
  }
  made_.splits.push_back(site);
  end(Opcode::Split, {index_of(made_.splits.size())});
  Label done = code_.fresh();
  bool joins = false;
  for (std::size_t i = 0; i < stmt.arms.size(); ++i) {
    bind(site.branches[i].body);
    block(stmt.arms[i].body, around);
    joins = joins || live_;
    if (live_ && i + 1 < stmt.arms.size()) end(Opcode::Jump, {done});
  }
  code_.bind(done);
  live_ = joins;
}

// Work ----------------------------------------------------------------------------------------------------------------

void CampaignWriter::person(const ast::Expr* who) { who ? expressions_.value(*who) : code_.emit(Opcode::PushUnknown); }

void CampaignWriter::hand_off(const ast::HandOff& stmt) {
  made_.hand_offs.push_back({expressions_.message(stmt.note), length(stmt.answer_within), place(stmt)});
  code_.emit(Opcode::HandOff, {index_of(made_.hand_offs.size())});
}

void CampaignWriter::assign(const ast::Assign& stmt) {
  bytecode::AssignSite site;
  site.kind = stmt.what.text == "call" ? bytecode::WorkKind::Call : bytecode::WorkKind::Task;
  if (stmt.name) site.name = pools_.text(stmt.name.text);
  site.due_in = length(stmt.due_in);
  site.note = expressions_.message(stmt.note);
  site.place = place(stmt);
  made_.assigns.push_back(std::move(site));
  person(stmt.to);
  code_.emit(Opcode::Assign, {index_of(made_.assigns.size())});
}

void CampaignWriter::notify(const ast::Notify& stmt) {
  made_.notifies.push_back({expressions_.message(stmt.note), place(stmt)});
  person(stmt.who);
  code_.emit(Opcode::Notify, {index_of(made_.notifies.size())});
}

void CampaignWriter::set(const ast::SetStmt& stmt) {
  const std::string& name = stmt.target.parts.back().text;
  auto found = std::find_if(model_.lead.begin(), model_.lead.end(),
                            [&](const sema::Field& field) { return field.name == name; });
  NURTURE_CHECK(found != model_.lead.end());
  stmt.value ? expressions_.value_as(*stmt.value, found->type.kind) : code_.emit(Opcode::PushUnknown);
  code_.emit(Opcode::SetLead, {static_cast<std::uint32_t>(found - model_.lead.begin()), place(stmt)});
}

std::uint32_t CampaignWriter::score(const ast::Path& target) const {
  const std::uint32_t found = model_.find_score(target.parts.back().text);
  NURTURE_CHECK(found != sema::kNoIndex);
  return found;
}

void CampaignWriter::remember(const ast::Remember& stmt) {
  const auto& rows = source_.remembered;
  auto found =
      std::find_if(rows.begin(), rows.end(), [&](const sema::Remembered& row) { return row.name == stmt.name.text; });
  NURTURE_CHECK(found != rows.end());
  expressions_.value_as(*stmt.value, found->type.kind);
  code_.emit(Opcode::Remember,
             {static_cast<std::uint32_t>(found - rows.begin()), pools_.text(stmt.name.text), place(stmt)});
}

}  // namespace nurture::ir
