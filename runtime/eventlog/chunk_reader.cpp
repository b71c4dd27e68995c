#include "runtime/eventlog/chunk_reader.h"

#include <algorithm>

namespace nurture::eventlog {

Result<std::unique_ptr<ChunkReader>> ChunkReader::make(const bytecode::Module& module,
                                                       const bytecode::SourceSpec* source, const ImportOptions& options,
                                                       bool watched) {
  std::unique_ptr<ChunkReader> made(new ChunkReader(options, watched));
  if (source) {
    auto mapper = source_mapper(module, *source, made->batch_, options.executed);
    if (!mapper) return mapper.error();
    made->mapper_ = std::move(*mapper);
  } else {
    made->mapper_ = native_mapper(module, made->batch_, options.executed);
  }
  const Names& names = made->mapper_->names();
  made->row_.emplace(names.size());
  made->csv_ = csv_reader(options.line_limit);
  made->ndjson_ = ndjson_reader(names, options.line_limit);
  return made;
}

void ChunkReader::read(const Chunk& chunk, Batch& batch) {
  std::swap(batch, batch_);
  batch_.begin(chunk);
  RecordReader& reader = chunk.file->csv ? *csv_ : *ndjson_;
  reader.begin(chunk);
  RecordPlace place;
  while (reader.next(*row_, place)) {
    ++batch_.read;
    if (place.bad) {
      reject(place, *place.bad, std::move(place.detail));
      continue;
    }
    mapper_->map(*row_, mapped_);
    if (mapped_.bad) {
      reject(place, *mapped_.bad, std::move(mapped_.detail));
    } else if (mapped_.at > options_.not_after) {
      reject(place, RejectReason::AfterBound, calendar::format_utc(mapped_.at));
    } else {
      take();
    }
  }
  batch_.lines = reader.lines();
  std::swap(batch, batch_);
}

void ChunkReader::take() {
  batch_.span.add(mapped_.at);
  if (watched_) batch_.saw(mapped_);
  if (mapped_.left_out) {
    batch_.of_no_interest(kLeftOut);
    return;
  }
  if (!mapped_.origin.empty()) batch_.of_origin(mapped_.origin, mapped_.superseded);
  if (mapped_.superseded) {
    ++batch_.superseded;
  } else {
    apply();
  }
}

void ChunkReader::apply() {
  const std::uint32_t lead = batch_.lead(mapped_.lead);
  if (mapped_.kind == bytecode::kNone) {
    batch_.lives_since[lead] = std::min(batch_.lives_since[lead], mapped_.at);
    batch_.of_no_interest(mapped_.event.empty() ? kNoRule : mapped_.event);
    return;
  }
  const auto append = [](auto& to, const auto& from) {
    if (!from.empty()) to.insert(to.end(), from.begin(), from.end());
  };
  append(batch_.properties, mapped_.properties);
  append(batch_.row_attributes, mapped_.row_attributes);
  append(batch_.changes, mapped_.changes);
  batch_.rows.push_back({mapped_.at, mapped_.id, lead, static_cast<std::uint32_t>(mapped_.changes.size()),
                         static_cast<std::uint8_t>(mapped_.kind)});
  batch_.outside_choice += mapped_.outside_choice;
}

void ChunkReader::reject(const RecordPlace& place, RejectReason reason, std::string detail) {
  batch_.rejects.push_back({place.line, place.byte, reason, std::move(detail), shortened(place.text, kShownText)});
}

}  // namespace nurture::eventlog
