#include "plugin/operation_bridge.hpp"

#include "base/json_text.hpp"
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

void log_lines(cfy_operation* call, cfy_str level, cfy_str logger, cfy_str_list lines) noexcept {
  std::vector<std::string_view> views;
  views.reserve(lines.count);
  for (std::size_t i = 0; i < lines.count; ++i)
    views.push_back(view(lines.items[i]));
  bridge(call).host().log_lines(text(level), text(logger), views);
}

void log_piece(cfy_operation* call, cfy_str level, cfy_str logger, cfy_str lead, cfy_str piece,
               int32_t goes_on) noexcept {
  bridge(call).host().log_piece(text(level), text(logger), view(lead), view(piece), goes_on != 0);
}

void send_event(cfy_operation* call, cfy_str line) noexcept {
  bridge(call).host().send_event(text(line));
}

cfy_status set_runtime_properties(cfy_operation* call, int32_t role, cfy_str json) noexcept {
  return bridge(call).set_runtime_properties(role, view(json));
}

cfy_status update_instance(cfy_operation* call, int32_t role, cfy_str json,
                           cfy_str* stored) noexcept {
  return bridge(call).update(role, view(json), stored);
}

cfy_status refresh_instance(cfy_operation* call, int32_t role, cfy_str* stored) noexcept {
  return bridge(call).refresh(role, stored);
}

cfy_status node_instances(cfy_operation* call, int32_t role, cfy_str* instances) noexcept {
  return bridge(call).node_instances(role, instances);
}

cfy_status render(cfy_operation* call, cfy_str name, cfy_str line, cfy_str variables,
                  cfy_str* rendered) noexcept {
  return bridge(call).render(text(name), view(line), view(variables), rendered);
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
    .update_instance = update_instance,
    .refresh_instance = refresh_instance,
    .render = render,
    .log_lines = log_lines,
    .log_piece = log_piece,
    .node_instances = node_instances,
};

}  // namespace

namespace {

base::Result<SubjectRole> to_role(int role) {
  static constexpr SubjectRole kRoles[] = {SubjectRole::self, SubjectRole::source,
                                           SubjectRole::target};
  if (role < CFY_ROLE_SELF || role > CFY_ROLE_TARGET)
    return base::make_error(base::ErrorKind::invalid, "there is no role {}", role);
  return kRoles[role];
}

base::Result<json> parse_properties(std::string_view text) {
  auto properties = base::parse_json(text);
  if (!properties)
    return base::make_error(base::ErrorKind::invalid, "the text of the runtime properties {}",
                            properties.error().message());
  if (!properties->is_object())
    return base::Error(base::ErrorKind::invalid, "runtime properties must be a dict");
  return properties;
}

}  // namespace

base::Result<void> OperationBridge::try_set(int role, std::string_view text) {
  const auto subject = to_role(role);
  if (!subject) return subject.error();
  auto properties = parse_properties(text);
  if (!properties) return std::move(properties).error();
  return host_.set_runtime_properties(*subject, *std::move(properties));
}

cfy_status OperationBridge::refuse(const base::Error& error) {
  last_error_ = error.message();
  return error.kind() == base::ErrorKind::invalid ? CFY_INVALID : CFY_FAILED;
}

cfy_status OperationBridge::set_runtime_properties(int role, std::string_view text) {
  const auto result = try_set(role, text);
  return result ? CFY_OK : refuse(result.error());
}

cfy_status OperationBridge::give(base::Result<StoredProperties> stored, cfy_str* text) {
  if (!stored) return refuse(stored.error());
  answer_ = stored->runtime_properties.dump(-1, ' ', false, json::error_handler_t::replace);
  *text = borrow(answer_);
  last_error_ = stored->message;
  return stored->has_conflict ? CFY_RECOVERABLE : CFY_OK;
}

cfy_status OperationBridge::update(int role, std::string_view text, cfy_str* stored) {
  const auto subject = to_role(role);
  if (!subject) return refuse(subject.error());
  auto properties = parse_properties(text);
  if (!properties) return refuse(properties.error());
  return give(host_.update(*subject, *std::move(properties)), stored);
}

cfy_status OperationBridge::refresh(int role, cfy_str* stored) {
  const auto subject = to_role(role);
  return subject ? give(host_.refresh(*subject), stored) : refuse(subject.error());
}

cfy_status OperationBridge::node_instances(int role, cfy_str* instances) {
  const auto subject = to_role(role);
  if (!subject) return refuse(subject.error());
  const auto found = host_.node_instances(*subject);
  if (!found) return refuse(found.error());
  answer_ = found->dump(-1, ' ', false, json::error_handler_t::replace);
  *instances = borrow(answer_);
  return CFY_OK;
}

cfy_status OperationBridge::render(std::string_view name, std::string_view text,
                                   std::string_view variables, cfy_str* rendered) {
  auto parsed = base::parse_json(variables.empty() ? "null" : variables);
  if (!parsed)
    return refuse({base::ErrorKind::invalid,
                   "the text of the template variables " + parsed.error().message()});
  auto result = host_.render(name, text, *std::move(parsed));
  if (!result) return refuse(result.error());
  answer_ = *std::move(result);
  *rendered = borrow(answer_);
  return CFY_OK;
}

const cfy_operation_host& operation_table() {
  return kTable;
}

}  // namespace cfy::plugin
