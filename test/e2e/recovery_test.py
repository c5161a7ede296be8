"""rollback, heal and check_drift: what runs for whom, and what a failure in the middle does."""

import support
import traced

TYPES = ("node_types:\n" +
         traced.node_type("Whole", traced.LIFECYCLE[:9], ["create", "delete", "check_status"]) +
         traced.node_type("Healable", ["create", "delete", "preheal", "heal", "postheal"],
                          ["check_status"]) +
         traced.node_type("Prepared", ["create", "delete", "preheal", "postheal"],
                          ["check_status"]) +
         traced.node_type("Checked", ["check_drift"]) +
         traced.node_type("Unchecked", ["create"]) +
         "relationships:\n" + traced.relationship_type("Linked", ["establish", "unlink"]) +
         traced.relationship_type("Watched", ["check_drift"]))


class Rollback(traced.Case):
    def setUp(self):
        super().setUp()
        self.make(TYPES + """
node_templates:
  half: {type: Whole}
  late: {type: Whole}
  user: {type: Whole, relationships: [{type: Linked, target: half}]}
""")
        self.break_operation("half", "create")
        self.break_operation("late", "start")
        self.run_workflow("install", code=1)
        self.assertEqual(self.states(),
                         {"half": "creating", "late": "starting", "user": "uninitialized"})

    def test_what_is_half_done_goes_back_and_the_rest_unlinks_from_it(self):
        self.run_workflow("rollback")
        self.assertEqual(sorted(self.trace()),
                         ["half delete", "half postdelete", "late prestop", "late stop",
                          "late validation.delete",
                          "user->half unlink source", "user->half unlink target"])
        self.assert_before("user->half unlink target", "half delete")
        self.assertEqual(self.states(),
                         {"half": "uninitialized", "late": "configured", "user": "uninitialized"})

    def test_operations_that_fail_on_the_way_back_are_passed_over(self):
        self.break_operation("late", "stop")
        self.break_operation("half", "delete")
        said = self.run_workflow("rollback", retries=3)
        self.assertEqual(said.count("Ignoring task script_runner.tasks.run failure"), 2)
        self.assertEqual(self.states()["late"], "configured")

    def test_a_full_rollback_deletes_what_went_back_to_configured_and_does_not_stop_it(self):
        said = self.run_workflow("rollback", "-p", "full_rollback=true")
        self.assertIn("Stop: instance already configured", said)
        self.assertEqual(self.trace().count("late stop"), 1)  # by the rollback itself
        self.assert_before("late stop", "late delete")
        self.assertEqual(set(self.states().values()), {"deleted"})


class Heal(traced.Case):
    def setUp(self):
        super().setUp()
        self.make(TYPES + """
node_templates:
  healable: {type: Healable}
  prepared: {type: Prepared}
""")
        self.run_workflow("install")

    def lifecycle(self):
        return [line for line in self.trace() if "check_status" not in line]

    def test_only_the_operation_heal_heals(self):
        self.break_operation("prepared", "validation.check_status")
        self.run_workflow("heal")
        self.assertEqual(self.lifecycle(), ["prepared delete", "prepared create"])

    def test_empty_texts_name_nothing(self):
        self.break_operation("prepared", "validation.check_status")
        self.run_workflow("heal", "-p", 'node_instance_id:=""')
        self.assertEqual(self.lifecycle(), ["prepared delete", "prepared create"])
        self.run_workflow("check_status", "-p", 'node_ids:=""', "-p", 'type_names:=""', code=1)
        self.assertEqual(len(self.trace()), 2)

    def test_nothing_is_healed_when_something_else_would_have_to_be_reinstalled_and_may_not(self):
        self.break_operation("healable", "validation.check_status")
        self.break_operation("prepared", "validation.check_status")
        said = self.run_workflow("heal", "-p", "allow_reinstall=false", code=1)
        self.assertIn("allow_reinstall is false", said)
        self.assertIn("prepared_", said.split("allow_reinstall is false")[1].split("\n")[0])
        self.assertEqual(self.lifecycle(), [])

    def test_a_failed_heal_may_not_be_followed_by_a_reinstallation_either(self):
        self.break_operation("healable", "validation.check_status")
        self.break_operation("healable", "heal")
        said = self.run_workflow("heal", "-p", "allow_reinstall=false", code=1)
        self.assertIn("allow_reinstall is false", said)
        self.assertEqual(self.lifecycle(), ["healable preheal", "healable heal"])


class CheckDrift(traced.Case):
    def setUp(self):
        super().setUp()
        self.make(TYPES + """
node_templates:
  base: {type: Checked}
  plain: {type: Unchecked, relationships: [{type: Watched, target: base}]}
  top: {type: Checked, relationships: [{type: Watched, target: plain}]}
""")

    def test_instances_are_checked_after_their_targets_and_before_their_relationships(self):
        self.run_workflow("check_drift")
        self.assertEqual(sorted(self.trace()), [
            "base check_drift", "plain->base check_drift source",
            "plain->base check_drift target", "top check_drift",
            "top->plain check_drift source", "top->plain check_drift target"])
        self.assert_before("base check_drift", "top check_drift")
        self.assert_before("top check_drift", "top->plain check_drift source")

    def test_a_failed_check_of_a_relationship_keeps_no_instance_from_being_checked(self):
        self.break_operation("plain-base", "check_drift")
        self.run_workflow("check_drift", retries=2, code=1)
        self.assertEqual(len(self.trace()), 6)
        reports = {row["node_id"]: row["system_properties"] for row in self.instances()}
        of_base = reports["plain"]["source_relationships_configuration_drift"]
        self.assertEqual([one["ok"] for one in of_base.values()], [False])
        of_plain = reports["top"]["source_relationships_configuration_drift"]
        self.assertEqual([one["ok"] for one in of_plain.values()], [True])

    def test_a_failed_check_of_an_instance_keeps_what_depends_on_it_from_being_checked(self):
        self.break_operation("base", "check_drift")
        self.run_workflow("check_drift", code=1)
        self.assertEqual(self.trace(), ["base check_drift"])


class SubgraphRetries(traced.Case):
    def setUp(self):
        super().setUp()
        self.make(TYPES + "node_templates:\n  it: {type: Whole}\n")

    def test_a_failed_removal_starts_again_from_its_beginning(self):
        self.run_workflow("install")
        self.break_operation("it", "delete")
        self.run_workflow("uninstall", "--subgraph-retries", "1", code=1)
        once = ["it validation.delete", "it prestop", "it stop", "it delete"]
        self.assertEqual(self.trace(), once * 2)

    def test_a_failed_installation_is_taken_down_as_a_whole(self):
        self.break_operation("it", "create")
        self.run_workflow("install", "--subgraph-retries", "1", code=1)
        self.assertEqual(self.trace(), [
            "it validation.create", "it precreate", "it create",
            "it validation.delete", "it prestop", "it stop", "it delete", "it postdelete",
            "it validation.create", "it precreate", "it create"])


class Hosts(traced.Case):
    def test_a_host_goes_through_its_states_although_nothing_is_mapped(self):
        self.make("node_templates:\n  host: {type: cloudify.nodes.Compute}\n")
        said = self.run_workflow("install")
        self.assertIn("Starting node instance: nothing to do", said)
        self.assertNotIn("Creating agent", said)

    def test_operations_of_agents_are_told_of(self):
        host = traced.node_type("Host", parent="cloudify.nodes.Compute")
        agent = "      cloudify.interfaces.cloudify_agent:\n" + traced.mapped(
            " " * 8, ["create", "start", "stop", "stop_amqp", "delete"])
        self.make("node_types:\n" + host + agent + """
node_templates:
  remote: {type: Host}
  itself: {type: Host, properties: {agent_config: {install_method: init_script}}}
  none: {type: Host, properties: {install_agent: false}}
""")
        said = self.run_workflow("install")
        self.assertEqual(sorted(self.trace()), ["itself cloudify_agent.create",
                                                "itself cloudify_agent.start",
                                                "remote cloudify_agent.create"])
        self.assertEqual([said.count(text) for text in
                          ("Creating agent", "Waiting for agent to start", "Agent started")],
                         [2, 1, 1])
        said = self.run_workflow("uninstall")
        self.assertEqual(sorted(self.trace()), ["itself cloudify_agent.delete",
                                                "itself cloudify_agent.stop_amqp",
                                                "remote cloudify_agent.delete",
                                                "remote cloudify_agent.stop"])
        self.assertEqual(said.count("Deleting agent"), 2)


if __name__ == "__main__":
    support.main()
