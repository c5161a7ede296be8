// "%s:%d" % values.
#include "templates/characters.hpp"
#include "templates/formatting.hpp"
#include "templates/markup.hpp"

namespace cfy::templates {
namespace {

class PercentFormat {
 public:
  PercentFormat(const Value& format, const Value& values, Scope& scope)
      : format_(format.str()), is_safe_(format.is_safe()), values_(values), scope_(scope) {
    const List* list = values.as_list();
    is_tuple_ = list != nullptr && list->is_tuple();
    if (is_tuple_)
      items_ = list->items;
    else
      items_ = {values};
  }

  std::string run() {
    std::string out;
    while (at_ < format_.size()) {
      const std::size_t next = std::min(format_.find('%', at_), format_.size());
      out.append(format_, at_, next - at_);
      at_ = next + 1;
      if (next < format_.size()) out += take_field();
      scope_.check_size(out.size());
    }
    if (next_ < items_.size() && !may_be_left())
      throw TemplateError("not all values have a place in the format");
    return out;
  }

 private:
  // Python takes whatever has parts for values with names, which need not all be used.
  bool may_be_left() const { return !is_tuple_ && !values_.is_text() && !values_.is_scalar(); }

  char peek() const {
    if (at_ >= format_.size()) throw TemplateError("the format ends within a '%'");
    return format_[at_];
  }

  const Value& take_value() {
    if (next_ >= items_.size()) throw TemplateError("the format has more places than values");
    return items_[next_++];
  }

  std::string take_field() {
    std::optional<Value> value;
    if (peek() == '(') value = take_named();
    Layout layout = take_flags();
    layout.width = static_cast<std::size_t>(std::max(take_extent(layout), 0));
    if (peek() == '.') {
      ++at_;
      layout.precision = take_extent(layout);
    }
    while (peek() == 'l' || peek() == 'h' || peek() == 'L')
      ++at_;
    layout.type = format_[at_++];
    if (layout.type == '%') return "%";
    return lay_out(value ? *value : take_value(), layout);
  }

  Value take_named() {
    const std::size_t end = format_.find(')', at_);
    const Dict* dict = values_.as_dict();
    if (end == std::string::npos || dict == nullptr)
      throw TemplateError("'%(name)' in a format needs a ')' and a dict of values");
    const std::string name = format_.substr(at_ + 1, end - at_ - 1);
    const Value* found = dict->find(name);
    if (found == nullptr) throw TemplateError(fmt::format("the format wants '{}'", name));
    at_ = end + 1;
    return *found;
  }

  Layout take_flags() {
    Layout layout;
    for (;; ++at_) {
      if (peek() == '-')
        layout.align = '<';
      else if (peek() == '+' || (peek() == ' ' && layout.sign != '+'))
        layout.sign = peek();
      else if (peek() == '0')
        layout.fill = "0";
      else if (peek() == '#')
        layout.has_prefix = true;
      else if (peek() != ' ')
        break;
    }
    if (layout.align == '<') layout.fill = " ";
    return layout;
  }

  int take_extent(Layout& layout) {
    if (peek() != '*') return parse_extent(format_, at_);
    ++at_;
    const std::string digits = std::to_string(to_integer(take_value(), "a width"));
    if (digits[0] == '-') layout.align = '<';
    std::size_t at = digits[0] == '-' ? 1 : 0;
    return parse_extent(digits, at);
  }

  std::string lay_out(const Value& value, Layout layout) {
    switch (layout.type) {
      case 's':
      case 'r':
      case 'a': {
        std::string text = layout.type == 's' ? value.text() : value.shown();
        if (is_safe_)
          text = layout.type == 's' ? escaped(value, scope_) : escaped_text(text, scope_);
        return lay_out_as_text(text, layout);
      }
      case 'c':
        if (value.is_text() && count_characters(value.str()) == 1)
          return lay_out_as_text(value.str(), layout);
        break;
      case 'i':
      case 'u':
        layout.type = 'd';
        break;
      default:
        break;
    }
    if (std::string_view("cdoxXeEfFgG").find(layout.type) == std::string_view::npos)
      throw TemplateError(fmt::format("formats know no '%{}'", layout.type));
    if (!value.is_number())
      throw TemplateError(
          fmt::format("'%{}' needs a number, not {}", layout.type, value.defined().type()));
    if (layout.align == 0 && layout.fill == "0") layout.align = '=';
    if (layout.type == 'd' && value.is_float())
      return lay_out_number(whole_part(*to_number(value)), layout);
    return lay_out_number(value, layout);
  }

  static std::string lay_out_as_text(const std::string& text, Layout layout) {
    layout.fill = " ";
    if (layout.align == 0) layout.align = '>';
    return lay_out_text(text, layout);
  }

  static Value whole_part(double number) {
    if (std::abs(number) > 9.2e18) throw TemplateError("the number is too large");
    return static_cast<std::int64_t>(number);
  }

  const std::string& format_;
  bool is_safe_;
  const Value& values_;
  Scope& scope_;
  Items items_;
  bool is_tuple_ = false;
  std::size_t at_ = 0, next_ = 0;
};

}  // namespace

Value format_percent(const Value& format, const Value& values, Scope& scope) {
  std::string text = PercentFormat(format, values, scope).run();
  return format.is_safe() ? Value::safe(std::move(text)) : Value(std::move(text));
}

}  // namespace cfy::templates
