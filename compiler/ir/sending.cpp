#include "compiler/ir/sending.h"

namespace nurture::ir {

using bytecode::kNone;
using Kind = ast::Clause::Kind;

void SendingWriter::run() {
  for (const sema::Calendar& row : model_.calendars) module_.calendars.push_back(calendar(row));
  for (const sema::Window& row : model_.windows) module_.windows.push_back(window(row));
  for (const sema::Stream& row : model_.streams) module_.streams.push_back(stream(row));
  for (const sema::Rule& row : model_.rules) module_.rules.push_back(rule(row));
  expressions_.flush();
}

std::vector<std::uint16_t> SendingWriter::rules_of(const sema::Campaign& campaign) {
  std::vector<std::uint16_t> indices;
  for (const sema::Rule& row : campaign.rules) {
    indices.push_back(static_cast<std::uint16_t>(module_.rules.size()));
    module_.rules.push_back(rule(row));
  }
  return indices;
}

bytecode::Calendar SendingWriter::calendar(const sema::Calendar& row) {
  sema::ConstantValue dates;
  dates.type.kind = TypeKind::List;
  dates.type.element = TypeKind::Date;
  for (std::int64_t day : row.dates) {
    sema::ConstantValue date;
    date.type.kind = TypeKind::Date;
    date.value = Value::of(day);
    dates.items.push_back(std::move(date));
  }
  return {pools_.text(row.name), pools_.constant(dates), pools_.place(row.decl->span)};
}

bytecode::Window SendingWriter::window(const sema::Window& row) {
  bytecode::Window made;
  made.name = pools_.text(row.name);
  for (const ast::WindowSpan& span : row.decl->spans) {
    made.spans.push_back({span.weekdays, span.from, span.to});
  }
  if (!row.zone.empty()) made.zone = pools_.text(row.zone);
  for (std::uint32_t calendar : row.except) made.except.push_back(static_cast<std::uint16_t>(calendar));
  made.place = pools_.place(row.decl->span);
  return made;
}

bytecode::Stream SendingWriter::stream(const sema::Stream& row) {
  bytecode::Stream made;
  made.name = pools_.text(row.name);
  for (std::uint32_t content : row.contents) made.contents.push_back(static_cast<std::uint16_t>(content));
  made.again_after = length(row.decl->again_after);
  made.place = pools_.place(row.decl->span);
  return made;
}

bytecode::Rule SendingWriter::rule(const sema::Rule& row) {
  const ast::Clause& clause = *row.clause;
  bytecode::Rule made;
  made.owner = pools_.text(row.owner);
  made.everywhere = row.everywhere;
  using Governs = sema::Rule::Governs;
  made.governs = row.governs == Governs::Sends           ? bytecode::Governs::Sends
                 : row.governs == Governs::Transactional ? bytecode::Governs::Transactional
                                                         : bytecode::Governs::Work;
  if (!row.channel.empty()) made.channel = pools_.text(row.channel);
  made.label = pools_.text(pools_.written(clause.span));
  made.place = pools_.place(clause.span);
  if (row.window != sema::kNoIndex) made.window = static_cast<std::uint16_t>(row.window);
  if (clause.kind == Kind::Never) {
    never(row, made);
  } else if (clause.kind == Kind::SendOnlyIn) {
    made.kind = bytecode::RuleKind::Window;
  } else if (clause.kind == Kind::Quiet) {
    made.kind = bytecode::RuleKind::Quiet;
    made.window = quiet_hours(row);
  } else if (clause.kind == Kind::Limit || clause.kind == Kind::Throttle) {
    made.kind = clause.kind == Kind::Limit ? bytecode::RuleKind::Limit : bytecode::RuleKind::Throttle;
    made.most = static_cast<std::uint32_t>(clause.number);
    made.per = length(clause.duration);
  } else {
    made.kind = bytecode::RuleKind::Holdout;
    made.share = static_cast<std::uint16_t>(clause.number / 100);
  }
  return made;
}

void SendingWriter::never(const sema::Rule& row, bytecode::Rule& made) {
  made.kind = bytecode::RuleKind::Never;
  for (const ast::EventRef& event : row.clause->after) made.after.push_back(expressions_.match(event));
  for (const ast::EventRef& event : row.clause->until) made.until.push_back(expressions_.match(event));
  made.condition = expressions_.later(row.clause->condition);
}

/// Quiet hours are a window of their own, every day.
std::uint16_t SendingWriter::quiet_hours(const sema::Rule& row) {
  constexpr std::uint8_t kEveryDay = 0x7f;
  bytecode::Window hours;
  hours.spans.push_back({kEveryDay, row.clause->from_time, row.clause->to_time});
  if (!row.zone.empty()) hours.zone = pools_.text(row.zone);
  hours.place = pools_.place(row.clause->span);
  module_.windows.push_back(std::move(hours));
  return static_cast<std::uint16_t>(module_.windows.size() - 1);
}

std::uint16_t SendingWriter::length(const ast::Expr* expr) {
  if (!expr) return kNone;
  auto value = sema::constant_of(model_, *expr);
  return value ? pools_.duration(value->value.duration()) : kNone;
}

}  // namespace nurture::ir
