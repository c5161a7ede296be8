// Texts of the C interface in and out.
#pragma once

#include <string>
#include <string_view>

#include <cfy/plugin.h>

namespace cfy::plugin {

inline std::string_view view(cfy_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
inline cfy_str borrow(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace cfy::plugin
