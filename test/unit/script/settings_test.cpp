// What the inputs of a script operation mean.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <cfy/detail/resources.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "script/other_user.hpp"
#include "script/script_file.hpp"
#include "script/script_settings.hpp"
#include "support/temp_dir.hpp"

namespace {

namespace fs = std::filesystem;

using cfy::script::BadSettings;
using cfy::script::read_settings;
using cfy::script::ScriptFile;
using nlohmann::json;

TEST_CASE("inputs become environment variables, process.env last", "[script_settings]") {
  const auto settings = read_settings(json::parse(
      R"({"script_path": "a.sh", "text": "a b", "number": 12, "real": 1.5, "yes": true,
          "items": [1, "two"], "table": {"k": [true]}, "nothing": null, "empty": "",
          "process": {"env": {"text": "replaced"}}})"));
  std::map<std::string, std::string> environment;
  for (const auto& [name, value] : settings.environment)
    environment[name] = value;
  CHECK(environment == std::map<std::string, std::string>{{"text", "replaced"},
                                                          {"number", "12"},
                                                          {"real", "1.5"},
                                                          {"yes", "true"},
                                                          {"items", R"([1, "two"])"},
                                                          {"table", R"({"k": [true]})"},
                                                          {"nothing", "None"},
                                                          {"empty", ""}});
}

TEST_CASE("inputs that make no sense are refused with their name", "[script_settings]") {
  const auto why = [](const char* inputs) -> std::string {
    try {
      read_settings(json::parse(inputs));
      return "accepted";
    } catch (const BadSettings& error) {
      return error.what();
    }
  };
  const std::string one_of =
      "a script operation needs exactly one of the inputs script_path and script_source";
  CHECK(why("{}") == one_of);
  CHECK(why(R"({"script_path": "a", "script_source": "b"})") == one_of);
  CHECK(why(R"({"script_path": 5})") == "input 'script_path' must be a text, not 5");
  CHECK(why(R"({"script_path": "a", "process": []})") == "input 'process' must be a dict");
  CHECK(why(R"({"script_path": "a", "process": {"log_stdout": 1}})") ==
        "process.log_stdout must be true or false, not 1");
  CHECK(why(R"({"script_path": "a", "process": {"ctx_proxy_type": "zmq"}})") ==
        "process.ctx_proxy_type must be auto, http or none, not 'zmq'");
  CHECK(why(R"({"script_path": "a", "x=y": 1})") ==
        "input 'x=y' cannot be the name of an environment variable");
  const json too_long{{"script_path", "a"},
                      {"process", {{"env", {{"x", std::string(131'070, 'x')}}}}}};
  CHECK(why(too_long.dump().c_str()) ==
        "process.env 'x' has 131070 bytes, and a variable of the environment has room for 131069");
}

std::vector<std::string> command_of(const std::string& name, const std::string& content,
                                    const json& process = json::object()) {
  const cfy::test::TempDir dir;
  dir.write(name, content);
  const auto settings = read_settings({{"script_path", name}, {"process", process}});
  auto command = ScriptFile(settings, dir.path().string(), "").command(settings);
  for (std::string& word : command)
    if (const auto at = word.find(dir.path().string()); at != std::string::npos)
      word.replace(at, dir.path().string().size(), "DIR");
  return command;
}
using Words = std::vector<std::string>;

TEST_CASE("a script runs by the interpreter it names", "[script_file]") {
  CHECK(command_of("a", "#!/bin/bash\nx") == Words{"/bin/bash", "DIR/a"});
  CHECK(command_of("a", "#! /usr/bin/env -S bash -e\nx") ==
        Words{"/usr/bin/env", "-S bash -e", "DIR/a"});
  CHECK(command_of("a", "#!/bin/bash\r\nx") == Words{"/bin/bash", "DIR/a"});
  CHECK(command_of("a.sh", "echo x") == Words{"/bin/sh", "DIR/a.sh"});
  CHECK(command_of("a.py", "print()") == Words{"python3", "DIR/a.py"});
  CHECK(command_of("a", "print()", {{"eval_python", true}}) == Words{"python3", "DIR/a"});
  CHECK(command_of("a.py", "#!/usr/bin/env python\n") == Words{"python3", "DIR/a.py"});
  CHECK(command_of("a.py", "#!/usr/bin/python") == Words{"python3", "DIR/a.py"});
  CHECK(command_of("a.py", "#!/no/such/python") == Words{"python3", "DIR/a.py"});
  CHECK(command_of("a.py", "#!/usr/bin/env -S python0 -u") == Words{"python3", "DIR/a.py"});
  CHECK(command_of("a.py", "#!/bin/sh") == Words{"/bin/sh", "DIR/a.py"});
  CHECK(command_of("a.sh", "#!/no/such/python") == Words{"/no/such/python", "DIR/a.sh"});
  CHECK(command_of("a", "#!/usr/bin/env python\n") == Words{"/usr/bin/env", "python", "DIR/a"});
  CHECK(command_of("a", "\177ELF") == Words{"DIR/a"});
  CHECK(command_of("a", "") == Words{"/bin/sh", "DIR/a"});
}

TEST_CASE("arguments and a prefix go through the shell", "[script_file]") {
  CHECK(command_of("a b", "#!/bin/bash\n", {{"args", {"-x", "$HOME", 5}}}) ==
        Words{"/bin/sh", "-c", "'/bin/bash' 'DIR/a b' -x $HOME 5"});
  const Words prefixed =
      command_of("a", "x", {{"args", {"-x"}}, {"command_prefix", "nice -n 5 sh"}});
  REQUIRE(prefixed.size() == 3);
  CHECK(prefixed[2].starts_with("nice -n 5 sh '"));
  CHECK(prefixed[2].ends_with("' -x"));
}

TEST_CASE("a script is found by path, file:// and without its namespace", "[script_file]") {
  const cfy::test::TempDir dir;
  const auto file = dir.write("scripts/a b.sh", "x");
  const auto found = [&](const std::string& name) {
    return cfy::detail::find_resource(name, dir.path().string());
  };
  CHECK(found("scripts/a b.sh") == file);
  CHECK(found(file.string()) == file);
  CHECK(found("file://" + dir.path().string() + "/scripts/a%20b.sh") == file);
  CHECK(found("outer--inner--scripts/a b.sh") == file);
  CHECK_FALSE(found("scripts"));
  CHECK_FALSE(found("nothing--at all"));
}

TEST_CASE("an inline script loses its common indentation", "[script_file]") {
  CHECK(cfy::script::dedent("  a\n    b\n\n  c\n") == "a\n  b\n\nc\n");
  CHECK(cfy::script::dedent("a\n  b") == "a\n  b");
  const auto settings = read_settings({{"script_source", "  #!/bin/bash\n  x"}});
  const ScriptFile script(settings, "", "");
  CHECK(script.command(settings) == Words{"/bin/bash", script.path().string()});
  CHECK(script.shown() == "the inline script");
}

TEST_CASE("an inline script is in memory, where each process of the user finds it",
          "[script_file]") {
  const ScriptFile script(read_settings({{"script_source", "x"}}), "", "");
  CHECK(script.path().string().starts_with("/proc/" + std::to_string(::getpid()) + "/fd/"));
  const int fd = std::stoi(script.path().filename());
  CHECK((::fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK(::fcntl(fd, F_GETFD) == FD_CLOEXEC);
}

TEST_CASE("behind a command_prefix a script is a file that can be executed", "[script_file]") {
  const cfy::test::TempDir dir, work;
  const fs::path executable = dir.write("a.py", "x"), other = dir.write("b.py", "x");
  fs::permissions(executable, fs::perms::owner_all);
  const fs::perms mode = fs::status(other).permissions();
  for (const auto& [inputs, is_copied] : {std::pair(json{{"script_source", "x"}}, true),
                                          std::pair(json{{"script_path", "b.py"}}, true),
                                          std::pair(json{{"script_path", "a.py"}}, false)}) {
    CAPTURE(inputs.dump());
    json all = inputs;
    all["process"]["command_prefix"] = "nice";
    fs::path path;
    {
      const ScriptFile script(read_settings(all), dir.path().string(), work.path().string());
      path = script.path();
      CHECK((path != executable) == is_copied);
      if (is_copied) CHECK(fs::status(path).permissions() == fs::perms::owner_all);
      if (is_copied) CHECK(path.string().starts_with(work.path().string() + "/"));
      if (inputs.contains("script_path")) CHECK(path.extension() == ".py");
    }
    CHECK(fs::exists(path) != is_copied);
  }
  CHECK(fs::status(other).permissions() == mode);
}

TEST_CASE("a prefix is read for the user that it changes to", "[script_file]") {
  const auto user_of = [](const std::string& prefix) {
    const auto user = cfy::script::find_other_user(prefix);
    return user ? user->name : "";
  };
  // Every machine has a user nobody, and no test runs as that.
  for (const char* prefix :
       {"sudo -u nobody", "sudo -nu nobody bash", "sudo -unobody", "sudo --user nobody",
        "A=1 nice -n 5 /usr/bin/sudo -E --user=nobody -- env B=2 sh", "sudo -g root -u 'nobody'",
        "sudo -C 3 A=1 -u nobody", "su nobody -s /bin/sh", "su -s /bin/sh - nobody", "su -l nobody",
        "su -c true nobody", "runuser -u nobody --", "runuser --user=nobody sh",
        "runuser -s /bin/sh nobody -c", "setpriv --regid root --clear-groups --reuid nobody",
        "setpriv --reuid=nobody sh", "doas -u nobody", "sudo su nobody",
        "sudo -u root su nobody"}) {
    CAPTURE(prefix);
    CHECK(user_of(prefix) == "nobody");
  }
  for (const char* prefix :
       {"nice -n 5", "sudo", "sudo bash -u nobody", "su", "su -", "sudo -u root",
        "setpriv --no-new-privs", "A=sudo env", "doas sh", ""}) {
    CAPTURE(prefix);
    CHECK(user_of(prefix) == "");
  }
  CHECK(user_of("sudo -u '#65533' sh") == "#65533");
  CHECK(user_of("setpriv --reuid 65533") == "65533");
  CHECK_THROWS_WITH(user_of("sudo -u no-such-user sh"),
                    "process.command_prefix runs the script as user 'no-such-user', whom this "
                    "machine does not know");
}

}  // namespace
