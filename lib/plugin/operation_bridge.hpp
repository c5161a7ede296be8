// OperationBridge: one call of an operation function as the C functions see it.
#pragma once

#include <string>
#include <string_view>

#include <cfy/plugin.h>

#include "plugin/host.hpp"

// The opaque type of the C interface, as an empty base so that casts are checked by the compiler.
struct cfy_operation {};

namespace cfy::plugin {

class OperationBridge : public cfy_operation {
 public:
  explicit OperationBridge(OperationHost& host) : host_(host) {}

  static OperationBridge& of(cfy_operation* call) { return *static_cast<OperationBridge*>(call); }

  OperationHost& host() { return host_; }
  cfy_status set_runtime_properties(int role, std::string_view text);
  cfy_status update(int role, std::string_view text, cfy_str* stored);
  cfy_status refresh(int role, cfy_str* stored);
  cfy_status node_instances(int role, cfy_str* instances);
  cfy_status render(std::string_view name, std::string_view text, std::string_view variables,
                    cfy_str* rendered);
  std::string_view last_error() const { return last_error_; }

 private:
  base::Result<void> try_set(int role, std::string_view text);

  OperationHost& host_;
  cfy_status refuse(const base::Error& error);
  cfy_status give(base::Result<StoredProperties> stored, cfy_str* text);

  std::string last_error_, answer_;
};

/// The functions of cfy_operation_host.
const cfy_operation_host& operation_table();

}  // namespace cfy::plugin
