#include "dsl/outputs.hpp"

#include <array>

#include "dsl/fields.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 2> kOutputFields = {
    {{"description", Shape::string}, {"value", Shape::any, true}}};

void read(Blueprint& blueprint, std::string_view section_name, std::string_view noun,
          std::map<std::string, plan::Output, std::less<>>& outputs) {
  Context& context = blueprint.context;
  const Path section(section_name);
  for (const Element& element : blueprint.merged.section(section_name).elements) {
    const Path path(section, element.name());
    if (!check_fields(context, *element.value, kOutputFields, noun, path)) continue;
    plan::Output& output = outputs[std::string(element.name())];
    output.value = yaml::to_json(*find_given(*element.value, "value"));
    if (const auto description = find_text(*element.value, "description"))
      output.description = *description;
  }
}

}  // namespace

void read_outputs(Blueprint& blueprint) {
  read(blueprint, "outputs", "an output", blueprint.plan.outputs);
  read(blueprint, "capabilities", "a capability", blueprint.plan.capabilities);
}

}  // namespace cfy::dsl
