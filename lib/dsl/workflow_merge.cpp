#include "dsl/workflow_merge.hpp"

#include <fmt/format.h>

namespace cfy::dsl {

void merge_workflow(Context& context, Element& first, const Element& again) {
  const Path section("workflows");
  const Path path(section, first.name());
  if (context.dsl_minor < 4 || !first.value->is_map() || !again.value->is_map()) {
    base::Diagnostic& error = context.error(
        4, first.key->range(), path,
        fmt::format("the workflow '{}' is mapped twice, and the mapping of a workflow "
                    "cannot be overridden",
                    first.name()));
    error.notes.push_back({"also defined here", again.key->range()});
    error.hint = "give one of them another name";
    return;
  }
  context
      .warning(first.key->range(), path,
               fmt::format("the workflow '{}' is defined twice; keys that stand in both are taken "
                           "from here",
                           first.name()))
      .notes.push_back({"also defined here", again.key->range()});
  std::vector<Entry> entries(first.value->entries().begin(), first.value->entries().end());
  for (const Entry& entry : again.value->entries())
    if (first.value->find(yaml::key_text(*entry.key)) == nullptr) entries.push_back(entry);
  first.value = context.arena.make_map(entries, first.value->range());
}

}  // namespace cfy::dsl
