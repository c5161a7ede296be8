// The conversions of Python's `text % arguments` that a log may need; fmt does each of them.
#include "log_message.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/printf.h>

#include "base/json_text.hpp"

namespace cfy::script {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestLayout = 8;

/// "%(key)-8.2f" without its %.
struct Conversion {
  std::optional<std::string> key;
  std::string layout;  ///< "-8.2"
  char type = '\0';
};

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return number;
}

std::optional<double> to_number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  return value.is_string() ? parse_number<double>(value.get_ref<const std::string&>())
                           : std::nullopt;
}

std::optional<std::int64_t> to_integer(const json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) return parse_number<std::int64_t>(value.get_ref<const std::string&>());
  const auto number = to_number(value);
  constexpr double kTooLarge = 9.2e18;
  if (!number || !(*number > -kTooLarge && *number < kTooLarge)) return std::nullopt;
  return static_cast<std::int64_t>(*number);  // cut off, as Python does
}

template <typename Value>
std::optional<std::string> print(const Conversion& conversion, char type,
                                 const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  return fmt::sprintf("%" + conversion.layout + type, *value);
}

// Nothing: the value is of another kind, or we do not know this conversion.
std::optional<std::string> convert(const Conversion& conversion, const json& value) {
  switch (conversion.type) {
    case 's':
      return print(conversion, 's', std::optional(base::to_python_text(value)));
    case 'r':
    case 'a':
      return print(conversion, 's', std::optional(base::to_python_repr(value)));
    case 'd':
    case 'i':
    case 'u':
      return print(conversion, 'd', to_integer(value));
    case 'o':
    case 'x':
    case 'X': {
      const auto number = to_integer(value);
      if (number && *number < 0) return std::nullopt;
      return print(conversion, conversion.type, number);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return print(conversion, conversion.type, to_number(value));
    default:
      return std::nullopt;
  }
}

class Message {
 public:
  Message(std::string_view format, const json* arguments, std::size_t count)
      : rest_(format), arguments_(arguments), count_(count) {}

  /// Nothing when the arguments do not fit.
  std::optional<std::string> make() {
    std::string text;
    while (!rest_.empty()) {
      text += take(std::min(rest_.find('%'), rest_.size()));
      if (rest_.empty()) break;
      const auto part = take_conversion();
      if (!part) return std::nullopt;
      text += *part;
    }
    if (used_ != count_ && !is_map()) return std::nullopt;
    return text;
  }

 private:
  bool is_map() const { return count_ == 1 && arguments_->is_object(); }

  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_all(const char* characters) {
    return take(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }

  std::optional<Conversion> parse() {
    Conversion conversion;
    take(1);
    if (rest_.starts_with('(')) {
      const std::size_t end = rest_.find(')');
      if (end == std::string_view::npos) return std::nullopt;
      conversion.key = std::string(take(end + 1).substr(1, end - 1));
    }
    conversion.layout = take_all("#0- +");
    conversion.layout += take_all("0123456789");
    if (rest_.starts_with('.')) conversion.layout += take(1);
    if (conversion.layout.ends_with('.')) conversion.layout += take_all("0123456789");
    if (rest_.empty() || conversion.layout.size() > kLongestLayout) return std::nullopt;
    conversion.type = take(1).front();
    return conversion;
  }

  std::optional<std::string> take_conversion() {
    const auto conversion = parse();
    if (!conversion) return std::nullopt;
    if (conversion->type == '%') return "%";
    const json* value = find_value(*conversion);
    return value == nullptr ? std::nullopt : convert(*conversion, *value);
  }

  const json* find_value(const Conversion& conversion) {
    if (!conversion.key) return used_ < count_ ? &arguments_[used_++] : nullptr;
    if (!is_map()) return nullptr;
    const auto found = arguments_->find(*conversion.key);
    return found == arguments_->end() ? nullptr : &*found;
  }

  std::string_view rest_;
  const json* arguments_;
  std::size_t count_;
  std::size_t used_ = 0;
};

}  // namespace

std::string make_log_message(const std::vector<json>& arguments) {
  if (arguments.empty()) return {};
  std::string text = base::to_python_text(arguments[0]);
  if (arguments.size() == 1) return text;
  if (auto made = Message(text, &arguments[1], arguments.size() - 1).make())
    return *std::move(made);
  for (std::size_t at = 1; at < arguments.size(); ++at)
    text += " " + base::to_python_text(arguments[at]);
  return text;
}

}  // namespace cfy::script
