"""Blueprints of the end-to-end tests: small topologies whose operations are shell scripts that
tell what they do in files of the test's folder."""

HEAD = """tosca_definitions_version: cloudify_dsl_1_4
imports:
  - cloudify/types/types.yaml
plugins:
  my_workflow_plugin_name:
    executor: central_deployment_agent
    install: false
"""

WORKFLOW = """workflows:
  my_workflow:
    mapping: my_workflow_plugin_name.my_workflow_module_name.run_operation
    parameters:
      operation:
        description: the operation to run
      type_name:
        default: cloudify.nodes.Root
      operation_kwargs:
        default: {}
      is_node_operation:
        default: true
"""


def node(name, script, depends_on=(), instances=1, inputs=None):
    """A node template whose `configure` runs the script."""
    lines = [f"  {name}:", "    type: cloudify.nodes.Root"]
    if instances != 1:
        lines += ["    capabilities:", "      scalable:", "        properties:",
                  f"          default_instances: {instances}"]
    lines += ["    interfaces:", "      cloudify.interfaces.lifecycle:", "        configure:",
              f"          implementation: {script}"]
    if inputs:
        lines += ["          inputs:"] + [f"            {k}: {v}" for k, v in inputs.items()]
    if depends_on:
        lines += ["    relationships:"]
        for target in depends_on:
            lines += ["      - type: cloudify.relationships.depends_on", f"        target: {target}"]
    return "\n".join(lines) + "\n"


def blueprint(*nodes, workflow=WORKFLOW, extra=""):
    return HEAD + workflow + extra + "node_templates:\n" + "".join(nodes)
