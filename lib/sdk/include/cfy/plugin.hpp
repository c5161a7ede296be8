// cfy/plugin.hpp: write workflows and operations for cfy-run in C++20. Header only, exceptions and
// standard types inside; what crosses to the program is the C interface of cfy/plugin.h, so plugin
// and program may be built by different compilers with different flags.
//
//   #include <cfy/plugin.hpp>
//   static void greet(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) { ... }
//   static cfy::json create(cfy::OperationContext& ctx) { ... }
//   CFY_PLUGIN("my_plugin", "1.0.0", cfy::workflow<greet>("module.greet"),
//              cfy::operation<create>("module.create"));
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string_view>
#include <type_traits>

#include <cfy/operation.hpp>
#include <cfy/serial_operation.hpp>
#include <cfy/workflow.hpp>

namespace cfy {

/// For workflow() and operation(): may be started again after it was cut off in the middle.
inline constexpr std::uint32_t resumable = CFY_RESUMABLE;

namespace detail {

/// All that a workflow function sees, in one piece of memory that callbacks can keep alive.
class WorkflowCall : public Session {
 public:
  WorkflowCall(const cfy_workflow_host* host, cfy_workflow* call)
      : Session(host, call), context_(this), parameters_(parse(execution().parameters_json)) {}
  WorkflowContext& context() { return context_; }
  const Parameters& parameters() const { return parameters_; }

 private:
  WorkflowContext context_;
  Parameters parameters_;
};

/// Call `body`; what it gives, if anything, is the result.
template <typename Body>
void reply_result(cfy_reply* reply, Body&& body) {
  if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
    body();
  } else {
    const json result = body();
    reply->set_result(reply, str(dump(result)));
  }
}

template <auto Function>
cfy_status run_workflow(void*, const cfy_workflow_host* host, cfy_workflow* call,
                        cfy_reply* reply) noexcept {
  return guarded(reply, [&]() -> cfy_status {
    const auto session = std::make_shared<WorkflowCall>(host, call);
    reply_result(reply, [&] { return Function(session->context(), session->parameters()); });
    return CFY_OK;
  });
}

template <typename Body>
cfy_status run_operation_body(const cfy_operation_host* host, cfy_operation* call, cfy_reply* reply,
                              const Body& body) noexcept {
  return guarded(reply, [&]() -> cfy_status {
    OperationSession session(host, call);
    OperationContext ctx(session);
    try {
      reply_result(reply, [&] { return body(ctx); });
    } catch (...) {
      // What was changed before the failure is kept, and the failure is what gets told.
      guarded(reply, [&]() -> cfy_status {
        session.save_all();
        return CFY_OK;
      });
      throw;
    }
    session.save_all();
    if (session.wanted_retry())
      throw Retry(session.wanted_retry()->message, session.wanted_retry()->retry_after);
    return CFY_OK;
  });
}

template <auto Function>
cfy_status run_operation(void*, const cfy_operation_host* host, cfy_operation* call,
                         cfy_reply* reply) noexcept {
  return run_operation_body(host, call, reply, [](OperationContext& ctx) { return Function(ctx); });
}

template <auto Function>
cfy_status run_serial_operation(void* options, const cfy_operation_host* host, cfy_operation* call,
                                cfy_reply* reply) noexcept {
  return run_operation_body(host, call, reply, [options](OperationContext& ctx) {
    need_turn(ctx, *static_cast<const SerialOptions*>(options));
    return Function(ctx);
  });
}

/// As long as the plugin's table lives.
inline SerialOptions* keep(SerialOptions options) {
  static std::deque<SerialOptions> kept;
  return &kept.emplace_back(std::move(options));
}

#define CFY_DETAIL_TEXT2(x) #x
#define CFY_DETAIL_TEXT(x) CFY_DETAIL_TEXT2(x)
#if defined(__clang__)
inline constexpr std::string_view kCompiler =
    "clang++ " CFY_DETAIL_TEXT(__clang_major__) "." CFY_DETAIL_TEXT(__clang_minor__);
#else
inline constexpr std::string_view kCompiler =
    "g++ " CFY_DETAIL_TEXT(__GNUC__) "." CFY_DETAIL_TEXT(__GNUC_MINOR__);
#endif

template <std::size_t Count>
constexpr cfy_plugin make_plugin(std::string_view name, std::string_view version,
                                 const cfy_entry (&entries)[Count]) {
  return {CFY_PLUGIN_MAGIC, sizeof(cfy_plugin), CFY_ABI_MAJOR,
          CFY_ABI_MINOR,    sizeof(cfy_entry),  static_cast<std::uint32_t>(Count),
          str(name),        str(version),       str(kCompiler),
          entries};
}

}  // namespace detail

/// An entry for CFY_PLUGIN: a workflow function under the name that follows the plugin's name in
/// a mapping. It returns nothing, or the result of the execution as anything JSON can hold.
template <auto Function>
constexpr cfy_entry workflow(std::string_view name, std::uint32_t flags = 0) {
  static_assert(
      std::is_invocable_v<decltype(Function), WorkflowContext&, const Parameters&>,
      "a workflow function is called as f(cfy::WorkflowContext&, const cfy::Parameters&)");
  return {
      detail::str(name), CFY_WORKFLOW, flags, nullptr, &detail::run_workflow<Function>, nullptr};
}

/// The same for an operation function.
template <auto Function>
constexpr cfy_entry operation(std::string_view name, std::uint32_t flags = 0) {
  static_assert(std::is_invocable_v<decltype(Function), OperationContext&>,
                "an operation function is called as f(cfy::OperationContext&)");
  return {detail::str(name), CFY_OPERATION, flags,
          nullptr,           nullptr,       &detail::run_operation<Function>};
}

/// The same for an operation that the instances of a node run one after the other: while it is not
/// an instance's turn it fails with CloudifySerializationRetry, and its retries are what it waits
/// with.
template <auto Function>
cfy_entry serial_operation(std::string_view name, SerialOptions options = {},
                           std::uint32_t flags = 0) {
  cfy_entry entry = operation<Function>(name, flags);
  entry.data = detail::keep(std::move(options));
  entry.operation = &detail::run_serial_operation<Function>;
  return entry;
}

}  // namespace cfy

/// CFY_PLUGIN(name, version, entries...): once in each plugin, in any one file. Defines the symbol
/// that cfy-run looks for.
#define CFY_PLUGIN(name, version, ...)                                                     \
  extern "C" CFY_EXPORT const cfy_plugin* cfy_plugin_v1(void) {                            \
    static const cfy_entry kEntries[] = {__VA_ARGS__};                                     \
    static const cfy_plugin kPlugin = ::cfy::detail::make_plugin(name, version, kEntries); \
    return &kPlugin;                                                                       \
  }                                                                                        \
  static_assert(true, "a semicolon belongs after CFY_PLUGIN")
