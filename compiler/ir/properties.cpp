#include "compiler/ir/properties.h"

namespace nurture::ir {

using bytecode::kNone;

namespace {

bytecode::PropertyForm form_of(ast::PropertyDecl::Form form) {
  using Form = ast::PropertyDecl::Form;
  switch (form) {
    case Form::Never:
      return bytecode::PropertyForm::Never;
    case Form::AtMost:
      return bytecode::PropertyForm::AtMost;
    case Form::LeadsTo:
      return bytecode::PropertyForm::LeadsTo;
    case Form::Ends:
      return bytecode::PropertyForm::Ends;
  }
  return {};
}

bytecode::ActKind kind_of(ast::Act::Kind kind) {
  using Kind = ast::Act::Kind;
  switch (kind) {
    case Kind::Send:
      return bytecode::ActKind::Send;
    case Kind::HandOff:
      return bytecode::ActKind::HandOff;
    case Kind::TakeBack:
      return bytecode::ActKind::TakeBack;
    case Kind::Assign:
      return bytecode::ActKind::Assign;
    case Kind::Notify:
      return bytecode::ActKind::Notify;
    case Kind::Enter:
      return bytecode::ActKind::Enter;
    case Kind::Exit:
      return bytecode::ActKind::Exit;
    case Kind::Event:
      return bytecode::ActKind::Event;
  }
  return {};
}

std::uint16_t index_of(std::uint32_t index) {
  return index == sema::kNoIndex ? kNone : static_cast<std::uint16_t>(index);
}

bytecode::Act act(const sema::Property& row, Pools& pools, Expressions& expressions) {
  const ast::Act& written = row.decl->act;
  bytecode::Act made;
  made.kind = kind_of(written.kind);
  if (written.event) made.event = expressions.match(written.event);
  if (!row.channel.empty()) made.channel = pools.text(row.channel);
  made.content = index_of(row.content);
  made.campaign = index_of(row.campaign);
  if (written.kind == ast::Act::Kind::Exit && written.name) made.reason = pools.text(written.name.text);
  return made;
}

}  // namespace

std::vector<bytecode::Property> properties(const sema::Model& model, Pools& pools, Expressions& expressions) {
  std::vector<bytecode::Property> rows;
  for (const sema::Property& row : model.properties) {
    const ast::PropertyDecl& decl = *row.decl;
    bytecode::Property made;
    made.name = pools.text(row.name);
    made.form = form_of(decl.form);
    made.act = act(row, pools, expressions);
    if (decl.event) made.after.push_back(expressions.match(decl.event));
    for (const ast::EventRef& event : decl.after) made.after.push_back(expressions.match(event));
    for (const ast::EventRef& event : decl.until) made.until.push_back(expressions.match(event));
    made.condition = expressions.later(decl.condition);
    made.most = static_cast<std::uint32_t>(decl.number);
    if (decl.within) {
      const auto within = sema::constant_of(model, *decl.within);
      if (within) made.within = pools.duration(within->value.duration());
    }
    made.label = pools.text(pools.written(decl.span));
    made.place = pools.place(decl.span);
    rows.push_back(std::move(made));
  }
  expressions.flush();
  return rows;
}

}  // namespace nurture::ir
