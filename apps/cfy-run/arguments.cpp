#include "arguments.hpp"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "yaml/load.hpp"
#include "yaml/to_json.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using nlohmann::json;

// "port=80": the name before the first "=", if it reads as a name at all.
std::optional<std::pair<std::string, std::string>> split_assignment(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at == 0 || text.find_first_of("{}[]/ \t\n") < at)
    return std::nullopt;
  return std::pair(text.substr(0, at), text.substr(at + 1));
}

base::Result<void> take_json(deploy::GivenValues& into, std::string name, const std::string& text,
                             std::string_view what) {
  auto value = base::parse_json(text);
  if (value) {
    into[name] = {*std::move(value), false};
    return {};
  }
  constexpr std::size_t kShown = 200;
  const std::string shown =
      text.size() > kShown ? base::to_valid_utf8(text.substr(0, kShown)) + "..." : text;
  return base::make_error(
      ErrorKind::invalid,
      "{} '{}' is given with ':=', but '{}' {} (a text needs quotes: {}:='\"text\"')", what, name,
      shown, value.error().message(), name);
}

base::Result<void> take_text(deploy::GivenValues& into, const std::string& name,
                             const std::string& text, std::string_view what) {
  if (text.starts_with('@')) {
    auto content = base::load_file(text.substr(1), yaml::kMaxFileBytes, base::FileKind::any);
    if (!content)
      return base::make_error(ErrorKind::invalid, "{} '{}': {}", what, name,
                              content.error().message());
    into[name] = {*std::move(content), false};
    return {};
  }
  into[name] = {text, true};
  return {};
}

base::Result<void> take_map(deploy::GivenValues& into, const std::string& shown, std::string text,
                            std::string_view what, base::SourceMap& sources,
                            base::Diagnostics& diagnostics) {
  const base::FileId file = sources.add(shown, std::move(text));
  yaml::Arena arena;
  const std::size_t errors = diagnostics.error_count();
  const yaml::Value* value =
      yaml::load_yaml(sources, file, arena, diagnostics, {.ascii_only = false});
  if (value == nullptr || diagnostics.error_count() > errors)
    return base::make_error(ErrorKind::invalid, "the {}s in '{}' cannot be read", what, shown);
  if (value->is_null()) return {};
  if (!value->is_map()) {
    base::Diagnostic& wrong = diagnostics.add({});
    wrong.message = fmt::format("'{}' must hold a dict of {}s, but is a {}", shown, what,
                                yaml::kind_name(value->kind()));
    wrong.range = value->range();
    return base::Error(ErrorKind::invalid, wrong.message);
  }
  for (const yaml::Entry& entry : value->entries()) {
    std::string name = yaml::key_text(*entry.key);
    json item = yaml::to_json(*entry.value);
    into[std::move(name)] = {std::move(item), false, entry.key->range(), entry.value->range()};
  }
  return {};
}

base::Result<void> take(deploy::GivenValues& into, const std::string& given, std::string_view what,
                        base::SourceMap& sources, base::Diagnostics& diagnostics) {
  if (given.starts_with('{'))
    return take_map(into, fmt::format("<{}s>", what), given, what, sources, diagnostics);
  if (auto assignment = split_assignment(given)) {
    auto& [name, value] = *assignment;
    if (!name.ends_with(':')) return take_text(into, name, value, what);
    name.pop_back();
    return take_json(into, name, value, what);
  }
  std::error_code ignored;
  const bool is_file = fs::exists(given, ignored);
  if (!is_file && given.find(": ") != std::string::npos)
    return take_map(into, fmt::format("<{}s>", what), given, what, sources, diagnostics);
  if (!is_file)
    return base::make_error(ErrorKind::usage,
                            "'{}' is neither key=value, key:=JSON, key=@FILE, a map in braces nor "
                            "a file that exists",
                            given);
  auto text = base::load_file(given, yaml::kMaxFileBytes, base::FileKind::any);
  if (!text) return base::make_error(ErrorKind::invalid, "{}s: {}", what, text.error().message());
  return take_map(into, given, *std::move(text), what, sources, diagnostics);
}

}  // namespace

base::Result<deploy::GivenValues> read_arguments(const std::vector<std::string>& given,
                                                 std::string_view what, base::SourceMap& sources,
                                                 base::Diagnostics& diagnostics) {
  deploy::GivenValues arguments;
  for (const std::string& one : given)
    if (auto taken = take(arguments, one, what, sources, diagnostics); !taken) return taken.error();
  return arguments;
}

std::string check_seconds(const std::string& text) {
  double seconds = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_good = error == std::errc() && end == text.data() + text.size() && seconds >= 0;
  return is_good ? "" : fmt::format("must be a number of seconds, 0 or more, got '{}'", text);
}

json read_scalar(std::string_view text) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  yaml::Arena arena;
  const base::FileId file = sources.add("value", std::string(text));
  const yaml::Value* value =
      yaml::load_yaml(sources, file, arena, diagnostics, {.ascii_only = false});
  // What is no YAML is still a text: "a: b: c", "@x", "100%".
  if (value == nullptr || diagnostics.has_errors()) return std::string(text);
  return yaml::to_json(*value);
}

}  // namespace cfy::app
