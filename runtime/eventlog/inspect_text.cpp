#include <algorithm>

#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"
#include "runtime/eventlog/inspect.h"

namespace nurture::eventlog {
namespace {

/// 1,234,567
std::string figure(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string counted(std::uint64_t number, const std::string& one, const std::string& many) {
  return figure(number) + " " + (number == 1 ? one : many);
}

std::string left_padded(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string day_of(Instant at) {
  if (at == kNever) return "-         ";
  return calendar::format_date(calendar::to_local(at, calendar::utc()).date);
}

void append_totals(std::string& out, const Inspection& inspection) {
  const ImportTotals& totals = inspection.totals;
  out += counted(totals.files, "file", "files") + ", " + counted(totals.bytes, "byte", "bytes") + " unpacked, " +
         counted(totals.read, "row", "rows") + "\n";
  struct Line {
    const char* what;
    std::uint64_t rows;
  };
  for (Line line :
       {Line{"become events", totals.applied}, Line{"of no interest", totals.no_interest},
        Line{"repeats of an id", totals.repeated}, Line{"caused by the programme's own campaigns", totals.superseded},
        Line{"rejected", totals.rejected}}) {
    out += "  " + left_padded(figure(line.rows), 13) + "  " + line.what + "\n";
  }
}

void append_span(std::string& out, const Inspection& inspection) {
  if (inspection.first == kNever) return;
  out += "\n" + counted(inspection.leads, "lead", "leads") + ", from " + calendar::format_utc(inspection.first) +
         " to " + calendar::format_utc(inspection.last) + "\n";
  out += "  " + left_padded(figure(inspection.ties), 13) +
         "  rows share lead and instant with one before (the log's order decides)\n";
  out += "  " + left_padded(figure(inspection.out_of_order), 13) +
         "  rows are earlier than the row before of the same lead\n";
  out += "  " + left_padded(figure(inspection.totals.exact_repeats), 13) + "  events repeat another in everything\n";
  if (inspection.totals.outside_choice > 0) {
    out += "  " + left_padded(figure(inspection.totals.outside_choice), 13) +
           "  values are outside their choice list, and so unknown\n";
  }
}

void append_kinds(std::string& out, const Inspection& inspection) {
  if (inspection.kinds.empty()) return;
  std::size_t width = 4;
  for (const KindFacts& kind : inspection.kinds) width = std::max(width, kind.name.size());
  out += "\n" + std::string("kind") + std::string(width - 4, ' ') + "           rows      leads  first       last\n";
  for (const KindFacts& kind : inspection.kinds) {
    out += kind.name + std::string(width - kind.name.size(), ' ') + "  " + left_padded(figure(kind.rows), 13) +
           left_padded(figure(kind.leads), 11) + "  " + day_of(kind.first) + "  " + day_of(kind.last) +
           (kind.declared ? "" : "  (not declared)") + "\n";
  }
}

void append_rejects(std::string& out, const Inspection& inspection) {
  for (const RejectFacts& facts : inspection.rejects) {
    out += "\nrejected, " + std::string(reason_text(facts.reason)) + ": " + counted(facts.rows, "row", "rows") + "\n";
    for (const RejectExample& example : facts.examples) {
      out += "  " + example.file + " line " + figure(example.line) +
             (example.detail.empty() ? "" : ": " + example.detail) + "\n";
      std::string text = example.text;
      std::replace(text.begin(), text.end(), '\n', ' ');
      out += "    " + text + "\n";
    }
  }
}

void write_totals(JsonWriter& json, const ImportTotals& totals) {
  json.key("totals").begin_object();
  json.member("files", totals.files).member("bytes", totals.bytes).member("read", totals.read);
  json.member("applied", totals.applied).member("no_interest", totals.no_interest).member("repeated", totals.repeated);
  json.member("superseded", totals.superseded).member("rejected", totals.rejected);
  json.member("exact_repeats", totals.exact_repeats).member("outside_choice", totals.outside_choice);
  json.end_object();
}

void write_kinds(JsonWriter& json, const Inspection& inspection) {
  json.key("kinds").begin_array();
  for (const KindFacts& kind : inspection.kinds) {
    json.begin_object().member("name", kind.name).member("declared", kind.declared).member("rows", kind.rows);
    if (kind.first != kNever) {
      json.member("leads", kind.leads).member("first", calendar::format_utc(kind.first));
      json.member("last", calendar::format_utc(kind.last));
    }
    json.end_object();
  }
  json.end_array();
}

void write_rejects(JsonWriter& json, const Inspection& inspection) {
  json.key("rejects").begin_array();
  for (const RejectFacts& facts : inspection.rejects) {
    json.begin_object().member("reason", reason_text(facts.reason)).member("rows", facts.rows);
    json.key("examples").begin_array();
    for (const RejectExample& example : facts.examples) {
      json.begin_object().member("file", example.file).member("line", example.line).member("byte", example.byte);
      json.member("detail", example.detail).member("text", example.text).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

std::string to_text(const Inspection& inspection) {
  std::string out;
  append_totals(out, inspection);
  append_span(out, inspection);
  append_kinds(out, inspection);
  append_rejects(out, inspection);
  for (const std::string& warning : inspection.totals.warnings) out += "\nwarning: " + warning + "\n";
  return out;
}

std::string to_json(const Inspection& inspection) {
  JsonWriter json(JsonWriter::Layout::Indented);
  json.begin_object();
  write_totals(json, inspection.totals);
  json.member("leads", inspection.leads);
  if (inspection.first != kNever) {
    json.member("first", calendar::format_utc(inspection.first)).member("last", calendar::format_utc(inspection.last));
  }
  json.member("ties", inspection.ties).member("out_of_order", inspection.out_of_order);
  write_kinds(json, inspection);
  write_rejects(json, inspection);
  json.key("warnings").begin_array();
  for (const std::string& warning : inspection.totals.warnings) json.value(warning);
  json.end_array().end_object();
  return std::move(json).take() + "\n";
}

}  // namespace nurture::eventlog
