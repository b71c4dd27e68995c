#include "tools/nurture/made_up.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"

namespace nurture::tool {

namespace {

constexpr std::uint32_t kLeadsOfAnAccount = 4;
constexpr std::size_t kMostEvents = 250;  ///< of one lead

/// Numbers drawn from a hash of the lead and a counter.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool percent(std::uint64_t share) { return below(100) < share; }
  template <typename T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 private:
  std::uint64_t next() {
    const std::uint64_t count = count_++;
    return hash64({reinterpret_cast<const char*>(&count), sizeof count}, seed_) >> 8;
  }

  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

class Maker {
 public:
  Maker(const sema::Model& model, const Palette& palette, Instant from, Instant length)
      : model_(model), palette_(palette), from_(from), length_(length) {
    for (const sema::Campaign& campaign : model.campaigns) {
      accounts_ = accounts_ || campaign.decl->for_account;
      for (const ast::Clause* entry : campaign.entries) {
        if (entry->entry == ast::Clause::EntryForm::On) first_.push_back(model.kinds_of(entry->event.kind.text()));
      }
    }
    for (const auto& [kind, values] : palette.events) kinds_.insert(kinds_.end(), weight(kind), kind);
  }

  MadeUp run(std::uint32_t leads) {
    for (std::uint32_t i = 0; i < leads; ++i) lead(i);
    std::stable_sort(out_.events.begin(), out_.events.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return std::move(out_);
  }

 private:
  /// How often it happens beside others. What leads do themselves is most of what happens; few take their leave.
  std::size_t weight(std::uint32_t kind) const {
    constexpr std::size_t kOften = 8;
    if (model_.kinds[kind].actor != sema::EventKind::Actor::Lead) return 1;
    for (const sema::Campaign& campaign : model_.campaigns) {
      for (const ast::Clause* exit : campaign.exits) {
        if (!exit->trigger.event) continue;
        const std::vector<std::uint32_t> kinds = model_.kinds_of(exit->trigger.event.kind.text());
        if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return 1;
      }
    }
    return kOften;
  }

  void lead(std::uint32_t number) {
    Draws draws(number + 1);
    MadeUpLead made{static_cast<MadeUpLead::Manner>(number % 3), fmt::format("lead {:03}", number), {}, {}};
    if (accounts_) account(made, number);
    made.row = fmt::format("{{\"lead\":{},\"created\":{}", quoted(made.key), quoted(calendar::format_utc(from_)));
    for (const sema::Field& field : model_.lead) made.row += attribute(field, palette_.lead, made, draws);
    made.row += "}\n";
    const MadeUpLead::Manner manner = made.manner;
    out_.leads.push_back(std::move(made));
    if (!first_.empty()) {
      const auto& kinds = first_[number / 3 % first_.size()];
      event(number, from_, draws.one_of(kinds), draws);
    }
    if (manner != MadeUpLead::Manner::Quiet && !kinds_.empty()) days(number, manner, draws);
  }

  /// A few leads make an account, which is of one manner.
  void account(MadeUpLead& lead, std::uint32_t number) {
    const std::uint32_t company = number / (3 * kLeadsOfAnAccount) * 3 + number % 3;
    lead.account = fmt::format("company {:03}", company);
    if (company < companies_) return;
    companies_ = company + 1;
    Draws draws(number + 1'000'003);
    out_.accounts += fmt::format("{{\"account\":{}", quoted(lead.account));
    for (const sema::Field& field : model_.account) out_.accounts += value(field, palette_.account, draws);
    out_.accounts += "}\n";
  }

  /// At night nobody does anything.
  static Instant by_day(Instant at, Draws& draws) {
    constexpr Instant kMorning = 7 * kHour, kEvening = 20 * kHour;
    const Instant of_day = at % kDay;
    if (of_day >= kMorning && of_day < kEvening) return at;
    const Instant day = of_day < kMorning ? at - of_day : at - of_day + kDay;
    return day + kMorning + static_cast<Instant>(draws.below(180)) * kMinute;
  }

  void days(std::uint32_t number, MadeUpLead::Manner manner, Draws& draws) {
    const Instant pause = manner == MadeUpLead::Manner::Calm ? 16 * kDay : 2 * kDay;
    Instant at = from_;
    for (std::size_t count = 0; count < kMostEvents; ++count) {
      at += kMinute + static_cast<Instant>(draws.below(static_cast<std::uint64_t>(pause)));
      at = by_day(at / kMinute * kMinute, draws);
      if (at > from_ + length_) return;
      event(number, at, draws.one_of(kinds_), draws);
    }
  }

  std::string attribute(const sema::Field& field, const Palette::Values& values, const MadeUpLead& lead, Draws& draws) {
    if (field.name == "timezone" && !draws.percent(10))
      return fmt::format(",\"timezone\":{}", quoted(model_.program.timezone));
    if (field.name == "account")
      return lead.account.empty() ? "" : fmt::format(",\"account\":{}", quoted(lead.account));
    return value(field, values, draws);
  }

  /// `,"name":value`, or nothing where it remains unknown or as it is by default.
  std::string value(const sema::Field& field, const Palette::Values& values, Draws& draws) {
    auto palette = values.find(field.name);
    const bool matters = palette != values.end() && !palette->second.empty();
    const bool may_lack = field.type.optional || field.default_value;
    if (may_lack && !draws.percent(matters ? 50 : field.type.kind == TypeKind::Date ? 70 : 10)) return {};
    std::string made = matters && draws.percent(85) ? draws.one_of(palette->second) : any(field.type, draws);
    return made.empty() ? made : fmt::format(",{}:{}", quoted(field.name), made);
  }

  std::string any(const sema::Type& type, Draws& draws) {
    static const std::vector<std::string> kNumbers{"0", "1", "3", "10", "100", "5000"};
    static const std::vector<Instant> kDays{-400, -30, 5, 20, 45, 95, 120, 200, 300};
    switch (type.kind) {
      case TypeKind::Text:
        return type.optional ? "" : "\"something\"";
      case TypeKind::Choice:
        return quoted(draws.one_of(type.choices));
      case TypeKind::Integer:
      case TypeKind::Number:
      case TypeKind::Decimal:
        return draws.one_of(kNumbers);
      case TypeKind::Boolean:
        return draws.percent(50) ? "true" : "false";
      case TypeKind::Date:
        return quoted(calendar::format_date((from_ / kDay) + draws.one_of(kDays)));
      case TypeKind::DateTime:
        return quoted(calendar::format_utc(from_ + draws.one_of(kDays) * kDay));
      case TypeKind::Content:
        return model_.contents.empty() ? "" : quoted(draws.one_of(model_.contents).name);
      case TypeKind::Time:
      case TypeKind::Duration:
      case TypeKind::Percent:
      case TypeKind::List:
        return {};
    }
    return {};
  }

  void event(std::uint32_t number, Instant at, std::uint32_t kind, Draws& draws) {
    const sema::EventKind& declared = model_.kinds[kind];
    const MadeUpLead& lead = out_.leads[number];
    std::string line = fmt::format("{{\"lead\":{},\"at\":{},\"event\":{}", quoted(lead.key),
                                   quoted(calendar::format_utc(at)), quoted(declared.name));
    auto known = palette_.events.find(kind);
    static const Palette::Values kNone;
    for (std::uint32_t i = 0; i < declared.properties.size(); ++i) {
      // Nobody here is a robot.
      if (i == declared.machine_property) continue;
      line += property(declared, i, known == palette_.events.end() ? kNone : known->second, draws);
    }
    if (declared.updates_lead) line += update(draws);
    out_.events.push_back({at, number, line + "}\n"});
  }

  std::string property(const sema::EventKind& kind, std::uint32_t index, const Palette::Values& values, Draws& draws) {
    if (index == kind.content_property && !model_.contents.empty())
      return fmt::format(",\"content\":{}", quoted(draws.one_of(model_.contents).name));
    return value(kind.properties[index], values, draws);
  }

  /// One attribute that matters changes.
  std::string update(Draws& draws) {
    std::vector<const sema::Field*> fields;
    for (const sema::Field& field : model_.lead) {
      if (palette_.lead.contains(field.name) && field.name != "timezone" && field.name != "account")
        fields.push_back(&field);
    }
    if (fields.empty()) return {};
    const sema::Field& field = *draws.one_of(fields);
    const auto& values = palette_.lead.at(field.name);
    return values.empty() ? "" : fmt::format(",{}:{}", quoted(field.name), draws.one_of(values));
  }

  const sema::Model& model_;
  const Palette& palette_;
  Instant from_, length_;
  bool accounts_ = false;
  std::uint32_t companies_ = 0;
  std::vector<std::vector<std::uint32_t>> first_;  ///< per entry by an event: its kinds
  std::vector<std::uint32_t> kinds_;
  MadeUp out_;
};

}  // namespace

MadeUp make_up(const sema::Model& model, const Palette& palette, Instant from, Instant length, std::uint32_t leads) {
  return Maker(model, palette, from, length).run(leads);
}

}  // namespace nurture::tool
