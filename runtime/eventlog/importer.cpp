#include "runtime/eventlog/importer.h"

#include <algorithm>

#include "runtime/eventlog/lines.h"

namespace nurture::eventlog {
namespace {

constexpr std::uint64_t kProgressRows = 65'536;

bool looks_like_a_log(std::string_view path) {
  for (std::string_view packed : {".gz", ".zst"}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  return path.ends_with(".csv") || path.ends_with(".ndjson") || path.ends_with(".jsonl");
}

std::vector<std::uint16_t> row_attributes(const bytecode::SourceSpec* source) {
  std::vector<std::uint16_t> attributes;
  if (!source) return attributes;
  for (const bytecode::PropertyMapping& mapping : source->lead_attributes) attributes.push_back(mapping.property);
  return attributes;
}

std::string shown_path(const std::string& path) { return path == "-" ? "standard input" : path; }

void mark(std::vector<bool>& set, std::uint32_t index) {
  if (index >= set.size()) set.resize(index + 1 + set.size() / 2, false);
  set[index] = true;
}

}  // namespace

Importer::Importer(const bytecode::Module& module, FileSystem& files, const ImportOptions& options,
                   RowObserver* observer)
    : module_(module), files_(files), options_(options), observer_(observer), applied_by_(module.schema.kinds.size()) {}

Result<std::vector<std::string>> Importer::paths() const {
  std::vector<std::string> found;
  for (const std::string& entry : options_.logs) {
    bool folder = files_.is_directory(entry);
    if (entry == "-" || (!folder && files_.exists(entry))) {
      found.push_back(entry);
      continue;
    }
    auto listed = files_.list(entry);
    if (!listed) return listed.error();
    if (folder) std::erase_if(*listed, [](const std::string& path) { return !looks_like_a_log(path); });
    if (listed->empty()) {
      return folder ? Error{"there is no log in the folder " + entry,
                            "logs end in .csv, .ndjson or .jsonl, perhaps with .gz or .zst"}
                    : Error{"no file matches " + entry, "check the pattern; it is read from the folder you are in"};
    }
    found.insert(found.end(), listed->begin(), listed->end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.empty() && options_.leads.empty())
    return Error{"no log is named", "name files, folders or \"-\" for standard input"};
  return found;
}

Status Importer::choose_mapper() {
  if (!options_.source.empty()) {
    for (const bytecode::SourceSpec& source : module_.sources) {
      if (module_.strings[source.name] == options_.source) source_ = &source;
    }
    if (!source_) {
      std::string known;
      for (const bytecode::SourceSpec& source : module_.sources) known += " " + module_.strings[source.name];
      return Error{"the programme declares no source \"" + options_.source + "\"",
                   known.empty() ? "it declares none at all" : "it declares:" + known};
    }
  }
  bool has_ids = source_ && source_->id != bytecode::kNoCode;
  builder_ = std::make_unique<store::Builder>(module_.schema, row_attributes(source_), has_ids);
  if (!source_) {
    mapper_ = native_mapper(module_, *builder_, options_.executed);
    return Done{};
  }
  auto mapper = source_mapper(module_, *source_, *builder_, options_.executed);
  if (!mapper) return mapper.error();
  mapper_ = std::move(*mapper);
  return Done{};
}

Result<Imported> Importer::run() {
  auto logs = paths();
  if (!logs) return logs.error();
  if (Status chosen = choose_mapper(); !chosen) return chosen.error();
  if (Status read = read_accounts(); !read) return read.error();
  if (Status read = read_leads(); !read) return read.error();
  for (const std::string& path : *logs) {
    if (Status read = read_log(path); !read) return read.error();
  }
  if (options_.progress) options_.progress(totals_.bytes, totals_.read);
  return finish();
}

Status Importer::read_log(const std::string& path) {
  ReaderOptions options{&mapper_->names(), options_.line_limit, source_ ? source_->format : bytecode::LogFormat::Auto};
  auto file = LogFile::open(files_, path, options);
  if (!file) return file.error();
  RecordReader& reader = file->reader();
  if (Status checked = mapper_->check_columns(reader, shown_path(path)); !checked) return checked;
  ++totals_.files;
  Row row(mapper_->names().size());
  RecordPlace place;
  while (true) {
    auto found = reader.next(row, place);
    if (!found) return found.error();
    totals_.bytes = bytes_before_ + reader.position();
    if (!*found) break;
    ++totals_.read;
    if (place.bad) {
      if (Status kept = reject(place, path, *place.bad, place.detail); !kept) return kept;
    } else {
      mapper_->map(row, mapped_);
      if (Status taken = take(place, path); !taken) return taken;
    }
    if (totals_.read % kProgressRows == 0 && options_.progress) options_.progress(totals_.bytes, totals_.read);
  }
  bytes_before_ = totals_.bytes;
  return Done{};
}

Status Importer::take(const RecordPlace& place, const std::string& path) {
  if (mapped_.bad) return reject(place, path, *mapped_.bad, mapped_.detail);
  if (mapped_.at > options_.not_after) {
    return reject(place, path, RejectReason::AfterBound, calendar::format_utc(mapped_.at));
  }
  first_ = std::min(first_, mapped_.at);
  if (mapped_.at > last_) {
    last_but_one_ = last_;
    last_ = mapped_.at;
  } else if (mapped_.at > last_but_one_ && mapped_.at < last_) {
    last_but_one_ = mapped_.at;
  }
  if (observer_) observer_->row(mapped_);
  if (mapped_.left_out) {
    of_no_interest(kLeftOut);
    return Done{};
  }
  if (mapped_.superseded) {
    ++totals_.superseded;
    return Done{};
  }
  return apply(place, path);
}

Status Importer::apply(const RecordPlace& place, const std::string& path) {
  std::uint32_t lead = number_of(mapped_.lead);
  if (mapped_.kind == bytecode::kNone) {
    builder_->lives_since(lead, mapped_.at);
    of_no_interest(mapped_.event.empty() ? kNoRule : mapped_.event);
    return Done{};
  }
  store::LogRow row{lead,
                    mapped_.at,
                    static_cast<std::uint8_t>(mapped_.kind),
                    mapped_.id,
                    mapped_.properties,
                    mapped_.changes,
                    mapped_.row_attributes};
  if (!builder_->add(row)) {
    return Error{"cannot read " + path + " beyond line " + std::to_string(place.line) +
                     ": a run holds 4,294,967,294 events at most",
                 "cut the log into parts by lead"};
  }
  ++applied_by_[mapped_.kind];
  totals_.outside_choice += mapped_.outside_choice;
  return Done{};
}

std::uint32_t Importer::number_of(std::string_view key) {
  std::uint32_t lead = builder_->lead(key);
  mark(in_log_, lead);
  return lead;
}

void Importer::of_no_interest(std::string_view what) {
  ++totals_.no_interest;
  no_interest_key_.assign(what);
  ++no_interest_by_[no_interest_key_];
}

Status Importer::reject(const RecordPlace& place, const std::string& path, RejectReason reason,
                        const std::string& detail) {
  ++totals_.rejected;
  ++totals_.rejected_by[reason];
  if (options_.strict) {
    std::string what =
        shown_path(path) + " line " + std::to_string(place.line) + ": " + std::string(reason_text(reason));
    return Error{what + (detail.empty() ? "" : ": " + detail), "without --strict such lines are set aside and counted"};
  }
  if (options_.on_reject) {
    options_.on_reject({path, place.line, place.byte, reason, detail, shortened(place.text, kShownText)});
  }
  return Done{};
}

std::string_view reason_text(RejectReason reason) {
  switch (reason) {
    case RejectReason::NotARecord:
      return "not a record";
    case RejectReason::LineTooLong:
      return "the line is too long";
    case RejectReason::BadEncoding:
      return "not UTF-8";
    case RejectReason::NoLead:
      return "no lead";
    case RejectReason::NoInstant:
      return "no instant";
    case RejectReason::BadInstant:
      return "the instant does not read";
    case RejectReason::AfterBound:
      return "later than the bound";
    case RejectReason::NoEvent:
      return "no event";
    case RejectReason::BadProperty:
      return "a property does not read";
    case RejectReason::MissingProperty:
      return "a property is missing";
  }
  return "";
}

Result<Imported> import(const bytecode::Module& module, FileSystem& files, const ImportOptions& options) {
  return Importer(module, files, options, nullptr).run();
}

}  // namespace nurture::eventlog
