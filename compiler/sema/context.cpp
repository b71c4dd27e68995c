#include "compiler/sema/context.h"

#include <algorithm>
#include <cctype>

#include "runtime/calendar/calendar.h"

namespace nurture::sema {

namespace {

std::vector<std::string_view> kind_names(const Model& model) {
  std::vector<std::string_view> names;
  for (const EventKind& kind : model.kinds) names.push_back(kind.name);
  return names;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// "London" for Europe/London: what people write instead of the name.
std::string zone_like(std::string_view written) {
  std::string wanted = lower(written);
  std::replace(wanted.begin(), wanted.end(), ' ', '_');
  for (const std::string& zone : calendar::zone_names()) {
    std::string each = lower(zone);
    if (each == wanted || each.ends_with("/" + wanted)) return zone;
  }
  return {};
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

bool has_word(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    std::size_t end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

/// Whether a text that could not be read as a whole seems to declare a name: `stage x`, `x: text`.
bool declares(std::string_view text, std::string_view name) {
  constexpr std::string_view kWords[] = {"stage",    "content", "event", "let",   "segment", "campaign",
                                         "remember", "goal",    "split", "score", "as"};
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    std::size_t end = at + name.size();
    if ((at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end]))) continue;
    std::size_t next = text.find_first_not_of(' ', end);
    if (next != std::string_view::npos && text[next] == ':') return true;
    std::string_view before = text.substr(0, text.find_last_not_of(' ', at == 0 ? 0 : at - 1) + 1);
    for (std::string_view word : kWords) {
      if (before.ends_with(word) && (before.size() == word.size() || !is_word(before[before.size() - word.size() - 1])))
        return true;
    }
  }
  return false;
}

void unknown_event(Context& context, const ast::Path& path, const std::vector<std::string_view>& names,
                   std::string hint) {
  std::string name = path.text();
  Diagnostic& diagnostic = context.out.report(DiagnosticId::UnknownEvent, path.span, name);
  if (!hint.empty()) {
    diagnostic.hint = std::move(hint);
    return;
  }
  suggest(diagnostic, name, path.span, names,
          names.empty() ? "No event is declared. `use std.b2b` brings the usual ones in."
                        : fmt::format("Declare it: `event {} {{ … }}`.", name));
}

}  // namespace

bool Context::incomplete(Span span) const {
  return std::any_of(broken.begin(), broken.end(), [&](Span each) {
    return each.file == span.file && each.begin >= span.begin && each.begin <= span.end;
  });
}

bool Context::lost(std::string_view name) const {
  if (use_failed) return true;
  bool declared = std::any_of(broken_files.begin(), broken_files.end(),
                              [&](FileId file) { return declares(unit.sources.file(file).content(), name); });
  if (declared) return true;
  return std::any_of(broken.begin(), broken.end(), [&](Span each) {
    const SourceFile& file = unit.sources.file(each.file);
    return has_word(file.line(file.locate(each.begin).line), name);
  });
}

bool Context::own(Span span) const {
  for (std::size_t i = 0; i < roots; ++i) {
    if (unit.files[i].file == span.file) return true;
  }
  return false;
}

bool Context::in_template(ast::NodeId id) const {
  return std::any_of(instances.begin(), instances.end(),
                     [&](const auto& each) { return each.first <= id && id < each.second; });
}

Diagnostic& Context::twice(std::string_view what, const std::string& name, Span here, Span first) {
  Diagnostic& diagnostic = out.report(DiagnosticId::DeclaredTwice, here, what, name);
  diagnostic.labels.push_back({first, "the first one is here"});
  diagnostic.hint = "Give one of them another name, or leave it out.";
  return diagnostic;
}

namespace {

/// For a word that is like none of them.
std::string what_there_is(const std::vector<std::string_view>& names) {
  std::vector<std::string> words(names.begin(), names.end());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  constexpr std::size_t kMost = 12;
  if (words.size() == 1) return fmt::format("There is only \"{}\".", words.front());
  return fmt::format("It can be {}.", alternatives(words, kMost));
}

}  // namespace

void suggest(Diagnostic& diagnostic, std::string_view word, Span span, const std::vector<std::string_view>& candidates,
             std::string otherwise) {
  std::string_view near = closest(word, candidates);
  if (near.empty()) {
    diagnostic.hint = otherwise.empty() && !candidates.empty() ? what_there_is(candidates) : std::move(otherwise);
    return;
  }
  diagnostic.hint = fmt::format("Did you mean \"{}\"?", near);
  diagnostic.edits.push_back({span, std::string(near)});
}

std::vector<std::string_view> names_of(const std::vector<Field>& fields) {
  std::vector<std::string_view> names;
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

std::uint32_t find_field(const std::vector<Field>& fields, std::string_view name) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<std::uint32_t>(i);
  }
  return kNoIndex;
}

std::vector<std::uint32_t> kinds_of(const Model& model, std::uint32_t event) {
  if (event < model.kinds.size()) return {event};
  return is_event(model, event) ? model.groups[event - model.kinds.size()].kinds : std::vector<std::uint32_t>{};
}

std::uint32_t find_event(const Model& model, std::string_view name) {
  std::uint32_t kind = model.find_kind(name);
  if (kind != kNoIndex) return kind;
  auto at = std::find_if(model.groups.begin(), model.groups.end(), [&](const auto& each) { return each.name == name; });
  if (at == model.groups.end()) return kNoIndex;
  return static_cast<std::uint32_t>(model.kinds.size() + static_cast<std::size_t>(at - model.groups.begin()));
}

std::uint32_t resolve_kind(Context& context, const ast::Path& path) {
  if (!path) return kBrokenIndex;
  std::string name = path.text();
  std::uint32_t kind = context.model.find_kind(name);
  if (kind != kNoIndex) return kind;
  if (context.later.contains(name) || context.lost(name)) return kBrokenIndex;
  unknown_event(context, path, kind_names(context.model),
                find_event(context.model, name) != kNoIndex ? "This is a group. Name one of its events here." : "");
  return kBrokenIndex;
}

std::uint32_t resolve_event(Context& context, const ast::Path& path) {
  if (!path) return kBrokenIndex;
  std::string name = path.text();
  std::uint32_t event = find_event(context.model, name);
  if (context.later.contains(name) || (event == kNoIndex && context.lost(name))) return kBrokenIndex;
  if (event != kNoIndex) return event;
  std::vector<std::string_view> names = kind_names(context.model);
  for (const EventGroup& group : context.model.groups) names.push_back(group.name);
  unknown_event(context, path, names, "");
  return kBrokenIndex;
}

std::uint32_t resolve_campaign(Context& context, std::string_view name, Span span, std::string otherwise) {
  const std::uint32_t campaign = context.model.find_campaign(name);
  if (campaign != kNoIndex || context.later.contains(name) || context.lost(name)) return campaign;
  std::vector<std::string_view> names;
  for (const Campaign& each : context.model.campaigns) names.push_back(each.name);
  suggest(context.out.report(DiagnosticId::UnknownCampaign, span, name), name, span, names, std::move(otherwise));
  return kNoIndex;
}

std::uint32_t resolve_content(Context& context, const ast::Name& name) {
  if (!name) return kBrokenIndex;
  std::uint32_t content = context.model.find_content(name.text);
  if (content != kNoIndex) {
    context.used_contents.insert(content);
    return content;
  }
  if (context.later.contains(name.text) || context.lost(name.text)) return kBrokenIndex;
  std::vector<std::string_view> names;
  for (const Content& each : context.model.contents) names.push_back(each.name);
  Diagnostic& diagnostic = context.out.report(DiagnosticId::UnknownContent, name.span, name.text);
  suggest(diagnostic, name.text, name.span, names, fmt::format("Declare it: `content {}: email {{ … }}`.", name.text));
  return kBrokenIndex;
}

void check_zone(Context& context, std::string_view zone, Span span) {
  if (calendar::find_zone(zone)) return;
  Diagnostic& diagnostic = context.out.report(DiagnosticId::UnknownZone, span, zone);
  std::string near = zone_like(zone);
  if (near.empty()) {
    std::vector<std::string> names = calendar::zone_names();
    near = closest(zone, std::vector<std::string_view>(names.begin(), names.end()));
  }
  diagnostic.hint = near.empty() ? "Zones are named by continent and city, like \"Europe/London\"."
                                 : fmt::format("Did you mean \"{}\"?", near);
}

}  // namespace nurture::sema
