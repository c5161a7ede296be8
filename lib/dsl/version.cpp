#include "dsl/version.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"

namespace cfy::dsl {
namespace {

constexpr int kNewestMinor = 5;

std::optional<int> parse(std::string_view name) {
  for (int minor = 0; minor <= kNewestMinor; ++minor)
    if (name == version_name(minor)) return minor;
  return std::nullopt;
}

std::optional<int> read(Context& context, const Value& value) {
  const Path path(kVersionKey);
  if (!check_shape(context, value, Shape::string, path)) return std::nullopt;
  if (const auto minor = parse(value.text())) return minor;
  std::vector<std::string> known;
  for (int minor = 0; minor <= kNewestMinor; ++minor)
    known.push_back(version_name(minor));
  context
      .error(29, value.range(), path,
             fmt::format("unknown DSL version '{}'; known versions: {}", value.text(),
                         base::join(known, ", ")))
      .hint = base::did_you_mean(value.text(), known);
  return std::nullopt;
}

}  // namespace

std::string version_name(int minor) {
  return fmt::format("cloudify_dsl_1_{}", minor);
}

std::optional<int> read_main_version(Context& context, const Value& root) {
  const Value* value = find_given(root, kVersionKey);
  if (value != nullptr) return read(context, *value);
  const Entry* empty = root.find_entry(kVersionKey);
  context
      .error(
          27,
          empty == nullptr ? base::SourceRange{context.main_file, 1, 1, 1, 2} : empty->key->range(),
          Path(kVersionKey), "the main blueprint file must name its DSL version")
      .hint = fmt::format("add 'tosca_definitions_version: {}'", version_name(kNewestMinor));
  return std::nullopt;
}

void check_import_version(Context& context, const Value& root) {
  const Value* value = root.find(kVersionKey);
  if (value == nullptr || !context.validate_version) return;
  const auto minor = read(context, *value);
  if (!minor || *minor <= context.dsl_minor) return;
  context.error(28, value->range(), Path(kVersionKey),
                fmt::format("an imported file may not be newer than the main file: this is {}, the "
                            "main file is {}",
                            version_name(*minor), version_name(context.dsl_minor)));
}

}  // namespace cfy::dsl
