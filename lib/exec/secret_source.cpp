#include "exec/secret_source.hpp"

#include <algorithm>
#include <utility>

#include "deploy/outside_uses.hpp"

namespace cfy::exec {
SecretSource::SecretSource(SecretValues environment, SecretValues file)
    : environment_(std::move(environment)), file_(std::move(file)) {
  for (const SecretValues* values : {&environment_, &file_})
    for (const auto& [name, value] : *values)
      remember(name, value);
}

void SecretSource::remember(const std::string& name, const std::string& value) {
  mask_.add(value);
  if (value.size() >= event::kShortestMasked) names_.try_emplace(value, name);
}

base::Result<void> SecretSource::mask_stored(store::Store& store) {
  const auto values = store.secrets().values();
  if (!values) return values.error();
  for (const auto& [name, value] : *values)
    remember(name, value);
  return {};
}

base::Result<std::optional<std::string>> SecretSource::find(std::string_view name,
                                                            store::Store* store) {
  for (const auto& known :
       {environment_.find(name), environment_.find(deploy::secret_variable(name))})
    if (known != environment_.end()) return std::optional(known->second);
  if (const auto known = file_.find(name); known != file_.end())
    return std::optional(known->second);
  if (store == nullptr) return std::optional<std::string>();
  auto stored = store->secrets().find(name);
  if (stored && *stored) remember(std::string(name), **stored);
  return stored;
}

std::vector<std::string> SecretSource::values_to_hide() const {
  constexpr std::size_t kLongestOfStore = 1024UL * 1024;
  std::vector<std::string> values;
  for (const SecretValues* given : {&environment_, &file_})
    for (const auto& [name, value] : *given)
      if (value.size() > kLongestOfStore) values.push_back(value);
  for (const auto& [value, name] : names_)
    if (value.size() <= kLongestOfStore) values.push_back(value);
  return values;
}

// The pieces in order: texts as they are, secrets as functions.
json SecretSource::refer_in_text(const std::string& text) const {
  json pieces = json::array();
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::pair<const std::string, std::string>* longest = nullptr;
    for (const auto& one : names_)
      if (text.compare(at, one.first.size(), one.first) == 0 &&
          (longest == nullptr || one.first.size() > longest->first.size()))
        longest = &one;
    if (longest == nullptr) {
      ++at;
      continue;
    }
    if (at > copied) pieces.push_back(text.substr(copied, at - copied));
    pieces.push_back({{"get_secret", longest->second}});
    copied = at += longest->first.size();
  }
  if (copied == 0) return text;
  if (copied < text.size()) pieces.push_back(text.substr(copied));
  return pieces.size() == 1 ? pieces.front() : json{{"concat", std::move(pieces)}};
}

json SecretSource::refer_to_secrets(const json& value) const {
  json hidden = value;
  // Nearly nothing has a secret in it, and the mask finds that out quickly.
  if (!mask_.apply(hidden)) return value;
  if (value.is_string()) return refer_in_text(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value;  // a number of a secret that is JSON
  json result = value.is_array() ? json::array() : json::object();
  if (value.is_array())
    for (const json& part : value)
      result.push_back(refer_to_secrets(part));
  else
    for (const auto& [key, member] : value.items())
      result[mask_.text(key)] = refer_to_secrets(member);
  return result;
}

}  // namespace cfy::exec
