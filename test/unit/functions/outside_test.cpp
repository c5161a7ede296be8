// Functions whose answer is not in the blueprint.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace cfy::functions;

namespace {

// Answers with what it was asked, so that a test sees that.
class Echo final : public Storage {
 public:
  const json* find_input(std::string_view) override { return nullptr; }
  std::optional<NodeFacts> find_node(std::string_view) override { return {}; }
  Answer capability(const json& path) override { return json{{"capability of", path}}; }
  Answer group_capability(const json& path) override { return json{{"group", path}}; }
  Answer environment_capability(const json& path) override { return json{{"parent", path}}; }
  Answer label(const std::string& key) override { return json({key + "1", key + "2"}); }
  Answer sys(const std::string& entity, const std::string& property) override {
    return json(entity + "/" + property);
  }
  Answer consumers(const std::string& property) override { return json(property); }
};

json asked(const char* text) {
  Echo echo;
  const Answer answer = Evaluator(echo, Stage::runtime).evaluate(json::parse(text), {});
  return answer.ok() ? answer.value : json("fault: " + answer.fault->type);
}

}  // namespace

TEST_CASE("a secret is its text, or a part of the JSON in it") {
  World world;
  world.secrets = {{"plain", "p4ss"}, {"json", R"({"a": [1, {"b": "deep"}]})"}};
  CHECK(evaluated(world, R"({"get_secret": "plain"})") == "p4ss");
  CHECK(evaluated(world, R"({"get_secret": ["json", "a", 1, "b"]})") == "deep");
  CHECK(evaluated(world, R"({"get_secret": ["json", "zz"]})") == "fault: FunctionEvaluationError");
  CHECK(evaluated(world, R"({"get_secret": ["plain", "x"]})") == "fault: FunctionEvaluationError");
  CHECK(evaluated(world, R"({"get_secret": "none"})") == "fault: UnknownSecretError");
  CHECK(evaluated(world, R"({"get_secret": {"concat": ["pl", "ain"]}})") == "p4ss");
}

TEST_CASE("capabilities are asked for by their whole path") {
  CHECK(asked(R"({"get_capability": ["d", "c", 0]})") ==
        json::parse(R"({"capability of": ["d", "c", 0]})"));
  CHECK(asked(R"({"get_group_capability": ["g", ["a", "b"]]})") ==
        json::parse(R"({"group": ["g", ["a", "b"]]})"));
  CHECK(asked(R"({"get_environment_capability": "c"})") == json::parse(R"({"parent": ["c"]})"));
}

TEST_CASE("a path inside a capability is followed") {
  const json value = json::parse(R"({"a": [1, 2]})");
  CHECK(follow_capability(value, {"d", "c", "a", -1}, 2).value == 2);
  CHECK_FALSE(follow_capability(value, {"d", "c", "b"}, 2).ok());
}

TEST_CASE("a label is the list of its values, or one of them") {
  CHECK(asked(R"({"get_label": "k"})") == json({"k1", "k2"}));
  CHECK(asked(R"({"get_label": ["k", 1]})") == "k2");
  CHECK(asked(R"({"get_label": ["k", "0"]})") == "k1");
  CHECK(asked(R"({"get_label": ["k", 9]})") == "fault: FunctionEvaluationError");
}

TEST_CASE("the system and consumers are asked by name") {
  CHECK(asked(R"({"get_sys": ["deployment", "id"]})") == "deployment/id");
  CHECK(asked(R"({"get_consumers": "count"})") == "count");
}

TEST_CASE("where nothing is known beyond the plan, that is said") {
  World world;
  for (const char* text : {R"({"get_capability": ["d", "c"]})", R"({"get_label": "k"})",
                           R"({"get_sys": ["tenant", "name"]})", R"({"get_consumers": "ids"})"})
    CHECK(evaluated(world, text) == "fault: FunctionEvaluationError");
}
