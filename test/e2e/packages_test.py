"""Plugin packages through the binary: installed from each kind of source, found by runs and by
imports, refused with the reason.

CFY_BUILD is the build folder, where the test plugins are."""

import contextlib
import http.server
import io
import json
import os
import shutil
import tarfile
import threading
import zipfile

import support

PLUGINS = os.path.join(os.environ.get("CFY_BUILD", ""), "test/plugins")
LIBRARY = os.path.join(PLUGINS, "misbehaves.so")  # calls itself misbehaves 1.2.3

DEFINITIONS = """plugins:
  good:
    executor: central_deployment_agent
    package_name: good-plugin
    package_version: '{version}'
node_types:
  good.Node:
    interfaces:
      lifecycle:
        start: good.tasks.works
"""
BLUEPRINT = """tosca_definitions_version: {dsl}
imports:
  - {imported}
node_templates:
  a: {{type: good.Node}}
workflows:
  run: good.workflows.returns
"""


@contextlib.contextmanager
def serve(content):
    """The address of a server that has one file, /p."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            is_there = self.path.startswith("/p?")
            self.send_response(200 if is_there else 404)
            self.end_headers()
            self.wfile.write(content if is_there else b"no")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Packages(support.Case):
    def lay(self, version="1.2.3", folder="package", library=LIBRARY):
        self.write(f"{folder}/plugin.yaml", DEFINITIONS.format(version=version))
        if library:
            os.makedirs(self.path(f"{folder}/lib"), exist_ok=True)
            shutil.copy(library, self.path(f"{folder}/lib/good.so"))
        return self.path(folder)

    def install(self, source, *words):
        result = self.run_cfy("plugins", "install", source)
        self.assertEqual(result.returncode, 0, result.stderr)
        for word in words:
            self.assertIn(word, result.stdout)

    def refused(self, source, code, *words):
        self.assert_refused(self.run_cfy("plugins", "install", source), code, *words)
        self.assertEqual(self.installed(), [])

    def installed(self):
        """NAME/VERSION of each; nothing half made may lie beside them."""
        root = self.path("state/plugins")
        names = os.listdir(root) if os.path.isdir(root) else []
        return sorted(f"{name}/{version}" for name in names
                      for version in os.listdir(os.path.join(root, name)))

    def blueprint(self, imported="plugin:good-plugin", dsl="cloudify_dsl_1_5", name="blueprint.yaml"):
        return self.write(f"app/{name}", BLUEPRINT.format(imported=imported, dsl=dsl))


class Install(Packages):
    def test_each_kind_of_source_gives_the_same_package(self):
        folder = self.lay()
        self.write("package/\u00fcber/notes.txt", "a name beyond ASCII")
        archives = [shutil.make_archive(self.path("archives/good"), kind, self.folder, "package")
                    for kind in ("gztar", "zip")]
        archives.append(shutil.copy(archives[0], self.path("archives/good.wgn")))
        self.install(folder, "plugin 'good-plugin' 1.2.3 is installed in")
        for archive in archives:
            self.install(archive, "was installed before, and is the same")
        self.assertEqual(self.installed(), ["good-plugin/1.2.3"])
        state = self.path("state/plugins/good-plugin/1.2.3")
        self.assertEqual(os.stat(state).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(state + "/plugin.yaml").st_mode & 0o777, 0o600)

    def test_a_library_alone_is_a_package(self):
        self.install(LIBRARY, "plugin 'misbehaves' 1.2.3 is installed")
        self.write("app/blueprint.yaml", BLUEPRINT.format(imported="t.yaml", dsl="cloudify_dsl_1_5")
                   .replace("good.workflows", "misbehaves.workflows"))
        self.write("app/t.yaml", "plugins:\n  misbehaves: {executor: central_deployment_agent, "
                                 "install: false}\nnode_types: {good.Node: {}}\n")
        result = self.run_cfy("execute", "run", "-b", "app/blueprint.yaml")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_definitions_alone_serve_imports_and_say_why_nothing_runs(self):
        self.install(self.write("plugin.yaml", DEFINITIONS.format(version="7")), "good-plugin' 7")
        self.blueprint()
        self.assertEqual(self.run_cfy("validate", "app/blueprint.yaml").returncode, 0)
        self.assert_refused(self.run_cfy("execute", "run", "-b", "app/blueprint.yaml"), 4,
                            "the installed plugin good-plugin 7", "without a .so")

    def test_json_shows_the_package_and_what_it_offers(self):
        row = self.json("plugins", "install", self.lay())
        self.assertEqual((row["name"], row["version"], row["is_new"]),
                         ("good-plugin", "1.2.3", True))
        self.assertIn({"name": "tasks.works", "resumable": True}, row["operations"])
        listed = [one for one in self.json("plugins", "list") if one["name"] == "good-plugin"]
        self.assertEqual(len(listed), 1)
        self.assertEqual(listed[0]["path"], row["path"])
        self.assertTrue(row["path"].endswith("plugins/good-plugin/1.2.3/lib/good.so"))
        result = self.run_cfy("plugins", "install", "nowhere", "--json")
        self.assertEqual(result.returncode, 4)
        self.assertFalse(json.loads(result.stdout)["ok"])

    def test_other_content_of_one_version_is_refused_and_changes_nothing(self):
        self.install(self.lay())
        other = self.lay(folder="other")
        self.write("other/more.txt", "x")
        result = self.run_cfy("plugins", "install", other)
        self.assert_refused(result, 5, other, "plugins/good-plugin/1.2.3", "other content")
        self.assertFalse(os.path.exists(self.path("state/plugins/good-plugin/1.2.3/more.txt")))

    def test_a_url_is_fetched(self):
        archive = shutil.make_archive(self.path("served/good"), "gztar", self.lay())
        with open(archive, "rb") as file:
            content = file.read()

        with serve(content) as url:
            self.refused(f"{url}/gone.zip", 4, "gone.zip", "the server answers 404")
            self.install(f"{url}/p?file=good", "plugin 'good-plugin' 1.2.3 is installed")

    def test_a_run_installs_what_is_missing_when_it_is_told_to(self):
        self.lay()
        with open(shutil.make_archive(self.path("good"), "zip", self.path("package")), "rb") as file:
            content = file.read()
        with serve(content) as url:
            self.write("app/blueprint.yaml", "tosca_definitions_version: cloudify_dsl_1_5\n"
                       "plugins:\n  good-plugin: {executor: central_deployment_agent, "
                       f"source: '{url}/p?file=good'}}\n"
                       "workflows: {run: good-plugin.workflows.returns}\nnode_templates: {}\n")
            run = ("execute", "run", "-b", self.path("app/blueprint.yaml"))
            self.assert_refused(self.run_cfy(*run), 4, "--install-plugins")
            self.assertEqual(self.installed(), [])
            result = self.run_cfy(*run, "--install-plugins")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("installing plugin 'good-plugin' from", result.stderr)
            self.assertEqual(self.installed(), ["good-plugin/1.2.3"])
        again = self.run_cfy(*run, "--install-plugins")  # the server is gone
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertNotIn("installing", again.stderr)


class Refused(Packages):
    def test_what_is_no_package(self):
        self.refused(self.path("nowhere.zip"), 4, "there is no such file or folder")
        self.refused(self.write("text.zip", "words\n"), 4, "cannot be unpacked")
        self.write("empty/readme.txt", "x")
        self.refused(self.path("empty"), 4, "neither a plugin.yaml nor a shared library")
        self.refused(self.write("a.yaml", "inputs: {}\n"), 3, "a.yaml",
                     "declares its plugin in a section 'plugins'")
        self.refused(self.write("b.yaml", DEFINITIONS.replace("'{version}'", "1.2")), 3,
                     "b.yaml:5:22", "expected a string, got float", "quote it")
        self.refused(self.write("c.yaml", "plugins: {p: {executor: x}}\n"), 4,
                     "plugin 'p' has no version")
        self.refused(self.write("d.yaml", DEFINITIONS.format(version="../../x")), 3,
                     "the version of a plugin cannot be called '../../x'")

    def test_a_library_that_does_not_load_or_has_another_version(self):
        self.refused(self.lay(library=os.path.join(PLUGINS, "newer_minor.so")), 4,
                     "needs ABI 1.7")
        self.refused(self.lay(version="2.0"), 4, "says version 2.0", "good.so says 1.2.3")

    def test_archives_that_lead_out(self):
        def tar_with(name, **fields):
            path = self.path("bad.tar.gz")
            with tarfile.open(path, "w:gz") as tar:
                member = tarfile.TarInfo(name)
                for key, value in fields.items():
                    setattr(member, key, value)
                tar.addfile(member, io.BytesIO(b""))
            return path

        self.refused(tar_with("../planted"), 4, "'../planted', which leads out")
        self.refused(tar_with("/tmp/planted"), 4, "absolute name")
        self.refused(tar_with("link", type=tarfile.SYMTYPE, linkname="../../state.db"), 4,
                     "link 'link'")
        path = self.path("bad.zip")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a/../../planted", "x")
        self.refused(path, 4, "leads out")
        self.assertFalse(os.path.exists(self.path("planted")))


class Imports(Packages):
    def setUp(self):
        super().setUp()
        for version in ("1.0", "1.9", "1.10", "2.0"):
            self.install(self.lay(version=version, folder=f"p{version}", library=None))

    def version_of(self, imported, dsl="cloudify_dsl_1_5"):
        self.blueprint(imported, dsl)
        plan = self.json("plan", "app/blueprint.yaml", "--stage", "blueprint")
        return plan["workflow_plugins_to_install"][0]["package_version"]

    def test_the_newest_that_fits_is_imported(self):
        self.assertEqual(self.version_of("plugin:good-plugin"), "2.0")
        self.assertEqual(self.version_of("'plugin:good-plugin?version=1.9'"), "1.9")
        self.assertEqual(self.version_of("'plugin:good-plugin?version= >=1.0,<2.0'"), "1.10")
        self.assertEqual(self.version_of("'plugin:good-plugin?version=%3E%3D1.0&version=%3C1.10'"),
                         "1.9")
        self.assertEqual(
            self.version_of("'plugin:good-plugin?distribution=centos&version=1.0'"), "1.0")

    def refused(self, imported, *words):
        self.blueprint(imported)
        self.assert_refused(self.run_cfy("validate", "app/blueprint.yaml"), 3,
                            "blueprint.yaml:3:5", *words)

    def test_what_does_not_fit_is_said_with_what_is_there(self):
        self.refused("plugin:good-plugn", "no plugin 'good-plugn' is installed",
                     "did you mean 'good-plugin'?", "cfy-run plugins install")
        self.refused("'plugin:good-plugin?version=>=3'",
                     "installed as 2.0, 1.10, 1.9, 1.0, but not as >=3")
        self.refused("'plugin:good-plugin?version=~1'", "'~1' is no version range")
        self.refused("'plugin:good-plugin?versoin=1'", "'versoin' is no parameter",
                     "did you mean 'version'?")
        self.refused("'plugin:'", "names no plugin")

    def test_a_file_for_the_dsl_version_comes_first(self):
        folder = self.lay(version="3.0", folder="variants", library=None)
        self.write("variants/plugin_1_4.yaml", DEFINITIONS.format(version="3.0-for-1.4"))
        self.install(folder)
        self.assertEqual(self.version_of("plugin:good-plugin", "cloudify_dsl_1_4"), "3.0-for-1.4")
        self.assertEqual(self.version_of("plugin:good-plugin", "cloudify_dsl_1_3"), "3.0")

    def test_a_run_uses_the_package_that_was_imported(self):
        self.install(self.lay(version="1.2.3", folder="native"))
        self.blueprint("'plugin:good-plugin?version=1.2.3'")
        deep = self.run_cfy("validate", "app/blueprint.yaml", "--deep")
        self.assertEqual(deep.returncode, 0, deep.stderr)
        done = self.run_cfy("execute", "run", "-b", "app/blueprint.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # In a namespace it is the same package under another name.
        text = self.read("app/blueprint.yaml")
        for name in ("plugin:good", "good.Node", "good.workflows"):
            text = text.replace(name, "ns--" + name)
        self.write("app/blueprint.yaml", text)
        done = self.run_cfy("execute", "run", "-b", "app/blueprint.yaml", "-d", "other")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # The newest is another one, without code.
        self.blueprint("plugin:good-plugin")
        self.assert_refused(self.run_cfy("validate", "app/blueprint.yaml", "--deep"), 3,
                            "the installed plugin good-plugin 2.0")


class Source(Packages):
    def test_a_source_may_be_an_archive(self):
        archive = shutil.make_archive(self.path("app/good"), "zip", self.lay())
        self.assertTrue(archive)
        self.write("app/blueprint.yaml",
                   BLUEPRINT.format(imported="types.yaml", dsl="cloudify_dsl_1_5"))
        self.write("app/types.yaml", DEFINITIONS.format(version="9").replace(
            "    package_name", "    source: good.zip\n    package_name"))
        for _ in range(2):
            done = self.run_cfy("execute", "run", "-b", "app/blueprint.yaml")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(os.listdir(self.path("state/unpacked"))), 1)
        with zipfile.ZipFile(archive, "w") as other:
            other.writestr("readme.txt", "x")
        self.assert_refused(self.run_cfy("execute", "run", "-b", "app/blueprint.yaml"), 4,
                            "good.zip (an archive without it)")


if __name__ == "__main__":
    support.main()
