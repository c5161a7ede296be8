// "{}:{name!r:>8}".format(values).
#include <charconv>

#include "templates/characters.hpp"
#include "templates/formatting.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

class BraceFormat {
 public:
  BraceFormat(const std::string& format, const Arguments& arguments, Scope& scope)
      : format_(format), arguments_(arguments), scope_(scope) {}

  std::string run() {
    std::string out;
    while (at_ < format_.size()) {
      const std::size_t next = std::min(format_.find_first_of("{}", at_), format_.size());
      out.append(format_, at_, next - at_);
      at_ = next + 1;
      if (next < format_.size()) out += take_brace(format_[next]);
      scope_.check_size(out.size());
    }
    return out;
  }

 private:
  std::string take_brace(char brace) {
    if (at_ < format_.size() && format_[at_] == brace) {
      ++at_;
      return std::string(1, brace);
    }
    const std::size_t end = brace == '{' ? format_.find('}', at_) : std::string::npos;
    if (end == std::string::npos)
      throw TemplateError(fmt::format("a single '{}' in the format", brace));
    const std::string field = format_.substr(at_, end - at_);
    if (field.find('{') != std::string::npos)
      throw TemplateError("fields within the fields of a format are not supported");
    at_ = end + 1;
    return lay_out_field(field);
  }

  std::string lay_out_field(const std::string& field) {
    const std::size_t name_end = std::min(field.find_first_of("!:"), field.size());
    Value value = find_field(field.substr(0, name_end));
    std::string_view rest = std::string_view(field).substr(name_end);
    if (rest.starts_with('!')) {
      if (!rest.starts_with("!s") && !rest.starts_with("!r"))
        throw TemplateError("formats know the conversions !s and !r only");
      value = rest[1] == 's' ? value.text() : value.shown();
      rest.remove_prefix(2);
    }
    if (rest.empty()) return value.text();
    if (rest[0] != ':') throw TemplateError("the format expects ':' after a conversion");
    return lay_out(value, rest.substr(1));
  }

  // "", "0", "name", each with ".attribute" and "[key]" behind.
  Value find_field(const std::string& path) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    Value value = find_argument(path.substr(0, end));
    for (std::size_t at = end; at < path.size();) {
      const bool is_key = path[at] == '[';
      const std::size_t stop =
          is_key ? path.find(']', at) : std::min(path.find_first_of(".[", at + 1), path.size());
      if (stop == std::string::npos || stop == at + 1 || (!is_key && path[at] != '.'))
        throw TemplateError("a field of the format makes no sense");
      const std::string name = path.substr(at + 1, stop - at - 1);
      const auto place = is_key ? parse_place(name) : std::nullopt;
      value = find_part(value, place ? Value(*place) : Value(name));
      value.defined();
      at = stop + (is_key ? 1 : 0);
    }
    return value;
  }

  Value find_argument(const std::string& name) {
    const auto place = name.empty() ? std::optional<std::size_t>(next_++) : parse_place(name);
    if (place) {
      if (*place < arguments_.positional.size()) return arguments_.positional[*place];
      throw TemplateError("the format has more places than values");
    }
    for (const auto& [known, value] : arguments_.named)
      if (known == name) return value;
    throw TemplateError(fmt::format("the format wants '{}'", name));
  }

  static std::optional<std::size_t> parse_place(const std::string& text) {
    std::size_t place = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, place);
    return !text.empty() && error == std::errc() && stop == end ? std::optional(place)
                                                                : std::nullopt;
  }

  // [[fill]align][sign][#][0][width][,][.precision][type]
  static Layout parse_layout(std::string_view spec) {
    Layout layout;
    const std::size_t fill = spec.empty() ? 0 : characters(std::string(spec))[0].size();
    constexpr std::string_view kAligns = "<>^=";
    std::size_t at = 0;
    const bool has_fill = fill < spec.size() && kAligns.find(spec[fill]) != std::string_view::npos;
    if (has_fill) {
      layout.fill = spec.substr(0, fill);
      layout.align = spec[fill];
      at = fill + 1;
    } else if (!spec.empty() && kAligns.find(spec[0]) != std::string_view::npos) {
      layout.align = spec[at++];
    }
    const auto take = [&](std::string_view wanted) {
      return at < spec.size() && wanted.find(spec[at]) != std::string_view::npos ? spec[at++]
                                                                                 : '\0';
    };
    if (const char sign = take("+- "); sign != 0) layout.sign = sign;
    layout.has_prefix = take("#") != 0;
    if (take("0") != 0) {
      if (!has_fill) layout.fill = "0";
      if (layout.align == 0) layout.align = '=';
    }
    layout.width = static_cast<std::size_t>(parse_extent(spec, at));
    layout.has_commas = take(",") != 0;
    if (take(".") != 0) layout.precision = parse_extent(spec, at);
    if (at < spec.size()) layout.type = spec[at++];
    if (at != spec.size()) throw TemplateError(fmt::format("the format '{}' makes no sense", spec));
    return layout;
  }

  static std::string lay_out(const Value& value, std::string_view spec) {
    Layout layout = parse_layout(spec);
    if (spec.empty()) return value.text();
    if (value.is_number()) return lay_out_number(value, layout);
    if (!value.is_text())
      throw TemplateError(fmt::format("{} takes no format", value.defined().type()));
    if ((layout.type != 0 && layout.type != 's') || layout.align == '=')
      throw TemplateError(fmt::format("a text cannot be formatted as '{}'", spec));
    return lay_out_text(value.text(), layout);
  }

  const std::string& format_;
  const Arguments& arguments_;
  Scope& scope_;
  std::size_t at_ = 0, next_ = 0;
};

}  // namespace

std::string format_braces(const std::string& format, const Arguments& arguments, Scope& scope) {
  return BraceFormat(format, arguments, scope).run();
}

}  // namespace cfy::templates
