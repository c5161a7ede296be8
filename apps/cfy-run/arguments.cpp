#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>
#include <glob.h>
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

// Those of a folder that are written in YAML or JSON, by their names; not those in folders within.
base::Result<std::vector<std::string>> files_of_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code code;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    const fs::path& path = entry.path();
    const std::string ending = path.extension().string();
    const bool is_wanted = ending == ".yaml" || ending == ".yml" || ending == ".json";
    std::error_code ignored;
    if (is_wanted && !path.filename().string().starts_with('.') && !entry.is_directory(ignored))
      files.push_back(path.string());
  }
  if (code) return base::errno_error(code.value(), fmt::format("cannot read '{}'", folder));
  if (files.empty())
    return base::make_error(ErrorKind::not_found, "the folder '{}' holds no YAML or JSON file",
                            folder);
  std::sort(files.begin(), files.end());
  return files;
}

// "inputs/*.yaml", where no shell has expanded it.
std::vector<std::string> matching_files(const std::string& pattern) {
  std::vector<std::string> files;
  if (pattern.find_first_of("*?[") == std::string::npos) return files;
  glob_t found{};
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      if (std::error_code ignored; !fs::is_directory(found.gl_pathv[i], ignored))
        files.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  std::sort(files.begin(), files.end());
  return files;
}

bool is_declared_assignment(const std::string& part, const json& declared) {
  const auto assignment = split_assignment(part);
  return assignment && declared.contains(assignment->first);
}

// Cloudify's users write "a=1;b=2". A value may have a ';' of its own, so it separates only where
// what comes after it is declared, too; nothing: it does not.
std::optional<std::vector<std::string>> split_pairs(const std::string& text, const json& declared) {
  std::vector<std::string> parts;
  for (const std::string& part : base::split(text, ';')) {
    const std::size_t first = part.find_first_not_of(" \t\n");
    if (first == std::string::npos) continue;  // as after the last one
    parts.push_back(part.substr(first, part.find_last_not_of(" \t\n") + 1 - first));
    if (!is_declared_assignment(parts.back(), declared)) return std::nullopt;
  }
  if (parts.size() < 2) return std::nullopt;
  return parts;
}

// A dict or a list that is spelled out may hold anything.
bool is_spelled_out(const std::string& value) {
  return (value.starts_with('{') || value.starts_with('[')) && read_scalar(value).is_structured();
}

// The value itself is not shown: it may be a password.
void warn_of_semicolon(const std::string& name, std::string_view what,
                       base::Diagnostics& diagnostics) {
  base::Diagnostic warning;
  warning.severity = base::Severity::warning;
  warning.message = fmt::format(
      "the value of {0} '{1}' has a ';' and is taken whole, as not every "
      "part begins with the name of a declared {0} and '='",
      what, name);
  warning.hint =
      fmt::format("give several with one option each; without this warning by {}:=JSON", name);
  diagnostics.add(std::move(warning));
}

class ArgumentReader {
 public:
  ArgumentReader(const ArgumentKind& kind, base::SourceMap& sources, base::Diagnostics& diagnostics)
      : kind_(kind), sources_(sources), diagnostics_(diagnostics) {}

  base::Result<void> take(const std::string& given) {
    if (given.starts_with('{')) return take_inline(given);
    if (auto assignment = split_assignment(given)) return take_assignment(given, *assignment);
    std::error_code ignored;
    if (fs::is_directory(given, ignored)) return take_folder(given);
    if (fs::exists(given, ignored)) return take_file(given);
    if (const auto files = matching_files(given); !files.empty()) return take_files(files);
    if (given.find(": ") != std::string::npos) return take_inline(given);
    return base::make_error(ErrorKind::usage,
                            "'{}' is neither key=value, key:=JSON, key=@FILE, a map in braces nor "
                            "a file, a folder or a pattern of files that exist",
                            given);
  }

  deploy::GivenValues taken() && { return std::move(taken_); }

 private:
  base::Result<void> take_assignment(const std::string& given,
                                     const std::pair<std::string, std::string>& assignment) {
    auto [name, value] = assignment;
    if (name.ends_with(':')) {
      name.pop_back();
      return take_json(taken_, name, value, kind_.what);
    }
    const bool has_parts = value.find(';') != std::string::npos && !value.starts_with('@');
    if (!has_parts || is_spelled_out(value)) return take_text(taken_, name, value, kind_.what);
    const auto parts = split_pairs(given, kind_.declared);
    if (!parts) {
      warn_of_semicolon(name, kind_.what, diagnostics_);
      return take_text(taken_, name, value, kind_.what);
    }
    for (const std::string& part : *parts) {
      const auto pair = split_assignment(part);
      if (auto done = take_text(taken_, pair->first, pair->second, kind_.what); !done) return done;
    }
    return {};
  }

  base::Result<void> take_inline(const std::string& text) {
    return take_map(taken_, fmt::format("<{}s>", kind_.what), text, kind_.what, sources_,
                    diagnostics_);
  }

  base::Result<void> take_file(const std::string& path) {
    auto text = base::load_file(path, yaml::kMaxFileBytes, base::FileKind::any);
    if (!text)
      return base::make_error(ErrorKind::invalid, "{}s: {}", kind_.what, text.error().message());
    return take_map(taken_, path, *std::move(text), kind_.what, sources_, diagnostics_);
  }

  base::Result<void> take_files(const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
      if (auto done = take_file(path); !done) return done;
    return {};
  }

  base::Result<void> take_folder(const std::string& folder) {
    const auto files = files_of_folder(folder);
    if (files) return take_files(*files);
    return base::make_error(ErrorKind::usage, "{}s: {}", kind_.what, files.error().message());
  }

  const ArgumentKind& kind_;
  base::SourceMap& sources_;
  base::Diagnostics& diagnostics_;
  deploy::GivenValues taken_;
};

}  // namespace

base::Result<deploy::GivenValues> read_arguments(const std::vector<std::string>& given,
                                                 const ArgumentKind& kind, base::SourceMap& sources,
                                                 base::Diagnostics& diagnostics) {
  ArgumentReader reader(kind, sources, diagnostics);
  for (const std::string& one : given)
    if (auto taken = reader.take(one); !taken) return taken.error();
  return std::move(reader).taken();
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
