#include "event/secret_mask.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace cfy::event {
namespace {

using nlohmann::json;

// As it stands inside a JSON text: without the quotes around it.
std::string escaped(std::string_view text, bool ascii_only) {
  const std::string quoted = json(text).dump(-1, ' ', ascii_only, json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

// As it stands in an address. @param kept  what besides letters, digits and _.-~ stays as it is
std::string url_escaped(std::string_view text, std::string_view kept) {
  std::string shown;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("_.-~").find(c) != std::string_view::npos;
    if (is_plain || kept.find(c) != std::string_view::npos)
      shown += c;
    else
      shown += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return shown;
}

// As it stands in HTML and XML, with this for the two quotes.
std::string html_escaped(std::string_view text, const char* quote, const char* apostrophe) {
  std::string shown;
  for (const char c : text)
    switch (c) {
      case '&':
        shown += "&amp;";
        break;
      case '<':
        shown += "&lt;";
        break;
      case '>':
        shown += "&gt;";
        break;
      case '"':
        shown += quote;
        break;
      case '\'':
        shown += apostrophe;
        break;
      default:
        shown += c;
    }
  return shown;
}

// Numbers of so many digits are more than a port or a year.
constexpr std::size_t kShortestNumber = 6;

// What is worth hiding in a value that is JSON.
template <typename Visit>
void visit_texts(const json& value, const Visit& visit) {
  if (value.is_string()) visit(value.get_ref<const std::string&>());
  if (value.is_number())
    if (const std::string digits = value.dump(); digits.size() >= kShortestNumber) visit(digits);
  if (value.is_structured())
    for (const json& part : value)
      visit_texts(part, visit);
}

}  // namespace

bool SecretMask::Patterns::add(std::string_view text) {
  if (text.size() < kShortestMasked) return false;
  auto& row = by_first_byte[static_cast<unsigned char>(text.front())];
  if (std::find(row.begin(), row.end(), text) != row.end()) return false;
  const auto place = std::find_if(row.begin(), row.end(),
                                  [&](const std::string& one) { return one.size() < text.size(); });
  row.emplace(place, text);
  is_empty = false;
  return true;
}

bool SecretMask::Patterns::add_forms(std::string_view text) {
  bool is_new = add(text);
  if (text.size() < kShortestMasked) return is_new;
  for (const bool ascii_only : {false, true})
    is_new = add(escaped(text, ascii_only)) || is_new;
  for (const char quote : {'\'', '"'})
    is_new = add(base::python_escaped(text, quote)) || is_new;
  for (const char* kept : {"", "/"})
    is_new = add(url_escaped(text, kept)) || is_new;
  is_new = add(html_escaped(text, "&#34;", "&#39;")) || is_new;    // of a template
  is_new = add(html_escaped(text, "&quot;", "&#x27;")) || is_new;  // of Python
  return add(base::shell_escaped(text)) || is_new;                 // set -x
}

bool SecretMask::Patterns::add_lines(std::string_view text) {
  bool is_new = false;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    // How a line is indented, or what a terminal cut off at its end, is nobody's secret.
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
      line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    is_new = add_forms(line) || is_new;
  }
  return is_new;
}

// The length of the longest value that begins at `at`; 0: none.
std::size_t SecretMask::Patterns::match(std::string_view text, std::size_t at) const {
  for (const std::string& one : by_first_byte[static_cast<unsigned char>(text[at])])
    if (text.compare(at, one.size(), one) == 0) return one.size();
  return 0;
}

// Whether a value begins with `rest` and is longer.
bool SecretMask::Patterns::may_begin(std::string_view rest) const {
  for (const std::string& one : by_first_byte[static_cast<unsigned char>(rest.front())])
    if (one.size() > rest.size() && one.compare(0, rest.size(), rest) == 0) return true;
  return false;
}

// Where the end of `text` begins that may belong to a value with what follows the text: its size
// when there is none. A value that is whole is passed over as hide() does, but for a longer one.
std::size_t SecretMask::Patterns::find_open_end(std::string_view text) const {
  std::size_t at = 0;
  while (at < text.size() && !may_begin(text.substr(at)))
    at += std::max<std::size_t>(match(text, at), 1);
  return std::min(at, text.size());
}

bool SecretMask::Patterns::hide(std::string& text) const {
  std::string masked;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = match(text, at);
    if (length == 0) {
      ++at;
      continue;
    }
    masked.append(text, copied, at - copied).append(kMasked);
    copied = at += length;
  }
  if (copied == 0) return false;
  masked.append(text, copied);
  text = std::move(masked);
  return true;
}

bool SecretMask::Patterns::hide(json& value) const {
  if (value.is_string()) return hide(value.get_ref<std::string&>());
  if (value.is_number()) {
    const std::string digits = value.dump();
    const bool is_secret = match(digits, 0) == digits.size();
    if (is_secret) value = kMasked;
    return is_secret;
  }
  bool is_changed = false;
  if (value.is_object()) {
    std::vector<std::pair<std::string, std::string>> renamed;
    for (const auto& [key, member] : value.items()) {
      std::string masked = key;
      if (hide(masked)) renamed.emplace_back(key, std::move(masked));
    }
    for (auto& [key, masked] : renamed) {
      json member = std::move(value[key]);
      value.erase(key);
      value[masked] = std::move(member);
    }
    is_changed = !renamed.empty();
  }
  if (value.is_structured())
    for (json& part : value)
      is_changed = hide(part) || is_changed;
  return is_changed;
}

void SecretMask::add(std::string_view value) {
  const std::lock_guard lock(mutex_);
  auto grown = std::make_shared<Patterns>(*patterns_);
  bool is_new = grown->add_forms(value);
  is_new = grown->add_lines(value) || is_new;
  const auto content = base::parse_json(value);
  if (content && content->is_structured())
    visit_texts(*content, [&](const std::string& text) {
      is_new = grown->add_forms(text) || is_new;
      is_new = grown->add_lines(text) || is_new;
    });
  if (is_new) patterns_ = std::move(grown);
}

std::shared_ptr<const SecretMask::Patterns> SecretMask::patterns() const {
  const std::lock_guard lock(mutex_);
  return patterns_;
}

std::string SecretMask::text(std::string_view text) const {
  std::string masked(text);
  if (const auto known = patterns(); !known->is_empty) known->hide(masked);
  return masked;
}

SecretMask::Beginning SecretMask::beginning(std::string_view text) const {
  const auto known = patterns();
  const std::size_t end = known->find_open_end(text);
  Beginning beginning{std::string(text.substr(0, end)), std::string(text.substr(end))};
  known->hide(beginning.shown);
  return beginning;
}

bool SecretMask::apply(json& value) const {
  const auto known = patterns();
  return !known->is_empty && known->hide(value);
}

void SecretMask::apply(Event& event) const {
  const auto known = patterns();
  if (known->is_empty) return;
  known->hide(event.text);
  known->hide(event.context.task_error_causes);
  known->hide(event.context.additional);
}

}  // namespace cfy::event
