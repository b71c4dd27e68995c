#include "runtime/eventlog/importer.h"

#include <algorithm>

#include "runtime/eventlog/pipeline.h"
#include "runtime/eventlog/stored.h"

namespace nurture::eventlog {
namespace {

constexpr unsigned kMostReaders = 16;  ///< one thread takes what all of them read: more would only wait

bool looks_like_a_log(std::string_view path) {
  for (std::string_view packed : {".gz", ".zst"}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  return path.ends_with(".csv") || path.ends_with(".ndjson") || path.ends_with(".jsonl") || path.ends_with(".parquet");
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
                            "logs end in .csv, .ndjson or .jsonl, perhaps with .gz or .zst, or in .parquet"}
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

Status Importer::choose_source() {
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
  if (source_) {
    for (const bytecode::PropertyMapping& mapping : source_->lead_attributes)
      row_attributes_.push_back(mapping.property);
  }
  has_ids_ = source_ && source_->id != bytecode::kNoCode;
  builder_.emplace(module_.schema, row_attributes_, has_ids_);
  return Done{};
}

Status Importer::make_readers() {
  const unsigned threads = std::clamp(options_.threads, 1U, kMostReaders);
  for (unsigned thread = 0; thread < threads; ++thread) {
    auto reader = ChunkReader::make(module_, source_, options_, observer_ != nullptr);
    if (!reader) return reader.error();
    readers_.push_back(std::move(*reader));
  }
  return Done{};
}

Status Importer::read() {
  auto logs = paths();
  if (!logs) return logs.error();
  if (Status chosen = choose_source(); !chosen) return chosen.error();
  if (Status made = make_readers(); !made) return made.error();
  if (Status read = read_accounts(); !read) return read.error();
  if (Status read = read_leads(); !read) return read.error();
  return read_logs(*logs);
}

Status Importer::read_logs(const std::vector<std::string>& paths) {
  size_ = size_of(paths);
  Pipeline pipeline({[&](Chunk& chunk) { return cut(paths, chunk); },
                     [&](unsigned thread, const Chunk& chunk, Batch& batch) { readers_[thread]->read(chunk, batch); },
                     [&](const Chunk& chunk, const Batch& batch) { return take(chunk, batch); }},
                    static_cast<unsigned>(readers_.size()));
  return pipeline.run();
}

/// 0 if that of one is unknown.
std::uint64_t Importer::size_of(const std::vector<std::string>& paths) const {
  std::uint64_t sum = 0;
  for (const std::string& path : paths) {
    const std::optional<std::uint64_t> size = files_.size(path);
    if (!size) return 0;
    sum += *size;
  }
  return sum;
}

/// The next chunk of all logs, one after the other.
Result<bool> Importer::cut(const std::vector<std::string>& paths, Chunk& chunk) {
  while (true) {
    if (file_) {
      auto found = file_->next(chunk);
      if (!found || *found) return found;
      file_.reset();
    }
    if (next_file_ == paths.size()) return false;
    const Mapper& mapper = readers_.front()->mapper();
    FileOptions options{&mapper.names(), options_.line_limit, options_.chunk,
                        source_ ? source_->format : bytecode::LogFormat::Auto};
    auto file = LogFile::open(files_, paths[next_file_++], options);
    if (!file) return file.error();
    if (Status checked = mapper.check_columns(*file); !checked) return checked.error();
    file_.emplace(std::move(*file));
  }
}

Error strict_error(const Rejected& reject) {
  const std::string what =
      shown_path(reject.file) + " line " + std::to_string(reject.line) + ": " + std::string(reason_text(reject.reason));
  return {what + (reject.detail.empty() ? "" : ": " + reject.detail),
          "without --strict such lines are set aside and counted"};
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
  for (const std::string& log : options.logs) {
    if (is_store(files, log)) return import_stored(module, files, options);
  }
  return Importer(module, files, options, nullptr).run();
}

}  // namespace nurture::eventlog
