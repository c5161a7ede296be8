#include "event/secret_patterns.hpp"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "event/secret_mask.hpp"

namespace cfy::event {
namespace {

using nlohmann::json;

// Numbers of so many digits are more than a port or a year.
constexpr std::size_t kShortestNumber = 6;

// Collects the parts of a JSON value that are worth hiding.
template <typename Visit>
void visit_texts(const json& value, const Visit& visit) {
  if (value.is_string()) visit(value.get_ref<const std::string&>());
  if (value.is_number())
    if (const std::string digits = value.dump(); digits.size() >= kShortestNumber) visit(digits);
  if (value.is_structured())
    for (const json& part : value)
      visit_texts(part, visit);
}

void add_text(std::string_view text, std::vector<std::string>& patterns) {
  if (text.size() < kShortestMasked) return;
  patterns.emplace_back(text);
  // Bytes that are no text were replaced where JSON carried them.
  const std::string quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  if (auto carried = json::parse(quoted).get<std::string>(); carried != text)
    patterns.push_back(std::move(carried));
}

void add_lines(std::string_view text, std::vector<std::string>& patterns) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    // How a line is indented, or what a terminal cut off at its end, is nobody's secret.
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
      line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    add_text(line, patterns);
  }
}

// Above that no variable of the environment holds it, and nobody encodes a whole archive.
constexpr std::size_t kLongestForBase64 = 1024UL * 1024;
constexpr std::size_t kShortestBase64 = 6;  // of kShortestMasked bytes

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view three = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = (bits << 8) | (i < three.size() ? static_cast<std::uint8_t>(three[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      encoded += i <= three.size() ? kDigits[(bits >> (18 - 6 * i)) & 0x3F] : '=';
  }
  return encoded;
}

// In both alphabets.
void add_encoded(std::string_view encoded, std::vector<std::string>& patterns) {
  if (encoded.size() < kShortestBase64) return;
  patterns.emplace_back(encoded);
  std::string for_addresses(encoded);
  std::replace(for_addresses.begin(), for_addresses.end(), '+', '-');
  std::replace(for_addresses.begin(), for_addresses.end(), '/', '_');
  if (for_addresses != encoded) patterns.push_back(std::move(for_addresses));
}

void add_wrapped(std::string_view encoded, std::size_t width, std::vector<std::string>& patterns) {
  if (encoded.size() <= width) return;
  for (std::size_t at = 0; at < encoded.size(); at += width)
    add_encoded(encoded.substr(at, width), patterns);
}

// Of a text in which the value stands, as of "user:password": what does not depend on its
// neighbours. `before` is the number of bytes before it, of which three are four digits.
void add_inner_base64(std::string_view value, std::size_t before,
                      std::vector<std::string>& patterns) {
  constexpr std::size_t kShortestInner = 8;  // parts of words could be shorter ones
  constexpr std::size_t kMixedDigits[] = {0, 2, 3};
  const std::string encoded = base64(std::string(before, ' ') + std::string(value));
  const std::size_t end = (before + value.size()) * 8 / 6;
  const std::size_t begin = kMixedDigits[before];
  if (end >= begin + kShortestInner)
    add_encoded(std::string_view(encoded).substr(begin, end - begin), patterns);
}

void add_base64(std::string_view text, std::vector<std::string>& patterns) {
  if (text.size() < kShortestMasked || text.size() > kLongestForBase64) return;
  const std::string_view bare = text.substr(0, text.find_last_not_of('\n') + 1);
  std::vector<std::string> values{std::string(bare), std::string(bare) + '\n'};  // of `echo`
  if (text.size() > bare.size() + 1) values.emplace_back(text);
  for (const std::string& value : values) {
    const std::string encoded = base64(value);
    add_encoded(encoded, patterns);
    if (encoded.ends_with('='))
      add_encoded(std::string_view(encoded).substr(0, encoded.find('=')), patterns);
    for (const std::size_t width : {64U, 76U})  // of openssl and PEM, of base64 and MIME
      add_wrapped(encoded, width, patterns);
  }
  for (const std::size_t before : {0U, 1U, 2U})
    add_inner_base64(bare, before, patterns);
}

void add_all(std::string_view text, std::vector<std::string>& patterns) {
  add_text(text, patterns);
  add_lines(text, patterns);
  add_base64(text, patterns);
}

}  // namespace

std::vector<std::string> patterns_of(std::string_view value) {
  std::vector<std::string> patterns;
  add_all(value, patterns);
  const auto content = base::parse_json(value);
  if (content && content->is_structured())
    visit_texts(*content, [&](const std::string& text) { add_all(text, patterns); });
  return patterns;
}

}  // namespace cfy::event
