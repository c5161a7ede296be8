// Node, NodeInstance, Relationship and RelationshipInstance: the deployment as a workflow sees it,
// a snapshot of the moment the workflow started. All are small handles; copy them freely.
#pragma once

#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cfy/logger.hpp>
#include <cfy/task.hpp>

namespace cfy {

class Node;
class NodeInstance;

/// How to execute an operation.
struct OperationOptions {
  json kwargs = json::object();        ///< inputs of this call, besides the operation's own
  bool allow_kwargs_override = false;  ///< else an input given in both places throws
  bool send_task_events = true;        ///< a failure is always told
  std::optional<std::int64_t> total_retries = {};  ///< unset: the operation's own, or the run's
  std::optional<double> retry_interval = {};       ///< seconds; unset: likewise
  bool only_own_retries = false;  ///< as many retries as the operation says itself, else none
};

namespace detail {

inline cfy_task_options to_c(const TaskOptions& options) {
  return {sizeof(cfy_task_options), options.send_task_events ? 1 : 0,
          options.total_retries.value_or(CFY_RETRIES_DEFAULT), options.retry_interval.value_or(-1),
          str(options.info)};
}
inline cfy_task_options to_c(const OperationOptions& options) {
  const auto unset = options.only_own_retries ? CFY_RETRIES_OWN : CFY_RETRIES_DEFAULT;
  return {sizeof(cfy_task_options), options.send_task_events ? 1 : 0,
          options.total_retries.value_or(unset), options.retry_interval.value_or(-1), str({})};
}

inline std::string to_text_or_nothing(const json& value) {
  return value.is_null() ? std::string() : dump(value);
}
inline Task event_task(Session* session, std::uint32_t instance, std::uint32_t relationship,
                       std::string_view event_type, std::string_view event,
                       const json& additional_context) {
  const std::string context = to_text_or_nothing(additional_context);
  return Task(session, session->make<&cfy_workflow_host::event_task>(
                           instance, relationship, str(event_type), str(event), str(context)));
}
inline void send_event(Session* session, std::uint32_t instance, std::uint32_t relationship,
                       std::string_view event_type, std::string_view event,
                       const json& additional_context) {
  const std::string context = to_text_or_nothing(additional_context);
  session->demand<&cfy_workflow_host::send_event>(instance, relationship, str(event_type),
                                                  str(event), str(context));
}

/// What the handles share: where they point to, and equality by that.
template <typename Derived>
class Handle {
 public:
  Handle(Session* session, std::uint32_t number) : session_(session), number_(number) {}

  /// Position in blueprint order.
  std::uint32_t number() const { return number_; }
  friend bool operator==(const Derived& a, const Derived& b) { return a.number_ == b.number_; }
  friend auto operator<=>(const Derived& a, const Derived& b) { return a.number_ <=> b.number_; }

 protected:
  Session* session_;
  std::uint32_t number_;
};

}  // namespace detail

/// A relationship of a node template.
class Relationship {
 public:
  Relationship(detail::Session* session, cfy_node node, std::uint32_t index)
      : session_(session), node_(node), index_(index) {}

  std::string type() const { return detail::text(data().type); }
  /// Base first, own type last.
  std::vector<std::string> type_hierarchy() const { return detail::texts(data().type_hierarchy); }
  bool is_derived_from(std::string_view type_name) const {
    return detail::contains(data().type_hierarchy, type_name);
  }
  std::string target_id() const;
  Node target_node() const;
  /// Names of the mapped operations of either side, as in Node::operations().
  std::vector<std::string> source_operations() const {
    return detail::texts(data().source_operations);
  }
  std::vector<std::string> target_operations() const {
    return detail::texts(data().target_operations);
  }
  /// True when the operation is mapped to something, on that side.
  bool has_source_operation(std::string_view name) const {
    return detail::contains(data().source_operations, name);
  }
  bool has_target_operation(std::string_view name) const {
    return detail::contains(data().target_operations, name);
  }
  const json& properties() const {
    return session_->object<&cfy_workflow_host::relationship_properties>(1, node_, index_);
  }

 private:
  const cfy_relationship_view& data() const {
    return *session_->ask<&cfy_workflow_host::relationship>(node_, index_);
  }
  detail::Session* session_;
  cfy_node node_;
  std::uint32_t index_;
};

/// A node template of the blueprint.
class Node : public detail::Handle<Node> {
 public:
  using Handle::Handle;

  std::string id() const { return detail::text(data().id); }
  std::string type() const { return detail::text(data().type); }
  /// Base first, own type last.
  std::vector<std::string> type_hierarchy() const { return detail::texts(data().type_hierarchy); }
  /// True for its own type and every type that is derived from.
  bool is_of_type(std::string_view type_name) const {
    return detail::contains(data().type_hierarchy, type_name);
  }
  const json& properties() const {
    return session_->object<&cfy_workflow_host::node_properties>(0, number_);
  }
  /// Names of the mapped operations: full ones, and bare ones where only one interface has it.
  std::vector<std::string> operations() const { return detail::texts(data().operations); }
  /// What the blueprint says about an operation: {plugin, operation, inputs, executor, max_retries,
  /// retry_interval, timeout, ...}; null when it is not mapped.
  json get_operation(std::string_view name) const {
    return has_operation(name) ? facts().at("operations").at(std::string(name)) : json();
  }
  /// True when the operation is mapped to something.
  bool has_operation(std::string_view name) const {
    return detail::contains(data().operations, name);
  }
  std::vector<NodeInstance> instances() const;
  std::uint32_t number_of_instances() const { return data().number_of_instances; }
  std::uint32_t planned_number_of_instances() const { return data().planned_number_of_instances; }
  /// The plugins that its operations use, each as the plan has it.
  json plugins() const { return facts().value("plugins", json::array()); }
  json plugins_to_install() const { return facts().value("plugins_to_install", json::array()); }
  /// In the order of the template.
  std::vector<Relationship> relationships() const {
    std::vector<Relationship> found;
    for (std::uint32_t i = 0; i < data().relationship_count; ++i)
      found.emplace_back(session_, number_, i);
    return found;
  }
  /// The first relationship to that node.
  std::optional<Relationship> get_relationship(std::string_view target_id) const {
    for (const Relationship& relationship : relationships())
      if (relationship.target_id() == target_id) return relationship;
    return std::nullopt;
  }
  /// The host it runs on, itself if it is one.
  std::optional<Node> host_node() const {
    if (data().host == CFY_NONE) return std::nullopt;
    return Node(session_, data().host);
  }
  std::optional<std::string> host_id() const {
    const auto host = host_node();
    return host ? std::optional(host->id()) : std::nullopt;
  }

 private:
  const json& facts() const { return session_->object<&cfy_workflow_host::node_json>(3, number_); }
  const cfy_node_view& data() const { return *session_->ask<&cfy_workflow_host::node>(number_); }
};

/// What a modification has to do with an instance, and with which of its relationships.
struct ModifiedPart {
  std::string fate;  ///< added, removed, extended, reduced; empty: related to one of those
  std::vector<std::uint32_t> relationships;
};

/// A relationship of an instance to another one. Two relationships to one target stay two.
class RelationshipInstance {
 public:
  RelationshipInstance(detail::Session* session, cfy_instance source, std::uint32_t index)
      : session_(session), source_(source), index_(index) {}

  std::string type() const { return relationship().type(); }
  bool is_derived_from(std::string_view type_name) const {
    return relationship().is_derived_from(type_name);
  }
  /// The relationship of the node template that it was made from.
  Relationship relationship() const;
  std::string source_id() const;
  std::string target_id() const;
  NodeInstance node_instance() const;  ///< the source
  NodeInstance target_node_instance() const;

  /// Tasks for the operation on either side. See NodeInstance::execute_operation().
  Task execute_source_operation(std::string_view name, const OperationOptions& options = {}) const {
    return execute(CFY_SOURCE, name, options);
  }
  Task execute_target_operation(std::string_view name, const OperationOptions& options = {}) const {
    return execute(CFY_TARGET, name, options);
  }
  /// A task that tells an event of the pair.
  /// @param additional_context  null, or an object: added to the context of the event's record
  Task send_event(std::string_view event, std::string_view event_type = "workflow_node_event",
                  const json& additional_context = {}) const {
    return detail::event_task(session_, source_, index_, event_type, event, additional_context);
  }

 private:
  const cfy_relationship_instance_view& data() const {
    return *session_->ask<&cfy_workflow_host::relationship_instance>(source_, index_);
  }
  Task execute(std::int32_t side, std::string_view name, const OperationOptions& options) const {
    const std::string kwargs = detail::dump(options.kwargs);
    const cfy_task_options tries = detail::to_c(options);
    return Task(session_, session_->make<&cfy_workflow_host::relationship_task>(
                              source_, index_, side, detail::str(name), detail::str(kwargs),
                              options.allow_kwargs_override ? 1 : 0, &tries));
  }

  detail::Session* session_;
  cfy_instance source_;
  std::uint32_t index_;
};

/// One instance of a node.
class NodeInstance : public detail::Handle<NodeInstance> {
 public:
  using Handle::Handle;
  NodeInstance(detail::Session* session, cfy_instance number,
               std::shared_ptr<const ModifiedPart> part)
      : Handle(session, number), part_(std::move(part)) {}

  std::string id() const { return detail::text(data().id); }
  Node node() const { return Node(session_, data().node); }
  std::string node_id() const { return node().id(); }
  std::string deployment_id() const { return detail::text(session_->execution().deployment_id); }
  /// 1-based among the instances of its node.
  std::uint32_t index() const { return data().index; }
  /// As of the start of the workflow: set_state() does not change it.
  std::string state() const { return detail::text(data().state); }
  /// As it is now, with what set_state() did meanwhile. Only on the workflow's thread.
  std::string current_state() const {
    return detail::text(session_->ask<&cfy_workflow_host::current_state>(number_));
  }
  /// The instance it runs on, itself if it is a host.
  std::optional<NodeInstance> host() const {
    if (data().host == CFY_NONE) return std::nullopt;
    return NodeInstance(session_, data().host);
  }
  /// What workflows keep about it, such as the result of check_status; as it is now. Only on the
  /// workflow's thread, both.
  json system_properties() const {
    return detail::parse(session_->ask<&cfy_workflow_host::system_properties>(number_));
  }
  /// Replaces them at once, without a task. A dry run changes nothing.
  void set_system_properties(const json& properties) const {
    const std::string text = detail::dump(properties);
    session_->demand<&cfy_workflow_host::set_system_properties>(number_, detail::str(text));
  }
  /// As of the start of the workflow, or of its last refresh_node_instances().
  const json& runtime_properties() const {
    return session_->object<&cfy_workflow_host::runtime_properties>(2, number_);
  }
  /// Replaces the stored ones at once, without a task; operations see them from then on,
  /// runtime_properties() after ctx.refresh_node_instances(). Only on the workflow's thread. A dry
  /// run changes nothing. Throws StorageConflict when an operation changed the same ones since the
  /// workflow saw them; a second call is compared with what is stored then.
  void set_runtime_properties(const json& properties) const {
    const std::string text = detail::dump(properties);
    const cfy_status status =
        session_->ask<&cfy_workflow_host::set_runtime_properties>(number_, detail::str(text));
    if (status == CFY_OK) return;
    const std::string why = detail::text(session_->ask<&cfy_workflow_host::last_error>());
    if (status == CFY_RECOVERABLE) throw StorageConflict(why);
    throw NonRecoverable(why);
  }
  /// In the order of the template. Of an instance in a list of a modification: those that the
  /// modification concerns.
  std::vector<RelationshipInstance> relationships() const {
    std::vector<RelationshipInstance> found;
    if (part_) {
      for (const std::uint32_t i : part_->relationships)
        found.emplace_back(session_, number_, i);
      return found;
    }
    const cfy_instance_view& instance = data();
    for (std::uint32_t i = 0; i < instance.current_relationship_count; ++i)
      found.emplace_back(session_, number_, instance.current_relationships[i]);
    return found;
  }
  /// In a list of a modification: "added" or "removed" ("extended", "reduced"). Nothing for those
  /// that are merely related, and for instances from elsewhere.
  std::optional<std::string> modification() const {
    if (!part_ || part_->fate.empty()) return std::nullopt;
    return part_->fate;
  }
  /// Grows with each change that is stored.
  std::int64_t version() const { return data().version; }
  /// The instances of scaling groups that it is in, innermost first: [{name, id}].
  json scaling_groups() const { return facts().value("scaling_groups", json::array()); }

  /// The instances directly contained in this one.
  std::vector<NodeInstance> contained_instances() const {
    std::vector<NodeInstance> found;
    for (const cfy_instance id : session_->contained_in(number_))
      found.emplace_back(session_, id);
    return found;
  }
  /// This instance and all that it contains at any depth; containers first.
  std::vector<NodeInstance> get_contained_subgraph() const {
    std::vector<NodeInstance> found = {*this};
    for (std::size_t i = 0; i < found.size(); ++i)
      for (const NodeInstance& inner : NodeInstance(found[i]).contained_instances())
        found.push_back(inner);
    return found;
  }

  /// A task that executes an operation of this instance. One that is unknown or not mapped gives a
  /// task that does nothing. Throws NonRecoverable when an input is given both here and by the
  /// blueprint, unless that is allowed.
  Task execute_operation(std::string_view name, const OperationOptions& options = {}) const {
    const std::string kwargs = detail::dump(options.kwargs);
    const cfy_task_options tries = detail::to_c(options);
    return Task(session_, session_->make<&cfy_workflow_host::operation_task>(
                              number_, detail::str(name), detail::str(kwargs),
                              options.allow_kwargs_override ? 1 : 0, &tries));
  }
  /// A task that tells an event of this instance.
  /// @param additional_context  null, or an object: added to the context of the event's record
  Task send_event(std::string_view event, std::string_view event_type = "workflow_node_event",
                  const json& additional_context = {}) const {
    return detail::event_task(session_, number_, CFY_NONE, event_type, event, additional_context);
  }
  /// The same at once, without a task. For handlers.
  void send_event_now(std::string_view event, std::string_view event_type = "workflow_node_event",
                      const json& additional_context = {}) const {
    detail::send_event(session_, number_, CFY_NONE, event_type, event, additional_context);
  }
  /// A task whose result is the state that this instance has when the task runs.
  Task get_state() const { return set_state({}); }
  /// A task that sets the state of this instance.
  Task set_state(std::string_view state) const {
    return Task(session_,
                session_->make<&cfy_workflow_host::state_task>(number_, detail::str(state)));
  }
  Logger logger() const {
    return Logger(
        [session = session_, number = number_](std::string_view level, std::string_view line) {
          session->ask<&cfy_workflow_host::log>(number, detail::str(level), detail::str(line));
        });
  }

 private:
  const cfy_instance_view& data() const {
    return *session_->ask<&cfy_workflow_host::instance>(number_);
  }
  const json& facts() const {
    return session_->object<&cfy_workflow_host::instance_json>(4, number_);
  }

  std::shared_ptr<const ModifiedPart> part_;  // with one: an instance as a modification sees it
};

inline Node Relationship::target_node() const {
  return Node(session_, data().target);
}
inline std::string Relationship::target_id() const {
  return target_node().id();
}

inline std::vector<NodeInstance> Node::instances() const {
  std::vector<NodeInstance> found;
  const cfy_node_view& node = data();
  found.reserve(node.instance_count);
  for (std::uint32_t i = 0; i < node.instance_count; ++i)
    found.emplace_back(session_, node.instances[i]);
  return found;
}

inline NodeInstance RelationshipInstance::node_instance() const {
  return NodeInstance(session_, source_);
}
inline NodeInstance RelationshipInstance::target_node_instance() const {
  return NodeInstance(session_, data().target);
}
inline Relationship RelationshipInstance::relationship() const {
  return Relationship(session_, node_instance().node().number(), data().relationship);
}
inline std::string RelationshipInstance::source_id() const {
  return node_instance().id();
}
inline std::string RelationshipInstance::target_id() const {
  return target_node_instance().id();
}

}  // namespace cfy

template <>
struct std::hash<cfy::Node> {
  std::size_t operator()(const cfy::Node& node) const noexcept { return node.number(); }
};
template <>
struct std::hash<cfy::NodeInstance> {
  std::size_t operator()(const cfy::NodeInstance& instance) const noexcept {
    return instance.number();
  }
};
