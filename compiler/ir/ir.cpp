#include "compiler/ir/ir.h"

#include <algorithm>

#include "compiler/ir/campaign.h"
#include "compiler/ir/pools.h"
#include "compiler/ir/properties.h"
#include "compiler/ir/scenarios.h"
#include "compiler/ir/sending.h"
#include "runtime/base/hash.h"

namespace nurture::ir {

using bytecode::kNone;

namespace {

std::uint16_t narrow(std::uint32_t index) { return index >= kNone ? kNone : static_cast<std::uint16_t>(index); }

std::uint16_t find_field(const std::vector<sema::Field>& fields, std::string_view name) {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const sema::Field& field) { return field.name == name; });
  return found == fields.end() ? kNone : static_cast<std::uint16_t>(found - fields.begin());
}

/// The field of this name, if it is a text.
std::uint16_t textual(const std::vector<sema::Field>& fields, std::string_view name) {
  const std::uint16_t found = find_field(fields, name);
  return found != kNone && fields[found].type.kind == TypeKind::Text ? found : kNone;
}

bytecode::BodyFormat format_of(std::string_view path) {
  if (path.ends_with(".md") || path.ends_with(".markdown")) return bytecode::BodyFormat::Markdown;
  if (path.ends_with(".html") || path.ends_with(".htm")) return bytecode::BodyFormat::Html;
  return bytecode::BodyFormat::Plain;
}

class Writer {
 public:
  Writer(const sema::Unit& unit, const std::vector<flow::CampaignGraph>& graphs)
      : model_(unit.model),
        graphs_(graphs),
        pools_(made_.module, unit.sources),
        expressions_(model_, pools_, made_.code) {}

  Program run() {
    program();
    schema();
    for (const sema::Content& row : model_.contents) made_.module.contents.push_back(content(row));
    for (const sema::Score& row : model_.scores) {
      made_.module.scores.push_back(score(model_, row, pools_, expressions_));
    }
    made_.module.history_max = model_.program.history_max;
    expressions_.flush();
    SendingWriter sending(model_, pools_, expressions_, made_.module);
    sending.run();
    for (const flow::CampaignGraph& graph : graphs_) {
      CampaignWriter writer(model_, graph, pools_, expressions_, made_.code);
      made_.module.campaigns.push_back(writer.run());
      for (Spot& spot : writer.spots()) {
        spot.row.campaign = static_cast<std::uint16_t>(made_.module.campaigns.size() - 1);
        made_.spots.push_back(std::move(spot));
      }
      made_.module.campaigns.back().rules = sending.rules_of(model_.campaigns[graph.campaign]);
    }
    made_.module.properties = properties(model_, pools_, expressions_);
    made_.module.scenarios = scenarios(model_, pools_, expressions_);
    for (const sema::Source& row : model_.sources) {
      made_.module.sources.push_back(source(row));
      expressions_.flush();
    }
    made_.overflow = pools_.overflow();
    return std::move(made_);
  }

 private:
  void program() {
    bytecode::Module& module = made_.module;
    const sema::ProgramInfo& info = model_.program;
    module.name = pools_.text(info.name);
    module.seed = hash64(info.name);
    module.timezone = pools_.text(info.timezone);
    if (!info.currency.empty()) module.currency = pools_.text(info.currency);
    module.week_starts_on = info.week_starts_on;
    if (info.sales_hold_max) module.sales_hold_max = pools_.duration(*info.sales_hold_max);
  }

  void schema() {
    bytecode::Schema& schema = made_.module.schema;
    schema.lead = fields(model_.lead);
    schema.account = fields(model_.account);
    for (const sema::EventKind& kind : model_.kinds) schema.kinds.push_back(event_kind(kind));
    schema.lead_timezone = textual(model_.lead, "timezone");
    schema.lead_country = textual(model_.lead, "country");
    schema.lead_account = textual(model_.lead, "account");
    schema.account_timezone = textual(model_.account, "timezone");
  }

  std::vector<bytecode::Field> fields(const std::vector<sema::Field>& rows) {
    std::vector<bytecode::Field> made;
    for (const sema::Field& row : rows) {
      bytecode::Field field{pools_.text(row.name), pools_.type(row.type), kNone};
      if (row.default_value) field.default_value = pools_.constant(*row.default_value);
      made.push_back(field);
    }
    return made;
  }

  bytecode::EventKind event_kind(const sema::EventKind& row) {
    bytecode::EventKind kind;
    kind.name = pools_.text(row.name);
    kind.actor = row.actor == sema::EventKind::Actor::Lead ? bytecode::Actor::Lead
                 : row.actor == sema::EventKind::Actor::Us ? bytecode::Actor::Us
                                                           : bytecode::Actor::System;
    kind.machine_property = narrow(row.machine_property);
    kind.content_property = narrow(row.content_property);
    kind.starts_sales_hold = row.starts_sales_hold;
    kind.ends_sales_hold = row.ends_sales_hold;
    kind.answers_hand_off = row.answers_hand_off;
    kind.records_send = row.records_send;
    kind.updates_lead = row.updates_lead;
    if (row.name == "lead.merged") kind.merges_into = textual(row.properties, "into");
    kind.of_account = row.of_account;
    kind.properties = fields(row.properties);
    return kind;
  }

  bytecode::Content content(const sema::Content& row) {
    bytecode::Content made;
    made.name = pools_.text(row.name);
    made.channel = pools_.text(row.channel);
    made.subject = expressions_.message(row.decl->subject);
    if (!row.decl->body.empty()) made.body = pools_.text(row.decl->body);
    made.text = expressions_.message(row.body);
    made.format = format_of(row.decl->body);
    if (row.decl->from) made.from = expressions_.message_of(*row.decl->from);
    if (row.decl->reply_to) made.reply_to = expressions_.message_of(*row.decl->reply_to);
    if (row.decl->for_stage) made.buying_stage = pools_.text(row.decl->for_stage.text);
    if (row.decl->offers) made.offers = pools_.text(row.decl->offers.text);
    for (const ast::Name& tag : row.decl->tags) made.tags.push_back(pools_.text(tag.text));
    made.asks_up_to = static_cast<std::uint16_t>(row.decl->asks_up_to);
    for (const ast::Name& asked : row.decl->asks) made.asks.push_back(find_field(model_.lead, asked.text));
    using Class = sema::Content::Class;
    made.message_class = row.message_class == Class::Marketing       ? bytecode::MessageClass::Marketing
                         : row.message_class == Class::Transactional ? bytecode::MessageClass::Transactional
                                                                     : bytecode::MessageClass::Answers;
    for (std::uint32_t kind : row.answers) made.answers.push_back(narrow(kind));
    for (std::size_t i = 0; i < row.decl->variants.size(); ++i) {
      const ast::ContentVariant& variant = row.decl->variants[i];
      if (variant.condition && !expressions_.meant(*variant.condition)) continue;
      bytecode::ContentVariant each;
      each.condition = expressions_.later(variant.condition);
      each.subject = expressions_.message(variant.subject);
      if (!variant.body.empty()) each.body = pools_.text(variant.body);
      each.text = expressions_.message(row.variant_bodies[i]);
      each.format = format_of(variant.body);
      each.place = pools_.place(variant.span);
      made.variants.push_back(std::move(each));
    }
    made.available_from = date(row.decl->available_from);
    made.available_until = date(row.decl->available_until);
    made.place = pools_.place(row.decl->span);
    return made;
  }

  std::uint16_t date(const ast::Expr* expr) {
    auto value = expr ? sema::constant_of(model_, *expr) : std::nullopt;
    return value ? pools_.constant(*value) : kNone;
  }

  // Sources -----------------------------------------------------------------------------------------------------------

  bytecode::SourceSpec source(const sema::Source& row) {
    const ast::SourceDecl& decl = *row.decl;
    bytecode::SourceSpec made;
    made.name = pools_.text(row.name);
    made.format = decl.format.text == "csv"      ? bytecode::LogFormat::Csv
                  : decl.format.text == "ndjson" ? bytecode::LogFormat::Ndjson
                                                 : bytecode::LogFormat::Auto;
    for (const std::string& column : row.columns) made.columns.push_back(pools_.text(column));
    made.lead = expressions_.later_text(decl.lead);
    made.at = expressions_.later_text(decl.at);
    made.time = time(decl.time, "rfc3339");
    made.id = expressions_.later_text(decl.row_id);
    made.origin = expressions_.later_text(decl.origin);
    made.leave_out = expressions_.later_any(decl.leave_out);
    for (const std::string& text : decl.missing) made.missing.push_back(pools_.text(text));
    for (const ast::SourceRule& rule : decl.rules) made.rules.push_back(source_rule(rule));
    for (const ast::ColumnMapping& mapping : decl.lead_attributes) {
      made.lead_attributes.push_back(this->mapping(mapping, model_.lead));
    }
    return made;
  }

  bytecode::SourceRule source_rule(const ast::SourceRule& rule) {
    bytecode::SourceRule made;
    made.kind = narrow(model_.find_kind(rule.event.text()));
    made.when = expressions_.later(rule.when);
    for (const ast::ColumnMapping& mapping : rule.properties) {
      made.properties.push_back(this->mapping(mapping, model_.kinds[made.kind].properties));
    }
    return made;
  }

  bytecode::PropertyMapping mapping(const ast::ColumnMapping& mapping, const std::vector<sema::Field>& fields) {
    bytecode::PropertyMapping made;
    made.property = find_field(fields, mapping.property.text);
    made.value = expressions_.later_text(mapping.value);
    TypeKind kind = fields[made.property].type.kind;
    made.time = time(mapping.time, kind == TypeKind::DateTime ? "rfc3339" : kind == TypeKind::Date ? "yyyy-mm-dd" : "");
    return made;
  }

  bytecode::TimeFormat time(const ast::TimeFormat& written, std::string_view unless_written) {
    bytecode::TimeFormat made;
    made.pattern = pools_.text(written.pattern.empty() ? unless_written : written.pattern);
    if (!written.zone.empty()) made.zone = pools_.text(written.zone);
    return made;
  }

  const sema::Model& model_;
  const std::vector<flow::CampaignGraph>& graphs_;
  Program made_;
  Pools pools_;
  Expressions expressions_;
};

}  // namespace

Program build(const sema::Unit& unit, const std::vector<flow::CampaignGraph>& graphs) {
  return Writer(unit, graphs).run();
}

std::string dump(const Program& program) { return dump(program.code); }

}  // namespace nurture::ir
