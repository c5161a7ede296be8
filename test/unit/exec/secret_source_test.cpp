#include "exec/secret_source.hpp"

#include <catch2/catch.hpp>

#include "support/temp_dir.hpp"

using cfy::exec::SecretSource;
using nlohmann::json;

namespace {

std::string value_of(SecretSource& secrets, const std::string& name,
                     cfy::store::Store* store = nullptr) {
  const auto value = secrets.find(name, store);
  REQUIRE(value);
  return value->value_or("(none)");
}

}  // namespace

TEST_CASE("the environment wins over the file, and that over the store", "[secrets]") {
  const cfy::test::TempDir dir;
  auto store = cfy::store::Store::open(dir.path() / "state");
  REQUIRE(store);
  for (const char* name : {"a", "b", "c"})
    REQUIRE((*store)->secrets().set(name, "stored", 1));
  SecretSource secrets({{"a", "environment"}}, {{"a", "file"}, {"b", "file"}});
  CHECK(value_of(secrets, "a", store->get()) == "environment");
  CHECK(value_of(secrets, "b", store->get()) == "file");
  CHECK(value_of(secrets, "c", store->get()) == "stored");
  CHECK(value_of(secrets, "c") == "(none)");
}

TEST_CASE("a name that no shell takes is found in capital letters", "[secrets]") {
  SecretSource secrets({{"DB_PASSWORD_1", "capitals"}, {"x.y", "exact"}, {"X_Y", "no"}}, {});
  CHECK(value_of(secrets, "db-password.1") == "capitals");
  CHECK(value_of(secrets, "x.y") == "exact");
}

TEST_CASE("a value that was replaced in the store is read and hidden", "[secrets]") {
  const cfy::test::TempDir dir;
  auto store = cfy::store::Store::open(dir.path() / "state");
  REQUIRE(store);
  SecretSource secrets({}, {});
  REQUIRE((*store)->secrets().set("a", "first-value", 1));
  CHECK(value_of(secrets, "a", store->get()) == "first-value");
  REQUIRE((*store)->secrets().set("a", "second-value", 2));
  CHECK(value_of(secrets, "a", store->get()) == "second-value");
  CHECK(secrets.mask().text("first-value second-value") == "******** ********");
}

TEST_CASE("who records without us is told all that we hide", "[secrets]") {
  const cfy::test::TempDir dir;
  auto store = cfy::store::Store::open(dir.path() / "state");
  REQUIRE(store);
  const std::string large(2 * 1024 * 1024, 'x');
  REQUIRE((*store)->secrets().set("a", "stored-value", 1));
  REQUIRE((*store)->secrets().set("b", large, 1));
  SecretSource secrets({{"c", "of-environment"}, {"short", "abc"}},
                       {{"d", "of-file"}, {"e", large + "y"}});
  REQUIRE(secrets.mask_stored(**store));
  CHECK(secrets.values_to_hide() ==
        std::vector<std::string>{large + "y", "of-environment", "of-file", "stored-value"});
}

TEST_CASE("what is hidden but is no whole secret is stored as it is", "[secrets]") {
  const SecretSource secrets({{"json", R"({"pin": 987654321, "word": "inner"})"}}, {});
  const json value = {{"a", 987654321}, {"b", {"inner", "aW5uZXI="}}};
  CHECK(secrets.refer_to_secrets(value) == value);
}

TEST_CASE("what is stored names the secrets in it", "[secrets]") {
  const SecretSource secrets({{"token", "hunter2"}, {"short", "abc"}}, {});
  CHECK(secrets.refer_to_secrets("hunter2") == json{{"get_secret", "token"}});
  CHECK(secrets.refer_to_secrets("u:hunter2@h") ==
        json{{"concat", {"u:", {{"get_secret", "token"}}, "@h"}}});
  const json value = {{"a", {1, "abc", {{"b", "hunter2"}}}}, {"c", nullptr}};
  CHECK(secrets.refer_to_secrets(value) ==
        json{{"a", {1, "abc", {{"b", {{"get_secret", "token"}}}}}}, {"c", nullptr}});
}
