/* cfy/plugin.h: the C interface between cfy-run and a plugin, in C99. C++ authors include
 * cfy/plugin.hpp instead, which is a header-only face over this one and needs no library.
 *
 * A plugin is a shared object with one visible function, cfy_plugin_v1(), that gives a table of
 * named workflow and operation functions. cfy-run loads it once and never closes it.
 *
 * Rules that hold for every function here:
 *  - A cfy_str is UTF-8, its length counted, and borrowed. What you pass in need live only during
 *    that call. What the host gives you lives until your entry function has returned and your local
 *    functions have ended, unless its comment says less. Copy what you keep longer.
 *  - Nothing is freed across the boundary. Results go into a function of the host, which copies.
 *  - No C++ exception crosses, in either direction.
 *  - JSON is text. An empty text where JSON is expected means null.
 *  - Structs grow at their end only. Whoever makes a struct sets `size`; whoever reads it looks at
 *    `size` before touching a member that came after minor version 0.
 *  - [workflow]: on the workflow's thread, that is from the entry function and from handlers.
 *    [any]: from any thread, also from local functions. */
#ifndef CFY_PLUGIN_H
#define CFY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CFY_PLUGIN_MAGIC 0x31594643u /* "CFY1" in memory on little-endian machines */
#define CFY_ABI_MAJOR 1              /* another major: the plugin is refused */
#define CFY_ABI_MINOR 1 /* a plugin newer than the program is refused, an older one runs */

#if defined(__GNUC__)
#define CFY_EXPORT __attribute__((visibility("default")))
#else
#define CFY_EXPORT
#endif

typedef struct cfy_str {
  const char* data; /* may be NULL when size is 0 */
  size_t size;
} cfy_str;

typedef struct cfy_str_list {
  const cfy_str* items;
  size_t count;
} cfy_str_list;

/* Positions in the snapshot and in the graph: small numbers, not pointers. */
typedef uint32_t cfy_node;
typedef uint32_t cfy_instance;
typedef uint32_t cfy_task;
#define CFY_NONE UINT32_MAX /* no node, no instance, no task, no relationship */

/* How a call ended. */
typedef int32_t cfy_status;
enum {
  CFY_OK = 0,
  CFY_FAILED = 1,      /* final; trying again would not help */
  CFY_RECOVERABLE = 2, /* from an operation: may be tried again */
  CFY_RETRY = 3,       /* from an operation: it asks to be tried again */
  CFY_CANCELLED = 4,   /* the execution was cancelled */
  CFY_INVALID = 5      /* the call itself was wrong: an unknown id, a ring, text that is not JSON */
};

/* ------------------------------------------------------------------ what a function answers --- */

typedef struct cfy_error {
  uint32_t size;
  cfy_str type;         /* "NonRecoverableError", "RecoverableError", the C++ type, or empty */
  cfy_str message;      /* one sentence for the user */
  double retry_after_s; /* wanted delay before the next try; negative: none wanted */
} cfy_error;

/* Where a function of the plugin puts its result or the reason why it returns something but
 * CFY_OK. Of the calling thread, valid until the function returns; the last call counts. */
typedef struct cfy_reply {
  uint32_t size;
  void (*set_result)(struct cfy_reply* reply, cfy_str json);
  void (*set_error)(struct cfy_reply* reply, const cfy_error* error);
} cfy_reply;

/* ---------------------------------------------------------------- what a workflow may know --- */

typedef struct cfy_workflow cfy_workflow; /* one call of a workflow function; opaque */

typedef struct cfy_execution_view {
  uint32_t size;
  int32_t is_dry_run;
  cfy_str execution_id, workflow_id, blueprint_id, deployment_id;
  cfy_str parameters_json; /* an object */
  uint32_t node_count;     /* nodes are 0 .. node_count-1, in blueprint order */
  /* Instances are 0 .. instance_count-1; those that a modification adds come at the end. In
   * blueprint order: the instances of node 0, of node 1, ... */
  uint32_t instance_count;
  int32_t is_resume;        /* the execution was cut off before: what was done then counts */
  double wait_after_fail_s; /* how long unrelated tasks may go on after a failure */
} cfy_execution_view;

typedef struct cfy_node_view {
  uint32_t size;
  cfy_node host; /* the node of the host it runs on, itself if it is one; or CFY_NONE */
  cfy_str id, type;
  cfy_str_list type_hierarchy; /* base first, own type last */
  cfy_str_list operations;     /* the mapped ones: full names, and bare ones that are unique */
  const cfy_instance* instances;
  uint32_t instance_count;
  uint32_t relationship_count;
  uint32_t number_of_instances, planned_number_of_instances;
} cfy_node_view;

/* A relationship of a node template. */
typedef struct cfy_relationship_view {
  uint32_t size;
  cfy_node target;
  cfy_str type;
  cfy_str_list type_hierarchy;
  cfy_str_list source_operations, target_operations; /* as in cfy_node_view */
} cfy_relationship_view;

typedef struct cfy_instance_view {
  uint32_t size;
  cfy_node node;
  cfy_str id;
  cfy_str state;
  uint32_t index; /* 1-based among the instances of its node */
  /* Relationships are 0 .. relationship_count-1; a number never changes its meaning. Those that the
   * instance has now, in the order of the template, are `current_relationships`. */
  uint32_t relationship_count;
  cfy_instance host; /* the instance it runs on, itself if it is a host; or CFY_NONE */
  const uint32_t* current_relationships;
  uint32_t current_relationship_count;
  int32_t is_gone; /* a modification removed it */
  int64_t version;
} cfy_instance_view;

typedef struct cfy_relationship_instance_view {
  uint32_t size;
  uint32_t relationship; /* index among the node's relationships */
  cfy_instance target;
} cfy_relationship_instance_view;

/* -------------------------------------------------------------- what a workflow may ask for --- */

#define CFY_RETRIES_DEFAULT (-2) /* the operation's own number, else that of the run */
#define CFY_RETRIES_ENDLESS (-1)
#define CFY_RETRIES_OWN (-3) /* the operation's own number, else none: whatever the run says */

typedef struct cfy_task_options {
  uint32_t size;
  int32_t send_task_events;
  int64_t total_retries;
  double retry_interval_s; /* negative: the operation's own, else that of the run */
  cfy_str info;            /* a word about a local task, for people */
} cfy_task_options;

enum { CFY_SOURCE = 0, CFY_TARGET = 1 }; /* the side of a relationship operation */

typedef struct cfy_task_list {
  const cfy_task* items;
  size_t count;
} cfy_task_list;

enum { CFY_ORDER_ADDED = 0, CFY_ORDER_LINEAR = 1 }; /* linear: each after those it waits for */

enum { CFY_NO_CANCEL = 0, CFY_CANCEL = 1, CFY_FORCE_CANCEL = 2, CFY_KILL_CANCEL = 3 };

typedef struct cfy_task_outcome {
  uint32_t size;
  int32_t succeeded;
  cfy_str result_json; /* null when there is none */
  cfy_str error;       /* empty when it succeeded */
} cfy_task_outcome;

enum { CFY_HANDLER_CONT = 0, CFY_HANDLER_FAIL = 1, CFY_HANDLER_RETRY = 2, CFY_HANDLER_IGNORE = 3 };

typedef struct cfy_handler_result {
  uint32_t size; /* set by the host */
  int32_t action;
  double retry_after_s; /* negative: the task's retry interval */
  int32_t ignore_total_retries;
  /* To try a failed subgraph again: the new subgraph that takes its place, so that what waits for
   * the old one waits for the new one. When no retry is left it is taken out of the graph. */
  cfy_task retried_task; /* CFY_NONE: none, as for any other task */
} cfy_handler_result;

/* A function that the host calls later. The host calls release(data) exactly once, on any thread,
 * when it needs the function no more; also when the call it was passed to failed. */
typedef struct cfy_local_function {
  void* data;
  cfy_status (*run)(void* data, cfy_reply* reply); /* on a thread of the host's pool */
  void (*release)(void* data);
} cfy_local_function;

/* Called on the workflow's thread while graph_execute() runs; one handler at a time. `result`
 * starts as CFY_HANDLER_CONT. Anything but CFY_OK fails the task. */
typedef struct cfy_handler {
  void* data;
  cfy_status (*run)(void* data, cfy_task task, const cfy_task_outcome* outcome,
                    cfy_handler_result* result, cfy_reply* reply);
  void (*release)(void* data);
} cfy_handler;

/* What the host offers to a workflow function. A function that does not return CFY_OK has changed
 * nothing; last_error() tells why. */
typedef struct cfy_workflow_host {
  uint32_t size;
  uint16_t abi_major, abi_minor;

  /* [workflow] Why the last call failed; valid until the next call. */
  cfy_str (*last_error)(cfy_workflow*);

  /* [any] Facts; a snapshot of the moment the workflow started, or of its last modification or
   * refresh: what was given before that stays valid, and as it was. NULL for an unknown id. O(1).
   */
  const cfy_execution_view* (*execution)(cfy_workflow*);
  const cfy_node_view* (*node)(cfy_workflow*, cfy_node);
  const cfy_relationship_view* (*relationship)(cfy_workflow*, cfy_node, uint32_t index);
  const cfy_instance_view* (*instance)(cfy_workflow*, cfy_instance);
  const cfy_relationship_instance_view* (*relationship_instance)(cfy_workflow*, cfy_instance,
                                                                 uint32_t index);
  /* [any] Objects as JSON, written when first asked for. Empty for an unknown id. */
  cfy_str (*node_properties)(cfy_workflow*, cfy_node);
  cfy_str (*relationship_properties)(cfy_workflow*, cfy_node, uint32_t index);
  cfy_str (*runtime_properties)(cfy_workflow*, cfy_instance);

  /* [any] `instance` may be CFY_NONE. Levels: debug, info, warning, error, critical. */
  void (*log)(cfy_workflow*, cfy_instance instance, cfy_str level, cfy_str text);
  /* CFY_NO_CANCEL, or how strong the request is. */
  int32_t (*has_cancel_request)(cfy_workflow*);

  /* [workflow] Making tasks. A task runs only when it has been added to the graph.
   * An operation that is not mapped makes a task that does nothing. */
  cfy_status (*operation_task)(cfy_workflow*, cfy_instance, cfy_str operation, cfy_str kwargs_json,
                               int32_t allow_kwargs_override, const cfy_task_options*,
                               cfy_task* made);
  /* `relationship` is an index among the relationships of the *instance*. */
  cfy_status (*relationship_task)(cfy_workflow*, cfy_instance, uint32_t relationship, int32_t side,
                                  cfy_str operation, cfy_str kwargs_json,
                                  int32_t allow_kwargs_override, const cfy_task_options*,
                                  cfy_task* made);
  /* `instance` and `relationship` may be CFY_NONE: an event of the workflow, of an instance, or of
   * the pair of a relationship. `context_json` is empty, or an object whose keys are added to the
   * context of the event's record, where it has none of that name. */
  cfy_status (*event_task)(cfy_workflow*, cfy_instance, uint32_t relationship, cfy_str event_type,
                           cfy_str text, cfy_str context_json, cfy_task* made);
  cfy_status (*local_task)(cfy_workflow*, cfy_str name, cfy_instance, cfy_local_function,
                           const cfy_task_options*, cfy_task* made);
  /* Without a `state` it asks: its result is the state that the instance has then. */
  cfy_status (*state_task)(cfy_workflow*, cfy_instance, cfy_str state, cfy_task* made);
  cfy_status (*nop_task)(cfy_workflow*, cfy_task* made);
  cfy_status (*subgraph)(cfy_workflow*, cfy_str name, cfy_task* made);

  /* [workflow] The graph. `subgraph` may be CFY_NONE: the graph itself. Adding a dependency twice,
   * or of a task on itself, changes nothing. */
  cfy_status (*graph_add_task)(cfy_workflow*, cfy_task subgraph, cfy_task);
  cfy_status (*graph_remove_task)(cfy_workflow*, cfy_task);
  cfy_status (*graph_add_dependency)(cfy_workflow*, cfy_task, cfy_task after);
  cfy_status (*graph_remove_dependency)(cfy_workflow*, cfy_task, cfy_task after);
  cfy_status (*task_on_success)(cfy_workflow*, cfy_task, cfy_handler);
  cfy_status (*task_on_failure)(cfy_workflow*, cfy_task, cfy_handler);
  /* The text is valid until the next call. Empty for an unknown task. */
  cfy_str (*task_name)(cfy_workflow*, cfy_task);
  /* Fills `outcome` (its size set by you); its texts are valid until the next call. CFY_INVALID
   * when the task has not ended. */
  cfy_status (*task_outcome)(cfy_workflow*, cfy_task, cfy_task_outcome* outcome);
  /* Runs what is in the graph; blocks. CFY_CANCELLED: cancelled meanwhile. CFY_FAILED: tasks
   * failed, the error names each. CFY_INVALID: a ring of dependencies, spelled out. */
  cfy_status (*graph_execute)(cfy_workflow*);

  /* [workflow] The task (of a subgraph: its members, too) belongs to the run at hand alone: a later
   * resume neither expects it nor counts it as done. For what a workflow does only because
   * is_resume is set. Before the task has run. */
  cfy_status (*task_for_this_run)(cfy_workflow*, cfy_task);

  /* [workflow] Standard mode: tasks start one by one, without a graph. A workflow does one or the
   * other; mixing is CFY_INVALID.
   * task_start runs a task that is not in the graph. It returns at once; an event is told then,
   * and a state stored. It works after a graceful cancel as well: who does not look goes on.
   * task_wait blocks until the task has ended for good. CFY_FAILED: its error. CFY_CANCELLED: also
   * when the cancel came before this call. `retry_on_failure` 0: the attempt that runs is its last.
   * Tasks that nobody waited for are waited for when the function has returned CFY_OK. */
  cfy_status (*task_start)(cfy_workflow*, cfy_task);
  cfy_status (*task_wait)(cfy_workflow*, cfy_task, int32_t retry_on_failure);
  /* [workflow] Between the two, tasks run although the execution was cancelled, but not by force.
   * What the cancel kept from starting is taken out of the graph. */
  cfy_status (*cleanup_begin)(cfy_workflow*);
  cfy_status (*cleanup_end)(cfy_workflow*);

  /* [workflow] An event at once, without a task; the arguments are those of event_task. */
  cfy_status (*send_event)(cfy_workflow*, cfy_instance, uint32_t relationship, cfy_str event_type,
                           cfy_str text, cfy_str context_json);
  /* [workflow] What the instance is now, with all that this workflow changed; the snapshot stays
   * as it was. Valid until the next call of the same function. Empty for an unknown id. */
  cfy_str (*current_state)(cfy_workflow*, cfy_instance);
  cfy_str (*system_properties)(cfy_workflow*, cfy_instance); /* a JSON object */
  /* [workflow] Replaces them, at once. A dry run changes nothing. */
  cfy_status (*set_system_properties)(cfy_workflow*, cfy_instance, cfy_str json);

  /* [any] More facts, as JSON objects, written when asked for; valid until the function returns.
   * Of the deployment: id, display_name, creator, tenant_name, blueprint_id, resources_root (the
   * blueprint's folder), inputs, resource_tags, scaling_groups {name: {members, properties}}. Of a
   * node: as in the plan (plugins, plugins_to_install, operations, ...). Of an instance:
   * scaling_groups [{name, id}]. */
  cfy_str (*deployment_json)(cfy_workflow*);
  cfy_str (*node_json)(cfy_workflow*, cfy_node);
  cfy_str (*instance_json)(cfy_workflow*, cfy_instance);

  /* [workflow] Modification of the deployment. One at a time: CFY_INVALID names the one that is
   * started. `changes_json`: {node or scaling group: {"instances": N, "removed_ids_include_hint":
   * [], "removed_ids_exclude_hint": []}}. What is added is there at once; what is removed stays
   * until it is finished. `made_json`, valid until the next call of it: {"id", and lists "added",
   * "removed", "extended", "reduced" of {"instance": number, "fate": "added", ..., or "" for
   * related ones, "relationships": numbers of those concerned}}.
   * A rollback makes all instances as they were before. */
  cfy_status (*modification_start)(cfy_workflow*, cfy_str changes_json, cfy_str* made_json);
  cfy_status (*modification_finish)(cfy_workflow*, cfy_str id);
  cfy_status (*modification_rollback)(cfy_workflow*, cfy_str id);
  /* A list of {"id", "status", "modified_nodes", "execution_id", "created_at"}; valid until the
   * next call of it. */
  cfy_status (*modifications_started)(cfy_workflow*, cfy_str* list_json);
  /* Look at what is stored now. */
  cfy_status (*refresh)(cfy_workflow*);

  /* [workflow] What a task is and how far it has come, as a JSON object: id, task_id (as events
   * have it), kind (nop, operation, local, event, state, subgraph), name, info, state (pending,
   * started, rescheduled, succeeded, failed), is_in_graph, containing_subgraph, total_retries,
   * retry_interval, current_retries, execute_after (seconds since 1970), send_task_events, timeout,
   * timeout_recoverable, retried_task, error. What it does not have is null. Valid until the next
   * call of it; empty for an unknown id. */
  cfy_str (*task_json)(cfy_workflow*, cfy_task);
  /* [workflow] The members of a subgraph, or for CFY_NONE all tasks of the graph, members and
   * subgraphs too. Valid until the next call of it. CFY_INVALID: no such subgraph, or a ring, which
   * has no linear order. */
  cfy_status (*graph_tasks)(cfy_workflow*, cfy_task subgraph, int32_t order, cfy_task_list* tasks);
  /* [workflow] Takes out tasks that do nothing and have no handlers, and subgraphs that are empty
   * or become so; the order of all others stays. CFY_INVALID: a ring. */
  cfy_status (*graph_optimize)(cfy_workflow*);
  /* [workflow] A task's own number, -1 for endless. Of a subgraph: how often its on_failure may
   * give another one for it, which inherits the number. Before the task has started. CFY_INVALID
   * for what is never tried again: events, states, no-ops. */
  cfy_status (*task_set_total_retries)(cfy_workflow*, cfy_task, int64_t total_retries);
  /* [workflow] An execution as it is stored now; an empty id means this one. A JSON object: id,
   * workflow_id, deployment_id, status, parameters, error, result, is_dry_run, created_at,
   * started_at, ended_at. Valid until the next call of it. */
  cfy_status (*get_execution)(cfy_workflow*, cfy_str id, cfy_str* execution_json);
  /* [workflow] Replaces the runtime properties of an instance, at once. CFY_RECOVERABLE: an
   * operation changed the same ones since this workflow saw them; nothing was stored, and the next
   * call is compared with what is stored now. A dry run changes nothing. */
  cfy_status (*set_runtime_properties)(cfy_workflow*, cfy_instance, cfy_str json);
  /* [workflow] The update that this execution is (cfy-run update); CFY_INVALID: it is none.
   * `lists_json`, valid until the next call of it or of modification_start: as of a modification,
   * and the lists of instances "changed" (their definitions did) and "interrupted" (an earlier
   * update took them down). What is to be added and removed is there; the nodes have the new
   * definitions and, at the end of their relationships, those that are to be removed. */
  cfy_status (*update_lists)(cfy_workflow*, cfy_str* lists_json);
  /* What the update removes is down: instances and relationships are no more. */
  cfy_status (*update_forget_removed)(cfy_workflow*);

  /* [workflow] A task that calls an operation function which no operation needs to be mapped to.
   * `mapping` is "plugin.module.function", of a plugin that the blueprint declares; CFY_INVALID: it
   * declares none of that name. `instance` may be CFY_NONE: the function runs in the context of the
   * deployment. `timeout_s` 0: none. */
  cfy_status (*function_task)(cfy_workflow*, cfy_instance, cfy_str mapping, cfy_str kwargs_json,
                              double timeout_s, int32_t timeout_recoverable,
                              const cfy_task_options*, cfy_task* made);

  /* Since 1.1. [workflow] Of a resumed run: the task (of a subgraph: its members, too) undoes what
   * an operation, `undone`, has left half done. As with task_for_this_run, a later resume does not
   * expect it; but when it makes a task of that name again before `undone` has started, what was
   * done of it counts as done. Before either has run. */
  cfy_status (*task_undoes)(cfy_workflow*, cfy_task, cfy_task undone);

  /* 1.2 and later: appended here. */
} cfy_workflow_host;

/* --------------------------------------------------------------- what an operation may do --- */

typedef struct cfy_operation cfy_operation; /* one call of an operation function; opaque */

enum { CFY_ROLE_SELF = 0, CFY_ROLE_SOURCE = 1, CFY_ROLE_TARGET = 2 }; /* whose runtime properties */

/* What the host offers to an operation function. [any] thread of the operation. */
typedef struct cfy_operation_host {
  uint32_t size;
  uint16_t abi_major, abi_minor;

  /* Everything the operation may know, as one JSON object:
   *   execution_id, task_id, attempt (0 at the first try), plugin, function, inputs,
   *   context_type: "node-instance", "relationship-instance" or "deployment",
   *   self, or source and target: {node: {id, type, type_hierarchy, properties, ...},
   *     instance: {id, runtime_properties, relationships, ...}},
   *   context: {workflow_id, blueprint {id}, deployment {id}, operation {name, max_retries,
   *     relationship}, plugin, ...},
   *   resources_root, workdir: folders. */
  cfy_str (*context_json)(cfy_operation*);
  void (*log)(cfy_operation*, cfy_str level, cfy_str logger, cfy_str text);
  void (*send_event)(cfy_operation*, cfy_str text);
  /* The runtime properties as they are to be when the operation ends. The last call counts; they
   * are saved whatever the operation returns. */
  cfy_status (*set_runtime_properties)(cfy_operation*, int32_t role, cfy_str json);
  int32_t (*has_cancel_request)(cfy_operation*);
  /* Why the last call that returned something but CFY_OK did; valid until the next call. */
  cfy_str (*last_error)(cfy_operation*);
  /* The three that follow are for one thread at a time; what they give is valid until the next of
   * them.
   * Store the runtime properties now; *stored_json becomes all of them as they are stored then.
   * CFY_RECOVERABLE: another operation changed the same ones since this one read them. Nothing was
   * stored and *stored_json is what the next try is compared with: merge, and call it again. */
  cfy_status (*update_instance)(cfy_operation*, int32_t role, cfy_str runtime_properties_json,
                                cfy_str* stored_json);
  /* Read the runtime properties as they are stored now. Forgets what set_runtime_properties said.
   */
  cfy_status (*refresh_instance)(cfy_operation*, int32_t role, cfy_str* stored_json);
  /* Render a template: the part of Jinja2 that files use. `variables_json` is an object, or empty;
   * `ctx` is always there, with the runtime properties of the last set_runtime_properties, and
   * cannot be passed. `name` is for messages. */
  cfy_status (*render)(cfy_operation*, cfy_str name, cfy_str text, cfy_str variables_json,
                       cfy_str* rendered);
  /* log() for lines that came together; much cheaper for output that comes in heaps. */
  void (*log_lines)(cfy_operation*, cfy_str level, cfy_str logger, cfy_str_list lines);
  /* A piece of a line that is too long to be held; secrets are looked for across the pieces. Each
   * is shown behind `lead`, and pieces with the same lead are of the same line. `goes_on`: more of
   * the line follows. */
  void (*log_piece)(cfy_operation*, cfy_str level, cfy_str logger, cfy_str lead, cfy_str text,
                    int32_t goes_on);
  /* The instances that the node of that role has, as they are stored now: a JSON list of
   * {id, index, state} in the order of the index. For one thread at a time together with
   * update_instance, refresh_instance and render, and valid until the next of these. CFY_INVALID:
   * the operation has nobody in that role. CFY_FAILED: there is nobody to ask, as the execution has
   * been let go of. */
  cfy_status (*node_instances)(cfy_operation*, int32_t role, cfy_str* instances_json);

  /* 1.1 and later: appended here. */
} cfy_operation_host;

/* ------------------------------------------------------------------ what the plugin offers --- */

typedef cfy_status (*cfy_workflow_function)(void* data, const cfy_workflow_host*, cfy_workflow*,
                                            cfy_reply*);
typedef cfy_status (*cfy_operation_function)(void* data, const cfy_operation_host*, cfy_operation*,
                                             cfy_reply*);

enum { CFY_WORKFLOW = 1, CFY_OPERATION = 2 };
enum { CFY_RESUMABLE = 1 }; /* flag: may be started again after it was cut off */

typedef struct cfy_entry {
  cfy_str name; /* what follows the plugin's name in a mapping: "module.function" */
  uint32_t kind;
  uint32_t flags;
  void* data;                     /* given to the function */
  cfy_workflow_function workflow; /* one of the two, as `kind` says; the other NULL */
  cfy_operation_function operation;
} cfy_entry;

typedef struct cfy_plugin {
  uint32_t magic; /* CFY_PLUGIN_MAGIC */
  uint32_t size;
  uint16_t abi_major, abi_minor; /* of the header the plugin was built with */
  uint32_t entry_size;           /* sizeof(cfy_entry) of that header */
  uint32_t entry_count;
  cfy_str name, version;
  cfy_str build; /* the compiler, for messages */
  const cfy_entry* entries;
} cfy_plugin;

/* The one symbol a plugin exports. The table lives as long as the process. */
CFY_EXPORT const cfy_plugin* cfy_plugin_v1(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CFY_PLUGIN_H */
