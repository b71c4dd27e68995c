#include "compiler/syntax/builder.h"

namespace nurture::syntax {

using namespace ast;

const Decl* Builder::score(Parser::Score_declContext* context) {
  auto* out = tree_.make<ScoreDecl>(span(context));
  out->name = name(context->name());
  for (auto* item : context->score_item()) {
    if (!sound(item)) continue;
    if (item->HALVES()) {
      out->halves_every = duration(item->duration());
    } else if (item->CAP()) {
      out->cap = signed_expression(item->signed_number());
    } else if (item->FLOOR()) {
      out->floor = signed_expression(item->signed_number());
    } else {
      ScoreRow row;
      row.event = event_ref(item->event_ref());
      row.points = signed_expression(item->signed_number());
      if (item->INT()) row.at_most = integer(item->INT());
      row.per = duration(item->duration());
      out->rows.push_back(std::move(row));
    }
  }
  return out;
}

const Decl* Builder::window(Parser::Window_declContext* context) {
  constexpr std::uint8_t kEveryDay = 0x7f;
  auto* out = tree_.make<WindowDecl>(span(context));
  auto all = context->name();
  out->name = name(all[0]);
  for (std::size_t i = 1; i < all.size(); ++i) out->except.push_back(name(all[i]));
  for (auto* each : context->window_span()) {
    WindowSpan one;
    one.span = span(each);
    one.weekdays = each->weekdays() ? weekdays(each->weekdays()) : kEveryDay;
    one.to = kDay;
    if (auto* range = each->time_range()) {
      one.from = time_of_day(range->TIME(0));
      one.to = time_of_day(range->TIME(1));
    }
    out->spans.push_back(one);
  }
  if (context->fallback()) out->zone = fallback(context->fallback());
  return out;
}

const Decl* Builder::calendar(Parser::Calendar_declContext* context) {
  auto* out = tree_.make<CalendarDecl>(span(context));
  out->name = name(context->name());
  out->file = plain_text(context->text());
  for (auto* item : context->calendar_item()) {
    if (!sound(item)) continue;
    auto dates = item->DATE();
    std::int64_t first = date(dates[0]);
    std::int64_t last = dates.size() > 1 ? date(dates[1]) : first;
    constexpr std::int64_t kLongest = 366;
    if (last - first > kLongest) {
      diagnostics_.report(DiagnosticId::NumberTooLarge, span(item), text(span(item)), "large").hint =
          "From one day to another is at most a year.";
    }
    for (std::int64_t day = first; day <= last && day - first <= kLongest; ++day) out->dates.push_back(day);
  }
  return out;
}

const Decl* Builder::property(Parser::Property_declContext* context) {
  using Form = PropertyDecl::Form;
  auto* out = tree_.make<PropertyDecl>(span(context));
  out->name = {plain_text(context->text()), span(context->text())};
  auto* rule = context->property_rule();
  if (!sound(rule)) return out;
  out->form = rule->NEVER() ? Form::Never : rule->AT_MOST() ? Form::AtMost : rule->LEADS() ? Form::LeadsTo : Form::Ends;
  if (rule->act()) act(rule->act(), out->act);
  if (rule->event_ref()) out->event = event_ref(rule->event_ref());
  if (rule->INT()) {
    out->number = integer(rule->INT());
    out->number_span = span(rule->INT());
  }
  if (rule->path()) out->campaign = path(rule->path());
  out->within = duration(rule->duration());
  if (rule->expression()) out->condition = expression(rule->expression());
  for (auto* bound : rule->property_bound()) {
    if (!sound(bound)) continue;
    for (auto* event : bound->event_ref()) (bound->AFTER() ? out->after : out->until).push_back(event_ref(event));
    if (bound->expression()) out->condition = expression(bound->expression());
  }
  return out;
}

void Builder::act(Parser::ActContext* context, Act& out) {
  using Kind = Act::Kind;
  out.span = span(context);
  out.kind = context->SEND()        ? Kind::Send
             : context->HAND_OFF()  ? Kind::HandOff
             : context->TAKE_BACK() ? Kind::TakeBack
             : context->ASSIGN()    ? Kind::Assign
             : context->NOTIFY()    ? Kind::Notify
             : context->ENTER()     ? Kind::Enter
             : context->EXIT()      ? Kind::Exit
                                    : Kind::Event;
  if (context->CHANNEL()) out.channel = name(context->CHANNEL());
  if (context->plain_name()) out.name = name(context->plain_name());
  if (context->reason_name()) out.name = name(context->reason_name());
  if (context->event_ref()) out.event = event_ref(context->event_ref());
}

}  // namespace nurture::syntax
