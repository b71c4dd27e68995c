#include <algorithm>
#include <fmt/format.h>

#include "tests/oracle/lead_run.h"

/// What stands in the way of a message (§5.5 to §5.7), by looking at one instant after the other.
namespace nurture::oracle {

namespace {

using Said = ast::Clause::Kind;

/// Rules are looked at so far ahead: longer than any limit of the generator counts.
constexpr Instant kFar = 40 * kDay;
/// Every opening of hours is at such a multiple: the generator writes no others, and no zone has them.
constexpr Instant kStep = 15 * kMinute;

const sema::Content& content_named(const sema::Model& model, const std::string& name) {
  return model.contents[model.find_content(name)];
}

template <typename Off>
bool within(std::uint8_t weekdays, std::int64_t from, std::int64_t to, std::int64_t date, std::int64_t clock,
            const Off& off) {
  auto begins = [&](std::int64_t day) { return (weekdays >> calendar::weekday(day) & 1) != 0 && !off(day); };
  if (to > from) return begins(date) && clock >= from && clock < to;
  return (begins(date) && clock >= from) || (begins(date - 1) && clock < to);
}

}  // namespace

/// Whether these hours hold, by the clock of a zone.
bool LeadRun::in_window(std::uint32_t index, Instant at, const calendar::Zone* here) const {
  const sema::Window& window = model_.windows[index];
  calendar::Local local = calendar::to_local(at, window.zone.empty() ? here : calendar::find_zone(window.zone));
  auto off = [&](std::int64_t day) {
    return std::any_of(window.except.begin(), window.except.end(), [&](std::uint32_t calendar) {
      const auto& dates = model_.calendars[calendar].dates;
      return std::find(dates.begin(), dates.end(), day) != dates.end();
    });
  };
  return std::any_of(window.decl->spans.begin(), window.decl->spans.end(), [&](const ast::WindowSpan& span) {
    return within(span.weekdays, span.from, span.to, local.date, local.time_of_day, off);
  });
}

bool LeadRun::in_quiet_hours(const sema::Rule& rule, Instant at, const calendar::Zone* here) const {
  calendar::Local local = calendar::to_local(at, rule.zone.empty() ? here : calendar::find_zone(rule.zone));
  return within(0x7f, rule.clause->from_time, rule.clause->to_time, local.date, local.time_of_day,
                [](std::int64_t) { return false; });
}

std::vector<const sema::Rule*> LeadRun::rules_of(const Membership& m) const {
  std::vector<const sema::Rule*> out;
  for (const sema::Rule& rule : model_.rules) out.push_back(&rule);
  for (const sema::Rule& rule : m.campaign->rules) out.push_back(&rule);
  return out;
}

/// When each sending that counts towards this limit began and ceases to count.
LeadRun::Spans LeadRun::counted(const sema::Rule& rule) const {
  Spans spans;
  if (rule.clause->kind != Said::Limit) return spans;
  for (const Sending& s : sendings_) {
    bool own = rule.everywhere || s.campaign == rule.owner;
    bool channel = rule.channel.empty() || s.channel == rule.channel;
    if (!own || !channel || !s.counts) continue;
    spans.emplace_back(s.at, calendar::add(s.at, length(*rule.clause->duration), s.zone).value_or(kNever));
  }
  return spans;
}

/// Whether a rule about time lets a message through at that instant, as things are now.
bool LeadRun::lets_through(const sema::Rule& rule, const Spans& sendings, Instant at,
                           const calendar::Zone* here) const {
  if (rule.clause->kind == Said::SendOnlyIn) return in_window(rule.window, at, here);
  if (rule.clause->kind == Said::Quiet) return !in_quiet_hours(rule, at, here);
  if (rule.clause->kind != Said::Limit) return true;
  return std::count_if(sendings.begin(), sendings.end(),
                       [&](const auto& span) { return span.first <= at && at < span.second; }) < rule.clause->number;
}

/// The first instant from `from` on at which all of them let a message through.
Instant LeadRun::first_open(const std::vector<const sema::Rule*>& rules, Instant from) const {
  const calendar::Zone* here = zone();
  std::vector<Instant> candidates{from};
  std::vector<Spans> sendings;
  bool of_hours = false;
  for (const sema::Rule* rule : rules) {
    of_hours |= rule->clause->kind != Said::Limit;
    sendings.push_back(counted(*rule));
    for (const auto& [began, over] : sendings.back()) {
      if (over > from) candidates.push_back(over);
    }
  }
  std::sort(candidates.begin(), candidates.end());
  const auto ends = static_cast<std::ptrdiff_t>(candidates.size());
  for (Instant at = (from / kStep + 1) * kStep; of_hours && at < from + kFar; at += kStep) candidates.push_back(at);
  std::inplace_merge(candidates.begin(), candidates.begin() + ends, candidates.end());
  for (Instant at : candidates) {
    bool open = true;
    for (std::size_t i = 0; open && i < rules.size(); ++i) open = lets_through(*rules[i], sendings[i], at, here);
    if (open) return at;
  }
  return kNever;
}

bool LeadRun::forbids(const sema::Rule& rule) const {
  const ast::Clause& clause = *rule.clause;
  if (!clause.after.empty() && !since_event_.contains(&clause)) return false;
  if (clause.outside && in_window(rule.window, now_, zone())) return false;
  Scene sight = scene(nullptr);
  if (of_accounts_) sight.lead = &attributes_;  // the work of an account is about no lead
  return holds(clause.condition, sight);
}

/// `never … after`: one event may end and begin it; then it begins.
void LeadRun::note_never(const LogEvent& event) {
  for (const sema::Rule& rule : model_.rules) {
    auto any = [&](const std::vector<ast::EventRef>& list) {
      return std::any_of(list.begin(), list.end(),
                         [&](const ast::EventRef& ref) { return matches(ref, event, nullptr); });
    };
    if (any(rule.clause->until)) since_event_.erase(rule.clause);
    if (any(rule.clause->after)) since_event_.insert(rule.clause);
  }
}

bool LeadRun::answers_in_time(const sema::Content& content) const {
  if (content.message_class != sema::Content::Class::Answers) return false;
  return std::any_of(content.answers.begin(), content.answers.end(), [&](std::uint32_t kind) {
    auto last = last_of_kind_.find(model_.kinds[kind].name);
    return last != last_of_kind_.end() && now_ - last->second <= kHour;
  });
}

bool LeadRun::begun(const sema::Content& content) const {
  const ast::Expr* from = content.decl->available_from;
  return !from || calendar::to_local(now_, zone()).date >= evaluate(*from, scene(nullptr)).whole;
}

bool LeadRun::over(const sema::Content& content) const {
  const ast::Expr* until = content.decl->available_until;
  return until && calendar::to_local(now_, zone()).date > evaluate(*until, scene(nullptr)).whole;
}

Judgement LeadRun::judge_content(const Membership& m, const std::string& name) const {
  const sema::Content& content = content_named(model_, name);
  Judgement skipped{.content = name};
  skipped.answer = Answer::Skipped;
  skipped.why = outcome::Detail::NotAvailable;
  if (over(content)) return skipped;
  // What is held up has not been sent yet: its dates are asked then.
  Judgement verdict = judge_rules(m, content, {.content = name});
  return begun(content) || verdict.answer == Answer::Later ? verdict : skipped;
}

Judgement LeadRun::judge_rules(const Membership& m, const sema::Content& content, Judgement verdict) const {
  auto end = [&](Answer answer, outcome::Detail why, const sema::Rule* rule) {
    verdict.answer = answer;
    verdict.why = why;
    verdict.rule = rule;
    return verdict;
  };
  bool transactional = content.message_class == sema::Content::Class::Transactional;
  auto about = transactional ? sema::Rule::Governs::Transactional : sema::Rule::Governs::Sends;
  std::vector<const sema::Rule*> concern;
  for (const sema::Rule* rule : rules_of(m)) {
    if (rule->governs == about && (rule->channel.empty() || rule->channel == content.channel)) concern.push_back(rule);
  }
  for (const sema::Rule* rule : concern) {
    if (rule->clause->kind == Said::Never && forbids(*rule))
      return end(Answer::Suppressed, outcome::Detail::Never, rule);
  }
  if (transactional || answers_in_time(content)) return verdict;
  for (const sema::Rule* rule : concern) {
    if (rule->clause->kind != Said::Holdout) continue;
    if (draw(rule->owner, "holdout", nullptr, key()) < rule->clause->number / 100)
      return end(Answer::Suppressed, outcome::Detail::Holdout, rule);
  }
  return judge_time(m, concern, verdict);
}

Judgement LeadRun::judge_time(const Membership& m, const std::vector<const sema::Rule*>& rules,
                              Judgement verdict) const {
  const ast::Clause* with_sales = m.campaign->while_with_sales;
  bool held = held_ && !(with_sales && with_sales->with_sales == ast::Clause::SalesForm::Continue);
  Instant latest = now_;
  for (const sema::Rule* rule : rules) {
    if (lets_through(*rule, counted(*rule), now_, zone())) continue;
    Instant opens = first_open({rule}, now_);
    if (opens <= latest) continue;
    latest = opens;
    verdict.rule = rule;
  }
  if (!held && verdict.rule == nullptr) return verdict;
  verdict.answer = Answer::Later;
  if (held) {
    verdict.rule = nullptr;
    verdict.why = outcome::Detail::WithSales;
    verdict.at = hold_until_ == kNever ? kNever : first_open(rules, std::max(now_, hold_until_));
    return verdict;
  }
  Said kind = verdict.rule->clause->kind;
  verdict.why = kind == Said::Quiet   ? outcome::Detail::Quiet
                : kind == Said::Limit ? outcome::Detail::Limit
                                      : outcome::Detail::Window;
  verdict.at = first_open(rules, now_);
  return verdict;
}

/// What the statement would send now.
Judgement LeadRun::judge(const Membership& m, const ast::Send& send) const {
  if (send.what == ast::Send::What::Content) return judge_content(m, send.content.text);
  if (send.what == ast::Send::What::NextOf) {
    const sema::Stream& stream = model_.streams[model_.find_stream(send.content.text)];
    const sema::Content* to_come = nullptr;
    for (std::uint32_t index : stream.contents) {
      const sema::Content& content = model_.contents[index];
      auto before = ledger_.find(content.name);
      bool fresh = before == ledger_.end();
      if (!fresh && stream.decl->again_after) {
        Instant again =
            calendar::add(before->second.at, length(*stream.decl->again_after), before->second.zone).value_or(kNever);
        fresh = now_ >= again;
      }
      if (!fresh || over(content)) continue;
      if (begun(content)) return judge_content(m, content.name);
      if (!to_come) to_come = &content;
    }
    if (to_come) {
      Judgement held = judge_content(m, to_come->name);
      if (held.answer == Answer::Later) return held;
    }
    return {.answer = Answer::Exhausted, .content = model_.contents[stream.contents.front()].name};
  }
  Judgement best;
  bool any = false;
  for (const ast::Name& name : send.choices) {
    Judgement each = judge_content(m, name.text);
    if (each.answer == Answer::Now) return each;
    bool later = each.answer == Answer::Later;
    if (!any || (later && (best.answer != Answer::Later || each.at < best.at))) best = each;
    any = true;
  }
  return best;
}

bool LeadRun::forbids_work(const Membership& m, const ast::Assign& statement) {
  for (const sema::Rule* rule : rules_of(m)) {
    if (rule->clause->kind != Said::Never || rule->governs != sema::Rule::Governs::Work || !forbids(*rule)) continue;
    tell(outcome::Kind::NotAssigned, &m, line_at(statement.span), fmt::format("by :{}", line_at(rule->clause->span)),
         "", "", outcome::Detail::Never);
    return true;
  }
  return false;
}

/// So many days on which the window opens, or from Monday to Friday; the clock time stays.
Instant LeadRun::days_after(Instant from, int days, const ast::Name& window) const {
  const sema::Window* of = window ? &model_.windows[model_.find_window(window.text)] : nullptr;
  const calendar::Zone* here = of && !of->zone.empty() ? calendar::find_zone(of->zone) : zone();
  const auto open = [&](std::int64_t day) {
    const int weekday = calendar::weekday(day);
    if (!of) return weekday < 5;
    for (std::uint32_t calendar : of->except) {
      const auto& dates = model_.calendars[calendar].dates;
      if (std::find(dates.begin(), dates.end(), day) != dates.end()) return false;
    }
    return std::any_of(of->decl->spans.begin(), of->decl->spans.end(),
                       [&](const ast::WindowSpan& span) { return (span.weekdays >> weekday & 1) != 0; });
  };
  calendar::Local local = calendar::to_local(from, here);
  for (int left = days; left > 0;) {
    if (open(++local.date)) --left;
  }
  return calendar::from_local(local.date, local.time_of_day, here);
}

/// So much time has passed, or so much of it inside a window.
Instant LeadRun::due_after(Instant from, Duration d, bool business_days, const ast::Name& window) const {
  if (business_days) return days_after(from, d.days, window);
  if (!window) return after(from, d);
  std::uint32_t index = model_.find_window(window.text);
  const calendar::Zone* here = zone();
  std::int64_t left = d.micros;
  for (Instant at = from; at < from + 40 * kFar;) {
    Instant next = (at / kStep + 1) * kStep;
    if (in_window(index, at, here)) {
      if (next - at >= left) return at + left;
      left -= next - at;
    }
    at = next;
  }
  return kNever;
}

}  // namespace nurture::oracle
