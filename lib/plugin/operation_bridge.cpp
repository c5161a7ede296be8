#include "plugin/operation_bridge.hpp"

#include "base/text.hpp"
#include "plugin/c_text.hpp"

namespace cfy::plugin {
namespace {

OperationBridge& bridge(cfy_operation* call) {
  return OperationBridge::of(call);
}
std::string text(cfy_str borrowed) {
  return base::to_valid_utf8(view(borrowed));
}

cfy_str context_json(cfy_operation* call) noexcept {
  return borrow(bridge(call).host().context_json());
}

void log(cfy_operation* call, cfy_str level, cfy_str logger, cfy_str line) noexcept {
  bridge(call).host().log(text(level), text(logger), text(line));
}

void send_event(cfy_operation* call, cfy_str line) noexcept {
  bridge(call).host().send_event(text(line));
}

cfy_status set_runtime_properties(cfy_operation* call, int32_t role, cfy_str json) noexcept {
  return bridge(call).set_runtime_properties(role, view(json));
}

int32_t has_cancel_request(cfy_operation* call) noexcept {
  return bridge(call).host().has_cancel_request() ? 1 : 0;
}

cfy_str last_error(cfy_operation* call) noexcept {
  return borrow(bridge(call).last_error());
}

constexpr cfy_operation_host kTable = {
    .size = sizeof(cfy_operation_host),
    .abi_major = CFY_ABI_MAJOR,
    .abi_minor = CFY_ABI_MINOR,
    .context_json = context_json,
    .log = log,
    .send_event = send_event,
    .set_runtime_properties = set_runtime_properties,
    .has_cancel_request = has_cancel_request,
    .last_error = last_error,
};

}  // namespace

base::Result<void> OperationBridge::try_set(int role, std::string_view text) {
  static constexpr SubjectRole kRoles[] = {SubjectRole::self, SubjectRole::source,
                                           SubjectRole::target};
  if (role < CFY_ROLE_SELF || role > CFY_ROLE_TARGET)
    return base::make_error(base::ErrorKind::invalid, "there is no role {}", role);
  json properties = json::parse(text, nullptr, false);
  if (!properties.is_object())
    return base::Error(base::ErrorKind::invalid, "runtime properties must be a dict");
  return host_.set_runtime_properties(kRoles[role], std::move(properties));
}

cfy_status OperationBridge::set_runtime_properties(int role, std::string_view text) {
  const auto result = try_set(role, text);
  if (result) return CFY_OK;
  last_error_ = result.error().message();
  return result.error().kind() == base::ErrorKind::invalid ? CFY_INVALID : CFY_FAILED;
}

const cfy_operation_host& operation_table() {
  return kTable;
}

}  // namespace cfy::plugin
