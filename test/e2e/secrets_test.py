"""Secrets: where they come from, and that nobody sees them who should not."""

import json
import os
import pty
import re
import sqlite3
import stat
import subprocess

import support
import topology

SECRET = "hunter2-and-more"
OUTPUTS = """outputs:
  login:
    value: { concat: ["user:", { get_secret: token }] }
"""


class Secrets(support.Case):
    def set_secret(self, name, value, *arguments):
        return subprocess.run([support.PROGRAM, "secrets", "set", name, *arguments], input=value,
                              cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=support.DEADLINE_S)

    def get_secret(self, name):
        result = self.run_cfy("secrets", "get", name)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def write_blueprint(self, script, inputs, extra=OUTPUTS):
        self.write("scripts/a.sh", script)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/a.sh", inputs=inputs), extra=extra))

    def execute(self, *arguments):
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                            "--task-retries", "0", *arguments)

    def assert_hidden(self, *results, secret=SECRET):
        """Neither in what was printed nor in any file of the state but the table of secrets."""
        for result in results:
            self.assertNotIn(secret, result.stdout + result.stderr)
        with sqlite3.connect(self.path("state/state.db")) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                if table in ("secrets", "node_instances"):
                    continue
                for row in database.execute(f"SELECT * FROM {table}"):
                    self.assertNotIn(secret, repr(row), table)

    def test_a_secret_in_the_parameters_of_a_run_is_hidden_in_its_report_and_its_graph(self):
        self.set_secret("token", SECRET)
        self.write("fail.sh", "#!/bin/sh\nexit 3\n")
        self.write("blueprint.yaml", "tosca_definitions_version: cloudify_dsl_1_4\n"
                   "imports: [cloudify/types/types.yaml]\nnode_types:\n  T:\n"
                   "    derived_from: cloudify.nodes.Root\n    interfaces: {t: {op: fail.sh}}\n"
                   "node_templates:\n  a: {type: T}\n  b:\n    type: T\n    relationships: "
                   "[{type: cloudify.relationships.depends_on, target: a}]\n")
        result = self.run_cfy("execute", "execute_operation", "--task-retries", "0",
                              "-p", "operation=t.op", "-p", "run_by_dependency_order=true",
                              "-p", 'operation_kwargs:={"kw": {"get_secret": "token"}}')
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("because of it", result.stderr)
        self.assert_hidden(result, self.run_cfy("graph", self.execution()["id"]))

    # ---- the store of secrets

    def test_a_secret_is_kept_byte_by_byte(self):
        value = "line one\nline 'two'\n\ttab"
        self.assertEqual(self.set_secret("key", value + "\n").returncode, 0)
        self.assertEqual(self.get_secret("key"), value)
        self.write("value", value + "\n")
        self.assertEqual(self.set_secret("key", None, "--file", "value").returncode, 0)
        self.assertEqual(self.get_secret("key"), value + "\n")
        self.assertEqual(self.json("secrets", "get", "key")["value"], value + "\n")

    def test_secrets_are_listed_without_their_values(self):
        self.set_secret("b", SECRET)
        self.set_secret("a", SECRET)
        result = self.run_cfy("secrets", "list")
        self.assertNotIn(SECRET, result.stdout)
        self.assertEqual([row["key"] for row in self.json("secrets", "list")], ["a", "b"])

    def test_a_deleted_secret_is_gone(self):
        self.set_secret("key", SECRET)
        self.assertEqual(self.run_cfy("secrets", "delete", "key").returncode, 0)
        self.assert_refused(self.run_cfy("secrets", "get", "key"), 5, "no secret 'key'")
        self.assert_refused(self.run_cfy("secrets", "delete", "key"), 5, "no secret 'key'")

    def test_the_file_is_its_owners_alone(self):
        self.set_secret("key", SECRET)
        for name in os.listdir(self.path("state")):
            mode = os.stat(self.path(os.path.join("state", name)))
            if stat.S_ISREG(mode.st_mode):
                self.assertEqual(stat.S_IMODE(mode.st_mode), 0o600, name)

    def test_a_value_on_the_command_line_or_an_empty_one_is_refused(self):
        self.assert_refused(self.set_secret("key", "", SECRET), 2, "history")
        self.assert_refused(self.set_secret("key", ""), 2, "empty")
        self.assert_refused(self.set_secret("a b", SECRET), 3, "'a b'")
        self.assertEqual(self.json("secrets", "list"), [])

    def test_a_terminal_is_asked_without_echo(self):
        master, slave = pty.openpty()
        process = subprocess.Popen([support.PROGRAM, "secrets", "set", "key"], stdin=slave,
                                   stdout=slave, stderr=slave, env=self.environment,
                                   start_new_session=True)
        os.close(slave)
        said = b""
        while b"value of secret 'key': " not in said:
            said += os.read(master, 1024)
        self.wait_for(lambda: not self.echoes(master), "echo to be off")
        os.write(master, SECRET.encode() + b"\n")
        while b"is set" not in said:
            said += os.read(master, 1024)
        self.assertEqual(process.wait(support.DEADLINE_S), 0)
        os.close(master)
        self.assertNotIn(SECRET.encode(), said)
        self.assertEqual(self.get_secret("key"), SECRET)

    @staticmethod
    def echoes(terminal):
        import termios
        return termios.tcgetattr(terminal)[3] & termios.ECHO

    # ---- where a value comes from

    def value_seen(self, *arguments):
        self.write_blueprint("#!/bin/sh\nprintf %s \"$token\" > \"$(dirname \"$0\")/../seen\"\n",
                             {"token": "{ get_secret: my-token }"}, extra="")
        result = self.execute(*arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return self.read("seen")

    def test_the_environment_wins_over_the_file_and_that_over_the_store(self):
        self.write("secrets.yaml", "my-token: from-file\n")
        self.set_secret("my-token", "from-store")
        self.assertEqual(self.value_seen(), "from-store")
        self.assertEqual(self.value_seen("--secrets", "secrets.yaml"), "from-file")
        self.environment["CFY_SECRET_MY_TOKEN"] = "from-environment"
        self.assertEqual(self.value_seen("--secrets", "secrets.yaml"), "from-environment")
        self.environment["CFY_SECRET_my-token"] = "by-its-own-name"
        self.assertEqual(self.value_seen(), "by-its-own-name")

    def test_operations_do_not_inherit_the_secrets_of_the_environment(self):
        self.environment["CFY_SECRET_TOKEN"] = SECRET
        self.write_blueprint("#!/bin/sh\nenv > \"$(dirname \"$0\")/../seen\"\n", {"x": 1})
        self.assertEqual(self.execute().returncode, 0)
        self.assertNotIn("CFY_SECRET", self.read("seen"))
        self.assertNotIn(SECRET, self.read("seen"))

    def test_a_part_of_a_json_secret(self):
        self.write("s.json", json.dumps({"db": {"users": [{"password": SECRET}]}}))
        self.write_blueprint(
            "#!/bin/sh\necho \"$token\"\nprintf %s \"$token\" > \"$(dirname \"$0\")/../seen\"\n",
            {"token": "{ get_secret: [db, users, 0, password] }"}, extra="")
        result = self.execute("--secrets", "s.json")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("seen"), SECRET)
        self.assertIn("<out> ********", result.stdout)
        self.assert_hidden(result)

    def test_all_missing_secrets_are_named_before_anything_starts(self):
        self.write_blueprint("#!/bin/sh\ntouch \"$(dirname \"$0\")/../ran\"\n",
                             {"one": "{ get_secret: first }", "two": "{ get_secret: second }"})
        for command in (["execute", "my_workflow", "-p", "operation=configure"], ["plan"],
                        ["init"]):
            result = self.run_cfy(*command)
            self.assert_refused(result, 3, "'first'", "'second'", "'token'",
                                "cfy-run secrets set first", "CFY_SECRET_FIRST")
        self.assertEqual(self.read("ran"), "")
        self.assertEqual(self.json("deployments", "list"), [])
        self.write("s.yaml", "{first: 1, second: [a], token: x}")
        for command in ("plan", "validate", "init"):
            result = self.run_cfy(command, "--secrets", "s.yaml")
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_bad_secrets_file_is_refused_without_showing_it(self):
        self.write_blueprint("#!/bin/sh\n", {"x": 1}, extra="")
        self.write("s.yaml", f"a: b\ntoken: [{SECRET}\n")
        result = self.run_cfy("plan", "--secrets", "s.yaml")
        self.assert_refused(result, 3, "s.yaml:")
        self.assertNotIn(SECRET, result.stdout + result.stderr)
        self.write("s.yaml", "[a]")
        self.assert_refused(self.run_cfy("plan", "--secrets", "s.yaml"), 3, "must hold a map")
        self.write("s.yaml", "a:")
        self.assert_refused(self.run_cfy("plan", "--secrets", "s.yaml"), 3, "'a'", "no value")
        self.assert_refused(self.run_cfy("plan", "--secrets", "none.yaml"), 3, "none.yaml")

    # ---- who does not see it

    def test_a_value_is_hidden_in_output_logs_errors_and_results(self):
        self.set_secret("token", SECRET)
        self.write_blueprint(
            "#!/bin/sh\nhead=${token%??????}; printf %s \"$head\"; printf '%s\\n' \"${token#$head}\"\n"
            "echo \"err: $token\" >&2\n"
            "ctx logger info \"log: $token\"\n"
            "ctx instance runtime-properties password \"$token\"\n"
            "printf '{\"a\": \"%s\"}\\n' \"$token\"\n"
            "exit 3\n", {"token": "{ get_secret: token }"})
        plain = self.execute()
        self.assertEqual(plain.returncode, 1, plain.stdout)
        for line in ("<out> ********", "<err> err: ********", "log: ********",
                     '{"a": "********"}'):
            self.assertIn(line, plain.stdout)
        records = self.execute("--json")
        events = self.run_cfy("events", self.json("executions", "list")[0]["id"], "--json")
        self.assert_hidden(plain, records, events)
        # The operation itself saw it, and what it kept is whole.
        shown = self.json("node-instances", "list", "--show-secrets")
        self.assertEqual(shown[0]["runtime_properties"], {"password": SECRET})
        self.assert_hidden(self.run_cfy("node-instances", "list", "--json"))

    def test_a_value_is_hidden_in_what_programs_make_of_it(self):
        """The programs themselves write it; where one is not installed, its line is left out."""
        producers = [
            'printf "%q\\n" "$token"', "bash -c 'printf \"%q\\n\" \"$token\"'",
            "LC_ALL=C bash -c 'printf \"%q\\n\" \"$token\"'", "env printf '%q\\n' \"$token\"",
            "bash -c 'echo \"${token@Q}\"; declare -p token'", "bash -xc ': \"$token\"'",
            "LC_ALL=C bash -xc ': \"$token\"'", "sh -xc ': \"$token\"'", "busybox sh -xc ': \"$token\"'",
            "dash -c 'set' | grep -a ^token=", "bash -c 'set' | grep -a ^token=",
            'printf %s "$token" | base64', 'printf %s "$token" | base64 -w0', 'echo "$token" | base64',
            'printf "user:%s" "$token" | base64 -w0', 'printf %s "$token" | openssl base64',
            'jq -n --arg s "$token" \'$s, {a: $s}, ({a: $s} | tojson | tojson)\'',
            'jq -nr --arg s "$token" \'$s | @uri, @sh, @html, @base64, @csv "\\([.])"\'',
            'jq -na --arg s "$token" \'$s, ({a: $s} | tojson)\'',
            "node -p 'const s = process.env.token; [s, encodeURIComponent(s), JSON.stringify({s})]'",
            "node -p 'const s = process.env.token; new URLSearchParams({s}).toString()'",
            "perl -MData::Dumper -e '$Data::Dumper::Useqq = 1; print Dumper($ENV{token})'",
            'python3 "$(dirname "$0")/forms.py"']
        python = [
            "repr(s)", "ascii(s)", "[s]", "s.encode()", "ascii({'a': repr(s)})", "u.quote(s)",
            "u.quote_plus(s)", "u.quote(s, safe='')", "u.urlencode({'a': s})",
            "u.quote(u.quote_plus(s))", "u.quote_plus(s).lower()", "json.dumps(s)",
            "json.dumps(s, ensure_ascii=False)", "json.dumps({'a': json.dumps({'b': s})})",
            "json.dumps({'a': json.dumps({'b': s}, ensure_ascii=False)}, ensure_ascii=False)",
            "json.dumps([json.dumps([json.dumps([s])])])", "repr(json.dumps(s))",
            "html.escape(s)", "html.escape(s, quote=False)", "escape(s)", "quoteattr(s)",
            "s.encode('ascii', 'xmlcharrefreplace')", "s.encode('ascii', 'backslashreplace')",
            "html.escape(u.quote(s))", "html.escape(html.escape(s))", "shlex.quote(s)",
            "base64.b64encode(s.encode())", "base64.urlsafe_b64encode(s.encode()).decode()",
            "base64.urlsafe_b64encode(s.encode()).decode().rstrip('=')",
            "base64.encodebytes(s.encode()).decode()",
            "u.quote(base64.b64encode(s.encode()))"]
        self.write("scripts/forms.py", "import base64, html, json, os, shlex, urllib.parse as u\n"
                   "from xml.sax.saxutils import escape, quoteattr\ns = os.environ['token']\n" +
                   "".join(f"print('--- {len(producers) + line}')\nprint({shown})\n"
                           for line, shown in enumerate(python)))
        secrets = ['p@ss "w:rdx" \u00e9\\1', "zit's+100% <aqq&bqqq> $xqqq `yqqq` \\\\ endq",
                   "tabq\tandq\u20ac\U0001f600~?>", "zfirst 'zline'\nze\"zcond\\ zline\nzthird & zlast",
                   '{"key": "zva\\"zlue / zone", "n": "\u00fczzz ber"}',
                   "zvery zlong, " + "zlonger & zlonger, " * 8 + "\u00ff\u00fe",
                   "\x1b[1mzbold\x07 \x7f zend"]
        for number, secret in enumerate(secrets):
            self.set_secret("token", secret)
            script = "#!/bin/bash\nexport token\nexec 2>&1\n" + "".join(
                f"echo '--- {line}'; {producer}\n" for line, producer in enumerate(producers))
            self.write_blueprint(script, {"token": "{ get_secret: token }"}, extra="")
            result = self.execute("-d", f"d{number}")
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            lines = [line.partition("<out> ")[2] for line in result.stdout.splitlines() if "<out>" in line]
            words = re.findall("[A-Za-z]{4,}", secret)
            at = "?"
            for line in lines:
                if line.startswith("--- "):
                    at = (producers + python)[int(line[4:])]
                    continue
                shown = [word for word in words if word in line]
                self.assertEqual([], shown, (secret, at, line))
                if "base64" in at and "jq" not in at:
                    self.assertNotRegex(line, "[A-Za-z0-9+/_-]{9,}", (secret, at))
            self.assertGreaterEqual(sum("********" in line for line in lines), 40, lines)

    def test_a_value_is_hidden_where_a_long_line_is_cut(self):
        """Lines of more than 64 KiB come in pieces; this one has no blank to cut it at."""
        secret = "s3cr3t-without-any-blank-" + "in-it" * 3
        self.set_secret("token", secret)
        self.write_blueprint(
            "#!/bin/bash\nfor i in $(seq 5000); do printf %s \"$token\"; done\necho\n"
            "for i in $(seq 5000); do printf %s \"$token\"; done >&2\nexit 1\n",
            {"token": "{ get_secret: token }"}, extra="")
        result = self.execute()
        self.assertEqual(result.returncode, 1)
        lines = [line.partition(stream)[2] for stream in ("<out> ", "<err> ")
                 for line in result.stdout.splitlines() if stream in line]
        self.assertEqual("".join(lines), "********" * 10000)
        self.assertIn("(a line of 200000 bytes)", result.stdout)
        self.assert_hidden(result, secret="s3cr3t")

    def test_a_worker_that_outlives_its_runner_hides_every_secret(self):
        """The operation found them elsewhere: none of them is in its inputs."""
        values = {"store": "of-the-store-11", "file": "of-the-file-22", "environment": "of-env-33"}
        self.set_secret("store", values["store"])
        self.write("s.yaml", f"file: {values['file']}\n")
        self.environment["CFY_SECRET_ENVIRONMENT"] = values["environment"]
        self.write("found", " ".join(values.values()))
        for number, end in enumerate(('ctx abort-operation "no: $found"', 'ctx returns "$found"',
                                      'echo "$found" >&2; exit 3')):
            for name in ("ready", "go"):
                if os.path.exists(self.path(name)):
                    os.unlink(self.path(name))
            self.write_blueprint(
                "#!/bin/sh\nhere=$(dirname \"$0\")/..\nfound=$(cat $here/found)\n"
                f"touch $here/ready\nwhile [ ! -e $here/go ]; do sleep 0.01; done\n{end}\n",
                {"x": 1}, extra="")
            process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure",
                                     "--task-retries", "0", "-d", f"d{number}",
                                     "--secrets", "s.yaml")
            self.wait_for_file("ready")
            process.kill()
            process.wait()
            self.write("go", "")
            id = self.json("executions", "list", "-d", f"d{number}")[0]["id"]
            self.wait_for(lambda: "Task failed" in self.run_cfy("events", id).stdout or
                          "Task succeeded" in self.run_cfy("events", id).stdout, "the record")
            shown = [self.run_cfy(command, id, *how) for command in ("events", "graph")
                     for how in ([], ["--json"])]
            self.assertIn("********", shown[0].stdout)
            for value in values.values():
                self.assert_hidden(*shown, secret=value)

    def test_a_result_is_hidden_and_so_are_the_lines_of_a_key(self):
        key = "-----BEGIN KEY-----\nMIIBVgIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n"
        self.write("key", key)
        self.set_secret("token", None, "--file", "key")
        self.write_blueprint("#!/bin/sh\necho \"$token\"\nctx returns \"$token\"\n",
                             {"token": "{ get_secret: token }"})
        plain = self.execute()
        self.assertEqual(plain.returncode, 0, plain.stdout + plain.stderr)
        records = self.execute("--json")
        for part in ("MIIBVgIBADANBg", "kqhkiG9w0BAQEF", "END KEY"):
            self.assert_hidden(plain, records, secret=part)

    def test_parameters_are_stored_as_functions(self):
        self.set_secret("token", SECRET)
        self.write_blueprint("#!/bin/sh\nprintf %s \"$word\" > \"$(dirname \"$0\")/../seen\"\n",
                             {"x": 1})
        result = self.execute("-p", "operation_kwargs:={\"word\": {\"get_secret\": \"token\"}}")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("seen"), SECRET)
        self.assert_hidden(result)
        self.assertEqual(self.execution()["parameters"]["operation_kwargs"],
                         {"word": {"get_secret": "token"}})

    def test_a_parameter_with_a_secret_in_another_form_is_kept_and_not_shown(self):
        self.set_secret("token", "p@ss/w:rd")
        self.set_secret("json", '{"pin": 987654321}')
        self.write_blueprint("#!/bin/sh\nprintf %s \"$url $pin\" > \"$(dirname \"$0\")/../seen\"\n",
                             {"x": 1})
        form = "http://u:p%40ss%2Fw%3Ard@host"
        result = self.execute("-p", "operation_kwargs:=" +
                              json.dumps({"url": form, "pin": 987654321}))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("seen"), form + " 987654321")
        id = self.execution()["id"]
        for query in (["executions", "list"], ["executions", "get", id], ["graph", id],
                      ["events", id]):
            for how in ([], ["--json"]):
                shown = self.run_cfy(*query, *how).stdout
                self.assertNotIn("p%40ss", shown)
                self.assertNotIn("987654321", shown)
        self.assertEqual(self.execution()["parameters"]["operation_kwargs"]["url"],
                         "http://u:********@host")

    def test_outputs_show_a_secret_only_when_asked(self):
        self.set_secret("token", SECRET)
        self.write_blueprint("#!/bin/sh\n", {"x": 1})
        self.assertEqual(self.run_cfy("init", "-d", "shop").returncode, 0)
        self.assertEqual(self.json("outputs"), {"login": "user:********"})
        self.assertEqual(self.json("outputs", "--show-secrets"), {"login": "user:" + SECRET})
        self.assert_hidden(self.run_cfy("plan", "--json"))


if __name__ == "__main__":
    support.main()
