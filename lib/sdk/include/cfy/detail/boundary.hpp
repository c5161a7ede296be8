// The boundary itself: texts and JSON in both directions, and the guard that turns exceptions into
// a status. Knows nothing of nodes, tasks or operations.
#pragma once

#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/errors.hpp>
#include <cfy/plugin.h>
#include <nlohmann/json.hpp>
#if defined(__cpp_rtti)
#include <typeinfo>

#include <cxxabi.h>
#endif

namespace cfy {
using json = nlohmann::json;
}

namespace cfy::detail {

constexpr cfy_str str(std::string_view text) {
  return {text.data(), text.size()};
}
constexpr std::string_view view(cfy_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}
inline std::string text(cfy_str borrowed) {
  return std::string(view(borrowed));
}

inline std::vector<std::string> texts(cfy_str_list list) {
  std::vector<std::string> copies;
  copies.reserve(list.count);
  for (std::size_t i = 0; i < list.count; ++i)
    copies.push_back(text(list.items[i]));
  return copies;
}
inline bool contains(cfy_str_list list, std::string_view wanted) {
  for (std::size_t i = 0; i < list.count; ++i)
    if (view(list.items[i]) == wanted) return true;
  return false;
}

/// JSON text that is always valid UTF-8, whatever bytes the value holds.
inline std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}
inline json parse(cfy_str borrowed) {
  return borrowed.size == 0 ? json() : json::parse(view(borrowed));
}

/// "std::out_of_range" for an exception that is not of the SDK.
inline std::string type_name(const std::exception& error) {
#if defined(__cpp_rtti)
  int status = 0;
  char* name = abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status);
  std::string readable = status == 0 ? name : typeid(error).name();
  std::free(name);
  return readable;
#else
  (void)error;
  return "std::exception";
#endif
}

inline cfy_status refuse(cfy_reply* reply, cfy_status status, std::string_view type,
                         std::string_view message, std::optional<double> retry_after = {}) {
  const cfy_error error{sizeof(cfy_error), str(type), str(message), retry_after.value_or(-1)};
  reply->set_error(reply, &error);
  return status;
}

/// Run `body`; whatever it throws becomes a status, with type and message in `reply`.
template <typename Body>
cfy_status guarded(cfy_reply* reply, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const ExecutionCancelled& error) {
    return refuse(reply, CFY_CANCELLED, error.type(), error.what());
  } catch (const Recoverable& error) {
    return refuse(reply, CFY_RECOVERABLE, error.type(), error.what(), error.retry_after());
  } catch (const Retry& error) {
    return refuse(reply, CFY_RETRY, error.type(), error.what(), error.retry_after());
  } catch (const Error& error) {
    return refuse(reply, CFY_FAILED, error.type(), error.what());
  } catch (const std::exception& error) {
    return refuse(reply, CFY_RECOVERABLE, type_name(error), error.what());
  } catch (...) {
    return refuse(reply, CFY_RECOVERABLE, "unknown", "something that is not a std::exception");
  }
}

}  // namespace cfy::detail
