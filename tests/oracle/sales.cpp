#include "tests/oracle/unit_run.h"

/// With sales and back (§5.7).
namespace nurture::oracle {

void LeadRun::begin_hold() {
  held_ = true;
  hold_began_ = now_;
  hold_until_ = after(now_, model_.program.sales_hold_max.value_or(Duration{0, 30, 0}));
}

void LeadRun::end_hold(const std::string& how) {
  held_ = false;
  hold_ended_ = true;
  hold_until_ = kNever;
  held_by_ = nullptr;
  tell(Kind::HoldEnded, nullptr, 0, how + " " + std::to_string(now_ - hold_began_));
  if (of_accounts_) release_leads(how);
}

void LeadRun::hand_off(Membership& m, const ast::HandOff& statement) {
  std::uint32_t line = line_at(statement.span);
  if (held_) {
    tell(Kind::AlreadyWithSales, &m, line, "", words(statement.note, m));
    return;
  }
  tell(Kind::HandedOff, &m, line, "", words(statement.note, m));
  begin_hold();
  HandOffMade made{.at = now_, .by = &m, .statement = &statement};
  if (statement.answer_within)
    made.promised = due_after(now_, length(*statement.answer_within), statement.business_days, statement.window);
  hand_offs_.push_back(made);
  for (LeadRun* lead : of_accounts_ ? unit_.leads_of(key()) : std::vector<LeadRun*>{}) lead->hold_for(*this);
  handed_off_for_scenario(m);
}

void LeadRun::answer(const LogEvent& event) {
  for (const HandOffMade& made : hand_offs_) {
    tell(Kind::Answered, made.by, 0, event.kind + " " + std::to_string(now_ - made.at));
  }
  hand_offs_.clear();
}

/// The miss is an event of its own step.
void LeadRun::miss_promise(std::size_t index) {
  HandOffMade& made = hand_offs_[index];
  made.promised = kNever;
  tell(Kind::PromiseMissed, made.by, line_at(made.statement->span), "");
  if (model_.find_kind("handoff.late") == sema::kNoIndex) return;
  late_ = LogEvent{.kind = "handoff.late", .at = now_, .properties = {}, .changes = {}};
  event_ = &late_;
  apply(late_);
  for (std::uint32_t i = 0; i < model_.campaigns.size(); ++i) {
    if (runs(i)) offer(model_.campaigns[i], i, late_);
  }
  event_ = nullptr;
}

}  // namespace nurture::oracle
