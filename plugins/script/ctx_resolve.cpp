// Each kind of node decides what the next arguments mean; see the overloads of Walk.
#include "ctx_resolve.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "property_path.hpp"

namespace cfy::script {
namespace {

using nlohmann::json;

class Walk {
 public:
  explicit Walk(const json& args) : args_(args) {}

  json operator()(const CtxValue& here) {
    if (at_end()) return *here.value;
    const std::string word = take_word();
    const json* found = find_member(*here.value, word);
    if (found == nullptr) fail();
    return (*this)(CtxValue{found});
  }

  json operator()(const CtxMapping& here) {
    if (at_end()) return *here.value;
    const std::string path_text = take_word();
    const auto path = parse_path(path_text);
    if (!path) fail();
    if (at_end()) {
      const json* found = find_at(*here.value, *path);
      if (found == nullptr) fail();
      return *found;
    }
    const json value = args_[next_++];
    if (!at_end()) fail();
    if (here.writable == nullptr)
      throw AccessError(here.name + " cannot be changed: only runtime properties can");
    if (!set_at(*here.writable, *path, value)) fail();
    return nullptr;
  }

  json operator()(const CtxFunction& here) {
    CtxArguments arguments;
    while (!at_end())
      arguments.positional.push_back(args_[next_++]);
    if (!arguments.positional.empty() && arguments.positional.back().is_object()) {
      arguments.named = std::move(arguments.positional.back());
      arguments.positional.pop_back();
    }
    return here.call(arguments);
  }

  json operator()(const CtxObject& here) {
    if (at_end() && here.values != nullptr && here.values->is_object()) return *here.values;
    if (at_end()) fail();
    const std::string word = take_word();
    const auto found = here.members.find(with_underscores(word));
    if (found != here.members.end()) return std::visit(*this, found->second());
    if (here.forbidden.count(with_underscores(word)) > 0)
      throw AccessError("illegal path: " + here.forbidden.at(with_underscores(word)));
    const json* value = here.values == nullptr ? nullptr : find_member(*here.values, word);
    if (value == nullptr) fail();
    return (*this)(CtxValue{value});
  }

 private:
  bool at_end() const { return next_ >= args_.size(); }

  std::string take_word() {
    const json& word = args_[next_++];
    if (!word.is_string()) fail();
    return word.get<std::string>();
  }

  static std::string with_underscores(std::string word) {
    std::replace(word.begin(), word.end(), '-', '_');
    return word;
  }

  // A member as written, with underscores for its dashes, or at the end of a dotted path.
  static const json* find_member(const json& value, const std::string& word) {
    if (value.is_object()) {
      for (const std::string& key : {word, with_underscores(word)})
        if (const auto found = value.find(key); found != value.end()) return &*found;
    }
    const auto path = parse_path(word);
    return path ? find_at(value, *path) : nullptr;
  }

  [[noreturn]] void fail() const {
    std::string said;
    for (const json& arg : args_)
      said += " " + base::to_python_text(arg);
    throw std::runtime_error("illegal path: ctx" + said);
  }

  const json& args_;
  std::size_t next_ = 0;
};

json error_answer(const char* type, const std::string& message) {
  return {{"type", "error"},
          {"payload", {{"type", type}, {"message", message}, {"traceback", ""}}}};
}

// Whether the call says how the operation is to end.
bool is_verdict(const json& args) {
  if (args.empty() || !args[0].is_string()) return false;
  std::string word = args[0].get<std::string>();
  std::replace(word.begin(), word.end(), '_', '-');
  return word == "returns" || word == "retry-operation" || word == "abort-operation";
}

}  // namespace

json resolve(const CtxObject& root, const json& args) {
  return Walk(args)(root);
}

json answer(CtxHost& host, const std::string& body) {
  const auto message = base::parse_json(body);
  if (!message) return error_answer("ValueError", "the body " + message.error().message());
  const auto args = message->is_object() ? message->find("args") : message->end();
  if (!message->is_object() || args == message->end() || !args->is_array())
    return error_answer("ValueError", "the body must be {\"args\": [...]}");
  try {
    json payload = resolve(make_ctx_tree(host), *args);
    host.note_access_error({});  // a script may try what it may not have, and do without
    return {{"type", "result"}, {"payload", std::move(payload)}};
  } catch (const StopOperation& stop) {
    return {{"type", "stop_operation"}, {"payload", {{"message", stop.what()}}}};
  } catch (const AccessError& error) {
    host.note_access_error(error.what());
    return error_answer("NonRecoverableError", error.what());
  } catch (const std::exception& error) {
    if (is_verdict(*args)) host.verdict().misunderstand(error.what());
    return error_answer("RuntimeError", error.what());
  }
}

}  // namespace cfy::script
