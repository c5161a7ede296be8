"""Scripts in Python: what they import of Cloudify, and what becomes of the operation."""

import support
import topology


class Python(support.Case):
    def execute(self, script, *arguments, inputs=None):
        self.write("scripts/a.py", script)
        self.write("scripts/db.py", "")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("db", "scripts/db.py"),
            topology.node("a", "scripts/a.py", depends_on=["db"], inputs=inputs)))
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                            "--task-retry-interval", "0", *arguments)

    def assert_runs(self, *given, **options):
        result = self.execute(*given, "--task-retries", "0", **options)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def fail_with(self, script, *arguments, **options):
        """All that is said when it fails."""
        result = self.execute(script, *arguments, **options)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def properties(self, node="a"):
        instances = self.json("node-instances", "list")
        return next(one for one in instances if one["node_id"] == node)["runtime_properties"]


class Context(Python):
    def test_the_context_is_read(self):
        self.assert_runs("""#!/usr/bin/env python
from cloudify import ctx
assert ctx.type == 'node-instance'
assert ctx.node.id == ctx.node.name == 'a' and ctx.node.type == 'cloudify.nodes.Root'
assert dict(ctx.node.properties) == {'use_external_resource': False}, ctx.node.properties
assert ctx.instance.id.startswith('a_')
assert ctx.operation.name == 'cloudify.interfaces.lifecycle.configure'
assert ctx.operation.retry_number == 0 and ctx.operation.max_retries == 0
assert ctx.workflow_id == 'my_workflow' and ctx.execution_id and ctx.tenant_name
assert ctx.deployment.id and ctx.blueprint.id and ctx.plugin.name == 'script'
(one,) = ctx.instance.relationships
assert one.type == 'cloudify.relationships.depends_on'
assert one.target.node.name == 'db' and one.target.instance.id.startswith('db_')
assert one.target.instance.state == 'uninitialized' and one.target.instance.index == 1
assert ctx.instance.node.id == 'a' and ctx.instance.drift is None
assert ctx.resume is False and ctx.timeout is None and ctx.timeout_recoverable is False
assert ctx.get_execution().id == ctx.get_execution(ctx.execution_id).id == ctx.execution_id
assert ctx.get_operation().id == ctx.task_id and ctx.has_cancel_request() is False
assert ctx.get_config() == [] and ctx.get_config(name='x', scope='rest') == []
assert ctx.get_managers()[0].private_ip == ctx.get_brokers('default')[0].host == '127.0.0.1'
assert not hasattr(ctx, 'nothing') and not hasattr(ctx.instance, 'nothing')
""")

    def test_the_module_ctx_is_the_context(self):
        result = self.assert_runs("import ctx\nfrom ctx import node\n"
                                  "ctx.logger.info('here is ' + node.name)\n"
                                  "ctx.instance.runtime_properties['x'] = 1\n")
        self.assertIn("INFO: here is a", result.stdout)
        self.assertEqual(self.properties(), {"x": 1})

    def test_the_logger_is_one_of_python(self):
        result = self.assert_runs("""
from cloudify import ctx
print('printed')
ctx.logger.info('%s and %d', 'one', 2)
ctx.logger.warn('careful %s')
ctx.logger.critical('worst')
try:
    1 / 0
except ZeroDivisionError:
    ctx.logger.exception('divided')
ctx.send_event('happened')
""")
        said = result.stdout
        for text in ("INFO: one and 2", "WARNING: careful %s", "CRITICAL: worst",
                     "ERROR: divided", "ZeroDivisionError", "happened"):
            self.assertIn(text, said)
        self.assertLess(said.index("<out> printed"), said.index("one and 2"))

    def test_inputs_are_what_the_blueprint_gives(self):
        self.assert_runs("""
import cloudify
from cloudify import ctx, inputs
from cloudify.state import ctx_parameters, current_ctx
assert inputs is ctx_parameters is cloudify.inputs and ctx is cloudify.ctx
assert inputs['text'] == '80' and inputs.number == 80 and inputs.get('none', 1) is None
assert inputs['list'] == ['a', {'b': True}] and inputs.get('absent', 5) == 5
assert 'process' in inputs and not hasattr(inputs, 'PATH')
assert current_ctx.get_parameters() is inputs and current_ctx.get_ctx().node.name == 'a'
""", inputs={"text": '"80"', "number": "80", "none": "null", "list": "[a, {b: true}]",
             "process": "{env: {other: x}}"})

    def test_without_an_endpoint_inputs_come_from_the_environment(self):
        self.assert_runs("""
from cloudify.state import ctx_parameters as inputs
assert inputs['text'] == 'some' and inputs['list'] == ['a', {'b': True}] and inputs.sure is True
assert inputs.none is None
""", inputs={"text": "some", "list": "[a, {b: true}]", "sure": "true", "none": "null",
             "process": "{ctx_proxy_type: none}"})

    def test_the_users_modules_come_first(self):
        self.write("modules/ctx.py", "name = 'my own'\n")
        result = self.assert_runs("import ctx\nimport cloudify\nprint(ctx.name)\n", inputs={
            "process": "{env: {PYTHONPATH: " + self.path("modules") + "}}"})
        self.assertIn("<out> my own", result.stdout)

    def test_resources_and_templates(self):
        self.write("conf/a.j2", "{{ x }} {{ ctx.instance.runtime_properties.p.q }}")
        self.assert_runs("""
import os
from cloudify import ctx
ctx.instance.runtime_properties['p'] = {}
ctx.instance.runtime_properties['p']['q'] = 7
assert ctx.get_resource('conf/a.j2').startswith('{{ x }}')
assert ctx.get_resource_and_render('conf/a.j2', {'x': 1}) == '1 7'
for path in (ctx.download_resource('conf/a.j2'), ctx.download_resource('conf/a.j2', 'copy')):
    assert open(path).read().startswith('{{ x }}')
    os.remove(path)
path = ctx.download_resource_and_render('conf/a.j2', template_variables={'x': 'y'})
assert open(path).read() == 'y 7'
os.remove(path)
""", inputs={"process": "{cwd: " + self.folder + "}"})

    def test_capabilities_are_of_the_related(self):
        self.assert_runs("""
from cloudify import ctx
assert 'port' not in ctx.capabilities and ctx.capabilities.get('port', 1) == 1
try:
    ctx.capabilities['port']
    assert False
except KeyError as error:
    assert 'port' in str(error)
assert [*ctx.capabilities.get_all()] == [ctx.instance.relationships[0].target.instance.id]
""")


class Helpers(Python):
    def test_commands_are_run(self):
        result = self.assert_runs("""
import os
from cloudify import ctx, exceptions, utils
from cloudify.utils import CommandExecutionResponse, LocalCommandRunner
runner = LocalCommandRunner(logger=ctx.logger)
done = runner.run('printf "%s" "a  b"')
assert isinstance(done, CommandExecutionResponse) and done.command == 'printf "%s" "a  b"'
assert (done.std_out, done.std_err, done.return_code) == ('a  b', '', 0), done
assert runner.run(['pwd'], cwd='/').std_out == '/'
assert runner.run("sh -c 'echo $WHO'", execution_env={'WHO': 'me'}).std_out == 'me'
failing = "sh -c 'echo out; echo err >&2; exit 3'"
try:
    utils.LocalCommandRunner(host='there').run(failing)
    assert False
except exceptions.CommandExecutionException as error:
    assert (error.command, error.output, error.error, error.code) == (failing, 'out', 'err', 3)
done = runner.run(failing, exit_on_failure=False)
assert (done.std_out, done.std_err, done.return_code) == ('out', 'err', 3)
try:
    runner.run('no-such-program')
    assert False
except exceptions.CommandExecutionError as error:
    assert error.command == 'no-such-program'
""")
        self.assertIn("ended with exit code 3: err", result.stdout)

    def test_names_loggers_and_folders(self):
        result = self.assert_runs("""
import logging, os
from cloudify import utils
from cloudify.utils import id_generator, setup_logger
assert len(id_generator()) == 6 and len(id_generator(size=9)) == 9
assert id_generator(3, 'x') == 'xxx' and id_generator(chars='1').isdigit()
assert len(utils.generate_user_password()) == 32
logger = setup_logger('mine', logging.INFO)
logger.debug('kept quiet')
setup_logger('mine').info('said once')
folder = utils.create_temp_folder()
assert os.path.dirname(folder) == utils.get_exec_tempdir()
os.rmdir(folder)
""")
        self.assertEqual(result.stdout.count("said once"), 1)
        self.assertNotIn("kept quiet", result.stdout)

    def test_a_manager_may_be_imported_but_not_asked(self):
        said = self.fail_with("""
from cloudify import ctx, manager
from cloudify.manager import get_rest_client
from cloudify_rest_client.exceptions import CloudifyClientError
try:
    ctx.logger.info('still here')
    get_rest_client()
except CloudifyClientError:
    pass
""", "--task-retries", "3")
        for text in ("still here", "there is no manager here", "get_secret", "1 task failed"):
            self.assertIn(text, said)
        self.assertNotIn("retry", said.lower())


class FirstLines(Python):
    def test_a_python_that_is_not_there_is_python3(self):
        for line in ("#!/usr/env/bin python", "#!/opt/manager/env/bin/python", "#!/no/python2.7 -u",
                     "#!/usr/bin/env python0", "#!/usr/bin/env python0 -u", "#! /no/such/python\r",
                     "#!/usr/bin/env -S python0 -u", "#!/usr/bin"):
            self.assert_runs(line + "\nfrom cloudify import ctx\n"
                             "ctx.instance.runtime_properties['line'] = 1\n")
            self.assertEqual(self.properties(), {"line": 1}, line)

    def test_one_that_is_there_is_taken(self):
        self.write("bin/own", "#!/bin/sh\necho \"own: $1\"\n", 0o755)
        result = self.assert_runs("#!" + self.path("bin/own") + "\n")
        self.assertIn("own: ", result.stdout)


class RuntimeProperties(Python):
    def test_every_way_to_change_them(self):
        self.assert_runs("""
from cloudify import ctx
p = ctx.instance.runtime_properties
assert len(p) == 0 and 'a' not in p and p.get('a') is None
p['a.b[0]'] = 'odd key'
p['gone'] = 1
p.update({'one': 1, 'two': None}, three=[3])
assert p.setdefault('one', 5) == 1 and p.setdefault('four', {}) == {}
p['gone2'] = p['gone3'] = 0
del p['gone']
assert p.pop('gone2') == 0 and p.pop('absent', 9) == 9 and p.popitem() == ('gone3', 0)
assert set(p) == {'a.b[0]', 'one', 'two', 'three', 'four'}
""")
        self.assertEqual(self.properties(), {"a.b[0]": "odd key", "one": 1, "two": None,
                                             "three": [3], "four": {}})

    def test_all_are_replaced_at_once(self):
        self.assert_runs("from cloudify import ctx\n"
                         "ctx.instance.runtime_properties['old'] = 1\n"
                         "ctx.instance.runtime_properties = {'new': 2}\n")
        self.assertEqual(self.properties(), {"new": 2})

    def test_nested_changes_are_saved_also_when_the_script_fails(self):
        self.fail_with("""
import copy, json
from cloudify import ctx
p = ctx.instance.runtime_properties
p['map'] = {'list': []}
p['map']['list'].append(1)
p.setdefault('other', []).append({'x': 1})
copied = copy.deepcopy(p)
copied['map'] = 'elsewhere'
assert json.loads(json.dumps(p)) == {'map': {'list': [1]}, 'other': [{'x': 1}]}
raise ValueError('after all')
""", "--task-retries", "0")
        self.assertEqual(self.properties(), {"map": {"list": [1]}, "other": [{"x": 1}]})

    def test_what_cannot_be_stored_is_a_failure(self):
        said = self.fail_with("from cloudify import ctx\n"
                              "ctx.instance.runtime_properties['a'] = {}\n"
                              "ctx.instance.runtime_properties['a']['b'] = object()\n",
                              "--task-retries", "0")
        self.assertIn("not JSON serializable", said)
        self.assertEqual(self.properties(), {"a": {}})

    def test_an_update_is_stored_while_the_script_runs(self):
        self.environment["CFY_RUN"] = support.PROGRAM
        self.assert_runs("""
import json, os, subprocess
from cloudify import ctx
def stored():
    text = subprocess.check_output([os.environ['CFY_RUN'], 'node-instances', 'list', '--json'])
    return next(one for one in json.loads(text)
                if one['id'] == ctx.instance.id)['runtime_properties']
ctx.instance.runtime_properties['a'] = {}
ctx.instance.runtime_properties['a']['b'] = 1
assert stored() == {}
ctx.instance.update()
assert stored() == {'a': {'b': 1}}, stored()
ctx.instance.runtime_properties['c'] = 2
ctx.instance.refresh(force=True)
assert ctx.instance.runtime_properties == {'a': {'b': 1}}
""", inputs={"process": "{cwd: " + self.folder + "}"})

    def test_of_others_they_are_read_only(self):
        said = self.fail_with("from cloudify import ctx\n"
                              "ctx.instance.relationships[0].target.instance"
                              ".runtime_properties['x'] = 1\n", "--task-retries", "3")
        self.assertIn("cannot be changed", said)
        said = self.fail_with("from cloudify import ctx\nctx.node.properties['x'] = 1\n",
                              "-d", "other", "--task-retries", "3")
        self.assertIn("cannot be changed", said)

    def test_both_ends_of_a_relationship(self):
        self.write("establish.py", """
from cloudify import ctx
assert ctx.type == 'relationship-instance' and ctx.operation.relationship == 'source'
ctx.source.instance.runtime_properties['other'] = ctx.target.node.name
ctx.target.instance.runtime_properties['other'] = ctx.source.node.name
for word in 'node', 'instance':
    try:
        getattr(ctx, word)
        assert False
    except Exception as error:
        assert type(error).__name__ == 'NonRecoverableError', error
        assert 'ctx {} is for'.format(word) in str(error), error
        assert 'use ctx source {0} or ctx target {0}'.format(word) in str(error), error
""")
        self.write("blueprint.yaml", topology.HEAD + """
node_templates:
  db:
    type: cloudify.nodes.Root
  a:
    type: cloudify.nodes.Root
    relationships:
      - type: cloudify.relationships.connected_to
        target: db
        source_interfaces:
          cloudify.interfaces.relationship_lifecycle:
            establish: establish.py
""")
        result = self.run_cfy("execute", "install", "--task-retries", "0")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.properties("a"), {"other": "db"})
        self.assertEqual(self.properties("db"), {"other": "a"})


# Notes each try; the tests let it have several.
TRY = "open('tries', 'a').write('x')\n"


class Verdicts(Python):
    def tries(self, script, retries, code):
        result = self.execute(TRY + script, "--task-retries", str(retries),
                              inputs={"process": "{cwd: " + self.folder + "}"})
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return len(self.read("tries")), result.stdout + result.stderr

    def test_a_value_is_returned(self):
        result = self.assert_runs("from cloudify import ctx\nctx.returns({'a': [None, 1]})\n")
        self.assertIn("- {'a': [None, 1]}\n", result.stdout)

    def test_aborting_ends_the_script_and_is_not_tried_again(self):
        tries, said = self.tries("from cloudify import ctx\n"
                                 "try:\n    ctx.abort_operation('no way')\n"
                                 "except Exception:\n    pass\nprint('went on')\n", 3, 1)
        self.assertEqual(tries, 1)
        self.assertIn("no way", said)
        self.assertNotIn("went on", said)
        self.assertNotIn("Traceback", said)

    def test_retrying_ends_the_script(self):
        for how in ("ctx.retry_operation('not yet', 0)",
                    "ctx.retry_operation(message='not yet', retry_after=0)",
                    "ctx.operation.retry(message='not yet', retry_after=0)"):
            self.write("tries", "")
            tries, said = self.tries("from cloudify import ctx\n"
                                     f"if ctx.operation.retry_number < 2:\n    {how}\n", 5, 0)
            self.assertEqual(tries, 3)
            self.assertIn("not yet", said)

    def test_an_uncaught_error_says_what_is_to_happen(self):
        head = ("from cloudify import ctx\nfrom cloudify.decorators import operation\n"
                "from cloudify.exceptions import *\n"
                "@operation\ndef first(**_):\n    {}\n"
                "@operation(resumable=True)\ndef run(**kwargs):\n    first()\n"
                "if ctx.operation.retry_number < 1: run()\n")
        for error, tries, code in (
                ("raise NonRecoverableError('the reason')", 1, 1),
                ("raise RecoverableError('the reason')", 2, 0),
                ("raise RecoverableError('the reason', retry_after=0)", 2, 0),
                ("raise OperationRetry('the reason')", 2, 0),
                ("ctx.returns(1); raise OperationRetry('the reason')", 2, 0),
                ("raise HttpException('url', 404, 'the reason')", 1, 1),
                ("raise ValueError('the reason')", 2, 0)):
            with self.subTest(error=error):
                self.write("tries", "")
                seen, said = self.tries(head.format(error), 3, code)
                self.assertEqual(seen, tries, said)
                self.assertIn("<err> Traceback", said)
                self.assertIn("the reason", said)

    def test_access_that_the_operation_does_not_have_is_not_tried_again(self):
        tries, said = self.tries("from cloudify import ctx\nctx.source.node\n", 3, 1)
        self.assertEqual(tries, 1)
        self.assertIn("ctx source is for operations of a relationship", said)


if __name__ == "__main__":
    support.main()
