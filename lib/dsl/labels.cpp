#include "dsl/labels.hpp"

#include <array>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 1> kLabelFields = {{{"values", Shape::list, true}}};

enum class Functions { allowed, refused };

// Whether a value of a label is text, or a function where those are allowed. As in the reference a
// dict is taken for a function here, so that one which is none is plain data.
void check_value(Context& context, const Value& value, Functions functions, const Path& path) {
  if (value.is_string()) return;
  const auto fail = [&](std::string message) {
    context.error(1, value.range(), path, std::move(message)).type = "DSLParsingException";
  };
  if (functions == Functions::refused)
    fail("a value of a blueprint label must be a string");
  else if (!value.is_map())
    fail("a value of a label must be a string or an intrinsic function");
  else if (value.find("get_attribute") != nullptr)
    fail("a value of a label cannot be a runtime property: get_attribute is not allowed here");
}

json read(Blueprint& blueprint, std::string_view section_name, Functions functions) {
  Context& context = blueprint.context;
  json labels = json::object();
  const Path section(section_name);
  for (const Element& element : blueprint.merged.section(section_name).elements) {
    const Path path(section, element.name());
    if (!check_fields(context, *element.value, kLabelFields, "a label", path)) continue;
    const Value* values = find_given(*element.value, "values");
    const Path values_path(path, "values");
    for (std::size_t i = 0; i < values->items().size(); ++i)
      check_value(context, *values->items()[i], functions, Path(values_path, i));
    labels[std::string(element.name())] = yaml::to_json(*element.value);
  }
  return labels;
}

}  // namespace

void read_labels(Blueprint& blueprint) {
  blueprint.plan.labels = read(blueprint, "labels", Functions::allowed);
  blueprint.plan.blueprint_labels = read(blueprint, "blueprint_labels", Functions::refused);
  for (const Element& element : blueprint.merged.section("resource_tags").elements)
    blueprint.plan.resource_tags[std::string(element.name())] = yaml::to_json(*element.value);
}

}  // namespace cfy::dsl
