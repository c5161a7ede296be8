#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("plugins know where they are declared", "[dsl]") {
  Loaded bp("plugins:\n  p: {executor: central_deployment_agent, source: lib/p.so}\n");
  REQUIRE(bp.errors() == "");
  const auto& plugin = bp.plan->plugins.at("p");
  CHECK(plugin.source == "lib/p.so");
  CHECK(plugin.install);
  CHECK(plugin.declared_in == "blueprint.yaml");
  CHECK(plugin.declared_at == "blueprint.yaml:3:3");
}

TEST_CASE("a plugin needs an executor, and something to install", "[dsl]") {
  const auto codes = [](const char* plugin) {
    return Loaded(fmt::format("plugins: {{p: {}}}\n", plugin)).codes();
  };
  CHECK(codes("{install: false}") == Codes{1});
  CHECK(codes("{executor: nowhere, install: false}") == Codes{18});
  CHECK(codes("{executor: host_agent}") == Codes{50});
  CHECK(codes("{executor: host_agent, package_name: p}") == Codes{});
  CHECK(codes("{executor: host_agent, install: false, nonsense: 1}") == Codes{1});
  CHECK(codes("{executor: host_agent, install: false, supported_platform: [any]}") == Codes{1});
  CHECK(codes("{executor: host_agent, package_name: p, package_version: 1.2}") == Codes{1});
}

TEST_CASE("properties of plugins need DSL 1.5", "[dsl]") {
  CHECK(Loaded("tosca_definitions_version: cloudify_dsl_1_4\nplugins: {p: {executor: host_agent, "
               "install: false, properties: {}}}\n")
            .codes() == Codes{102});
}
