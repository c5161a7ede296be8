#include "dsl/inputs.hpp"

#include <string>
#include <vector>

#include "dsl/fields.hpp"
#include "dsl/schemas.hpp"

namespace cfy::dsl {

void read_inputs(Blueprint& blueprint) {
  Context& context = blueprint.context;
  const Section& section = blueprint.merged.section("inputs");
  const Path path("inputs");
  std::vector<Entry> entries;
  for (const Element& element : section.elements) {
    entries.push_back({element.key, element.value});
    const std::string place = "inputs." + std::string(element.name());
    blueprint.plan.declared_at[place] = context.at(element.key->range());
    blueprint.plan.places[place] = element.key->range();
  }
  const Value* map = context.arena.make_map(entries, {.file = context.main_file});
  blueprint.plan.inputs =
      read_schemas(context, map, SchemaOf::input, blueprint.data_types.names, path);
  check_defaults(context, map, blueprint.plan.inputs, SchemaOf::input,
                 blueprint.data_types.flattened, path);
  blueprint.plan.input_schemas = blueprint.plan.inputs;
}

}  // namespace cfy::dsl
