"""Scripts behind a command_prefix are files: who can read them, and that none of them is left.

What needs other users makes them, and runs as root only."""

import os
import pwd
import shutil
import signal
import stat
import subprocess

import support
import topology

SECRET = "sesame-open-123456"
RESUMABLE = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
node_templates:
  a:
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create:
          implementation: script.script_runner.tasks.run
          executor: central_deployment_agent
          max_retries: 0
          inputs:
            here: HERE
            script_source: {concat: ["SCRIPT # ", {get_secret: s}, "\\n"]}
            process: {command_prefix: "PREFIX"}
"""
WAITS = ("#!/bin/sh\\necho $0 > $here/path.new; mv $here/path.new $here/path; id -un; "
         "while [ ! -e $here/go ]; do sleep 0.01; done;")


def as_user(name, *words):
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups", *words]


class PrefixedScripts(support.Case):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("tmp"))
        os.chmod(self.path("tmp"), 0o1777)
        self.environment["TMPDIR"] = self.path("tmp")
        self.environment["CFY_SECRET_S"] = SECRET
        self.users = []

    def tearDown(self):
        for name in self.users:
            subprocess.run(["userdel", name], capture_output=True)
        super().tearDown()

    def make_users(self, count):
        if os.geteuid() != 0:
            self.skipTest("only root can make users")
        for number in range(count):
            name = f"cfyt{os.getpid()}{'abc'[number]}"
            try:
                done = subprocess.run(["useradd", "-M", name], capture_output=True, text=True)
            except FileNotFoundError:
                self.skipTest("there is no useradd")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.users.append(name)
        os.chmod(self.folder, 0o755)
        return self.users

    def start(self, prefix, deployment="d", script=WAITS, starter=()):
        for name in ("path", "go"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        self.write("blueprint.yaml", RESUMABLE.replace("HERE", self.path("."))
                   .replace("SCRIPT", script).replace("PREFIX", prefix))
        command = ["install", "-d", deployment]
        with open(self.path("stdout"), "w") as out, open(self.path("stderr"), "w") as err:
            process = subprocess.Popen([*starter, support.PROGRAM, *command], cwd=self.folder,
                                       env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=err, start_new_session=True)
        self.started.append(process)
        self.wait_for(lambda: os.path.exists(self.path("path")) or process.poll() is not None,
                      "the script")
        self.assertTrue(os.path.exists(self.path("path")), self.read("stdout") + self.read("stderr"))
        return process, self.read("path").strip()

    def end(self, process):
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0, self.read("stdout") + self.read("stderr"))

    def kill_all(self, process):
        """The runner and its worker; the script goes on alone, and ends."""
        workers = [int(pid) for pid in self.children(process.pid)]
        for pid in [process.pid, *workers]:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        for pid in workers:
            self.wait_for(lambda: not support.is_running(pid), "the worker's end")
        self.write("go", "")

    @staticmethod
    def children(pid):
        found = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += file.read().split()
        return found

    def left(self):
        """Files with the secret in them, below the state and among temporary files."""
        return [os.path.join(folder, name) for top in ("state/deployments", "tmp")
                for folder, _, names in os.walk(self.path(top)) for name in names
                if SECRET in self.read(os.path.join(folder, name))] + os.listdir(self.path("tmp"))

    def test_a_script_is_its_users_alone_and_lies_below_the_work_folder(self):
        process, path = self.start("nice -n 1")
        self.assertTrue(path.startswith(self.path("state/deployments/d/")), path)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o700)
        self.assertIn(SECRET, self.read(path))
        self.end(process)
        self.assertEqual(self.left(), [])

    def test_nothing_is_left_after_a_kill_and_a_resume(self):
        process, path = self.start("env A=1")
        self.kill_all(process)
        self.assertNotEqual(self.left(), [])
        result = self.run_cfy("resume", self.execution()["id"])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.left(), [])

    def test_nothing_is_left_after_a_kill_and_what_else_may_follow(self):
        for number, follow in enumerate((["cancel", "ID"], ["cancel", "ID", "--kill"],
                                         ["deployments", "delete", "--force", "DEPLOYMENT"],
                                         ["uninstall", "-d", "DEPLOYMENT"])):
            deployment = f"d{number}"
            process, path = self.start("env A=1", deployment)
            self.kill_all(process)
            self.assertNotEqual(self.left(), [], follow)
            id = self.json("executions", "list", "-d", deployment)[0]["id"]
            result = self.run_cfy(*(word.replace("ID", id).replace("DEPLOYMENT", deployment)
                                    for word in follow))
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertEqual(self.left(), [], follow)

    def test_nothing_is_left_when_the_worker_alone_is_killed(self):
        process, path = self.start("env A=1")
        for pid in self.children(process.pid):
            os.kill(int(pid), signal.SIGKILL)
        self.wait_for_end(process)
        self.assertEqual(self.left(), [])

    def test_a_script_that_runs_stays_when_another_run_sweeps(self):
        process, path = self.start("env A=1")
        self.write("go.yaml", "")
        result = self.run_cfy("execute", "execute_operation", "-d", "d", "--force", "-p",
                              "operation=cloudify.interfaces.lifecycle.stop")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertTrue(os.path.exists(path))
        self.end(process)

    def test_another_user_runs_it_and_a_third_cannot_read_it(self):
        other, third = self.make_users(2)
        prefixes = [f"setpriv --reuid={other} --clear-groups", f"setpriv --reuid {other} sh",
                    f"A=1 nice -n 1 setpriv --clear-groups --reuid {pwd.getpwnam(other).pw_uid}"]
        for program, prefix in (("sudo", f"sudo -E -u {other}"), ("sudo", f"sudo -Eu {other} sh"),
                                ("runuser", f"runuser -u {other} --"),
                                ("su", f"su {other} -s")):
            if shutil.which(program):
                prefixes.append(prefix)
        os.chmod(self.folder, 0o777)
        for number, prefix in enumerate(prefixes):
            process, path = self.start(prefix, f"d{number}")
            self.assertTrue(path.startswith(self.path("tmp/")), (prefix, path))
            read = [subprocess.run(as_user(name, "cat", path), capture_output=True, text=True)
                    for name in (other, third)]
            self.assertIn(SECRET, read[0].stdout, prefix)
            self.assertNotEqual(read[1].returncode, 0, prefix)
            self.assertNotIn(SECRET, read[1].stdout, prefix)
            self.end(process)
            self.assertIn(f"<out> {other}", self.read("stdout"), prefix)
            self.assertEqual(self.left(), [], prefix)

    def test_the_folder_of_another_user_is_gone_after_a_kill_and_a_resume(self):
        (other,) = self.make_users(1)
        os.chmod(self.folder, 0o777)
        process, path = self.start(f"setpriv --reuid={other} --clear-groups")
        self.kill_all(process)
        self.assertTrue(os.path.exists(path))
        result = self.run_cfy("resume", self.execution()["id"])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.left(), [])

    def test_who_is_not_root_lets_one_other_user_read_it_by_an_acl(self):
        """A stand-in for sudo starts the script as the same user, and the other one looks at it."""
        runner, other, third = self.make_users(3)
        self.write("bin/sudo", "#!/bin/sh\nshift 2\nexec sh \"$@\"\n", 0o755)
        self.environment["PATH"] = self.path("bin") + ":" + os.environ["PATH"]
        os.chmod(self.folder, 0o777)
        starter = as_user(runner)
        if subprocess.run([*starter, support.PROGRAM, "--version"],
                          capture_output=True).returncode != 0:
            self.skipTest("the program under test is not for all users")
        process, path = self.start(f"sudo -u {other}", starter=starter)
        self.assertTrue(path.startswith(self.path("tmp/")), path)
        read = [subprocess.run(as_user(name, "cat", path), capture_output=True, text=True)
                for name in (other, third)]
        self.assertIn(SECRET, read[0].stdout, read[0].stderr)
        self.assertNotEqual(read[1].returncode, 0)
        self.end(process)
        self.assertEqual(self.left(), [])

    def test_an_unknown_user_is_named(self):
        self.write("blueprint.yaml", RESUMABLE.replace("SCRIPT", "true").replace("HERE", "x")
                   .replace("PREFIX", "sudo -u no-such-user"))
        result = self.run_cfy("install")
        self.assertEqual(result.returncode, 1)
        self.assertIn("user 'no-such-user', whom this machine does not know", result.stderr)


if __name__ == "__main__":
    support.main()
