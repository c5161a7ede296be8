// The plugin as the program loads it: scripts run, speak, are listened to, and end in every way.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>

#include <catch2/catch.hpp>
#include <signal.h>

#include "base/text.hpp"
#include "dispatch/operation_run.hpp"
#include "dispatch/plugin_caller.hpp"
#include "support/temp_dir.hpp"

namespace {

using cfy::dispatch::OperationResult;
using cfy::dispatch::Status;
using nlohmann::json;

class ScriptFixture {
 public:
  OperationResult run(const std::string& script, json inputs = json::object()) {
    dir.write("script.sh", script);
    inputs["script_path"] = "script.sh";
    return run_inputs(std::move(inputs));
  }

  OperationResult run_inputs(json inputs) {
    cfy::dispatch::OperationRequest request;
    request.plugin = "script";
    request.plugin_path = plugin_path();
    request.function = "script_runner.tasks.run";
    request.inputs = std::move(inputs);
    request.context_type = "node-instance";
    request.self = cfy::dispatch::Subject{
        .node = {{"id", "web"}, {"properties", {{"port", 80}, {"empty", ""}}}},
        .instance = {{"id", "web_1"}, {"version", 1}, {"runtime_properties", {{"old", 1}}}}};
    request.context = {{"workflow_id", "install"}};
    request.resources_root = dir.path().string();
    cfy::dispatch::PluginCaller caller(/*probe=*/false);
    const cfy::dispatch::OperationStream stream{
        [this](auto log) { lines.push_back(log.level + " " + log.text); },
        [this](auto event) { lines.push_back("event " + event.text); }};
    return run_operation(request, caller, stream, cancelled);
  }

  static std::string plugin_path() {
    const auto bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    return (bin.parent_path() / "lib/cfy-run/plugins/script.so").string();
  }

  cfy::test::TempDir dir;
  std::vector<std::string> lines;
  std::atomic<bool> cancelled = false;
};
using Lines = std::vector<std::string>;

TEST_CASE_METHOD(ScriptFixture, "output is logged line by line, streams told apart", "[script]") {
  const auto result = run("echo one; echo; echo two >&2; printf three");
  CHECK(result.status == Status::ok);
  CHECK(result.value.is_null());
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Lines{"info <err> two", "info <out> ", "info <out> one", "info <out> three"});
}

TEST_CASE_METHOD(ScriptFixture, "output that nobody wants is not logged", "[script]") {
  run("echo out; echo err >&2", {{"process", {{"log_stdout", false}, {"log_stderr", false}}}});
  CHECK(lines.empty());
}

TEST_CASE_METHOD(ScriptFixture, "stderr may go where stdout goes, in order", "[script]") {
  run("echo a; echo b >&2; echo c", {{"process", {{"stderr_to_stdout", true}}}});
  CHECK(lines == Lines{"info <out> a", "info <out> b", "info <out> c"});
}

TEST_CASE_METHOD(ScriptFixture, "bytes that are not UTF-8 are shown safely", "[script]") {
  run(R"sh(printf 'a\377b\r\n')sh");
  CHECK(lines == Lines{"info <out> a\\xffb"});
}

TEST_CASE_METHOD(ScriptFixture, "megabytes on both streams neither block nor get lost",
                 "[script]") {
  run("i=0; while [ $i -lt 2000 ]; do echo \"$i $pad\"; echo \"$i $pad\" >&2; i=$((i+1)); done",
      {{"pad", std::string(500, 'x')}});
  REQUIRE(lines.size() == 4000);
  std::size_t next_out = 0;
  for (const std::string& line : lines)
    if (line.rfind("info <out> " + std::to_string(next_out) + " ", 0) == 0) ++next_out;
  CHECK(next_out == 2000);
}

TEST_CASE_METHOD(ScriptFixture, "a failure tells exit status and last lines of stderr",
                 "[script]") {
  const auto result = run("echo first >&2; echo 'address in use' >&2; exit 2");
  CHECK(result.status == Status::recoverable);
  CHECK(result.error.message ==
        "script.sh failed: exit status 2, last lines of stderr: \"first\" \"address in use\"");
}

TEST_CASE_METHOD(ScriptFixture, "a signal is not an exit status", "[script]") {
  CHECK(run("kill -SEGV $$").error.message == "script.sh crashed: segmentation fault (SIGSEGV)");
}

TEST_CASE_METHOD(ScriptFixture, "a script that is not there fails for good", "[script]") {
  const auto result = run_inputs({{"script_path", "missing.sh"}});
  CHECK(result.status == Status::failed);
  CHECK(result.error.message ==
        "script 'missing.sh' is not there (looked in " + dir.path().string() + ")");
  dir.write("folder/a.sh", "");
  const auto of_folder = run_inputs({{"script_path", "folder"}});
  CHECK(of_folder.status == Status::failed);
  CHECK(of_folder.error.message == "script 'folder' is a folder");
}

TEST_CASE_METHOD(ScriptFixture, "inputs and process.env reach the script", "[script]") {
  run("echo \"$text|$flag|$list\"", {{"text", "from input"},
                                     {"flag", true},
                                     {"list", {1, "two"}},
                                     {"process", {{"env", {{"text", "from process"}}}}}});
  CHECK(lines == Lines{"info <out> from process|true|[1, \"two\"]"});
}

TEST_CASE_METHOD(ScriptFixture, "arguments are the shell's to read", "[script]") {
  run("echo \"$1|$2|$#\"", {{"process", {{"args", {"'a b'", "$x"}}}}, {"x", "from input"}});
  CHECK(lines == Lines{"info <out> a b|from|3"});
}

TEST_CASE_METHOD(ScriptFixture, "a script may have a folder to run in", "[script]") {
  const auto folder = std::filesystem::canonical(dir.path());
  run("pwd -P", {{"process", {{"cwd", folder.string()}}}});
  CHECK(lines == Lines{"info <out> " + folder.string()});
  CHECK(run("true", {{"process", {{"cwd", "/nowhere"}}}}).error.message ==
        "cannot run script.sh: cannot start '/bin/sh': no folder '/nowhere'");
}

TEST_CASE_METHOD(ScriptFixture, "an interpreter that is not there is named with its script",
                 "[script]") {
  CHECK(run("#!/usr/bin/nosuch\n").error.message ==
        "cannot run script.sh: cannot start '/usr/bin/nosuch': no such program");
  CHECK(run_inputs({{"script_source", "#!/usr/bin/nosuch\n"}}).error.message ==
        "cannot run the inline script: cannot start '/usr/bin/nosuch': no such program");
  for (const char* script : {"#!/usr/bin/nosuch\n", "#!/usr/bin/env nosuch\n"}) {
    const auto result = run(script, {{"process", {{"args", {"1"}}}}});
    CHECK(result.status == Status::recoverable);
    CHECK(result.error.message.starts_with("script.sh failed: exit status 127"));
    CHECK(result.error.message.find("nosuch") != std::string::npos);
  }
}

TEST_CASE_METHOD(ScriptFixture, "an inline script runs", "[script]") {
  run_inputs({{"script_source", "    #!/bin/bash\n    echo ${BASH_VERSION:+bash} $x\n"}, {"x", 1}});
  CHECK(lines == Lines{"info <out> bash 1"});
}

TEST_CASE_METHOD(ScriptFixture, "an inline script has arguments and a prefix, too", "[script]") {
  run_inputs({{"script_source", "echo \"$1|$2\"\n"}, {"process", {{"args", {"'a b'", "c"}}}}});
  run_inputs({{"script_source", "import sys\nprint(sys.argv[1:])\n"},
              {"process", {{"args", {"'a b'", "c"}}}}});
  CHECK(lines == Lines{"info <out> a b|c", "info <out> ['a b', 'c']"});
}

TEST_CASE_METHOD(ScriptFixture, "a command_prefix may start the script itself", "[script]") {
  const std::string script = "#!/bin/sh\necho \"$A|$1\"; ls \"$0\" > \"$file\"\n";
  const auto file = dir.path() / "path";
  for (const char* prefix : {"env A=1", "A=1", "A=1 nice -n 5", "A=1 bash"})
    for (const char* key : {"script_source", "script_path"}) {
      CAPTURE(prefix, key);
      lines.clear();
      json inputs{{"process", {{"command_prefix", prefix}, {"args", {"x"}}}},
                  {"file", file.string()}};
      inputs[key] = key == std::string("script_path") ? dir.write("a.sh", script).string() : script;
      CHECK(run_inputs(inputs).error.message == "");
      CHECK(lines == Lines{"info <out> 1|x"});
      std::string path;
      std::ifstream(file) >> path;
      CHECK_FALSE(path.empty());
      CHECK_FALSE(std::filesystem::exists(path));
    }
}

TEST_CASE_METHOD(ScriptFixture, "the children of an inline script find it by its path",
                 "[script]") {
  const auto result = run_inputs({{"script_source", R"py(import multiprocessing, subprocess, sys
def double(x):
    return 2 * x
if __name__ == "__main__":
    print(subprocess.check_output(["head", "-c6", sys.argv[0]], close_fds=True).decode())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map_async(double, [21]).get(30))
)py"}});
  CHECK(result.error.message == "");
  CHECK(lines == Lines{"info <out> import", "info <out> [42]"});
}

TEST_CASE_METHOD(ScriptFixture, "children in the background do not hold the operation",
                 "[script]") {
  const auto result = run("sleep 600 & echo $! > \"$pid_file\"; echo done",
                          {{"pid_file", (dir.path() / "pid").string()}});
  CHECK(result.status == Status::ok);
  CHECK(lines == Lines{"info <out> done"});
  pid_t pid = 0;
  std::ifstream(dir.path() / "pid") >> pid;
  CHECK(::kill(pid, SIGKILL) == 0);
}

TEST_CASE_METHOD(ScriptFixture, "closed outputs and a hundred children are nobody's trouble",
                 "[script]") {
  CHECK(run("exec >&- 2>&-; exit 0").status == Status::ok);
  CHECK(run("i=0; while [ $i -lt 100 ]; do (echo x) & i=$((i+1)); done; wait").status ==
        Status::ok);
  CHECK(lines.size() == 100);
}

TEST_CASE_METHOD(ScriptFixture, "ctx reads and writes", "[script][ctx]") {
  const auto result = run(R"sh(set -e
echo "port $(ctx node properties port)"
echo "empty '$(ctx node properties empty)' and '$(ctx -j node properties empty)'"
ctx instance runtime-properties a.b text
ctx instance runtime-properties list '@["a", {"b": 2}]'
echo "list $(ctx -j instance runtime-properties list)"
echo "python $(ctx instance runtime-properties list)"
ctx logger warning "careful"
)sh");
  CHECK(result.status == Status::ok);
  CHECK(lines == Lines{"info <out> port 80", R"(info <out> empty '' and '""')",
                       R"(info <out> list ["a", {"b": 2}])", "info <out> python ['a', {'b': 2}]",
                       "warning careful"});
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].set ==
        json{{"a", {{"b", "text"}}}, {"list", json::parse(R"(["a", {"b": 2}])")}});
}

TEST_CASE_METHOD(ScriptFixture, "what is printed and what ctx logs keep their order",
                 "[script][ctx]") {
  run("echo before; ctx logger info between; echo after");
  CHECK(lines == Lines{"info <out> before", "info between", "info <out> after"});
}

TEST_CASE_METHOD(ScriptFixture, "access that the operation does not have is not tried again",
                 "[script][ctx]") {
  const auto result = run("ctx target node id");
  CHECK(result.status == Status::failed);
  CHECK(result.error.message.find("ctx target is for operations of a relationship") !=
        std::string::npos);
  // A script that goes on in spite of it is its own master.
  CHECK(run("ctx target node id || true").status == Status::ok);
  CHECK(run("ctx target node id || ctx node id; exit 1").status == Status::recoverable);
  CHECK(run("ctx target node id || exit 1").status == Status::failed);
}

TEST_CASE_METHOD(ScriptFixture, "an input that is too long for the environment can be asked for",
                 "[script][ctx]") {
  const std::string text(200'000, 'x');
  const std::string script = "echo \"${text-none}\"; ctx operation inputs text | wc -c";
  const std::string start =
      "warning input 'text' is not in the environment: it has 200000 bytes, and a variable has "
      "room for 131066; ";
  ::setenv("text", "of another", 1);
  CHECK(run(script, {{"text", text}}).status == Status::ok);
  CHECK(lines == Lines{start + "the script gets it by: ctx operation inputs text",
                       "info <out> none", "info <out> 200000"});
  ::unsetenv("text");
  lines.clear();
  run("true", {{"text", text}, {"process", {{"ctx_proxy_type", "none"}}}});
  CHECK(lines == Lines{start + "and with ctx_proxy_type none the script has no ctx to ask"});
  lines.clear();
  run("echo $text", {{"text", text}, {"process", {{"env", {{"text", "short"}}}}}});
  CHECK(lines == Lines{"info <out> short"});
}

TEST_CASE_METHOD(ScriptFixture, "an environment with no room for all names what is large",
                 "[script]") {
  json inputs{{"process", {{"args", {"x"}}}}};
  for (std::size_t i = 10; i < 90; ++i)
    inputs["n" + std::to_string(i)] = std::string(100'000 + i, 'x');
  const auto result = run("exit 0", inputs);
  CHECK(result.status == Status::failed);
  CHECK(result.error.message ==
        "cannot run script.sh: its environment and arguments are larger than the system allows; "
        "the largest are 'n89' (100089 bytes), 'n88' (100088 bytes), 'n87' (100087 bytes)");
  const auto of_arguments =
      run("exit 0", {{"a", "b"}, {"process", {{"args", {std::string(200'000, 'x')}}}}});
  CHECK(of_arguments.error.message.ends_with("process.args (200000 bytes), 'a' (1 bytes)"));
}

TEST_CASE_METHOD(ScriptFixture, "a verdict that cannot be understood fails the operation",
                 "[script][ctx]") {
  for (const char* script : {"ctx retry-operation 'not up yet' 5s; exit 0",
                             "ctx returns a b; exit 0", "ctx abort-operation a b; exit 0"}) {
    const auto result = run(script);
    CAPTURE(script, result.error.message);
    CHECK(result.status == Status::failed);
  }
  CHECK(run("ctx abort-operation").error.message ==
        "the script called ctx abort-operation without a message");
}

TEST_CASE_METHOD(ScriptFixture, "templates are rendered with the context", "[script][ctx]") {
  dir.write("a.j2",
            "{{ x }}:{{ ctx.node.properties.port }}:{{ ctx.instance.runtime_properties.new }}");
  const auto result = run(
      "ctx instance runtime-properties new @7\n"
      "ctx returns \"$(ctx get-resource-and-render a.j2 '@{\"template_variables\":{\"x\":1}}')\"");
  CHECK(result.value == "1:80:7");
  CHECK(run("ctx get-resource-and-render a.j2 '@{\"template_variables\":{\"ctx\":1}}'").status ==
        Status::recoverable);
}

TEST_CASE_METHOD(ScriptFixture, "ctx-sh ends the script where ctx fails", "[script][ctx]") {
  const auto result = run(". ctx-sh\nx=$(ctx node properties missing)\necho went on");
  CHECK(result.error.message.find("exit status 1") != std::string::npos);
  CHECK(std::find(lines.begin(), lines.end(), "info <out> went on") == lines.end());
}

TEST_CASE_METHOD(ScriptFixture, "ctx fails where there is nothing", "[script][ctx]") {
  run("exec 2>&1; ctx node properties missing; echo $?");
  CHECK(lines ==
        Lines{"info <out> ctx: illegal path: ctx node properties missing", "info <out> 1"});
}

TEST_CASE_METHOD(ScriptFixture, "what ctx returns is the result", "[script][ctx]") {
  CHECK(run("ctx returns forty-two").value == "forty-two");
  CHECK(run("ctx returns @42").value == 42);
  const auto failed = run("ctx returns 1; exit 3");
  CHECK(failed.status == Status::recoverable);
  CHECK(failed.error.message == "script.sh failed: exit status 3");
}

TEST_CASE_METHOD(ScriptFixture, "abort-operation fails for good and ends the script",
                 "[script][ctx]") {
  const auto result = run("set -e; ctx abort-operation 'cannot go on'; echo not reached");
  CHECK(result.status == Status::failed);
  CHECK(result.error.message == "cannot go on");
  CHECK(lines == Lines{"info <err> cannot go on"});
}

TEST_CASE_METHOD(ScriptFixture, "retry-operation asks for another try", "[script][ctx]") {
  const auto result = run("set -e; ctx retry-operation 'not yet' @2.5");
  CHECK(result.status == Status::retry);
  CHECK(result.error.message == "not yet");
  CHECK(result.retry_after_s == 2.5);
}

TEST_CASE_METHOD(ScriptFixture, "operation retry lets the script go on", "[script][ctx]") {
  const auto result = run("ctx operation retry 'not yet' @0; echo on");
  CHECK(result.status == Status::retry);
  CHECK(result.retry_after_s == 0.0);
  CHECK(lines == Lines{"info <out> on"});
}

TEST_CASE_METHOD(ScriptFixture, "a second verdict fails the operation for good", "[script][ctx]") {
  const auto result = run("ctx returns one; ctx returns two; exit 0");
  CHECK(result.status == Status::failed);
  CHECK(result.error.message.find("ctx returns after ctx returns") != std::string::npos);
}

TEST_CASE_METHOD(ScriptFixture, "resources are found beside the blueprint", "[script][ctx]") {
  dir.write("data/hello.txt", "hello\n");
  run(R"sh(set -e
cat "$(ctx download-resource data/hello.txt)"
ctx download-resource data/hello.txt "$target" > /dev/null; cat "$target"
ctx get-resource data/hello.txt
)sh",
      {{"target", (dir.path() / "copy").string()}});
  CHECK(lines == Lines{"info <out> hello", "info <out> hello", "info <out> hello"});
}

TEST_CASE_METHOD(ScriptFixture, "a folder is told from a file that is not there", "[script][ctx]") {
  dir.write("data/hello.txt", "hello\n");
  run("exec 2>&1; for word in get-resource download-resource get-resource-and-render "
      "download-resource-and-render; do ctx $word data; echo; done\n"
      "ctx download-directory data/hello.txt; echo; ctx get-resource other");
  Lines expected(4,
                 "info <out> ctx: resource 'data' is a folder: operations copy it by "
                 "download-directory");
  expected.push_back(
      "info <out> ctx: folder 'data/hello.txt' is a file: operations copy it by "
      "download-resource");
  expected.push_back("info <out> ctx: resource 'other' is not there (looked in " +
                     dir.path().string() + ")");
  std::erase(lines, "info <out> ");
  CHECK(lines == expected);
}

TEST_CASE_METHOD(ScriptFixture, "targets are relative to the folder the script runs in",
                 "[script][ctx]") {
  dir.write("data/hello.txt", "hello\n");
  dir.write("place/here", "");
  run(R"sh(set -e
ctx download-resource data/hello.txt a.txt; echo; cat a.txt
ctx download-resource-and-render data/hello.txt deep/b.txt; echo; cat deep/b.txt; echo
ctx download-directory data c; echo; cat c/hello.txt
)sh",
      {{"process", {{"cwd", (dir.path() / "place").string()}}}});
  CHECK(lines == Lines{"info <out> a.txt", "info <out> hello", "info <out> deep/b.txt",
                       "info <out> hello", "info <out> c", "info <out> hello"});
}

TEST_CASE_METHOD(ScriptFixture, "a resource that is no text is refused, never damaged",
                 "[script][ctx]") {
  dir.write("data.bin", "a\xff\n");
  dir.write("zero.txt", std::string("a\0b\n", 4));
  const auto result = run(R"sh(exec 2>&1
ctx get-resource data.bin; echo $?
ctx get-resource-and-render data.bin; echo $?
cmp "$(ctx download-resource data.bin)" "$original" && echo same
ctx get-resource zero.txt | od -An -c
)sh",
                          {{"original", (dir.path() / "data.bin").string()}});
  CHECK(lines == Lines{"info <out> ctx: resource 'data.bin' is not a text in UTF-8: use ctx "
                       "download-resource, which copies any file",
                       "info <out> 1",
                       "info <out> ctx: resource 'data.bin' is not a text in UTF-8: use ctx "
                       "download-resource-and-render, which copies any file",
                       "info <out> 1", "info <out> same", "info <out>    a  \\0   b  \\n"});
}

TEST_CASE_METHOD(ScriptFixture, "hundreds of ctx calls at a time are all answered",
                 "[script][ctx]") {
  const auto result =
      run("i=0; while [ $i -lt 50 ]; do ctx instance runtime-properties k$i v & "
          "i=$((i+1)); done; wait");
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].set.size() == 50);
}

TEST_CASE_METHOD(ScriptFixture, "a large value passes through ctx", "[script][ctx]") {
  const auto result =
      run("body() { printf '{\"args\":[\"instance\",\"runtime-properties\",\"big\",\"'; "
          "head -c 3000000 /dev/zero | tr '\\0' x; printf '\"]}'; }; body > \"$file\"; "
          "ctx_url=$CTX_SOCKET_URL; python3 -c '\nimport os, urllib.request\n"
          "print(urllib.request.urlopen(os.environ[\"CTX_SOCKET_URL\"], "
          "open(os.environ[\"file\"], \"rb\").read()).read().decode())'",
          {{"file", (dir.path() / "body").string()}});
  CHECK(result.status == Status::ok);
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].set["big"].get<std::string>().size() == 3'000'000);
}

TEST_CASE_METHOD(ScriptFixture, "garbage and strangers at the endpoint change nothing",
                 "[script][ctx]") {
  const auto result = run(R"sh(exec 2>/dev/null
port=${CTX_SOCKET_URL##*:}; port=${port%%/*}
python3 - "$port" <<'END'
import socket, sys
def ask(text):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.sendall(text)
    s.shutdown(socket.SHUT_WR)
    print(s.recv(100).split(b"\r\n")[0].decode())
ask(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
ask(b"GET /guess HTTP/1.1\r\n\r\n")
ask(b"complete nonsense\r\n\r\n")
ask(b"POST /x HTTP/1.1\r\nno colon\r\n\r\n")
socket.create_connection(("127.0.0.1", int(sys.argv[1])))
END
ctx --socket-url "http://127.0.0.1:$port/wrong" instance id || echo refused
ctx instance id; echo
)sh");
  CHECK(result.status == Status::ok);
  CHECK(lines == Lines{"info <out> HTTP/1.1 404 Not Found", "info <out> HTTP/1.1 404 Not Found",
                       "info <out> HTTP/1.1 400 Bad Request", "info <out> HTTP/1.1 400 Bad Request",
                       "info <out> refused", "info <out> web_1"});
}

}  // namespace
