"""A plugin author's day: install the SDK, build the tutorial outside the tree with the other
compiler, and run it with this program.

CFY_BUILD is the build folder, CFY_SOURCE the source tree, CFY_COMPILER the program's compiler."""

import json
import os
import shutil
import subprocess
import unittest

import support

SOURCE = os.environ.get("CFY_SOURCE", "")
BUILD = os.environ.get("CFY_BUILD", "")
OTHER = {"GNU": "clang++", "Clang": "g++"}.get(os.environ.get("CFY_COMPILER", ""), "")


@unittest.skipUnless(shutil.which(OTHER), f"no other compiler ({OTHER or 'unknown'}) here")
class OutOfTree(support.Case):
    def cmake(self, *arguments):
        result = subprocess.run(["cmake", *arguments], capture_output=True, text=True, timeout=500)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def build_plugin(self):
        """The tutorial's .so, built against an installed SDK."""
        self.cmake("--install", BUILD, "--prefix", self.path("prefix"), "--component", "sdk")
        self.cmake("-S", os.path.join(SOURCE, "test/e2e/out_of_tree"), "-B", self.path("build"),
                   f"-DCMAKE_PREFIX_PATH={self.path('prefix')}", f"-DCMAKE_CXX_COMPILER={OTHER}",
                   f"-DTUTORIAL={os.path.join(SOURCE, 'plugins/tutorial')}",
                   "-DCMAKE_BUILD_TYPE=Debug")
        self.cmake("--build", self.path("build"))
        return self.path("build/my_workflow_plugin_name.so")

    def test_a_plugin_of_the_other_compiler_loads_and_runs(self):
        plugin = self.build_plugin()

        shown = subprocess.run(["nm", "-D", "--defined-only", plugin], capture_output=True,
                               text=True, check=True).stdout.split()
        self.assertEqual(shown[2::3], ["cfy_plugin_v1"])

        info = self.json("plugins", "info", plugin)
        self.assertEqual(info["name"], "my_workflow_plugin_name")
        self.assertTrue(info["build"].startswith(OTHER), info)

        blueprint = os.path.join(SOURCE, "blueprints/tutorial/blueprint.yaml")
        result = self.run_cfy("execute", "my_workflow", "-b", blueprint, "-p",
                              "operation=configure", "--plugin-path", self.path("build"), "--json")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        records = [json.loads(line) for line in result.stdout.splitlines()]
        done = [r for r in records
                if r.get("message", {}).get("text") == "Done running operation"]
        self.assertEqual(len(done), 4)
        self.assertEqual(records[-1]["status"], "terminated")


if __name__ == "__main__":
    support.main()
