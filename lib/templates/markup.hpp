// Escaping for HTML and XML. Nothing is escaped by itself here; `e` and `safe` know of each other.
#pragma once

#include "templates/scope.hpp"

namespace cfy::templates {

/// & < > ' " as entities.
std::string escaped_text(std::string_view text, const Scope& scope);
/// What is printed, escaped unless it is safe already.
std::string escaped(const Value& value, const Scope& scope);
/// Without tags and comments, blanks as one, entities as characters. Throws TemplateError for an
/// entity that is not known.
std::string without_tags(std::string text);

}  // namespace cfy::templates
