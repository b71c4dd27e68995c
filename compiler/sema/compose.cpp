#include "compiler/sema/compose.h"

#include <algorithm>
#include <optional>

#include "compiler/ast/clone.h"
#include "compiler/sema/passes.h"

namespace nurture::sema {

namespace {

using NameKind = NameArgument::Kind;

std::optional<NameKind> name_kind(const ast::TypeRef& type) {
  constexpr std::pair<std::string_view, NameKind> kWords[] = {
      {"event", NameKind::Event},    {"content", NameKind::Content}, {"stream", NameKind::Stream},
      {"window", NameKind::Window},  {"score", NameKind::Score},     {"campaign", NameKind::Campaign},
      {"segment", NameKind::Segment}};
  for (const auto& [word, kind] : kWords) {
    if (type.name.text == word) return kind;
  }
  return std::nullopt;
}

/// What a parameter stands for in one campaign: a constant of Model::lets, or the name of something.
struct Binding {
  std::uint32_t let = kNoIndex;
  std::optional<NameKind> kind;
  const ast::NameRef* name = nullptr;  ///< null: reported
  const ast::Parameter* parameter = nullptr;
};
using Bindings = std::map<std::string, Binding, std::less<>>;

/// Copies the clauses of a template with its parameters filled in. A name of the template that is no parameter keeps
/// its meaning, and an argument is resolved where it was written, so neither can capture the other (§3).
class Instance : public ast::Cloner {
 public:
  Instance(Context& context, const Bindings& bindings)
      : Cloner(context.unit.tree), context_(context), bindings_(bindings) {}

 protected:
  const ast::Expr* reference(ast::NameRef& copy) override {
    const Binding* binding = bound(copy.path);
    if (!binding) return &copy;
    if (!binding->kind) {
      context_.parameters[copy.id] = binding->let;
      return &copy;
    }
    if (!binding->name) return broken(copy.span);
    copy.path = binding->name->path;
    copy.span = binding->name->span;
    return &copy;
  }

  void named(Place place, ast::Name& name) override {
    auto found = bindings_.find(name.text);
    if (!name || found == bindings_.end()) return;
    if (const ast::NameRef* argument = fitting(place, name.span, found->second)) {
      name = argument->path.parts.front();
      name.text = argument->path.text();
    } else {
      name = {};
    }
  }

  void named(Place place, ast::Path& path) override {
    const Binding* binding = bound(path);
    if (!binding) return;
    const ast::NameRef* argument = fitting(place, path.span, *binding);
    path = argument ? argument->path : ast::Path{{}, path.span};
  }

 private:
  const Binding* bound(const ast::Path& path) const {
    if (path.parts.size() != 1) return nullptr;
    auto found = bindings_.find(path.parts.front().text);
    return found == bindings_.end() ? nullptr : &found->second;
  }

  const ast::Expr* broken(Span span) { return context_.unit.tree.make<ast::ErrorExpr>(span); }

  static bool fits(Place place, NameKind kind) {
    switch (place) {
      case Place::Event:
        return kind == NameKind::Event;
      case Place::Content:
        return kind == NameKind::Content;
      case Place::Stream:
        return kind == NameKind::Stream;
      case Place::Window:
        return kind == NameKind::Window;
      case Place::Score:
        return kind == NameKind::Score;
      case Place::Campaign:
        return kind == NameKind::Campaign;
    }
    return false;
  }

  static std::string_view wanted(Place place) {
    switch (place) {
      case Place::Event:
        return "an event";
      case Place::Content:
        return "a content";
      case Place::Stream:
        return "a stream";
      case Place::Window:
        return "a window";
      case Place::Score:
        return "a score";
      case Place::Campaign:
        return "a campaign";
    }
    return "";
  }

  /// The argument, or null after a report.
  const ast::NameRef* fitting(Place place, Span span, const Binding& binding) {
    if (binding.kind && fits(place, *binding.kind)) return binding.name;
    const ast::Parameter& parameter = *binding.parameter;
    Diagnostic& diagnostic = context_.out.report(
        DiagnosticId::WrongType, span, wanted(place),
        fmt::format("the parameter \"{}\", {}", parameter.name.text, article(context_.written(parameter.type.span))));
    diagnostic.labels.push_back({parameter.name.span, "declared here"});
    return nullptr;
  }

  static std::string article(std::string_view type) {
    bool vowel = !type.empty() && std::string_view("aeiou").find(type.front()) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", type);
  }

  Context& context_;
  const Bindings& bindings_;
};

/// Finds rules and templates by name, and writes out every campaign that uses them.
class Composer {
 public:
  explicit Composer(Context& context) : context_(context) {}

  void run() {
    each_declaration([&](const ast::Decl& decl) {
      if (const auto* rules = ast::try_as<ast::RulesDecl>(&decl)) keep(rules_, *rules, "the rules");
      if (const auto* made = ast::try_as<ast::TemplateDecl>(&decl)) keep(templates_, *made, "the template");
    });
    for (const auto& [name, decl] : templates_) parameters(*decl);
    each_declaration([&](const ast::Decl& decl) {
      if (const auto* campaign = ast::try_as<ast::CampaignDecl>(&decl)) follow(*campaign);
      if (const auto* from = ast::try_as<ast::CampaignFrom>(&decl)) make(*from);
    });
  }

 private:
  template <typename Visit>
  void each_declaration(const Visit& visit) {
    for (std::size_t index : context_.order) {
      for (const ast::Decl* decl : context_.unit.files[index].declarations) visit(*decl);
    }
  }

  template <typename T>
  void keep(std::map<std::string, const T*, std::less<>>& to, const T& decl, std::string_view what) {
    if (!decl.name) return;
    auto [at, fresh] = to.try_emplace(decl.name.text, &decl);
    if (!fresh) context_.twice(what, decl.name.text, decl.name.span, at->second->name.span);
  }

  void parameters(const ast::TemplateDecl& decl) {
    for (auto it = decl.parameters.begin(); it != decl.parameters.end(); ++it) {
      auto before =
          std::find_if(decl.parameters.begin(), it, [&](const auto& e) { return e.name.text == it->name.text; });
      if (before != it) context_.twice("the parameter", it->name.text, it->name.span, before->name.span);
    }
  }

  void follow(const ast::CampaignDecl& decl) {
    bool follows = std::any_of(decl.clauses.begin(), decl.clauses.end(),
                               [](const ast::Clause& each) { return each.kind == ast::Clause::Kind::Follow; });
    if (!follows) return;
    auto* out = context_.unit.tree.make<ast::CampaignDecl>(decl.span);
    ast::NodeId id = out->id;
    *out = decl;
    out->id = id;
    out->clauses.clear();
    append(out->clauses, decl.clauses, nullptr);
    context_.composed[&decl] = out;
  }

  /// `cloner` null: the clauses stand in the campaign itself and nowhere else.
  void append(std::vector<ast::Clause>& to, const std::vector<ast::Clause>& clauses, ast::Cloner* cloner) {
    for (const ast::Clause& each : clauses) {
      if (each.kind != ast::Clause::Kind::Follow) {
        to.push_back(cloner ? cloner->clause(each) : each);
        continue;
      }
      if (!each.name) continue;
      const ast::RulesDecl* rules = find(rules_, each.name, DiagnosticId::UnknownRules, "rules {} {{ … }}");
      if (rules) append_rules(to, *rules, each.name);
    }
  }

  void append_rules(std::vector<ast::Clause>& to, const ast::RulesDecl& rules, const ast::Name& here) {
    if (std::find(open_.begin(), open_.end(), &rules) != open_.end()) {
      context_.out.report(DiagnosticId::DefinedByItself, here.span, here.text).hint =
          "Rules cannot follow themselves: take this line out.";
      return;
    }
    open_.push_back(&rules);
    ast::Cloner plain(context_.unit.tree);
    append(to, rules.clauses, &plain);
    open_.pop_back();
  }

  template <typename T>
  const T* find(const std::map<std::string, const T*, std::less<>>& in, const ast::Name& name, DiagnosticId id,
                std::string_view form) {
    auto found = in.find(name.text);
    if (found != in.end()) return found->second;
    if (context_.lost(name.text)) return nullptr;
    std::vector<std::string_view> names;
    for (const auto& [each, decl] : in) names.push_back(each);
    suggest(context_.out.report(id, name.span, name.text), name.text, name.span, names,
            fmt::format("Declare it: `{}`.", fmt::format(fmt::runtime(form), name.text)));
    return nullptr;
  }

  // Templates ---------------------------------------------------------------------------------------------------------

  void make(const ast::CampaignFrom& from) {
    if (!from.from || !from.name) return;
    ast::Name name{from.from.text(), from.from.span};
    const ast::TemplateDecl* decl =
        find(templates_, name, DiagnosticId::UnknownTemplate, "template {}(name: type) {{ … }}");
    if (!decl) return;
    Bindings bindings;
    if (!bind(from, *decl, bindings)) return;
    auto* out = context_.unit.tree.make<ast::CampaignDecl>(from.span);
    out->name = from.name;
    out->doc = from.doc.empty() ? decl->doc : from.doc;
    out->head = {from.span.file, from.span.begin, from.from.span.end};
    Diagnostics::About about(context_.out, from.span, {from.from.span, template_label(name.text)});
    Instance instance(context_, bindings);
    ast::NodeId first = context_.unit.tree.size();
    append(out->clauses, decl->clauses, &instance);
    context_.instances.emplace_back(first, context_.unit.tree.size());
    context_.composed[&from] = out;
  }

  static std::string template_label(const std::string& name) {
    return fmt::format("in the template \"{}\", from here", name);
  }

  /// Whether every parameter has an argument and every argument a parameter.
  bool bind(const ast::CampaignFrom& from, const ast::TemplateDecl& decl, Bindings& bindings) {
    std::size_t errors = context_.out.errors();
    for (const ast::Argument& each : from.arguments) check_name(from, decl, each);
    for (const ast::Parameter& parameter : decl.parameters) {
      if (!parameter.name || bindings.contains(parameter.name.text)) continue;
      auto given = std::find_if(from.arguments.begin(), from.arguments.end(),
                                [&](const auto& each) { return each.name.text == parameter.name.text; });
      const ast::Expr* value = given != from.arguments.end() ? given->value : parameter.default_value;
      if (value) {
        bindings[parameter.name.text] = bound(from, parameter, *value);
      } else if (!context_.incomplete(from.span)) {
        missing(from, decl, parameter);
      }
    }
    return context_.out.errors() == errors && !context_.incomplete(from.span);
  }

  void missing(const ast::CampaignFrom& from, const ast::TemplateDecl& decl, const ast::Parameter& parameter) {
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::MissingArgument, from.from.span, decl.name.text,
                                                 parameter.name.text, context_.written(parameter.type.span));
    diagnostic.labels.push_back({parameter.name.span, "this parameter"});
    diagnostic.hint = fmt::format("Add `{}: …` between the parentheses.", parameter.name.text);
  }

  void check_name(const ast::CampaignFrom& from, const ast::TemplateDecl& decl, const ast::Argument& argument) {
    if (!argument.name) return;
    for (const ast::Argument& each : from.arguments) {
      if (&each == &argument) break;
      if (each.name.text == argument.name.text)
        context_.twice("the argument", argument.name.text, argument.name.span, each.name.span);
    }
    std::vector<std::string_view> names;
    for (const ast::Parameter& each : decl.parameters) {
      if (each.name.text == argument.name.text) return;
      names.push_back(each.name.text);
    }
    if (context_.incomplete(decl.span)) return;
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::UnknownParameter, argument.name.span, decl.name.text, argument.name.text);
    diagnostic.labels.push_back({decl.name.span, "declared here"});
    suggest(diagnostic, argument.name.text, argument.name.span, names);
  }

  Binding bound(const ast::CampaignFrom& from, const ast::Parameter& parameter, const ast::Expr& value) {
    Binding out;
    out.parameter = &parameter;
    out.kind = name_kind(parameter.type);
    if (out.kind) {
      out.name = name_of(parameter, *out.kind, value);
      return out;
    }
    // The same default may be the value in many campaigns, and an expression is typed once.
    auto* let = context_.unit.tree.make<ast::LetDecl>(value.span);
    let->name = {from.name.text + "." + parameter.name.text, value.span};
    let->value = &value == parameter.default_value ? ast::Cloner(context_.unit.tree).expression(value) : &value;
    out.let = static_cast<std::uint32_t>(context_.model.lets.size());
    context_.model.lets.push_back({let->name.text, let, {}, type_of(context_, parameter.type), parameter.name.span});
    return out;
  }

  const ast::NameRef* name_of(const ast::Parameter& parameter, NameKind kind, const ast::Expr& value) {
    const auto* name = ast::try_as<ast::NameRef>(&value);
    if (name) {
      context_.name_arguments.push_back({kind, name->path, parameter.name.span});
      return name;
    }
    if (value.kind == ast::NodeKind::ErrorExpr) return nullptr;
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::WrongType, value.span,
                            fmt::format("the name of {} {}", article(parameter), parameter.type.name.text),
                            fmt::format("`{}`", context_.written(value.span)));
    diagnostic.labels.push_back({parameter.name.span, "for this parameter"});
    return nullptr;
  }

  static std::string_view article(const ast::Parameter& parameter) {
    return parameter.type.name.text.starts_with('e') ? "an" : "a";
  }

  Context& context_;
  std::map<std::string, const ast::RulesDecl*, std::less<>> rules_;
  std::map<std::string, const ast::TemplateDecl*, std::less<>> templates_;
  std::vector<const ast::RulesDecl*> open_;
};

void check_segment(Context& context, const NameArgument& argument) {
  std::string name = argument.name.text();
  std::vector<std::string_view> names;
  for (const Segment& each : context.model.segments) {
    if (each.name == name) return;
    names.push_back(each.name);
  }
  if (context.later.contains(name) || context.lost(name)) return;
  suggest(context.out.report(DiagnosticId::UnknownName, argument.name.span, name), name, argument.name.span, names,
          fmt::format("Declare it: `segment {}: …`.", name));
}

}  // namespace

void compose(Context& context) { Composer(context).run(); }

void check_arguments(Context& context) {
  for (const NameArgument& each : context.name_arguments) {
    Diagnostics::About about(context.out, each.parameter, {each.parameter, "for this parameter"});
    switch (each.kind) {
      case NameKind::Event:
        resolve_event(context, each.name);
        break;
      case NameKind::Content:
        resolve_content(context, {each.name.text(), each.name.span});
        break;
      case NameKind::Segment:
        check_segment(context, each);
        break;
      case NameKind::Stream:
      case NameKind::Window:
      case NameKind::Score:
      case NameKind::Campaign:
        break;  // where they are used
    }
  }
}

const ast::CampaignDecl& composed(const Context& context, const ast::CampaignDecl& decl) {
  auto found = context.composed.find(&decl);
  return found == context.composed.end() ? decl : *found->second;
}

const ast::CampaignDecl* composed(const Context& context, const ast::CampaignFrom& decl) {
  auto found = context.composed.find(&decl);
  return found == context.composed.end() ? nullptr : found->second;
}

}  // namespace nurture::sema
