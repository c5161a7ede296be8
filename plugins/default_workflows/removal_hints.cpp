#include "removal_hints.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace workflows {
namespace {

using Ids = std::vector<std::string>;

Ids read_ids(const cfy::Parameters& parameters, std::string_view name) {
  const auto given = parameters.get<cfy::json>(name, nullptr);
  if (given.is_null() || given == "") return {};
  if (given.is_string()) return {given.get<std::string>()};
  return parameters.get<Ids>(name);
}

/// What can be removed: instances of a node, or those of a group with their members.
class Removables {
 public:
  Removables(const cfy::WorkflowContext& ctx, const std::string& entity)
      : is_group_(ctx.deployment().scaling_groups().contains(entity)) {
    if (is_group_)
      add_group(ctx, entity);
    else if (const auto node = ctx.get_node(entity))
      for (const cfy::NodeInstance& instance : node->instances())
        parts_[instance.id()];
  }

  std::int64_t count() const { return static_cast<std::int64_t>(parts_.size()); }
  bool has(const std::string& id) const {
    return parts_.contains(id) || std::any_of(parts_.begin(), parts_.end(), [&](const auto& part) {
             return part.second.contains(id);
           });
  }
  /// How many of them stay because of `ids`.
  std::int64_t count_of(const Ids& ids) const {
    return std::count_if(parts_.begin(), parts_.end(), [&](const auto& part) {
      return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
        return id == part.first || part.second.contains(id);
      });
    });
  }
  std::string shown() const {
    std::string text =
        is_group_ ? "Instances of the group, and what is in them: " : "Available instances were: ";
    std::string_view between;
    for (const auto& [id, members] : parts_) {
      text += between;
      text += id;
      between = ": ";
      for (const std::string& member : members) {
        text += between;
        text += member;
        between = ", ";
      }
      between = is_group_ ? "; " : ", ";
    }
    return text;
  }
  bool is_group() const { return is_group_; }

 private:
  void add_group(const cfy::WorkflowContext& ctx, const std::string& name) {
    for (const cfy::NodeInstance& instance : ctx.node_instances())
      for (const cfy::json& group : instance.scaling_groups())
        if (group.at("name") == name)
          parts_[group.at("id").get<std::string>()].insert(instance.id());
  }

  bool is_group_;
  std::map<std::string, std::set<std::string>> parts_;
};

std::string listed(const Ids& ids) {
  std::string text;
  for (const std::string& id : ids)
    text += (text.empty() ? "" : ", ") + id;
  return text;
}

void add_missing(std::string& mistakes, const Removables& known, const Ids& ids,
                 const std::string& what) {
  Ids missing;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(missing),
               [&](const std::string& id) { return !known.has(id); });
  if (!missing.empty())
    mistakes += "The following " + what + " instances did not exist: " + listed(missing) + ". ";
}

void add_contradictions(std::string& mistakes, const RemovalHints& hints) {
  Ids both;
  for (const std::string& id : hints.included)
    if (std::find(hints.excluded.begin(), hints.excluded.end(), id) != hints.excluded.end())
      both.push_back(id);
  if (!both.empty())
    mistakes += "The following instances were both excluded and included: " + listed(both) + ". ";
}

void add_too_many(std::string& mistakes, const Removables& known, const Ids& excluded,
                  std::int64_t delta) {
  const std::int64_t target = known.count() + delta;
  const std::int64_t spared = known.count_of(excluded);
  if (target >= spared) return;
  const std::string numbers =
      std::to_string(target) + " are to stay, " + std::to_string(spared) + " are excluded. ";
  mistakes += known.is_group()
                  ? "Instances from too many different groups were excluded: " + numbers
                  : "Target number of instances is less than excluded instance count: " + numbers;
}

}  // namespace

RemovalHints read_hints(const cfy::Parameters& parameters) {
  return {read_ids(parameters, "include_instances"), read_ids(parameters, "exclude_instances")};
}

void check_hints(const cfy::WorkflowContext& ctx, const RemovalHints& hints,
                 const std::string& entity, std::int64_t delta, bool scale_compute) {
  if (hints.empty()) return;
  const Removables known(ctx, entity);
  std::string mistakes;
  add_missing(mistakes, known, hints.included, "included");
  add_missing(mistakes, known, hints.excluded, "excluded");
  add_contradictions(mistakes, hints);
  add_too_many(mistakes, known, hints.excluded, delta);
  if (scale_compute)
    mistakes +=
        "Cannot include or exclude instances while scale_compute is true: name the host, and "
        "instances of it, instead. ";
  if (!mistakes.empty()) throw cfy::NonRecoverable(mistakes + known.shown());
}

}  // namespace workflows
