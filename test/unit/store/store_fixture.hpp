// StoreFixture: a store in a folder of its own, with a deployment and an execution in it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "store/store.hpp"
#include "support/temp_dir.hpp"

namespace cfy::store {

// pid 1 lives, but began at another time.
inline const Runner kDead = {{1, 999'999'999'999, "", ""}, 0};

/// The test itself, as a runner.
inline Runner this_runner() {
  return {process::this_process().value(), 0};
}

/// The value, or the test fails with the error's message.
template <typename T>
T must(base::Result<T> result) {
  if (!result) FAIL(result.error().message());
  return std::move(result).value();
}
inline void must(const base::Result<void>& result) {
  if (!result) FAIL(result.error().message());
}
template <typename T>
base::Error error_of(const base::Result<T>& result) {
  if (result) FAIL("there is no error");
  return result.error();
}

inline Deployment make_deployment(std::string id) {
  Deployment deployment;
  deployment.id = std::move(id);
  deployment.blueprint_id = "shop";
  deployment.blueprint_path = "/home/me/shop/blueprint.yaml";
  deployment.inputs = {{"port", 80}};
  deployment.plan = {{"nodes", json::array()}};
  deployment.created_ms = deployment.updated_ms = 1000;
  return deployment;
}

inline Execution make_execution(std::string id, std::string deployment_id = "shop-1") {
  Execution execution;
  execution.id = std::move(id);
  execution.deployment_id = std::move(deployment_id);
  execution.workflow_id = "install";
  execution.created_ms = 2000;
  return execution;
}

inline NodeInstance make_instance(std::string id, std::string deployment_id = "shop-1") {
  NodeInstance instance;
  instance.id = std::move(id);
  instance.deployment_id = std::move(deployment_id);
  instance.node_id = "web";
  return instance;
}

struct StoreFixture {
  StoreFixture() {
    must(store->deployments().create(make_deployment("shop-1")));
    must(store->executions().create(make_execution("e1")));
  }
  std::unique_ptr<Store> open_another(int busy_timeout_ms = 20'000) const {
    return must(Store::open(dir.path() / "state", {busy_timeout_ms}));
  }

  test::TempDir dir;
  std::unique_ptr<Store> store = must(Store::open(dir.path() / "state"));
};

}  // namespace cfy::store
