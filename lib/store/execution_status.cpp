#include "store/execution_status.hpp"

#include <algorithm>
#include <array>

namespace cfy::store {
namespace {

constexpr std::array<std::string_view, 3> kCancelling = {"cancelling", "force_cancelling",
                                                         "kill_cancelling"};
constexpr std::array<std::string_view, 3> kFinished = {"cancelled", "terminated", "failed"};

bool is_one_of(const std::array<std::string_view, 3>& statuses, std::string_view status) {
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

}  // namespace

std::string_view status_of(CancelDegree degree) {
  return kCancelling[static_cast<std::size_t>(degree)];
}

std::optional<CancelDegree> degree_of(std::string_view status) {
  const auto* const place = std::find(kCancelling.begin(), kCancelling.end(), status);
  if (place == kCancelling.end()) return std::nullopt;
  return static_cast<CancelDegree>(place - kCancelling.begin());
}

bool is_finished(std::string_view status) {
  return is_one_of(kFinished, status);
}

bool is_cancelling(std::string_view status) {
  return is_one_of(kCancelling, status);
}

bool may_follow(std::string_view from, std::string_view to) {
  if (from == "pending") return to == "started" || is_cancelling(to) || is_finished(to);
  // A workflow may not heed a cancel and end as it likes, so no way to an end is ever closed.
  if (from == "started") return is_cancelling(to) || is_finished(to);
  if (!is_cancelling(from)) return false;
  const auto place = [](std::string_view status) {
    return std::find(kCancelling.begin(), kCancelling.end(), status);
  };
  return is_finished(to) || (is_cancelling(to) && place(to) > place(from));
}

}  // namespace cfy::store
