#include <algorithm>

#include "compiler/sema/context.h"

namespace nurture::sema {

namespace {

Type choice(Context& context, const ast::TypeRef& ref) {
  Type type = make(TypeKind::Choice, ref.optional);
  for (std::size_t i = 0; i < ref.choices.size(); ++i) {
    const ast::Name& value = ref.choices[i];
    auto before = std::find(type.choices.begin(), type.choices.end(), value.text);
    if (before == type.choices.end()) {
      type.choices.push_back(value.text);
    } else {
      context.twice("the value", value.text, value.span,
                    ref.choices[static_cast<std::size_t>(before - type.choices.begin())].span);
    }
  }
  return type;
}

}  // namespace

Type type_of(Context& context, const ast::TypeRef& ref) {
  if (!ref.name) return poison();
  if (ref.name.text == "list") {
    if (!ref.element) return poison();
    Type item = type_of(context, *ref.element);
    if (item.kind != TypeKind::List) return maybe(list_of(item), ref.optional);
    context.out.report(DiagnosticId::WrongType, ref.span, "a list of single values", "a list of lists").hint =
        "Write `list of text`, for example.";
    return poison();
  }
  std::optional<TypeKind> kind = kind_named(ref.name.text);
  if (kind == TypeKind::Choice) return choice(context, ref);
  if (kind) return make(*kind, ref.optional);
  std::vector<std::string_view> words;
  for (int each = 0; each <= static_cast<int>(TypeKind::Content); ++each)
    words.push_back(word_of(static_cast<TypeKind>(each)));
  suggest(context.out.report(DiagnosticId::UnknownType, ref.name.span, ref.name.text), ref.name.text, ref.name.span,
          words,
          "The types are text, integer, number, decimal, boolean, date, time, datetime, duration, percent, choice [a, "
          "b], list of a type, and content.");
  return poison();
}

}  // namespace nurture::sema
