"""Script operations as a whole: what they print, what they ask by ctx, where they come from."""

import http.server
import json
import os
import sys
import threading

import support
import topology


class Scripts(support.Case):
    def execute(self, script, *arguments, inputs=None, implementation="scripts/a.sh"):
        self.write("scripts/a.sh", script)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", implementation, inputs=inputs)))
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                            "--task-retries", "0", *arguments)

    def assert_runs(self, *given, **options):
        result = self.execute(*given, **options)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def properties(self):
        return self.json("node-instances", "list")[0]["runtime_properties"]

    def test_a_flood_of_lines_arrives_whole_and_in_order(self):
        lines = 50_000
        result = self.assert_runs(f"#!/bin/sh\nseq {lines}\nprintf last\n")
        shown = [line.rsplit("<out> ", 1)[1] for line in result.stdout.splitlines()
                 if "<out> " in line]
        self.assertEqual(shown, [str(i + 1) for i in range(lines)] + ["last"])
        stored = [json.loads(line) for line in self.run_cfy(
            "events", self.execution()["id"], "--json").stdout.splitlines()]
        texts = [event["message"]["text"] for event in stored]
        self.assertEqual([text for text in texts if text.startswith("<out> ")],
                         [f"<out> {line}" for line in shown])

    def test_what_a_script_returns_is_shown_as_the_original_shows_it(self):
        for returned, shown in (("word", "word"), ("@true", "True"), ("@1.5", "1.5"),
                                ('@{"a": [null, "b"]}', "{'a': [None, 'b']}")):
            result = self.assert_runs(f"#!/bin/sh\nctx returns '{returned}'\n")
            self.assertIn(f"Task succeeded 'script_runner.tasks.run' - {shown}\n", result.stdout)

    def test_what_json_cannot_hold_reaches_operations_as_text(self):
        values = ("{when: 2024-05-06, at: [2024-05-06T07:08:09], high: .inf, low: -.inf, none: .nan, "
                  "raw: !!binary aGk=, wide: 123456789012345678901234567890}")
        plain = {"when": "2024-05-06", "at": ["2024-05-06T07:08:09"], "high": "inf",
                 "low": "-inf", "none": "nan", "raw": "aGk=",
                 "wide": "123456789012345678901234567890"}
        self.write("a.sh", "#!/bin/sh\nset -e\n"
                   "printf '%s|' \"$call\" \"$when\" \"$high\" \"$raw\" \"$wide\" > \"$folder/seen\"\n"
                   "echo \"$all\" > \"$folder/inputs\"\n"
                   "ctx -j node properties v > \"$folder/self\"\n"
                   "ctx -j instance relationships[0].target.node.properties.v > \"$folder/target\"\n")
        self.write("a.py", "import json\nfrom cloudify import ctx\n"
                   "from cloudify.state import ctx_parameters as inputs\n"
                   "with open(inputs['folder'] + '/python', 'w') as seen:\n"
                   "    json.dump([inputs['all'], ctx.node.properties['v']], seen)\n")
        inputs = {"folder": self.folder, "when": "2024-05-06", "high": ".inf",
                  "raw": "!!binary aGk=", "wide": "123456789012345678901234567890", "all": values}
        node = "    type: my.Node\n    properties: {v: " + values + "}\n"
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "a.sh", depends_on=["b"], inputs=inputs).replace(
                "    type: cloudify.nodes.Root\n", node),
            topology.node("b", "a.py", inputs=inputs).replace(
                "    type: cloudify.nodes.Root\n", node),
            extra="node_types:\n  my.Node: {derived_from: cloudify.nodes.Root, "
                  "properties: {v: {}}}\n"))
        stored = self.json("plan", "blueprint.yaml")
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                              "-p", "operation_kwargs={call: 2024-05-06}", "--task-retries", "0")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("seen"), "|".join(
            plain[name] for name in ("when", "when", "high", "raw", "wide")) + "|")
        self.assertEqual(json.loads(self.read("inputs")), plain)
        for place in ("self", "target"):
            self.assertEqual(json.loads(self.read(place)), plain, place)
        self.assertEqual(json.loads(self.read("python")), [plain, plain])
        # What is stored tells them from texts.
        self.assertIn('{"$timestamp": "2024-05-06"}', json.dumps(stored))

    def test_levels_of_logs_have_their_short_names_too(self):
        result = self.assert_runs("#!/bin/sh\nset -e\nctx logger warn first\n"
                                  "ctx logger fatal second\n")
        self.assertIn("WARNING: first", result.stdout)
        self.assertIn("CRITICAL: second", result.stdout)

    def test_an_update_is_stored_while_the_script_runs(self):
        self.environment["CFY_RUN"] = support.PROGRAM
        self.assert_runs("#!/bin/sh\nset -e\nctx instance runtime-properties a.b 1\n"
                         "ctx instance update\n\"$CFY_RUN\" node-instances list --json > seen\n"
                         "ctx instance runtime-properties c @2\n",
                         inputs={"process": "{cwd: " + self.folder + "}"})
        self.assertIn('"b"', self.read("seen"))
        self.assertNotIn('"c"', self.read("seen"))
        self.assertEqual(self.properties(), {"a": {"b": "1"}, "c": 2})

    def test_templates_know_the_context_and_the_variables(self):
        self.write("conf/a.j2", "{% for x in list %}{{ x }}-{% endfor %}"
                                "{{ ctx.node.name }} {{ ctx.instance.runtime_properties.port }}\n")
        self.assert_runs("#!/bin/sh\nset -e\nctx instance runtime-properties port @80\n"
                         "path=$(ctx download-resource-and-render conf/a.j2 "
                         "'@{\"template_variables\": {\"list\": [1, 2]}}')\n"
                         "ctx instance runtime-properties text \"$(cat \"$path\")\"\nrm \"$path\"\n")
        self.assertEqual(self.properties()["text"], "1-2-a 80")

    def test_copies_without_a_target_go_with_the_deployment(self):
        self.write("conf/a.j2", "for {{ ctx.node.name }}\n")
        self.environment["TMPDIR"] = self.path("temporary")
        os.mkdir(self.path("temporary"))
        self.assert_runs("#!/bin/sh\nset -e\n"
                         "for copy in \"$(ctx download-resource conf/a.j2)\" "
                         "\"$(ctx download-resource-and-render conf/a.j2)\" "
                         "\"$(ctx download-directory conf)\"; do\n"
                         "  ctx instance runtime-properties \"copy$((i += 1))\" \"$copy\"\ndone\n")
        copies = list(self.properties().values())
        self.assertEqual([os.path.basename(copy) for copy in copies], ["a.j2", "a.j2", "conf"])
        deployments = self.path("state/deployments")
        for copy in copies:
            self.assertTrue(os.path.exists(copy), copy)
            self.assertTrue(copy.startswith(deployments), copy)
        self.assertEqual(self.read(copies[1]), "for a")
        self.assertEqual(os.listdir(self.path("temporary")), [])
        name = self.json("deployments", "list")[0]["id"]
        deleted = self.run_cfy("deployments", "delete", name)
        self.assertEqual(deleted.returncode, 0, deleted.stderr)
        self.assertEqual([copy for copy in copies if os.path.exists(copy)], [])
        self.assertEqual(os.listdir(self.path("temporary")), [])

    def test_a_related_instance_is_seen_with_the_address_of_its_host(self):
        self.write("scripts/b.sh", "")
        self.write("scripts/a.sh", """#!/bin/sh
set -e
for host in 0 1; do
  for word in node.name instance.host_ip instance.state instance.index; do
    ctx instance relationships[$host].target.$word; echo
  done
done
ctx -j instance node properties use_external_resource; echo
ctx get-execution > "$folder/execution"
""")
        hosts = "".join(f"""  host{n}:
    type: cloudify.nodes.Compute
    properties: {{ip: 10.0.0.{n}}}
  b{n}:
    type: cloudify.nodes.Root
    interfaces: {{cloudify.interfaces.lifecycle: {{configure: {{implementation: scripts/b.sh}}}}}}
    relationships: [{{type: cloudify.relationships.contained_in, target: host{n}}}]
""" for n in (1, 2))
        # The address that the host has now counts more than the one it was declared with.
        self.write("scripts/ip.sh", "ctx instance runtime-properties ip 10.0.0.9\n")
        hosts = hosts.replace("ip: 10.0.0.2}\n", "ip: 10.0.0.2}\n    interfaces: {cloudify.interfaces."
                              "lifecycle: {configure: {implementation: scripts/ip.sh}}}\n")
        self.write("blueprint.yaml", topology.blueprint(
            hosts, topology.node("a", "scripts/a.sh", depends_on=["b1", "b2"],
                                 inputs={"folder": self.folder})))
        result = self.run_cfy("execute", "my_workflow", "-p",
                              "operation=cloudify.interfaces.lifecycle.configure")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        said = [line.rsplit("<out> ", 1)[1] for line in result.stdout.splitlines()
                if "<out> " in line]
        self.assertEqual(said, ["b1", "10.0.0.1", "uninitialized", "1",
                                "b2", "10.0.0.9", "uninitialized", "1", "false"])
        self.assertIn(self.execution()["id"], self.read("execution"))

    def run_inline(self, *lines, process=None):
        """What the script prints, or None when it fails; and whether a python3 was started."""
        self.write("python/python3",
                   f'#!/bin/sh\n: > "$MARK"\nexec {sys.executable} "$@"\n', 0o755)
        self.environment["MARK"] = self.path("mark")
        self.environment["PATH"] = self.path("python") + ":" + os.environ["PATH"]
        return self.run_inline_as_it_is(*lines, process=process)

    def run_inline_as_it_is(self, *lines, process=None):
        source = json.dumps("\n".join([*lines, "# more than one line makes it inline"]))
        self.number = getattr(self, "number", 0) + 1
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", source, inputs={"process": process or "{}"})))
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure", "-d",
                              f"d{self.number}", "--task-retries", "0")
        was_started = os.path.exists(self.path("mark"))
        if was_started:
            os.remove(self.path("mark"))
        said = [line.rsplit("<out> ", 1)[1] for line in result.stdout.splitlines()
                if "<out> " in line]
        return (said if result.returncode == 0 else None), was_started

    def test_an_inline_script_is_python_when_python_takes_it(self):
        python = ("import os", "print('in', os.path.basename('x/python'))")
        self.assertEqual(self.run_inline(*python), (["in python"], True))
        self.assertEqual(self.run_inline("print(", "    '$x')"), (["$x"], True))
        # Said otherwise, it is what was said.
        self.assertEqual(self.run_inline(*python, process="{eval_python: false}"), (None, False))
        self.assertEqual(self.run_inline("#!/bin/sh", *python), (None, False))

    def test_an_inline_shell_script_waits_for_no_python(self):
        for lines, said in ((("A=1", "ls", "exit"), None), (("echo $((1 + 2))",), ["3"]),
                            (("f() { echo f; }", "f"), ["f"]),
                            (("cat <<EOF", "import os", "print(1)", "EOF"),
                             ["import os", "print(1)"]),
                            (("echo 'print(1)'",), ["print(1)"])):
            output, was_started = self.run_inline(*lines)
            self.assertFalse(was_started, lines)
            if said is not None:
                self.assertEqual(output, said)
            self.assertIsNotNone(output)

    def test_where_there_is_no_python_an_inline_script_is_for_the_shell(self):
        self.write("bin/import", "#!/bin/sh\necho \"the program import of $1\"\n", 0o755)
        self.assertEqual(self.run_inline("import os"), ([], True))
        self.environment["PATH"] = self.path("bin")
        self.assertEqual(self.run_inline_as_it_is("import os"), (["the program import of os"], False))

    def test_a_mistake_in_a_template_names_its_line(self):
        self.write("conf/a.j2", "one\n{{ 1 + }}\n")
        result = self.execute("#!/bin/sh\nctx get-resource-and-render conf/a.j2\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("conf/a.j2:2: expected a value", result.stdout + result.stderr)

    def test_ctx_sh_ends_the_script_wherever_ctx_fails(self):
        result = self.execute("#!/bin/sh\n. ctx-sh\nctx instance id > id\n"
                              "x=$(ctx node properties missing)\necho went on > went\n",
                              inputs={"process": "{cwd: " + self.folder + "}"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("illegal path", result.stdout + result.stderr)
        self.assertTrue(self.read("id").startswith("a_"))
        self.assertEqual(self.read("went"), "")

    def test_access_that_the_operation_does_not_have_is_not_tried_again(self):
        result = self.execute("#!/bin/sh\necho x >> tries\nctx target node id\n",
                              "--task-retries", "3", "--task-retry-interval", "0",
                              inputs={"process": "{cwd: " + self.folder + "}"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("ctx target is for operations of a relationship", result.stdout + result.stderr)
        self.assertEqual(self.read("tries"), "x\n")

    def test_without_a_proxy_there_is_no_endpoint(self):
        self.assert_runs("#!/bin/sh\necho \"url ${CTX_SOCKET_URL-none}\"\n",
                         inputs={"process": "{ctx_proxy_type: none}"})
        self.assertIn("<out> url none", self.run_cfy("events", self.execution()["id"]).stdout)

    def test_a_script_is_fetched_from_a_server_that_has_it(self):
        class Server(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response({"/a.sh": 200, "/b.sh": 203}.get(self.path, 404))
                self.end_headers()
                self.wfile.write(b"#!/bin/sh\necho fetched\n")

            def log_message(self, *arguments):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Server)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        self.environment["no_proxy"] = "127.0.0.1"
        result = self.assert_runs("", implementation=f"{address}/a.sh")
        self.assertIn("<out> fetched", result.stdout)
        for name, status in (("b.sh", "203"), ("c.sh", "404")):
            result = self.execute("", "-d", name, implementation=f"{address}/{name}")
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"the server answers {status}", result.stdout + result.stderr)


if __name__ == "__main__":
    support.main()
