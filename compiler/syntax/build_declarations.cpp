#include <algorithm>
#include <utility>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/canonical.h"

namespace nurture::syntax {

using namespace ast;

File Builder::file(Parser::FileContext* context, std::vector<Comment> comments) {
  comments_ = std::move(comments);
  File out;
  out.file = source_.id();
  for (auto* each : context->declaration()) {
    const Decl* made = declaration(each);
    if (!made) continue;
    // The node was made here and nobody has seen it yet.
    const_cast<Decl*>(made)->doc = doc_before(each);
    out.declarations.push_back(made);
  }
  out.comments = std::move(comments_);
  return out;
}

/// A declaration that broke is left out: what it would declare is in pieces.
const Decl* Builder::declaration(Parser::DeclarationContext* context) {
  if (!sound(context)) return nullptr;
  if (auto* c = context->campaign_decl()) return campaign(c);
  if (auto* c = context->content_decl()) return content(c);
  if (auto* c = context->event_decl()) return event(c);
  if (auto* c = context->test_decl()) return test_decl(c);
  if (auto* c = context->source_decl()) return source_decl(c);
  if (auto* c = context->program_decl()) return program(c);
  if (auto* c = context->score_decl()) return score(c);
  if (auto* c = context->window_decl()) return window(c);
  if (auto* c = context->calendar_decl()) return calendar(c);
  const Decl* made = small(context);
  return made ? made : groups(context);
}

/// Declarations of one line.
const Decl* Builder::small(Parser::DeclarationContext* context) {
  Span at = span(context);
  if (auto* c = context->use_decl()) {
    auto* out = tree_.make<Use>(at);
    out->module = path(c->path());
    out->file = plain_text(c->text());
    out->target_span = c->text() ? span(c->text()) : out->module.span;
    return out;
  }
  if (auto* c = context->let_decl()) {
    auto* out = tree_.make<LetDecl>(at);
    out->name = bare_name(c->name());
    out->value = expression(c->expression());
    return out;
  }
  if (auto* c = context->segment_decl()) {
    auto* out = tree_.make<SegmentDecl>(at);
    out->name = bare_name(c->name());
    out->condition = expression(c->expression());
    return out;
  }
  if (auto* c = context->stream_decl()) {
    auto* out = tree_.make<StreamDecl>(at);
    out->name = name(c->name());
    out->contents = names(c->name_list());
    out->again_after = duration(c->duration());
    return out;
  }
  if (auto* c = context->table_decl()) {
    auto* out = tree_.make<TableDecl>(at);
    auto all = c->name();
    out->name = name(all[0]);
    out->file = plain_text(c->text());
    out->file_span = span(c->text());
    out->by = name(all[1]);
    out->columns = fields(c->fields());
    return out;
  }
  return nullptr;
}

/// Declarations that hold fields, kinds or clauses.
const Decl* Builder::groups(Parser::DeclarationContext* context) {
  Span at = span(context);
  if (auto* c = context->fields_decl()) {
    auto* out = tree_.make<FieldsDecl>(at);
    out->account = c->ACCOUNT();
    out->fields = fields(c->fields());
    return out;
  }
  if (auto* c = context->event_group()) {
    auto* out = tree_.make<EventGroup>(at);
    Name group = name(c->name());
    out->name = {{group}, group.span};
    for (auto* kind : c->path_list()->path()) out->kinds.push_back(path(kind));
    return out;
  }
  if (auto* c = context->policy_decl()) {
    auto* out = tree_.make<PolicyDecl>(at);
    out->name = name(c->name());
    out->clauses = clauses(c->clauses());
    return out;
  }
  if (auto* c = context->rules_decl()) {
    auto* out = tree_.make<RulesDecl>(at);
    out->name = name(c->name());
    out->clauses = clauses(c->clauses());
    return out;
  }
  if (auto* c = context->template_decl()) {
    auto* out = tree_.make<TemplateDecl>(at);
    out->name = name(c->name());
    for (auto* p : c->parameter()) {
      const Expr* value = p->expression() ? expression(p->expression()) : nullptr;
      out->parameters.push_back({bare_name(p->field_name()), type_ref(p->type_ref()), value});
    }
    out->clauses = clauses(c->clauses());
    return out;
  }
  if (auto* c = context->property_decl()) return property(c);
  if (auto* c = context->scenario_decl()) return scenario(c);
  return nullptr;
}

const Decl* Builder::campaign(Parser::Campaign_declContext* context) {
  if (context->path()) {
    auto* out = tree_.make<CampaignFrom>(span(context));
    out->name = name(context->campaign_name());
    out->from = path(context->path());
    for (auto* a : context->argument()) out->arguments.push_back({name(a->field_name()), expression(a->expression())});
    return out;
  }
  auto* out = tree_.make<CampaignDecl>(span(context));
  out->name = name(context->campaign_name());
  out->for_account = context->ACCOUNT();
  Span last = context->ACCOUNT() ? span(context->ACCOUNT()) : span(context->campaign_name());
  out->head = join(out->span, last);
  out->clauses = clauses(context->clauses());
  return out;
}

bool Builder::said_twice(Said& said, std::string_view key, Context* context) {
  Span here = span_of(source_, *context->start);
  auto first = std::find_if(said.begin(), said.end(), [&](const auto& each) { return each.first == key; });
  if (first == said.end()) {
    said.push_back({key, here});
    return false;
  }
  auto& d = diagnostics_.report(DiagnosticId::SaidTwice, here, key);
  d.labels.push_back({first->second, "the first one is here"});
  d.hint = "Keep one of them.";
  return true;
}

const Decl* Builder::program(Parser::Program_declContext* context) {
  auto* out = tree_.make<ProgramDecl>(span(context));
  Said said;
  for (auto* item : context->program_item()) {
    if (!sound(item) || said_twice(said, text(span_of(source_, *item->start)), item)) continue;
    if (item->NAME()) {
      out->name = plain_text(item->text());
      out->name_span = span(item->text());
    } else if (item->TIMEZONE()) {
      out->timezone = plain_text(item->text());
      out->timezone_span = span(item->text());
    } else if (item->CURRENCY()) {
      out->currency = plain_text(item->text());
      out->currency_span = span(item->text());
    } else if (item->START_OF_WEEK()) {
      out->start_of_week = name(item->weekday());
      out->start_of_week.text = canonical_weekday(out->start_of_week.text);
    } else if (item->HISTORY()) {
      out->history_at_most = integer(item->INT());
      out->history_span = span(item->INT());
    } else {
      out->sales_hold = duration(item->duration());
    }
  }
  return out;
}

TypeRef Builder::type_ref(Parser::Type_refContext* context) {
  TypeRef out;
  if (!sound(context)) return out;
  out.span = span(context);
  out.name = name(context->name());
  out.optional = context->QUESTION();
  for (auto* value : context->choice()) {
    Name choice = name(value);
    if (value->text()) choice.text = plain_text(value->text());
    out.choices.push_back(std::move(choice));
  }
  if (context->type_ref()) out.element = std::make_shared<TypeRef>(type_ref(context->type_ref()));
  // `list of text?` is a list that may be unknown; its items never are.
  if (out.element && std::exchange(out.element->optional, false)) out.optional = true;
  return out;
}

std::vector<FieldDecl> Builder::fields(Parser::FieldsContext* context) {
  std::vector<FieldDecl> out;
  if (!context) return out;
  for (auto* each : context->field()) {
    if (!sound(each)) continue;
    FieldDecl field;
    field.name = name(each->field_name());
    field.type = type_ref(each->type_ref());
    if (each->expression()) field.default_value = expression(each->expression());
    field.doc = doc_before(each);
    out.push_back(std::move(field));
  }
  return out;
}

const Decl* Builder::event(Parser::Event_declContext* context) {
  auto* out = tree_.make<EventDecl>(span(context));
  out->name = path(context->event_kind());
  for (auto* item : context->event_item()) {
    if (!sound(item)) continue;
    if (item->BY()) {
      out->actor = name(item->name(0));
      if (item->UNLESS()) out->machine = name(item->name(1));
      const std::string& who = out->actor.text;
      if (who != "lead" && who != "us" && who != "system") {
        diagnostics_.report(DiagnosticId::NotOneOfWords, out->actor.span, "\"lead\", \"us\" or \"system\" after \"by\"",
                            who);
        out->actor.text = "lead";
      }
    }
    out->of_account |= item->ACCOUNT() != nullptr;
    out->starts_sales_hold |= item->STARTS() != nullptr;
    out->ends_sales_hold |= item->ENDS() != nullptr;
    out->answers_hand_off |= item->ANSWERS() != nullptr;
    out->records_send |= item->RECORDS() != nullptr;
  }
  out->properties = fields(context->fields());
  return out;
}

const Decl* Builder::content(Parser::Content_declContext* context) {
  auto* out = tree_.make<ContentDecl>(span(context));
  out->name = name(context->name());
  out->channel = name(context->channel_name());
  Said said;
  for (auto* item : context->content_item()) {
    if (!sound(item)) continue;
    if (item->VARIANT())
      out->variants.push_back(variant(item));
    else
      content_item(item, *out, said);
  }
  return out;
}

ContentVariant Builder::variant(Parser::Content_itemContext* context) {
  ContentVariant out;
  out.condition = expression(context->expression(0));
  out.span = span(context);
  for (auto* item : context->content_item()) {
    if (!sound(item)) continue;
    if (item->SUBJECT()) out.subject = message(item->text());
    if (!item->BODY()) continue;
    out.body = plain_text(item->text());
    out.body_span = span(item->text());
  }
  return out;
}

void Builder::content_item(Parser::Content_itemContext* item, ContentDecl& out, Said& said) {
  if (said_twice(said, text(span_of(source_, *item->start)), item)) return;
  if (item->SUBJECT()) {
    out.subject = message(item->text());
  } else if (item->BODY()) {
    out.body = plain_text(item->text());
    out.body_span = span(item->text());
  } else if (item->FOR()) {
    out.for_stage = name(item->name());
  } else if (item->OFFERS()) {
    out.offers = name(item->name());
  } else if (item->CLASS()) {
    out.message_class = name(item->name());
  } else if (item->ANSWERS()) {
    out.message_class = name(item->ANSWERS());
    out.answers = path(item->event_kind());
  } else if (item->ASKS()) {
    out.asks_up_to = integer(item->INT());
    out.asks = names(item->name_list());
  } else if (item->TAGS()) {
    out.tags = names(item->name_list());
  } else if (item->AVAILABLE()) {
    auto dates = item->expression();
    if (item->FROM()) out.available_from = expression(dates.front());
    if (item->UNTIL()) out.available_until = expression(dates.back());
  } else {
    (item->REPLY() ? out.reply_to : out.from) = expression(item->expression(0));
  }
}

}  // namespace nurture::syntax
