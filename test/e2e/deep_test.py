"""`validate --deep`: what a run would not find is found before it, and nothing else is reported."""

import http.server
import os
import threading

import support

HEAD = """tosca_definitions_version: cloudify_dsl_1_5
plugins:
  script: {executor: central_deployment_agent, install: false}
"""
# execute_operation as the basic types declare it.
OPERATION_WORKFLOW = """  default_workflows: {executor: central_deployment_agent, install: false}
workflows:
  go:
    mapping: default_workflows.cloudify.plugins.workflows.execute_operation
    parameters:
      operation: {default: lifecycle.op0}
      operation_kwargs: {default: {}}
      allow_kwargs_override: {default: null}
      run_by_dependency_order: {default: false}
      type_names: {default: []}
      node_ids: {default: []}
      node_instance_ids: {default: []}
"""
NODE = """node_templates:
  {name}:
    type: t
    interfaces:
      lifecycle:
"""


class Server:
    """Answers 200 to /there.sh, 404 to anything else."""

    def __enter__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/there.sh" else 404)
                self.end_headers()
                self.wfile.write(b"#!/bin/sh\n")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Deep(support.Case):
    def deep(self, *arguments):
        return self.run_cfy("validate", "app/blueprint.yaml", "--deep", *arguments)

    def assert_clean(self, *arguments):
        result = self.deep(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))


class Scripts(Deep):
    def lay(self, *operations, head=HEAD, name="n", path="app/blueprint.yaml", types=True):
        lines = [f"        op{i}: {operation}\n" for i, operation in enumerate(operations)]
        self.write(path, head + ("node_types: {t: {}}\n" if types else "")
                   + NODE.format(name=name) + "".join(lines))

    def run_script(self, key, value):
        return ("{implementation: script.script_runner.tasks.run, "
                f"inputs: {{{key}: '{value}'}}}}")

    def test_each_way_to_name_a_script_that_is_there(self):
        script = self.write("app/scripts/a.sh", "#!/bin/sh\n")
        with Server() as url:
            self.lay("scripts/a.sh", f"{url}/there.sh", "\"echo one\\necho two\\n\"",
                     self.run_script("script_path", "scripts/a.sh"),
                     self.run_script("script_path", script),
                     self.run_script("script_path", "file://" + script),
                     self.run_script("script_source", "echo hi"))
            self.assert_clean()

    def test_each_way_to_name_a_script_that_is_not_there(self):
        with Server() as url:
            self.lay(f"{url}/gone.sh", "http://127.0.0.1:1/off.sh",
                     self.run_script("script_path", "scripts/a.sh"),
                     self.run_script("script_path", self.path("none.sh")),
                     self.run_script("script_path", "file:///nowhere/none.sh"))
            result = self.deep()
        self.assert_refused(
            result, 3, "gone.sh': the server answers 404", "script 'scripts/a.sh' is not there",
            f"script '{self.path('none.sh')}' is not there", "script 'file:///nowhere/none.sh'",
            "warning: script: cannot fetch 'http://127.0.0.1:1/off.sh'", "4 errors, 1 warning")

    def test_a_script_that_an_input_names_is_looked_for_when_the_input_is_given(self):
        self.write("app/scripts/a.sh", "#!/bin/sh\n")
        self.lay("{implementation: script.script_runner.tasks.run, "
                 "inputs: {script_path: {get_input: which}}}", head=HEAD + "inputs: {which: {}}\n")
        self.assert_clean()
        self.assert_clean("-i", "which=scripts/a.sh")
        self.assert_refused(self.deep("-i", "which=scripts/b.sh"), 3,
                            "script 'scripts/b.sh' is not there")

    def test_scripts_of_a_file_in_a_namespace_lie_beside_the_blueprint(self):
        self.write("app/scripts/a.sh", "#!/bin/sh\n")
        self.lay("scripts/a.sh", self.run_script("script_path", "scripts/a.sh"), head="",
                 path="app/parts/part.yaml")
        self.write("app/blueprint.yaml", HEAD + "imports: [ns--parts/part.yaml]\n")
        self.assert_clean()

    def test_scripts_of_an_imported_blueprint_are_its_own_and_run(self):
        self.write("db/scripts/a.sh", "#!/bin/sh\ntouch '" + self.path("ran-db") + "'\n")
        self.write("app/scripts/a.sh", "#!/bin/sh\ntouch '" + self.path("ran-app") + "'\n")
        self.lay("scripts/a.sh", path="db/blueprint.yaml", name="db")
        self.write("app/blueprint.yaml", HEAD + OPERATION_WORKFLOW
                   + "imports: [ns--blueprint:db]\n")
        made = self.run_cfy("init", "db/blueprint.yaml")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assert_clean()
        done = self.run_cfy("execute", "go", "-b", "app/blueprint.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue(os.path.exists(self.path("ran-db")))
        self.assertFalse(os.path.exists(self.path("ran-app")))


class Inputs(Deep):
    def test_every_place_that_reads_an_input_counts_as_use(self):
        places = {
            "property": "node_templates: {n: {type: t, properties: {p: {concat: [x, USE]}}}}",
            "type_default": "node_types: {u: {properties: {p: {default: USE}}}}\n"
                            "node_templates: {n: {type: u}}",
            "operation": "node_templates: {n: {type: t, interfaces: {i: {o: "
                         "{implementation: \"a\\nb\", inputs: {k: USE}}}}}}",
            "instances": "node_templates: {n: {type: t, capabilities: {scalable: {properties: "
                         "{default_instances: USE}}}}}",
            "output": "outputs: {o: {value: USE}}",
            "capability": "capabilities: {c: {value: USE}}",
            "label": "labels: {l: {values: [USE]}}",
            "tag": "resource_tags: {t: USE}",
            "parameter": "workflows: {w: {mapping: "
                         "default_workflows.cloudify.plugins.workflows.install, "
                         "parameters: {p: {default: USE}}}}",
            "part": "outputs: {o: {value: {get_input: [i, key]}}}",
        }
        for name, text in places.items():
            with self.subTest(name):
                types = "" if "node_types" in text else (
                    "node_types: {t: {properties: {p: {required: false}}}}\n")
                value = "{key: 1}" if name == "part" else "1"
                self.write("app/blueprint.yaml", HEAD + "  default_workflows: {executor: "
                           "central_deployment_agent, install: false}\n"
                           f"inputs: {{i: {{default: {value}}}}}\n"
                           + types + text.replace("USE", "{get_input: i}") + "\n")
                self.assert_clean()

    def test_an_unused_input_and_a_key_that_stands_twice_are_warnings(self):
        self.write("app/blueprint.yaml", HEAD + "inputs:\n  a: {default: 1}\n  a: {default: 2}\n")
        result = self.deep()
        self.assertEqual(result.returncode, 0)
        self.assertIn("warning: input 'a' is never used", result.stderr)
        self.assertIn("blueprint.yaml:6:3: warning: the key 'a' stands twice", result.stderr)
        self.assertIn("2 warnings", result.stderr)

    def test_inputs_that_are_given_are_checked(self):
        self.write("app/blueprint.yaml", HEAD + "inputs: {port: {type: integer}}\n"
                   "outputs: {o: {value: {get_input: port}}}\n")
        self.assert_clean("-i", "port=80")
        self.assert_refused(self.deep("-i", "port=high"), 3, "port", "integer")
        self.assert_refused(self.deep("-i", "prot=80"), 3, "prot", "did you mean 'port'?")


if __name__ == "__main__":
    support.main()
