// Cases that parse a blueprint, and that prepare a deployment of it.
#include <chrono>
#include <cmath>
#include <fstream>

#include "base/source.hpp"
#include "deploy/prepare.hpp"
#include "dsl/load.hpp"
#include "plan/to_json.hpp"
#include "run.hpp"

namespace cfy::conformance {
namespace {

void write_files(const json& files, const std::filesystem::path& folder) {
  for (auto file = files.begin(); file != files.end(); ++file) {
    const std::filesystem::path path = folder / file.key();
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file->get<std::string>();
  }
}

// The cases were recorded on this day, which "since: 12:00" of a schedule refers to.
class RecordingClock final : public base::Clock {
 public:
  std::int64_t monotonic_ms() const override { return 0; }
  std::int64_t wall_ms() const override {
    return std::chrono::sys_days{std::chrono::November / 23 / 2026}.time_since_epoch() /
           std::chrono::milliseconds(1);
  }
};

dsl::LoadOptions load_options(const json& one, const std::filesystem::path& folder) {
  const json options = one.value("options", json::object());
  dsl::LoadOptions load;
  static const RecordingClock kClock;
  load.clock = &kClock;
  load.path = folder / one.at("main").get<std::string>();
  load.validate_version = options.value("validate_version", true);
  load.resource_roots.push_back(folder / options.value("resources_base", ""));
  for (const json& rule : options.value("import_rules", json::array()))
    for (auto entry = rule.begin(); entry != rule.end(); ++entry)
      load.import_rules.emplace_back(entry.key(), (folder / entry->get<std::string>()).string());
  load.find_blueprint = [blueprints = options.value("blueprints", json::object()),
                         folder](const std::string& id) -> base::Result<std::filesystem::path> {
    const auto known = blueprints.find("blueprint:" + id);
    if (known == blueprints.end())
      return base::make_error(base::ErrorKind::not_found, "no blueprint '{}' is known", id);
    return folder / known->get<std::string>();
  };
  return load;
}

deploy::PrepareOptions prepare_options(const json& one) {
  const json options = one.value("options", json::object());
  deploy::PrepareOptions prepare;
  prepare.inputs = deploy::to_given(one.value("inputs", json::object()));
  prepare.input_options.auto_correct_types = options.value("auto_correct_types", false);
  prepare.runtime_only_evaluation = options.value("runtime_only_evaluation", false);
  const json secrets = one.value("secrets", json());
  if (secrets.is_object())
    prepare.has_secret = [secrets](const std::string& name) { return secrets.contains(name); };
  return prepare;
}

// Paths of the folder are no part of the result, and floats that JSON lacks have a form of theirs.
json cleaned(const json& value, const std::string& folder) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    const auto number = value.get<double>();
    return {{"$float", std::isnan(number) ? "nan" : number < 0 ? "-inf" : "inf"}};
  }
  if (value.is_string()) {
    auto text = value.get<std::string>();
    for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;)
      text.erase(at, folder.size());
    return text;
  }
  json result = value;
  if (value.is_structured())
    for (json& part : result)
      part = cleaned(part, folder);
  return result;
}

}  // namespace

json run_plan_case(const json& one, const std::filesystem::path& folder) {
  write_files(one.at("files"), folder);
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  auto plan = dsl::load_blueprint(load_options(one, folder), sources, diagnostics);
  if (plan && one.at("kind") == "deployment")
    plan = deploy::prepare_deployment(*std::move(plan), prepare_options(one), diagnostics);
  if (!plan) return failure(diagnostics);
  return {{"ok", true}, {"plan", cleaned(plan::to_json(*plan), folder.string() + "/")}};
}

}  // namespace cfy::conformance
