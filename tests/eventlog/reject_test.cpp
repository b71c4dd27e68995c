#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

namespace nurture::eventlog::test {
namespace {

const std::string kHeader = "lead,at,event,form,pages\n";
const std::string kGood = "a,2026-03-05T10:00:00Z,form.submitted,whitepaper,3\n";

Outcome csv(const std::string& rows, ImportOptions options = {}) {
  return import_text(sample().module, "log.csv", kHeader + rows, std::move(options));
}
Outcome ndjson(const std::string& lines, ImportOptions options = {}) {
  return import_text(sample().module, "log.ndjson", lines, std::move(options));
}

/// A stream of a beginning, one byte many times, and an end: for lines too long to hold.
class LongStream final : public ByteSource {
 public:
  LongStream(std::string head, std::uint64_t middle, std::string tail)
      : head_(std::move(head)), middle_(middle), tail_(std::move(tail)) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t count = 0;
    for (; count < size && at_ < head_.size() + middle_ + tail_.size(); ++count, ++at_) {
      buffer[count] = at_ < head_.size()             ? head_[at_]
                      : at_ < head_.size() + middle_ ? 'x'
                                                     : tail_[at_ - head_.size() - middle_];
    }
    return count;
  }

 private:
  std::string head_;
  std::uint64_t middle_;
  std::string tail_;
  std::uint64_t at_ = 0;
};

}  // namespace

TEST_CASE("every reason to reject a CSV row") {
  CHECK(csv(kGood).totals().rejected == 0);
  CHECK(csv(kGood + "a,b\n").only_reason() == RejectReason::NotARecord);
  CHECK(csv(kGood + "a,\"b\"c,d,e,f\n").only_reason() == RejectReason::NotARecord);
  CHECK(csv("\xff\xfe,2026-03-05T10:00:00Z,form.submitted,x,1\n").only_reason() == RejectReason::BadEncoding);
  CHECK(csv(",2026-03-05T10:00:00Z,form.submitted,x,1\n").only_reason() == RejectReason::NoLead);
  CHECK(csv("a,,form.submitted,x,1\n").only_reason() == RejectReason::NoInstant);
  CHECK(csv("a,yesterday,form.submitted,x,1\n").only_reason() == RejectReason::BadInstant);
  CHECK(csv("a,2026-02-30T10:00:00Z,form.submitted,x,1\n").only_reason() == RejectReason::BadInstant);
  CHECK(csv("a,2026-03-05T10:00:00Z,,x,1\n").only_reason() == RejectReason::NoEvent);
  CHECK(csv("a,2026-03-05T10:00:00Z,form.submitted,x,many\n").only_reason() == RejectReason::BadProperty);
  CHECK(csv("a,2026-03-05T10:00:00Z,form.submitted,,1\n").only_reason() == RejectReason::MissingProperty);
}

TEST_CASE("every reason to reject a JSON line") {
  auto reason = [](const std::string& line) { return ndjson(line + "\n").only_reason(); };
  CHECK(reason("[1]") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": \"a\"") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": \"a\"} {}") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": \"a\", \"n\": 01}") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": nul}") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": nt\x10}") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": troo}") == RejectReason::NotARecord);
  CHECK(reason("{\"lead\": \"\xff\"}") == RejectReason::BadEncoding);
  CHECK(reason(R"({"at": "2026-03-05T10:00:00Z", "event": "page.viewed"})") == RejectReason::NoLead);
  CHECK(reason(R"({"lead": null, "at": "2026-03-05T10:00:00Z", "event": "page.viewed"})") == RejectReason::NoLead);
  CHECK(reason(R"({"lead": "a", "event": "page.viewed"})") == RejectReason::NoInstant);
  CHECK(reason(R"({"lead": "a", "at": "2026-03-05", "event": "page.viewed"})") == RejectReason::BadInstant);
  CHECK(reason(R"({"lead": "a", "at": "2026-03-05T10:00:00Z"})") == RejectReason::NoEvent);
  CHECK(reason(R"({"lead": "a", "at": 1772704800, "event": "form.submitted", "form": "x", "pages": 1.5})") ==
        RejectReason::BadProperty);
  CHECK(reason(R"({"lead": "a", "at": 1772704800, "event": "form.submitted", "form": null})") ==
        RejectReason::MissingProperty);
}

TEST_CASE("rejects name file, line, byte and what was found") {
  Outcome outcome = csv(kGood + "\n" + "a,soon,form.submitted,x,1\n" + kGood);
  REQUIRE(outcome.rejects.size() == 1);
  const KeptReject& kept = outcome.rejects[0];
  CHECK(kept.reject.file == "log.csv");
  CHECK(kept.reject.line == 4);
  CHECK(kept.reject.byte == kHeader.size() + kGood.size() + 1);
  CHECK(kept.reject.detail == "\"soon\" is not an instant like 2026-03-05T09:30:00Z");
  CHECK(kept.text == "a,soon,form.submitted,x,1");
  CHECK(outcome.totals().read == 3);
  CHECK(outcome.totals().applied == 2);
}

TEST_CASE("events later than the bound are rejected, one at it is not") {
  ImportOptions options;
  options.not_after = *calendar::parse_rfc3339("2026-03-05T10:00:00Z");
  Outcome outcome = csv(kGood + "a,2026-03-05T10:00:00.000001Z,form.submitted,x,1\n", options);
  CHECK(outcome.only_reason() == RejectReason::AfterBound);
  CHECK(outcome.totals().applied == 1);
  CHECK(outcome.store().last_instant == options.not_after);
}

TEST_CASE("strict makes the first rejected line an error") {
  host::MemoryFileSystem files;
  files.put("log.csv", kHeader + "a,soon,form.submitted,x,1\n");
  ImportOptions options;
  options.logs = {"log.csv"};
  options.strict = true;
  bytecode::Module module = sample().module;
  auto imported = import(module, files, options);
  REQUIRE(!imported.ok());
  CHECK(imported.error().message.find("log.csv line 2") != std::string::npos);
}

TEST_CASE("a line over the limit is rejected and passed over without being held") {
  for (bool quoted : {false, true}) {
    host::MemoryFileSystem files;
    std::string head = kHeader + kGood + (quoted ? "a,\"" : "a,");
    std::string tail = std::string(quoted ? "\"" : "") + ",form.submitted,x,1\n" + kGood;
    files.put_stream("log.csv", [=] { return std::make_unique<LongStream>(head, 64U << 20, tail); });
    ImportOptions options;
    options.logs = {"log.csv"};
    options.line_limit = 100'000;
    Outcome outcome = import_files(sample().module, files, options);
    CHECK(outcome.only_reason() == RejectReason::LineTooLong);
    CHECK(outcome.rejects[0].text.size() <= 1'000);
    CHECK(outcome.rejects[0].reject.line == 3);
    CHECK(outcome.totals().applied == 2);
  }
}

TEST_CASE("the limit itself is allowed, one byte more is not") {
  std::string line = R"({"lead": "a", "at": "2026-03-05T10:00:00Z", "event": "page.viewed"})";
  ImportOptions options;
  options.line_limit = line.size();
  CHECK(ndjson(line + "\r\n" + line, options).totals().applied == 2);
  CHECK(ndjson(line + " \n" + line + "\n", options).only_reason() == RejectReason::LineTooLong);
}

TEST_CASE("a quote that is never closed costs one line") {
  Outcome outcome = csv(kGood + "a,\"2026-03-05T10:00:00Z,form.submitted,x,1\n" + kGood + kGood);
  CHECK(outcome.only_reason() == RejectReason::NotARecord);
  CHECK(outcome.totals().applied == 3);
}

TEST_CASE("ten thousand brackets are no trouble") {
  std::string deep = "{\"lead\": \"a\", \"x\": " + std::string(10'000, '[') + std::string(10'000, ']') + "}";
  CHECK(ndjson(deep + "\n").totals().rejected == 1);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += "{\"a\":";
  CHECK(ndjson(objects + "1" + std::string(10'000, '}') + "\n").totals().rejected == 1);
}

}  // namespace nurture::eventlog::test
