#include <algorithm>

#include "compiler/ir/campaign.h"
#include "runtime/base/check.h"

namespace nurture::ir {

using ast::as;
using ast::NodeKind;

namespace {

constexpr Duration kGiveUpAfter{0, 7, 0};  ///< of a send that says nothing (§5.5)

std::string label_of(const ast::Send& stmt) {
  if (stmt.what == ast::Send::What::NextOf) return "send next of " + stmt.content.text;
  if (stmt.what == ast::Send::What::Content) return "send " + stmt.content.text;
  std::string label = "send first permitted of [";
  for (const ast::Name& name : stmt.choices) label += (&name == stmt.choices.data() ? "" : ", ") + name.text;
  return label + "]";
}

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
      spot(bytecode::Spot::Kind::Exit, kNoLabel, code_.here(), kNoLabel, stmt.span);
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
    case NodeKind::Enroll:
      return code_.emit(Opcode::EnrollIn, {campaign_named_by(stmt), place(stmt)});
    case NodeKind::RemoveFrom:
      return code_.emit(Opcode::RemoveFrom, {campaign_named_by(stmt), place(stmt)});
    case NodeKind::AudienceChange: {
      const auto& change = as<ast::AudienceChange>(stmt);
      return code_.emit(change.add ? Opcode::AddAudience : Opcode::RemoveAudience,
                        {pools_.text(change.audience.text), place(stmt)});
    }
    case NodeKind::CallWebhook:
      return code_.emit(Opcode::CallWebhook, {pools_.text(as<ast::CallWebhook>(stmt).url), place(stmt)});
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

/// Fills in what the statement sends; the first of it.
std::uint16_t CampaignWriter::contents_of(const ast::Send& stmt, bytecode::SendSite& site) const {
  const auto content = [&](const ast::Name& name) {
    const std::uint32_t found = model_.find_content(name.text);
    NURTURE_CHECK(found != sema::kNoIndex);
    return static_cast<std::uint16_t>(found);
  };
  switch (stmt.what) {
    case ast::Send::What::Content:
      return content(stmt.content);
    case ast::Send::What::NextOf: {
      const std::uint32_t stream = model_.find_stream(stmt.content.text);
      NURTURE_CHECK(stream != sema::kNoIndex);
      site.stream = static_cast<std::uint16_t>(stream);
      return static_cast<std::uint16_t>(model_.streams[stream].contents.front());
    }
    case ast::Send::What::FirstPermitted:
      for (const ast::Name& name : stmt.choices) site.choices.push_back(content(name));
      return site.choices.front();
  }
  return 0;
}

std::uint16_t CampaignWriter::window(const ast::Name& name) const {
  return name ? static_cast<std::uint16_t>(model_.find_window(name.text)) : bytecode::kNone;
}

void CampaignWriter::send(const ast::Send& stmt, const Surroundings& around) {
  bytecode::SendSite site;
  site.content = contents_of(stmt, site);
  site.now_or_skip = stmt.now_or_skip;
  site.to_leads = stmt.to_leads;
  site.recipients = expressions_.later(stmt.to_leads_where);
  site.detached = stmt.to_leads || !may_wait(stmt);
  site.place = place(stmt);
  if (!site.now_or_skip) site.give_up_after = stmt.for_up_to ? length(stmt.for_up_to) : pools_.duration(kGiveUpAfter);
  if (site.detached) {
    site.owner_stage = around.stage;
    ++made_.detached_slots;
  }
  bool transactional = stmt.what == ast::Send::What::Content &&
                       model_.contents[site.content].message_class == sema::Content::Class::Transactional;
  if (!site.detached && !site.now_or_skip && !transactional) {
    site.state = state(bytecode::StateKind::Deferred, "send", label_of(stmt), stmt, around);
  } else if (!site.detached) {
    ++anchors_[{around.stage, "send"}];  // keeps its number, so that the anchors of others do not depend on it
  }
  site.next = code_.fresh();
  site.otherwise = stmt.otherwise ? code_.fresh() : site.next;
  site.only_if_exhausted = stmt.if_none_left;
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
  const bool watched = sema::waits_for_condition(model_, stmt);
  watched ? time_out(stmt) : deadline(stmt, Opcode::LoadNow);
  end(Opcode::WaitUntil, {index});
  if (!watched && stmt.form == ast::Wait::Form::Until && stmt.until.target &&
      names_attribute(model_, *stmt.until.target)) {
    recomputes_.push_back({index, &stmt});
  }
  made_.states[index].on_timer = code_.fresh();
  made_.states[index].has_otherwise = stmt.otherwise.has_value();
  Label after = code_.fresh();
  handlers(stmt, index, around);
  if (watched) condition(stmt, index);
  bind(made_.states[index].on_timer);
  if (stmt.otherwise) block(*stmt.otherwise, around);
  code_.bind(after);
  if (!moved_on_.contains(index)) return;
  made_.states[index].on_move_on = after;
  live_ = true;
}

/// The deadline of a `wait until c`: what `, at most D` says, or none.
void CampaignWriter::time_out(const ast::Wait& stmt) {
  if (!stmt.at_most) {
    sema::ConstantValue never;
    never.type.kind = TypeKind::DateTime;
    never.value = Value::of(kNever);
    return expressions_.constant(never);
  }
  code_.emit(Opcode::LoadNow);
  expressions_.value(*stmt.at_most);
  code_.emit(Opcode::ShiftInstant);
}

/// `wait until c` is a wait with one more handler, the last: `when c { move on }`.
void CampaignWriter::condition(const ast::Wait& stmt, std::uint16_t index) {
  bytecode::Trigger row;
  row.condition = expressions_.later(stmt.until.target);
  row.ends_wait = true;
  row.when_index = whens_++;
  row.label = pools_.text("until " + pools_.written(stmt.until.target->span));
  row.place = pools_.place(stmt.until.target->span);
  row.body = code_.here();
  code_.emit(Opcode::MoveOn, {index});
  moved_on_.insert(index);
  made_.states[index].handlers.push_back(std::move(row));
  if (stmt.at_least) earliest_.push_back({index, &stmt});
}

void CampaignWriter::write_earliest(const Recompute& row) {
  made_.states[row.state].earliest = code_.here();
  code_.emit(Opcode::LoadWaitStart);
  expressions_.value(*row.wait->at_least);
  code_.emit(Opcode::ShiftInstant);
  code_.emit(Opcode::Return);
}

std::uint32_t CampaignWriter::campaign_named_by(const ast::Stmt& stmt) const {
  const sema::Symbol& symbol = model_.symbols.at(stmt.id);
  NURTURE_CHECK(symbol.kind == sema::Symbol::Kind::CampaignName);
  return symbol.index;
}

/// Leaves the deadline. `base` is the instant from which lengths count: now, or for a recomputation the wait's start.
void CampaignWriter::deadline(const ast::Wait& stmt, Opcode base) {
  if (stmt.form != ast::Wait::Form::Until) {
    code_.emit(base);
    if (stmt.business_days) return business_days(stmt);
    expressions_.value(*stmt.duration);
    if (stmt.window) return code_.emit(Opcode::WindowTime, {window(stmt.window)});
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

void CampaignWriter::business_days(const ast::Wait& stmt) {
  auto value = sema::constant_of(model_, *stmt.duration);
  NURTURE_CHECK(value);
  sema::ConstantValue days;
  days.type.kind = TypeKind::Integer;
  days.value = Value::of(value->value.duration().days);
  expressions_.constant(days);
  if (stmt.window) return code_.emit(Opcode::WindowDays, {window(stmt.window)});
  code_.emit(Opcode::BusinessDays);
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
    const Span condition = stmt.arms[i].condition->span;
    const Label from = code_.here();
    expressions_.branch(*stmt.arms[i].condition, false, next);
    const Label at = code_.here();
    spot(bytecode::Spot::Kind::Arm, from, at, next, condition);
    block(stmt.arms[i].body, around);
    joins = joins || live_;
    if (live_ && !last) end(Opcode::Jump, {done});
    if (i + 1 == stmt.arms.size()) spot(bytecode::Spot::Kind::Else, from, at, next, condition);
    bind(next);
  }
  if (stmt.otherwise) block(*stmt.otherwise, around);
  code_.bind(done);
  live_ = live_ || joins;
}

void CampaignWriter::spot(bytecode::Spot::Kind kind, Label from, Label at, Label to, Span span) {
  Spot made;
  made.row.kind = kind;
  made.row.from = from;
  made.row.at = at;
  made.row.to = to;
  made.row.written = pools_.written(span);
  made.span = span;
  spots_.push_back(std::move(made));
}

void CampaignWriter::split(const ast::SplitStmt& stmt, const Surroundings& around) {
  bytecode::SplitSite site;
  site.name = pools_.text(stmt.name.text);
  site.by_account = stmt.by_account;
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
  made_.hand_offs.push_back({expressions_.message(stmt.note), length(stmt.answer_within), stmt.business_days,
                             window(stmt.window), place(stmt)});
  code_.emit(Opcode::HandOff, {index_of(made_.hand_offs.size())});
}

void CampaignWriter::assign(const ast::Assign& stmt) {
  bytecode::AssignSite site;
  site.kind = stmt.what.text == "call" ? bytecode::WorkKind::Call : bytecode::WorkKind::Task;
  if (stmt.name) site.name = pools_.text(stmt.name.text);
  site.due_in = length(stmt.due_in);
  site.due_business = stmt.business_days;
  site.due_window = window(stmt.window);
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
