// Operations without plugins, well behaved and hostile, by their function's name. The same in the
// test program and in its workers.
#pragma once

#include "dispatch/operation_caller.hpp"

namespace cfy::test {

class FakeOperations : public dispatch::OperationCaller {
 public:
  dispatch::CallOutcome call(const dispatch::OperationRequest& request,
                             plugin::OperationHost& host) override;
};

}  // namespace cfy::test
