// The structs of cfy/plugin.h as they were in ABI 1.0, on a 64-bit machine. A member that moves
// breaks every plugin built so far: new ones go to the end, with a new minor version.
#include <cstddef>

#include <catch2/catch.hpp>
#include <cfy/plugin.h>

static_assert(sizeof(void*) == 8, "the numbers below are those of 64-bit machines");

TEST_CASE("what a plugin offers has the layout of ABI 1.1", "[plugin]") {
  CHECK(offsetof(cfy_plugin, magic) == 0);
  CHECK(offsetof(cfy_plugin, size) == 4);
  CHECK(offsetof(cfy_plugin, abi_major) == 8);
  CHECK(offsetof(cfy_plugin, abi_minor) == 10);
  CHECK(offsetof(cfy_plugin, entry_size) == 12);
  CHECK(offsetof(cfy_plugin, entry_count) == 16);
  CHECK(offsetof(cfy_plugin, name) == 24);
  CHECK(offsetof(cfy_plugin, version) == 40);
  CHECK(offsetof(cfy_plugin, build) == 56);
  CHECK(offsetof(cfy_plugin, entries) == 72);
  CHECK(offsetof(cfy_entry, name) == 0);
  CHECK(offsetof(cfy_entry, kind) == 16);
  CHECK(offsetof(cfy_entry, flags) == 20);
  CHECK(offsetof(cfy_entry, data) == 24);
  CHECK(offsetof(cfy_entry, workflow) == 32);
  CHECK(offsetof(cfy_entry, operation) == 40);
}

TEST_CASE("what a workflow sees has the layout of ABI 1.0", "[plugin]") {
  CHECK(offsetof(cfy_execution_view, is_dry_run) == 4);
  CHECK(offsetof(cfy_execution_view, execution_id) == 8);
  CHECK(offsetof(cfy_execution_view, deployment_id) == 56);
  CHECK(offsetof(cfy_execution_view, parameters_json) == 72);
  CHECK(offsetof(cfy_execution_view, node_count) == 88);
  CHECK(offsetof(cfy_execution_view, instance_count) == 92);
  CHECK(offsetof(cfy_execution_view, is_resume) == 96);
  CHECK(offsetof(cfy_execution_view, wait_after_fail_s) == 104);
  CHECK(offsetof(cfy_node_view, host) == 4);
  CHECK(offsetof(cfy_node_view, id) == 8);
  CHECK(offsetof(cfy_node_view, type) == 24);
  CHECK(offsetof(cfy_node_view, type_hierarchy) == 40);
  CHECK(offsetof(cfy_node_view, operations) == 56);
  CHECK(offsetof(cfy_node_view, instances) == 72);
  CHECK(offsetof(cfy_node_view, instance_count) == 80);
  CHECK(offsetof(cfy_node_view, relationship_count) == 84);
  CHECK(offsetof(cfy_node_view, number_of_instances) == 88);
  CHECK(offsetof(cfy_node_view, planned_number_of_instances) == 92);
  CHECK(offsetof(cfy_relationship_view, target) == 4);
  CHECK(offsetof(cfy_relationship_view, type) == 8);
  CHECK(offsetof(cfy_relationship_view, type_hierarchy) == 24);
  CHECK(offsetof(cfy_relationship_view, source_operations) == 40);
  CHECK(offsetof(cfy_relationship_view, target_operations) == 56);
  CHECK(offsetof(cfy_instance_view, node) == 4);
  CHECK(offsetof(cfy_instance_view, id) == 8);
  CHECK(offsetof(cfy_instance_view, state) == 24);
  CHECK(offsetof(cfy_instance_view, index) == 40);
  CHECK(offsetof(cfy_instance_view, relationship_count) == 44);
  CHECK(offsetof(cfy_instance_view, host) == 48);
  CHECK(offsetof(cfy_instance_view, current_relationships) == 56);
  CHECK(offsetof(cfy_instance_view, current_relationship_count) == 64);
  CHECK(offsetof(cfy_instance_view, is_gone) == 68);
  CHECK(offsetof(cfy_instance_view, version) == 72);
  CHECK(offsetof(cfy_relationship_instance_view, relationship) == 4);
  CHECK(offsetof(cfy_relationship_instance_view, target) == 8);
}

TEST_CASE("what crosses with tasks has the layout of ABI 1.0", "[plugin]") {
  CHECK(offsetof(cfy_task_options, send_task_events) == 4);
  CHECK(offsetof(cfy_task_options, total_retries) == 8);
  CHECK(offsetof(cfy_task_options, retry_interval_s) == 16);
  CHECK(offsetof(cfy_task_options, info) == 24);
  CHECK(offsetof(cfy_task_list, items) == 0);
  CHECK(offsetof(cfy_task_list, count) == 8);
  CHECK(offsetof(cfy_task_outcome, succeeded) == 4);
  CHECK(offsetof(cfy_task_outcome, result_json) == 8);
  CHECK(offsetof(cfy_task_outcome, error) == 24);
  CHECK(offsetof(cfy_handler_result, action) == 4);
  CHECK(offsetof(cfy_handler_result, retry_after_s) == 8);
  CHECK(offsetof(cfy_handler_result, ignore_total_retries) == 16);
  CHECK(offsetof(cfy_handler_result, retried_task) == 20);
  CHECK(sizeof(cfy_local_function) == 24);
  CHECK(sizeof(cfy_handler) == 24);
  CHECK(offsetof(cfy_reply, set_result) == 8);
  CHECK(offsetof(cfy_reply, set_error) == 16);
  CHECK(offsetof(cfy_error, type) == 8);
  CHECK(offsetof(cfy_error, message) == 24);
  CHECK(offsetof(cfy_error, retry_after_s) == 40);
}

TEST_CASE("the host's tables have the layout of ABI 1.0", "[plugin]") {
  // Every member after the version is a function pointer: position = number among them.
  const auto nth = [](std::size_t offset) { return (offset - 8) / sizeof(void*); };
  CHECK(offsetof(cfy_workflow_host, abi_major) == 4);
  CHECK(offsetof(cfy_workflow_host, abi_minor) == 6);
  CHECK(nth(offsetof(cfy_workflow_host, last_error)) == 0);
  CHECK(nth(offsetof(cfy_workflow_host, execution)) == 1);
  CHECK(nth(offsetof(cfy_workflow_host, node)) == 2);
  CHECK(nth(offsetof(cfy_workflow_host, relationship)) == 3);
  CHECK(nth(offsetof(cfy_workflow_host, instance)) == 4);
  CHECK(nth(offsetof(cfy_workflow_host, relationship_instance)) == 5);
  CHECK(nth(offsetof(cfy_workflow_host, node_properties)) == 6);
  CHECK(nth(offsetof(cfy_workflow_host, relationship_properties)) == 7);
  CHECK(nth(offsetof(cfy_workflow_host, runtime_properties)) == 8);
  CHECK(nth(offsetof(cfy_workflow_host, log)) == 9);
  CHECK(nth(offsetof(cfy_workflow_host, has_cancel_request)) == 10);
  CHECK(nth(offsetof(cfy_workflow_host, operation_task)) == 11);
  CHECK(nth(offsetof(cfy_workflow_host, relationship_task)) == 12);
  CHECK(nth(offsetof(cfy_workflow_host, event_task)) == 13);
  CHECK(nth(offsetof(cfy_workflow_host, local_task)) == 14);
  CHECK(nth(offsetof(cfy_workflow_host, state_task)) == 15);
  CHECK(nth(offsetof(cfy_workflow_host, nop_task)) == 16);
  CHECK(nth(offsetof(cfy_workflow_host, subgraph)) == 17);
  CHECK(nth(offsetof(cfy_workflow_host, graph_add_task)) == 18);
  CHECK(nth(offsetof(cfy_workflow_host, graph_remove_task)) == 19);
  CHECK(nth(offsetof(cfy_workflow_host, graph_add_dependency)) == 20);
  CHECK(nth(offsetof(cfy_workflow_host, graph_remove_dependency)) == 21);
  CHECK(nth(offsetof(cfy_workflow_host, task_on_success)) == 22);
  CHECK(nth(offsetof(cfy_workflow_host, task_on_failure)) == 23);
  CHECK(nth(offsetof(cfy_workflow_host, task_name)) == 24);
  CHECK(nth(offsetof(cfy_workflow_host, task_outcome)) == 25);
  CHECK(nth(offsetof(cfy_workflow_host, graph_execute)) == 26);
  CHECK(nth(offsetof(cfy_workflow_host, task_for_this_run)) == 27);
  CHECK(nth(offsetof(cfy_workflow_host, task_start)) == 28);
  CHECK(nth(offsetof(cfy_workflow_host, task_wait)) == 29);
  CHECK(nth(offsetof(cfy_workflow_host, cleanup_begin)) == 30);
  CHECK(nth(offsetof(cfy_workflow_host, cleanup_end)) == 31);
  CHECK(nth(offsetof(cfy_workflow_host, send_event)) == 32);
  CHECK(nth(offsetof(cfy_workflow_host, current_state)) == 33);
  CHECK(nth(offsetof(cfy_workflow_host, system_properties)) == 34);
  CHECK(nth(offsetof(cfy_workflow_host, set_system_properties)) == 35);
  CHECK(nth(offsetof(cfy_workflow_host, deployment_json)) == 36);
  CHECK(nth(offsetof(cfy_workflow_host, node_json)) == 37);
  CHECK(nth(offsetof(cfy_workflow_host, instance_json)) == 38);
  CHECK(nth(offsetof(cfy_workflow_host, modification_start)) == 39);
  CHECK(nth(offsetof(cfy_workflow_host, modification_finish)) == 40);
  CHECK(nth(offsetof(cfy_workflow_host, modification_rollback)) == 41);
  CHECK(nth(offsetof(cfy_workflow_host, modifications_started)) == 42);
  CHECK(nth(offsetof(cfy_workflow_host, refresh)) == 43);
  CHECK(nth(offsetof(cfy_workflow_host, task_json)) == 44);
  CHECK(nth(offsetof(cfy_workflow_host, graph_tasks)) == 45);
  CHECK(nth(offsetof(cfy_workflow_host, graph_optimize)) == 46);
  CHECK(nth(offsetof(cfy_workflow_host, task_set_total_retries)) == 47);
  CHECK(nth(offsetof(cfy_workflow_host, get_execution)) == 48);
  CHECK(nth(offsetof(cfy_workflow_host, set_runtime_properties)) == 49);
  CHECK(nth(offsetof(cfy_workflow_host, update_lists)) == 50);
  CHECK(nth(offsetof(cfy_workflow_host, update_forget_removed)) == 51);
  CHECK(nth(offsetof(cfy_workflow_host, function_task)) == 52);
  CHECK(nth(offsetof(cfy_workflow_host, task_undoes)) == 53);  // since 1.1
  CHECK(nth(offsetof(cfy_operation_host, context_json)) == 0);
  CHECK(nth(offsetof(cfy_operation_host, log)) == 1);
  CHECK(nth(offsetof(cfy_operation_host, send_event)) == 2);
  CHECK(nth(offsetof(cfy_operation_host, set_runtime_properties)) == 3);
  CHECK(nth(offsetof(cfy_operation_host, has_cancel_request)) == 4);
  CHECK(nth(offsetof(cfy_operation_host, last_error)) == 5);
  CHECK(nth(offsetof(cfy_operation_host, update_instance)) == 6);
  CHECK(nth(offsetof(cfy_operation_host, refresh_instance)) == 7);
  CHECK(nth(offsetof(cfy_operation_host, render)) == 8);
  CHECK(nth(offsetof(cfy_operation_host, log_lines)) == 9);
  CHECK(nth(offsetof(cfy_operation_host, log_piece)) == 10);
  CHECK(nth(offsetof(cfy_operation_host, node_instances)) == 11);
}
