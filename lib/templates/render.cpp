#include "templates/render.hpp"

#include "templates/statements.hpp"

namespace cfy::templates {

base::Result<std::string> render(std::string_view name, std::string_view text,
                                 const nlohmann::json& variables, const Limits& limits) {
  try {
    Scope scope(variables, limits);
    std::string out;
    run(parse_template(text), scope, out);
    return out;
  } catch (const TemplateError& error) {
    if (error.line() == 0)
      return base::make_error(base::ErrorKind::invalid, "{}: {}", name, error.what());
    return base::make_error(base::ErrorKind::invalid, "{}:{}: {}", name, error.line(),
                            error.what());
  }
}

}  // namespace cfy::templates
