#include "dsl/imports.hpp"

#include <deque>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/bundled_types.hpp"
#include "dsl/fields.hpp"
#include "dsl/import_text.hpp"
#include "dsl/known_addresses.hpp"
#include "dsl/namespaces.hpp"
#include "dsl/resolver.hpp"
#include "dsl/version.hpp"
#include "yaml/load.hpp"

namespace cfy::dsl {
namespace {

// Blueprints that import blueprints, and so on: no sensible chain is longer.
constexpr int kMaxBlueprintDepth = 50;
// Files read for one blueprint; a namespaced circle would otherwise go on for ever.
constexpr std::size_t kMaxFiles = 2'000;
// Values in all files together; each namespace that a file is read under counts anew.
constexpr std::uint64_t kMaxValues = 20'000'000;

// A file that brings the root of all nodes brings the basic types, whatever its name.
bool is_base_types_file(const Value& root) {
  const Value* types = find_given(root, "node_types");
  return types != nullptr && types->find("cloudify.nodes.Root") != nullptr;
}

// What to do about an import that cannot be read.
std::string advice_for(const std::string& location, const std::string& rules_file) {
  if (!location.starts_with("http://") && !location.starts_with("https://"))
    return base::did_you_mean(location, {std::string(kBundledTypesName)});
  std::string rule = "lead this address to a file with a rule of 'import_resolver'";
  if (!rules_file.empty()) rule += " in " + rules_file;
  const auto plugin = find_plugin_address(location);
  if (!plugin) return rule;
  return fmt::format(
      "install its plugin.yaml (`cfy-run plugins install FILE`) and import "
      "'plugin:{}', or {}",
      plugin->name, rule);
}

class Loader {
 public:
  Loader(Context& context, const LoadOptions& options)
      : context_(context), resolver_(options, context.dsl_minor), rules_file_(options.rules_file) {}

  SourceFiles run();

 private:
  struct Pending {
    std::string name_space;
    std::string importer;
    ImportItem import;
  };
  // What one blueprint has read: each file, and each blueprint, once per namespace.
  struct Visited {
    std::set<std::pair<std::string, std::string>> files;
    std::map<std::string, std::pair<std::string, base::SourceRange>> blueprints;  // by namespace
  };

  const Value* parse(const FoundFile& found, base::FileId file);
  const Value* parse_new(FoundFile& found);
  void follow(const std::string& importer, const Value& root, const std::string& name_space,
              Visited& visited, int depth);
  void take(const Pending& pending, Visited& visited, std::deque<Pending>& queue, int depth);
  void enqueue(const std::string& importer, const Value& root, const std::string& name_space,
               std::deque<Pending>& queue);
  bool is_new_blueprint(const ImportItem& import, const std::string& name_space, Visited& visited);
  void take_blueprint(const Pending& pending, const FoundFile& found, const Value& root,
                      const std::string& name_space, int depth);

  Context& context_;
  Resolver resolver_;
  const std::string rules_file_;
  SourceFiles result_;
  std::uint64_t values_ = 0;
  // Each file is parsed once, however many namespaces it is read under.
  std::map<std::string, const Value*> parsed_;
};

const Value* Loader::parse(const FoundFile& found, base::FileId file) {
  const Value* root = yaml::load_yaml(context_.sources, file, context_.arena, context_.diagnostics);
  if (root == nullptr) return nullptr;
  if (root->is_null()) root = context_.arena.make_map({}, root->range());
  if (!check_shape(context_, *root, Shape::map, Path())) root = nullptr;
  parsed_[found.identity] = root;
  return root;
}

const Value* Loader::parse_new(FoundFile& found) {
  const base::FileId file = context_.sources.add(found.shown, std::move(found.text));
  if (is_bundled(found.identity)) context_.bundled_file = file;
  return parse(found, file);
}

SourceFiles Loader::run() {
  auto found = resolver_.load_main();
  if (!found) {
    context_.error(30, {}, Path(), found.error().message());
    return {};
  }
  context_.main_file = context_.sources.add(found->shown, std::move(found->text));
  const Value* root = parse(*found, context_.main_file);
  if (root == nullptr) return {};
  if (const auto minor = read_main_version(context_, *root)) context_.dsl_minor = *minor;
  resolver_.set_dsl_minor(context_.dsl_minor);
  result_.files.push_back(
      {root, context_.main_file, found->identity, "", is_base_types_file(*root), nullptr, {}});
  Visited visited{{{found->identity, ""}}, {}};
  follow(found->identity, *root, "", visited, 0);
  return std::move(result_);
}

void Loader::enqueue(const std::string& importer, const Value& root, const std::string& name_space,
                     std::deque<Pending>& queue) {
  std::vector<ImportItem> imports = read_imports(context_, root);
  resolver_.fetch_together(imports);
  for (ImportItem& import : imports)
    queue.push_back({name_space, importer, std::move(import)});
}

void Loader::follow(const std::string& importer, const Value& root, const std::string& name_space,
                    Visited& visited, int depth) {
  std::deque<Pending> queue;
  enqueue(importer, root, name_space, queue);
  while (!queue.empty()) {
    const Pending pending = std::move(queue.front());
    queue.pop_front();
    take(pending, visited, queue, depth);
  }
}

// A blueprint needs a namespace, and one for itself.
bool Loader::is_new_blueprint(const ImportItem& import, const std::string& name_space,
                              Visited& visited) {
  const Path path("imports");
  if (name_space.empty()) {
    context_
        .error(213, import.range, path,
               fmt::format("'{}' needs a namespace, as every blueprint import", import.location))
        .hint = fmt::format("write 'name--{}'", import.location);
    return false;
  }
  const auto [first, is_new] =
      visited.blueprints.try_emplace(name_space, import.location, import.range);
  if (is_new || first->second.first == import.location) return is_new;
  context_
      .error(214, import.range, path,
             fmt::format("two blueprint imports have the namespace '{}'", name_space))
      .notes.push_back({"first used here", first->second.second});
  return false;
}

void Loader::take(const Pending& pending, Visited& visited, std::deque<Pending>& queue, int depth) {
  const ImportItem& import = pending.import;
  const Path path("imports");
  std::string name_space = join_namespaces(pending.name_space, import.name_space);
  if (import.is_blueprint() && !is_new_blueprint(import, name_space, visited)) return;
  auto found = resolver_.load_import(import, pending.importer);
  if (!found) {
    context_.misses_files = true;
    context_
        .error(13, import.range, path,
               fmt::format("cannot import '{}': {}", import.location, found.error().message()))
        .hint = advice_for(import.location, rules_file_);
    return;
  }
  if (result_.files.size() >= kMaxFiles || values_ > kMaxValues) {
    context_.error(13, import.range, path,
                   fmt::format("a blueprint may consist of {} files and {} values at most",
                               kMaxFiles, kMaxValues));
    queue.clear();
    return;
  }
  const auto known = parsed_.find(found->identity);
  const Value* root = nullptr;
  if (known != parsed_.end())
    root = known->second;
  else
    root = parse_new(*found);
  if (root == nullptr) {
    context_.misses_files = true;
    return;
  }
  values_ += root->weight();

  if (import.is_blueprint()) return take_blueprint(pending, *found, *root, name_space, depth);
  const bool is_base_types = is_base_types_file(*root);
  if (is_base_types) {
    if (!import.name_space.empty())
      context_.error(
          214, import.range, path,
          fmt::format("the basic types of '{}' cannot be put in a namespace", import.location));
    name_space.clear();
  }
  if (!visited.files.emplace(found->identity, name_space).second) return;
  check_import_version(context_, *root);
  result_.files.push_back({add_namespace(context_, *root, name_space), root->range().file,
                           found->identity, name_space, is_base_types, import.properties,
                           import.range});
  enqueue(found->identity, *root, name_space, queue);
}

void Loader::take_blueprint(const Pending& pending, const FoundFile& found, const Value& root,
                            const std::string& name_space, int depth) {
  if (depth >= kMaxBlueprintDepth) {
    context_.error(
        13, pending.import.range, Path("imports"),
        fmt::format("blueprints import each other more than {} levels deep", kMaxBlueprintDepth));
    return;
  }
  check_import_version(context_, root);
  result_.blueprints.push_back(
      {pending.import.location.substr(kBlueprintScheme.size()), name_space, found.identity});
  result_.files.push_back({add_namespace(context_, root, name_space), root.range().file,
                           found.identity, name_space, false, nullptr, pending.import.range});
  Visited visited{{{found.identity, name_space}}, {}};
  follow(found.identity, root, name_space, visited, depth + 1);
}

}  // namespace

SourceFiles load_files(Context& context, const LoadOptions& options) {
  return Loader(context, options).run();
}

}  // namespace cfy::dsl
