// OperationContext: what an operation function gets. It reads its node and instance, changes
// runtime properties, and returns a value or nothing:
//
//   cfy::json f(cfy::OperationContext& ctx);      void g(cfy::OperationContext& ctx);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/detail/operation_session.hpp>
#include <cfy/detail/resources.hpp>
#include <cfy/logger.hpp>
#include <cfy/parameters.hpp>

namespace cfy {

/// The node of an operation. Its properties cannot be changed.
class OperationNode {
 public:
  explicit OperationNode(const json& data) : data_(&data) {}

  std::string id() const { return detail::member_text(*data_, "id"); }
  std::string name() const {
    const std::string name = detail::member_text(*data_, "name");
    return name.empty() ? id() : name;
  }
  std::string type() const { return detail::member_text(*data_, "type"); }
  /// Base first, own type last.
  std::vector<std::string> type_hierarchy() const {
    const json& types = detail::member(*data_, "type_hierarchy");
    return types.is_array() ? types.get<std::vector<std::string>>() : std::vector<std::string>();
  }
  bool is_of_type(std::string_view type_name) const {
    for (const std::string& type : type_hierarchy())
      if (type == type_name) return true;
    return false;
  }
  const json& properties() const { return detail::member(*data_, "properties"); }
  std::int64_t number_of_instances() const {
    return detail::member_number(*data_, "number_of_instances", 1);
  }

 private:
  const json* data_;
};

/// An instance at the other end of a relationship, as it was when the operation started; to be read
/// only.
class RelatedInstance {
 public:
  RelatedInstance(const json& data, const json& node) : data_(&data), node_(&node) {}
  std::string id() const { return detail::member_text(*data_, "id"); }
  OperationNode node() const { return OperationNode(*node_); }
  std::string state() const { return detail::member_text(*data_, "state"); }
  /// 1-based among the instances of its node.
  std::int64_t index() const { return detail::member_number(*data_, "index", 1); }
  /// As OperationInstance has it.
  std::string host_ip() const { return detail::member_text(*data_, "host_ip"); }
  const json& scaling_groups() const { return detail::member(*data_, "scaling_groups"); }
  const json& drift() const { return detail::find_drift(*data_); }
  const json& runtime_properties() const { return detail::member(*data_, "runtime_properties"); }

 private:
  const json* data_;
  const json* node_;
};

/// A relationship of the instance an operation runs for.
class OperationRelationship {
 public:
  explicit OperationRelationship(const json& data) : data_(&data) {}
  std::string type() const { return detail::member_text(*data_, "type"); }
  std::vector<std::string> type_hierarchy() const {
    const json& types = detail::member(*data_, "type_hierarchy");
    return types.is_array() ? types.get<std::vector<std::string>>() : std::vector<std::string>();
  }

  class Target {
   public:
    explicit Target(const json& data) : data_(&data) {}
    OperationNode node() const { return OperationNode(detail::member(*data_, "node")); }
    RelatedInstance instance() const {
      return RelatedInstance(detail::member(*data_, "instance"), detail::member(*data_, "node"));
    }

   private:
    const json* data_;
  };
  Target target() const { return Target(detail::member(*data_, "target")); }

 private:
  const json* data_;
};

/// The instance of an operation.
class OperationInstance {
 public:
  OperationInstance(detail::OperationSession& session, detail::SubjectData& subject)
      : session_(&session), subject_(&subject) {}

  std::string id() const { return detail::member_text(subject_->instance, "id"); }
  OperationNode node() const { return OperationNode(subject_->node); }
  std::string state() const { return detail::member_text(subject_->instance, "state"); }
  /// 1-based among the instances of its node.
  std::int64_t index() const { return detail::member_number(subject_->instance, "index", 1); }
  /// The address of the host it runs on: the `ip` of the host's runtime properties, else of its
  /// properties; empty when there is neither.
  std::string host_ip() const {
    const json& host = detail::member(subject_->instance, "host");
    const json& machine = detail::member(host, "instance");
    // Of a host its own properties count, as they are now.
    const bool is_host = machine.is_null() || detail::member_text(machine, "id") == id();
    const json& node = is_host ? subject_->node : detail::member(host, "node");
    const std::string ip = detail::member_text(
        is_host ? subject_->runtime_properties : detail::member(machine, "runtime_properties"),
        "ip");
    if (!ip.empty()) return ip;
    return detail::member_text(detail::member(node, "properties"), "ip");
  }
  /// The scaling groups that it is part of: [{id, name}].
  const json& scaling_groups() const {
    return detail::member(subject_->instance, "scaling_groups");
  }
  /// What check_drift found, or null.
  const json& drift() const { return detail::find_drift(subject_->instance); }
  /// An object to change as you like, at any depth. Saved when the operation ends, also when it
  /// throws; other operations see the change from then on.
  json& runtime_properties() const { return subject_->runtime_properties; }
  /// Store the runtime properties now, for an operation that goes on for long: others see them, and
  /// this one sees what others stored. References into the properties end here. Throws
  /// StorageConflict when another operation changed the same ones since they were read.
  void update() const {
    update([this](json&, const json&) { throw StorageConflict(session_->last_error()); });
  }
  /// The same, with a way out of a conflict: handler(mine, latest) changes `mine` into what is to
  /// be stored instead, and is asked again should that be too late, too.
  template <typename Handler>
  void update(Handler&& handler) const {
    // Whoever merges so often in vain does not merge.
    constexpr int kMostConflicts = 100;
    json latest;
    for (int conflicts = 0; !session_->store(*subject_, latest); ++conflicts) {
      if (conflicts >= kMostConflicts) throw StorageConflict(session_->last_error());
      handler(subject_->runtime_properties, std::as_const(latest));
    }
    detail::OperationSession::take(*subject_, std::move(latest));
  }
  /// Read the runtime properties as they are stored now.
  /// @param force  drop changes that were not saved; else they are an error
  void refresh(bool force = false) const {
    if (!force && subject_->runtime_properties != subject_->saved)
      throw NonRecoverable("the runtime properties of '" + id() +
                           "' have changes that are not saved: call update() before refresh(), or "
                           "refresh(true) to drop them");
    session_->reload(*subject_);
  }
  /// All instances of its node, this one too, as they are stored now: [{id, index, state}], by
  /// index. Throws Recoverable when the execution that knows them has gone.
  json node_instances() const { return session_->node_instances(*subject_); }
  std::vector<OperationRelationship> relationships() const {
    std::vector<OperationRelationship> found;
    for (const json& one : detail::member(subject_->instance, "relationships"))
      found.emplace_back(one);
    return found;
  }

 private:
  detail::OperationSession* session_;
  detail::SubjectData* subject_;
};

/// One end of a relationship operation.
class OperationSubject {
 public:
  OperationSubject(detail::OperationSession& session, detail::SubjectData& subject)
      : session_(&session), subject_(&subject) {}
  OperationNode node() const { return OperationNode(subject_->node); }
  OperationInstance instance() const { return OperationInstance(*session_, *subject_); }

 private:
  detail::OperationSession* session_;
  detail::SubjectData* subject_;
};

/// The operation that is running.
class Operation {
 public:
  explicit Operation(detail::OperationSession& session) : session_(&session) {}

  /// "cloudify.interfaces.lifecycle.create"
  std::string name() const { return detail::member_text(data(), "name"); }
  /// 0 at the first try.
  std::int64_t retry_number() const {
    return detail::member_number(session_->request(), "attempt",
                                 detail::member_number(data(), "retry_number", 0));
  }
  /// -1: endless.
  std::int64_t max_retries() const { return detail::member_number(data(), "max_retries", -1); }
  /// "source" or "target" for an operation of a relationship, else empty.
  std::string relationship() const { return detail::member_text(data(), "relationship"); }

  /// Ask to be run again once the function has returned; counts as a retry. The value is null, for
  /// `return ctx.operation().retry(...);`. To leave from a depth, throw cfy::Retry instead.
  /// @param retry_after  delay in seconds; unset: the run's retry interval
  json retry(std::string_view message = "the operation asks to be run again",
             std::optional<double> retry_after = {}) const {
    session_->want_retry({std::string(message), retry_after});
    return nullptr;
  }

 private:
  const json& data() const { return detail::member(session_->context(), "operation"); }
  detail::OperationSession* session_;
};

/// The plugin whose operation runs.
class OperationPlugin {
 public:
  OperationPlugin(const json& data, std::string path, std::string workdir)
      : data_(&data), path_(std::move(path)), workdir_(std::move(workdir)) {}
  std::string name() const { return detail::member_text(*data_, "name"); }
  std::string package_name() const { return detail::member_text(*data_, "package_name"); }
  std::string package_version() const { return detail::member_text(*data_, "package_version"); }
  std::string source() const { return detail::member_text(*data_, "source"); }
  /// As the blueprint's `plugins` section sets them: name to value.
  const json& properties() const { return detail::member(*data_, "properties"); }
  /// The folder that it was loaded from.
  std::string prefix() const { return std::filesystem::path(path_).parent_path().string(); }
  /// A folder of the deployment for this plugin's files; made when it is asked for.
  std::string workdir() const {
    if (!workdir_.empty()) detail::make_folder(workdir_);
    return workdir_;
  }
  const json& operator[](const char* key) const { return detail::member(*data_, key); }

 private:
  const json* data_;
  std::string path_, workdir_;
};

/// Runtime properties of all instances that this one has relationships to. Deprecated in Cloudify.
class Capabilities {
 public:
  explicit Capabilities(const json& instance) : instance_(&instance) {}

  /// {instance id: runtime properties}
  json get_all() const {
    json all = json::object();
    for (const json& one : detail::member(*instance_, "relationships")) {
      const json& target = detail::member(detail::member(one, "target"), "instance");
      const std::string id = detail::member_text(target, "id");
      if (!id.empty()) all[id] = detail::member(target, "runtime_properties");
    }
    return all;
  }
  bool contains(const std::string& key) const { return !find(key).empty(); }
  /// Throws NonRecoverable when none of the instances has that key, and when several have.
  json operator[](const std::string& key) const {
    const auto found = find(key);
    if (found.size() == 1) return found[0].second;
    if (found.empty())
      throw NonRecoverable(
          "no instance that this one has a relationship to has the runtime "
          "property '" +
          key + "'");
    std::string who;
    for (const auto& [id, value] : found)
      who += (who.empty() ? "" : ", ") + id;
    throw NonRecoverable("several instances have the runtime property '" + key + "': " + who);
  }

 private:
  std::vector<std::pair<std::string, json>> find(const std::string& key) const {
    std::vector<std::pair<std::string, json>> found;
    const json all = get_all();
    for (const auto& [id, properties] : all.items())
      if (properties.is_object() && properties.contains(key))
        found.emplace_back(id, properties.at(key));
    return found;
  }
  const json* instance_;
};

/// What an operation may know and do. One call, one thread; log and send_event from any thread.
class OperationContext {
 public:
  explicit OperationContext(detail::OperationSession& session)
      : session_(&session), inputs_(detail::member(session.request(), "inputs"), "input") {}

  /// "node-instance", "relationship-instance" or "deployment".
  std::string type() const { return detail::member_text(session_->request(), "context_type"); }

  /// Of an operation of a node. Throw NonRecoverable in one of a relationship.
  OperationNode node() const { return OperationNode(own("node").node); }
  OperationInstance instance() const { return OperationInstance(*session_, own("instance")); }
  /// Of an operation of a relationship. Throw NonRecoverable in one of a node.
  OperationSubject source() const { return end("source", session_->source()); }
  OperationSubject target() const { return end("target", session_->target()); }

  const Parameters& inputs() const { return inputs_; }
  Operation operation() const { return Operation(*session_); }
  Logger logger() const {
    return Logger([session = session_](std::string_view level, std::string_view line) {
      session->log(level, "ctx", line);
    });
  }
  /// Lines that came together, as the output of a command does: much cheaper than one by one.
  void log_lines(std::string_view level, const std::vector<std::string>& lines) const {
    session_->log_lines(level, "ctx", lines);
  }
  /// A piece of a line that is too long to be held, as the output of a command may have them.
  /// Secrets are hidden across the pieces.
  /// @param lead     shown before each piece; pieces with the same one are of the same line
  /// @param goes_on  more of the line follows
  void log_piece(std::string_view level, std::string_view lead, std::string_view piece,
                 bool goes_on) const {
    session_->log_piece(level, "ctx", lead, piece, goes_on);
  }
  /// The runtime properties as they are now count, should the operation be ended or its process die
  /// before it returns. Cheaper than OperationInstance::update(), and nobody sees them before the
  /// operation has ended.
  void keep_changes() const { session_->save_all(); }
  /// An event of the operation, for people who watch.
  void send_event(std::string_view event) const { session_->send_event(event); }
  /// True once the execution was asked to cancel; a long operation may look and throw
  /// ExecutionCancelled.
  bool has_cancel_request() const { return session_->has_cancel_request(); }

  std::string execution_id() const {
    return detail::member_text(session_->request(), "execution_id");
  }
  std::string task_id() const { return detail::member_text(session_->request(), "task_id"); }
  std::string workflow_id() const {
    return detail::member_text(session_->context(), "workflow_id");
  }
  const json& workflow_parameters() const {
    return detail::member(session_->context(), "workflow_parameters");
  }
  /// The execution that it is part of, as it was when this try started: {id, workflow_id,
  /// deployment_id, parameters, status}.
  json get_execution() const {
    return {{"id", execution_id()},
            {"workflow_id", workflow_id()},
            {"deployment_id", detail::member(deployment(), "id")},
            {"parameters", workflow_parameters()},
            {"status", has_cancel_request() ? "cancelling" : "started"}};
  }
  /// The task that it runs for: {id, name, type, state, parameters}.
  json get_operation() const {
    return {{"id", task_id()},
            {"name", task_name()},
            {"type", task_type()},
            {"state", "started"},
            {"parameters",
             {{"operation", operation().name()},
              {"retry_number", operation().retry_number()},
              {"max_retries", operation().max_retries()}}}};
  }
  /// Objects as the program gives them; "id" is always there.
  const json& blueprint() const { return detail::member(session_->context(), "blueprint"); }
  const json& deployment() const { return detail::member(session_->context(), "deployment"); }
  OperationPlugin plugin() const {
    return OperationPlugin(detail::member(session_->context(), "plugin"),
                           detail::member_text(session_->request(), "plugin_path"), workdir());
  }
  std::string tenant_name() const { return context_text("tenant_name"); }
  std::string task_name() const { return context_text("task_name"); }
  std::string task_target() const { return context_text("task_target"); }
  std::string task_queue() const { return context_text("task_queue"); }
  /// "operation".
  std::string task_type() const { return context_text("task_type"); }
  /// {resources_prefix, cloudify_agent {user, ...}, policy_engine}; the names have no values, as
  /// there is no manager here.
  const json& bootstrap_context() const {
    return detail::member(session_->context(), "bootstrap_context");
  }
  const json& provider_context() const {
    return detail::member(session_->context(), "provider_context");
  }
  /// This try began in an earlier run of the execution and was cut off there: how far it came is
  /// unknown.
  bool resume() const { return detail::member(session_->context(), "resume") == json(true); }
  /// Seconds; unset: it may take as long as it wants.
  std::optional<double> timeout() const {
    const json& value = detail::member(session_->request(), "timeout");
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
  }
  bool timeout_recoverable() const {
    return detail::member(session_->request(), "timeout_recoverable") == json(true);
  }
  /// In an operation of a relationship: of the end that it runs for.
  Capabilities capabilities() const {
    if (!session_->source()) return Capabilities(own("capabilities").instance);
    const bool is_target = operation().relationship() == "target";
    return Capabilities((is_target ? session_->target() : session_->source())->instance);
  }

  // What Cloudify answers where it has no manager.

  /// The stored configuration: a list without items.
  static json get_config() { return json::array(); }
  static json get_managers() {
    return json::array({json{{"private_ip", kLocalAddress}, {"networks", networks()}}});
  }
  static json get_brokers() {
    return json::array({json{{"host", kLocalAddress},
                             {"networks", networks()},
                             {"ca_cert_content", ""},
                             {"management_host", kLocalAddress}}});
  }

  // Files beside the blueprint: `path` is relative to it, absolute, or a file:// address. All throw
  // NonRecoverable when there is none.

  std::string get_resource(const std::string& path) const {
    return detail::load_resource(resource(path));
  }
  /// A copy that belongs to the operation.
  /// @param target  empty: a file of the same name in a new folder of the deployment, which goes
  ///                when the deployment is deleted
  /// @return its path
  std::string download_resource(const std::string& path, const std::string& target = {}) const {
    const auto source = resource(path);
    return detail::save_resource(source, detail::load_resource(source), target, workdir());
  }
  /// The file as a template (the part of Jinja2 that files use); `ctx` is always there and may not
  /// be passed.
  std::string get_resource_and_render(const std::string& path,
                                      const json& variables = json::object()) const {
    return session_->render(path, get_resource(path), variables);
  }
  std::string download_resource_and_render(const std::string& path, const std::string& target = {},
                                           const json& variables = json::object()) const {
    const auto source = resource(path);
    const std::string content = session_->render(path, detail::load_resource(source), variables);
    return detail::save_resource(source, content, target, workdir());
  }
  /// A copy of a whole folder. @param target  as of download_resource
  /// @return its path
  std::string download_directory(const std::string& path, const std::string& target = {}) const {
    const auto source = detail::need_resource(path, resources_root(), /*wants_folder=*/true);
    return detail::copy_folder(source, target, workdir());
  }
  /// The folder of the blueprint, where its resources are, and a folder of the deployment to write
  /// to.
  std::string resources_root() const {
    return detail::member_text(session_->request(), "resources_root");
  }
  std::string workdir() const { return detail::member_text(session_->request(), "workdir"); }
  /// All of the above and the rest in one object, as cfy/plugin.h describes it. Never changes
  /// during the call; runtime properties are those from before it.
  const json& request() const { return session_->request(); }

 private:
  static constexpr const char* kLocalAddress = "127.0.0.1";
  static json networks() { return {{"default", kLocalAddress}}; }

  std::filesystem::path resource(const std::string& path) const {
    return detail::need_resource(path, resources_root());
  }
  std::string context_text(const char* key) const {
    return detail::member_text(session_->context(), key);
  }
  detail::SubjectData& own(std::string_view what) const {
    if (session_->self()) return *session_->self();
    const std::string name(what);
    throw NonRecoverable(
        "ctx." + name + "() is for operations of a node, and this one is of a " + kind() +
        (session_->source() ? ": use ctx.source()." + name + "() or ctx.target()." + name + "()"
                            : ""));
  }
  OperationSubject end(std::string_view what, std::optional<detail::SubjectData>& subject) const {
    if (subject) return OperationSubject(*session_, *subject);
    throw NonRecoverable("ctx." + std::string(what) +
                         "() is for operations of a relationship, and this one is of a " + kind() +
                         (session_->self() ? ": use ctx.node() and ctx.instance()" : ""));
  }
  std::string kind() const {
    if (session_->self()) return "node";
    return session_->source() ? "relationship" : "deployment";
  }

  detail::OperationSession* session_;
  Parameters inputs_;
};

}  // namespace cfy
